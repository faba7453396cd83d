"""Rationing from claims to awards: the steps around a rule, on cases worked out by hand."""

from __future__ import annotations

import copy
import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import headworks as hw
from headworks.errors import InputError
from headworks.rationing.comparison import compare_rules
from headworks.rationing.record import read_record, record, verify
from headworks.rationing.record.seal import digest
from headworks.rationing.rule import RULES
from headworks.rationing.shares import RULES as SHARED
from headworks.rationing.shares import share

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.rationing.result import Ration


def awards(result: Ration) -> list[Fraction]:
    return [one.award for one in result.awards]


def faults(error: pytest.ExceptionInfo[InputError]) -> str:
    return str(error.value)


def test_a_rule_shares_a_pool_exactly() -> None:
    result = hw.ration([100, 200, 300], 200, "talmud")
    assert awards(result) == [50, 75, 75]
    assert result.coefficient == Fraction(1, 3)
    assert result.to_json()["awards"] == ["50", "75", "75"]
    assert hw.ration([100, 200, 300], 100, "cea").to_json()["awards"] == ["100/3"] * 3


def test_claims_that_fit_are_met_and_the_rest_is_left() -> None:
    result = hw.ration({"a": 10, "b": 20}, 50, "cel")
    assert awards(result) == [10, 20]
    assert result.left == 20
    assert result.coefficient == 1
    assert result.level is None


@pytest.mark.parametrize(
    ("claims", "cap", "expected"),
    [
        ([200, 50, 50], 50, [50, 25, 25]),
        ([300, 60, 40, 30, 20, 10, 10, 10], 15, [15] * 5 + [Fraction(25, 3)] * 3),
    ],
)
def test_what_a_cap_cuts_goes_to_the_others(
    claims: list[int], cap: int, expected: list[Fraction]
) -> None:
    """Italy 1990: whoever passes the cap gets the cap, and the excess is shared as before."""
    assert awards(hw.ration(claims, 100, cap=cap)) == expected
    assert awards(hw.ration(claims, 100, cap_share=f"{cap}%")) == expected
    assert awards(hw.ration(claims, 100, caps=[cap] * len(claims))) == expected


def test_need_is_requirement_less_stock_and_undelivered_awards() -> None:
    rows = [
        {"name": "a", "claim": 100, "need": 90, "stock": 20, "undelivered": 10},
        {"name": "b", "claim": 50, "need": 80},
        {"name": "c", "claim": 40, "need": 10, "stock": 30},
    ]
    result = hw.ration(rows, 1000)
    assert awards(result) == [60, 50, 0]
    (step,) = result.steps
    assert step.to_json()["changed"] == {"a": ["100", "60"], "c": ["40", "0"]}


def test_who_used_too_little_claims_at_most_that_use() -> None:
    """Canada's beef quota: below 90 % of use the next award is at most the actual use."""
    rows = [
        {"name": "a", "claim": 110, "used": 85, "awarded": 110},  # 17/22 of it
        {"name": "b", "claim": 110, "used": 99, "awarded": 110},  # 9/10 of it
        {"name": "c", "claim": 110},
    ]
    assert awards(hw.ration(rows, 1000, min_use="0.9")) == [85, 110, 110]


def test_related_parties_count_as_one() -> None:
    """Splitting pays under equal awards, from 30 to 40 of 60, until related parties are merged."""
    apart = hw.ration({"a": 60, "b1": 30, "b2": 30}, 60, "cea")
    assert awards(apart) == [20, 20, 20]
    merged = hw.ration({"a": 60, "b1": 30, "b2": 30}, 60, "cea", parties={"b1": "b", "b2": "b"})
    assert awards(merged) == [30, 30]
    assert [one.name for one in merged.awards] == ["a", "b"]
    assert merged.awards[1].members == ("b1", "b2")


def test_truncated_claims_count_for_no_more_than_the_pool() -> None:
    assert awards(hw.ration([240, 60], 100, truncate=True)) == [Fraction(125, 2), Fraction(75, 2)]


SIX: dict[str, Any] = {
    "claims": dict.fromkeys("ABCDEF", 1),
    "pool": 4,
    "rule": "priority",
    "priority": [1, 2, 3, 4, 5, 6],
    "reserves": [{"name": "kept", "units": 2, "eligible": "A,D,E,F"}],
}


