"""Splitting and merging: what claimants gain by being more, or fewer, than they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import InputError
from headworks.rationing.exact import written
from headworks.rationing.incentives.game import Game, divided
from headworks.rationing.incentives.overstating import claims_of, numbers_of
from headworks.rationing.incentives.terms import NOTHING

if TYPE_CHECKING:
    from headworks.rationing.intake.claimant import Claimant

PARTS = (2, 3, 4)
"""Numbers of subsidiaries that are tried."""
PARTS_MAX = 8
SLICES = 12
"""Equal slices of a request from which unequal subsidiaries are made."""


@dataclass(frozen=True, slots=True)
class Splitting:
    """What one claimant gains as several subsidiaries that claim, together, the same."""

    name: str
    award: Fraction
    """As one."""
    equal: tuple[tuple[int, Fraction, Fraction], ...]
    """Number of equal subsidiaries, their awards together, and the gain."""
    best_parts: tuple[Fraction, ...]
    """The best subsidiaries of all that were tried; the claimant itself if none gains."""
    best_award: Fraction
    gain: Fraction
    """Of the best, in useful units; 0 if none gains."""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, exact numbers as text."""
        return {
            "name": self.name,
            "award": written(self.award),
            "best_parts": [written(part) for part in self.best_parts],
            "best_award": written(self.best_award),
            "best_gain": written(self.gain),
            "equal": [
                {"parts": parts, "award": written(award), "gain": written(gain)}
                for parts, award, gain in self.equal
            ],
        }


@dataclass(frozen=True, slots=True)
class Merging:
    """What two claimants gain together as one."""

    names: tuple[str, str]
    award_apart: Fraction
    """Of both together."""
    award_merged: Fraction
    gain: Fraction
    """In useful units of both together; negative where they lose."""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, exact numbers as text."""
        return {
            "names": list(self.names),
            "award_apart": written(self.award_apart),
            "award_merged": written(self.award_merged),
            "gain": written(self.gain),
        }


def splitting(
    game: Game,
    claims: Sequence[Fraction] | None = None,
    *,
    parts: Sequence[int] = PARTS,
    unequal: bool = True,
    only: Sequence[int] | None = None,
) -> tuple[Splitting, ...]:
    """Return what each claimant gains by splitting while the others' claims stay.

    The subsidiaries claim together what the claimant does, and pass units among themselves. Each
    stands where the claimant stood in rank, points and day; a weight that was given is shared by
    their claims, since capacity or history does not grow by splitting. Unequal subsidiaries are
    tried in twelfths of the claim.

    Args:
        game: The game, with true needs.
        claims: What all claim; their needs if not given.
        parts: Numbers of subsidiaries that are tried, from 2 to 8.
        unequal: Whether subsidiaries of different size are tried, too.
        only: Numbers of the claimants that are looked at; all if not given.

    Raises:
        InputError: A number of subsidiaries is out of bounds.
    """
    numbers = [int(k) for k in numbers_of("parts", parts, Fraction(1), Fraction(PARTS_MAX))]
    requests = claims_of(game, claims)
    awards = game.awards(requests)
    found: list[Splitting] = []
    for n in range(len(game.people)) if only is None else only:
        one = game.people[n]
        honest = game.payoff(n, requests[n], awards[n])
        equal: list[tuple[int, Fraction, Fraction]] = []
        best: tuple[tuple[Fraction, ...], Fraction, Fraction] = ((requests[n],), awards[n], NOTHING)
        for slices in _splits(numbers, unequal=unequal) if requests[n] else ():
            split = tuple(requests[n] * part / sum(slices) for part in slices)
            award = _split_award(game, n, requests, split)
            if award is None:
                continue
            gain = game.payoff(n, requests[n], award) - honest
            if len(set(slices)) == 1:
                equal.append((len(slices), award, gain))
            if gain > best[2]:
                best = (split, award, gain)
        found.append(Splitting(one.name, awards[n], tuple(equal), *best))
    return tuple(found)


def _split_award(
    game: Game, n: int, requests: Sequence[Fraction], split: Sequence[Fraction]
) -> Fraction | None:
    """Return what subsidiaries of claimant n are awarded together; None where none may be."""
    one = game.people[n]
    whole = sum(split, NOTHING)
    heirs: list[Claimant] = []
    for number, part in enumerate(split):
        weight = None if one.weight is None else one.weight * part / whole
        heirs.append(replace(one, name=f"{one.name} {number + 1}", weight=weight))
    people = [*game.people[:n], *heirs, *game.people[n + 1 :]]
    asked = [*requests[:n], *split, *requests[n + 1 :]]
    awards = _awards(game, people, asked)
    return None if awards is None else sum(awards[n : n + len(split)], NOTHING)


def _awards(
    game: Game, people: Sequence[Claimant], requests: Sequence[Fraction]
) -> tuple[Fraction, ...] | None:
    """Return the awards of other claimants than the game's; None if the rule is not for so many."""
    try:
        return divided(game.rule, game.pool, people, requests, truncate=game.terms.truncate)
    except InputError:
        return None


