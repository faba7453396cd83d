"""What the awards of one problem show by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from headworks.rationing.common import keyed, total
from headworks.rationing.properties.problem import NOTHING, Awards, Problem
from headworks.rationing.properties.words import said

if TYPE_CHECKING:
    from headworks.rationing.properties.trial import Trial


def balance(trial: Trial) -> Iterator[str | None]:
    """Sum the awards."""
    for problem, awards in _at_pools(trial):
        given, wanted = total(awards), min(problem.pool, problem.total)
        fits = given in {wanted, problem.pool}
        yield None if fits else f"of a pool of {said(problem.pool)} {said(given)} is awarded"


def bounds(trial: Trial) -> Iterator[str | None]:
    """Compare each award with nothing and with the claim."""
    for problem, awards in _at_pools(trial):
        pairs = zip(keyed(problem.claims), keyed(awards), strict=True)
        bad = next((n for n, (d, x) in enumerate(pairs) if awards[n] < 0 or x > d), None)
        where = f"of a pool of {said(problem.pool)}"
        yield None if bad is None else f"{where} {_gets(trial, bad, awards[bad])}"


def _at_pools(trial: Trial) -> Iterator[tuple[Problem, Awards]]:
    pools = trial.parts(trial.problem.total)
    for problem in (trial.problem, *map(trial.problem.with_pool, pools)):
        awards = trial.awards(problem)
        if awards is not None:
            yield problem, awards


def equal_treatment(trial: Trial) -> Iterator[str | None]:
    """Compare claimants of equal claims, and all with copies of them in a pool of twice as much."""
    awards = trial.awards()
    for equals in trial.equals() if awards is not None else ():
        first: dict[object, int] = {}
        for n in equals if len(equals) > 1 else ():
            other = first.setdefault(trial.problem.alike(n), n)
            if awards is not None and other != n:
                yield None if awards[n] == awards[other] else _pair(trial, awards, other, n)
    twice = trial.copied(2) or ()
    for n, (one, twin) in enumerate(zip(twice[::2], twice[1::2], strict=True)):
        yield (
            None
            if one == twin
            else (
                f"with the pool and everybody taken twice, one {trial.called(n)} gets {said(one)} "
                f"and the other {said(twin)}"
            )
        )


def order_preservation(trial: Trial) -> Iterator[str | None]:
    """Compare awards, and losses, of those who are next to each other in claims."""
    awards = trial.awards()
    if awards is None:
        return
    losses = [d - x for d, x in zip(trial.problem.claims, awards, strict=True)]
    for keys in (trial.keys, keyed(losses)):
        for low, high in _neighbours(trial, keys):
            yield None if keys[low] <= keys[high] else _pair(trial, awards, low, high)


def regressive(trial: Trial) -> Iterator[str | None]:
    """Compare shares awarded of those who are next to each other in claims."""
    yield from _by_share(trial, lambda low, high: bool(low >= high))


def progressive(trial: Trial) -> Iterator[str | None]:
    """Compare shares awarded of those who are next to each other in claims."""
    yield from _by_share(trial, lambda low, high: bool(low <= high))


def _by_share(trial: Trial, fits: Callable[[Any, Any], bool]) -> Iterator[str | None]:
    awards = trial.awards()
    if awards is None:
        return
    claims = trial.problem.claims
    shares = keyed([x / d if d else NOTHING for d, x in zip(claims, awards, strict=True)])
    for low, high in _neighbours(trial, shares):
        if claims[low]:
            yield None if fits(shares[low], shares[high]) else _pair(trial, awards, low, high)


def _neighbours(trial: Trial, keys: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Yield those who are next to each other in claims: of equals the highest and lowest value."""
    get = keys.__getitem__
    ends = [
        equals if len(equals) == 1 else sorted({min(equals, key=get), max(equals, key=get)})
        for equals in trial.equals()
    ]
    for lower, higher in pairwise(ends):
        for low in lower:
            for high in higher:
                yield low, high


def full_compensation(trial: Trial) -> Iterator[str | None]:
    """Look at those who would be served if nobody claimed more than they do."""
    awards = trial.awards()
    if awards is None:
        return
    problem, before = trial.problem, NOTHING
    for served, n in enumerate(trial.order):
        claim = problem.claims[n]
        if before + claim * (len(trial.order) - served) > problem.pool:
            return
        before += claim
        text = f"a pool of {said(problem.pool)} would serve all if nobody claimed more, and"
        yield None if awards[n] >= claim else f"{text} {_gets(trial, n, awards[n])}"


def _pair(trial: Trial, awards: Awards, one: int, other: int) -> str:
    return " while ".join(_gets(trial, n, awards[n]) for n in (one, other))


def _gets(trial: Trial, n: int, award: Fraction) -> str:
    return f"{trial.called(n)} gets {said(award)} of {said(trial.problem.claims[n])}"
