"""How far misreports are searched for, what is proven beside it, and how many claimants may be."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from rich.console import Console

from headworks.cli.inflate import inflated
from headworks.cli.inflation_tables import show_inflation
from headworks.errors import InputError
from headworks.rationing.incentives.effort import ALL, FEW, SOME, effort
from headworks.rationing.incentives.equilibrium import equilibrium
from headworks.rationing.incentives.game import Game, game
from headworks.rationing.incentives.inflation import LAWS, TRUTHFUL, incentives, inflation
from headworks.rationing.incentives.reply import PEAKED, best_reply
from headworks.rationing.intake.claimant import Claimant, by_column, claimants
from headworks.rationing.rule import RULES

ORDERED: dict[str, dict[str, Any]] = {
    "priority": {"priority": [2, 1, 3]},
    "points": {"scores": [5, 7, 3]},
    "first_come_first_served": {"days": ["2026-01-05", "2026-01-05", "2026-01-06"]},
}
TERMS: list[dict[str, Any]] = [
    {}, {"deposit": "0.1"}, {"deposit": "0.3", "refunded": True}, {"excess_cost": "0.2"},
    {"salvage": "0.3", "deposit": "0.05"}, {"deposit": "0.4", "truncate": True},
]  # fmt: skip


def people_of(count: int, seed: int = 1) -> list[Claimant]:
    draw = random.Random(seed)  # noqa: S311 - a test needs no secrets
    needs = {f"c{n}": draw.randint(10_000, 300_000) for n in range(count)}
    return claimants(by_column(needs, {"priority": {name: n for n, name in enumerate(needs)}}))


def best_of_all(played: Game, n: int, asked: list[Fraction]) -> tuple[Fraction, Fraction]:
    """Return the smallest best request on the whole grid, up to the bound, and its payoff."""
    tried: list[tuple[Fraction, Fraction]] = []
    for k in range(int(played.limit(n) / played.step) + 1):
        request = k * played.step
        award = played.awards([*asked[:n], request, *asked[n + 1 :]])[n]
        tried.append((-played.payoff(n, request, award), request))
    payoff, request = min(tried)
    return request, -payoff


@pytest.mark.parametrize("rule", sorted({*PEAKED, "talmud", "average", "uniform"}))
@pytest.mark.parametrize("terms", TERMS, ids=repr)
def test_short_ways_to_a_best_reply_find_what_the_whole_grid_has(
    rule: str, terms: dict[str, Any]
) -> None:
    luck = random.Random(f"{rule} {terms}")  # noqa: S311 - test cases, not secrets
    for _ in range(6):
        needs = [luck.randint(1, 20) for _ in range(2 if rule == "concede_and_divide" else 3)]
        pool = luck.randint(1, sum(needs))
        played = game(pool, needs, rule, step=1, bound=70, **ORDERED.get(rule, {}), **terms)
        asked = [Fraction(luck.randint(0, 30)) for _ in needs]
        reply = best_reply(played, 0, asked)
        request, payoff = best_of_all(played, 0, asked)
        assert reply.payoff == payoff
        assert reply.request in {request, asked[0]}
        assert 0 < reply.tries <= 72


@pytest.mark.parametrize("rule", sorted(PEAKED))
def test_an_award_is_concave_in_the_own_claim_once_there_is_one(rule: str) -> None:
    luck = random.Random(rule)  # noqa: S311 - test cases, not secrets
    for _ in range(12):
        others = [Fraction(luck.randint(0, 12)) for _ in range(1 if "divide" in rule else 2)]
        played = game(luck.randint(1, 20), [1, *others], rule, **_some(rule, len(others) + 1))
        awards = [played.awards([Fraction(claim), *others])[0] for claim in range(40)]
        rises = [after - before for before, after in pairwise(awards) if after]
        assert rises[1:] == sorted(rises[1:], reverse=True)


def _some(rule: str, count: int) -> dict[str, Any]:
    return {option: values[:count] for option, values in ORDERED.get(rule, {}).items()}


def test_a_peak_is_found_in_a_few_steps_where_the_grid_has_thousands() -> None:
    played = game(400_000, [240_000, 200_000, 160_000], "proportional", step=100, deposit="2%")
    reply = best_reply(played, 0, played.truth)
    assert reply.gain > 0
    assert reply.tries < 60


def test_what_is_said_never_to_pay_is_what_is_proven() -> None:
    found = inflation(Fraction(200_000), people_of(3), deposits=(), caps=())
    for one in found.rules:
        keeps = one.game.rule.keeps
        assert ("overstating" in one.proven) == (one.game.rule.name in TRUTHFUL)
        assert all((name in one.proven) == (law in keeps) for name, law in LAWS.items())
        assert one.most_overstating.gain == 0 or "overstating" not in one.proven
        assert one.most_splitting.gain == 0 or "splitting" not in one.proven
        assert one.to_json()["proven_to_bring_nothing"] == sorted(one.proven)


def test_with_weights_no_law_of_equal_weights_is_quoted() -> None:
    weighed = incentives(game(60, [60, 60], "cea", weights=[1, 2]))
    assert weighed.proven == {"overstating"}
    resold = incentives(game(60, [60, 60], "cea", salvage="0.5"))
    assert "overstating" not in resold.proven


@pytest.mark.parametrize(
    ("rule", "count", "looked_at", "unequal"),
    [
        ("talmud", ALL, ALL, True), ("talmud", ALL + 1, SOME, True),
        ("random_arrival", 12, 12, True), ("random_arrival", 13, FEW, False),
        ("random_arrival", 25, FEW, False),
    ],
)  # fmt: skip
def test_of_many_claimants_some_are_looked_at_from_the_smallest_need_to_the_largest(
    rule: str, count: int, looked_at: int, unequal: bool
) -> None:
    needs = [Fraction(7 * n % 31 + 1) for n in range(count)]
    found = effort(RULES[rule], needs)
    assert found is not None
    assert (len(found.looked_at), found.unequal) == (looked_at, unequal)
    seen = {needs[n] for n in found.looked_at}
    assert {min(needs), max(needs)} <= seen
    said = found.text(count)
    assert ("every claimant" in said) == (looked_at == count)
    assert ("parts of different size" in said) == unequal
    assert len(found.to_json([f"c{n}" for n in range(count)])["looked_at"]) == looked_at
    assert (found.tries_max == 0) == ("no equilibrium was sought" in said)
    assert (found.tries_max == 0) == (rule == "random_arrival" and count == 25)


def test_a_rule_that_takes_too_long_is_left_out_with_the_reason() -> None:
    assert effort(RULES["random_arrival"], [Fraction(1)] * 26) is None
    found = inflation(Fraction(100_000), people_of(26), rules=["ra"], deposits=(), caps=())
    assert found.left_out == {"random_arrival": "it takes too long for 26 claimants"}
    with pytest.raises(InputError, match="takes too long for 26 claimants"):
        incentives(game(100, [7] * 26, "random_arrival"))


def test_replies_end_after_so_many_requests_and_say_that_they_still_rise() -> None:
    found = equilibrium(game(100, [60, 50, 40], "cel"), tries_max=100)
    assert found.verdict == "rising"
    assert 100 < found.tries < 400
    assert found.to_json()["requests_tried"] == found.tries
    assert "still rise" in found.finding


def test_an_equilibrium_that_is_not_sought_is_said_not_to_be() -> None:
    found = equilibrium(game(100, [60, 50], "cel"), tries_max=0)
    assert (found.verdict, found.settled, found.rounds) == ("unsought", False, 0)
    assert found.finding == "no equilibrium was sought"


def printed(people: list[Claimant], pool: int, **options: Any) -> str:  # noqa: ANN401 - as given
    console = Console(width=100, highlight=False)
    with console.capture() as text:
        show_inflation(inflated(people, Fraction(pool), **options), console)
    return text.get()


def test_the_tables_tell_a_search_from_a_proof() -> None:
    text = printed(claimants(by_column({"a": 60, "b": 60}, {})), 100)
    flat = " ".join(text.split())
    rows = {line.split()[0]: line.split() for line in reversed(text.splitlines()) if line.split()}
    assert rows["constrained_equal_awards"][1:5] == ["never", "0", "10", "never"]
    assert rows["proportional"][4:7] == ["10", "never", "never"]
    assert rows["talmud"][5:7] == ["0", "0"]
    assert "at least, for who gains most of those looked at" in flat
    assert "never: proven to bring nothing" in flat
    assert "tried: every claimant with requests up to 100 times the pool" in flat
    assert "requests in steps of" in flat


def test_related_parties_are_told_to_count_apart() -> None:
    twins = claimants(by_column({"a": 60, "b": 60}, {"party": {"a": "x", "b": "x"}}))
    assert "related parties count apart here" in printed(twins, 100)


def test_equal_ranks_are_told_to_go_by_the_list() -> None:
    ranked = claimants(by_column({"a": 60, "b": 60}, {"priority": {"a": 1, "b": 1}}))
    assert "of equal ranks the one that is listed first" in printed(ranked, 100)


@pytest.mark.slow
def test_needs_that_are_not_sought_are_told() -> None:
    many = people_of(13)
    text = printed(many, 900_000, rule="random_arrival", deposit="5%")
    assert "needs is not sought under random arrival awards" in " ".join(text.split())


def test_huge_amounts_are_shown_by_their_first_digits() -> None:
    people = claimants(by_column({"a": "1e399", "b": "1e399"}, {}))
    assert "1.000e+398 units for needs of 2.000e+399" in printed(people, 10**398)


@pytest.mark.slow
def test_25_claimants_are_tried_under_all_rules() -> None:
    people = people_of(25)
    told: list[int] = []
    found = inflation(Fraction(2_000_000), people, progress=lambda done, _whole: told.append(done))
    assert len(found.rules) == 14
    assert told == sorted(told)
