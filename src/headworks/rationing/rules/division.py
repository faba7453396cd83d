"""What a rule answers: the awards, the level at which it cut, and who stood at the cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from headworks.rationing.common import total


@dataclass(frozen=True, slots=True)
class CutOff:
    """Where a rule that serves claimants in order was cut off; numbers count from 0."""

    last: tuple[int, ...]
    """Who got the last of the pool, perhaps in part: one, or several who stand equal. Nobody where
    there was nothing to share."""
    following: tuple[int, ...]
    """Who would be served next and gets nothing; nobody where all get something."""
    margin: Fraction | None = None
    """Points of the last above those of the next, 0 where another order decided between them; None
    where there are no points, or one of the two is missing."""

    def of(self, asked: Sequence[int]) -> CutOff:
        """Return the same with other numbers: those of the claimants who were asked about."""
        last, following = ((asked[n] for n in group) for group in (self.last, self.following))
        return CutOff(tuple(last), tuple(following), self.margin)


@dataclass(frozen=True, slots=True)
class Division:
    """The awards of one claims problem, in the order of its claims."""

    awards: tuple[Fraction, ...]
    level: Fraction | None = None
    """λ of the rule's formula; None where the formula has none, or nothing was short."""
    cut_off: CutOff | None = None
    """None where the rule serves in no order, or nothing was short."""
    given: Fraction | None = None
    """What awards known by bounds sum to; None where they are exact."""

    @property
    def total(self) -> Fraction:
        """What the awards sum to."""
        return total(self.awards) if self.given is None else self.given


Exact: TypeAlias = Callable[..., Division]
"""`rule(pool, claims, **options)` over fractions; nothing is negative, and there is a claim."""