def merging(
    game: Game,
    claims: Sequence[Fraction] | None = None,
    *,
    only: Sequence[int] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Merging, ...]:
    """Return what each two claimants gain together by merging while the others' claims stay.

    They claim together what they claimed apart, and pass units between them; a rule that is not for
    one claimant fewer says nothing. As where related
    parties are merged, they have the weight and the points of the one with more, and the rank and
    the day of the first.

    Args:
        game: The game, with true needs.
        claims: What all claim; their needs if not given.
        only: Numbers of the claimants of whom pairs are looked at; all if not given.
        progress: Told how many claimants are done, and how many there are.
    """
    requests = claims_of(game, claims)
    awards = game.awards(requests)
    found: list[Merging] = []
    some = sorted(range(len(requests)) if only is None else only)
    for place, n in enumerate(some):
        if progress is not None:
            progress(place, len(some))
        for m in some[place + 1 :]:
            one, other = game.people[n], game.people[m]
            apart = sum((game.payoff(k, requests[k], awards[k]) for k in (n, m)), NOTHING)
            people, asked = list(game.people), list(requests)
            people[n], asked[n] = _joined(one, other), requests[n] + requests[m]
            del people[m], asked[m]
            awarded = _awards(game, people, asked)
            if awarded is None:
                return ()
            award = awarded[n]
            merged = game.terms.payoff(asked[n], award, one.request + other.request)
            pair = (one.name, other.name)
            found.append(Merging(pair, awards[n] + awards[m], award, merged - apart))
    return tuple(found)


def _joined(one: Claimant, other: Claimant) -> Claimant:
    def most(name: str) -> Any:  # noqa: ANN401 - a number or None
        known = [getattr(p, name) for p in (one, other) if getattr(p, name) is not None]
        return max(known, default=None)

    def first(name: str) -> Any:  # noqa: ANN401 - a rank, a day or None
        known = [getattr(p, name) for p in (one, other) if getattr(p, name) is not None]
        return min(known, default=None)

    return replace(
        one, request=one.request + other.request, weight=most("weight"), score=most("score"),
        priority=first("priority"), day=first("day"),
    )  # fmt: skip


def _splits(numbers: Sequence[int], *, unequal: bool) -> Iterator[tuple[Fraction, ...]]:
    """Yield relative sizes of subsidiaries: equal ones first, then all in twelfths of the whole."""
    for number in numbers:
        yield (Fraction(1),) * number
    for slices in _partitions(SLICES, max(numbers, default=1)) if unequal else ():
        if len(slices) in numbers and len(set(slices)) > 1:
            yield tuple(map(Fraction, slices))


def _partitions(slices: int, parts: int, most: int | None = None) -> Iterator[tuple[int, ...]]:
    """Yield the ways to write a number as a sum of at most so many parts, the largest first."""
    if slices == 0:
        yield ()
    elif parts:
        for first in range(min(slices, most or slices), 0, -1):
            for rest in _partitions(slices - first, parts - 1, first):
                yield (first, *rest)
