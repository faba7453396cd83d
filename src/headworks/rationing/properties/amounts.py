"""What happens when amounts change: the pool, or what somebody claims."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from headworks.rationing.properties.problem import NOTHING, Awards, Trial
from headworks.rationing.properties.words import claimant, said
from headworks.rationing.rules.proportional import minimal_rights


def endowment_monotonicity(trial: Trial) -> Iterator[str | None]:
    """Raise the pool from one to the next."""
    problem = trial.problem
    pools = sorted({problem.pool, *trial.parts(problem.total, 8)})
    for low, high in pairwise(pools):
        before, after = (trial.awards(problem.with_pool(pool)) for pool in (low, high))
        if before is not None and after is not None:
            worse = _first_less(after, before)
            yield (
                None
                if worse is None
                else (
                    f"with the pool raised from {said(low)} to {said(high)} {claimant(worse)} gets "
                    f"{said(after[worse])} instead of {said(before[worse])}"
                )
            )


def claim_monotonicity(trial: Trial) -> Iterator[str | None]:
    """Raise and lower each claim."""
    base = trial.awards()
    for n in trial.claimants() if base is not None else ():
        claim = trial.problem.claims[n]
        for factor in (Fraction(1, 2), Fraction(3, 2), Fraction(2)):
            awards = trial.awards(trial.problem.with_claim(n, claim * factor))
            if awards is None or not claim or base is None:
                continue
            fits = awards[n] >= base[n] if factor > 1 else awards[n] <= base[n]
            yield (
                None
                if fits
                else (
                    f"with claim {n + 1} changed from {said(claim)} to {said(claim * factor)} "
                    f"{claimant(n)} gets {said(awards[n])} instead of {said(base[n])}"
                )
            )


def truncation_invariance(trial: Trial) -> Iterator[str | None]:
    """Cut all claims to the pool."""
    problem = trial.problem
    if max(problem.claims) > problem.pool:
        cut = [min(claim, problem.pool) for claim in problem.claims]
        text = f"with claims cut to the pool of {said(problem.pool)}"
        yield from _differs(trial.awards(), trial.awards(problem.with_claims(cut)), text)


def minimal_rights_first(trial: Trial) -> Iterator[str | None]:
    """Give first what is left to each if all others are served, then share the rest."""
    problem = trial.problem
    rights = minimal_rights(problem.pool, problem.claims)
    if any(rights) and problem.pool <= problem.total:
        left = [d - m for d, m in zip(problem.claims, rights, strict=True)]
        rest = problem.with_claims(left).with_pool(problem.pool - sum(rights, NOTHING))
        text = f"when {said(problem.pool - rest.pool)} is given first as minimal rights"
        yield from _differs(trial.awards(), _on_top(rights, trial.awards(rest)), text)


def composition_up(trial: Trial) -> Iterator[str | None]:
    """Release the pool in two parts."""
    problem = trial.problem
    for first in trial.parts(min(problem.pool, problem.total)):
        got = trial.awards(problem.with_pool(first))
        if got is not None:
            left = [d - x for d, x in zip(problem.claims, got, strict=True)]
            rest = problem.with_claims(left).with_pool(problem.pool - first)
            text = f"when {said(first)} is released first, then {said(rest.pool)}"
            yield from _differs(trial.awards(), _on_top(got, trial.awards(rest)), text)


def composition_down(trial: Trial) -> Iterator[str | None]:
    """Promise awards from a larger pool, then share what there is by them."""
    problem = trial.problem
    short = problem.total - problem.pool
    for more in trial.parts(max(short, NOTHING)):
        promised = trial.awards(problem.with_pool(problem.pool + more))
        if promised is not None:
            text = f"when awards of {said(problem.pool + more)} are cut to {said(problem.pool)}"
            yield from _differs(trial.awards(), trial.awards(problem.with_claims(promised)), text)


def self_duality(trial: Trial) -> Iterator[str | None]:
    """Share what is missing by the same rule, and take it from the claims."""
    problem = trial.problem
    short = problem.total - problem.pool
    losses = trial.awards(problem.with_pool(short)) if short >= 0 else None
    if losses is not None:
        kept = tuple(d - x for d, x in zip(problem.claims, losses, strict=True))
        text = f"when what is missing, {said(short)}, is shared as losses"
        yield from _differs(trial.awards(), kept, text)


def _first_less(awards: Awards, least: Awards) -> int | None:
    return next((n for n, x in enumerate(awards) if x < least[n]), None)


def _on_top(first: Awards, more: Awards | None) -> Awards | None:
    return more and tuple(a + b for a, b in zip(first, more, strict=True))


def _differs(base: Awards | None, awards: Awards | None, text: str) -> Iterator[str | None]:
    """Yield whether two ways to share agree, if both are answered."""
    if base is not None and awards is not None:
        n = next((n for n, x in enumerate(awards) if x != base[n]), None)
        yield (
            None
            if n is None
            else (f"{text}, {claimant(n)} gets {said(awards[n])} instead of {said(base[n])}")
        )
