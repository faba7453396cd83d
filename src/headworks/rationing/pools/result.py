"""What sharing several pools answers: awards of each pool, and what went on to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.rationing.exact import written
from headworks.rationing.record.seal import enveloped
from headworks.rationing.rule import rule as named_rule
from headworks.rationing.steps.serving import NOTHING

if TYPE_CHECKING:
    from headworks.rationing.intake.claimant import Claimant
    from headworks.rationing.intake.parameters import Parameters
    from headworks.rationing.pools.measures import Measure
    from headworks.rationing.result import Ration
    from headworks.rationing.steps.step import Step

AROUND = frozenset({"format", "software", "inputs", "inputs_sha256", "sha256"})
"""Parts of a record that the record of several pools has once."""


@dataclass(frozen=True, slots=True)
class PooledAward:
    """What one claimant asked for, may claim, and gets of each pool; amounts in their unit."""

    name: str
    request: Fraction
    claim: Fraction
    by_pool: Mapping[str, Fraction]
    """Award of each pool that it may be served from, in the order in which they are served."""
    members: tuple[str, ...] = ()
    """The related parties that it stands for, if any."""
    units: Fraction | None = None
    """The same in its own units; None where units have no size."""

    @property
    def award(self) -> Fraction:
        """What it gets of all pools."""
        return sum(self.by_pool.values(), NOTHING)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        found: dict[str, Any] = {
            "name": self.name,
            "claim": written(self.claim),
            "award": written(self.award),
            "pools": {name: written(award) for name, award in self.by_pool.items()},
        }
        if self.units is not None:
            found["units"] = written(self.units)
        return found


@dataclass(frozen=True, slots=True)
class PooledRation:
    """Several pools shared among claimants, with everything needed to share them again."""

    pools: Mapping[str, Ration]
    """What each pool gave, in the order in which they were served."""
    unit: str
    people: tuple[Claimant, ...]
    """The claimants as they were given."""
    parameters: Parameters
    awards: tuple[PooledAward, ...]
    steps: tuple[Step, ...]
    """What was done before the pools were served, and what went on from one to the next."""
    warnings: tuple[str, ...]
    measures: Mapping[str, Measure] = field(default_factory=dict)
    """What each pool counts, where pools count different things; then awards count units."""

    @property
    def left(self) -> Fraction | None:
        """What nobody was awarded, of all pools; None where these are in several units."""
        if self.measures:
            return None
        return sum((one.left for one in self.pools.values()), NOTHING)

    def left_to_json(self) -> str | dict[str, str]:
        """Return what is left as plain values: by pool where pools are in several units."""
        if self.left is not None:
            return written(self.left)
        return {name: written(one.left) for name, one in self.pools.items()}

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain values, exact numbers as text."""
        return {
            "rule": named_rule(self.parameters.rule).name,
            "unit": self.unit,
            "pools": [
                {"name": name, **{k: v for k, v in one.to_json().items() if k != "record"}}
                for name, one in self.pools.items()
            ],
            "names": [one.name for one in self.awards],
            "claims": [written(one.claim) for one in self.awards],
            "awards": [written(one.award) for one in self.awards],
            "left": self.left_to_json(),
            "warnings": list(self.warnings),
            "record": self.to_record(),
        }

    def to_record(self) -> dict[str, Any]:
        """Return the record, with that of each pool in it."""
        from headworks.rationing.record import record

        inputs = {
            "pools": [
                {"name": name, "pool": written(one.pool), **self._measured(name)}
                for name, one in self.pools.items()
            ],
            "unit": self.unit,
            "claimants": [one.to_json() for one in self.people],
            "parameters": self.parameters.to_json(),
        }
        answer = {
            "steps": [step.to_json() for step in self.steps],
            "pools": [
                {"name": name, **{k: v for k, v in record(one).items() if k not in AROUND}}
                for name, one in self.pools.items()
            ],
            "awards": [one.to_json() for one in self.awards],
            "left": self.left_to_json(),
            "warnings": list(self.warnings),
        }
        return enveloped("pools", inputs, answer)

    def _measured(self, name: str) -> dict[str, Any]:
        return self.measures[name].to_json() if name in self.measures else {}
