"""All rules side by side: what is compared, what is left out, and of how many claimants."""

from __future__ import annotations

import json
import math
import re
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import headworks as hw
from headworks.cli import ration_comparison
from headworks.cli.ration_comparison import LARGEST, ROWS, show_comparison
from headworks.rationing.comparison import Comparison, compare_rules, gini
from headworks.rationing.rule import ALIASES, RULES
from tests.tiers import slow

if TYPE_CHECKING:
    from headworks.rationing.result import Ration


def printed(found: Comparison, width: int = 100, chosen: str = "proportional") -> str:
    console = Console(width=width, highlight=False)
    with console.capture() as text:
        show_comparison(found, chosen, console)
    return text.get()


def many(count: int, **options: Any) -> Ration:  # noqa: ANN401 - options of a rationing
    claims = {f"c{n}": 1000 + (7919 * n) % 4001 for n in range(count)}
    return hw.ration(claims, 600 * count, **options)


def test_equal_losses_are_not_cut_safe_and_constrained_egalitarian_neither_on_the_estate() -> None:
    rows = {row.rule.name: row for row in compare_rules(hw.ration([100, 200, 300], 200)).rows}
    broken = rows["constrained_egalitarian"].findings.by_property["composition_down"]
    assert broken.kept is False
    assert broken.counterexample == (
        "when awards of 200 are cut to 100, claimant 1 gets 25 instead of 100/3"
    )
    assert rows["constrained_equal_losses"].findings.by_property["composition_down"].kept


def test_counterexamples_name_claimants() -> None:
    found = compare_rules(hw.ration({"north": 100, "south": 300}, 200))
    (cea,) = [row for row in found.rows if row.rule.name == "constrained_equal_awards"]
    said = {one.property.name: one.counterexample for one in cea.findings.broken}
    assert said["progressive"] == "north gets 100 of 100 while south gets 100 of 300"


def test_what_a_rule_does_not_look_at_is_told() -> None:
    rows = [
        {"name": "a", "claim": 10, "weight": 1, "score": 3, "day": "2026-01-09"},
        {"name": "b", "claim": 10, "weight": 3, "score": 5, "day": "2026-01-10"},
    ]
    found = compare_rules(hw.ration(rows, 8, "cea"))
    taken = {row.rule.name: row.rule.takes for row in found.rows}
    assert found.ignored.keys() == {"weights", "scores", "days"}
    for option, rules in found.ignored.items():
        assert set(rules) == {name for name, takes in taken.items() if option not in takes}
    assert found.to_json()["ignored"]["weights"] == list(found.ignored["weights"])
    flat = " ".join(printed(found).split())
    assert "weights count under proportional, constrained_equal_awards alone" in flat
    assert "scores count under points alone" in flat
    assert compare_rules(hw.ration([10, 10], 8)).ignored == {}


def test_a_few_claimants_have_a_column_each() -> None:
    text = printed(compare_rules(many(6)))
    assert all(f"c{n}" in text.splitlines()[1] for n in range(6))
    assert "least award" not in text


@pytest.mark.parametrize(
    ("count", "rows_max", "largest"),
    [
        (7, ROWS, LARGEST), (8, 8, 5), (9, 8, 5), slow(ROWS, ROWS, LARGEST),
        slow(ROWS + 1, ROWS, LARGEST), slow(45, ROWS, LARGEST),
    ],
)  # fmt: skip
def test_more_claimants_have_a_row_each_as_far_as_they_claim_most(
    count: int, rows_max: int, largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ration_comparison, "ROWS", rows_max)
    monkeypatch.setattr(ration_comparison, "LARGEST", largest)
    found = compare_rules(many(count))
    lines = printed(found).splitlines()
    claims = {one.name: one.claim for one in found.rows[0].result.awards}
    most = sorted(claims, key=lambda name: -claims[name])[:largest]
    shown = list(claims) if count <= rows_max else most
    blocks = [
        n
        for n, line in enumerate(lines)
        if {*line.split()[1:]} & {*ALIASES} and line.split()[0] == "claim"
    ]
    assert len(blocks) > 1  # seventeen rules are wider than a page
    aliases: list[str] = []
    for start in blocks:
        aliases += lines[start].split()[1:]
        rows = [line.split() for line in lines[start + 1 : start + 1 + len(shown)]]
        assert [row[0] for row in rows] == shown
    assert aliases == [row.rule.aliases[0] for row in found.rows]
    others = [line for line in lines if "others" in line]
    assert len(others) == (len(blocks) if count > rows_max else 0)
    if others:
        rest = sum(claim for name, claim in claims.items() if name not in shown)
        assert f"{count - largest} others  {int(rest):,}" in others[0]


