"""Claims rules over exact numbers: awards printed somewhere, and what input is refused."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from headworks.errors import InputError, UnknownName
from headworks.rationing.exact import exact
from headworks.rationing.properties import PROPERTIES
from headworks.rationing.rule import ALIASES, RULES, rule

DATA = Path(__file__).parents[3] / "data" / "rationing"
VECTORS = yaml.safe_load((DATA / "vectors.yaml").read_text(encoding="utf-8"))
NAMES = [
    "proportional", "constrained_equal_awards", "constrained_equal_losses", "talmud",
    "reverse_talmud", "piniles", "constrained_egalitarian", "random_arrival", "minimal_overlap",
    "adjusted_proportional", "dominguez_thomson", "average", "concede_and_divide", "priority",
    "points", "uniform", "first_come_first_served",
]  # fmt: skip
PLAIN = [name for name in NAMES if not RULES[name].needs]


def amounts(values: Iterable[object]) -> list[Fraction]:
    return [exact(value) for value in values]


def awards(
    name: str, pool: object, claims: Iterable[object], options: Mapping[str, Any] | None = None
) -> list[Fraction]:
    """Return the awards of a rule, with weights read as exact numbers."""
    given = {k: amounts(v) if k == "weights" else v for k, v in (options or {}).items()}
    return list(RULES[name].divide(exact(pool), amounts(claims), **given).awards)


CASES = [
    pytest.param(
        name, pool, vector["claims"], vector.get("options", {}), wanted,
        id=f"{name}-{pool}-of-{'-'.join(map(str, vector['claims']))}-{vector['mark']}",
    )
    for vector in VECTORS for pool, by_rule in vector["pools"].items()
    for name, wanted in by_rule.items()
]  # fmt: skip


@pytest.mark.parametrize(("name", "pool", "claims", "options", "wanted"), CASES)
def test_awards_are_those_of_the_source(
    name: str, pool: object, claims: list[Any], options: dict[str, Any], wanted: list[object]
) -> None:
    assert awards(name, pool, claims, options) == amounts(wanted)


def test_every_vector_says_where_it_is_from_and_every_rule_has_one() -> None:
    assert all(vector["cite"] and vector["mark"] in {"pub", "oracle", "calc"} for vector in VECTORS)
    assert {name for v in VECTORS for by_rule in v["pools"].values() for name in by_rule} == {
        *NAMES
    }


TWO_TRANCHES: dict[str, list[object]] = {
    "proportional": ["10/7", "20/7", 5, "40/7"],
    "constrained_equal_awards": [2, 4, "9/2", "9/2"],
    "constrained_equal_losses": ["1/2", "5/2", "11/2", "13/2"],
    "talmud": ["3/2", 3, "21/4", "21/4"],
    "piniles": ["3/2", 3, "21/4", "21/4"],
    "random_arrival": ["107/72", "199/72", "361/72", "413/72"],
}


@pytest.mark.parametrize("name", TWO_TRANCHES)
def test_ten_and_then_five_give_what_was_computed_by_hand(name: str) -> None:
    claims = [2, 4, 7, 8]
    first = awards(name, 10, claims)
    left = [d - x for d, x in zip(claims, first, strict=True)]
    more = awards(name, 5, left)
    both = [a + b for a, b in zip(first, more, strict=True)]
    assert both == amounts(TWO_TRANCHES[name])
    assert (both == awards(name, 15, claims)) == ("composition_up" in RULES[name].keeps)


@pytest.mark.parametrize("name", TWO_TRANCHES)
def test_fifteen_cut_back_to_ten_is_ten_for_three_rules_only(name: str) -> None:
    cut = awards(name, 10, awards(name, 15, [2, 4, 7, 8]))
    same = cut == awards(name, 10, [2, 4, 7, 8])
    assert same == (
        name in {"proportional", "constrained_equal_awards", "constrained_equal_losses"}
    )


def test_random_arrival_is_not_consistent_on_the_estate_problem() -> None:
    assert awards("random_arrival", 200, [100, 200, 300])[:2] == amounts(["100/3", "250/3"])
    assert awards("random_arrival", "350/3", [100, 200]) == amounts([50, "200/3"])


def test_minimal_overlap_lets_a_newcomer_who_brings_the_claim_hurt_another() -> None:
    assert awards("minimal_overlap", 1 + 9, [1, 2, 9, 10])[0] == Fraction(1, 4)
    assert awards("minimal_overlap", 1, [1, 2, 10])[0] == Fraction(1, 3)


def test_splitting_pays_under_equal_awards_and_costs_under_equal_losses() -> None:
    second = {name: sum(awards(name, 60, [60, 30, 30])[1:]) for name in TWO_TRANCHES}
    del second["piniles"]
    assert second == {
        "proportional": 30, "constrained_equal_awards": 40, "constrained_equal_losses": 20,
        "talmud": 30, "random_arrival": 30,
    }  # fmt: skip


@pytest.mark.parametrize("name", [n for n in PLAIN if n != "uniform"])
def test_with_enough_for_all_everybody_gets_the_claim_and_there_is_no_level(name: str) -> None:
    for pool in (5, 6):
        division = RULES[name].divide(Fraction(pool), amounts([2, 3]))
        assert list(division.awards) == [2, 3]
        assert division.level is None


@pytest.mark.parametrize("name", PLAIN)
def test_with_nothing_to_share_everybody_gets_nothing(name: str) -> None:
    assert awards(name, 0, [2, 3]) == [0, 0]
    assert awards(name, 0, [0, 0]) == [0, 0]


@pytest.mark.parametrize("name", [n for n in PLAIN if n != "concede_and_divide"])
def test_a_single_claimant_gets_the_whole_pool(name: str) -> None:
    assert awards(name, "7/3", [5]) == [Fraction(7, 3)]


LEVELS = {
    "proportional": "10/21", "constrained_equal_awards": "8/3", "constrained_equal_losses": 3,
    "talmud": "7/2", "reverse_talmud": "1/8", "piniles": "7/2", "constrained_egalitarian": "7/2",
    "random_arrival": None, "minimal_overlap": 5, "adjusted_proportional": "10/21",
    "dominguez_thomson": None, "average": None, "uniform": "8/3",
}  # fmt: skip


@pytest.mark.parametrize("name", LEVELS)
def test_the_level_is_that_of_the_formula(name: str) -> None:
    level = RULES[name].divide(Fraction(10), amounts([2, 4, 7, 8])).level
    assert level == (None if LEVELS[name] is None else exact(LEVELS[name]))


def test_the_level_of_a_day_is_the_share_on_which_the_pool_ends() -> None:
    first_come = RULES["first_come_first_served"].divide
    division = first_come(Fraction(100), amounts([40, 30, 60, 30]), days=[1, 1, 2, 2])
    assert division.level == Fraction(1, 3)


def test_days_may_be_anything_that_has_an_order() -> None:
    days = ["2026-02-03", "2026-02-01", "2026-02-02"]
    assert awards("first_come_first_served", 50, [30, 30, 30], {"days": days}) == [0, 30, 20]


def test_weights_of_claimants_who_claim_nothing_do_not_matter() -> None:
    assert awards("proportional", 3, [0, 2, 4], {"weights": [9, 1, 1]}) == [0, 1, 2]
    assert awards("constrained_equal_awards", 3, [0, 2, 4], {"weights": [9, 1, 2]}) == [0, 1, 2]


def test_dominguez_thomson_with_a_claim_of_nothing_reaches_its_limit() -> None:
    # Each step gives a third of what is left to each of two: half of the pool in the end.
    assert awards("dominguez_thomson", 1, [0, 1, 1]) == amounts([0, "1/2", "1/2"])


def test_points_serve_equal_scores_alike_where_the_pool_ends_elsewhere() -> None:
    assert awards("points", 100, [50, 50, 30], {"scores": [7, 7, 1]}) == [50, 50, 0]
    assert awards("points", 30, [50, 50, 30], {"scores": [1, 1, 7]}) == [0, 0, 30]
    assert awards("points", 60, [50, 0, 30], {"scores": [7, 7, 1]}) == [50, 0, 10]


@pytest.mark.parametrize(
    ("name", "claims", "options", "message", "remedy"),
    [
        (
            "concede_and_divide", [1, 2, 3], {},
            "rule: concede-and-divide is for two claimants, and there are 3",
            "take talmud, which extends it to more",
        ),
        (
            "priority", [2, 3], {"priority": [1, 1]},
            "priority: the priority 1, 1 does not name each of 2 claimants once",
            "give the numbers from 0 to 1, the first served first",
        ),
        (
            "points", [2, 3, 1, 4], {"scores": [5, 9, 5, 5]},
            "priority: the pool ends among claimants 1, 3 and 4, who have the same score 5",
            "give a priority that says who comes first, or the key of a ballot",
        ),
        (
            "points", [2, 3], {"scores": [5, 5], "priority": [0]},
            "priority: the priority 0 does not name each of 2 claimants once",
            "give the numbers from 0 to 1, the first served first",
        ),
        (
            "points", [2, 3], {"scores": [5]},
            "scores: of scores there are 1, of claimants 2",
            "give one for each claimant",
        ),
        (
            "first_come_first_served", [2, 3], {"days": [1, 2, 3]},
            "days: of days there are 3, of claimants 2",
            "give one for each claimant",
        ),
        (
            "random_arrival", [3, 2], {"orders": 1},
            "orders: 1 orders of arrival give no standard error",
            "draw at least 2, better 1,000",
        ),
    ],
)  # fmt: skip
def test_what_a_rule_cannot_use_is_refused_with_a_way_out(
    name: str, claims: list[int], options: dict[str, Any], message: str, remedy: str
) -> None:
    with pytest.raises(InputError) as caught:
        awards(name, 4, claims, options)
    assert str(caught.value) == f"{message}\n    → {remedy}"


def test_rules_have_the_names_of_the_field_and_its_abbreviations() -> None:
    assert list(RULES) == NAMES
    assert {"pro", "cea", "cel", "tal", "rtal", "pin", "ce", "ra", "mo", "apro", "dt", "av", "cd",
            "pri", "pts", "fcfs", "sprumont"} <= {*ALIASES}  # fmt: skip
    assert rule("CEA") is rule(" constrained-equal awards ") is RULES["constrained_equal_awards"]


def test_an_unknown_rule_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match="did you mean talmud"):
        rule("talmut")


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_says_what_it_takes_what_it_means_and_where_it_is_from(name: str) -> None:
    one = RULES[name]
    _, _, *options = inspect.signature(one.divide).parameters.values()
    assert tuple(option.name for option in options) == one.takes
    assert {option.name for option in options if option.default is option.empty} == {*one.needs}
    text = inspect.getdoc(one.divide) or ""
    assert "Source: " in text
    assert "O(" in text
    assert one.keeps <= {*PROPERTIES}
