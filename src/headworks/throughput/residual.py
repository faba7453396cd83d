"""Residual: the spread of what the physics leaves out, by what is new about a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from headworks.throughput.split import family_of

if TYPE_CHECKING:
    from headworks.throughput.constants import Constants, Measured
    from headworks.throughput.draws import Draws
    from headworks.throughput.model_card import ModelCard

New = Literal["chip", "family"]
"""What a question may be about that nobody has measured: a chip, a family of models."""


def new_about(chip_id: str, card: ModelCard, measured: Measured) -> tuple[New, ...]:
    """Return what is new about a model on a chip; nothing where both are measured."""
    chip: tuple[New, ...] = () if chip_id in measured.chips else ("chip",)
    return chip if family_of(card) in measured.families else (*chip, "family")


def names(figure: str, kind: str, new: tuple[New, ...]) -> list[str]:
    """Return the constants of which the widest spreads a figure.

    Args:
        figure: The figure as constants call it, such as `ttft`.
        kind: `dense` or `experts`.
        new: What is new about the question.
    """
    start = f"{figure}_{kind}"
    return [f"{start}_residual_log", *(f"{start}_new_{what}_residual_log" for what in new)]


def residual(constants: Constants, figure: str, card: ModelCard, new: tuple[New, ...]) -> Draws:
    """Return the spread of a figure's logarithm, shape `(draw,)`: the more is new, the wider."""
    kind = "dense" if card.experts is None else "experts"
    found: Draws = np.maximum.reduce([constants[name] for name in names(figure, kind, new)])
    return found
