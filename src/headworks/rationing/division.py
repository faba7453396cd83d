"""What a rule answers: the awards, and the level at which it cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Division:
    """The awards of one claims problem, in the order of its claims."""

    awards: tuple[Fraction, ...]
    level: Fraction | None = None
    """λ of the rule's formula; None where the formula has none, or nothing was short."""


Exact: TypeAlias = Callable[..., Division]
"""`rule(pool, claims, **options)` over fractions; nothing is negative, and there is a claim."""
