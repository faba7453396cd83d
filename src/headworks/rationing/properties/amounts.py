"""What happens when amounts change: the pool, or what somebody claims."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from headworks.rationing.common import keyed, total
from headworks.rationing.properties.problem import NOTHING, Awards, Problem
from headworks.rationing.properties.words import said
from headworks.rationing.rules.proportional import minimal_rights

if TYPE_CHECKING:
    from headworks.rationing.properties.trial import Trial

FACTORS = (Fraction(2), Fraction(1, 2), Fraction(3, 2))
"""What a claim is multiplied by."""


def endowment_monotonicity(trial: Trial) -> Iterator[str | None]:
    """Raise the pool from one to the next."""
    problem = trial.problem
    pools = sorted({problem.pool, *trial.parts(problem.total)})
    for low, high in pairwise(pools):
        before, after = (trial.awards(problem.with_pool(pool)) for pool in (low, high))
        if before is not None and after is not None:
            worse = _first_less(after, before)
            yield (
                None
                if worse is None
                else (
                    f"with the pool raised from {said(low)} to {said(high)} {trial.called(worse)} "
                    f"gets {said(after[worse])} instead of {said(before[worse])}"
                )
            )


def claim_monotonicity(trial: Trial) -> Iterator[str | None]:
    """Raise and lower each claim."""
    base = trial.awards()
    for n in trial.claimants() if base is not None else ():
        claim = trial.problem.claims[n]
        for factor in FACTORS[: trial.extent.changes]:
            awards = trial.awards(trial.problem.with_claim(n, claim * factor))
            if awards is None or not claim or base is None:
                continue
            fits = awards[n] >= base[n] if factor > 1 else awards[n] <= base[n]
            yield (
                None
                if fits
                else (
                    f"with a claim of {said(claim * factor)} instead of {said(claim)} "
                    f"{trial.called(n)} gets {said(awards[n])} instead of {said(base[n])}"
                )
            )


def truncation_invariance(trial: Trial) -> Iterator[str | None]:
    """Cut all claims to the pool, and raise each from the pool to twice as much."""
    problem, pool = trial.problem, trial.problem.pool
    if max(problem.claims) > pool:
        cut = [min(claim, pool) for claim in problem.claims]
        text = f"with claims cut to the pool of {said(pool)}"
        yield from _differs(trial, trial.awards(), problem.with_claims(cut), text)
    claimants = trial.claimants() if trial.extent.changes > 1 else trial.claimants()[-1:]
    for n in claimants if pool else ():
        low = max(problem.claims[n], pool)
        text = f"with a claim of {trial.called(n)} of {said(2 * low)} instead of {said(low)}"
        reached = trial.awards(problem.with_claim(n, low))
        yield from _differs(trial, reached, problem.with_claim(n, 2 * low), text)


def minimal_rights_first(trial: Trial) -> Iterator[str | None]:
    """Give first what is left to each if all others are served, then share the rest."""
    problem = trial.problem
    rights = minimal_rights(problem.pool, problem.claims)
    if any(rights) and problem.pool <= problem.total:
        left = [d - m for d, m in zip(problem.claims, rights, strict=True)]
        rest = problem.with_claims(left).with_pool(problem.pool - total(rights))
        text = f"when {said(problem.pool - rest.pool)} is given first as minimal rights"
        yield from _unlike(trial, trial.awards(), _on_top(rights, trial.awards(rest)), text)


def composition_up(trial: Trial) -> Iterator[str | None]:
    """Release the pool in two parts, and more after it."""
    if trial.long:
        return
    problem = trial.problem
    short = max(problem.total - problem.pool, NOTHING)
    firsts = trial.parts(min(problem.pool, problem.total))
    stages = [(first, problem.pool) for first in firsts]
    stages += [(problem.pool, problem.pool + more) for more in trial.parts(short)]
    for first, both in stages:
        got, at_once = (trial.awards(problem.with_pool(pool)) for pool in (first, both))
        if got is not None:
            left = [d - x for d, x in zip(problem.claims, got, strict=True)]
            rest = problem.with_claims(left).with_pool(both - first)
            text = f"when {said(first)} is released first, then {said(rest.pool)}"
            yield from _unlike(trial, at_once, _on_top(got, trial.awards(rest)), text)


def composition_down(trial: Trial) -> Iterator[str | None]:
    """Cut the pool after the awards, or promise awards of a larger pool and then cut to this."""
    if trial.long:
        return
    problem = trial.problem
    short = problem.total - problem.pool
    stages = [(problem.pool, less) for less in trial.parts(problem.pool if short >= 0 else NOTHING)]
    stages += [(problem.pool + more, problem.pool) for more in trial.parts(max(short, NOTHING))]
    for larger, smaller in stages:
        promised, wanted = (trial.awards(problem.with_pool(pool)) for pool in (larger, smaller))
        if promised is not None:
            text = f"when awards of {said(larger)} are cut to {said(smaller)}"
            cut = problem.with_claims(promised).with_pool(smaller)
            yield from _differs(trial, wanted, cut, text)


def self_duality(trial: Trial) -> Iterator[str | None]:
    """Share what is missing by the same rule, and take it from the claims."""
    problem = trial.problem
    short = problem.total - problem.pool
    losses = trial.awards(problem.with_pool(short)) if short >= 0 else None
    if losses is not None:
        kept = tuple(d - x for d, x in zip(problem.claims, losses, strict=True))
        text = f"when what is missing, {said(short)}, is shared as losses"
        yield from _unlike(trial, trial.awards(), kept, text)


def _first_less(awards: Awards, least: Awards) -> int | None:
    pairs = zip(keyed(awards), keyed(least), strict=True)
    return next((n for n, (x, y) in enumerate(pairs) if x < y), None)


def _on_top(first: Awards, more: Awards | None) -> Awards | None:
    return more and tuple(a + b for a, b in zip(first, more, strict=True))


def _differs(
    trial: Trial, base: Awards | None, problem: Problem, text: str
) -> Iterator[str | None]:
    """Yield whether awards are those of another problem, if both are answered."""
    if base is not None:
        yield from _unlike(trial, base, trial.awards(problem), text)


def _unlike(
    trial: Trial, base: Awards | None, awards: Awards | None, text: str
) -> Iterator[str | None]:
    """Yield whether two ways to share agree, if both are answered."""
    if base is not None and awards is not None:
        n = next((n for n, x in enumerate(awards) if x != base[n]), None)
        yield (
            None
            if n is None
            else (f"{text}, {trial.called(n)} gets {said(awards[n])} instead of {said(base[n])}")
        )
