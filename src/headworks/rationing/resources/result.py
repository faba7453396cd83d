"""What sharing several resources answers: awards, dominant shares, and which resource binds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.rationing.exact import rounded, written
from headworks.rationing.intake.names import listed
from headworks.rationing.record.seal import enveloped

if TYPE_CHECKING:
    from headworks.rationing.ballots.ballot import Ballot
    from headworks.rationing.intake.parameters import Parameters
    from headworks.rationing.resources.needs import Needy

NOTHING = Fraction(0)
RULE = "dominant_resource_fairness"
VERSION = 1
"""Raised when the same input gives another answer."""


@dataclass(frozen=True, slots=True)
class ResourceAward:
    """What one claimant gets of all resources."""

    name: str
    claim: Fraction | None
    award: Fraction
    """Units; the part of the request, from 0 to 1, where units are not counted."""
    share: Fraction
    """Its dominant share: the largest that it has of any resource."""
    dominant: str | None
    """The resource of that share; None where it needs none."""
    held_by: str | None
    """The resource that was full first; None where the claim is met."""
    uses: Mapping[str, Fraction]
    """What it uses, by resource."""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "name": self.name,
            "claim": None if self.claim is None else written(self.claim),
            "award": written(self.award),
            "share": written(self.share),
            "dominant": self.dominant,
            "held_by": self.held_by,
            "uses": {resource: written(amount) for resource, amount in self.uses.items()},
        }


@dataclass(frozen=True, slots=True)
class ResourceRation:
    """Resources shared among claimants, with everything needed to share them again."""

    available: Mapping[str, Fraction]
    people: tuple[Needy, ...]
    counted: bool
    """Whether needs are of one unit, and awards count units."""
    parameters: Parameters
    awards: tuple[ResourceAward, ...]
    ballot: Ballot | None
    warnings: tuple[str, ...]

    @property
    def used(self) -> dict[str, Fraction]:
        """What all use together, by resource."""
        return {
            resource: sum((one.uses[resource] for one in self.awards), NOTHING)
            for resource in self.available
        }

    @property
    def left(self) -> dict[str, Fraction]:
        """What nobody uses, by resource."""
        used = self.used
        return {resource: amount - used[resource] for resource, amount in self.available.items()}

    def reasons(self) -> list[str]:
        """Return which resource holds whom, and who has all that it asked for, as sentences."""
        found: list[str] = []
        for resource, left in self.left.items():
            held = [one.name for one in self.awards if one.held_by == resource]
            if held:
                state = "is full" if not left else f"has {_near(left)} left, too little for a unit"
                found.append(f"{resource} {state} and holds {listed(held)}")
            else:
                found.append(f"{resource} holds nobody: {_near(left)} are left")
        met = [one.name for one in self.awards if one.held_by is None]
        if met:
            found.append(f"{listed(met)} {'has' if len(met) == 1 else 'have'} all that is claimed")
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain values, exact numbers as text."""
        return {
            "rule": RULE,
            "resources": self._resources(),
            "counted": self.counted,
            "names": [one.name for one in self.awards],
            "claims": [None if one.claim is None else written(one.claim) for one in self.awards],
            "awards": [written(one.award) for one in self.awards],
            "shares": [written(one.share) for one in self.awards],
            "dominant": [one.dominant for one in self.awards],
            "held_by": [one.held_by for one in self.awards],
            "left": {resource: written(amount) for resource, amount in self.left.items()},
            "reasons": self.reasons(),
            "warnings": list(self.warnings),
            "record": self.to_record(),
        }

    def to_record(self) -> dict[str, Any]:
        """Return the record."""
        inputs = {
            "available": [
                {"name": name, "amount": written(amount)} for name, amount in self.available.items()
            ],
            "claimants": [one.to_json() for one in self.people],
            "counted": self.counted,
            "parameters": self.parameters.to_json(),
        }
        answer = {
            "rule": {"name": RULE, "version": VERSION},
            "ballot": None if self.ballot is None else self.ballot.to_json(),
            "resources": self._resources(),
            "awards": [one.to_json() for one in self.awards],
            "left": {resource: written(amount) for resource, amount in self.left.items()},
            "reasons": self.reasons(),
            "warnings": list(self.warnings),
        }
        return enveloped("resources", inputs, answer)

    def _resources(self) -> list[dict[str, Any]]:
        used = self.used
        return [
            {"name": name, "available": written(amount), "used": written(used[name])}
            for name, amount in self.available.items()
        ]


def _near(amount: Fraction) -> str:
    return rounded(amount) if amount.denominator == 1 else f"≈ {rounded(amount)}"
