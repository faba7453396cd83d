"""Dominguez–Thomson awards in bounds: they hold the exact ones, and whole units come out alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    exact = affordable(pool, claims)
    with pytest.MonkeyPatch.context() as patch:
        if first_bits is not None:
            patch.setattr(enclosing, "walked", partial(early, first_bits))
        found = enclosed_dominguez_thomson(pool, claims, digits=40)
    assert found.total == min(pool, sum(claims))
    for low, high in held(exact, found.awards):
        assert high - low < (pool + 1) / Fraction(10) ** 25


def affordable(pool: Fraction, claims: Sequence[Fraction]) -> Sequence[Fraction]:
    """Return exact awards; what takes long is not looked at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps, "WORK_MAX", 10**6)
        try:
            return dominguez_thomson(pool, claims).awards
        except TooLong:
            reject()


def held(exact: Sequence[Fraction], bounds: Sequence[object]) -> Iterator[tuple[Fraction, ...]]:
    """Yield the bounds of awards; all must hold the exact ones, or be equal to them."""
    for award, bounded in zip(exact, bounds, strict=True):
        if isinstance(bounded, Enclosed):
            low, high = map(Fraction, bounded.bounds)
            assert low <= award <= high
            yield low, high
        else:
            assert bounded == award


few_sizes = st.lists(
    st.tuples(st.integers(1, 10**4), st.sampled_from([1, 2, 19])), min_size=2, max_size=4
).map(lambda sizes: [Fraction(claim) for claim, many in sizes for _ in range(many)])
"""Many equal claims, so that whether they are cut now or a step later changes most of the pool."""


@settings(max_examples=examples(100))
@given(st.data(), st.one_of(claims_of, few_sizes), st.integers(3, 8))
def test_few_digits_hold_the_exact_awards_or_do_not_decide(
    data: st.DataObject, claims: list[Fraction], digits: int
) -> None:
    """So few that they often leave open whether a claim is above what is left of the pool."""
    near = st.sampled_from(claims).flatmap(
        lambda claim: st.integers(-12, 12).map(lambda more: max(NOTHING, claim + more))
    )
    pool = data.draw(near | parts.map(lambda part: round(part * sum(claims)) * Fraction(1)))
    exact = affordable(pool, claims)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(enclosing, "walked", partial(early, 0))
        try:
            found = enclosed_dominguez_thomson(pool, claims, digits=digits)
        except Undecided:
            return
    list(held(exact, found.awards))


@pytest.fixture
def no_exact_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let bounds of three digits count from the first step."""
    monkeypatch.setattr(enclosing, "walked", partial(early, 0))


@pytest.mark.usefixtures("no_exact_steps")
@pytest.mark.parametrize("above", [-9, -1, 0, 1, 5, 9])
@pytest.mark.parametrize("least", [7, 100, 990])
def test_three_digits_do_not_tell_whether_a_pool_is_just_above_a_claim(
    least: int, above: int
) -> None:
    """Of 1,009 each of 19 claims of 1,000 gets a twentieth of itself, and of 1,000 one of the pool.

    That leaves 59 or 50 for the small claim to take from, and decides how long it is open; one of
    990 is cut together with the large ones or a step later.
    """
    claims, pool = [Fraction(1000)] * 19 + [Fraction(least)], Fraction(1000 + above)
    found = enclosed_dominguez_thomson(pool, claims, digits=3)
    assert list(held(dominguez_thomson(pool, claims).awards, found.awards))


@pytest.mark.usefixtures("no_exact_steps")
def test_claims_are_cut_at_once_only_where_that_is_certain() -> None:
    """78 is the mean, and whoever claims it would be awarded a sixth of the pool exactly."""
    claims, pool = [Fraction(claim) for claim in (79, 77, 77, 79, 78, 78)], Fraction(197)
    found = enclosed_dominguez_thomson(pool, claims, digits=3)
    assert list(held(dominguez_thomson(pool, claims).awards, found.awards))


@pytest.mark.usefixtures("no_exact_steps")
def test_a_claim_that_may_be_open_for_many_steps_more_is_not_decided() -> None:
    """The pool is 4.95 above 1,000, and the claim of 5 takes seven steps to bring that to nothing.

    Three digits say that up to 10 are above it, of which one step takes no more than 2.5.
    """
    claims, pool = [Fraction(1000), Fraction(5)], Fraction("1004.95")
    with pytest.raises(Undecided):
        enclosed_dominguez_thomson(pool, claims, digits=3)
    found = enclosed_dominguez_thomson(pool, claims, digits=9)
    assert list(held(dominguez_thomson(pool, claims).awards, found.awards))


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
