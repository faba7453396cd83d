"""Whole units of awards too long to be exact: as from exact ones, with nothing left of bounds."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import ROUND_DOWN, ROUND_UP, Context, Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

import headworks as hw
from headworks.errors import InputError
from headworks.rationing import enclosed
from headworks.rationing.enclosed import Enclosed, Tail
from headworks.rationing.intervals import Interval, Precision
from headworks.rationing.record import record, verify
from headworks.rationing.rules import enclosing, steps
from headworks.rationing.rules.steps import TooLong
from headworks.rationing.whole import METHODS
from tests.tiers import slow

if TYPE_CHECKING:
    from headworks.rationing.result import Ration
    from headworks.rationing.rules.division import Division

COMPARING = sorted(name for name, one in METHODS.items() if one.compares)
CLAIMS = [10**6 + 7_919 * n * n % 99_991 for n in range(30)]
POOL = sum(CLAIMS) * 5 // 7
OPTIONS: dict[str, dict[str, Any]] = {
    "nothing else": {},
    "a cap": {"cap": POOL // 33},
    "minima": {"minima": {"3": POOL // 27, "5": POOL // 29}},
    "a cap and minima": {"cap": POOL // 27, "minima": {"3": POOL // 27, "5": POOL // 29}},
    "minima in advance": {"minima": {"3": POOL // 27, "5": 7}, "guarantee": "advance"},
    "a lot": {"lot": POOL // 29},
    "a reserve that is met": {
        "reserves": [{"name": "kept", "units": 3 * 10**6, "eligible": ["1", "2"]}],
        "order": ["kept", "open"],
    },
    "parties": {"parties": {"1": "x", "2": "x"}},
    "units of one size": {"sizes": [3] * 30, "pool": POOL * 3},
    "units of two sizes": {"sizes": [3, 1] * 15, "pool": POOL * 2},
    "truncation": {"truncate": True},
    "fractions": {"claims": [claim + Fraction(1, 7) for claim in CLAIMS], "pool": POOL + 0.3},
}


@pytest.fixture
def by_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse exact awards, however short, but those that are found without a power."""
    exact = steps.dominguez_thomson

    def short(pool: Fraction, claims: Sequence[Fraction]) -> Division:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(steps, "WORK_MAX", 10**6)
            return exact(pool, claims)

    monkeypatch.setattr(steps, "WORK_MAX", -1)
    monkeypatch.setattr(enclosing, "dominguez_thomson", short)


def shared(options: Mapping[str, Any], **more: Any) -> Ration:  # noqa: ANN401 - as `ration`
    """Return a rationing by the rule of Dominguez and Thomson."""
    asked = {"claims": CLAIMS, "pool": POOL, "ballot_key": "3./", **options, **more}
    return hw.ration(asked.pop("claims"), asked.pop("pool"), "dt", **asked)


def parts(value: object) -> Iterator[object]:
    """Yield what a value is made of."""
    yield value
    inner: list[object] = []
    if isinstance(value, Mapping):
        inner = [*value.keys(), *value.values()]
    elif isinstance(value, (list, tuple, set, frozenset)):
        inner = list(value)
    elif is_dataclass(value) and not isinstance(value, type):
        inner = [getattr(value, one.name) for one in fields(value)]
    for one in inner:
        yield from parts(one)


EXACT = {
    (what, by): shared(options, whole=by)
    for what, options in OPTIONS.items()
    for by in COMPARING
    if by == "largest_remainder" or what != "units of two sizes"
}


@pytest.mark.usefixtures("by_bounds")
@pytest.mark.parametrize(("what", "by"), EXACT)
def test_whole_units_are_those_from_exact_awards(what: str, by: str) -> None:
    exact, found = EXACT[what, by], shared(OPTIONS[what], whole=by)
    assert exact.whole is not None
    assert found.whole is not None
    assert found.awards == exact.awards
    assert (found.left, found.whole.ties) == (exact.left, exact.whole.ties)
    if exact.whole.last is None or found.whole.last is None:
        assert exact.whole.last == found.whole.last
        return
    assert found.whole.last.won == exact.whole.last.won
    assert found.whole.last.next_in_line == exact.whole.last.next_in_line
    assert isinstance(found.whole.last.margin, str)
    assert isinstance(exact.whole.last.margin, Fraction)
    told = float(found.whole.last.margin.removeprefix("≈ "))
    assert told == pytest.approx(float(exact.whole.last.margin), rel=1e-4)


