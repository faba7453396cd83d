"""Dominguez–Thomson awards in bounds: they hold the exact ones, and whole units come out alike."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from headworks.rationing.enclosed import Enclosed, Undecided
from headworks.rationing.rules import enclosing, steps
from headworks.rationing.rules.enclosing import enclosed_dominguez_thomson
from headworks.rationing.rules.steps import TooLong, dominguez_thomson
from headworks.rationing.whole import METHODS, whole_units
from tests.tiers import examples

NOTHING = Fraction(0)
COMPARING = sorted(name for name, one in METHODS.items() if one.compares)

claims_of = st.one_of(
    st.lists(st.integers(0, 60), min_size=1, max_size=12),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=12),
    st.lists(st.integers(0, 12).map(lambda k: 2**k), min_size=2, max_size=30),
).map(lambda claims: [Fraction(claim) for claim in claims])
parts = st.one_of(st.fractions(0, 1), st.sampled_from([Fraction(1, 10**6), 1 - Fraction(1, 10**6)]))


@settings(max_examples=examples(150))
@given(claims_of, parts, st.sampled_from([1, 7]), st.sampled_from([None, 0]))
def test_bounds_hold_the_exact_awards(
    claims: list[Fraction], part: Fraction, unit: int, first_bits: int | None
) -> None:
    """With many exact steps first, and with none."""
    pool = round(part * sum(claims) * unit) / Fraction(unit)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "WORK_MAX", 10**6)
        try:
            exact = dominguez_thomson(pool, claims).awards
        except TooLong:
            reject()
        if first_bits is not None:
            patch.setattr(enclosing, "walked", partial(early, first_bits))
        found = enclosed_dominguez_thomson(pool, claims, digits=40)
    assert found.total == min(pool, sum(claims))
    bounds: Sequence[object] = found.awards
    for award, bounded in zip(exact, bounds, strict=True):
        if isinstance(bounded, Enclosed):
            low, high = map(Fraction, bounded.bounds)
            assert low <= award <= high
            assert high - low < (pool + 1) / Fraction(10) ** 25
        else:
            assert bounded == award


def early(most: int, *given: object, bits: float) -> steps.Walk:
    """Take as few exact steps as numbers of so many bits allow."""
    return steps.walked(*given, bits=min(most, bits))  # type: ignore[arg-type]


@settings(max_examples=examples(60))
@given(claims_of, parts, st.sampled_from(COMPARING), st.sampled_from([None, 0]))
def test_whole_units_from_bounds_are_those_from_exact_awards(
    claims: list[Fraction], part: Fraction, name: str, first_bits: int | None
) -> None:
    """So are ties and the last unit, unless a tie is not between awards that are known as equal."""
    pool = Fraction(round(part * sum(claims)))
    order, wanted = range(len(claims)), [int(claim) for claim in claims]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "WORK_MAX", 10**6)
        try:
            awards: Sequence[Fraction] = dominguez_thomson(pool, claims).awards
        except TooLong:
            reject()
        exact = whole_units(awards, wanted, by=name, order=order)
        if first_bits is not None:
            patch.setattr(enclosing, "walked", partial(early, first_bits))
        awards = enclosed_dominguez_thomson(pool, claims, digits=64).awards
    if not any(isinstance(award, Enclosed) for award in awards):
        return
    try:
        found = whole_units(awards, wanted, by=name, order=order, units=int(pool))
    except Undecided:
        assert first_bits == 0, "exact steps tell ties of few digits"
        return
    assert (found.awards, found.ties) == (exact.awards, exact.ties)
    assert found.last is not None
    assert exact.last is not None
    assert (found.last.won, found.last.next_in_line) == (exact.last.won, exact.last.next_in_line)
    for told, number in (
        (found.last.standing, exact.last.standing),
        (found.last.next_standing, exact.last.next_standing),
        (found.last.margin, exact.last.margin),
    ):
        if isinstance(told, str):
            assert isinstance(number, Fraction)
            assert float(told.removeprefix("≈ ")) == pytest.approx(float(number), rel=1e-4)
        else:
            assert told == number
