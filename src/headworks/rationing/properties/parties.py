"""What happens when claimants change: one leaves, two merge, one splits, all are doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from operator import eq, ge, le

from headworks.rationing.properties.problem import NOTHING, Trial
from headworks.rationing.properties.words import claimant, said

PARTS = (Fraction(1, 2), Fraction(1, 4))
"""Share of the claim that the first of two parts of a claimant has."""


def population_monotonicity(trial: Trial) -> Iterator[str | None]:
    """Let one leave with nothing."""
    for n in trial.claimants():
        text = f"without {claimant(n)}, who claims {said(trial.problem.claims[n])},"
        yield from _others(trial, _but(trial, n), trial.problem.pool, text, ge)


def linked_monotonicity(trial: Trial) -> Iterator[str | None]:
    """Let one leave with the whole claim."""
    for n in trial.claimants():
        rest = trial.problem.pool - trial.problem.claims[n]
        if rest >= 0:
            text = f"without {claimant(n)} and the {said(trial.problem.claims[n])} that it claims,"
            yield from _others(trial, _but(trial, n), rest, text, le)


def consistency(trial: Trial) -> Iterator[str | None]:
    """Let one leave with the award, and all but two."""
    awards = trial.awards()
    if awards is None:
        return
    for n in trial.claimants():
        text = f"when {claimant(n)} leaves with {said(awards[n])},"
        yield from _others(trial, _but(trial, n), trial.problem.pool - awards[n], text, eq)
    for one, two in trial.pairs() if len(awards) > 2 else ():  # noqa: PLR2004 - a pair of more
        both = awards[one] + awards[two]
        text = f"when all but {claimant(one)} and {claimant(two)} leave with their awards,"
        yield from _others(trial, [one, two], both, text, eq)


def no_advantageous_merging(trial: Trial) -> Iterator[str | None]:
    """Let two become one."""
    base = trial.awards()
    for one, two in trial.pairs() if base is not None else ():
        claims = trial.problem.claims
        sources = [(one, two), *((n,) for n in range(len(claims)) if n not in {one, two})]
        summed = [sum((claims[n] for n in source), NOTHING) for source in sources]
        awards = trial.awards(trial.problem.made_of(sources, summed))
        if awards is not None and base is not None:
            apart = base[one] + base[two]
            yield (
                None
                if awards[0] <= apart
                else (
                    f"merged, {claimant(one)} and {claimant(two)} get {said(awards[0])} instead of "
                    f"{said(base[one])} and {said(base[two])}"
                )
            )


def no_advantageous_splitting(trial: Trial) -> Iterator[str | None]:
    """Let one become two."""
    base = trial.awards()
    for n in trial.claimants() if base is not None else ():
        claims = trial.problem.claims
        sources = [(n,), *((k,) for k in range(len(claims)))]
        for share in PARTS if claims[n] else ():
            part = claims[n] * share
            split = trial.problem.with_claim(n, claims[n] - part).claims
            awards = trial.awards(trial.problem.made_of(sources, [part, *split]))
            if awards is not None and base is not None:
                got = awards[0] + awards[n + 1]
                text = f"split into claims of {said(part)} and {said(split[n])}, {claimant(n)}"
                yield (
                    None
                    if got <= base[n]
                    else (f"{text} gets {said(got)} instead of {said(base[n])}")
                )


def replication_invariance(trial: Trial) -> Iterator[str | None]:
    """Take the pool twice and everybody twice."""
    base = trial.awards()
    claims = trial.problem.claims
    sources = [(n,) for n in range(len(claims)) for _ in range(2)]
    doubled = trial.problem.made_of(sources, [claims[n] for (n,) in sources])
    awards = trial.awards(doubled.with_pool(2 * trial.problem.pool)) if trial.extent.pools else None
    if awards is not None and base is not None:
        other = next((k for k, (n,) in enumerate(sources) if awards[k] != base[n]), None)
        yield (
            None
            if other is None
            else (
                f"with the pool and everybody taken twice, {claimant(other // 2)} gets "
                f"{said(awards[other])} instead of {said(base[other // 2])}"
            )
        )


def _but(trial: Trial, claimant: int) -> list[int]:
    return [n for n in range(len(trial.problem.claims)) if n != claimant]


def _others(
    trial: Trial,
    kept: Sequence[int],
    pool: Fraction,
    text: str,
    fits: Callable[[Fraction, Fraction], bool],
) -> Iterator[str | None]:
    """Yield whether what those who are kept get of another pool fits what they got."""
    base = trial.awards()
    awards = trial.awards(trial.problem.only(kept).with_pool(pool)) if kept else None
    if base is not None and awards is not None:
        other = next((k for k, n in enumerate(kept) if not fits(awards[k], base[n])), None)
        yield (
            None
            if other is None
            else (
                f"{text} {claimant(kept[other])} gets {said(awards[other])} instead of "
                f"{said(base[kept[other]])}"
            )
        )
