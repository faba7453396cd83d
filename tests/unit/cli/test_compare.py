"""`headworks compare`: what is printed, and the page that it writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from headworks.cli.app import app

if TYPE_CHECKING:
    from typer.testing import Result


def run(*arguments: str) -> Result:
    environment = {"COLUMNS": "100", "NO_COLOR": "1"}
    return CliRunner().invoke(app, ["compare", *arguments, "--paths", "5"], env=environment)


def test_the_report_is_the_other_scenarios_with_the_differences(tmp_path: Path) -> None:
    target = tmp_path / "closed.html"
    result = run("open-gates", "closed", "--report", str(target))
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == f"written: {target}"
    page = target.read_text(encoding="utf-8")
    assert "none of the 14,000 H200 SXM wanted work in China" in page
    assert "17,000 fewer chips are installed in closed than in open-gates" in page
    assert '<a href="#comparison">' in page
    assert "headworks compare open-gates closed --paths 5 --seed 1 --report report.html" in page
    assert list(tmp_path.iterdir()) == [target]


def test_the_report_knows_what_each_gate_held_back(tmp_path: Path) -> None:
    target = tmp_path / "closed.html"
    run("open-gates", "closed", "--report", str(target))
    assert "the gate that holds back most is customs" in target.read_text(encoding="utf-8")


def test_with_json_the_report_is_written_and_only_json_is_printed(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    result = run("one-gate", "--set", "gates.allocation.lead_time_days=28", "--report",
                 str(target), "--json")  # fmt: skip
    assert json.loads(result.stdout)["changes"]["other"] == {
        "gates.allocation.lead_time_days": "28"
    }
    assert target.stat().st_size > 100_000


def test_a_report_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    result = run("open-gates", "closed", "--report", str(tmp_path / "no" / "page.html"))
    assert result.exit_code == 2
    assert "cannot be written" in result.output


def test_faults_of_all_options_are_told_at_once(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "no" / "page.html")
    given = ["open-gates", "closed", "--paths", "0", "--at", "soon", "--report", nowhere]
    result = CliRunner().invoke(app, ["compare", *given])
    assert result.exit_code == 2
    assert result.stderr.endswith("3 faults\n")


def test_a_scenario_that_is_not_there_hides_no_other_fault() -> None:
    given = ["compare", "one-gate", "open-gat", "--set", "gates", "--paths", "0", "--at", "soon"]
    result = CliRunner().invoke(app, given, env={"COLUMNS": "100", "NO_COLOR": "1"})
    assert result.exit_code == 2
    for told in ("'open-gat'", "'gates' is not a setting", "paths", "'soon' is not a day"):
        assert told in result.stderr
    assert result.stderr.endswith("4 faults\n")


def test_a_day_beyond_the_other_horizon_is_told_beside_the_rest() -> None:
    given = ["one-gate", "--set", "periods=4", "--at", "2026-12-01", "--seed", "-1"]
    result = CliRunner().invoke(app, ["compare", *given], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert "2026-12-01 lies outside the horizon" in result.stderr
    assert result.stderr.endswith("2 faults\n")


def test_what_was_set_is_named_with_its_value() -> None:
    result = run("one-gate", "--set", "gates.allocation.lead_time_days=28")
    title = " ".join(result.output.split())
    assert title.startswith("one-gate with gates.allocation.lead_time_days=28, minus one-gate, by")


def test_scenarios_that_are_the_same_are_said_to_be() -> None:
    assert "one-gate and one-gate are the same on every path" in run("one-gate", "one-gate").output


@pytest.mark.parametrize("given", [["one-gate"], ["one-gate", "closed", "--at", "2031-01-01"]])
def test_what_cannot_be_compared_is_bad_input(given: list[str]) -> None:
    assert run(*given).exit_code == 2
