"""All rules side by side: what each would award here, how unequal it is, and what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError
from headworks.rationing.common import ascending, over_common
from headworks.rationing.exact import written
from headworks.rationing.properties import Findings, check
from headworks.rationing.ration import shared
from headworks.rationing.record.writing import too_long
from headworks.rationing.rule import RULES, Rule
from headworks.rationing.steps.parties import merged
from headworks.rationing.steps.precedence import Order, precedence
from headworks.rationing.steps.serving import Serving, draw

if TYPE_CHECKING:
    from headworks.rationing.intake.claimant import Claimant
    from headworks.rationing.result import Ration


@dataclass(frozen=True, slots=True)
class Compared:
    """One rule's answer to a pool and claims."""

    rule: Rule
    result: Ration
    findings: Findings
    """Each property, kept or broken by the rule on these claims."""

    @property
    def coefficients(self) -> tuple[Fraction, Fraction] | None:
        """The least and the most award over claim; None where nobody claims anything."""
        shares = [one.award / one.claim for one in self.result.awards if one.claim]
        order = ascending(shares)
        return (shares[order[0]], shares[order[-1]]) if order else None

    @property
    def gini(self) -> Fraction:
        """Gini coefficient of the awards: 0 where all get the same, near 1 where one gets all."""
        return gini([one.award for one in self.result.awards])

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        ends = self.coefficients
        return {
            "rule": self.rule.name,
            "awards": [written(one.award) for one in self.result.awards],
            "standard_errors": self.result.errors_to_json(),
            "gini": float(self.gini),
            "coefficient_min": written(ends[0]) if ends else None,
            "coefficient_max": written(ends[1]) if ends else None,
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
    ignored: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By what is known of the claimants, such as `weights`, the rules that do not look at it."""

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
            "ignored": {option: list(rules) for option, rules in self.ignored.items()},
        }


def compare_rules(
    result: Ration, *, progress: Callable[[int, int], None] | None = None
) -> Comparison:
    """Return what every rule would award with the pool, the claimants and the steps of a result.

    Properties are those of the rule on these claims, without the steps around it. 10,000 claimants
    take some seconds for each rule.

    Args:
        result: A rationing by any rule.
        progress: Told how many rules are done and how many there are.
    """
    heads = [party.head for party in merged(result.people)[0]]
    _, order = precedence(heads, result.parameters)
    rows: list[Compared] = []
    left_out: dict[str, str] = {}
    for number, rule in enumerate(RULES.values()):
        try:
            rows.append(_compared(result, rule, heads, order))
        except InputError as error:
            left_out[rule.name] = "; ".join(fault.message for fault in error.faults)
        if progress is not None:
            progress(number + 1, len(RULES))
    return Comparison(tuple(rows), left_out, _ignored(result, rows))


def _compared(
    result: Ration, rule: Rule, heads: Sequence[Claimant], order: Order | None
) -> Compared:
    """Return what a rule answers to the question of a result.

    Raises:
        InputError: It cannot answer, or at a length that nobody could use.
    """
    people = [_fitting(one, rule) for one in result.people]
    chosen = replace(result.parameters, rule=rule.name)
    answer = shared(result.pool, result.unit, people, chosen)
    if reason := too_long(answer):
        raise InputError([Fault("rule", 0, rule.name, reason)])
    return Compared(rule, answer, _findings(answer, heads, order))


COLUMNS = {"weights": "weight", "scores": "score", "days": "day"}
"""What some rules look at, with the column that says it."""


def _ignored(result: Ration, rows: Sequence[Compared]) -> dict[str, tuple[str, ...]]:
    """Return what is known of claimants that some rules do not look at."""
    given = [
        option for option, column in COLUMNS.items()
        if any(getattr(one, column) is not None for one in result.people)
    ]  # fmt: skip
    return {
        option: tuple(row.rule.name for row in rows if option not in row.rule.takes)
        for option in given
    }


def _fitting(one: Claimant, rule: Rule) -> Claimant:
    """Return a claimant without what a rule does not look at."""
    unused: dict[str, Any] = {
        column: None for option, column in COLUMNS.items() if option not in rule.takes
    }
    return replace(one, **unused)


def _findings(answer: Ration, heads: Sequence[Claimant], order: Order | None) -> Findings:
    claims = [one.claim for one in answer.awards]
    serving = Serving(answer.rule, heads, claims, order, draw(answer.parameters))
    options = serving.options(range(len(heads)))
    names = [head.name for head in heads]
    exact = not answer.standard_errors
    return check(answer.rule, answer.pool, claims, options, names=names, exact=exact)


def gini(amounts: Sequence[Fraction]) -> Fraction:
    """Return the Gini coefficient: the mean difference of all pairs over twice the mean.

    Cost O(n log n).
    """
    numbers, _ = over_common(amounts)
    total, n = sum(numbers), len(numbers)
    ranked = sum((2 * i + 1 - n) * x for i, x in enumerate(sorted(numbers)))
    return Fraction(ranked, n * total) if total else Fraction(0)
