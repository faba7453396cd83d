"""Properties on one instance: what breaks each, in numbers, and what is tried to break it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from headworks.rationing.exact import exact
from headworks.rationing.properties import PROPERTIES, Findings, check
from headworks.rationing.properties.problem import Problem
from headworks.rationing.properties.words import said
from headworks.rationing.rule import RULES
from tests.unit.rationing.properties.finer import broken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DATA = Path(__file__).parents[3] / "data" / "rationing"


def read(name: str) -> Any:  # noqa: ANN401 - what the file holds
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


COUNTEREXAMPLES, AXIOMS, VECTORS = read("counterexamples"), read("axioms"), read("vectors")
LITERATURE = read("literature")
OPTIONS = ("weights", "priority", "scores", "days")


def found(
    rule: str, pool: object, claims: Sequence[object], only: Iterable[str] = PROPERTIES,
    options: Mapping[str, Any] | None = None,
) -> Findings:  # fmt: skip
    return check(RULES[rule], exact(pool), [exact(d) for d in claims], options, only=only)


BROKEN = [(rule, name) for rule, by_name in COUNTEREXAMPLES.items() for name in by_name]


@pytest.mark.parametrize(("rule", "name"), BROKEN)
def test_what_a_rule_does_not_keep_is_broken_by_numbers(rule: str, name: str) -> None:
    case = COUNTEREXAMPLES[rule][name]
    options = {option: case[option] for option in OPTIONS if option in case}
    finding = found(rule, case["pool"], case["claims"], [name], options).by_property[name]
    assert finding.kept is False
    assert finding.counterexample == case["found"]


KNOWN = [
    (rule, case["property"], pool, claims, case.get("options"))
    for case in LITERATURE for rule in case["rules"]
    for pool, given in case["instances"].items()
    for claims in (given if isinstance(given[0], list) else [given])
]  # fmt: skip


@pytest.mark.parametrize(("rule", "name", "pool", "claims", "options"), KNOWN)
def test_a_counterexample_of_the_literature_is_found_when_it_is_handed_in(
    rule: str, name: str, pool: object, claims: list[object], options: dict[str, Any] | None
) -> None:
    finding = found(rule, pool, claims, [name], options).by_property[name]
    assert finding.kept is False
    assert finding.counterexample


def test_every_counterexample_of_the_literature_says_where_it_is_from() -> None:
    assert all(case["cite"] for case in LITERATURE)
    assert {name for _, name, *_ in KNOWN} <= PROPERTIES.keys()


INSTANCES = sorted({
    (exact(pool), tuple(exact(d) for d in vector["claims"]))
    for vector in VECTORS if "options" not in vector and len(vector["claims"]) > 1
    for pool in vector["pools"] if exact(pool) <= sum(exact(d) for d in vector["claims"])
})  # fmt: skip
PLAIN = [name for name in RULES if not RULES[name].needs and name != "concede_and_divide"]


@pytest.mark.parametrize(("pool", "claims"), INSTANCES, ids=str)
def test_what_a_finer_search_breaks_on_an_instance_of_the_sources_is_not_passed(
    pool: Fraction, claims: tuple[Fraction, ...]
) -> None:
    for rule in PLAIN:

        def divide(
            amount: Fraction, asked: Sequence[Fraction], rule: str = rule
        ) -> tuple[Fraction, ...]:
            return RULES[rule].divide(amount, tuple(asked)).awards

        broken_here = {one.property.name for one in found(rule, pool, claims).broken}
        for name in PROPERTIES.keys() - RULES[rule].keeps:
            assert (name in broken_here) == broken(name, divide, pool, claims), (rule, name)


FOR_MORE_THAN_TWO = {
    "population_monotonicity", "linked_monotonicity", "consistency", "no_advantageous_merging",
    "no_advantageous_splitting", "replication_invariance",
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_each_property_is_kept_or_has_a_counterexample(rule: str) -> None:
    unasked = FOR_MORE_THAN_TWO if rule == "concede_and_divide" else set()
    assert RULES[rule].keeps.isdisjoint(COUNTEREXAMPLES[rule])
    assert RULES[rule].keeps | COUNTEREXAMPLES[rule].keys() | unasked == PROPERTIES.keys()


def test_what_rules_keep_is_what_the_literature_says_but_for_what_is_proven_here() -> None:
    corrected = {(one["rule"], one["property"]) for one in AXIOMS["corrected"]}
    assert len(corrected) == len(AXIOMS["corrected"]) == 5
    for name, row in AXIOMS["table"].items():
        for rule, holds in zip(AXIOMS["rules"], row.split(), strict=True):
            assert (name in RULES[rule].keeps) == (holds == "1" or (rule, name) in corrected)


def test_every_instance_of_the_sources_keeps_what_its_rule_keeps() -> None:
    for vector in VECTORS:
        options = vector.get("options", {})
        for pool, by_rule in vector["pools"].items():
            short = exact(pool) <= sum(exact(d) for d in vector["claims"])
            for rule in by_rule if short and "weights" not in options else ():
                names = RULES[rule].keeps
                assert found(rule, pool, vector["claims"], names, options).broken == ()


def test_the_estate_problem_says_what_talmud_breaks_on_it() -> None:
    findings = found("talmud", 200, [100, 200, 300])
    assert {one.property.name: one.counterexample for one in findings.broken} == {
        "composition_up": (
            "when 100 is released first, then 100, claimant 1 gets 200/3 instead of 50"
        ),
        "composition_down": (
            "when awards of 200 are cut to 100, claimant 1 gets 25 instead of 100/3"
        ),
        "no_advantageous_splitting": (
            "split into claims of 100 and 100, claimant 2 gets 100 instead of 75"
        ),
        "progressive": "claimant 1 gets 50 of 100 while claimant 2 gets 75 of 200",
    }
    assert findings.limits == ""


def test_what_cannot_be_tried_is_neither_kept_nor_broken() -> None:
    findings = found("talmud", 200, [100, 200, 300]).by_property
    assert findings["minimal_rights_first"].kept is None
    assert findings["minimal_rights_first"].tried == 0
    alone = found("proportional", 3, [5]).by_property
    assert alone["consistency"].kept is None
    assert alone["composition_up"].kept is True


def test_everything_may_be_more_than_is_claimed() -> None:
    assert found("talmud", 9, [5, 3]).broken == ()
    (broken,) = found("uniform", 9, [5, 3], ["balance", "bounds"]).broken
    assert broken.counterexample == "of a pool of 9 claimant 2 gets 4 of 3"


def test_weights_break_what_equal_weights_keep() -> None:
    broken = found(
        "constrained_equal_awards", 12, [8, 8, 10], options={"weights": [1, 2, 1]}
    ).broken
    assert "order_preservation" in {one.property.name for one in broken}
    assert "equal_treatment" not in {one.property.name for one in broken}


def test_only_some_properties_may_be_asked_for() -> None:
    assert list(found("talmud", 2, [1, 2], ["balance", "bounds"]).by_property) == [
        "balance", "bounds",
    ]  # fmt: skip


def test_one_who_stands_for_several_has_the_best_of_what_they_have() -> None:
    claims = [Fraction(n) for n in (1, 2, 3)]
    given = {
        "weights": [1, 4, 2], "scores": [5, 9, 7], "days": [3, 1, 2], "priority": [2, 0, 1],
        "seed": 6,
    }  # fmt: skip
    problem = Problem.of(Fraction(1), claims, given)
    merged = problem.made_of([(0, 1), (2,)], [claims[0] + claims[1], claims[2]])
    assert dict(merged.options) == {
        "weights": (4, 2), "scores": (9, 7), "days": (1, 2), "priority": ((1,), (0,)), "seed": 6,
    }  # fmt: skip
    split = problem.made_of([(0,), (0,), (1,), (2,)], [Fraction(1, 2)] * 4)
    assert dict(split.options)["priority"] == ((3,), (0,), (1,), (2,))
    assert dict(problem.without(0).options)["priority"] == ((1,), (0,))


def test_those_who_stand_equal_still_do_with_all_their_parts() -> None:
    claims = [Fraction(n) for n in (1, 2, 3)]
    problem = Problem.of(Fraction(1), claims, {"priority": [1, (0, 2)]})
    split = problem.made_of([(0,), (0,), (1,), (2,)], [Fraction(1, 2)] * 4)
    assert dict(split.options)["priority"] == ((2,), (0, 1, 3))
    merged = problem.made_of([(0, 1), (2,)], [claims[0] + claims[1], claims[2]])
    assert dict(merged.options)["priority"] == ((0,), (1,))


@pytest.mark.parametrize(
    ("rule", "count", "who", "changed", "ways", "pools"),
    [
        ("talmud", 13, "8", 8, "3 ways", 8),
        ("talmud", 101, "claimant 1 and claimant 12 and claimant 85", 3, "3 ways", 4),
        ("talmud", 1001, "claimant 1 and claimant 984", 2, "1 way", 2),
        ("random_arrival", 13, "8", 8, "3 ways", 8),
        ("random_arrival", 26, "claimant 1 and claimant 3 and claimant 23", 3, "3 ways", 4),
    ],
)
def test_of_many_claimants_some_are_changed_and_the_findings_say_which(
    rule: str, count: int, who: str, changed: int, ways: str, pools: int
) -> None:
    claims = [Fraction(7 * n % 31 + 1) for n in range(count)]
    findings = found(rule, sum(claims) / 3, claims, ["balance", "claim_monotonicity"])
    assert findings.limits == (
        f"of {count:,} claimants {who} were changed, evenly from the smallest claim to the "
        f"largest, each in {ways} of a kind; pools by parts of {pools}"
    )
    assert findings.by_property["balance"].tried == pools
    assert findings.by_property["claim_monotonicity"].tried == int(ways[0]) * changed


@pytest.mark.parametrize(
    ("rule", "count", "limits"),
    [
        ("talmud", 12, ""),
        ("random_arrival", 33, "of 33 claimants only the awards were looked at"),
    ],
)
def test_of_all_or_too_many_claimants_all_or_none_are_changed(
    rule: str, count: int, limits: str
) -> None:
    claims = [Fraction(7 * n % 31 + 1) for n in range(count)]
    findings = found(rule, sum(claims) / 3, claims)
    assert findings.limits == limits
    assert findings.by_property["balance"].kept
    assert findings.by_property["claim_monotonicity"].tried == (0 if limits else 3 * count)


def test_a_sample_is_not_put_to_the_test() -> None:
    claims = [Fraction(10**6 + n * n * 977) for n in range(60)]
    findings = found("random_arrival", sum(claims) / 2, claims, options={"orders": 20})
    assert {one.kept for one in findings.by_property.values()} == {None}
    assert findings.limits == ("there are no exact awards of this instance, so nothing was checked")


def test_ten_claimants_are_checked_under_all_rules() -> None:
    claims = [Fraction(1000 * (37 * n % 101 + 1)) for n in range(10)]
    options: dict[str, dict[str, object]] = {
        "priority": {"priority": list(range(10))},
        "points": {"scores": list(range(10))},
        "first_come_first_served": {"days": [n // 3 for n in range(10)]},
    }
    for rule in RULES:
        if rule == "concede_and_divide":  # is for two
            continue
        findings = found(rule, sum(claims) / 3, claims, options=options.get(rule))
        assert findings.by_property["order_preservation"].kept is not None or findings.limits, rule


@pytest.mark.parametrize("name", PROPERTIES)
def test_a_property_says_what_it_means_and_what_is_tried(name: str) -> None:
    one = PROPERTIES[name]
    assert one.name == name
    assert one.title[0].isupper()
    for text in (one.says, one.tries):
        assert text[0].islower()
        assert not text.endswith(".")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Fraction(50), "50"),
        (Fraction(10**30), "1" + "0" * 30),
        (Fraction(100, 3), "100/3"),
        (Fraction(1, 10**20), "about 1e-20"),
        (Fraction(3**200, 2**300), "about 130392.3897"),
        (Fraction(10**16, 3), "about 3333333333333333"),
        (Fraction(10**400, 3), "about 3.333e+399"),
        (Fraction(10**9000, 3), "about 3.333e+8999"),
    ],
)
def test_amounts_are_said_exactly_or_to_ten_digits(amount: Fraction, text: str) -> None:
    assert said(amount) == text
