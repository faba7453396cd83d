"""Caps and minima around a rule, also in parts of a pool and in whole units."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import headworks as hw
from headworks.errors import InputError
from headworks.rationing.rule import RULES
from headworks.rationing.steps import lots as lots_module
from headworks.rationing.whole import METHODS
from tests.tiers import examples
from tests.unit.rationing.rules.readings import READINGS

if TYPE_CHECKING:
    from headworks.rationing.result import Ration

LEVELLED = [
    "proportional", "constrained_equal_awards", "constrained_equal_losses", "talmud",
    "reverse_talmud", "piniles", "constrained_egalitarian",
]  # fmt: skip
"""Rules whose awards follow from a level common to all, so that bounds cut them off at a level."""


def awards(result: Ration) -> list[Fraction]:
    return [one.award for one in result.awards]


@st.composite
def bounded(draw: st.DrawFn) -> dict[str, Any]:
    """Return claims, and caps and minima that they can all have."""
    claims = draw(st.lists(st.integers(1, 30), min_size=2, max_size=5))
    caps = [draw(st.integers(0, d)) for d in claims]
    minima = [draw(st.integers(0, cap)) for cap in caps]
    pool = draw(st.integers(sum(minima), sum(caps) + 5))
    return {"claims": claims, "caps": caps, "minima": minima, "pool": pool}


def clamped(rule: str, problem: dict[str, Any], at: Fraction) -> list[Fraction]:
    """Return what the rule gives of another pool, each cut to its bounds."""
    claims = [Fraction(d) for d in problem["claims"]]
    ones = [Fraction(1)] * len(claims)
    free = READINGS[rule](at, claims, ones) if at else [Fraction(0)] * len(claims)
    triples = zip(free, problem["caps"], problem["minima"], strict=True)
    return [max(Fraction(low), min(Fraction(top), x)) for x, top, low in triples]


@pytest.mark.parametrize("rule", LEVELLED)
@settings(max_examples=examples(40), deadline=None)
@given(bounded())
def test_bounds_cut_a_level_off(rule: str, problem: dict[str, Any]) -> None:
    """The pool at which the free rule, cut to the bounds, spends the pool is found by halving."""
    found = awards(hw.ration(**problem, rule=rule))
    pool = min(problem["pool"], sum(problem["caps"]))
    assert sum(found) == pool
    low, high = Fraction(0), Fraction(sum(problem["claims"]))
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(clamped(rule, problem, middle)) < pool else (low, middle)
    assert [float(x) for x in found] == pytest.approx(
        [float(x) for x in clamped(rule, problem, high)], abs=1e-9
    )


@pytest.mark.parametrize("guarantee", ["floor", "advance"])
@pytest.mark.parametrize("rule", [name for name, rule in RULES.items() if not rule.needs])
@settings(max_examples=examples(25), deadline=None)
@given(bounded())
def test_bounds_hold_by_every_rule(rule: str, guarantee: str, problem: dict[str, Any]) -> None:
    assume(rule != "concede_and_divide" or len(problem["claims"]) == 2)
    result = hw.ration(**problem, rule=rule, guarantee=guarantee)
    for one, low, top in zip(result.awards, problem["minima"], problem["caps"], strict=True):
        assert min(low, one.claim) <= one.award <= top
    assert sum(awards(result)) <= problem["pool"]


def test_a_minimum_is_a_floor_under_what_the_rule_gives() -> None:
    """It costs the others nothing where the rule gives as much; in advance it always does."""
    claims = [100, 200, 300]
    assert awards(hw.ration(claims, 120, minima=[10, 0, 0])) == [20, 40, 60]
    assert awards(hw.ration(claims, 120, minima=[60, 0, 0])) == [60, 24, 36]
    assert awards(hw.ration(claims, 120, minima=[60, 0, 0], guarantee="advance")) == [
        60 + Fraction(60 * 40, 540), Fraction(60 * 200, 540), Fraction(60 * 300, 540),
    ]  # fmt: skip


def test_a_minimum_above_the_claim_guarantees_the_claim() -> None:
    assert awards(hw.ration([10, 90], 50, "cel", minima=[30, 0])) == [10, 40]
    assert awards(hw.ration([10, 90], 50, "uniform", minima=[30, 0])) == [10, 40]


def test_the_record_tells_what_a_floor_and_a_cap_changed() -> None:
    result = hw.ration({"a": 100, "b": 200, "c": 300}, 120, minima={"a": 60}, caps={"c": 30})
    steps = {step.name: step.to_json()["changed"] for step in result.steps}
    assert steps == {"minimum": {"a": ["20", "60"]}, "cap": {"c": ["36", "30"]}}
    assert [one.bound_by for one in result.awards] == ["minimum", "", "cap"]
    assert awards(result) == [60, 30, 30]


def test_a_fractional_claim_is_not_capped_by_whole_units() -> None:
    result = hw.ration({"a": "21/2", "b": 5}, 20, whole="largest_remainder")
    assert awards(result) == [10, 5]
    assert [one.bound_by for one in result.awards] == ["", ""]
    assert not result.steps


@pytest.mark.parametrize(
    ("order", "minimum", "expected"),
    [
        ("kept,open", 4, [Fraction(21, 2), Fraction(75, 2)]),
        ("kept,open", 14, [14, 34]),
        ("open,kept", 12, [12, 36]),
    ],
)
def test_a_floor_is_made_good_by_the_last_part(
    order: str, minimum: int, expected: list[Fraction]
) -> None:
    kept = [{"name": "kept", "units": 8, "eligible": ["a"]}]
    given: dict[str, Any] = {"claims": {"a": 20, "b": 180}, "pool": 48, "reserves": kept}
    assert awards(hw.ration(**given, minima={"a": minimum}, order=order)) == expected


def test_a_part_that_cannot_lift_to_a_minimum_says_so() -> None:
    kept = [{"name": "kept", "units": 2, "eligible": ["a", "d"]}]
    given: dict[str, Any] = {"claims": {"a": 9, "b": 90, "d": 9}, "pool": 20, "rule": "cel",
                             "minima": {"a": 3, "d": 3}, "reserves": kept}  # fmt: skip
    with pytest.raises(InputError) as error:
        hw.ration(**given, order="open,kept")
    assert "the last part that they share in (kept) has 2" in str(error.value)
    assert "give them in advance" in str(error.value)
    first = hw.ration(**given, order="kept,open")
    assert all(one.award >= 3 for one in first.awards if one.name != "b")
    advance = hw.ration(**given, order="open,kept", guarantee="advance")
    assert all(one.award >= 3 for one in advance.awards if one.name != "b")


@st.composite
def reserved(draw: st.DrawFn) -> dict[str, Any]:
    names = "abcd"[: draw(st.integers(1, 4))]
    claims = {name: draw(st.integers(0, 30)) for name in names}
    groups = st.lists(st.sampled_from(names), min_size=1, unique=True)
    reserves = [
        {"name": name, "units": draw(st.integers(0, 20)), "eligible": draw(groups),
         "soft": draw(st.booleans())}
        for name in ("r", "s")[: draw(st.integers(0, 2))]
    ]  # fmt: skip
    parts = [str(one["name"]) for one in reserves]
    return {
        "claims": claims, "reserves": reserves, "order": draw(st.permutations([*parts, "open"])),
        "minima": {name: draw(st.integers(0, 12)) for name in names},
        "pool": sum(int(str(one["units"])) for one in reserves) + draw(st.integers(0, 40)),
    }  # fmt: skip


@settings(max_examples=examples(200), deadline=None)
@given(reserved(), st.sampled_from(["proportional", "cea", "cel", "talmud"]))
def test_with_reserves_a_floor_holds_or_is_a_fault(problem: dict[str, Any], rule: str) -> None:
    try:
        result = hw.ration(**problem, rule=rule)
    except InputError as error:
        assert "minima" in str(error)  # noqa: PT017 - either is an answer
        return
    for one in result.awards:
        assert min(problem["minima"][one.name], one.claim) <= one.award <= one.claim
    assert sum(awards(result)) + result.left == problem["pool"]
    assert 0 <= sum(result.withheld.values()) <= result.left
    open_claims = any(one.award < one.claim for one in result.awards)
    if open_claims:
        assert result.left == sum(result.withheld.values())


def test_in_tranches_the_last_one_lifts_to_the_minimum() -> None:
    """So that rules for which tranches change nothing still come out as at once."""
    for rule in ("proportional", "cea", "cel"):
        given: dict[str, Any] = {"claims": [2, 4, 7, 8], "rule": rule, "minima": [2, 0, 0, 3]}
        assert awards(hw.ration(pool=15, **given, tranches=[10, 5])) == awards(
            hw.ration(pool=15, **given)
        )
    with pytest.raises(InputError, match=r"share in \(open\) has 1"):
        hw.ration([10, 90], 20, "cel", minima=[5, 0], tranches=[19, 1])
    with pytest.raises(InputError, match=r"share in \(open\) has 0"):
        hw.ration([10, 90], 20, "cel", minima=[5, 0], tranches=[20, 0])
    assert awards(hw.ration([10, 90], 20, minima=[2, 0], tranches=[20, 0])) == [2, 18]


def test_the_uniform_rule_owes_its_minima_like_any_other() -> None:
    with pytest.raises(InputError, match="add up to 11, more than the pool of 5"):
        hw.ration([8, 20], 5, "uniform", minima=[8, 3])
    assert awards(hw.ration([8, 20], 11, "uniform", minima=[8, 3])) == [8, 3]


LONG = Fraction(1, 10**5000 + 1)
"""Of more digits than Python itself writes."""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"minima": [LONG, 0], "caps": [LONG / 2, 9]}, "is below the guaranteed minimum ≈"),
        ({"minima": [LONG, 0], "cap": LONG / 2}, "is below the guaranteed minimum ≈"),
        ({"minima": [LONG, 0], "rule": "cel", "tranches": [3, 0]}, "≈"),
        ({"reserves": [{"name": "r", "units": 3 + LONG, "eligible": ["1"]}]}, "more than what"),
        ({"pool": 5 * LONG, "lot": 3 * LONG, "rule": "cea"}, "below a lot of ≈"),
        ({"sizes": [LONG, 1], "chips": ["a", "b"], "per_chip": {"a": 1, "b": 1}}, "its size is ≈"),
    ],
)
def test_a_message_shortens_a_number_that_is_too_long(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        hw.ration(**{"claims": [3, 9], "pool": 3, **given})


def test_a_reserve_of_a_long_number_is_told_in_short() -> None:
    kept = [{"name": "r", "units": LONG, "eligible": ["1"], "soft": False}]
    result = hw.ration([LONG / 2, Fraction(9)], 3, reserves=kept)
    assert "r holds ≈" in result.steps[0].what
    assert result.withheld == {"r": LONG / 2}


@st.composite
def guaranteed(draw: st.DrawFn) -> dict[str, Any]:
    claims = draw(st.lists(st.integers(1, 40), min_size=2, max_size=6))
    lot = draw(st.integers(1, 8))
    minima = [draw(st.integers(0, d)) for d in claims]
    pool = draw(st.integers(sum(minima), sum(claims)))
    ranks = draw(st.permutations(range(1, len(claims) + 1)))
    return {"claims": claims, "pool": pool, "minima": minima, "lot": lot, "priority": ranks}


@pytest.mark.parametrize(
    "method", [name for name, one in METHODS.items() if not one.draws and one.rule is None]
)
@pytest.mark.parametrize("rule", ["proportional", "talmud"])
@settings(max_examples=examples(60), deadline=None)
@given(guaranteed())
def test_whole_units_undercut_neither_minimum_nor_lot(
    rule: str, method: str, problem: dict[str, Any]
) -> None:
    given = {key: value for key, value in problem.items() if key != "lot"}
    for one, low in zip(
        hw.ration(**given, rule=rule, whole=method).awards, problem["minima"], strict=True
    ):
        assert low <= one.award <= one.claim
    given = {key: value for key, value in problem.items() if key != "minima"}
    lots = hw.ration(**given, rule=rule, whole=method)
    assert all(one.award == 0 or one.award >= problem["lot"] for one in lots.awards)
    assert sum(awards(lots)) <= problem["pool"]


def test_a_divisor_method_gives_what_is_guaranteed_first() -> None:
    """By Adams everybody gets a first unit before anybody a second, here at the cost of a."""
    given: dict[str, Any] = {"claims": {"a": 90, "b": 5, "c": 5}, "pool": 10, "whole": "adams",
                             "priority": [1, 2, 3]}  # fmt: skip
    assert awards(hw.ration(**given)) == [8, 1, 1]
    assert awards(hw.ration(**given, minima={"a": 9})) == [9, 1, 0]
    assert awards(hw.ration(**given, lot=9)) == [10, 0, 0]


def test_a_draw_cannot_keep_what_is_guaranteed() -> None:
    with pytest.raises(InputError, match="can fall below what is guaranteed"):
        hw.ration([9, 9], 9, whole="proportional_random", ballot_key="1./", minima=[4, 0])


@pytest.mark.slow
@pytest.mark.parametrize(
    "given",
    [
        {"rule": "cea"}, {"rule": "proportional", "cap_share": "0.02%"},
        {"rule": "proportional", "lot": 50_000_000, "ballot_key": "1./"},
        {"rule": "cel", "lot": 50_000_000, "ballot_key": "1./"},
        {"rule": "talmud", "whole": "webster", "ballot_key": "1./"},
    ],
)  # fmt: skip
def test_ten_thousand_claimants_take_seconds(given: dict[str, Any]) -> None:
    """Some take a second; what is quadratic anywhere on the way takes minutes."""
    rows = [
        {"name": f"c{n}", "claim": n * 7919 % 10**9 + 1, "need": n * 104729 % 10**9,
         "party": None if n % 3 else f"p{n // 9}"}
        for n in range(10_000)
    ]  # fmt: skip
    began = time.monotonic()
    result = hw.ration(rows, 10**12, **given)
    result.to_json()
    assert time.monotonic() - began < 30


def test_a_fractional_lot_or_minimum_is_rounded_up_for_whole_units() -> None:
    assert awards(hw.ration([9, 40], 20, "cel", whole="lrm", minima=["5/2", 0])) == [3, 17]
    assert awards(hw.ration([9, 40], 14, whole="lrm", lot="5/2")) == [0, 14]  # not 2.57 and 11.43


def one_by_one(monkeypatch: pytest.MonkeyPatch, given: dict[str, Any]) -> Result:
    with monkeypatch.context() as patch:
        patch.setattr(lots_module, "_in_one_row", lambda *_: False)
        return result_of(given)


Result: TypeAlias = tuple[list[Fraction], list[str]]


def result_of(given: dict[str, Any]) -> Result:
    result = hw.ration(**given)
    return awards(result), [one.bound_by for one in result.awards]


@pytest.mark.parametrize("rule", ["proportional", "cel"])
def test_the_smallest_claims_are_refused_whatever_the_way_there(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = {f"c{n}": 37 * n % 101 + 1 for n in range(60)}
    ranks = {name: n + 1 for n, name in enumerate(claims)}
    given: dict[str, Any] = {"claims": claims, "pool": 600, "lot": 20, "priority": ranks}
    quick = result_of({**given, "rule": rule})
    assert quick == one_by_one(monkeypatch, {**given, "rule": rule})
    assert "lot" in quick[1]


@settings(max_examples=examples(150), deadline=None)
@given(
    st.sampled_from(["proportional", "cel"]),
    st.lists(st.integers(0, 12), min_size=1, max_size=12),
    st.integers(1, 60),
    st.integers(1, 9),
    st.one_of(st.none(), st.integers(3, 12)),
)
def test_halving_refuses_the_same_as_one_by_one(
    rule: str, claims: list[int], pool: int, lot: int, cap: int | None
) -> None:
    given: dict[str, Any] = {
        "claims": claims, "pool": pool, "lot": lot, "cap": cap, "rule": rule,
        "priority": list(range(1, len(claims) + 1)),
    }  # fmt: skip
    assert result_of(given) == one_by_one(pytest.MonkeyPatch(), given)
