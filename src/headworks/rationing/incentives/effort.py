"""How far misreports are searched for: whose, which, and for how long; told with the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headworks.rationing.incentives.game import BOUND
from headworks.rationing.incentives.grouping import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from headworks.rationing.rule import Rule

ALL = 25
"""Claimants up to which each is looked at."""
SOME = 12
"""How many of more than that are, evenly from the smallest need to the largest."""
TRIES, TRIES_MAX = 400_000, 60_000
"""Requests, times claimants, that are compared in search of one equilibrium, and requests alone."""
COSTLY = {"random_arrival": (12, 25)}
"""Claimants from which a rule takes so long that less is tried, and up to which it is tried at all;
an award to one of 25 takes a hundredth of a second, and to one of 40 a second."""
FEW = 8
"""Claimants that are looked at under such a rule."""
COSTLY_TRIES, SOUGHT = 300, 18
"""Requests that are compared for it in search of one equilibrium, and claimants up to which one is
sought."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What is tried under one rule."""

    looked_at: tuple[int, ...]
    """Numbers of the claimants whose overstating, splitting and merging is tried."""
    unequal: bool
    """Whether they are split into unequal parts, too."""
    tries_max: int
    """Requests compared after which no further round of replies is begun; with 0 no equilibrium is
    sought."""

    def to_json(self, names: Sequence[str]) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "looked_at": [names[n] for n in self.looked_at],
            "parts": list(PARTS),
            "unequal_parts": self.unequal,
            "requests_tried_max": self.tries_max,
        }

    def text(self, claimants: int) -> str:
        """Return what was tried, as a sentence without its end."""
        who = "every claimant"
        if len(self.looked_at) < claimants:
            who = (
                f"{len(self.looked_at)} of {claimants} claimants, evenly from the smallest need to "
                "the largest,"
            )
        parts = f"{', '.join(map(str, PARTS[:-1]))} or {PARTS[-1]}"
        sizes = "equal parts and parts of different size" if self.unequal else "equal parts"
        replies = (
            f"replies until {self.tries_max:,} requests were compared"
            if self.tries_max
            else "no equilibrium was sought"
        )
        return (
            f"{who} with requests up to {BOUND} times the pool or the largest need, split into "
            f"{parts}, in {sizes}, and merged in pairs; {replies}"
        )


def effort(rule: Rule, needs: Sequence[Fraction]) -> Effort | None:
    """Return what is tried under a rule; None where claimants are too many for it."""
    count = len(needs)
    ranked = sorted(range(count), key=needs.__getitem__)
    many, too_many = COSTLY.get(rule.name, (ALL, count))
    if count > too_many:
        return None
    tries = min(TRIES // max(count, 1), TRIES_MAX)
    some = FEW if rule.name in COSTLY else SOME
    if count <= many:
        return Effort(tuple(range(count)), unequal=True, tries_max=tries)
    looked_at = sorted(ranked[(count - 1) * n // (some - 1)] for n in range(some))
    if rule.name in COSTLY:
        tries = COSTLY_TRIES if count <= SOUGHT else 0
        return Effort(tuple(looked_at), unequal=False, tries_max=tries)
    return Effort(tuple(looked_at), unequal=True, tries_max=tries)
