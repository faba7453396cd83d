"""What a rationing may be asked, and what it says of what it cannot use or does not look at."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import headworks as hw
from headworks.errors import InputError

if TYPE_CHECKING:
    from headworks.rationing.result import Ration


def awards(result: Ration) -> list[Fraction]:
    return [one.award for one in result.awards]


@pytest.mark.parametrize(
    "claims", [[10, 20], (10, 20), np.array([10, 20]), pd.Series([10, 20]), iter([10, 20])]
)
def test_claims_may_come_in_any_sequence(claims: Any) -> None:  # noqa: ANN401 - that is the point
    assert awards(hw.ration(claims, 15)) == [5, 10]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"claims": None}, "None are no claims"),
    ({"claims": 5}, "5 are no claims"),
    ({"claims": {1, 2}}, "{1, 2} are no claims"),
    ({"claims": b"12"}, "are no claims"),
    ({"pool": None}, "pool: there is none"),
    ({"rule": None}, "there is no rule"),
    ({"rule": 7}, "7 is no name"),
    ({"claims": {"\ud800": 3}}, "has signs that cannot be printed"),
    ({"claims": {"a\udcff": 3}}, "has signs that cannot be printed"),
    ({"unit": "\ud800"}, "unit: '\\ud800' has signs that cannot be printed"),
    ({"parties": ["p", "\udcff"]}, "row 2.party: '\\udcff' has signs"),
    ({"unit": " "}, "the unit is empty"),
    ({"truncate": "false"}, "truncate: 'false' is neither true nor false"),
    ({"truncate": 1}, "truncate: 1 is neither true nor false"),
    (
        {"reserves": [{"name": "r", "units": 1, "eligible": "1", "soft": "false"}]},
        "'false' is neither true nor false",
    ),
    ({"reserves": [{"name": "r", "units": 1, "eligible": "1", "softt": True}]}, "no 'softt'"),
    ({"reserves": [{"name": "\ud800", "units": 1, "eligible": "1"}]}, "cannot be printed"),
    ({"reserves": {"name": "r"}}, "is no list"),
    ({"rule": "ra", "seed": 2**128}, "the seed is above 2^128 - 1"),
    ({"rule": "ra", "orders": 10**12}, "draw at most 500,000,000"),
    ({"orders": 10}, "proportional awards takes no orders"),
    ({"seed": 0}, "proportional awards takes no seed"),
    ({"tranches": ""}, "tranches: the list is empty"),
    ({"tranches": []}, "tranches: the list is empty"),
    ({"order": ""}, "order: the list is empty"),
    ({"ballot": "rfc3797"}, "the form rfc3797 of a ballot, and no key"),
    ({"weights": "12"}, "'12' is no list"),
    ({"weights": 5}, "5 is no list"),
    ({"whole": 5}, "5 is no name"),
    ({"guarantee": "flor"}, "did you mean floor"),
    ({"per_chip": 5}, "5 are no sizes by chip"),
    ({"per_chip": [1, 2]}, "are no sizes by chip"),
    ({"min_use": "90%"}, "nobody's past use is known"),
    ({"claims": [{"name": "a", "claim": 1, "pool": "x"}]}, "the claims name the pools x"),
]


@pytest.mark.parametrize(("given", "said"), BAD, ids=lambda value: ascii(value)[:60])
def test_what_cannot_be_asked_is_told(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as error:
        hw.ration(**{"claims": [1, 2], "pool": 2, **given})
    assert said in str(error.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InputError) as error:
        hw.ration([1, -2], -1, "cea", lot=-3, unit="", ballot="md5", weights=[0, 1])
    told = [(fault.file, fault.key) for fault in error.value.faults]
    assert told == [
        ("claims", "row 1.weight"), ("claims", "row 2.claim"), ("lot", ""), ("ballot", ""),
        ("unit", ""), ("pool", ""),
    ]  # fmt: skip


REMARKS: list[tuple[dict[str, Any], str]] = [
    ({"ballot_key": "1./"}, "the ballot is idle"),
    ({"priority": [1, 2]}, "ranks change nothing"),
    ({"rule": "ra", "seed": 3}, "are exact here, and not drawn: the seed changes nothing"),
    ({"whole": "moulin", "ballot_key": "1./", "ballot": "rfc3797"}, "draws by SHA-256"),
    ({"needs": [1, None]}, "no need is known of 2: nothing verifies what they request"),
    ({"stock": [1, 2]}, "count against a need, and 1, 2 have none"),
    ({"used": [1, 1], "awarded": [1, 1]}, "past use is told of 1, 2, and changes nothing"),
    ({"used": [1, None], "awarded": [2, 2], "min_use": 1}, "past use is not known of 2"),
    ({"claims": {"Acme": 1, "ACME": 2}}, "'Acme' and 'ACME' differ only in how they are written"),
    ({"parties": ["Acme", "acme"]}, "count as different parties"),
]


@pytest.mark.parametrize(("given", "said"), REMARKS, ids=lambda value: str(value)[:60])
def test_what_changes_nothing_or_may_be_misread_is_remarked(
    given: dict[str, Any], said: str
) -> None:
    warnings = hw.ration(**{"claims": [1, 2], "pool": 2, **given}).warnings
    assert any(said in text for text in warnings), warnings


def test_what_is_used_is_not_remarked() -> None:
    used: list[dict[str, Any]] = [
        {"whole": "lrm", "ballot_key": "1./"}, {"lot": 1, "priority": [1, 2]},
        {"rule": "priority", "priority": [1, 2]}, {"rule": "cea", "weights": [1, 2]},
        {"needs": [1, 1], "stock": [1, 0]},
        {"used": [1, 1], "awarded": [1, 1], "min_use": "90%"},
    ]  # fmt: skip
    assert [hw.ration([1, 2], 2, **given).warnings for given in used] == [()] * len(used)


def test_names_are_compared_in_one_form() -> None:
    """Composed and decomposed accents are one name, and so are blanks of any kind around it."""
    apart = unicodedata.normalize("NFD", "Zürich")
    rows = [
        {"name": "a", "claim": 10, "party": "Zürich"},
        {"name": "b", "claim": 20, "party": f" {apart}\u00a0"},
        {"name": "c", "claim": 30, "party": "Moore\u00a0 Threads"},
    ]
    result = hw.ration(rows, 30, weights={"a": 1, " b ": 1, "c": 1})
    assert [one.name for one in result.awards] == ["Zürich", "Moore Threads"]
    assert awards(result) == [15, 15]
    with pytest.raises(InputError, match="two claimants of this name"):
        hw.ration({"Zürich": 1, apart: 2}, 2)


def test_a_huge_table_with_an_unknown_name_answers_at_once() -> None:
    claims = {f"company {n}": n for n in range(10_000)}
    with pytest.raises(InputError, match="there is no claimant 'nobody'"):
        hw.ration(claims, 10**12, weights={"nobody": 1})