@pytest.mark.usefixtures("by_bounds")
@pytest.mark.parametrize("what", OPTIONS)
def test_nothing_of_bounds_is_left_in_a_result(what: str) -> None:
    found = shared(OPTIONS[what], whole="largest_remainder")
    assert not any(isinstance(one, (Enclosed, Tail, Interval, Precision, Decimal))
                   for one in parts(found))  # fmt: skip
    assert found.rule is hw.ration([1], 1, "dt").rule
    assert found == shared(OPTIONS[what], whole="largest_remainder")
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - what was just written
    assert "Enclosed" not in repr(found)
    assert len(repr(found)) < 20_000
    kept = record(found)
    assert json.loads(json.dumps(kept)) == kept
    assert len(json.dumps(kept)) < 20_000
    assert verify(kept) == []


@pytest.mark.usefixtures("by_bounds")
@pytest.mark.parametrize(
    "options",
    [
        {"tranches": [POOL // 2, POOL - POOL // 2]},
        {
            "reserves": [
                {"name": "kept", "units": POOL // 2, "eligible": [str(n) for n in range(1, 20)]}
            ],
            "order": ["kept", "open"],
        },
    ],
)
def test_what_is_shared_in_parts_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        shared(options, whole="largest_remainder")
    assert str(caught.value) == (
        "rule: awards that are too long to be exact fractions cannot be shared in parts\n"
        "    → leave out reserves and tranches, or take adjusted_proportional or minimal_overlap"
    )


UNTOLD = "whether tranches change awards (Dominguez–Thomson awards) cannot be told: "


@pytest.mark.parametrize("by", COMPARING)
def test_the_last_tranche_may_be_known_by_bounds_alone(by: str) -> None:
    """The first leaves b less than 1000 / 2^20 to claim; what it gets at once is no such trace."""
    claims, tranches = {"a": 10**6, "b": 1000}, [20_000, 980_000]
    found = hw.ration(claims, 10**6, "dt", whole=by, tranches=tranches, ballot_key="3./")
    assert [one.award for one in found.awards] == [999_000, 1000]
    assert found.warnings == (UNTOLD + "in tranches, they are fractions of too many digits",)
    assert verify(record(found)) == []


def test_tranches_are_exact_where_what_is_awarded_at_once_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A unit is lacking among 1,999 after ten halvings at once, after nine in the last tranche."""
    monkeypatch.setattr(steps, "WORK_MAX", 80)  # a step after 8 of 9 bits, none after 9 of 10
    claims = {"a": 1000, "b": 999}
    with pytest.raises(TooLong):
        hw.ration(claims, 1998, "dt")
    found = hw.ration(claims, 1998, "dt", tranches=[1000, 998])
    assert [one.award for one in found.awards] == [
        999 + Fraction(1023, 2048),
        998 + Fraction(1025, 2048),
    ]
    assert found.warnings == (UNTOLD + "at once, they would be fractions of too many digits",)


@pytest.mark.parametrize(
    "parts",
    [
        {"tranches": [10**12 - 10, 10]},
        {
            "reserves": [{"name": "k", "units": 10, "eligible": ["giant"]}],
            "order": ["open", "k"],
        },
    ],
)
@pytest.mark.parametrize("minima", [None, {"giant": 10**12 - 1}])
def test_no_part_follows_awards_in_bounds(
    parts: dict[str, Any], minima: dict[str, int] | None
) -> None:
    """Not even one that could tell nothing but that a minimum is out of reach."""
    claims = {"giant": 10**12, "b": 30, "c": 20}
    with pytest.raises(InputError, match="cannot be shared in parts"):
        hw.ration(claims, 10**12, "dt", whole="largest_remainder", minima=minima, **parts)


@pytest.mark.usefixtures("by_bounds")
def test_units_of_two_sizes_in_one_party_are_refused() -> None:
    with pytest.raises(InputError, match="are not split among units of two sizes"):
        shared({"sizes": [1, 2] * 15, "parties": {"1": "x", "2": "x"}}, whole="largest_remainder")
    with pytest.raises(InputError, match="hill counts units of one size, and here are 2 sizes"):
        shared({"sizes": [1, 2] * 15, "parties": {"1": "x", "2": "x"}}, whole="hill")


@pytest.mark.usefixtures("by_bounds")
@pytest.mark.parametrize(
    "parts",
    [
        {"tranches": [POOL // 2, POOL - POOL // 2]},
        {
            "reserves": [{"name": "kept", "units": POOL // 2, "eligible": ["1", "2"]}],
            "order": ["kept", "open"],
        },
        {"sizes": [1, 2] * 15, "parties": {"1": "x", "2": "x"}},
    ],
)
def test_whole_units_are_no_way_out_where_they_would_be_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(TooLong) as caught:
        shared(parts)
    assert caught.value.faults[0].remedy == "take adjusted_proportional or minimal_overlap"


@pytest.mark.usefixtures("by_bounds")
@pytest.mark.parametrize("by", sorted(name for name, one in METHODS.items() if one.rule))
def test_a_method_of_another_rule_is_refused_for_that(by: str) -> None:
    with pytest.raises(InputError) as caught:
        shared({}, whole=by)
    rule = METHODS[by].rule
    assert str(caught.value) == (
        f"whole: {by} rounds awards of {rule} alone, and these are Dominguez–Thomson awards\n"
        f"    → use largest_remainder, or the rule {rule} without weights"
    )


@pytest.mark.usefixtures("by_bounds")
def test_without_bounds_the_refusal_names_a_method_that_has_them() -> None:
    with pytest.raises(InputError) as caught:
        shared({})
    assert "ask for whole units (--whole largest_remainder)" in caught.value.faults[0].remedy
    with pytest.raises(InputError, match="quota counts by exact awards") as caught:
        shared({}, whole="quota")
    assert "use largest_remainder or a divisor method" in caught.value.faults[0].remedy


@pytest.mark.usefixtures("by_bounds")
@pytest.mark.parametrize("by", COMPARING)
def test_more_digits_are_taken_where_few_do_not_tell(
    monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr(enclosed, "DIGITS", (3, 5, 9, 64))
    assert shared({}, whole=by).awards == EXACT["nothing else", by].awards


@pytest.mark.usefixtures("by_bounds")
def test_exact_first_steps_are_taken_once_for_all_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(left: int, *rest: Any, bits: float) -> steps.Walk:  # noqa: ANN401 - as `walked`
        asked.append(left)
        return steps.walked(left, *rest, bits=bits)

    monkeypatch.setattr(enclosing, "walked", counted)
    monkeypatch.setattr(enclosed, "DIGITS", (3, 5, 9, 64))
    assert shared({}, whole="hill").awards == EXACT["nothing else", "hill"].awards
    assert asked == [POOL]


@pytest.mark.usefixtures("by_bounds")
def test_what_the_most_digits_do_not_tell_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enclosed, "DIGITS", (3, 5))
    with pytest.raises(InputError) as caught:
        shared({}, whole="largest_remainder")
    assert str(caught.value) == (
        "whole: largest_remainder hangs on awards that 5 digits do not tell apart, or from whole "
        "units, and they are too long to be compared exactly\n"
        "    → change the pool by a unit, leave out claims far below it, or take "
        "adjusted_proportional or minimal_overlap"
    )


@pytest.mark.usefixtures("by_bounds")
@pytest.mark.parametrize("by", COMPARING)
def test_who_claims_the_mean_loses_the_mean_exactly(by: str) -> None:
    """All are cut at once, so that awards are known to be whole which no bounds tell to be so."""
    claims = [10**8 + n for n in range(-50, 51)]
    found = hw.ration(claims, sum(claims) - 101, "dt", whole=by)
    assert [one.award for one in found.awards] == [claim - 1 for claim in claims]


# Where exact awards are beyond all computers

GIANT = 10**12
"""A claim beside which all others are small."""


@pytest.mark.parametrize(
    ("count", "by"),
    [
        *((40, by) for by in COMPARING),
        *(slow(10_000, by) for by in ("largest_remainder", "jefferson", "adams")),
    ],
)
def test_small_claims_beside_a_giant_are_met_but_for_a_trace(count: int, by: str) -> None:
    """Some 10^8 steps go by before the pool is as small as they are.

    So each of them is awarded all but 10^-8000 of its claim, and by every method all of it, since
    none rounds a loss of less than half a unit up; the giant gets what is left.
    """
    claims, pool = [GIANT, *range(1, count)], GIANT - 1000
    begun = time.process_time()
    found = hw.ration(claims, pool, "dt", whole=by, ballot_key="3./")
    assert time.process_time() - begun < 10
    small = [int(one.award) for one in found.awards[1:]]
    assert small == list(range(1, count))
    assert found.awards[0].award == pool - sum(small)
    assert found.whole is not None
    assert found.whole.ties == ()
    assert verify(record(found)) == []


def test_steps_beyond_the_exponents_of_decimals_are_refused_at_once() -> None:
    for power in (30, 9_999):
        with pytest.raises(InputError, match="1,024 digits do not tell apart") as caught:
            hw.ration([10**power, 1, 2, 3], 10**power, "dt", whole="adams", ballot_key="3./")
        assert "leave out claims far below it" in caught.value.faults[0].remedy


@pytest.mark.parametrize("rounding", [ROUND_DOWN, ROUND_UP])
@pytest.mark.parametrize("by", COMPARING)
def test_answers_do_not_depend_on_the_decimal_context_of_the_caller(by: str, rounding: str) -> None:
    claims = [GIANT, *range(1, 7)]
    found = hw.ration(claims, GIANT - 10, "dt", whole=by, ballot_key="3./")
    kept = record(found)
    with localcontext(Context(28, rounding)):
        assert hw.ration(claims, GIANT - 10, "dt", whole=by, ballot_key="3./") == found
        assert record(found) == kept
        assert verify(kept) == []


@pytest.mark.slow
def test_ten_thousand_awards_are_rounded_as_exact_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = [(1 + n * 7_919 % 999_983) * 10**3 for n in range(10_000)]
    exact = hw.ration(claims, 10**12, "dt", whole="hill", ballot_key="3./")
    monkeypatch.setattr(steps, "WORK_MAX", -1)
    found = hw.ration(claims, 10**12, "dt", whole="hill", ballot_key="3./")
    assert found.awards == exact.awards
    assert exact.whole is not None
    assert found.whole is not None
    there, here = exact.whole.last, found.whole.last
    assert there is not None
    assert here is not None
    assert (here.won, here.next_in_line) == (there.won, there.next_in_line)
    assert isinstance(there.margin, Fraction)
    assert isinstance(here.margin, str)
    assert float(here.margin.removeprefix("≈ ")) == pytest.approx(float(there.margin), rel=1e-5)


@pytest.mark.parametrize("by", COMPARING)
def test_many_equal_claims_beside_a_giant_reach_the_pool_in_one_step(by: str) -> None:
    """The pool falls by 5,000 a step, to 5,000 exactly, so that both say how a claim is cut."""
    found = hw.ration([10**10, *[5000] * 40], 10**10, "dt", whole=by, ballot_key="3./")
    assert [one.award for one in found.awards] == [10**10 - 200_000, *[5000] * 40]


@pytest.mark.parametrize(
    ("count", "by", "lack"),
    [
        *((100, by, lack) for by in COMPARING for lack in (1, 10**4)),
        slow(10_000, "largest_remainder", 1),
        slow(10_000, "hill", 10**4),
    ],
)
def test_a_deficit_of_units_falls_on_whom_it_is_nearest_to(count: int, by: str, lack: int) -> None:
    """With claims much alike all lose lack / n, more or less."""
    claims = [10**8 + 7919 * n % 997 for n in range(count)]
    found = hw.ration(claims, sum(claims) - lack, "dt", whole=by, ballot_key="3./")
    lost = [one.claim - one.award for one in found.awards]
    assert sum(lost) == lack
    assert max(lost) - min(lost) <= 1 + (lack // count)
    assert verify(record(found)) == []
