"""Who stands where the pool ends: cut-offs with their margin, and ties that decide nothing."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import headworks as hw
from headworks.errors import InputError
from headworks.rationing.record import record
from headworks.rationing.rule import RULES
from headworks.rationing.rules.division import CutOff
from headworks.rationing.rules.ordered import Tied, points, priority

NOTHING = Fraction(0)
amounts = st.integers(0, 8).map(Fraction)


def cut(result: Any) -> dict[str, Any]:  # noqa: ANN401 - a rationing
    found = record(result)["cut_off"]
    assert isinstance(found, dict)
    return found


POINTS = {"a": 100, "b": 200, "c": 300}


@pytest.mark.parametrize(
    ("pool", "last", "following", "margin"),
    [
        (50, "a", "b", "2"), (100, "a", "b", "2"), (101, "b", "c", "3/2"), (300, "b", "c", "3/2"),
        (301, "c", "", None), (0, "", "", None),
    ],
)  # fmt: skip
def test_the_margin_is_that_of_the_last_winner_above_the_first_loser(
    pool: int, last: str, following: str, margin: str | None
) -> None:
    result = hw.ration(POINTS, pool, "points", scores={"a": "9.5", "b": "7.5", "c": 6})
    if not pool:
        assert record(result)["cut_off"] is None  # nothing was shared, so nobody was asked
        return
    assert cut(result) == {
        "open": {"last": [last], "following": [following] * bool(following), "margin": margin}
    }


def test_with_enough_for_all_nobody_is_cut_off() -> None:
    assert record(hw.ration(POINTS, 600, "points", scores=[3, 2, 1]))["cut_off"] is None
    assert points(NOTHING, [Fraction(1)], scores=[3]).cut_off == CutOff((), (0,))


def test_equal_scores_that_ranks_set_apart_have_a_margin_of_nothing() -> None:
    result = hw.ration(POINTS, 150, "points", scores=[5, 5, 5], priority=[2, 1, 3])
    assert cut(result)["open"] == {"last": ["b"], "following": ["a"], "margin": "0"}


def test_scores_that_are_no_numbers_have_no_margin() -> None:
    division = points(Fraction(1), [Fraction(1)] * 2, scores=["b", "a"])
    assert division.cut_off == CutOff((0,), (1,))
    half = points(Fraction(1), [Fraction(1)] * 2, scores=[0.5, 0.25])
    assert half.cut_off == CutOff((0,), (1,), Fraction(1, 4))


def test_the_day_on_which_the_pool_ends_stands_at_the_cut() -> None:
    days = ["2026-01-05", "2026-01-06", "2026-01-06", "2026-01-07"]
    result = hw.ration([40, 30, 60, 30], 100, "fcfs", days=days)
    assert cut(result)["open"] == {"last": ["2", "3"], "following": ["4"], "margin": None}


def test_a_cap_moves_the_cut_and_each_reserve_has_its_own() -> None:
    scores = {"a": 9, "b": 7, "c": 4}
    capped = hw.ration(POINTS, 150, "points", scores=scores, caps={"a": 20, "b": 40})
    assert cut(capped)["open"]["last"] == ["c"]
    kept = {"name": "small", "units": 60, "eligible": ["c", "b"]}
    both = hw.ration(POINTS, 150, "points", scores=scores, reserves=[kept])
    assert cut(both) == {
        "small": {"last": ["b"], "following": ["c"], "margin": "3"},
        "open": {"last": ["a"], "following": ["b"], "margin": "2"},
    }


@given(st.lists(st.tuples(amounts, st.integers(0, 3)), min_size=1, max_size=6), amounts)
def test_a_cut_divides_those_served_from_those_who_are_not(
    parties: list[tuple[Fraction, int]], pool: Fraction
) -> None:
    claims, scores = [claim for claim, _ in parties], [score for _, score in parties]
    order = range(len(claims))
    division = points(pool, claims, scores=scores, priority=[*order])
    if division.cut_off is None:
        assert list(division.awards) == claims
        return
    served = [n for n in order if division.awards[n]]
    waiting = [n for n in order if claims[n] and not division.awards[n]]
    ranked = sorted(order, key=lambda n: (-scores[n], n))
    assert list(division.cut_off.last) == [n for n in ranked if n in served][-1:]
    assert list(division.cut_off.following) == [n for n in ranked if n in waiting][:1]
    if served and waiting:
        last, following = division.cut_off.last[0], division.cut_off.following[0]
        assert division.cut_off.margin == scores[last] - scores[following] >= 0


def test_a_tie_in_points_names_claimants() -> None:
    with pytest.raises(InputError) as caught:
        hw.ration({"x": 0, "north": 100, "south": 100}, 150, "points", scores=[9, 5, 5])
    assert str(caught.value).startswith(
        "priority: the pool ends among north and south, who have the same score 5"
    )


RANKED = {"a": 100, "b": 100, "c": 100, "d": 100}


@pytest.mark.parametrize("pool", [0, 40, 100, 300, 340, 400, 500])
def test_equal_ranks_are_no_fault_where_nothing_hangs_on_them(pool: int) -> None:
    ranks = {"a": 1, "b": 2, "c": 2, "d": 3}
    result = hw.ration(RANKED, pool, "priority", priority=ranks)
    assert sum(one.award for one in result.awards) == min(pool, 400)


def test_equal_ranks_are_a_fault_where_the_pool_ends_among_them() -> None:
    with pytest.raises(InputError, match="the pool ends among b and c, who have the same rank"):
        hw.ration(RANKED, 150, "priority", priority={"a": 1, "b": 2, "c": 2, "d": 3})
    with pytest.raises(InputError, match="among c and d, who have the same rank"):
        hw.ration(RANKED, 250, "priority", priority={"a": 1, "b": 2})  # both come last
    drawn = hw.ration(
        RANKED, 150, "priority", priority={"a": 1, "b": 2, "c": 2, "d": 3}, ballot_key="9319./2.5./"
    )
    assert sorted(one.award for one in drawn.awards) == [0, 0, 50, 100]


def test_equal_ranks_are_a_fault_only_where_a_whole_unit_hangs_on_them() -> None:
    three = {"a": 10, "b": 10, "c": 10}
    fine = hw.ration(three, 10, whole="largest_remainder", priority={"a": 1, "b": 2, "c": 2})
    assert [one.award for one in fine.awards] == [4, 3, 3]
    with pytest.raises(InputError) as caught:
        hw.ration(three, 11, whole="largest_remainder", priority={"a": 1, "b": 2, "c": 2})
    assert "b, c have the same rank and stand equal for the last unit" in str(caught.value)


def test_equal_ranks_are_a_fault_only_where_a_lot_hangs_on_them() -> None:
    equal = {"a": 10, "b": 10, "c": 10}
    spared = hw.ration(equal, 12, lot=6, priority={"a": 1, "b": 1, "c": 2})
    assert [one.award for one in spared.awards] == [6, 6, 0]
    with pytest.raises(InputError, match="2 claimants stand equal below a lot of 6: b, c"):
        hw.ration(equal, 12, lot=6, priority={"a": 1, "b": 2, "c": 2})


@given(
    st.lists(st.tuples(amounts, st.integers(0, 2)), min_size=1, max_size=5),
    st.integers(0, 20).map(Fraction),
)
def test_a_tie_is_a_fault_just_where_orders_of_equals_give_different_awards(
    parties: list[tuple[Fraction, int]], pool: Fraction
) -> None:
    claims = [claim for claim, _ in parties]
    groups = [
        [n for n, (_, rank) in enumerate(parties) if rank == wanted] for wanted in range(3)
    ]  # fmt: skip
    possible = {
        priority(pool, claims, priority=[*first, *second, *third]).awards
        for first in permutations(groups[0]) for second in permutations(groups[1])
        for third in permutations(groups[2])
    }  # fmt: skip
    asked = [group for group in groups if group]
    if len(possible) == 1:
        assert {priority(pool, claims, priority=asked).awards} == possible
    else:
        with pytest.raises(Tied) as caught:
            priority(pool, claims, priority=asked)
        differing = {n for n in range(len(claims)) if len({one[n] for one in possible}) > 1}
        assert differing == set(caught.value.claimants)


@pytest.mark.parametrize("name", ["priority", "points"])
def test_an_order_that_leaves_somebody_out_is_refused(name: str) -> None:
    options = {"scores": [1, 1]} if name == "points" else {}
    with pytest.raises(InputError, match="does not name each of 2 claimants once"):
        RULES[name].divide(Fraction(1), [Fraction(1)] * 2, priority=[(0, 0)], **options)
