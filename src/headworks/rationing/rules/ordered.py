"""Rules that serve claimants one after the other: by priority, by points, by day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import groupby
from math import isfinite
from numbers import Rational, Real
from typing import Any, TypeAlias

from headworks.errors import Fault, InputError
from headworks.rationing.common import keyed, total
from headworks.rationing.rules.division import CutOff, Division
from headworks.rationing.rules.proportional import proportional

NOTHING = Fraction(0)
Priority: TypeAlias = Sequence[int | Sequence[int]]
"""Claimants by their number from 0, the first served first, each once; those between whom nothing
decides stand together as a group."""


class Tied(InputError):
    """The pool ends among claimants who stand equal.

    Args:
        claimants: Their numbers, from 0.
        standing: What they have in common: `score 5`, or `rank`.
    """

    def __init__(self, claimants: Sequence[int], standing: str) -> None:
        self.claimants, self.standing = tuple(claimants), standing
        super().__init__([self._fault([f"{n + 1}" for n in claimants], "claimants ")])

    def named(self, names: Sequence[str]) -> InputError:
        """Return the same fault with names of the claimants, of whom number 0 has the first."""
        return InputError([self._fault([names[n] for n in self.claimants])])

    def _fault(self, tied: Sequence[str], what: str = "") -> Fault:
        *first, last = tied
        listed = f"{', '.join(first)} and {last}"
        message = f"the pool ends among {what}{listed}, who have the same {self.standing}"
        remedy = "give a priority that says who comes first, or the key of a ballot"
        return Fault("priority", 0, "", message, remedy)


def priority(pool: Fraction, claims: Sequence[Fraction], *, priority: Priority) -> Division:
    """Serve claimants in a fixed order, each in full as long as the pool lasts: x = min(d, left).

    Awards cannot be raised by claiming more than is wanted, nor changed by tranches; equals are
    not treated equally. Some may stand equal, as long as the pool does not end among them. Cost
    O(n).

    Source: Moulin 2000.

    Args:
        pool: E, what there is to share.
        claims: What each claims.
        priority: The order; groups of it stand equal.

    Raises:
        Tied: The pool ends among equals.
        InputError: The priority does not name each claimant once.
    """
    return _served(pool, claims, _groups(priority, claims), lambda _: "rank")


def points(
    pool: Fraction,
    claims: Sequence[Fraction],
    *,
    scores: Sequence[Any],
    priority: Priority | None = None,
) -> Division:
    """Serve claimants by their score, the highest first, each in full as long as the pool lasts.

    A score just below the last one served gets nothing, however close it is: the cut-off says by
    how many points. Who reports the attributes that are scored can gain by it. Equal scores are
    served by `priority`, which is needed only if the pool ends among them. Cost O(n log n).

    Source: allocation by ranked score, such as that of organs by the OPTN.

    Args:
        pool: E, what there is to share.
        claims: What each claims.
        scores: Points of each, of any kind that can be compared; a margin is taken of numbers only.
        priority: The order of equal scores; groups of it stand equal.

    Raises:
        Tied: The pool ends among those of one score whom no priority sets apart.
        InputError: Scores or priority do not fit the claimants.
    """
    _check_length("scores", scores, claims)
    groups = [list(range(len(claims)))] if priority is None else _groups(priority, claims)
    rank = {n: place for place, group in enumerate(groups) for n in group}
    exact = all(isinstance(score, Fraction) for score in scores)
    points = keyed(scores) if exact else scores
    by_score = sorted(rank, key=points.__getitem__, reverse=True)
    equals = [list(g) for _, g in groupby(by_score, key=lambda n: (points[n], rank[n]))]
    division = _served(pool, claims, equals, lambda n: f"score {scores[n]}")
    cut = division.cut_off
    if cut is None or not (cut.last and cut.following):
        return division
    margin = _difference(scores[cut.last[0]], scores[cut.following[0]])
    return Division(division.awards, None, CutOff(cut.last, cut.following, margin))


def first_come_first_served(
    pool: Fraction, claims: Sequence[Fraction], *, days: Sequence[Any]
) -> Division:
    """Serve claimants by day; on the day on which the pool ends all get the same share: x = λ d.

    Before that day λ = 1 and after it 0. Speed decides, not need; tranches change nothing. Cost
    O(n log n).

    Source: UK SI 2020/1432, regulation 12.

    Args:
        pool: E, what there is to share.
        claims: What each claims.
        days: Day of each application, of any kind that can be compared, the earliest first.

    Raises:
        InputError: Days do not fit the claimants.
    """
    _check_length("days", days, claims)
    found, left = [NOTHING] * len(claims), pool
    level: Fraction | None = None
    groups: list[list[int]] = []
    for _, group in groupby(sorted(range(len(claims)), key=days.__getitem__), key=days.__getitem__):
        today = list(group)
        groups.append([n for n in today if claims[n]])
        division = proportional(left, [claims[n] for n in today])
        for n, award in zip(today, division.awards, strict=True):
            found[n] = award
        left -= total(division.awards)
        if level is None:
            level = division.level
    return Division(tuple(found), level, _cut_off(found, claims, groups))


def _served(
    pool: Fraction, claims: Sequence[Fraction], groups: Sequence[Sequence[int]],
    standing: Callable[[int], str],
) -> Division:  # fmt: skip
    """Serve groups of equals in order.

    Args:
        pool: E, what there is to share.
        claims: What each claims.
        groups: Those who stand equal, the first served first.
        standing: What a claimant has in common with its equals.

    Raises:
        Tied: The pool ends among equals.
    """
    found, left = [NOTHING] * len(claims), pool
    asking = [[n for n in group if claims[n]] for group in groups]
    for group in asking:
        asked = total(claims[n] for n in group)
        if asked <= left:
            for n in group:
                found[n] = claims[n]
            left -= asked
            continue
        if len(group) > 1 and left:
            raise Tied(group, standing(group[0]))
        found[group[0]] = left
        break
    return Division(tuple(found), None, _cut_off(found, claims, asking))


def _cut_off(
    awards: Sequence[Fraction], claims: Sequence[Fraction], groups: Sequence[Sequence[int]]
) -> CutOff | None:
    """Return who stood where the pool ended, of groups in the order in which they are served."""
    if all(x == d for x, d in zip(awards, claims, strict=True)):
        return None
    asking = [group for group in groups if group]
    served = [group for group in asking if awards[group[0]]]
    following = asking[len(served)] if len(served) < len(asking) else ()
    return CutOff(tuple(served[-1]) if served else (), tuple(following))


def _groups(priority: Priority, claims: Sequence[Fraction]) -> list[list[int]]:
    """Return who stands equal, in order.

    Raises:
        InputError: Somebody is named twice or not at all.
    """
    groups = [list(one) if isinstance(one, Sequence) else [one] for one in priority]
    named = [n for group in groups for n in group]
    if sorted(named) != list(range(len(claims))):
        numbers = ", ".join(map(str, named))
        message = f"the priority {numbers} does not name each of {len(claims)} claimants once"
        remedy = f"give the numbers from 0 to {len(claims) - 1}, the first served first"
        raise InputError([Fault("priority", 0, "", message, remedy)])
    return groups


def _difference(score: object, other: object) -> Fraction | None:
    """Return how much higher a score is than another; None if one is no number."""
    exact: list[Fraction] = []
    for one in (score, other):
        if not isinstance(one, Real) or not (isinstance(one, Rational) or isfinite(one)):
            return None
        exact.append(Fraction(one) if isinstance(one, Rational) else Fraction(float(one)))
    return exact[0] - exact[1]


def _check_length(option: str, given: Sequence[Any], claims: Sequence[Fraction]) -> None:
    if len(given) != len(claims):
        message = f"of {option} there are {len(given)}, of claimants {len(claims)}"
        raise InputError([Fault(option, 0, "", message, "give one for each claimant")])