@pytest.mark.parametrize("width", [100, 140, 300])
@pytest.mark.parametrize("count", [3, 8, slow(40)])
def test_tables_are_no_wider_than_the_page(width: int, count: int) -> None:
    found = compare_rules(many(count))
    lines = printed(found, width).splitlines()
    assert max(map(len, lines)) <= width
    assert not any("…" in line for line in lines)
    assert sum(line.split()[:2] == ["composition", "up"] for line in lines) == (
        1 if width > 100 or len(found.rows) <= 13 else 2
    )


def test_what_was_tried_of_many_claimants_is_told_by_rule() -> None:
    found = compare_rules(many(40))
    flat = " ".join(printed(found).split())
    assert "of 40 claimants 8 were changed, evenly from the smallest claim to the largest" in flat
    sample = compare_rules(many(40, rule="ra", orders=20))
    row = next(row for row in sample.rows if row.rule.name == "random_arrival")
    assert {one.kept for one in row.findings.by_property.values()} == {None}
    assert row.to_json()["standard_errors"].keys() == {f"c{n}" for n in range(40)}
    assert "ra: there are no exact awards of this instance" in " ".join(printed(sample).split())


def test_a_rule_that_cannot_be_afforded_is_left_out_with_the_reason() -> None:
    found = compare_rules(hw.ration([10**9, 1], 10**9))
    told = re.search(r"more than ([\d,]+) digits", found.left_out["dominguez_thomson"])
    assert told is not None
    # The claim of 1 halves in every step, as the pool does beside it, which then loses a 1 of it.
    needed = (10**9 - 1) * math.log10(2)
    assert needed * 0.98 < int(told[1].replace(",", "")) <= needed
    assert json.loads(json.dumps(found.to_json()))["left_out"] == found.left_out


def test_whole_units_of_awards_too_long_to_be_exact_are_compared() -> None:
    found = compare_rules(hw.ration([10**9, 3, 2], 10**9, whole="largest_remainder"))
    row = next(row for row in found.rows if row.rule.name == "dominguez_thomson")
    assert [one.award for one in row.result.awards] == [10**9 - 5, 3, 2]
    kept = {name: one.kept for name, one in row.findings.by_property.items()}
    assert kept["bounds"] is None
    assert kept["equal_treatment"], "twice the pool, and everybody twice, have exact awards"
    assert row.findings.limits == (
        "there are no exact awards of this instance, so only changes of it that have some were "
        "looked at"
    )


def test_progress_is_told_rule_by_rule() -> None:
    told: list[tuple[int, int]] = []
    compare_rules(many(3), progress=lambda done, whole: told.append((done, whole)))
    assert told == [(n + 1, len(RULES)) for n in range(len(RULES))]


@given(st.lists(st.fractions(0, 9, max_denominator=5), min_size=1, max_size=7))
def test_gini_is_the_mean_difference_of_pairs_over_twice_the_mean(amounts: list[Fraction]) -> None:
    n, mean = len(amounts), sum(amounts, Fraction(0)) / len(amounts)
    differences = sum((abs(a - b) for a, b in combinations(amounts, 2)), Fraction(0))
    wanted = differences / (n * n * mean) if mean else 0
    assert gini(amounts) == wanted


@pytest.mark.slow
def test_ten_thousand_claimants_are_compared() -> None:
    claims = {f"c{n}": 10**5 + (7919 * n * n) % 10**9 for n in range(10_000)}
    result = hw.ration(claims, 10**12)
    found = compare_rules(result)
    by_rule = {row.rule.name: row for row in found.rows}
    overlap = by_rule["minimal_overlap"]
    assert "awards of thousands of digits were not shared again" in overlap.findings.limits
    assert overlap.findings.by_property["composition_up"].kept is None
    assert overlap.findings.by_property["order_preservation"].kept
    assert max(len(award) for award in overlap.to_json()["awards"]) > 4000
    assert by_rule["talmud"].findings.by_property["composition_up"].kept is False
    assert "others" in printed(found)
