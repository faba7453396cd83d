"""The models that `headworks worth` knows, with what they weigh."""

from __future__ import annotations

import typer

from headworks.cli.messages import as_text


def show_models(part: str | None, *, as_json: bool) -> None:
    """Print every model, or those that `part` is part of a name of, with their parameters."""
    from headworks.scenario.aliases import plain
    from headworks.throughput.cards import model, models
    from headworks.throughput.counts import active_parameters, parameters

    rows = [
        {
            "model": model_id,
            "name": card.name,
            "aliases": card.aliases,
            "parameters": parameters(card),
            "active_parameters": active_parameters(card),
            "attention": card.attention.kind,
            "weights": card.weights,
        }
        for model_id, card in models().items()
        if part is None
        or any(plain(part) in plain(name) for name in (model_id, card.name, *card.aliases))
    ]
    if not rows:
        model(part or "")  # meets it with the near names
    if as_json:
        typer.echo(as_text(rows))
        return
    from headworks.throughput.text import table

    lines = table(
        ["model", "name", "attention", "weights", "parameters, 10^9", "active"],
        [
            [
                str(row["model"]),
                str(row["name"]),
                str(row["attention"]),
                str(row["weights"]),
                f"{float(str(row['parameters'])) / 1e9:,.1f}",
                f"{float(str(row['active_parameters'])) / 1e9:,.1f}",
            ]
            for row in rows
        ],
        left=4,
    )
    typer.echo("\n".join(lines))
