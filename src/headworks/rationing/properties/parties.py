"""What happens when claimants change: one leaves or comes, two merge, one splits, all double."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from operator import eq, ge, le
from typing import TYPE_CHECKING, Any

from headworks.rationing.common import keyed
from headworks.rationing.properties.problem import NOTHING, Awards
from headworks.rationing.properties.words import said

if TYPE_CHECKING:
    from headworks.rationing.properties.trial import Trial

PARTS = (
    (1, 1), (1, 3), (1, 1, 1), (1, 11), (1, 1, 4),
)  # fmt: skip
"""Into what a claimant is split, as ratios of its claim; the first are tried first, or alone."""
NEWCOMERS = (Fraction(1), Fraction(1, 4), Fraction(2))
"""What newcomers claim, as shares of the claims that there are."""


def population_monotonicity(trial: Trial) -> Iterator[str | None]:
    """Let one leave with nothing, and a newcomer come."""
    problem = trial.problem
    for n in trial.claimants():
        text = f"without {trial.called(n)}, who claims {said(problem.claims[n])},"
        yield from _others(trial, _but(trial, n), problem.pool, text, ge)
    for n, claim in _newcomers(trial):
        text = f"with a newcomer who claims {said(claim)}"
        yield from _joined(trial, (n, claim), problem.pool, text, le)


def linked_monotonicity(trial: Trial) -> Iterator[str | None]:
    """Let one leave with the whole claim, and a newcomer come with it."""
    problem = trial.problem
    for n in trial.claimants():
        rest = problem.pool - problem.claims[n]
        if rest >= 0:
            text = f"without {trial.called(n)} and the {said(problem.claims[n])} that it claims,"
            yield from _others(trial, _but(trial, n), rest, text, le)
    for n, claim in _newcomers(trial):
        text = f"with a newcomer who claims and brings {said(claim)}"
        yield from _joined(trial, (n, claim), problem.pool + claim, text, ge)


def consistency(trial: Trial) -> Iterator[str | None]:
    """Let one leave with the award, and all but two."""
    awards = trial.awards()
    if awards is None:
        return
    for n in trial.claimants():
        text = f"when {trial.called(n)} leaves with {said(awards[n])},"
        yield from _others(trial, _but(trial, n), trial.problem.pool - awards[n], text, eq)
    for one, two in trial.pairs() if len(awards) > 2 else ():  # noqa: PLR2004 - a pair of more
        both = awards[one] + awards[two]
        text = f"when all but {trial.called(one)} and {trial.called(two)} leave with their awards,"
        yield from _others(trial, [one, two], both, text, eq)


def no_advantageous_merging(trial: Trial) -> Iterator[str | None]:
    """Let some become one, and compare one with what it would get as several."""
    base = trial.awards()
    for some, merged in _merged(trial):
        if base is not None:
            who, apart = _listed(map(trial.called, some)), [base[n] for n in some]
            text = f"merged, {who} get {said(merged)} instead of {_listed(map(said, apart))}"
            yield None if merged <= sum(apart) else text
    for n, parts, got in _splits(trial):
        if base is not None:
            text = (
                f"claims of {_listed(map(said, parts))} in place of {trial.called(n)} get "
                f"{said(got)}, and {said(base[n])} merged"
            )
            yield None if base[n] <= got else text


def no_advantageous_splitting(trial: Trial) -> Iterator[str | None]:
    """Let one become several, and compare some with what they would get as one."""
    base = trial.awards()
    for n, parts, got in _splits(trial):
        if base is not None:
            text = (
                f"split into claims of {_listed(map(said, parts))}, {trial.called(n)} gets "
                f"{said(got)} instead of {said(base[n])}"
            )
            yield None if got <= base[n] else text
    for some, merged in _merged(trial):
        if base is not None:
            who, apart = _listed(map(trial.called, some)), [base[n] for n in some]
            text = (
                f"one who claims what {who} claim gets {said(merged)}, and "
                f"{_listed(map(said, apart))} when split"
            )
            yield None if sum(apart) <= merged else text


def replication_invariance(trial: Trial) -> Iterator[str | None]:
    """Take the pool and everybody twice, and three times."""
    base = trial.awards()
    for times, word in ((2, "twice"), (3, "three times"))[: trial.extent.changes]:
        awards = trial.copied(times)
        if awards is None or base is None:
            continue
        other = next((k for k, award in enumerate(awards) if award != base[k // times]), None)
        yield (
            None
            if other is None
            else (
                f"with the pool and everybody taken {word}, {trial.called(other // times)} gets "
                f"{said(awards[other])} instead of {said(base[other // times])}"
            )
        )


def _merged(trial: Trial) -> Iterator[tuple[tuple[int, ...], Fraction]]:
    """Yield who is merged, each pair and all but each one, and what they get as one."""
    claims = trial.problem.claims
    groups: list[tuple[int, ...]] = [*trial.pairs()]
    if trial.extent.all and len(claims) > 3:  # noqa: PLR2004 - all but one of three are a pair
        groups += [tuple(_but(trial, n)) for n in range(len(claims))]
    for some in groups:
        sources = [some, *((n,) for n in range(len(claims)) if n not in some)]
        summed = [sum((claims[n] for n in source), NOTHING) for source in sources]
        awards = trial.awards(trial.problem.made_of(sources, summed), ("merged", some))
        if awards is not None:
            yield some, awards[0]


def _splits(trial: Trial) -> Iterator[tuple[int, list[Fraction], Fraction]]:
    """Yield who is split, what the parts claim, and what they get together."""
    claims = trial.problem.claims
    for n in trial.claimants():
        others = [k for k in range(len(claims)) if k != n]
        for ratios in PARTS[: trial.extent.changes] if claims[n] else ():
            parts = [claims[n] * ratio / sum(ratios) for ratio in ratios]
            sources = [*((n,) for _ in parts), *((k,) for k in others)]
            problem = trial.problem.made_of(sources, [*parts, *(claims[k] for k in others)])
            awards = trial.awards(problem, ("split", n, ratios))
            if awards is not None:
                yield n, parts, sum(awards[: len(parts)], NOTHING)


def _newcomers(trial: Trial) -> Iterator[tuple[int, Fraction]]:
    """Yield whom a newcomer is like, and what it claims."""
    claimants = trial.claimants()
    for share in NEWCOMERS[: trial.extent.changes]:
        for n in claimants if trial.extent.changes > 1 else claimants[-1:]:
            if trial.problem.claims[n]:
                yield n, trial.problem.claims[n] * share


def _listed(words: Iterable[str]) -> str:
    """Return words as a sentence lists them: a, b and c."""
    *first, last = words
    return f"{', '.join(first)} and {last}"


def _but(trial: Trial, claimant: int) -> list[int]:
    return [n for n in range(len(trial.problem.claims)) if n != claimant]


def _others(
    trial: Trial, kept: Sequence[int], pool: Fraction, text: str, fits: Callable[[Any, Any], bool]
) -> Iterator[str | None]:
    """Yield whether what those who are kept get of another pool fits what they got."""
    awards = trial.awards(trial.problem.only(kept).with_pool(pool)) if kept else None
    yield from _compared(trial, kept, awards, text, fits)


def _joined(
    trial: Trial, newcomer: tuple[int, Fraction], pool: Fraction, text: str,
    fits: Callable[[Any, Any], bool],
) -> Iterator[str | None]:  # fmt: skip
    """Yield whether what all get beside a newcomer, of another pool, fits what they got."""
    (like, claim), claims = newcomer, trial.problem.claims
    sources = [*((k,) for k in range(len(claims))), (like,)]
    joined = trial.problem.made_of(sources, [*claims, claim]).with_pool(pool)
    awards = trial.awards(joined)
    yield from _compared(trial, range(len(claims)), awards and awards[:-1], text, fits)


def _compared(
    trial: Trial, kept: Sequence[int], awards: Awards | None, text: str,
    fits: Callable[[Any, Any], bool],
) -> Iterator[str | None]:  # fmt: skip
    """Yield whether the awards of some claimants fit what they got."""
    base = trial.awards()
    if base is None or awards is None:
        return
    before = [base[n] for n in kept]
    mine, theirs = (
        (awards, before) if fits is eq else (keyed(awards), [trial.keys[n] for n in kept])
    )
    pairs = zip(mine, theirs, strict=True)
    other = next((k for k, pair in enumerate(pairs) if not fits(*pair)), None)
    yield (
        None
        if other is None
        else (
            f"{text} {trial.called(kept[other])} gets {said(awards[other])} instead of "
            f"{said(before[other])}"
        )
    )
