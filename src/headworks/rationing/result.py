"""What a rationing answers: awards, how the rule cut, and what an officer should know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any

from headworks.rationing.common import total
from headworks.rationing.exact import written

if TYPE_CHECKING:
    from headworks.rationing.ballots.ballot import Ballot
    from headworks.rationing.intake.claimant import Claimant
    from headworks.rationing.intake.parameters import Parameters
    from headworks.rationing.rule import Rule
    from headworks.rationing.rules.division import CutOff
    from headworks.rationing.steps.step import Step
    from headworks.rationing.whole import WholeUnits

DIGITS = 6
"""Digits of a standard error in a record: more than it is known to, fewer than floats differ in."""


@dataclass(frozen=True, slots=True)
class Award:
    """What one claimant asked for, may claim, and gets; amounts are in the pool's unit."""

    name: str
    request: Fraction
    claim: Fraction
    award: Fraction
    members: tuple[str, ...] = ()
    """The related parties that it stands for, if any."""
    bound_by: str = ""
    """What held it apart from the rule: `cap`, `minimum`, `lot` or nothing."""
    units: Mapping[str, Fraction] = field(default_factory=dict)
    """Units of each member, or of itself; empty where units have no size."""

    def to_json(self) -> dict[str, Any]:
        """Return what is awarded, as plain values."""
        found: dict[str, Any] = {
            "name": self.name, "claim": written(self.claim), "award": written(self.award),
        }  # fmt: skip
        if self.units:
            found["units"] = {name: written(units) for name, units in self.units.items()}
        return found


@dataclass(frozen=True, slots=True)
class Ration:
    """A pool shared among claimants, with everything needed to share it again."""

    pool: Fraction
    unit: str
    people: tuple[Claimant, ...]
    """The claimants as they were given."""
    parameters: Parameters
    rule: Rule
    awards: tuple[Award, ...]
    steps: tuple[Step, ...]
    level: Fraction | None
    """λ of the rule's formula; None where it has none, where nothing was short, or where the rule
    was asked more than once: for tranches, for reserves, for what a cap had cut."""
    standard_errors: Mapping[str, float]
    """By claimant, of awards that are means of a sample; empty where awards are exact."""
    ballot: Ballot | None
    """The draw that broke ties; None if none was held."""
    whole: WholeUnits | None
    """How awards were made whole; None where they are exact."""
    warnings: tuple[str, ...]
    cut_offs: Mapping[str, CutOff] = field(default_factory=dict)
    """Who stood where the pool ended, by reserve or `open`, of a rule that serves in order."""
    rows: tuple[str, ...] = ()
    """Names of those whose units `whole` counts; empty where awards are exact."""
    withheld: Mapping[str, Fraction] = field(default_factory=dict)
    """By hard reserve, what its eligible claimants left and nobody else may have."""

    @property
    def coefficient(self) -> Fraction:
        """The pool over the claims, at most 1: what a proportional award would be of its claim."""
        asked = total(one.claim for one in self.awards)
        return min(Fraction(1), self.pool / asked) if asked else Fraction(1)

    @property
    def margin(self) -> dict[str, Any] | None:
        """Who got the last unit and who would get the next; None where nothing was rounded."""
        if self.whole is None:
            return None
        last = self.whole.to_json(self.rows).get("last")
        return dict(last) if last else None

    @property
    def left(self) -> Fraction:
        """What nobody was awarded, with what hard reserves withhold."""
        return self.pool - total(one.award for one in self.awards)

    def errors_to_json(self) -> dict[str, float | None]:
        """Return the standard errors as plain values; None where no float is so large.

        They have `DIGITS` digits, so that they are the same numbers on every machine.
        """
        return {
            name: float(f"{x:.{DIGITS}g}") if isfinite(x) else None
            for name, x in self.standard_errors.items()
        }

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain values, exact numbers as text."""
        from headworks.rationing.record import record

        units = {name: written(x) for one in self.awards for name, x in one.units.items()}
        return {
            "rule": self.rule.name,
            "pool": written(self.pool),
            "unit": self.unit,
            "names": [one.name for one in self.awards],
            "claims": [written(one.claim) for one in self.awards],
            "awards": [written(one.award) for one in self.awards],
            **({"units": units} if units else {}),
            "left": written(self.left),
            "withheld": {name: written(amount) for name, amount in self.withheld.items()},
            "coefficient": written(self.coefficient),
            "lambda": None if self.level is None else written(self.level),
            "standard_errors": self.errors_to_json(),
            "warnings": list(self.warnings),
            "record": record(self),
        }
