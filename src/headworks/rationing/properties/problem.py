"""A claims problem that can be changed: other claims, another pool, fewer or more claimants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Any, TypeAlias

from headworks.rationing.common import total

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
        return total(self.claims)

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
    return _ordered(value, sources) if name == "priority" else value


def _ordered(
    priority: Sequence[int | Sequence[int]], sources: Sequence[tuple[int, ...]]
) -> tuple[tuple[int, ...], ...]:
    """Return the order of new claimants, each at the best place that its sources have.

    Parts of one come one after the other; those who stood equal still do, with all their parts.
    """
    groups = [tuple(one) if isinstance(one, Sequence) else (one,) for one in priority]
    place = {n: position for position, group in enumerate(groups) for n in group}
    best = [min(place[n] for n in source) for source in sources]
    found: list[tuple[int, ...]] = []
    ranked = sorted(range(len(sources)), key=best.__getitem__)
    for position, group in groupby(ranked, key=best.__getitem__):
        heirs = tuple(group)
        found.extend([heirs] if len(groups[position]) > 1 else [(one,) for one in heirs])
    return tuple(found)
