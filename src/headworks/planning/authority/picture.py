"""The picture of compute against domestic share: the frontier, and the rules as points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.planning.authority.search import held

if TYPE_CHECKING:
    from headworks.planning.authority.outcome import Outcome, Run
    from headworks.planning.authority.result import Point
    from headworks.planning.authority.rules import RuleAwards
    from headworks.planning.authority.search import Tangent
    from headworks.planning.problem import Floats

FRONTIER_POINTS = 7
ALIKE = 5e-4
"""Splits nearer than this in every share are run once."""


def picture(
    tangent: Tangent, rules: Sequence[RuleAwards], run: Run
) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Return the frontier, and what the rules award, all by the curves and in the flow."""
    best = [(target, tangent.best(target)) for target in _targets(tangent)]
    distinct = _distinct([*(shares for _, shares in best), *(rule.shares for rule in rules)])
    outcomes = run(distinct)

    def simulated(shares: Floats) -> Outcome:
        apart = [float(np.abs(other - shares).max()) for other in distinct]
        return outcomes[int(np.argmin(apart))]

    frontier = tuple(
        tangent.point("frontier", "the frontier", target, shares, simulated(shares))
        for target, shares in best
    )
    points = tuple(
        tangent.point(rule.name, rule.title, None, rule.shares, simulated(rule.shares))
        for rule in rules
    )
    return frontier, points


def _targets(tangent: Tangent) -> list[float]:
    """Return rising targets, from the share that awards leave without one to the largest."""
    free = tangent.response.predict(tangent.best(0.0))
    in_means = replace(tangent.terms, probability=None)
    low = min(held(free, in_means), tangent.most)
    return [float(target) for target in np.linspace(low, tangent.most, FRONTIER_POINTS)]


def _distinct(splits: Iterable[Floats]) -> list[Floats]:
    found: list[Floats] = []
    for shares in splits:
        if all(float(np.abs(shares - other).max()) > ALIKE for other in found):
            found.append(shares)
    return found
