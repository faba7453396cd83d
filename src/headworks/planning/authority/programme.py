"""The programme of a round: shares of it that give most compute under a target and floors.

    weight[i, k]   how much of applicant i's award lies at level k of its curve, from 0 to 1
    piece[i, s]    1 where its award lies on piece s of the curve, between levels s and s + 1

    most      Σ weight[i, k] × compute[i, k] − near × Σ apart[i]
    so that   Σ_k weight[i, k] = 1 and Σ_s piece[i, s] = 1                  for each applicant
              weight[i, k] ≤ piece[i, k − 1] + piece[i, k]                  neighbours alone
              Σ weight[i, k] × level[i, k] ≤ total                          the round
              Σ_k weight[i, k] × level[i, k] ≥ floor[i]                     for each applicant
              apart[i] ≥ ± (Σ_k weight[i, k] × level[i, k] − rule[i])       for each applicant
              (1 − target) × domestic ≥ target × imported                   for each book

where domestic and imported of a book are its means at the split plus the moves, weighted alike.
Splits that give nearly the same compute are many; `near` takes the one nearest to a rule's awards.
Imports only cost where a target binds, and a cost that is concave in the award asks for whole
numbers: without `piece` the programme would choose a mix of no award and a large one, which imports
less than the award it stands for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from headworks.planning.authority.response import Response
    from headworks.planning.problem import Floats

Row: TypeAlias = "tuple[Floats, float, float]"
"""Coefficients, and the bounds from below and above."""

GAP = 1e-6
"""Relative gap at which HiGHS stops: far below the noise of a few hundred paths."""
NEAR = 0.05
"""What a share of the round that is moved away from the rule's awards must add, as a part of what
the largest award alone adds: less is within the noise of the curves."""
INFEASIBLE = 2
"""HiGHS' answer, as SciPy passes it on, where no awards keep to all rows."""
SEARCH_STEPS = 16
"""Halvings when the largest share that can be met is sought: to 2e-5."""


@dataclass(frozen=True)
class Programme:
    """The rows and columns of one response, in means over the paths."""

    levels: tuple[Floats, ...]
    compute: Floats
    """What each weight adds to compute, shape (column,); columns by applicant, then level."""
    books: Floats
    """Imported and domestic compute of each book at the split, shape (side, book)."""
    moved: Floats
    """What each weight moves them by, shape (side, book, column)."""
    base: float
    """Compute at the split."""
    rule: Floats
    """Awards of the rule that near-equals are measured by, shares of the round, (applicant,)."""

    @property
    def columns(self) -> int:
        """Number of weights."""
        return sum(map(len, self.levels))

    def solve(self, target: float, floors: Floats, total: float = 1.0) -> Solution | None:
        """Return the best awards, or None where none keep to target and floors.

        Args:
            target: Least domestic share of the compute of each book, from 0 to 1.
            floors: Least share of the round for each applicant, shape (applicant,).
            total: What there is to award, as a share of the round.
        """
        return _solve(self, target, floors, total)

    def largest_target(self, floors: Floats) -> float | None:
        """Return the largest domestic share that awards can meet; None where floors alone fail."""
        if self.solve(0.0, floors) is None:
            return None
        if self.solve(1.0, floors) is not None:
            return 1.0
        low, high = 0.0, 1.0
        for _ in range(SEARCH_STEPS):
            middle = (low + high) / 2
            if self.solve(middle, floors) is None:
                high = middle
            else:
                low = middle
        return low


@dataclass(frozen=True, slots=True)
class Solution:
    """The best awards of a programme."""

    shares: Floats
    """Shares of the round, shape (applicant,)."""
    compute: float
    """Mean compute by the curves."""


def programme(response: Response, share_of: str, rule: Floats) -> Programme:
    """Return the programme of a response.

    Args:
        response: The curves.
        share_of: Whose domestic share counts, as in `Outcome.books`.
        rule: Awards of the rule to stay near to, shares of the round, shape (applicant,).
    """
    moves = [move for own in response.moves for move in own]
    return Programme(
        levels=response.levels,
        compute=np.array([move.compute.mean() for move in moves]),
        books=response.at.books(share_of).mean(axis=-1),
        moved=np.stack([move.books(share_of).mean(axis=-1) for move in moves], axis=-1),
        base=float(response.at.compute.mean()),
        rule=rule,
    )


