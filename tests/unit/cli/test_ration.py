"""`headworks ration` at the terminal: awards, comparison, record, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from headworks.cli.app import app


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["ration", *arguments])
    assert result.exit_code == code, result.output
    return result.output


def as_json(*arguments: str) -> Any:  # noqa: ANN401 - what was printed
    return json.loads(run(*arguments, "--json"))


def test_the_answer_as_json_is_exact() -> None:
    found = as_json("--pool", "200", "--claims", "100,200,300", "--rule", "talmud")
    assert found["awards"] == ["50", "75", "75"]
    assert (found["coefficient"], found["lambda"]) == ("1/3", "75")
    assert found["record"]["inputs"]["parameters"] == {"rule": "talmud"}


def test_a_record_is_written_and_verified(tmp_path: Path) -> None:
    file = str(tmp_path / "record.json")
    run("--pool", "100", "--claims", "a=90,b=90", "--rule", "cea", "--record", file)
    assert run("--verify", file).startswith("yes: ")
    text = Path(file).read_text()
    Path(file).write_text(text.replace('"award": "50"', '"award": "51"', 1))
    assert "awards.a.award: the record says '51'" in run("--verify", file, code=1)


def test_all_rules_stand_side_by_side() -> None:
    shown = run("--pool", "200", "--claims", "100,200,300", "--compare")
    assert "constrained_equal_losses" in shown
    assert "no advantageous splitting" in shown
    assert "proportional awards breaks here:" in shown
    assert "fixed priority needs an order" in shown
    rows = {
        row["rule"]: row
        for row in as_json("--pool", "200", "--claims", "100,200,300", "--compare")["rules"]
    }
    assert rows["talmud"]["awards"] == ["50", "75", "75"]
    assert rows["talmud"]["gini"] == pytest.approx(1 / 12)
    assert rows["talmud"]["properties"]["composition_up"]["kept"] is False


def test_incentives_are_shown() -> None:
    shown = run("--pool", "100", "--claims", "a=120,b=60", "--needs", "a=60,b=60", "--inflate")
    assert "What each rule invites" in shown


def test_names_are_shown_as_they_are() -> None:
    shown = run("--pool", "10", "--claims", "[b]x[/b]=5,[/b]=9", "--compare")
    assert "[b]x[/b]" in shown
    assert "[/b]" in run("--pool", "10", "--claims", "[b]x[/b]=5,[/b]=9")


def test_the_headline_says_in_full_only_where_it_is() -> None:
    assert "all claims in full" in run("--pool", "1000", "--claims", "200,50")
    assert "all claims in full" not in run("--pool", "1000", "--claims", "200,50", "--cap", "100")


def test_huge_numbers_are_shown() -> None:
    shown = run("--pool", "1e300", "--claims", "1e300,1e300", "--rule", "cea")
    assert "by constrained equal awards" in shown


BAD = [
    (("--claims", "1,2"), "there is no pool to share"),
    (("--pool", "1"), "there are no claims"),
    (("--pool", "1", "--claims", "a=4,a=10"), "'a' stands twice"),
    (("--pool", "1", "--claims", "=4,b=10"), "names nobody"),
    (("--pool", "1", "--claims", "4,b=10"), "some have a name"),
    (("--pool", "1", "--claims", "1,2", "--needs", "1,2"), "only with --inflate"),
    (("--pool", "1", "--claims", "1,2", "--inflate", "--compare"), "two answers"),
    (("--pool", "1", "--claims", "1,2", "--reserve", "kept"), "is no reserve"),
    (("--pool", "1", "--claims", "1,2", "--rule", "talmut"), "did you mean talmud"),
    (("--pool", "1", "--claims", "1,2", "--whole", "hamiltom"), "did you mean largest_remainder"),
    (("--verify", "nowhere.json"), "cannot be read"),
    (("nowhere.csv", "--pool", "1"), "cannot be read"),
]


@pytest.mark.parametrize(("arguments", "said"), BAD, ids=lambda value: str(value)[-40:])
def test_what_cannot_be_done_is_told(arguments: tuple[str, ...], said: str) -> None:
    assert said in run(*arguments, code=2)


def test_a_record_does_not_take_the_place_of_the_claims(tmp_path: Path) -> None:
    table = tmp_path / "claims.csv"
    table.write_text("name,claim\na,5\n")
    shown = run(str(table), "--pool", "1", "--record", str(table), code=2)
    assert "is read, or written by another option" in shown
    assert table.read_text() == "name,claim\na,5\n"
