"""Whole units: vectors, ties, the last unit, size, and what is refused."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from headworks.errors import InputError, UnknownName
from headworks.rationing.ballots import ballot
from headworks.rationing.rules.equal import constrained_equal_awards
from headworks.rationing.whole import METHODS, LastUnit, Tie, method, whole_units
from headworks.rationing.whole import chance as chance_module
from headworks.rationing.whole.chance import proportional_random
from tests.tiers import examples

VECTORS = Path(__file__).parents[3] / "data" / "rationing" / "whole.yaml"
CASES = [
    pytest.param(case, name, id=f"{case['case']}: {name}")
    for case in yaml.safe_load(VECTORS.read_text())
    for name in case["expected"]
]
ORDERED = sorted(name for name, one in METHODS.items() if not one.draws)


def proportional(pool: int, claims: list[int]) -> list[Fraction]:
    """Return awards in proportion to claims."""
    return [Fraction(pool * claim, sum(claims)) for claim in claims]


def replayed(drawn: Iterable[int]) -> Callable[[int], int]:
    """Return draws that were chosen beforehand."""
    coming = iter(drawn)
    return lambda _: next(coming)


@pytest.mark.parametrize(("case", "name"), CASES)
def test_vectors(case: dict[str, Any], name: str) -> None:
    claims = case["claims"]
    awards = case.get("awards") or proportional(case["pool"], claims)
    order = case.get("order", range(len(claims)))
    assert sum(map(Fraction, awards)) == Fraction(case["pool"])
    assert list(whole_units(awards, claims, by=name, order=order).awards) == case["expected"][name]


@pytest.mark.parametrize("name", ORDERED)
def test_whole_awards_stay_as_they_are(name: str) -> None:
    awards = [2, 4, 4] if name == "rounds_of_one" else [1, 4, 5]
    assert whole_units(awards, [2, 5, 6], by=name).awards == tuple(awards)


def test_a_name_may_be_written_in_many_ways() -> None:
    for written in ("dhondt", "D'Hondt", "d-hondt", " Jefferson "):
        assert method(written).name == "jefferson"
    assert method("Sainte-Lague").name == "webster"
    assert method("balinski young").name == "quota"


def test_an_unknown_method_brings_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match="did you mean webster"):
        whole_units(["1/2"], [1], by="webber")


def test_names_and_aliases_are_unique() -> None:
    spelled = Counter([*METHODS, *(alias for one in METHODS.values() for alias in one.aliases)])
    assert max(spelled.values()) == 1


# Ties


def test_a_tie_goes_to_the_first_of_the_order() -> None:
    awards, claims = ["10/3"] * 3, [10, 10, 10]
    found = whole_units(awards, claims, order=[2, 0, 1])
    assert found.awards == (3, 3, 4)
    assert found.ties == (Tie(won=(2,), lost=(0, 1)),)
    last = found.last
    assert last is not None
    assert (last.won, last.next_in_line) == ((2,), (0, 1))
    assert last.margin == 0


def test_a_tie_goes_by_the_ballot_of_a_key() -> None:
    awards, claims, key = ["10/3"] * 3, [10, 10, 10], "9319./2.5.8./"
    drawn = ballot.order(3, key)
    assert whole_units(awards, claims, key=key).awards[drawn[0]] == 4
    given_too = whole_units(awards, claims, key=key, order=[1, 0, 2])
    assert given_too.awards == (3, 4, 3), "an order that is given comes before the ballot"


@pytest.mark.parametrize("name", ["largest_remainder", "jefferson", "rounds_of_one", "quota"])
def test_a_tie_that_nothing_decides_is_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        whole_units(["10/3"] * 3, [10] * 3, by=name, names=["Ada", "Ben", "Cyd"])
    assert str(caught.value) == (
        "order: 3 claimants stand equal for 1 unit: Ada, Ben, Cyd\n"
        "    → give a priority or a ballot key"
    )


@pytest.mark.parametrize("name", ORDERED)
def test_without_a_tie_no_order_is_needed(name: str) -> None:
    claims = [100, 200, 301]
    awards = proportional(100, claims)
    if name == "rounds_of_one":
        claims, awards = [100, 200, 301], [Fraction(100)] * 3
    assert sum(whole_units(awards, claims, by=name).awards) in (100, 300)


@pytest.mark.parametrize("name", ORDERED)
@settings(max_examples=examples(40))
@given(st.data())
def test_ties_are_reported_where_the_order_matters_and_nowhere_else(
    name: str, data: st.DataObject
) -> None:
    claims = data.draw(st.lists(st.integers(0, 8), min_size=1, max_size=4).filter(any))
    pool = data.draw(st.integers(0, sum(claims)))
    awards = proportional(pool, claims)
    if name == "rounds_of_one":
        exact = constrained_equal_awards(Fraction(pool), [Fraction(c) for c in claims])
        awards = list(exact.awards)
    found = [
        whole_units(awards, claims, by=name, order=order)
        for order in itertools.permutations(range(len(claims)))
    ]
    outcomes = {one.awards for one in found}
    assert all(bool(one.ties) == (len(outcomes) > 1) for one in found)
    if len(outcomes) == 1:
        assert whole_units(awards, claims, by=name).awards in outcomes
    else:
        with pytest.raises(InputError, match="stand equal"):
            whole_units(awards, claims, by=name)
    movable = {n for n in range(len(claims)) if len({one[n] for one in outcomes}) > 1}
    for one in found:
        named = {n for tie in one.ties for n in (*tie.won, *tie.lost)}
        assert movable <= named, "whose award another order moves is named"


# The last unit


def test_the_largest_remainder_tells_the_margin() -> None:
    found = whole_units(["37/10", "25/10", "38/10"], [9, 9, 9])
    assert found.awards == (4, 2, 4)
    last = LastUnit((0,), (1,), Fraction(7, 10), Fraction(5, 10))
    assert found.last == last
    assert last.margin == Fraction(1, 5)


def test_a_divisor_method_tells_quotients() -> None:
    claims = [100_000, 80_000, 30_000, 20_000]
    found = whole_units(proportional(23, claims), claims, by="jefferson")
    assert found.awards == (10, 8, 3, 2)
    found = whole_units(proportional(8, claims), claims, by="jefferson")
    assert found.last is not None
    share = Fraction(8, sum(claims))
    assert found.last.won == (0,)
    assert found.last.next_in_line == (0, 1, 3), "each would have 20,000 votes for the next seat"
    assert found.last.margin == (25_000 - 20_000) * share


def test_the_first_units_of_adams_stand_before_all_measure() -> None:
    found = whole_units(proportional(2, [4, 3, 1]), [4, 3, 1], by="adams")
    assert found.awards == (1, 1, 0)
    assert found.last == LastUnit((1,), (2,), None, None)
    assert found.last.margin is None


def test_the_quota_method_tells_who_came_last() -> None:
    found = whole_units(proportional(36, [27, 25, 20]), [27, 25, 20], by="quota")
    assert found.last is not None
    assert isinstance(found.last.margin, Fraction)
    assert found.last.margin >= 0


def test_plain_values_carry_names_or_numbers() -> None:
    found = whole_units(["10/3"] * 3, [10, 10, 10], order=[2, 0, 1])
    assert found.to_json(["Ada", "Ben", "Cyd"]) == {
        "awards": [3, 3, 4],
        "ties": [{"won": ["Cyd"], "lost": ["Ada", "Ben"]}],
        "last": {
            "won": ["Cyd"],
            "next_in_line": ["Ada", "Ben"],
            "standing": "1/3",
            "next_standing": "1/3",
            "margin": "0",
        },
    }
    assert found.to_json()["ties"] == [{"won": ["3"], "lost": ["1", "2"]}]
    assert whole_units([1, 2], [3, 3]).to_json() == {"awards": [1, 2], "ties": []}


# Chance


def test_proportional_random_gives_proportional_awards_on_average() -> None:
    claims, units = [1, 2, 0, 3], 4
    chances = range(sum(claims), sum(claims) - units, -1)
    draws = list(itertools.product(*(range(bound) for bound in chances)))
    assert len(draws) == prod(chances)
    awards = proportional(units, claims)
    total = [0] * len(claims)
    for drawn in draws:
        found = proportional_random(awards, claims, below=replayed(drawn))
        assert sum(found.awards) == units
        total = [one + more for one, more in zip(total, found.awards, strict=True)]
    assert [Fraction(one, len(draws)) for one in total] == awards


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20).filter(any), st.data())
def test_proportional_random_walks_along_unmet_claims(
    claims: list[int], data: st.DataObject
) -> None:
    pool = data.draw(st.integers(0, sum(claims)))
    found = whole_units(proportional(pool, claims), claims, by="moulin", key="12./")
    stream, left = ballot.Stream("12./"), list(claims)
    for given_so_far in range(pool if pool < sum(claims) else 0):
        drawn = stream.below(sum(claims) - given_so_far)
        n = next(n for n in range(len(left)) if sum(left[: n + 1]) > drawn)
        left[n] -= 1
    if pool < sum(claims):
        assert found.awards == tuple(c - x for c, x in zip(claims, left, strict=True))
    else:
        assert found.awards == tuple(claims)


def test_proportional_random_needs_a_key() -> None:
    with pytest.raises(InputError, match="proportional_random draws by a ballot key"):
        whole_units([1, 1], [2, 2], by="proportional_random")


def test_proportional_random_rounds_no_other_rule() -> None:
    with pytest.raises(InputError, match="in proportion to claims, and the awards are not"):
        whole_units([2, 2], [2, 4], by="proportional_random", key="1./")


def test_too_many_units_to_draw_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chance_module, "UNITS_MAX", 3)
    with pytest.raises(InputError, match="4 units are too many to draw one by one; 3 are"):
        whole_units([2, 2], [8, 8], by="proportional_random", key="1./")


def test_rounds_of_one_round_no_other_rule() -> None:
    with pytest.raises(InputError, match="those to be rounded are of another rule"):
        whole_units(["1/2", "3/2"], [1, 3], by="rounds_of_one")


# Size


@pytest.mark.parametrize("name", ORDERED)
def test_thousands_of_claimants_and_a_pool_of_a_million_million(name: str) -> None:
    claimants = 10_000 if name in {"largest_remainder", "hill", "rounds_of_one"} else 2_000
    pool = 10**12
    claims = [10**8 + (n * 7_919_993) % 10**9 for n in range(claimants)]
    if name == "rounds_of_one":
        exact = constrained_equal_awards(Fraction(pool + 1), [Fraction(c) for c in claims])
        awards: list[Fraction] = list(exact.awards)
        pool += 1
    else:
        awards = proportional(pool, claims)
    found = whole_units(awards, claims, by=name, order=range(claimants))
    assert sum(found.awards) == pool
    assert all(0 <= x <= d for x, d in zip(found.awards, claims, strict=True))
    assert all(abs(x - a) < 2 for x, a in zip(found.awards, awards, strict=True))


def test_a_hundred_thousand_units_by_lot() -> None:
    claims = [n + 1 for n in range(1_000)]
    found = whole_units(proportional(100_000, claims), claims, by="moulin", key="1./2./")
    assert sum(found.awards) == 100_000
    assert all(x <= d for x, d in zip(found.awards, claims, strict=True))


# What is refused


def test_all_faults_are_listed() -> None:
    with pytest.raises(InputError) as caught:
        whole_units(
            [-1, "x", 3, float("nan")], [1, "5/2", 2, ""], order=[0, 0, 4, True],
            names=["Ada", "Ben", "Cyd", "Dan"],
        )  # fmt: skip
    assert [str(fault).partition("\n")[0] for fault in caught.value.faults] == [
        "claims: Dan: a number is missing",
        "claims: Ben: 5/2 is no whole number of units",
        "awards: Ada: -1 is negative",
        "awards: Ben: 'x' is not a number",
        "awards: Dan: 'nan' is not a finite number",
        "order: 4 is the position of no claimant",
        "order: True is the position of no claimant",
        "order: stands more than once: 0",
        "order: stands nowhere: 1, 2, 3",
    ]


def test_an_award_above_its_claim_is_refused() -> None:
    with pytest.raises(InputError, match="2: the award 3 exceeds the claim 2"):
        whole_units([1, 3], [1, 2])


@pytest.mark.parametrize(
    ("awards", "claims", "names", "message"),
    [
        ([], [], None, "claims: there are no claimants"),
        ([1], [1, 2], None, "awards: 1 given for 2 claimants"),
        ([1, 1], [1, 2], ["Ada"], "names: 1 given for 2 claimants"),
    ],
)
def test_lists_that_do_not_fit_are_refused(
    awards: list[int], claims: list[int], names: list[str] | None, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        whole_units(awards, claims, names=names)


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(InputError, match="the key is empty"):
        whole_units(["1/2", "1/2"], [1, 1], key=" ")
