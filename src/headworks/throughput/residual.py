"""Residual: the spread of what the physics leaves out, by what is new about a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from headworks.throughput.constants import Measured
from headworks.throughput.split import OTHER, family_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headworks.throughput.constants import Constants
    from headworks.throughput.draws import Draws
    from headworks.throughput.model_card import ModelCard

RESIDUALS = {
    "ttft_ms": ("ttft", 1.0),
    "tpot_ms": ("tpot", 1.0),
    "output_tokens_per_s_per_user": ("tpot", -1.0),
    "output_tokens_per_s_per_chip": ("rate", 1.0),
    "input_tokens_per_s_per_chip": ("rate", 1.0),
    "training_tokens_per_s_per_chip": ("training", 1.0),
    "mfu": ("training", 1.0),
}
"""For each figure of an answer what constants and counts of cases call it, and the sign of its
luck: a figure and its inverse share theirs."""
FEW = 8
"""A chip, or a family of models, with fewer measured cases of a figure than this is new to it."""

New = Literal["chip", "family"]
"""What a question may be about that nobody has measured: a chip, a family of models."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a figure of an answer rests on: cases that the constants are fitted to."""

    stem: str
    """The figure and the kind of model as constants call them, such as `tpot_dense`."""
    chip_cases: int
    """Cases of that figure, for models of that kind, on the chip."""
    family: str | None
    """Family of the model; None where it is in none."""
    family_cases: int
    """Cases of that figure of the family, on all chips."""

    @property
    def new(self) -> tuple[New, ...]:
        """What nobody has measured enough of; nothing where chip and family are measured."""
        chip: tuple[New, ...] = ("chip",) if self.chip_cases < FEW else ()
        return (*chip, "family") if self.family_cases < FEW else chip

    def __str__(self) -> str:
        """Return the counts as a phrase."""
        cases = f"{self.chip_cases} measured case{'' if self.chip_cases == 1 else 's'} on it"
        return cases if self.family is None else f"{cases} and {self.family_cases} of {self.family}"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "chip_cases": self.chip_cases,
            "family": self.family,
            "family_cases": self.family_cases,
            "new": list(self.new),
        }


def stem(figure: str, card: ModelCard) -> str:
    """Return what constants call a figure of an answer for models of a card's kind."""
    return f"{RESIDUALS[figure][0]}_{'dense' if card.experts is None else 'experts'}"


def bases(
    figures: Mapping[str, Draws], chip_id: str, card: ModelCard, measured: Mapping[str, Measured]
) -> dict[str, Basis]:
    """Return what each figure of an answer rests on.

    Args:
        figures: Figures of the answer by name, unit last.
        chip_id: Id of the chip that is asked about.
        card: The model that is asked about.
        measured: Cases that the constants are fitted to, by figure as `stem` calls it.
    """
    family = family_of(card)
    found = {}
    for figure in figures:
        name = stem(figure, card)
        cases = measured.get(name, Measured())
        found[figure] = Basis(
            name,
            cases.chips.get(chip_id, 0),
            None if family == OTHER else family,
            cases.families.get(family, 0),
        )
    return found


def names(stem: str, new: tuple[New, ...]) -> list[str]:
    """Return the constants of which the widest spreads a figure.

    Args:
        stem: The figure and the kind of model, such as `tpot_dense`.
        new: What is new about the question.
    """
    return [f"{stem}_residual_log", *(f"{stem}_new_{what}_residual_log" for what in new)]


def residual(constants: Constants, basis: Basis) -> Draws:
    """Return the spread of a figure's logarithm, shape `(draw,)`: the more is new, the wider."""
    spreads = [constants[name] for name in names(basis.stem, basis.new)]
    found: Draws = np.maximum.reduce(spreads)
    return found
