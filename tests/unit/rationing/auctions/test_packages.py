"""Auctions of packages against all sets of packages."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headworks.errors import InputError
from headworks.rationing.auctions import packages
from tests.unit.rationing.auctions.sales import package_auction

Bids: TypeAlias = list[tuple[str, int, int]]

bids_of_few = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.integers(0, 30), st.integers(1, 5)),
    min_size=1,
    max_size=6,
)


def sets(supply: int, bids: Bids, reserve: int) -> list[tuple[int, Bids]]:
    """Return all sets of packages that fit, each with its value, unsold units at the reserve."""
    found = []
    for size in range(len(bids) + 1):
        for chosen in itertools.combinations(bids, size):
            units = sum(quantity for _, _, quantity in chosen)
            good = all(price >= reserve * quantity for _, price, quantity in chosen)
            once = len({name for name, _, _ in chosen}) == size
            if units <= supply and good and once:
                value = sum(price for _, price, _ in chosen) + reserve * (supply - units)
                found.append((value, list(chosen)))
    return found


@given(st.integers(0, 9), bids_of_few, st.integers(0, 3), st.data())
def test_the_best_set_wins_and_pays_what_the_others_lose(
    supply: int, bids: Bids, reserve: int, data: st.DataObject
) -> None:
    names = list(dict.fromkeys(name for name, _, _ in bids))
    order = data.draw(st.permutations(range(len(names))))
    found = package_auction(supply, bids, reserve=reserve, order=order)
    every = sets(supply, bids, reserve)
    best = max(value for value, _ in every)
    awards = {
        tuple(sum(q for name, _, q in chosen if name == one) for one in names)
        for value, chosen in every
        if value == best
    }
    assert found.awards == max(awards, key=lambda units: [units[n] for n in order])
    for name, award, payment in zip(names, found.awards, found.payments, strict=True):
        others = [bid for bid in bids if bid[0] != name]
        without = max(value for value, _ in sets(supply, others, reserve))
        own = max((p for n, p, q in bids if n == name and q == award), default=0) if award else 0
        assert payment == without - (best - own)
        assert reserve * award <= payment <= own or not award
    if len(awards) > 1:
        with pytest.raises(InputError, match="several sets of packages are worth the same"):
            package_auction(supply, bids, reserve=reserve)


def test_the_first_of_the_order_wins_what_it_can() -> None:
    bids: Bids = [("A", 6, 2), ("B", 3, 1), ("C", 3, 1)]
    assert list(package_auction(2, bids, order=[0, 1, 2]).awards) == [2, 0, 0]
    assert list(package_auction(2, bids, order=[2, 1, 0]).awards) == [0, 1, 1]


def test_units_may_be_parts() -> None:
    found = package_auction("3/2", [("A", 5, "1/2"), ("B", 4, 1), ("C", 3, "3/4")])
    assert list(found.awards) == [Fraction(1, 2), 1, 0]
    assert list(found.payments) == [0, 3, 0]


def test_too_long_a_search_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "STEPS_MAX", 100)
    bids = [(str(n), 10 + n, 2**n) for n in range(10)]
    with pytest.raises(InputError, match="takes more than 100 steps to find"):
        package_auction(10**6, bids)
