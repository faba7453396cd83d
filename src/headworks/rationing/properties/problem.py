"""A claims problem that can be changed: other claims, another pool, fewer or more claimants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeAlias

from headworks.errors import InputError
from headworks.rationing.rules.sampling import Sampled

if TYPE_CHECKING:
    from headworks.rationing.rule import Rule

Awards: TypeAlias = tuple[Fraction, ...]

NOTHING = Fraction(0)
BEST = {"weights": max, "scores": max, "days": min}
"""Options of one value for each claimant, and which of several is the best to have."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A pool, claims, and what a rule wants to know of the claimants."""

    pool: Fraction
    claims: tuple[Fraction, ...]
    options: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, pool: Fraction, claims: Sequence[Fraction], options: Mapping[str, Any]) -> Problem:
        """Return a problem with the options of a rule; those given as None are left out."""
        kept = ((name, _held(value)) for name, value in options.items() if value is not None)
        return cls(pool, tuple(claims), tuple(kept))

    @property
    def total(self) -> Fraction:
        """D, the sum of the claims."""
        return sum(self.claims, NOTHING)

    def with_pool(self, pool: Fraction) -> Problem:
        """Return the same claims on another pool."""
        return replace(self, pool=pool)

    def with_claims(self, claims: Sequence[Fraction]) -> Problem:
        """Return the same claimants with other claims."""
        return replace(self, claims=tuple(claims))

    def with_claim(self, claimant: int, claim: Fraction) -> Problem:
        """Return the problem in which one claimant claims something else."""
        before, after = self.claims[:claimant], self.claims[claimant + 1 :]
        return self.with_claims([*before, claim, *after])

    def only(self, claimants: Sequence[int]) -> Problem:
        """Return the problem of some of the claimants."""
        return self.made_of([(n,) for n in claimants], [self.claims[n] for n in claimants])

    def without(self, claimant: int) -> Problem:
        """Return the problem of all claimants but one."""
        return self.only([n for n in range(len(self.claims)) if n != claimant])

    def made_of(self, sources: Sequence[tuple[int, ...]], claims: Sequence[Fraction]) -> Problem:
        """Return the problem of new claimants, each with the best of what its sources have.

        Args:
            sources: For each new claimant, those whom it stands for: one or several.
            claims: The claim of each.
        """
        options = ((name, _inherited(name, value, sources)) for name, value in self.options)
        return Problem(self.pool, tuple(claims), tuple(options))

    def alike(self, claimant: int) -> tuple[Any, ...]:
        """Return what two claimants must have in common to be equals; a bare order is not that."""
        given = [value[claimant] for name, value in self.options if name in BEST]
        return (self.claims[claimant], *given)


def _held(value: Any) -> Any:  # noqa: ANN401 - of any kind that a rule takes
    return tuple(value) if isinstance(value, Sequence) else value


def _inherited(name: str, value: Any, sources: Sequence[tuple[int, ...]]) -> Any:  # noqa: ANN401
    if name in BEST:
        return tuple(BEST[name](value[n] for n in source) for source in sources)
    if name == "priority":
        place = {n: position for position, n in enumerate(value)}
        best = [min(place[n] for n in source) for source in sources]
        return tuple(sorted(range(len(sources)), key=best.__getitem__))
    return value


@dataclass(frozen=True, slots=True)
class Extent:
    """How many changes are tried: claimants that are changed, and pools."""

    claimants: int
    pools: int


ALL = 12
"""Claimants up to which each is changed, and each pair."""
EXTENTS = ((100, Extent(8, 8)), (1_000, Extent(3, 4)))
"""The same for more claimants, up to so many."""
LEAST = Extent(0, 2)
COSTLY = {"random_arrival": ((25, Extent(8, 8)), (32, Extent(3, 4)))}
"""The same for rules whose cost grows fast; beyond the last only the awards are looked at."""


def extent(rule: Rule, claimants: int) -> Extent:
    """Return how much is tried of a rule with so many claimants."""
    if claimants <= ALL:
        return Extent(claimants, 8)
    for upto, some in COSTLY.get(rule.name, EXTENTS):
        if claimants <= upto:
            return some
    return Extent(0, 0) if rule.name in COSTLY else LEAST


@dataclass(slots=True)
class Trial:
    """A rule put to the test on a problem; what was asked before is not computed again."""

    rule: Rule
    problem: Problem
    extent: Extent = field(init=False)
    known: dict[Problem, Awards | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.extent = extent(self.rule, len(self.problem.claims))

    def awards(self, problem: Problem | None = None) -> Awards | None:
        """Return what the rule awards, or None where it does not answer, or only by sampling."""
        asked = self.problem if problem is None else problem
        if asked not in self.known:
            self.known[asked] = self._asked(asked)
        return self.known[asked]

    def _asked(self, problem: Problem) -> Awards | None:
        limits = COSTLY.get(self.rule.name)
        if limits and problem != self.problem and len(problem.claims) > limits[-1][0]:
            return None
        try:
            division = self.rule.divide(problem.pool, problem.claims, **dict(problem.options))
        except InputError:
            return None
        return None if isinstance(division, Sampled) else division.awards

    def claimants(self) -> list[int]:
        """Return who is changed: all, or some from the smallest claim to the largest."""
        everybody = sorted(range(len(self.problem.claims)), key=self.problem.claims.__getitem__)
        some, last = self.extent.claimants, len(everybody) - 1
        if some > last:
            return sorted(everybody)
        return [everybody[last * n // max(some - 1, 1)] for n in range(some)]

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield each pair of those who are changed."""
        yield from combinations(self.claimants(), 2)

    def parts(self, amount: Fraction, parts: int = 4) -> list[Fraction]:
        """Return quarters of an amount: all that are neither nothing nor the whole, or some."""
        wanted = min(parts, self.extent.pools) if amount else 0
        return [amount * n / wanted for n in range(1, wanted)]
