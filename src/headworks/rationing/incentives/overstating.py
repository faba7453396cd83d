"""Overstating: what a claimant gains by asking for more than it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError
from headworks.rationing.exact import Amount, written
from headworks.rationing.incentives.reply import Reply, best_reply
from headworks.rationing.incentives.terms import NOTHING, amount

if TYPE_CHECKING:
    from headworks.rationing.incentives.game import Game

FACTORS = tuple(map(Fraction, ("5/4", "3/2", "2", "3", "5", "10")))
"""Multiples of the need that are tried."""


@dataclass(frozen=True, slots=True)
class Overstating:
    """What one claimant gains by asking for more than it needs."""

    name: str
    need: Fraction
    award: Fraction
    """For the truth."""
    by_factor: tuple[tuple[Fraction, Fraction, Fraction], ...]
    """Factor, award and gain."""
    best: Reply
    """The best request of all on the grid; its gain is against the truth."""
    bounded: bool
    """Whether the best request lies below the bound, so that no larger one would be better."""

    @property
    def gain(self) -> Fraction:
        """The most that overstating brings, in useful units; 0 where the truth is best."""
        return max(self.best.gain if self.best.request > self.need else NOTHING, NOTHING)

    @property
    def factor(self) -> Fraction | None:
        """The best request over the need; None without a need."""
        return self.best.request / self.need if self.need else None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, exact numbers as text."""
        return {
            "name": self.name,
            "need": written(self.need),
            "award": written(self.award),
            "best_request": written(self.best.request),
            "best_factor": None if self.factor is None else written(self.factor),
            "best_award": written(self.best.award),
            "best_gain": written(self.best.gain),
            "bounded": self.bounded,
            "by_factor": [
                {"factor": written(factor), "award": written(award), "gain": written(gain)}
                for factor, award, gain in self.by_factor
            ],
        }


def overstating(
    game: Game,
    claims: Sequence[Fraction] | None = None,
    *,
    factors: Sequence[Amount] = FACTORS,
    only: Sequence[int] | None = None,
) -> tuple[Overstating, ...]:
    """Return what each claimant gains by overstating while the others' claims stay.

    Args:
        game: The game, with true needs.
        claims: What the others claim; their needs if not given.
        factors: Multiples of the need that are tried beside the best request.
        only: Numbers of the claimants that are looked at; all if not given.

    Raises:
        InputError: A factor is no positive number.
    """
    tried = numbers_of("factors", factors, Fraction(0), None)
    found: list[Overstating] = []
    for n in range(len(game.people)) if only is None else only:
        one, requests = game.people[n], claims_of(game, claims)
        requests[n] = game.truth[n]
        award = game.awards(requests)[n]
        honest = game.payoff(n, requests[n], award)
        rows: list[tuple[Fraction, Fraction, Fraction]] = []
        for factor in tried:
            asked = factor * one.request
            if asked <= game.limit(n):
                other = game.awards([*requests[:n], asked, *requests[n + 1 :]])[n]
                rows.append((factor, other, game.payoff(n, asked, other) - honest))
        best = best_reply(game, n, requests)
        farther = replace(game, bound=2 * game.bound)
        bounded = best.request < game.bound or not best_reply(farther, n, requests).gain > best.gain
        found.append(Overstating(one.name, one.request, award, tuple(rows), best, bounded))
    return tuple(found)


def claims_of(game: Game, claims: Sequence[Fraction] | None) -> list[Fraction]:
    """Return what all claim, as a list that may be changed.

    Raises:
        InputError: There is not one claim for each.
    """
    if claims is None:
        return list(game.truth)
    if len(claims) != len(game.people):
        message = f"{len(claims)} claims for {len(game.people)} claimants"
        raise InputError([Fault("claims", 0, "", message, "give one for each, in the same order")])
    return list(claims)


def numbers_of(
    name: str, given: Sequence[Amount], above: Fraction, most: Fraction | None
) -> list[Fraction]:
    """Return numbers, each above one bound and not above another.

    Raises:
        InputError: Lists those that are not.
    """
    faults: list[Fault] = []
    found: list[Fraction] = []
    for value in given:
        try:
            number = amount(value, multiple=True)
        except ValueError as error:
            faults.append(Fault(name, 0, "", str(error)))
            continue
        if number <= above or (most is not None and (number > most or number.denominator > 1)):
            upper = "" if most is None else f", whole and at most {most}"
            faults.append(Fault(name, 0, "", f"{value} must be above {above}{upper}"))
        found.append(number)
    if faults:
        raise InputError(faults)
    return found
