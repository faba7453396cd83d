"""Several pools: each by itself, and linked, checked against one pool after the other by hand."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import headworks as hw
from headworks.errors import InputError
from headworks.rationing.record import verify
from headworks.rationing.record.seal import digest
from tests.tiers import examples

ROWS: list[dict[str, Any]] = [
    {"name": "a", "claim": 100, "pool": "north|south"},
    {"name": "b", "claim": 100},
    {"name": "c", "claim": 50, "pool": "south"},
]


def totals(result: hw.PooledRation) -> list[Fraction]:
    return [one.award for one in result.awards]


def test_what_one_pool_leaves_unmet_goes_on_to_the_next() -> None:
    result = hw.ration_pools(ROWS, {"north": 80, "south": 60}, "cea")
    assert [dict(one.by_pool) for one in result.awards] == [
        {"north": 40, "south": 20}, {"north": 40, "south": 20}, {"south": 20},
    ]  # fmt: skip
    (link,) = result.steps
    assert link.to_json()["changed"] == {"a": ["100", "60"], "b": ["100", "60"]}
    assert result.pools["south"].level == 20


def test_the_order_of_the_pools_decides() -> None:
    result = hw.ration_pools(ROWS, {"south": 60, "north": 80}, "cea")
    assert totals(result) == [60, 60, 20]
    other = hw.ration_pools(ROWS, {"south": 200, "north": 80}, "cea")
    assert totals(other) == [100, 100, 50]
    assert other.pools["north"].left == 30


def test_pools_that_nobody_shares_are_shared_by_themselves() -> None:
    rows = [{"name": n, "claim": c, "pool": p} for n, c, p in (
        ("a", 100, "x"), ("b", 200, "x"), ("c", 300, "y"), ("d", 30, "y"),
    )]  # fmt: skip
    result = hw.ration_pools(rows, {"x": 90, "y": 110}, "talmud")
    alone = [hw.ration({"a": 100, "b": 200}, 90, "talmud"),
             hw.ration({"c": 300, "d": 30}, 110, "talmud")]  # fmt: skip
    assert totals(result) == [one.award for each in alone for one in each.awards]
    assert not result.steps


def test_caps_and_minima_of_a_claimant_hold_for_all_pools_together() -> None:
    rows: list[dict[str, Any]] = [
        {"name": "a", "claim": 100, "cap": 50}, {"name": "b", "claim": 100, "minimum": 45},
        {"name": "c", "claim": 500},
    ]  # fmt: skip
    result = hw.ration_pools(rows, {"north": 100, "south": 100})
    a, b, c = totals(result)
    assert a <= 50
    assert b == 45
    assert a + b + c == 200
    north = {one.name: one.award for one in result.pools["north"].awards}
    assert north["b"] == Fraction(100, 7)  # the floor is made good by the last pool


def test_need_and_parties_are_looked_at_once() -> None:
    rows = [
        {"name": "a1", "claim": 60, "need": 40, "party": "a"},
        {"name": "a2", "claim": 20, "party": "a"},
        {"name": "b", "claim": 60},
    ]
    result = hw.ration_pools(rows, {"north": 40, "south": 40}, "cea")
    assert totals(result) == [40, 40]
    assert [step.name for step in result.steps] == ["need", "merge", "link"]
    assert result.awards[0].members == ("a1", "a2")


def test_units_of_some_size_go_on_too() -> None:
    result = hw.ration_pools(
        {"a": 10, "b": 40}, {"x": 60, "y": 50}, "cea", sizes={"a": 16, "b": 3}, whole="lrm",
        unit="TPP",
    )  # fmt: skip
    assert [one.units for one in result.awards] == [2, 19]
    for one, size, claim in zip(result.awards, (16, 3), (10, 40), strict=True):
        assert one.units is not None
        assert one.units * size == one.award
        assert one.units.denominator == 1
        assert one.units <= claim
    for ration in result.pools.values():
        assert ration.left >= 0


def test_a_record_of_pools_is_run_again_and_says_where_it_differs() -> None:
    kept = json.loads(json.dumps(hw.ration_pools(ROWS, {"north": 80, "south": 60}).to_record()))
    assert verify(kept) == []
    kept["pools"][0]["awards"][1]["award"] = "7"
    kept["sha256"] = digest({key: value for key, value in kept.items() if key != "sha256"})
    assert [text.partition(":")[0] for text in verify(kept)] == ["pools.north.awards.b.award"]
    kept["inputs"]["pools"][0]["pool"] = "many"
    with pytest.raises(InputError, match="'many' is not a number"):
        verify(kept)


def test_what_is_printed_names_each_pool() -> None:
    found = hw.ration_pools(ROWS, {"north": 80, "south": 60}, "cea").to_json()
    assert list(found) == [
        "rule", "unit", "pools", "names", "claims", "awards", "left", "warnings", "record",
    ]  # fmt: skip
    assert [one["name"] for one in found["pools"]] == ["north", "south"]
    assert found["pools"][1]["awards"] == ["20", "20", "20"]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"pools": None}, "there are no pools by name"),
    ({"pools": {}}, "there are no pools by name"),
    ({"pools": {"north": -1, "south": "x"}}, "the pool is negative: -1"),
    ({"pools": {"north": 1, " north": 2}}, "name each pool once"),
    ({"pools": {"north|south": 1}}, "no name of a pool"),
    ({"pools": {"north": 1}}, "a: there is no pool 'south'"),
    ({"pools": {"north": 1, "south": 1, "east": 1}, "claims": ROWS[::2]}, "east: nobody may be"),
    ({"rule": "uniform"}, "leaves no claim unmet that could go on"),
    ({"tranches": [80, 60]}, "tranches: it is about one pool without a name"),
    (
        {"reserves": [{"name": "r", "units": 1, "eligible": "a"}]},
        "reserves: it is about one pool without a name",
    ),
    ({"pools": {"a": 1}, "claims": {"b": 5}, "tranches": [1]}, "tranches: it is about one pool"),
    ({"order": "open"}, "order: it is about one pool without a name"),
    ({"rule": "priority"}, "pool north: priority: fixed priority needs an order"),
    (
        {"pools": {"north": 80, "south": 40}, "minima": {"c": 70}},
        "pool south: minimum: the guaranteed minima add up to 50, more than the pool of 40",
    ),
    (
        {"claims": [{**ROWS[0], "party": "p"}, {**ROWS[2], "party": "p"}]},
        "its members may be served from different pools",
    ),
    ({"parties": {"a": "p", "b": "p"}, "eligible": {"a": "north", "b": "north"},
      "sizes": {"a": 1, "b": 2, "c": 1}}, "p count units of several sizes"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "said"), BAD, ids=lambda value: str(value)[-50:])
def test_pools_that_cannot_be_shared_are_told(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as error:
        hw.ration_pools(**{"claims": ROWS, "pools": {"north": 80, "south": 60}, **given})
    assert said in str(error.value)


@st.composite
def linked(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, int]]:
    names = ["x", "y", "z"][: draw(st.integers(1, 3))]
    rows = [
        {
            "name": str(n),
            "claim": draw(st.integers(0, 40)),
            "pool": "|".join(draw(st.lists(st.sampled_from(names), min_size=1, unique=True))),
        }
        for n in range(draw(st.integers(1, 5)))
    ]
    rows.append({"name": "all", "claim": 10, "pool": None})
    return rows, {name: draw(st.integers(0, 60)) for name in names}


@settings(max_examples=examples(100), deadline=None)
@given(linked(), st.sampled_from(["proportional", "cea", "cel", "talmud", "piniles"]))
def test_pools_are_shared_one_after_the_other(
    problem: tuple[list[dict[str, Any]], dict[str, int]], rule: str
) -> None:
    """Against a loop over plain rationings, which knows nothing of links."""
    rows, pools = problem
    result = hw.ration_pools(rows, pools, rule)
    left = {row["name"]: Fraction(row["claim"]) for row in rows}
    for name, amount in pools.items():
        theirs = [r["name"] for r in rows if r["pool"] is None or name in r["pool"].split("|")]
        shared = hw.ration({one: left[one] for one in theirs}, amount, rule)
        for one in shared.awards:
            left[one.name] -= one.award
    assert {one.name: one.claim - one.award for one in result.awards} == left
    assert sum(totals(result)) == sum(pools.values()) - (result.left or 0)
