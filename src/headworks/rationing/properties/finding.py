"""What was found of a rule on one instance: each property kept, broken, or not put to the test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.rationing.properties.catalogue import PROPERTIES, Property
from headworks.rationing.properties.problem import Problem
from headworks.rationing.properties.trial import ALL, Trial

if TYPE_CHECKING:
    from headworks.rationing.rule import Rule


FEW = 3
"""Claimants who are changed up to which they are named."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a rule keeps one property on one instance."""

    property: Property
    kept: bool | None
    """None where nothing could be tried: no equal claims, say, or a rule for two only."""
    tried: int
    """How many comparisons were made; those after the first that broke it are spared."""
    counterexample: str = ""
    """What breaks it, in numbers; claimants count from 1."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found of a rule on one instance."""

    rule: Rule
    by_property: Mapping[str, Finding]
    limits: str
    """What was left out of what `Property.tries` names, as a sentence; empty if nothing."""

    @property
    def broken(self) -> tuple[Finding, ...]:
        """The properties that are broken."""
        return tuple(one for one in self.by_property.values() if one.kept is False)


def check(
    rule: Rule,
    pool: Fraction,
    claims: Sequence[Fraction],
    options: Mapping[str, Any] | None = None,
    *,
    only: Iterable[str] = PROPERTIES,
    names: Sequence[str] = (),
    exact: bool = True,
) -> Findings:
    """Put a rule to the test on one instance: each property by the changes that it names.

    What is kept here may be broken elsewhere: `Rule.keeps` says what is kept everywhere. Changed
    claimants keep what else is known of them: a merged one has the better weight, score, day or
    place of the two, and both parts of a split one have all of them.

    Cost: up to 12 claimants each is changed, some 100 + 25 n + n² times the rule's own cost;
    beyond, fewer are, as `Findings.limits` says: of more than 1,000 some 30 times.

    Args:
        rule: The rule.
        pool: E, not negative.
        claims: At least one, none negative.
        options: What the rule takes, such as `weights`, by name.
        only: Names of the properties to check.
        names: Names of the claimants, for counter-examples; their numbers from 1 if not given.
        exact: Whether the rule answers exactly; of means of a sample nothing is checked.
    """
    trial = Trial(
        rule, Problem.of(pool, claims, options or {}), names, {} if exact else {pool: None}
    )
    found = {name: _finding(PROPERTIES[name], trial) for name in only}
    return Findings(rule, found, _limits(trial, tried=any(one.tried for one in found.values())))


def _finding(one: Property, trial: Trial) -> Finding:
    tried = 0
    for counterexample in one.check(trial):
        tried += 1
        if counterexample is not None:
            return Finding(one, kept=False, tried=tried, counterexample=counterexample)
    return Finding(one, kept=True if tried else None, tried=tried)


def _limits(trial: Trial, *, tried: bool) -> str:
    count = len(trial.problem.claims)
    if trial.awards() is None:
        left = (
            "only changes of it that have some were looked at" if tried else "nothing was checked"
        )
        return f"there are no exact awards of this instance, so {left}"
    if count <= ALL:
        return ""
    pools = trial.extent.pools
    if not pools:
        return f"of {count:,} claimants only the awards were looked at"
    changed, ways = trial.claimants(), trial.extent.changes
    who = " and ".join(trial.called(n) for n in changed) if len(changed) <= FEW else len(changed)
    long = "; awards of thousands of digits were not shared again" if trial.long else ""
    return (
        f"of {count:,} claimants {who} were changed, evenly from the smallest claim to the "
        f"largest, each in {ways} way{'s' if ways > 1 else ''} of a kind; pools by parts of {pools}"
        f"{long}"
    )
