"""What rules invite: gains by misreporting, best replies, and equilibria of orders."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headworks.errors import InputError
from headworks.rationing.incentives.equilibrium import equilibrium, under_terms
from headworks.rationing.incentives.game import Game, game
from headworks.rationing.incentives.grouping import merging, splitting
from headworks.rationing.incentives.inflation import inflation
from headworks.rationing.incentives.overstating import overstating
from headworks.rationing.incentives.profiles import (
    PROFILES_MAX,
    contest_total,
    every_equilibrium,
    profiles_of,
)
from headworks.rationing.incentives.reply import best_reply
from headworks.rationing.incentives.terms import terms
from headworks.rationing.intake.claimant import by_column, claimants
from headworks.rationing.rule import RULES
from tests.tiers import examples

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "data/rationing/incentives.json").read_text(encoding="utf-8")
)
TWO_ONLY = "concede_and_divide"
PLAIN = sorted(
    name for name, rule in RULES.items() if not rule.needs and name not in {TWO_ONLY, "uniform"}
)
TERMS: list[dict[str, Any]] = [
    {},
    {"deposit": "0.1"},
    {"deposit": "0.3", "refunded": True},
    {"excess_cost": "0.2"},
    {"salvage": "0.3", "deposit": "0.05"},
    {"deposit": "0.1", "cap_of_need": "2"},
    {"request_cap": 25},
]


def plain(*values: Any) -> list[Any]:  # noqa: ANN401 - whole numbers beside fractions
    """Return values as a list whose parts are compared as numbers are."""
    return [list(value) if isinstance(value, tuple) else value for value in values]


def by_hand(played: Game, n: int, requests: tuple[Fraction, ...]) -> tuple[Fraction, Fraction]:
    """Return the smallest best request and its payoff, by trying every request on the grid."""
    limit = played.limit(n)
    grid = {k * played.step for k in range(int(limit / played.step) + 1)}
    grid |= {limit, min(played.needs[n], limit), requests[n]}
    tried: list[tuple[Fraction, Fraction]] = []
    for request in grid:
        award = played.awards([*requests[:n], request, *requests[n + 1 :]])[n]
        tried.append((-played.payoff(n, request, award), request))
    payoff, request = min(tried)
    return request, -payoff


@pytest.mark.parametrize("case", VECTORS["overstating"]["cases"], ids=repr)
def test_overstating_moves_awards_as_published(case: dict[str, Any]) -> None:
    vector = VECTORS["overstating"]
    played = game(
        vector["pool"], vector["needs"], case["rule"], truncate=case.get("truncate", False)
    )
    awards = played.awards((Fraction(case["report"]), Fraction(60)))
    assert [str(award) for award in awards] == case["awards"]


@pytest.mark.parametrize("case", VECTORS["splitting"]["cases"], ids=repr)
def test_splitting_moves_awards_as_published(case: dict[str, Any]) -> None:
    vector = VECTORS["splitting"]
    second = splitting(game(vector["pool"], vector["needs"], case["rule"]))[1]
    parts, award, gain = second.equal[0]
    assert (parts, award) == (2, Fraction(case["together"]))
    assert gain == award - Fraction(vector["apart"])


def test_the_best_overstatement_of_a_proportional_share_is_known() -> None:
    one = overstating(game(100, [60, 60], "proportional", step=1))[0]
    assert plain(one.factor, one.best.award, one.gain) == [Fraction(3, 2), 60, 10]
    assert one.bounded
    assert (Fraction(2), Fraction(200, 3), Fraction(10)) in one.by_factor


def test_units_above_the_need_count_as_salvage() -> None:
    one = overstating(game(100, [60, 60], "proportional", salvage="0.5"), factors=["2x"])[0]
    assert one.by_factor[0][2] == 10 + Fraction(200, 3) / 2 - 30
    assert not one.bounded


@pytest.mark.parametrize("rule", PLAIN)
@pytest.mark.parametrize("given_terms", TERMS, ids=repr)
def test_best_replies_are_those_of_a_search_of_the_whole_grid(
    rule: str, given_terms: dict[str, Any]
) -> None:
    luck = random.Random(f"{rule} {given_terms}")  # noqa: S311 - test cases, not secrets
    for _ in range(2):
        needs = [luck.randint(1, 20) for _ in range(3)]
        pool = luck.randint(1, sum(needs))
        played = game(pool, needs, rule, step=1, bound=40, **given_terms)
        asked = tuple(Fraction(luck.randint(0, 30)) for _ in needs)
        asked = tuple(min(request, played.limit(n)) for n, request in enumerate(asked))
        reply = best_reply(played, 0, asked)
        request, payoff = by_hand(played, 0, asked)
        assert reply.payoff == payoff
        assert reply.request in {request, asked[0]}
        assert reply.gain >= 0


@pytest.mark.parametrize("rule", PLAIN)
def test_no_rule_awards_less_to_who_claims_more(rule: str) -> None:
    luck = random.Random(rule)  # noqa: S311 - test cases, not secrets
    for _ in range(5):
        others = [Fraction(luck.randint(0, 12)) for _ in range(2)]
        pool = Fraction(luck.randint(1, 20))
        awards = [
            RULES[rule].divide(pool, [Fraction(claim), *others]).awards[0] for claim in range(1, 30)
        ]
        assert awards == sorted(awards)


amounts = st.integers(1, 40)


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(amounts, min_size=2, max_size=5), amounts, st.booleans())
def test_equal_awards_never_reward_overstating_and_truth_is_an_equilibrium(
    needs: list[int], pool: int, weighed: bool
) -> None:
    weights = list(range(1, len(needs) + 1)) if weighed else None
    played = game(pool, needs, "cea", weights=weights, step=1, bound=200)
    assert all(one.gain == 0 and one.best.gain == 0 for one in overstating(played))
    assert equilibrium(played).verdict == "truthful"


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(amounts, min_size=2, max_size=5), amounts)
def test_proportional_awards_reward_neither_splitting_nor_merging(
    needs: list[int], pool: int
) -> None:
    played = game(pool, needs, "proportional")
    assert all(one.gain == 0 for one in splitting(played))
    assert all(gain == 0 for one in splitting(played) for _, _, gain in one.equal)
    assert all(pair.gain == 0 for pair in merging(played))


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(amounts, min_size=2, max_size=5), amounts)
def test_equal_losses_never_reward_splitting_nor_equal_awards_merging(
    needs: list[int], pool: int
) -> None:
    assert all(one.gain == 0 for one in splitting(game(pool, needs, "cel")))
    assert all(pair.gain <= 0 for pair in merging(game(pool, needs, "cea")))


def test_equal_losses_reward_merging_and_equal_awards_splitting_somewhere() -> None:
    assert max(pair.gain for pair in merging(game(60, [60, 30, 30], "cel"))) == 10
    split = splitting(game(60, [60, 60], "cea"), parts=[2, 3])[0]
    assert plain(split.best_parts, split.gain) == [[20, 20, 20], 15]


def test_unequal_subsidiaries_are_tried_too() -> None:
    split = splitting(game(10, [12, 1, 8], "cea"), parts=[2])[0]
    assert split.gain >= max(gain for _, _, gain in split.equal)
    assert sum(split.best_parts) == 12


def test_a_weight_is_shared_by_subsidiaries_and_points_are_kept() -> None:
    heavy = game(60, [60, 60], "cea", weights=[1, 1])
    assert all(one.gain == 0 for one in splitting(heavy))
    ranked = game(60, [60, 60], "points", scores=[2, 1])
    assert [one.award for one in splitting(ranked)] == [60, 0]
    assert all(one.gain == 0 for one in splitting(ranked))


@pytest.mark.parametrize("rule", PLAIN)
@pytest.mark.parametrize("given_terms", TERMS, ids=repr)
def test_nobody_gains_by_leaving_an_equilibrium(rule: str, given_terms: dict[str, Any]) -> None:
    played = game(20, [14, 11, 6], rule, step=1, bound=60, **given_terms)
    found = equilibrium(played)
    if found.settled or found.verdict == "runaway":
        for n, payoff in enumerate(found.payoffs):
            gain = by_hand(played, n, found.requests)[1] - payoff
            assert gain <= found.regret < played.step
            assert gain == 0 or found.settled
    assert found.settled == (found.verdict in {"truthful", "inflated", "shaded", "capped"})
    assert sum(found.awards) <= 20


def test_proportional_requests_run_to_any_bound_in_shortage() -> None:
    vector = VECTORS["runaway"]
    for bound in (1_000, 100_000):
        found = equilibrium(game(vector["pool"], vector["needs"], "proportional", bound=bound))
        assert found.verdict == "runaway"
        assert found.at_limit == ("1", "2")
        assert plain(found.requests) == [[bound, bound]]
        assert list(found.trace) == sorted(found.trace)
        assert not found.settled


@pytest.mark.parametrize("bound", [12, 18, 30])
def test_below_the_bound_there_is_no_proportional_equilibrium_at_all(bound: int) -> None:
    played = game(10, [6, 6], "proportional", step=1, bound=bound)
    assert plain(*every_equilibrium(played)) == [[bound, bound]]


def test_a_cap_creates_an_equilibrium_in_which_requests_stay_inflated() -> None:
    found = equilibrium(game(100, [60, 60], "proportional", cap_of_need="2x"))
    assert plain(found.verdict, found.inflation) == ["capped", 2]
    found = equilibrium(game(100, [60, 60], "proportional", request_cap=90))
    assert plain(found.verdict, found.requests) == ["capped", [90, 90]]
    verified = equilibrium(game(100, [60, 60], "proportional", cap_of_need=1))
    assert plain(verified.verdict, verified.inflation) == ["truthful", 1]


@pytest.mark.parametrize("case", VECTORS["contest"]["cases"], ids=repr)
def test_a_deposit_restores_the_equilibrium_of_a_contest(case: dict[str, Any]) -> None:
    found = equilibrium(game(case["pool"], case["needs"], "proportional", deposit=case["deposit"]))
    expected = Fraction(case["orders"])
    pool, number = Fraction(case["pool"]), len(case["needs"])
    assert contest_total(pool, number, Fraction(case["deposit"])) == expected
    assert found.verdict == "inflated"
    assert abs(found.total - expected) <= number * found.game.step


def test_the_smaller_the_deposit_the_more_inflation_is_left() -> None:
    grid = ["0", "2%", "5%", "10%", "20%", "40%"]
    found = under_terms(game(100, [60, 50, 40], "proportional"), deposits=grid)
    assert found[0].verdict == "runaway"
    assert all(one.verdict == "inflated" for one in found[1:-1])
    levels = [one.inflation for one in found[1:]]
    assert levels == sorted(levels, reverse=True)


def test_a_deposit_that_comes_back_for_what_was_not_awarded_restores_nothing() -> None:
    for deposit in ("10%", "1"):
        played = game(100, [60, 60], "proportional", deposit=deposit, refunded=True)
        assert equilibrium(played).verdict == "runaway"


def test_a_deposit_on_what_is_not_awarded_presses_honest_requests_below_needs() -> None:
    found = equilibrium(game(100, [60, 60], "cea", deposit="5%"))
    assert plain(found.verdict, found.total) == ["shaded", 100]


def test_equal_losses_with_a_deposit_have_no_equilibrium_and_go_in_a_loop() -> None:
    found = equilibrium(game(10, [6, 6], "cel", deposit="20%", step=1, bound=100))
    assert found.verdict == "cycle"
    assert found.profiles == profiles_of(found.game) > 0
    assert every_equilibrium(found.game) == ()
    assert len(found.loop) == len(set(found.loop)) > 1
    assert "combinations" in found.finding


@pytest.mark.parametrize("rule", ["talmud", "random_arrival", "adjusted_proportional"])
def test_where_claims_above_the_pool_are_pointless_inflation_ends_there(rule: str) -> None:
    found = equilibrium(game(100, [60, 60], rule))
    assert plain(found.verdict, found.requests) == ["inflated", [100, 100]]
    truncated = equilibrium(game(100, [60, 60], "proportional", truncate=True))
    assert plain(truncated.requests) == [[100, 100]]


@pytest.mark.parametrize("rule", PLAIN)
def test_truth_is_an_equilibrium_where_nothing_is_short(rule: str) -> None:
    assert equilibrium(game(130, [60, 50], rule)).verdict == "truthful"


def test_all_combinations_of_requests_are_checked_only_where_they_are_few() -> None:
    assert profiles_of(game(10, [6, 6], "cel", step=1, bound=9)) == 100
    big = game(10, [6, 6], "cel", step="0.01")
    assert profiles_of(big) > PROFILES_MAX
    with pytest.raises(InputError, match="larger step"):
        every_equilibrium(big)


def test_a_loop_between_two_steps_of_the_grid_counts_as_settled_and_says_how_nearly() -> None:
    needs = [240, 200, 160, 120, 80]
    found = equilibrium(game(700, needs, "proportional", deposit="20%", step=1))
    assert found.verdict == "inflated"
    assert 0 < found.regret < 1
    assert "to within" in found.finding
    assert equilibrium(game(700, needs, "proportional", deposit="20%", step="0.2")).regret == 0


def test_rounds_that_end_before_replies_do_say_whether_requests_rise() -> None:
    told: list[tuple[int, int]] = []
    found = equilibrium(
        game(100, [60, 60], "proportional"),
        rounds_max=2,
        progress=lambda done, whole: told.append((done, whole)),
    )
    assert (found.verdict, found.rounds) == ("rising", 2)
    assert told == [(0, 2), (1, 2)]
    assert "still rise" in found.finding
    around = equilibrium(game(100, [60, 60], "cel", deposit="5%"), rounds_max=40)
    assert around.verdict == "unsettled"
    assert "still move" in around.finding


def test_all_faults_of_a_game_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        game(0, {"a": -1, "b": "x"}, "propotional", step=0, deposit="-1", salvage=2, colour=3)
    told = {(fault.file, fault.key) for fault in caught.value.faults}
    assert {"pool", "step", "deposit", "needs"} <= {file for file, _ in told}
    assert "proportional" in str(caught.value)
    assert "colour" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"needs": [0, 0]}, "nobody needs anything"),
        ({"needs": [1] * 61}, "at most 60"),
        ({"bound": 5}, "below the need"),
        ({"request_cap": 0}, "allows no request"),
        ({"salvage": 2}, "more than a useful one"),
        ({"rule": "priority"}, "needs the priority"),
        ({"needs": []}, "no claimants"),
    ],
)
def test_a_game_that_cannot_be_played_says_why(changes: dict[str, Any], said: str) -> None:
    asked: dict[str, Any] = {"pool": 10, "needs": [6, 6], "rule": "proportional", **changes}
    with pytest.raises(InputError, match=said):
        game(**asked)


def test_bad_factors_parts_deposits_and_claims_are_told() -> None:
    played = game(10, [6, 6], "proportional")
    with pytest.raises(InputError, match="must be above 0"):
        overstating(played, factors=[0])
    with pytest.raises(InputError, match="at most 8"):
        splitting(played, parts=[9])
    with pytest.raises(InputError, match="whole"):
        splitting(played, parts=[2.5])  # type: ignore[list-item]
    with pytest.raises(InputError, match="one for each"):
        merging(played, [Fraction(1)])
    with pytest.raises(InputError) as caught:
        under_terms(played, deposits=["-1"], caps=[0])
    assert len(caught.value.faults) == 2


def test_all_rules_are_tried_and_those_that_lack_something_are_named() -> None:
    people = claimants(by_column([14, 11, 6], {}))
    told: list[tuple[int, int]] = []
    found = inflation(
        Fraction(20), people, deposits=["0", "0.2"], caps=[2],
        progress=lambda done, whole: told.append((done, whole)),
    )  # fmt: skip
    names = {one.game.rule.name for one in found.rules}
    assert names | set(found.left_out) == set(RULES)
    assert {"priority", "points"} <= set(found.left_out)
    assert set(PLAIN) <= names
    assert found.of("cea").equilibrium.verdict == "truthful"
    assert found.of("pro").equilibrium.verdict == "runaway"
    assert [one.verdict for one in found.deposits] == ["runaway", "inflated"]
    assert found.caps[0].inflation == 2
    assert told[0] == (0, len(names) + 3)
    assert json.loads(json.dumps(found.to_json()))["need_total"] == "31"
    with pytest.raises(InputError, match="was not tried"):
        found.of("priority")


def test_ranked_claimants_may_be_tried_by_priority() -> None:
    people = claimants(by_column([14, 11, 6], {"priority": [3, 1, 2]}))
    found = inflation(Fraction(20), people, rules=["priority"], deposits=(), caps=())
    assert found.rules[0].equilibrium.verdict == "truthful"
    assert plain(found.rules[0].equilibrium.awards) == [[3, 11, 6]]
    with pytest.raises(InputError) as caught:
        inflation(Fraction(0), people, rules=["priorty"])
    assert len(caught.value.faults) == 2


def test_terms_tell_only_what_is_set_and_read_it_back() -> None:
    found = terms({"deposit": "5%", "cap_of_need": "2x", "refunded": True, "salvage": None})
    assert found.to_json() == {"deposit": "1/20", "refunded": True, "cap_of_need": "2"}
    assert terms(found.to_json()) == found


def test_payoffs_count_useful_units_salvage_and_forfeits() -> None:
    kept = terms({"deposit": "0.1", "excess_cost": "0.2", "salvage": "0.5"})
    assert kept.payoff(Fraction(20), Fraction(12), Fraction(10)) == 10 + Fraction(6, 10) - 1
    back = terms({"deposit": "0.1", "refunded": True})
    assert back.payoff(Fraction(20), Fraction(8), Fraction(10)) == 8
    assert back.payoff(Fraction(20), Fraction(12), Fraction(10)) == 10 - Fraction(2, 10)


def test_every_result_is_plain_data() -> None:
    played = game(20, {"a": 14, "b": 11}, "cel", deposit="0.2")
    found = [one.to_json() for one in overstating(played)]
    found += [one.to_json() for one in splitting(played)]
    found += [pair.to_json() for pair in merging(played)]
    for data in (*found, equilibrium(played).to_json()):
        assert json.loads(json.dumps(data)) == data