@pytest.mark.parametrize(
    ("order", "served"), [(("kept", "open"), "ABCD"), (("open", "kept"), "ABDE")]
)
def test_the_processing_order_of_a_reserve_is_a_lever(order: tuple[str, str], served: str) -> None:
    """Served first a reserve takes those who would have been served anyway."""
    result = hw.ration(**SIX, order=order)
    assert [one.name for one in result.awards if one.award == 1] == list(served)


@pytest.mark.parametrize(
    ("soft", "order", "left"),
    [
        (True, "kept,open", 0),
        (True, "open,kept", 0),
        (False, "kept,open", 30),
        (False, "open,kept", 40 - (10 - Fraction(60 * 10, 210))),
    ],
)
def test_a_soft_reserve_frees_what_it_cannot_fill(soft: bool, order: str, left: Fraction) -> None:
    kept = [{"name": "kept", "units": 40, "eligible": ["a"], "soft": soft}]
    assert hw.ration({"a": 10, "b": 200}, 100, reserves=kept, order=order).left == left


def test_an_award_below_the_lot_is_refused_and_shared_again() -> None:
    result = hw.ration({"a": 300, "b": 200, "c": 20}, 104, lot=10)
    assert awards(result) == [Fraction(312, 5), Fraction(208, 5), 0]
    assert result.awards[2].bound_by == "lot"
    equal = {"a": 10, "b": 10, "c": 10}
    drawn = hw.ration(equal, 12, lot=6, priority=[3, 1, 2])
    assert awards(drawn) == [0, 6, 6]  # of equals the last in order goes
    with pytest.raises(InputError, match="3 claimants stand equal below a lot of 6: a, b, c"):
        hw.ration(equal, 12, lot=6)  # nothing says whom to spare


def test_tranches_warn_where_they_change_awards() -> None:
    claims = [2, 4, 7, 8]
    result = hw.ration(claims, 15, "talmud", tranches=[10, 5])
    assert awards(result) == [Fraction(3, 2), 3, Fraction(21, 4), Fraction(21, 4)]
    (warning,) = result.warnings
    assert "in tranches, awards are other than at once" in warning
    assert "1: 3/2 instead of 1" in warning
    for rule in ("proportional", "cea", "cel"):
        parts = hw.ration(claims, 15, rule, tranches=[10, 5])
        assert awards(parts) == awards(hw.ration(claims, 15, rule))
        assert not parts.warnings


def test_whole_units_are_exact_and_never_above_pool_or_claim() -> None:
    result = hw.ration([100, 200, 300], 100, whole="largest_remainder")
    assert awards(result) == [17, 33, 50]
    ranked = hw.ration([100, 200, 300], 100, "cea", whole="rounds_of_one", priority=[1, 2, 3])
    assert awards(ranked) == [34, 33, 33]


def test_a_tie_needs_an_order() -> None:
    with pytest.raises(InputError) as error:
        hw.ration({"a": 10, "b": 10, "c": 10}, 10, whole="largest_remainder")
    assert "3 claimants stand equal for 1 unit: a, b, c" in faults(error)
    assert "give a priority or a ballot key" in faults(error)
    drawn = hw.ration(
        {"a": 10, "b": 10, "c": 10}, 10, whole="largest_remainder", ballot_key="9319./2.5.8./"
    )
    assert sorted(awards(drawn)) == [3, 3, 4]
    assert drawn.ballot is not None
    assert drawn.awards["abc".index(drawn.ballot.drawn[0])].award == 4


BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"claims": [], "pool": 1}, ["there are no claimants"]),
    ({"claims": [1, -2], "pool": -1}, ["-2 is negative", "the pool is negative: -1"]),
    ({"claims": [float("nan")], "pool": 1}, ["'nan' is not a finite number"]),
    ({"claims": ["many"], "pool": "all"}, ["'many' is not a number", "'all' is not a number"]),
    ({"claims": [1, 2], "pool": 1, "rule": "talmut"}, ["did you mean talmud"]),
    ({"claims": [1, 2], "pool": 1, "rule": "cea", "weights": [1, 0]}, ["a weight of 0"]),
    ({"claims": [1, 2], "pool": 1, "rule": "cea", "weights": [1]}, ["1 given for 2 claimants"]),
    ({"claims": [1, 2], "pool": 1, "rule": "talmud", "weights": [1, 2]}, ["takes no weights"]),
    ({"claims": [9, 9], "pool": 9, "caps": [2, 9], "minima": [3, 0]}, ["below the guaranteed min"]),
    ({"claims": [9, 9], "pool": 9, "cap": 2, "minima": [3, 0]}, ["below the guaranteed minimum"]),
    ({"claims": [9, 9], "pool": 9, "minima": [5, 5]}, ["add up to 10, more than the pool of 9"]),
    ({"claims": {"a": 1}, "pool": 1, "caps": {"b": 1}}, ["there is no claimant 'b'"]),
    ({"claims": [1, 2], "pool": 1, "rule": "priority"}, ["needs an order"]),
    ({"claims": ["1,5"], "pool": "1,000"}, ["'1,5' is not a number"]),
    ({"claims": [{"name": "a", "claim": 5}, 9], "pool": 5}, ["give all in one form"]),
    (
        {"claims": [5, 5], "pool": 5, "rule": "fcfs", "days": ["2026-1-9", "2026-01-10"]},
        ["'2026-1-9' is not a day; write it as YYYY-MM-DD"],
    ),
    (
        {"claims": {"A": 4}, "pool": 9, "reserves": [{"name": "r", "units": 8, "eligible": "A,A"}]},
        ["'A' stands twice in the reserve 'r'"],
    ),
    ({"claims": [1, 2], "pool": 1, "rule": "priority", "priority": [1, 1]}, ["the same rank"]),
    ({"claims": [5, 5], "pool": 5, "tranches": [2, 2]}, ["add up to 4, and the pool is 5"]),
    ({"claims": [5, 5], "pool": 5, "cap": 1, "cap_share": "10%"}, ["in units and as a share"]),
    ({"claims": [5, 5], "pool": 5, "lots": 1}, ["did you mean lot"]),
    (
        {"claims": [5, 5], "pool": 5, "reserves": [{"name": "r", "units": 1, "eligible": ["x"]}]},
        ["there is no claimant 'x'"],
    ),
    (
        {"claims": [5, 5], "pool": 5, "reserves": [{"name": "r", "units": 9, "eligible": ["1"]}]},
        ["the reserves add up to more"],
    ),
]


@pytest.mark.parametrize(("given", "said"), BAD, ids=lambda value: str(value)[:60])
def test_what_cannot_be_shared_is_told(given: dict[str, Any], said: list[str]) -> None:
    with pytest.raises(InputError) as error:
        hw.ration(**given)
    for part in said:
        assert part in faults(error)


def test_a_table_is_read_with_its_columns(tmp_path: Path) -> None:
    table = tmp_path / "claims.csv"
    table.write_text('# round one\nname, claim, weight, unit\na,"1,000",1,units\nb,500,2,units\n')
    result = hw.ration(table, 600, "cea")
    assert awards(result) == [200, 400]
    assert result.unit == "units"


def test_a_table_with_faults_names_line_and_column(tmp_path: Path) -> None:
    table = tmp_path / "claims.csv"
    table.write_text("name,claim,unit\na,x,units\nb,,tpp\nc,1\n\nd,-1,units\na,2,units\n")
    with pytest.raises(InputError) as error:
        hw.ration(table, 600)
    found = {(fault.line, fault.key): fault.message for fault in error.value.faults}
    assert found[2, "claim"] == "'x' is not a number"
    assert found[3, "claim"] == "the claim is missing"
    assert found[4, ""] == "2 cells in a table of 3 columns"
    assert found[6, "claim"] == "-1 is negative"
    assert "mixed units: units (line 2) and tpp (line 3)" in found[0, "unit"]
    assert "two claimants of this name; the first is in line 2" in found[7, "a"]
    assert len(found) == 6


def test_lots_are_served_to_as_many_as_there_can_be() -> None:
    claims = {f"c{n}": 100 + n for n in range(300)}
    first = {name: number + 1 for number, name in enumerate(claims)}
    result = hw.ration(claims, 1000, "cea", lot=90, priority=first)
    served = [one.name for one in result.awards if one.award]
    assert served == [f"c{n}" for n in range(11)]
    assert result.left == 0
    larger = hw.ration(claims, 1000, lot=90)  # 389 of 4,334 would be 89.8
    assert [one.name for one in larger.awards if one.award] == [f"c{n}" for n in range(290, 300)]


