"""`headworks auction` at the terminal: awards and payments, the record, and what it refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from headworks.cli.app import app

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["auction", *arguments])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def bids(tmp_path: Path) -> str:
    table = tmp_path / "bids.csv"
    table.write_text("bidder,price,quantity\na,31000,300\nb,28000,400\na,25000,300\nc,25000,500\n")
    return str(table)


def test_awards_and_payments_are_shown(bids: str) -> None:
    shown = run(bids, "--units", "1000")
    assert "1,000 of 1,000 units sold to 3 of 3 bidders for 25,000,000." in shown
    assert "margin: bids of 25000 (a, c) are met by 37.5000%" in shown
    assert "clearing price: 25000" in shown


def test_the_answer_as_json_is_exact(bids: str) -> None:
    def answer(*more: str) -> dict[str, Any]:
        return dict(json.loads(run(bids, "--units", "1000", *more, "--json")))

    assert answer()["awards"] == ["825/2", "400", "375/2"]
    paid = answer("--format", "pay_as_bid", "--whole", "lrm", "--priority", "c=1,a=2,b=3")
    assert paid["awards"] == ["412", "400", "188"]
    assert paid["payments"] == [str(300 * 31000 + 112 * 25000), "11200000", str(188 * 25000)]
    assert answer("--reserve-price", "26000")["left"] == "300"


def test_a_record_is_written_and_verified_by_either_verb(bids: str, tmp_path: Path) -> None:
    file = tmp_path / "sale.json"
    shown = run(bids, "--units", "1000", "--format", "vickrey", "--record", str(file))
    assert f"written: {file}" in shown
    assert run("--verify", str(file)).startswith("yes: ")
    either = CliRunner().invoke(app, ["ration", "--verify", str(file)])
    assert either.output.startswith("yes: ")
    file.write_text(file.read_text().replace('"award": "400"', '"award": "401"', 1))
    assert "awards.b.award: the record says '401'" in run("--verify", str(file), code=1)
    told = json.loads(run("--verify", str(file), "--json", code=1))
    assert told["verified"] is False


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "there are no bids"),
        (("BIDS",), "there is nothing to sell"),
        (("BIDS", "--units", "-1"), "the supply is negative"),
        (("BIDS", "--units", "5", "--format", "vickery"), "did you mean vickrey"),
        (("BIDS", "--units", "5", "--priority", "1,b=2"), "some have a name"),
        (("BIDS", "--units", "5", "--record", "BIDS"), "is read, or written by another option"),
        (("BIDS", "--verify", "x.json"), "FILE\n  it says nothing with --verify"),
        (("nowhere.csv", "--units", "5"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_told(bids: str, arguments: tuple[str, ...], said: str) -> None:
    assert said in run(*(bids if one == "BIDS" else one for one in arguments), code=2)
