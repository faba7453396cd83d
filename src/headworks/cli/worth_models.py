"""The models that `headworks worth` knows, and the card of one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from headworks.cli.messages import as_text

if TYPE_CHECKING:
    from headworks.throughput.model_card import ModelCard


def show_card(model: str | Path, context_tokens: float | None, *, as_json: bool) -> None:
    """Print what follows from a model alone; a context that is not stated is the usual one."""
    from headworks.throughput.facts import CONTEXT_TOKENS, model_facts

    context = CONTEXT_TOKENS if context_tokens is None else context_tokens
    facts = model_facts(model, context_tokens=context)
    typer.echo(as_text(facts.to_json()) if as_json else str(facts))


def show_models(part: str | None, *, as_json: bool) -> None:
    """Print every model, or those that `part` is part of a name of, with their parameters.

    Where it is part of none, it is the publisher's name of a model, or the path of one.
    """
    rows = [_row(model_id, card) for model_id, card in _listed(part).items()]
    if as_json:
        typer.echo(as_text([{key: row[key] for key in row if key != "shown"} for row in rows]))
        return
    from headworks.throughput.text import table

    lines = table(
        ["model", "name", "attention", "weights", "parameters, 10^9", "active"],
        [
            [
                row["model"],
                row["name"],
                row["shown"],
                row["weights"],
                f"{row['parameters'] / 1e9:,.1f}",
                f"{row['active_parameters'] / 1e9:,.1f}",
            ]
            for row in rows
        ],
        left=4,
    )
    typer.echo("\n".join(lines))


def _listed(part: str | None) -> dict[str, ModelCard]:
    """Return the models that are listed by id, or by name where one comes from a file.

    Raises:
        InputError: There is no such model, or its file cannot be read.
    """
    from headworks.scenario.aliases import plain
    from headworks.throughput.arguments import model_id
    from headworks.throughput.cards import model, models

    if part is None:
        return models()
    found = {
        one: card
        for one, card in models().items()
        if any(plain(part) in plain(name) for name in (one, card.name, *card.aliases))
    }
    if not found or not plain(part):
        card = model(part)  # meets what is none with the near names
        found = {model_id(card): card}
    return found


def _row(model_id: str, card: ModelCard) -> dict[str, Any]:
    from headworks.throughput.counts import active_parameters, parameters
    from headworks.throughput.shown_facts import attention_text

    return {
        "model": model_id,
        "name": card.name,
        "aliases": card.aliases,
        "parameters": parameters(card),
        "active_parameters": active_parameters(card),
        "attention": card.attention.kind,
        "window": card.attention.window,
        "windowed_layers": card.attention.windowed_layers,
        "weights": card.weights,
        "shown": attention_text(card),
    }
