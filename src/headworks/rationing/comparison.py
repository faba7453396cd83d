"""All rules side by side: what each would award here, how unequal it is, and what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import InputError
from headworks.rationing.exact import written
from headworks.rationing.precedence import precedence
from headworks.rationing.properties import Findings, check
from headworks.rationing.ration import shared
from headworks.rationing.rule import RULES, Rule
from headworks.rationing.serving import Serving, draw
from headworks.rationing.steps import merged

if TYPE_CHECKING:
    from headworks.rationing.claimant import Claimant
    from headworks.rationing.result import Ration


@dataclass(frozen=True, slots=True)
class Compared:
    """One rule's answer to a pool and claims."""

    rule: Rule
    result: Ration
    findings: Findings
    """Each property, kept or broken by the rule on these claims."""

    @property
    def coefficients(self) -> list[Fraction]:
        """Award over claim, of those who claim anything."""
        return [one.award / one.claim for one in self.result.awards if one.claim]

    @property
    def gini(self) -> Fraction:
        """Gini coefficient of the awards: 0 where all get the same, near 1 where one gets all."""
        return gini([one.award for one in self.result.awards])

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        shares = self.coefficients
        return {
            "rule": self.rule.name,
            "awards": [written(one.award) for one in self.result.awards],
            "gini": float(self.gini),
            "coefficient_min": written(min(shares)) if shares else None,
            "coefficient_max": written(max(shares)) if shares else None,
            "properties": {
                name: {"kept": one.kept, "tried": one.tried, "counterexample": one.counterexample}
                for name, one in self.findings.by_property.items()
            },
            "limits": self.findings.limits,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What every rule that can answer would award."""

    rows: tuple[Compared, ...]
    left_out: dict[str, str]
    """Rules that cannot answer, with the reason."""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        first = self.rows[0].result
        return {
            "pool": written(first.pool),
            "unit": first.unit,
            "names": [one.name for one in first.awards],
            "claims": [written(one.claim) for one in first.awards],
            "rules": [row.to_json() for row in self.rows],
            "left_out": self.left_out,
        }


def compare_rules(
    result: Ration, *, progress: Callable[[int, int], None] | None = None
) -> Comparison:
    """Return what every rule would award with the pool, the claimants and the steps of a result.

    Properties are those of the rule on these claims, without the steps around it.

    Args:
        result: A rationing by any rule.
        progress: Told how many rules are done and how many there are.
    """
    rows: list[Compared] = []
    left_out: dict[str, str] = {}
    for number, rule in enumerate(RULES.values()):
        chosen = replace(result.parameters, rule=rule.name)
        try:
            people = [_fitting(one, rule) for one in result.people]
            answer = shared(result.pool, result.unit, people, chosen)
            findings = _findings(answer)
        except InputError as error:
            left_out[rule.name] = "; ".join(fault.message for fault in error.faults)
        else:
            rows.append(Compared(rule, answer, findings))
        if progress is not None:
            progress(number + 1, len(RULES))
    return Comparison(tuple(rows), left_out)


def _fitting(one: Claimant, rule: Rule) -> Claimant:
    """Return a claimant without what a rule does not ask for."""
    return replace(
        one,
        weight=one.weight if "weights" in rule.takes else None,
        score=one.score if "scores" in rule.takes else None,
        day=one.day if "days" in rule.takes else None,
    )


def _findings(answer: Ration) -> Findings:
    heads = [party.head for party in merged(answer.people)[0]]
    claims = [one.claim for one in answer.awards]
    _, order = precedence(heads, answer.parameters)
    serving = Serving(answer.rule, heads, claims, order, draw(answer.parameters))
    options = serving.options(range(len(heads)))
    return check(answer.rule, answer.pool, claims, options)


def gini(amounts: Sequence[Fraction]) -> Fraction:
    """Return the Gini coefficient: the mean difference of all pairs over twice the mean.

    Cost O(n log n).
    """
    total = sum(amounts, Fraction(0))
    if not total:
        return Fraction(0)
    n = len(amounts)
    ranked = sum(((2 * i + 1 - n) * x for i, x in enumerate(sorted(amounts))), Fraction(0))
    return ranked / (n * total)
