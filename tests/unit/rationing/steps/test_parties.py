"""Related parties: what of each member holds for the whole, and for no other member."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import headworks as hw
from headworks.errors import InputError
from tests.tiers import examples

if TYPE_CHECKING:
    from headworks.rationing.result import Ration


def awards(result: Ration) -> list[Fraction]:
    return [one.award for one in result.awards]


def test_the_unused_need_of_one_member_covers_no_order_of_another() -> None:
    rows = [
        {"name": "a", "claim": 100, "need": 20, "party": "p"},
        {"name": "b", "claim": 10, "need": 500, "party": "p"},
    ]
    result = hw.ration(rows, 1000)
    assert awards(result) == [30]
    need, merge = result.steps
    assert need.to_json()["changed"] == {"a": ["100", "20"]}
    assert merge.to_json()["changed"] == {"a": ["20", "0"], "b": ["10", "0"], "p": ["0", "30"]}


def test_a_member_without_a_need_has_its_request() -> None:
    rows = [
        {"name": "a", "claim": 100, "need": 20, "party": "p"},
        {"name": "b", "claim": 50, "party": "p"},
    ]
    result = hw.ration(rows, 1000)
    assert awards(result) == [70]
    assert "no need is known of b" in result.warnings[0]


def test_past_use_is_that_of_each_member() -> None:
    rows = [
        {"name": "a", "claim": 100, "used": 10, "awarded": 100, "party": "p"},
        {"name": "b", "claim": 100, "used": 900, "awarded": 900, "party": "p"},
    ]
    assert awards(hw.ration(rows, 1000, min_use="90%")) == [110]


@pytest.mark.parametrize(
    ("caps", "expected"),
    [((10, 20), 30), ((10, None), 60), ((None, None), 150), ((10, 500), 60)],
)
def test_the_cap_of_a_member_holds_back_that_member_alone(
    caps: tuple[int | None, int | None], expected: int
) -> None:
    """It neither caps the whole party nor is evaded by a relative without a cap."""
    rows = [
        {"name": "a", "claim": 100, "cap": caps[0], "party": "p"},
        {"name": "b", "claim": 50, "cap": caps[1], "party": "p"},
    ]
    assert awards(hw.ration(rows, 1000)) == [expected]


def test_the_minimum_of_a_member_is_as_much_as_it_claims() -> None:
    rows: list[dict[str, Any]] = [
        {"name": "a", "claim": 5, "minimum": 40, "party": "p"},
        {"name": "b", "claim": 95, "minimum": 10, "party": "p"},
        {"name": "c", "claim": 900},
    ]
    result = hw.ration(rows, 100)
    assert awards(result) == [15, 85]
    assert "its minimum are sums over members" in result.steps[0].what


def test_a_party_under_the_uniform_rule_has_a_cap_if_all_have() -> None:
    rows = [{"name": "a", "claim": 5, "cap": 8, "party": "p"}, {"name": "b", "claim": 5}]
    assert awards(hw.ration(rows, 30, "uniform")) == [8, 22]
    rows.append({"name": "c", "claim": 1, "party": "p"})
    assert awards(hw.ration(rows, 30, "uniform")) == [15, 15]


def test_weight_and_score_are_those_of_the_member_that_has_most() -> None:
    """A blank weight counts as 1, as it does without a party."""
    rows = [
        {"name": "a", "claim": 100, "weight": "1/2", "party": "p"},
        {"name": "b", "claim": 100, "party": "p"},
        {"name": "c", "claim": 100, "weight": 3},
    ]
    assert awards(hw.ration(rows, 40, "cea")) == [10, 30]


def test_a_party_does_not_bear_the_name_of_a_stranger() -> None:
    rows = [{"name": "p", "claim": 1}, {"name": "a", "claim": 1, "party": "p"}]
    with pytest.raises(InputError, match="name of a claimant that is not in it"):
        hw.ration(rows, 1)


columns = st.fixed_dictionaries(
    {"claim": st.integers(0, 50)},
    optional={"need": st.integers(0, 50), "stock": st.integers(0, 20), "cap": st.integers(0, 50)},
)


@settings(max_examples=examples(80), deadline=None)
@given(st.lists(columns, min_size=1, max_size=5), st.integers(0, 200))
def test_a_party_has_no_more_room_than_its_members_apart(
    members: list[dict[str, int]], pool: int
) -> None:
    """With a pool that is enough for all, being related changes nothing in sum."""
    rows = [{"name": str(n), **one} for n, one in enumerate(members)]
    apart = hw.ration(rows, 10_000)
    merged = hw.ration([{**row, "party": "p"} for row in rows], 10_000)
    assert sum(awards(merged)) == sum(awards(apart))
    assert sum(awards(hw.ration([{**row, "party": "p"} for row in rows], pool))) <= pool
