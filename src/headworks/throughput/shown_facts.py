"""Shown: the facts of a model as people read them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from headworks.throughput.counts import active_parameters, parameters
from headworks.throughput.text import WIDTH, number, wrapped

if TYPE_CHECKING:
    from headworks.throughput.facts import ModelFacts
    from headworks.throughput.model_card import ModelCard

BILLION = 1e9


def facts_lines(facts: ModelFacts) -> list[str]:
    """Return the facts of a model: its parameters, and a line for each of the others."""
    card = facts.card
    head = f"{card.name}: {number(parameters(card) / BILLION)} billion parameters"
    if card.experts is not None:
        head += f", {number(active_parameters(card) / BILLION)} billion of them for a token"
    rows = {
        "attention": f"{attention_text(card)}; {_heads(card)}",
        "layers": f"{card.layers}, of {card.hidden:,} numbers; {card.vocab:,} words",
        **_experts(facts),
        "cache, bytes a token": _listed(
            {f"in {bits} bits": f"{size:,.0f}" for bits, size in facts.kv_bytes_per_token.items()}
        ),
        "FLOP a token": _listed(
            {
                phase: f"{number(flops / BILLION)} billion"
                for phase, flops in facts.flops_per_token.items()
            }
        )
        + f", at a context of {facts.context_tokens:,.0f} tokens",
        "weights": _weights(facts),
        "source": card.source or card.formula or "the card that was given",
    }
    width = max(map(len, rows)) + 3
    lines = wrapped(f"{head}.")
    for title, text in rows.items():
        lines += textwrap.wrap(
            text,
            WIDTH,
            initial_indent=f" {title}".ljust(width),
            subsequent_indent=" " * width,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return lines + [
        line for said in facts.remarks() for line in wrapped(f"note: {said}", indent="  ")
    ]


def attention_text(card: ModelCard) -> str:
    """Return the kind of attention with its windows: `gqa, 18 of 36 layers within 128`."""
    attention = card.attention
    if attention.window is None:
        return attention.kind
    many = f"{attention.windowed_layers} of {card.layers}"
    if attention.windowed_layers == card.layers:
        many = f"all {card.layers}"
    return f"{attention.kind}, {many} layers within {attention.window:,}"


def _heads(card: ModelCard) -> str:
    attention = card.attention
    if attention.kind == "mla":
        cached = (attention.kv_rank or 0) + (attention.rope_dim or 0)
        return f"{attention.heads} heads, which share {cached} cached numbers"
    return (
        f"{attention.heads} heads of queries, {attention.kv_heads} of keys and values, of "
        f"{attention.head_dim} numbers"
    )


def _experts(facts: ModelFacts) -> dict[str, str]:
    held = facts.card.experts
    if held is None:
        return {}
    shared = f", and {held.shared} that all share" if held.shared else ""
    touched = {f"by {tokens}": number(many) for tokens, many in facts.experts_touched.items()}
    return {
        "experts": f"{held.active} of {held.routed} for a token{shared}, in "
        f"{facts.card.expert_layers} of {facts.card.layers} layers",
        "experts touched": f"{_listed(touched)} tokens, in a layer, as expected",
    }


def _weights(facts: ModelFacts) -> str:
    card = facts.card
    what = " (of the experts)" if card.quantised == "experts" else ""
    why = "as the model's name says" if facts.named.precision else "as published"
    return f"{facts.weights}{what}, {why}: {number(facts.weights_gb)} GB"


def _listed(parts: dict[str, str]) -> str:
    return ", ".join(f"{value} {name}" for name, value in parts.items())
