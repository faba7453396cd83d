"""`headworks forecast` on the terminal: names are text, whatever they hold."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import headworks as hw
from headworks.cli.app import app
from headworks.scenario.load import load

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result


def run(*arguments: str) -> Result:
    environment = {"COLUMNS": "100", "NO_COLOR": "1"}
    given = ["forecast", *arguments, "--paths", "5", "--no-binding"]
    return CliRunner().invoke(app, given, env=environment)


def test_brackets_in_names_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    target = tmp_path / "[red]page.html"
    name = "companies.large.name='[bold]A large one[/nothing]'"
    result = run("open-gates", "--set", name, "--report", str(target))
    assert result.exit_code == 0
    assert " [bold]A large one[/nothing] " in result.output
    assert result.output.replace("\n", "").endswith(f"written: {target}")
    assert target.is_file()


def test_nothing_is_written_over_what_a_scenario_is_made_from(tmp_path: Path) -> None:
    base, mine = tmp_path / "base.yaml", tmp_path / "mine.yaml"
    CliRunner().invoke(app, ["new", str(base), "--from", "one-gate"])
    CliRunner().invoke(app, ["new", str(mine), "--from", str(base)])
    before = base.read_text(encoding="utf-8")
    result = run(str(mine), "--report", str(base))
    assert result.exit_code == 2
    assert "is read, or written by another option" in result.stderr
    assert base.read_text(encoding="utf-8") == before


def test_faults_of_all_options_are_told_at_once(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "no" / "page.html")
    options = ["--seed", "-1", "--at", "1999-01-01", "--executor", "cloud", "--report", nowhere]
    given = ["forecast", "one-gate", "--paths", "0", *options]
    result = CliRunner().invoke(app, given, env={"COLUMNS": "100", "NO_COLOR": "1"})
    assert result.exit_code == 2
    for told in ("paths", "seed", "at", "'cloud'", "--report"):
        assert told in result.stderr
    assert result.stderr.endswith("5 faults\n")


def test_a_setting_that_cannot_be_read_hides_no_other_fault() -> None:
    given = ["forecast", "one-gate", "--set", "gates.x=1", "--set", "gates", "--paths", "0"]
    result = CliRunner().invoke(app, given, env={"COLUMNS": "100", "NO_COLOR": "1"})
    assert result.exit_code == 2
    for told in ("'gates' is not a setting", "paths"):
        assert told in result.stderr
    alone = CliRunner().invoke(app, ["forecast", "one-gate", "--set", "gates.x=1", "--paths", "0"])
    assert alone.stderr.endswith("2 faults\n")


def test_a_setting_that_cannot_be_read_hides_no_fault_of_a_file(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    (whole,) = load("open-gates").files
    text = whole.read_text(encoding="utf-8")
    mine.write_text(text.replace("as_of: 2026-01-05", "as_of: 2026-13-05"), encoding="utf-8")
    given = [str(mine), "--set", "gates.customs", "--report", str(mine)]
    result = CliRunner().invoke(app, ["forecast", *given], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    for told in ("is not a setting", "as_of", "is read, or written by another option"):
        assert told in result.stderr
    assert mine.read_text(encoding="utf-8").startswith(text[:20])


@pytest.mark.parametrize("called", ["{}", "sqlite:///{}", "sqlite:///{}?timeout=5"])
def test_a_report_never_takes_the_place_of_the_ledger_it_begins_with(
    tmp_path: Path, called: str
) -> None:
    place = tmp_path / "ledger.db"
    hw.Ledger.create(place, administrator="root").close()
    before = place.read_bytes()
    ledger = called.format(place)
    given = ["open-gates", "--paths", "2", "--from-ledger", ledger, "--report", str(place)]
    result = CliRunner().invoke(app, ["forecast", *given], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert "is read, or written by another option" in result.stderr
    assert place.read_bytes() == before


@pytest.mark.parametrize("option", ["--set", "--from-ledger", "--report", "--samples"])
def test_a_name_longer_than_any_file_s_is_told(option: str) -> None:
    name = "x" * 300
    for given in ([name], [f"{name}.yaml"], ["one-gate", option, name]):
        result = CliRunner().invoke(app, ["forecast", *given, "--paths", "2"])
        assert result.exit_code == 2
        assert result.stderr


def test_a_ledger_that_is_not_there_is_told_beside_the_rest(tmp_path: Path) -> None:
    given = ["open-gates", "--paths", "0", "--from-ledger", str(tmp_path / "none.db")]
    result = CliRunner().invoke(app, ["forecast", *given], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert "there is no ledger here" in result.stderr
    assert result.stderr.endswith("2 faults\n")


def test_a_scenario_may_come_from_a_pipe() -> None:
    (path,) = load("one-gate").files
    command = [sys.executable, "-m", "headworks", "forecast", "/dev/stdin", "--paths", "2"]
    given = path.read_bytes()
    result = subprocess.run(command, input=given, check=False, capture_output=True)
    assert (result.returncode, result.stderr) == (0, b"")


def test_one_path_is_called_one() -> None:
    output = CliRunner().invoke(app, ["forecast", "one-gate", "--paths", "1"]).output
    assert output.endswith("as known on 2026-01-05; 1 path, seed 1\n")


def test_gates_open_less_than_stated_are_told_in_a_sentence() -> None:
    given = ["forecast", "h200-2026", "--paths", "500", "--no-binding"]
    output = CliRunner().invoke(app, given, env={"COLUMNS": "100"}).output
    assert "Share of time open on these paths: customs 7" in output
