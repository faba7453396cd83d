"""What the awards of one problem show by themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from headworks.rationing.properties.problem import NOTHING, Awards, Problem, Trial
from headworks.rationing.properties.words import claimant, said


def balance(trial: Trial) -> Iterator[str | None]:
    """Sum the awards."""
    for problem, awards in _at_pools(trial):
        given, wanted = sum(awards, NOTHING), min(problem.pool, problem.total)
        fits = given in {wanted, problem.pool}
        yield None if fits else f"of a pool of {said(problem.pool)} {said(given)} is awarded"


def bounds(trial: Trial) -> Iterator[str | None]:
    """Compare each award with nothing and with the claim."""
    for problem, awards in _at_pools(trial):
        for n, (claim, award) in enumerate(zip(problem.claims, awards, strict=True)):
            text = f"of a pool of {said(problem.pool)} {_gets(n, award, claim)}"
            yield None if 0 <= award <= claim else text


def _at_pools(trial: Trial) -> Iterator[tuple[Problem, Awards]]:
    pools = trial.parts(trial.problem.total, 8)
    for problem in (trial.problem, *map(trial.problem.with_pool, pools)):
        awards = trial.awards(problem)
        if awards is not None:
            yield problem, awards


def equal_treatment(trial: Trial) -> Iterator[str | None]:
    """Compare claimants of equal claims."""
    awards = trial.awards()
    first: dict[object, int] = {}
    for n in range(len(awards or ())):
        other = first.setdefault(trial.problem.alike(n), n)
        if awards is not None and other != n:
            yield None if awards[n] == awards[other] else _pair(trial, awards, other, n)


def order_preservation(trial: Trial) -> Iterator[str | None]:
    """Compare awards, and losses, of those who are next to each other in claims."""
    awards = trial.awards()
    if awards is None:
        return
    losses = [d - x for d, x in zip(trial.problem.claims, awards, strict=True)]
    for values in (awards, losses):
        for low, high in _neighbours(trial, values):
            yield None if values[low] <= values[high] else _pair(trial, awards, low, high)


def regressive(trial: Trial) -> Iterator[str | None]:
    """Compare shares awarded of those who are next to each other in claims."""
    yield from _by_share(trial, lambda low, high: low >= high)


def progressive(trial: Trial) -> Iterator[str | None]:
    """Compare shares awarded of those who are next to each other in claims."""
    yield from _by_share(trial, lambda low, high: low <= high)


def _by_share(trial: Trial, fits: Callable[[Fraction, Fraction], bool]) -> Iterator[str | None]:
    awards = trial.awards()
    if awards is None:
        return
    claims = trial.problem.claims
    shares = [x / d if d else NOTHING for d, x in zip(claims, awards, strict=True)]
    for low, high in _neighbours(trial, shares):
        if claims[low]:
            fine = fits(shares[low], shares[high])
            yield None if fine else _pair(trial, awards, low, high)


def _neighbours(trial: Trial, values: Sequence[Fraction]) -> Iterator[tuple[int, int]]:
    """Yield those who are next to each other in claims: of equals the highest and lowest value."""
    groups: dict[Fraction, list[int]] = {}
    for n in sorted(range(len(values)), key=values.__getitem__):
        groups.setdefault(trial.problem.claims[n], []).append(n)
    ordered = [groups[claim] for claim in sorted(groups)]
    for lower, higher in pairwise(ordered):
        for low in {lower[0], lower[-1]}:
            for high in {higher[0], higher[-1]}:
                yield low, high


def full_compensation(trial: Trial) -> Iterator[str | None]:
    """Look at those who would be served if nobody claimed more than they do."""
    awards = trial.awards()
    if awards is None:
        return
    problem, before = trial.problem, NOTHING
    ordered = sorted(range(len(awards)), key=problem.claims.__getitem__)
    for served, n in enumerate(ordered):
        claim = problem.claims[n]
        if before + claim * (len(ordered) - served) > problem.pool:
            return
        before += claim
        text = f"a pool of {said(problem.pool)} would serve all if nobody claimed more, and"
        yield None if awards[n] >= claim else f"{text} {_gets(n, awards[n], claim)}"


def _pair(trial: Trial, awards: Awards, one: int, other: int) -> str:
    return " while ".join(_gets(n, awards[n], trial.problem.claims[n]) for n in (one, other))


def _gets(n: int, award: Fraction, claim: Fraction) -> str:
    return f"{claimant(n)} gets {said(award)} of {said(claim)}"
