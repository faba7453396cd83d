"""The tables of `headworks ration --inflate`."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from rich.console import Console

from headworks.cli.inflate import Inflated, inflated, inflation_json
from headworks.cli.inflation_tables import number, show_inflation
from headworks.errors import InputError
from headworks.rationing.intake.claimant import by_column, claimants

PEOPLE = claimants(by_column({"a": 60, "b": 60}, {}))


@cache
def plain() -> Inflated:
    return inflated(PEOPLE, Fraction(100), "chips", expected_pool="80..100")


def printed() -> str:
    console = Console(width=100, highlight=False)
    with console.capture() as text:
        show_inflation(plain(), console)
    return text.get()


def test_the_tables_say_what_each_rule_invites_and_what_claims_say() -> None:
    text = printed()
    assert "100 chips for needs of 120 (claims stand for needs that are not given)" in text
    rows = {line.split()[0]: line for line in reversed(text.splitlines()) if line.split()}
    assert rows["constrained_equal_awards"].split()[1:] == [
        "never",
        "0",
        "10",
        "never",
        "1.00",
        "truth",
    ]
    assert "a × 1.5" in rows["proportional"]
    assert "runaway" in rows["proportional"]
    assert "concede_and_divide" in rows
    assert "is left out: it needs the scores of everybody" in text
    assert "orders of 120 speak of needs of 80 to 100 in all." in text
    assert "Assumed: each expected a pool of 80 to 100" in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_a_bar_is_as_long_as_orders_are_large_against_needs() -> None:
    lines = printed().splitlines()
    start = next(n for n, line in enumerate(lines) if "orders ÷ needs by cap" in line)
    bars = [line.count("█") for line in lines[start + 1 : start + 6]]
    assert bars == [3, 4, 6, 15, 30]


def test_needs_deposit_and_cap_come_from_the_options_or_the_table() -> None:
    given = inflated(PEOPLE, Fraction(100), needs=["30", "40"], deposit="5%", request_cap="2x")
    assert given.implied is None
    assert given.inflation.need_total == 70
    assert given.inflation.terms.cap_of_need == 2
    columns: dict[str, Any] = {"need": [50, None], "stock": [10, 0], "undelivered": [5, None]}
    some = inflated(claimants(by_column([60, 60], columns)), Fraction(70), request_cap="70")
    assert [one.request for one in some.inflation.people] == [35, 60]
    assert some.inflation.terms.request_cap == 70
    assert some.implied is not None
    assert [one.order for one in some.implied.needs] == [60, 60]


def test_the_json_holds_all_that_is_shown() -> None:
    data = inflation_json(plain())
    assert json.loads(json.dumps(data)) == data
    assert data["unit"] == "chips"
    assert data["implied_needs"]["upper"] == "100"
    assert {"rules", "deposits", "caps", "left_out"} <= set(data["inflation"])


def test_all_faults_of_the_options_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        inflated(
            PEOPLE, Fraction(100), rule="propotional", needs=["1"], deposit="-1",
            expected_pool="9..1",
        )  # fmt: skip
    text = str(caught.value)
    for piece in ("-1 is negative", "1 given for 2", "ends below"):
        assert piece in text


@pytest.mark.parametrize(
    ("value", "text"),
    [("5", "5"), ("100/3", "33.33"), ("1234567", "1,234,567"), ("10000/3", "3,333")],
)
def test_numbers_are_short(value: str, text: str) -> None:
    assert number(Fraction(value)) == text
