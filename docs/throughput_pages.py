"""Pages of the reference on throughput: the constants and the models, from the data."""  # noqa: INP001

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headworks.scenario.catalogue import catalogue
from headworks.throughput.cards import models
from headworks.throughput.constants import meanings, packaged
from headworks.throughput.counts import active_parameters, kv_bytes_per_token, parameters
from headworks.throughput.residual import MEASURED_FROM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headworks.throughput.constants import Constant

KV_BITS = 16


def constants(note: str) -> str:
    """Return the page of the constants of throughput."""
    head = (
        "# Constants of throughput\n\n"
        f"{note}\n"
        "What `headworks worth` knows besides data sheets and the shapes of models. A constant\n"
        "has a value in each scope for which one is known; the narrowest that fits a question is\n"
        "taken: the chip, its family, the serving software, and `any` last. Grades: A measured\n"
        "and repeatable, B fitted or from one paper, C carried over from another family, D a\n"
        "guess with a wide range. *Fitted* ones are moved by `python -m bench.calibrate` from\n"
        "the prior that is given ([how far off](../background/worth-accuracy.md)).\n\n"
        "The fit rests on these measured runs. A chip, or a family of models, with fewer than "
        f"{MEASURED_FROM} of a\nfigure is taken as one that nobody has measured.\n\n"
    )
    parts = [head, "| Figure | On chips | Of families |\n|---|---|---|\n"]
    parts += [
        f"| `{figure}` | {_listed(runs.chips)} | {_listed(runs.families)} |\n"
        for figure, runs in packaged().measured.items()
    ]
    for name, meaning in meanings().items():
        parts.append(f"\n## {name}\n\n{meaning.says} Unit: {meaning.unit.replace('_', ' ')}.\n\n")
        parts.append("| Scope | p5 | med | p95 | Grade | Rests on |\n|---|---|---|---|---|---|\n")
        parts.extend(_row(scope, one) for scope, one in meaning.scopes.items())
    return "".join(parts)


def _listed(counts: Mapping[str, int]) -> str:
    most_first = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"`{name}` {count}" for name, count in most_first)


def _row(scope: str, one: Constant) -> str:
    basis = one.method or one.reason or one.formula or ""
    if one.fitted and one.prior:
        low, middle, high = one.prior
        basis = f"fitted from {low:g} / {middle:g} / {high:g}; {basis}"
    if one.source:
        basis += f" ([{one.source}](sources.md#{one.source}))"
    if one.is_certain:
        return f"| `{scope}` | | {one.median:g} | | {one.grade} | {_cell(basis)} |\n"
    return (
        f"| `{scope}` | {one.p5:g} | {one.median:.4g} | {one.p95:g} | {one.grade} "
        f"| {_cell(basis)} |\n"
    )


def model_cards(note: str) -> str:
    """Return the page of the models."""
    head = (
        "# Models\n\n"
        f"{note}\n"
        "The models that `headworks worth` knows by name. Any other is read from its Hugging Face\n"
        "`config.json`. Parameters are counted from the shape, embeddings of input and output\n"
        "included; the cache is in 16 bits, for a token that all layers keep.\n\n"
        "| Id | Attention | Layers | Parameters, 10⁹ | Active, 10⁹ | Experts | Cache, kB a token "
        "| Published in | Source |\n|---|---|---|---|---|---|---|---|---|\n"
    )
    rows = []
    for name, card in models().items():
        a, e = card.attention, card.experts
        window = f", {a.windowed_layers} of {a.window} tokens" if a.window else ""
        spread = f"{e.active} of {e.routed}" if e else "–"
        rows.append(
            f"| `{name}` | {a.kind} {a.heads}/{a.kv_heads}{window} | {card.layers} "
            f"| {parameters(card) / 1e9:.1f} | {active_parameters(card) / 1e9:.1f} | {spread} "
            f"| {kv_bytes_per_token(card, KV_BITS) / 1e3:.1f} | {card.weights} "
            f"| {_source(card.source)} |\n"
        )
    return head + "".join(rows)


def _source(name: str | None) -> str:
    if name is None:
        return ""
    return f"[{_cell(catalogue().sources[name].producer)}](sources.md#{name})"


def _cell(text: str) -> str:
    """Return text as it may stand in a cell of a table."""
    return re.sub(r"\s+", " ", text).strip().replace("|", "\\|")
