"""Several resources at the public door: tables, claims, weights, reasons, records, faults."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import headworks as hw
from headworks.errors import InputError
from headworks.rationing.record import verify
from tests.tiers import examples

if TYPE_CHECKING:
    from pathlib import Path

GHODSI: dict[str, Any] = {
    "needs": {"A": {"cpu": 1, "ram": 4}, "B": {"cpu": 3, "ram": 1}},
    "available": {"cpu": 9, "ram": 18}, "claims": {"A": None, "B": None},
}  # fmt: skip
"""Ghodsi and others 2011: A has 3 tasks and B 2, both dominant shares are 2/3."""


def test_the_example_of_the_paper() -> None:
    result = hw.ration_resources(**GHODSI)
    assert [one.award for one in result.awards] == [3, 2]
    assert {one.share for one in result.awards} == {Fraction(2, 3)}
    assert [one.dominant for one in result.awards] == ["ram", "cpu"]
    assert [one.held_by for one in result.awards] == ["cpu", "cpu"]
    assert result.left == {"cpu": 0, "ram": 4}
    assert result.reasons() == ["cpu is full and holds A, B", "ram holds nobody: 4 are left"]


def test_without_claims_needs_are_whole_requests() -> None:
    result = hw.ration_resources(
        {"a": {"chips": 800, "power_mw": 1}, "b": {"chips": 400, "power_mw": 2}},
        {"chips": 900, "power_mw": 2},
    )
    assert not result.counted
    a, b = result.awards
    assert a.share == b.share == Fraction(16, 25)
    assert (a.award, b.award) == (Fraction(18, 25), Fraction(16, 25))
    assert a.uses["chips"] == 576
    assert b.uses["power_mw"] == Fraction(32, 25)
    assert (a.held_by, b.held_by) == ("power_mw", "power_mw")
    enough = hw.ration_resources({"a": {"chips": 8}}, {"chips": 9})
    assert enough.awards[0].award == 1
    assert enough.reasons() == ["chips holds nobody: 1 are left", "a has all that is claimed"]


def test_a_table_has_a_column_for_each_resource(tmp_path: Path) -> None:
    file = tmp_path / "racks.csv"
    file.write_text(
        "company;claim;Chips;Power MW;weight\nnorth;100;72;0.12;\nsouth;;8;0.01;2\n\n", "utf-8"
    )
    result = hw.ration_resources(file, {"chips": 720, "power_mw": 100})
    assert result.counted
    assert [one.name for one in result.awards] == ["north", "south"]
    assert [one.claim for one in result.awards] == [100, None]
    assert [one.share for one in result.awards] == [Fraction(1, 3), Fraction(2, 3)]


def test_one_resource_is_weighted_equal_awards() -> None:
    claims, weights = {"a": 3, "b": 8, "c": 10}, {"a": 1, "b": 1, "c": 2}
    one = hw.ration_resources(
        {name: {"chips": 1} for name in claims}, {"chips": 12}, claims=claims, weights=weights
    )
    cea = hw.ration(claims, 12, "cea", weights=weights)
    assert [a.award for a in one.awards] == [a.award for a in cea.awards] == [3, 3, 6]


def test_whole_units_are_given_one_by_one() -> None:
    given = {**GHODSI, "available": {"cpu": 8, "ram": 18}, "whole": "up"}
    result = hw.ration_resources(**given, priority={"A": 2, "B": 1})
    assert [one.award for one in result.awards] == [2, 2]
    assert result.left == {"cpu": 0, "ram": 8}
    drawn = hw.ration_resources(**given, ballot_key="9319./")
    assert drawn.ballot is not None
    assert all(one.award.denominator == 1 for one in drawn.awards)


@pytest.mark.parametrize(
    "more", [{}, {"whole": "rounds_of_one", "ballot_key": "1./"}, {"weights": {"A": "3/2"}}]
)
def test_a_record_is_run_again(more: dict[str, Any]) -> None:
    kept = json.loads(json.dumps(hw.ration_resources(**GHODSI, **more).to_record()))
    assert verify(kept) == []
    kept["awards"][0]["award"] = "4"
    assert any(text.startswith("awards.A.award: ") for text in verify(kept))


def test_what_is_printed() -> None:
    found = hw.ration_resources(**GHODSI).to_json()
    assert found["awards"] == ["3", "2"]
    assert found["shares"] == ["2/3", "2/3"]
    assert found["held_by"] == ["cpu", "cpu"]
    assert found["left"] == {"cpu": "0", "ram": "4"}
    assert found["resources"][0] == {"name": "cpu", "available": "9", "used": "9"}


BAD: list[tuple[dict[str, Any], str]] = [
    ({"available": None}, "there are no resources by name"),
    ({"available": {"cpu": -1, "ram": 4}}, "cpu: -1 is negative"),
    ({"available": {"cpu": 1, "CPU": 4, "ram": 1}}, "a resource needs a name of its own"),
    ({"available": {"weight": 1}}, "other than a column of claimants has"),
    ({"needs": None}, "None are no needs by resource"),
    ({"needs": {}}, "there are no claimants"),
    ({"needs": {"A": 5}}, "5 are no needs by resource"),
    ({"needs": {"A": {"cp": 5}}}, "there is no resource 'cp'"),
    ({"needs": {"A": {"cpu": -5}, "B": {"ram": "x"}}}, "row 2.ram: 'x' is not a number"),
    ({"needs": [{"name": "A", "cpu": 1}] * 2, "claims": None}, "two claimants of this name"),
    ({"needs": {"A": {}, "B": {"cpu": 1}}}, "A: needs nothing and claims without bound"),
    ({"claims": [1]}, "1 given for 2 claimants"),
    ({"claims": {"C": 1}}, "there is no claimant 'C'"),
    ({"weights": [1, 0]}, "a weight of 0"),
    ({"whole": "lrm"}, "given by rounds_of_one, not by largest_remainder"),
    ({"whole": "up"}, "nothing says who comes first of A, B"),
    ({"whole": "up", "priority": [1, 1]}, "nothing says who comes first of A, B"),
    ({"whole": "up", "priority": [1, 2], "claims": None}, "whole requests, which have no units"),
    ({"ballot": "md5"}, "no key to hold one"),
]


@pytest.mark.parametrize(("given", "said"), BAD, ids=lambda value: str(value)[-50:])
def test_needs_that_cannot_be_met_are_told(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as error:
        hw.ration_resources(**{**GHODSI, **given})
    assert said in str(error.value)


def test_a_table_with_faults_names_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "racks.csv"
    file.write_text("name,claim,chips,slots\na,1,x,1\nb,-1,1,1\nb,1,1\n")
    with pytest.raises(InputError) as error:
        hw.ration_resources(file, {"chips": 1, "power": 1})
    found = {(fault.line, fault.key) for fault in error.value.faults}
    assert found == {(1, "slots"), (1, "power"), (2, "chips"), (3, "claim"), (4, "")}


needs = st.lists(
    st.fixed_dictionaries({"x": st.integers(0, 5), "y": st.integers(0, 5)}), min_size=1, max_size=4
)


@settings(max_examples=examples(100), deadline=None)
@given(needs, st.integers(0, 20), st.integers(0, 20))
def test_no_resource_is_overdrawn_and_no_request_exceeded(
    rows: list[dict[str, int]], x: int, y: int
) -> None:
    result = hw.ration_resources(rows, {"x": x, "y": y})
    assert all(amount >= 0 for amount in result.left.values())
    for row, one in zip(rows, result.awards, strict=True):
        assert 0 <= one.award <= 1
        assert dict(one.uses) == {name: need * one.award for name, need in row.items()}
        if one.held_by is not None:
            assert result.left[one.held_by] == 0
            assert row[one.held_by] > 0
        else:
            assert one.award == 1
