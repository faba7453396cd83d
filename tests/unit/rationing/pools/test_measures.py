"""Pools that count different things: units, TPP and MW in one call, with a size of each chip."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import headworks as hw
from headworks.errors import InputError
from headworks.rationing.record import verify
from headworks.rationing.record.seal import digest

ROWS: list[dict[str, object]] = [
    {"name": "north", "claim": 20, "chip": "Big", "pool": "ceiling|grid"},
    {"name": "middle", "claim": 30, "chip": "small"},
    {"name": "south", "claim": 10, "pool": "count"},
]
POOLS: dict[str, Any] = {"ceiling": 100, "count": 12, "grid": "1/2"}
MEASURES: dict[str, tuple[str, dict[str, Any]]] = {
    "ceiling": ("TPP", {"big": 10, "small": 2}),
    "grid": ("MW", {"big": "0.1", "small": "0.05"}),
}


def test_each_pool_is_shared_in_its_own_measure() -> None:
    """By hand.

    Ceiling: of claims of 200 and 60 TPP each gets 50, which are 5 and 25 units. Count: 5 and 10 of
    12 units are claimed, of which equal awards give 5 and 7. Grid: 15 units of north are 3/2 MW, of
    which 1/2 serves 5.
    """
    found = hw.ration_pools(ROWS, POOLS, "cea", measures=MEASURES)
    assert [dict(one.by_pool) for one in found.awards] == [
        {"ceiling": 5, "grid": 5},
        {"ceiling": 25, "count": 5, "grid": 0},
        {"count": 7},
    ]
    assert [one.award for one in found.awards] == [10, 30, 7]
    assert {name: one.unit for name, one in found.pools.items()} == {
        "ceiling": "TPP", "count": "units", "grid": "MW",
    }  # fmt: skip
    assert found.pools["ceiling"].awards[0].award == 50
    assert found.left is None
    assert found.to_json()["left"] == {"ceiling": "0", "count": "0", "grid": "0"}


chips = st.sampled_from(["big", "small"])


@given(
    st.lists(st.tuples(st.integers(0, 30), chips), min_size=1, max_size=5),
    st.fractions(0, 200, max_denominator=4), st.fractions(0, 4, max_denominator=9),
    st.sampled_from(["pro", "cea", "cel", "talmud"]),
)  # fmt: skip
def test_it_is_one_pool_after_the_other(
    people: list[tuple[int, str]], tpp: Fraction, power: Fraction, rule: str
) -> None:
    """Each pool as a call of its own, with claims less what the pools before gave."""
    rows = [{"name": str(n), "claim": x, "chip": chip} for n, (x, chip) in enumerate(people)]
    found = hw.ration_pools(rows, {"ceiling": tpp, "grid": power}, rule, measures=MEASURES)
    rest = [Fraction(x) for x, _ in people]
    for name, amount in (("ceiling", tpp), ("grid", power)):
        sizes = [Fraction(str(MEASURES[name][1][chip])) for _, chip in people]
        alone = hw.ration(rest, amount, rule, sizes=sizes)
        units = [one.award / size for one, size in zip(alone.awards, sizes, strict=True)]
        assert [one.by_pool[name] for one in found.awards] == units
        rest = [claim - got for claim, got in zip(rest, units, strict=True)]


def test_caps_minima_and_needs_count_units_in_all_pools_together() -> None:
    rows = [dict(row) for row in ROWS]
    rows[0] |= {"cap": 6, "need": 9, "stock": 1}
    rows[1] |= {"minimum": 30}
    found = hw.ration_pools(rows, POOLS, "cea", measures=MEASURES)
    assert found.awards[0].claim == 8
    assert [one.award for one in found.awards] == [6, 30, 7]


def test_whole_units_are_whole_chips_of_each_pool() -> None:
    found = hw.ration_pools(
        ROWS, {"ceiling": 97, "count": 12, "grid": "0.33"}, "pro", measures=MEASURES,
        whole="largest_remainder", ballot_key="3./",
    )  # fmt: skip
    assert all(x.denominator == 1 for one in found.awards for x in one.by_pool.values())
    for name, (_, sizes) in MEASURES.items():
        used = sum(
            one.by_pool.get(name, 0) * Fraction(str(sizes[str(row["chip"]).lower()]))
            for one, row in zip(found.awards, ROWS, strict=True)
            if row.get("chip")
        )
        assert used <= found.pools[name].pool


def test_its_record_is_run_again_and_tells_of_another_size() -> None:
    kept: dict[str, Any] = hw.ration_pools(ROWS, POOLS, "cea", measures=MEASURES).to_record()
    kept = json.loads(json.dumps(kept))
    assert verify(kept) == []
    assert kept["inputs"]["pools"][0] == {
        "name": "ceiling", "pool": "100", "unit": "TPP", "per_chip": {"big": "10", "small": "2"},
    }  # fmt: skip
    kept["inputs"]["pools"][0]["per_chip"]["big"] = "20"
    kept["inputs_sha256"] = digest(kept["inputs"])
    kept["sha256"] = digest({k: v for k, v in kept.items() if k != "sha256"})
    assert any(text.startswith("awards.north.pools.ceiling: ") for text in verify(kept))


@pytest.mark.parametrize(
    ("measures", "options", "message"),
    [
        ({"celing": ("TPP", {"big": 1})}, {}, "there is no pool 'celing'; did you mean ceiling"),
        ({"ceiling": ("TPP", {"big": 1})}, {}, "no size of a unit is known of middle"),
        ({"ceiling": ("TPP", {"big": 0, "small": 1})}, {}, "the size 0 is not positive"),
        ({"ceiling": (" ", {"big": 1, "small": 1})}, {}, "the unit is empty"),
        (MEASURES, {"cap": 5}, "it holds in each pool, and pools are in several units"),
        (MEASURES, {"lot": 5}, "it holds in each pool, and pools are in several units"),
        (MEASURES, {"sizes": [1, 1, 1]}, "units have a size of their own"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(
    measures: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        hw.ration_pools(ROWS, POOLS, "cea", measures=measures, **options)


def test_relatives_with_chips_of_several_sizes_are_told() -> None:
    rows = [{**row, "party": "p"} for row in ROWS[:2]]
    for row in rows:
        row.pop("pool", None)
    with pytest.raises(InputError, match="p count units of several chips under one name"):
        hw.ration_pools(rows, {"ceiling": 5}, "cea", measures={"ceiling": MEASURES["ceiling"]})