def _solve(one: Programme, target: float, floors: Floats, total: float) -> Solution | None:
    """Return what HiGHS finds: the one place that calls a solver."""
    counts = [len(levels) for levels in one.levels]
    level = np.concatenate(one.levels)
    pieces = sum(count - 1 for count in counts)
    width = one.columns + pieces + len(counts)
    rows = [
        *_curves(counts, width),
        *_awards(counts, level, width, floors, total),
        *_apart(counts, level, width, one.rule),
        *_target(one, width, target),
    ]
    values, lows, highs = zip(*rows, strict=True)
    worth = max(float(np.abs(one.compute).max(initial=0.0)), 1e-12)
    cost = np.zeros(width)
    cost[: one.columns] = -one.compute / worth
    cost[-len(counts) :] = NEAR
    whole = np.zeros(width, dtype=np.int64)
    whole[one.columns : one.columns + pieces] = 1
    found = milp(
        cost,
        constraints=LinearConstraint(csr_array(np.stack(values)), np.array(lows), np.array(highs)),
        integrality=whole,
        bounds=Bounds(0.0, 1.0),
        options={"mip_rel_gap": GAP},
    )
    if found.status == INFEASIBLE:
        return None
    if found.x is None:
        message = f"the programme of the round has no answer: {found.message}"
        raise ArithmeticError(message)
    weight = found.x[: one.columns]
    starts = np.cumsum([0, *counts[:-1]])
    shares = np.add.reduceat(weight * level, starts)
    return Solution(shares, one.base + float(one.compute @ weight))


def _curves(counts: list[int], width: int) -> Iterator[Row]:
    """Yield Σ weight = 1, Σ piece = 1 and weight[k] ≤ piece[k − 1] + piece[k]."""
    column, piece = 0, sum(counts)
    for count in counts:
        whole = np.zeros(width)
        whole[column : column + count] = 1.0
        yield whole, 1.0, 1.0
        if count > 1:
            one = np.zeros(width)
            one[piece : piece + count - 1] = 1.0
            yield one, 1.0, 1.0
            for k in range(count):
                near = np.zeros(width)
                near[column + k] = 1.0
                near[piece + max(k - 1, 0) : piece + min(k, count - 2) + 1] = -1.0
                yield near, -np.inf, 0.0
        column, piece = column + count, piece + count - 1


def _awards(
    counts: list[int], level: Floats, width: int, floors: Floats, total: float
) -> Iterator[Row]:
    """Yield Σ award ≤ total, and award ≥ floor for each applicant."""
    yield np.pad(level, (0, width - len(level))), -np.inf, total
    for own, floor in zip(_own(counts, level, width), floors, strict=True):
        yield own, float(floor), np.inf


def _apart(counts: list[int], level: Floats, width: int, rule: Floats) -> Iterator[Row]:
    """Yield apart − award ≥ −rule and apart + award ≥ rule for each applicant."""
    first = width - len(counts)
    for n, (own, award) in enumerate(zip(_own(counts, level, width), rule, strict=True)):
        apart = np.zeros(width)
        apart[first + n] = 1.0
        yield apart - own, -float(award), np.inf
        yield apart + own, float(award), np.inf


def _target(one: Programme, width: int, target: float) -> Iterator[Row]:
    """Yield (1 − target) × domestic − target × imported ≥ 0 for each book."""
    scale = max(float(one.books.max(initial=0.0)), 1e-12)
    for book in range(one.books.shape[1]):
        imported, domestic = one.books[:, book]
        moved = (1 - target) * one.moved[1, book] - target * one.moved[0, book]
        held = (1 - target) * domestic - target * imported
        yield np.pad(moved / scale, (0, width - one.columns)), -held / scale, np.inf


def _own(counts: list[int], level: Floats, width: int) -> Iterator[Floats]:
    """Yield the row that gives each applicant's award."""
    column = 0
    for count in counts:
        own = np.zeros(width)
        own[column : column + count] = level[column : column + count]
        yield own
        column += count
