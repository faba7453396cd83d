"""The search for awards that keep to their terms in the flow, by the curves around one split."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import Fault, InputError
from headworks.planning.authority.result import Point, least_share

if TYPE_CHECKING:
    from headworks.planning.authority.outcome import Outcome, Run
    from headworks.planning.authority.programme import Programme
    from headworks.planning.authority.response import Response
    from headworks.planning.authority.terms import Terms
    from headworks.planning.problem import Floats

TOLERANCE = 0.002
"""Relative difference of curves and flow at which they agree; the noise of paired runs of some
hundred paths is of that size."""
CORRECTIONS_MAX = 3
"""Most often that the programme is asked for more where the flow falls short of a target."""
SHORT_MAX = 1e-4
"""Domestic share that the flow may fall short by."""
SEARCH_STEPS = 16
"""Halvings when the target in the means is sought that is met on enough paths."""


@dataclass(frozen=True)
class Tangent:
    """The programme of the curves around one split."""

    terms: Terms
    floors: Floats
    """Least share of the round of each applicant, shape (applicant,)."""
    response: Response
    programme: Programme

    @cached_property
    def most(self) -> float:
        """The largest target that awards can meet."""
        most = self.programme.largest_target(self.floors)
        assert most is not None  # noqa: S101 - floors are parts of what a rule awards
        return most

    def best(self, target: float) -> Floats:
        """Return the best awards for a target of at most `most`, shares of the round."""
        solved = self.programme.solve(target, self.floors)
        assert solved is not None  # noqa: S101 - the target is one that can be met
        return solved.shares

    def point(
        self, name: str, title: str, target: float | None, shares: Floats, simulated: Outcome
    ) -> Point:
        """Return a split with what the curves and the flow make of it."""
        return Point(name, title, target, shares, self.response.predict(shares), simulated)


def mean_target(tangent: Tangent) -> float:
    """Return the target in the means that meets the terms by the curves.

    Raises:
        InputError: Target and floor cannot both be met.
    """
    terms, most = tangent.terms, tangent.most
    if terms.probability is None:
        if terms.target > most:
            raise InputError([_unmet(tangent)])
        return terms.target

    def share(target: float) -> float:
        return held(tangent.response.predict(tangent.best(target)), terms)

    if share(most) < terms.target:
        raise InputError([_unmet_on_paths(terms, share(most))])
    if share(0.0) >= terms.target:
        return 0.0
    low, high = 0.0, most
    for _ in range(SEARCH_STEPS):
        middle = (low + high) / 2
        if share(middle) >= terms.target:
            high = middle
        else:
            low = middle
    return high


def kept(tangent: Tangent, target: float, run: Run) -> tuple[Point, float]:
    """Return the best awards that keep to the terms in the flow, and the target they are made for.

    Where the flow falls short of what the curves say, the programme is asked for so much more.
    """
    terms = tangent.terms
    for _ in range(CORRECTIONS_MAX + 1):
        shares = tangent.best(target)
        simulated = run([shares])[0]
        lack = terms.target - held(simulated, terms)
        if lack <= SHORT_MAX or target >= tangent.most:
            break
        target = min(target + lack, tangent.most)
    return tangent.point("plan", "the plan", terms.target, shares, simulated), target


def held(outcome: Outcome, terms: Terms) -> float:
    """Return the domestic share that an outcome keeps: in the means, or on enough of the paths.

    1 where nothing is installed.
    """
    imported, domestic = outcome.books(terms.share_of)
    if terms.probability is None:
        share = least_share(imported.mean(axis=-1), domestic.mean(axis=-1))
        return 1.0 if share is None else share
    whole = imported + domestic
    shares = np.where(whole > 0, domestic / np.where(whole > 0, whole, 1.0), 1.0).min(axis=0)
    return float(np.quantile(shares, 1.0 - terms.probability, method="lower"))


def agree(best: Point) -> bool:
    """Return whether curves and flow say the same of a split."""
    simulated = best.compute()
    return abs(best.compute(by_curves=True) - simulated) <= TOLERANCE * max(simulated, 1e-12)


def _unmet(tangent: Tangent) -> Fault:
    """Return what clashes where a target cannot be met, and the largest that can."""
    terms, most = tangent.terms, tangent.most
    without = tangent.programme.largest_target(np.zeros_like(tangent.floors)) or 0.0
    kept = f" with a floor of {terms.floor:.0%} of {terms.floor_rule}" if terms.floor else ""
    message = (
        f"a domestic share of {terms.target:.2%} cannot be met{kept}: the largest that awards of "
        f"this round can leave is {_down(most):.2%}"
    )
    remedy = f"ask for at most {_down(most):.4f}"
    if without > most + SHORT_MAX:
        remedy += f", or lower the floor (without one, {_down(without):.4f} can be)"
    return Fault("domestic_share", 0, "", message, remedy)


def _unmet_on_paths(terms: Terms, most: float) -> Fault:
    message = (
        f"a domestic share of {terms.target:.2%} cannot be met on {terms.probability:.1%} of the "
        f"paths: the largest that awards of this round can leave on so many is {_down(most):.2%}"
    )
    remedy = f"ask for at most {_down(most):.4f}, for a lower probability, or for a lower floor"
    return Fault("domestic_share", 0, "", message, remedy)


def _down(share: float) -> float:
    """Return a share rounded down to a hundredth of a point, so that asking for it succeeds."""
    return float(np.floor(share * 1e4) / 1e4)
