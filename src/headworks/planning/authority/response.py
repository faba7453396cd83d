"""Response curves: what each applicant's award becomes, measured around one split of the round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.authority.outcome import Outcome

if TYPE_CHECKING:
    from headworks.planning.authority.case import Case
    from headworks.planning.authority.outcome import Run
    from headworks.planning.problem import Floats

FINE, COARSE = (0.0, 0.25, 0.5, 0.75, 1.0), (0.0, 0.5, 1.0)
"""Shares of its largest award at which each applicant's response is measured: of few and of many
applicants. The award around which the curves are measured is one more."""
FEW = 6
"""Applicants up to whose number the levels are fine."""
ALIKE = 1e-3
"""Shares of the round nearer than this are one level."""


@dataclass(frozen=True)
class Response:
    """Curves around a split: one applicant's award moves, those of the others stay.

    What several awards become together is the outcome at the split plus the sum of what each moves
    it by. That is exact at the split, and where applicants do not contend for anything further on.
    """

    around: Floats
    """The split, shares of the round, shape (applicant,)."""
    at: Outcome
    """What it becomes."""
    levels: tuple[Floats, ...]
    """By applicant, the shares at which it was measured, ascending."""
    moves: tuple[tuple[Outcome, ...], ...]
    """By applicant and level, what the award moves the outcome at the split by."""

    def predict(self, shares: Floats) -> Outcome:
        """Return what some awards become by the curves, straight between levels.

        Args:
            shares: Shares of the round, shape (applicant,).
        """
        everyone, applicants = self.at.everyone.copy(), self.at.applicants.copy()
        for share, levels, moves in zip(shares, self.levels, self.moves, strict=True):
            for weight, move in zip(weights(float(share), levels), moves, strict=True):
                if weight:
                    everyone += weight * move.everyone
                    applicants += weight * move.applicants
        return Outcome(everyone, applicants)


def weights(share: float, levels: Floats) -> Floats:
    """Return how a share lies between levels: weights that sum to 1, at most two of them not 0."""
    found = np.zeros(len(levels))
    if len(levels) == 1:
        return np.ones(1)
    above = int(np.clip(np.searchsorted(levels, share), 1, len(levels) - 1))
    low, high = levels[above - 1], levels[above]
    part = float(np.clip((share - low) / (high - low), 0.0, 1.0))
    found[above - 1], found[above] = 1.0 - part, part
    return found


def measured(case: Case, around: Floats, run: Run) -> Response:
    """Return the curves around a split.

    Args:
        case: The round.
        around: The split, shares of the round, shape (applicant,).
        run: Gives what splits become in the flow.
    """
    parts = _parts(case)
    levels = [
        _levels(float(most), float(own), parts) for most, own in zip(case.most, around, strict=True)
    ]
    asked: list[tuple[int, int]] = []
    splits = [around]
    for applicant, own in enumerate(levels):
        for number, level in enumerate(own):
            if abs(level - around[applicant]) > 0:
                split = around.copy()
                split[applicant] = level
                splits.append(split)
                asked.append((applicant, number))
    at, *moved = run(splits)
    nothing = Outcome(np.zeros_like(at.everyone), np.zeros_like(at.applicants))
    moves = [[nothing] * len(own) for own in levels]
    for (applicant, number), one in zip(asked, moved, strict=True):
        moves[applicant][number] = Outcome(
            one.everyone - at.everyone, one.applicants - at.applicants
        )
    return Response(around, at, tuple(levels), tuple(map(tuple, moves)))


def runs(case: Case) -> int:
    """Return how many times about each path is run to measure curves once."""
    return 1 + len(_parts(case)) * len(case.applicants)


def _parts(case: Case) -> tuple[float, ...]:
    return FINE if len(case.applicants) <= FEW else COARSE


def _levels(most: float, own: float, parts: tuple[float, ...]) -> Floats:
    """Return the levels of an applicant, its own award exactly among them."""
    others = [most * part for part in parts if abs(most * part - own) > ALIKE * max(most, ALIKE)]
    return np.array(sorted({*others, own}))
