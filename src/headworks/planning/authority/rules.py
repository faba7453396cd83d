"""What rules of rationing would award of a round, from the claims that the flow makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import Fault, InputError
from headworks.rationing.ration import ration
from headworks.rationing.rule import RULES
from headworks.rationing.rule import rule as named_rule

if TYPE_CHECKING:
    from headworks.planning.authority.case import Case
    from headworks.planning.problem import Floats

PAIR = 2
TWO = frozenset({"concede_and_divide"})
"""Rules for two claimants."""


@dataclass(frozen=True, slots=True)
class RuleAwards:
    """What one rule awards."""

    name: str
    title: str
    shares: Floats
    """Shares of the round, shape (applicant,)."""


def exact_claims(case: Case) -> dict[str, Fraction]:
    """Return claims as exact numbers, to a hundredth of the pool's unit, by applicant."""
    return {
        name: Fraction(round(100 * float(units)), 100)
        for name, units in zip(case.applicants, case.claims, strict=True)
    }


def by_rule(case: Case, name: str) -> RuleAwards:
    """Return what a rule would award of the round's median volume.

    Raises:
        UnknownName: There is no such rule.
        InputError: It needs more than claims, or another number of claimants.
    """
    rule = named_rule(name)
    if rule.needs:
        message = f"{rule.title} needs {' and '.join(rule.needs)}, which a scenario does not have"
        remedy = "name a rule that looks at claims alone, such as proportional"
        raise InputError([Fault("floor_rule", 0, "", message, remedy)])
    size = Fraction(round(100 * case.size), 100)
    answer = ration(exact_claims(case), size, rule.name)
    awards = {one.name: one.award for one in answer.awards}
    shares = np.array([float(awards[one] / size) for one in case.applicants])
    # A rule may award more than is claimed where nothing is short; the round gives no more.
    return RuleAwards(rule.name, rule.title, np.minimum(shares, case.most))


def every_rule(case: Case) -> Iterator[RuleAwards]:
    """Yield what each rule that looks at claims alone would award."""
    for rule in RULES.values():
        if rule.needs or (rule.name in TWO and len(case.applicants) != PAIR):
            continue
        yield by_rule(case, rule.name)