def test_a_table_may_hold_columns_that_a_rule_does_not_take(tmp_path: Path) -> None:
    table = tmp_path / "claims.csv"
    table.write_text("name,claim,score,day\na,10,3,2026-01-09\nb,10,5,2026-01-10\n")
    result = hw.ration(table, 10, "cea")
    assert awards(result) == [5, 5]
    assert [warning.partition(":")[0] for warning in result.warnings] == [
        "constrained equal awards takes no scores", "constrained equal awards takes no days",
    ]  # fmt: skip
    compared = {row.rule.name: row for row in compare_rules(result).rows}
    assert awards(compared["points"].result) == [0, 10]
    assert awards(compared["first_come_first_served"].result) == [10, 0]


@pytest.mark.parametrize("uniform", [True, False])
def test_lots_and_minima_come_to_an_end(uniform: bool) -> None:
    """A claimant that is refused loses its minimum too, also where more is given than asked for."""
    rule = "uniform" if uniform else "cea"
    result = hw.ration([10, 5, 7], 12, rule, minima=[1, 1, 1], lot=6, priority=[1, 2, 3])
    assert all(award == 0 or award >= 6 for award in awards(result))


def test_a_level_is_told_only_where_the_rule_was_asked_once() -> None:
    assert hw.ration([100, 200, 300], 200, "talmud").level == 75
    assert hw.ration([2, 4, 7, 8], 15, "talmud", tranches=[10, 5]).level is None
    assert hw.ration([200, 50, 50], 100, cap=50).level is None


def test_a_record_is_run_again_and_says_where_it_differs(tmp_path: Path) -> None:
    result = hw.ration(
        {"a": 90, "b": 90, "c": 20}, 100, "cea", cap="45",
        whole="largest_remainder", ballot_key="9319./2.5./",
    )  # fmt: skip
    kept = record(result)
    file = tmp_path / "record.json"
    file.write_text(json.dumps(kept))
    assert verify(read_record(file)) == []
    forged = copy.deepcopy(kept)
    forged["awards"][1]["award"] = "44"
    assert [text.partition(":")[0] for text in verify(forged)] == ["sha256", "awards.b.award"]
    resealed = {key: value for key, value in forged.items() if key != "sha256"}
    resealed["sha256"] = digest(resealed)
    assert [text.partition(":")[0] for text in verify(resealed)] == ["awards.b.award"]


def test_what_stands_around_a_record_agrees_with_it(tmp_path: Path) -> None:
    printed = hw.ration([100, 200, 300], 200, "talmud").to_json()
    file = tmp_path / "printed.json"
    file.write_text(json.dumps(printed))
    assert verify(read_record(file)) == []
    printed["awards"][0] = "199"
    file.write_text(json.dumps(printed))
    with pytest.raises(InputError, match="something else than the record in it"):
        read_record(file)


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "[]", "{}", '{"record": 5}', "[" * 100_000, '{"a": 1, "a": 2}'],
)
def test_what_is_no_record_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "record.json"
    file.write_text(text)
    with pytest.raises(InputError):
        read_record(file)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("claimants", ["a"]), ("claimants", [[1]]), ("claimants", 5), ("parameters", []),
        ("parameters", None), ("parameters", {"rule": "no such"}), ("pool", "many"), ("pool", None),
    ],
)  # fmt: skip
def test_inputs_that_cannot_be_run_are_told(key: str, value: object) -> None:
    kept = record(hw.ration([100, 200], 200))
    kept["inputs"][key] = value
    with pytest.raises(InputError):
        verify(kept)


@pytest.mark.parametrize("name", sorted(SHARED.keys() - {"priority"}))
@pytest.mark.parametrize("claims", [[0, 5, 20, 10], [7, 0, 0], [0, 3, 3], [9]])
@pytest.mark.parametrize("pool", [0, 1, 7, 30, 1000])
def test_who_claims_nothing_takes_part_at_every_door_alike(
    name: str, claims: list[int], pool: int
) -> None:
    """The n of Dominguez and Thomson's steps counts everybody, also who claims nothing."""
    pool = min(pool, sum(claims))
    found = hw.ration(claims, pool, name)
    exact = [one.award for one in found.awards]
    by_rule = RULES[name].divide(Fraction(pool), [Fraction(d) for d in claims]).awards
    assert exact == list(by_rule)
    (floats,) = share(name, np.array([claims], float), np.array([float(pool)]))
    assert floats.tolist() == pytest.approx([float(x) for x in exact], rel=1e-12, abs=1e-12)
