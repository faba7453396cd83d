"""Steps from requests to claims: verified need, past use, truncation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.rationing.exact import written

if TYPE_CHECKING:
    from headworks.rationing.intake.claimant import Claimant
    from headworks.rationing.intake.parameters import Parameters

NOTHING = Fraction(0)


@dataclass(slots=True)
class Step:
    """One step of a rationing, and whose amount it changed."""

    name: str
    what: str
    """What was done, as a sentence."""
    changed: dict[str, tuple[Fraction | str, Fraction]] = field(default_factory=dict)
    """By claimant, the amount before and after; some digits as text, `≈ 0.25`, of what a rule would
    have given where that has too many."""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "step": self.name,
            "what": self.what,
            "changed": {
                name: [before if isinstance(before, str) else written(before), written(after)]
                for name, (before, after) in self.changed.items()
            },
        }


def verified(
    people: Sequence[Claimant], parameters: Parameters
) -> tuple[list[Fraction], list[Step]]:
    """Return what each claimant may claim of its request by need and past use, and the steps.

    Each is looked at by itself, before related parties are merged: what one member of a party does
    not need covers no other's order.
    """
    claims = [one.request for one in people]
    steps: list[Step] = []
    if any(one.need is not None for one in people):
        what = "a claim is at most the verified need, less stock and undelivered awards"
        steps.append(_cut("need", what, people, claims, [_need(one) for one in people]))
    if parameters.min_use is not None:
        least = f"{float(parameters.min_use):.4g}"
        what = f"who used less than {least} of earlier awards claims at most that use"
        limits = [_use(one, parameters.min_use) for one in people]
        steps.append(_cut("use", what, people, claims, limits))
    return claims, steps


def truncated(people: Sequence[Claimant], claims: list[Fraction], pool: Fraction) -> Step:
    """Cut claims to the pool, and return that step."""
    what = "no claim counts for more than the pool"
    return _cut("truncate", what, people, claims, [pool] * len(people))


def _cut(
    name: str, what: str, people: Sequence[Claimant], claims: list[Fraction],
    limits: Sequence[Fraction | None],
) -> Step:  # fmt: skip
    step = Step(name, what)
    for n, limit in enumerate(limits):
        if limit is not None and limit < claims[n]:
            step.changed[people[n].name] = (claims[n], limit)
            claims[n] = limit
    return step


def _need(one: Claimant) -> Fraction | None:
    if one.need is None:
        return None
    return max(NOTHING, one.need - (one.stock or NOTHING) - (one.undelivered or NOTHING))


def _use(one: Claimant, least: Fraction) -> Fraction | None:
    if not one.awarded or one.used is None or one.used >= least * one.awarded:
        return None
    return one.used
