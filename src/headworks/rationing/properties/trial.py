"""A rule put to the test on one problem: how much is tried, and what it awards to each change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, groupby
from typing import TYPE_CHECKING, Any

from headworks.errors import InputError
from headworks.rationing.common import ascending, keyed
from headworks.rationing.properties.words import called
from headworks.rationing.rules.sampling import Sampled

if TYPE_CHECKING:
    from headworks.rationing.properties.problem import Awards, Problem
    from headworks.rationing.rule import Rule


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is tried of one rule."""

    claimants: int
    """How many are changed, one at a time; pairs of them, two at a time."""
    pools: int
    """Into how many parts all claims are cut to make other pools."""
    changes: int = 3
    """How many changes of each kind one claimant goes through."""
    all: bool = False
    """Whether claimants are so few that nothing is left out."""


ALL = 12
"""Claimants up to which each is changed, and each pair."""
EXTENTS = ((100, Extent(8, 8)), (1_000, Extent(3, 4)))
"""The same for more claimants, up to so many."""
LEAST = Extent(2, 2, 1)
"""The same for all others."""
LONG = 20_000_000
"""Bits of all awards together from which they are not shared again: that would take a minute."""
COSTLY = {"random_arrival": ((25, Extent(8, 8)), (32, Extent(3, 4)))}
"""The same for rules whose cost grows fast; beyond the last only the awards are looked at."""


def extent(rule: Rule, claimants: int) -> Extent:
    """Return how much is tried of a rule with so many claimants."""
    if claimants <= ALL:
        return Extent(claimants, 12, 8, all=True)
    for upto, some in COSTLY.get(rule.name, EXTENTS):
        if claimants <= upto:
            return some
    return Extent(0, 0) if rule.name in COSTLY else LEAST


@dataclass(slots=True)
class Trial:
    """A rule put to the test on a problem; what was asked before is not computed again."""

    rule: Rule
    problem: Problem
    names: Sequence[str] = ()
    """Of the claimants, for words; their numbers from 1 if not given."""
    known: dict[object, Awards | None] = field(default_factory=dict)
    """Awards by pool, and by what else they are known as."""
    extent: Extent = field(init=False)
    order: list[int] = field(init=False)
    """Claimants in ascending order of their claims."""
    keys: list[Any] = field(init=False)
    """What is in the order of the awards, as `keyed` returns it; empty where there are none."""

    def __post_init__(self) -> None:
        self.extent = extent(self.rule, len(self.problem.claims))
        self.order = ascending(self.problem.claims)
        self.keys = keyed(self.awards() or ())

    def awards(self, problem: Problem | None = None, known_as: object = None) -> Awards | None:
        """Return what the rule awards, or None where it does not answer, or only by sampling.

        Args:
            problem: Another problem than that of the trial.
            known_as: What it is kept by, if it may be asked for again; problems that differ in the
                pool alone are kept by the pool.
        """
        asked = self.problem if problem is None else problem
        if asked.claims is self.problem.claims and asked.options is self.problem.options:
            known_as = asked.pool
        if known_as is None:
            return self._asked(asked)
        if known_as not in self.known:
            self.known[known_as] = self._asked(asked)
        return self.known[known_as]

    def _asked(self, problem: Problem) -> Awards | None:
        limits = COSTLY.get(self.rule.name)
        if limits and problem != self.problem and len(problem.claims) > limits[-1][0]:
            return None
        try:
            division = self.rule.divide(problem.pool, problem.claims, **dict(problem.options))
        except InputError:
            return None
        return None if isinstance(division, Sampled) else division.awards

    def copied(self, times: int) -> Awards | None:
        """Return the awards of so many pools with everybody so many times, copies side by side."""
        if not self.extent.pools:
            return None
        claims = self.problem.claims
        sources = [(n,) for n in range(len(claims)) for _ in range(times)]
        copied = self.problem.made_of(sources, [claims[n] for (n,) in sources])
        return self.awards(copied.with_pool(times * self.problem.pool), ("copied", times))

    @property
    def long(self) -> bool:
        """Whether awards have so many digits that they cannot be shared again."""
        return sum(award.denominator.bit_length() for award in self.awards() or ()) > LONG

    def claimants(self) -> list[int]:
        """Return who is changed: all, or some from the smallest claim to the largest."""
        some, last = self.extent.claimants, len(self.order) - 1
        if some > last:
            return sorted(self.order)
        return [self.order[last * n // max(some - 1, 1)] for n in range(some)]

    def equals(self) -> Iterator[list[int]]:
        """Yield those of each claim, the smallest first."""
        for _, group in groupby(self.order, key=self.problem.claims.__getitem__):
            yield list(group)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield each pair of those who are changed."""
        yield from combinations(self.claimants(), 2)

    def parts(self, amount: Fraction) -> list[Fraction]:
        """Return twelfths of an amount, or larger parts, the middle first; never all or nothing."""
        wanted = self.extent.pools if amount else 0
        middle_first = sorted(range(1, wanted), key=lambda n: abs(2 * n - wanted))
        return [amount * n / wanted for n in middle_first]

    def called(self, number: int) -> str:
        """Return how a counter-example calls a claimant."""
        return called(number, self.names)
