"""Pools in a measure such as TPP, and claims that count chips of some size."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import headworks as hw
from headworks.errors import InputError
from headworks.rationing.record import record, verify
from headworks.rationing.whole import METHODS, whole_units
from headworks.rationing.whole.sized import largest_remainder_by_size
from tests.tiers import examples

if TYPE_CHECKING:
    from headworks.rationing.result import Ration


def awards(result: Ration) -> list[Fraction]:
    return [one.award for one in result.awards]


def units(result: Ration) -> dict[str, Fraction]:
    return {name: x for one in result.awards for name, x in one.units.items()}


TWO_CHIPS: dict[str, Any] = {
    "claims": {"a": 100, "b": 500}, "pool": 1000, "chips": {"a": "big", "b": "small"},
    "per_chip": {"Big": 16, "small": "5/2"}, "unit": "TPP",
}  # fmt: skip


def test_units_count_for_their_size() -> None:
    result = hw.ration(**TWO_CHIPS, rule="cea")
    assert [one.claim for one in result.awards] == [1600, 1250]
    assert awards(result) == [500, 500]
    assert units(result) == {"a": Fraction(500, 16), "b": 200}
    assert result.unit == "TPP"
    assert result.steps[0].to_json()["changed"] == {"a": ["100", "1600"], "b": ["500", "1250"]}
    assert result.to_json()["units"] == {"a": "125/4", "b": "200"}


def test_a_claimants_own_amounts_count_units_and_those_of_the_call_the_measure() -> None:
    rows = [
        {"name": "a", "claim": 100, "size": 16, "cap": 20, "minimum": 10, "need": 50, "stock": 10},
        {"name": "b", "claim": 500, "size": 2},
    ]
    result = hw.ration(rows, 1000, cap=700)
    assert [one.claim for one in result.awards] == [640, 1000]
    assert awards(result) == [320, 680]
    assert units(result) == {"a": 20, "b": 340}


def test_whole_units_fill_the_pool_in_its_measure() -> None:
    """After 31 units of 16 and 200 of 5/2, the pool holds 4, and no unit of 16."""
    result = hw.ration(**TWO_CHIPS, rule="cea", whole="lrm")
    assert units(result) == {"a": 31, "b": 200}
    assert awards(result) == [496, 500]
    assert result.left == 4
    assert verify(json.loads(json.dumps(record(result)))) == []


def test_a_party_with_several_chips_is_served_as_one_and_split_by_claims() -> None:
    rows = [
        {"name": "a-big", "claim": 30, "size": 10, "party": "a"},
        {"name": "a-small", "claim": 300, "size": 1, "party": "a"},
        {"name": "b", "claim": 60, "size": 10},
    ]
    result = hw.ration(rows, 505, "cea")
    assert awards(result) == [Fraction(505, 2)] * 2
    assert units(result) == {
        "a-big": Fraction(505, 40), "a-small": Fraction(505, 4), "b": Fraction(505, 20),
    }  # fmt: skip
    whole = hw.ration(rows, 505, "cea", whole="lrm", priority=[1, 1, 2])
    assert units(whole) == {"a-big": 12, "a-small": 127, "b": 25}  # 0.625 of 10 finds 9 left
    assert whole.left == 8


def test_members_of_a_party_keep_their_own_bounds() -> None:
    rows = [
        {"name": "a1", "claim": 50, "size": 4, "cap": 10, "party": "a"},
        {"name": "a2", "claim": 50, "size": 4, "minimum": 30, "party": "a"},
        {"name": "b", "claim": 900, "size": 4},
    ]
    for whole in (None, "lrm"):
        found = units(hw.ration(rows, 400, whole=whole, priority=[1, 1, 2]))
        assert found["a1"] <= 10
        assert found["a2"] >= 30


def test_one_size_is_rounded_by_any_method() -> None:
    """As if the pool were counted in those units."""
    claims, pool = [100, 200, 300], 101
    for name, method in METHODS.items():
        rule = method.rule or "proportional"
        given: dict[str, Any] = {"rule": rule, "whole": name}
        given |= {"ballot_key": "1./"} if method.draws else {"priority": [1, 2, 3]}
        sized = hw.ration(claims, pool * 7, sizes=[7, 7, 7], **given)
        plain = hw.ration(claims, pool, **given)
        assert list(units(sized).values()) == awards(plain)
        assert sized.margin == plain.margin


def test_several_sizes_are_rounded_by_the_largest_remainder_alone() -> None:
    with pytest.raises(InputError, match="jefferson counts units of one size, and here are 2"):
        hw.ration(**TWO_CHIPS, whole="jefferson")


def test_equal_fractions_of_a_unit_need_an_order() -> None:
    given: dict[str, Any] = {"claims": {"a": 9, "b": 9, "c": 9}, "pool": 15, "whole": "lrm",
                             "sizes": {"a": 2, "b": 2, "c": 4}, "caps": {"c": 1}}  # fmt: skip
    with pytest.raises(InputError, match="2 claimants stand equal for 1 units: a, b"):
        hw.ration(**given, rule="cea")
    assert units(hw.ration(**given, rule="cea", priority=[2, 1, 3])) == {"a": 2, "b": 3, "c": 1}


def test_a_lot_is_reached_in_whole_units() -> None:
    """Of 10 there is no lot in units of 4 below 12."""
    rows = [{"name": "a", "claim": 10, "size": 4}, {"name": "b", "claim": 3, "size": 4}]
    result = hw.ration(rows, 40, "cel", lot=10, whole="lrm")
    assert awards(result) == [40, 0]
    rows[1]["size"] = 3
    rows[1]["party"] = rows[0]["party"] = "p"
    with pytest.raises(InputError, match="p has units of several sizes"):
        hw.ration(rows, 40, lot=10, whole="lrm")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"claims": {"a": 1, "b": 1}, "sizes": {"a": 2}}, "no size of a unit is known of b"),
    ({"claims": {"a": 1}, "sizes": {"a": 0}}, "a size of 0"),
    ({"claims": {"a": 1}, "per_chip": {"h200": 4}}, "no size of a unit is known of a"),
    (
        {"claims": {"a": 1}, "chips": {"a": "h2O0"}, "per_chip": {"h200": 4}},
        "did you mean h200",
    ),
    ({"claims": {"a": 1}, "chips": {"a": "x"}, "per_chip": {"x": -4}}, "-4 is not positive"),
    ({"claims": {"a": 1}, "chips": {"a": "x"}, "per_chip": {"x": "?"}}, "'?' is not a number"),
    (
        {"claims": {"a": 1}, "chips": {"a": "x"}, "sizes": {"a": 3}, "per_chip": {"x": 4}},
        "its size is 3, and that of the chip x is 4",
    ),
]


@pytest.mark.parametrize(("given", "said"), BAD, ids=lambda value: str(value)[-40:])
def test_sizes_that_cannot_be_used_are_told(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as error:
        hw.ration(pool=9, **given)
    assert said in str(error.value)


@st.composite
def sized(draw: st.DrawFn) -> dict[str, Any]:
    n = draw(st.integers(1, 5))
    return {
        "claims": draw(st.lists(st.integers(0, 30), min_size=n, max_size=n)),
        "sizes": draw(st.lists(st.fractions("1/2", 9, max_denominator=3), min_size=n, max_size=n)),
        "parties": draw(st.lists(st.sampled_from([None, "p", "q"]), min_size=n, max_size=n)),
        "pool": draw(st.integers(0, 300)),
    }


@settings(max_examples=examples(150), deadline=None)
@given(sized(), st.sampled_from(["proportional", "cea", "cel", "talmud"]))
def test_whole_units_respect_pool_and_claims(problem: dict[str, Any], rule: str) -> None:
    exact = hw.ration(**problem, rule=rule)
    whole = hw.ration(**problem, rule=rule, whole="lrm", ballot_key="1./")
    counts, parts = units(whole), units(exact)
    assert all(count.denominator == 1 for count in counts.values())
    for n, claim in enumerate(problem["claims"]):
        assert counts[str(n + 1)] <= claim
    spent = sum(counts[str(n + 1)] * size for n, size in enumerate(problem["sizes"]))
    assert spent == sum(awards(whole)) <= sum(awards(exact)) <= problem["pool"]
    if not any(one.members for one in exact.awards):
        assert all(abs(counts[name] - parts[name]) < 1 for name in parts)


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=6))
def test_with_one_size_it_is_the_largest_remainder(pairs: list[tuple[int, int]]) -> None:
    claims = [claim for claim, _ in pairs]
    exact = [Fraction(claim * min(part, 9), 9) for claim, part in pairs]
    order = range(len(claims))
    one = largest_remainder_by_size(
        exact, [Fraction(1)] * len(exact), claims, order=order, measure=sum(exact, Fraction(0))
    )
    assert one.awards == whole_units(exact, claims, order=order).awards


@settings(max_examples=examples(100), deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 6)), min_size=1, max_size=5),
)
def test_what_is_left_holds_no_unit_that_stands_in_line(pairs: list[tuple[int, int]]) -> None:
    """By definition: nobody who was rounded down could still be rounded up."""
    exact = [Fraction(part, 7) for part, _ in pairs]
    sizes = [Fraction(size) for _, size in pairs]
    most = [part // 7 + 1 for part, _ in pairs]
    measure = sum((a * size for a, size in zip(exact, sizes, strict=True)), Fraction(0))
    found = largest_remainder_by_size(exact, sizes, most, order=range(len(pairs)), measure=measure)
    left = sum((x - n) * s for x, n, s in zip(exact, found.awards, sizes, strict=True))
    assert left >= 0
    for x, n, s in zip(exact, found.awards, sizes, strict=True):
        assert n in {x.__floor__(), x.__ceil__()}
        assert n >= x or s > left
