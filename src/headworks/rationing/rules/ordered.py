"""Rules that serve claimants one after the other: by priority, by points, by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

from headworks.errors import Fault, InputError
from headworks.rationing.division import Division
from headworks.rationing.rules.proportional import proportional

NOTHING = Fraction(0)


def priority(pool: Fraction, claims: Sequence[Fraction], *, priority: Sequence[int]) -> Division:
    """Serve claimants in a fixed order, each in full as long as the pool lasts: x = min(d, left).

    Awards cannot be raised by claiming more than is wanted, nor changed by tranches; equals are
    not treated equally. Cost O(n).

    Source: Moulin 2000.

    Args:
        pool: E, what there is to share.
        claims: What each claims.
        priority: Claimants by their number from 0, the first served first; each once.

    Raises:
        InputError: The priority does not name each claimant once.
    """
    _check_order(priority, claims)
    return Division(_served(pool, claims, priority))


def points(
    pool: Fraction,
    claims: Sequence[Fraction],
    *,
    scores: Sequence[Any],
    priority: Sequence[int] | None = None,
) -> Division:
    """Serve claimants by their score, the highest first, each in full as long as the pool lasts.

    A score just below the last one served gets nothing, however close it is; who reports the
    attributes that are scored can gain by it. Equal scores are served by `priority`, which is
    needed only if the pool ends among them. Cost O(n log n).

    Source: allocation by ranked score, such as that of organs by the OPTN.

    Args:
        pool: E, what there is to share.
        claims: What each claims.
        scores: Points of each, of any kind that can be compared.
        priority: Claimants by their number from 0, the first served first; each once.

    Raises:
        InputError: Scores do not fit the claimants, or the pool ends among equal ones.
    """
    _check_length("scores", scores, claims)
    if priority is not None:
        _check_order(priority, claims)
        return Division(
            _served(pool, claims, sorted(priority, key=scores.__getitem__, reverse=True))
        )
    order = sorted(range(len(claims)), key=scores.__getitem__, reverse=True)
    left = pool
    for score, group in groupby(order, key=scores.__getitem__):
        tied = [n for n in group if claims[n]]
        asked = sum((claims[n] for n in tied), NOTHING)
        if len(tied) > 1 and 0 < left < asked:
            message = (
                f"the pool ends among claimants {_listed(tied)}, who have the same score {score}"
            )
            remedy = "give a priority that says who comes first, or the key of a ballot"
            raise InputError([Fault("priority", 0, "", message, remedy)])
        left = max(NOTHING, left - asked)
    return Division(_served(pool, claims, order))


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
    order = sorted(range(len(claims)), key=days.__getitem__)
    for _, group in groupby(order, key=days.__getitem__):
        today = list(group)
        division = proportional(left, [claims[n] for n in today])
        for n, award in zip(today, division.awards, strict=True):
            found[n] = award
        left -= sum(division.awards, NOTHING)
        if level is None:
            level = division.level
    return Division(tuple(found), level)


def _served(
    pool: Fraction, claims: Sequence[Fraction], order: Iterable[int]
) -> tuple[Fraction, ...]:
    found, left = [NOTHING] * len(claims), pool
    for n in order:
        found[n] = min(claims[n], left)
        left -= found[n]
    return tuple(found)


def _check_order(priority: Sequence[int], claims: Sequence[Fraction]) -> None:
    if sorted(priority) != list(range(len(claims))):
        numbers = ", ".join(map(str, priority))
        message = f"the priority {numbers} does not name each of {len(claims)} claimants once"
        remedy = f"give the numbers from 0 to {len(claims) - 1}, the first served first"
        raise InputError([Fault("priority", 0, "", message, remedy)])


def _check_length(option: str, given: Sequence[Any], claims: Sequence[Fraction]) -> None:
    if len(given) != len(claims):
        message = f"of {option} there are {len(given)}, of claimants {len(claims)}"
        raise InputError([Fault(option, 0, "", message, "give one for each claimant")])


def _listed(claimants: Sequence[int]) -> str:
    """Return numbers from 1 as a sentence lists them: 1, 2 and 4."""
    *first, last = (str(n + 1) for n in claimants)
    return f"{', '.join(first)} and {last}"
