"""Residual: the spread of what the physics leaves out, by what is new about a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from headworks.throughput.constants import Measured
from headworks.throughput.split import OTHER, family_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
"""For each figure of an answer what constants call it, and the sign of its luck: a figure and its
inverse share theirs."""
COUNTED = {
    "ttft_ms": "ttft",
    "tpot_ms": "tpot",
    "output_tokens_per_s_per_user": "tpot",
    "output_tokens_per_s_per_chip": "output_rate",
    "input_tokens_per_s_per_chip": "input_rate",
    "training_tokens_per_s_per_chip": "training",
    "mfu": "training",
}
"""For each figure what runs are counted as in which it was measured: figures that are one and the
same up to a known factor count together, and once."""
MEASURED_FROM = 8
"""Runs from which a chip, or a family of models, counts as measured."""

New = Literal["chip", "family"]
"""What a question may be about that nobody has measured: a chip, a family of models."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a figure of an answer rests on: measured runs that the constants are fitted to."""

    stem: str
    """The figure and the kind of model as constants call them, such as `tpot_dense`."""
    chip_runs: int
    """Runs in which the figure was measured for models of that kind on the chip."""
    family: str | None
    """Family of the model; None where it is in none."""
    family_runs: int
    """Runs in which it was measured for that family, on any chip."""

    @property
    def new(self) -> tuple[New, ...]:
        """What too few have measured; nothing where chip and family are measured."""
        chip: tuple[New, ...] = ("chip",) if self.chip_runs < MEASURED_FROM else ()
        return (*chip, "family") if self.family_runs < MEASURED_FROM else chip

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "chip_runs": self.chip_runs,
            "family": self.family,
            "family_runs": self.family_runs,
            "new": list(self.new),
        }


def kind(card: ModelCard) -> str:
    """Return the kind of a model as constants call it: `dense` or `experts`."""
    return "dense" if card.experts is None else "experts"


def counted(figure: str, phase: str, card: ModelCard) -> str:
    """Return what runs are counted as in which a figure was measured for models of a card's kind.

    In serving, as many tokens are read for each that is written as the load has, so that the rate
    of reading is that of writing.
    """
    served = phase == "serving" and figure == "input_tokens_per_s_per_chip"
    return f"{'output_rate' if served else COUNTED[figure]}_{kind(card)}"


def bases(
    figures: Iterable[str],
    phase: str,
    chip_id: str,
    card: ModelCard,
    measured: Mapping[str, Measured],
) -> dict[str, Basis]:
    """Return what each figure of an answer rests on.

    Args:
        figures: Figures of the answer by name, unit last.
        phase: The phase that is asked about.
        chip_id: Id of the chip that is asked about.
        card: The model that is asked about.
        measured: Runs that the constants are fitted to, by figure as `counted` calls it.
    """
    family = family_of(card)
    found = {}
    for figure in figures:
        runs = measured.get(counted(figure, phase, card), Measured())
        found[figure] = Basis(
            f"{RESIDUALS[figure][0]}_{kind(card)}",
            runs.chips.get(chip_id, 0),
            None if family == OTHER else family,
            runs.families.get(family, 0),
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
