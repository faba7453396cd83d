"""`headworks explain` on the terminal: gate by gate, indented, and nothing that says nothing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from headworks.cli.app import app

if TYPE_CHECKING:
    from typer.testing import Result


def run(*arguments: str) -> Result:
    environment = {"COLUMNS": "100", "NO_COLOR": "1"}
    return CliRunner().invoke(app, ["explain", *arguments], env=environment)


def test_it_tells_a_line_gate_by_gate() -> None:
    lines = run("one-gate", "--company", "buyer", "--paths", "2").output.splitlines()
    assert lines[0].startswith(
        "buyer in one-gate: on path 0 of seed 1 it has 6,000 chips installed"
    )
    assert lines[3] == "buyer:h200-sxm:mainland"
    gates = [line for line in lines if re.match(r" {2}\w", line)]
    assert [line.split()[0].rstrip(":") for line in gates] == [
        "orders", "allocation", "installation"
    ]  # fmt: skip
    assert "    by the end 3,800 still waiting, 200 on their way from here" in lines


def test_every_line_keeps_its_indent_and_ends_without_spaces() -> None:
    lines = run("open-gates", "--company", "large", "--paths", "2").output.splitlines()
    assert all(len(line) <= 100 for line in lines)
    assert not [line for line in lines if line != line.rstrip()]
    assert not [line for line in lines[3:] if line and not re.match(r"( {2}){1,4}\S|large:", line)]


def test_gates_that_nothing_comes_to_share_one_line() -> None:
    output = run("closed", "--company", "large", "--chip", "H200", "--paths", "2").output
    assert output.count("nothing comes to installation") == 2
    assert "installation (" not in output


@pytest.mark.parametrize("scenario", ["open-gates", "closed", "h200-2026", "h20-2025"])
def test_no_line_says_nothing(scenario: str) -> None:
    company = "alibaba" if scenario.startswith("h2") else "large"
    output = run(scenario, "--company", company, "--paths", "20").output
    assert not re.findall(
        r"^.*(?:week of [\d-]+: 0\b|shared with 0 |\b0 lapse| of 0\b).*$", output, re.MULTILINE
    )
    assert not re.findall(r"\b(?:nan|inf|None|-0)\b", output)


def test_brackets_in_a_title_are_text() -> None:
    title = "gates.allocation.title=[bold]made[/bold]"
    output = run("one-gate", "--company", "buyer", "--paths", "2", "--set", title)
    assert output.exit_code == 2  # a list in YAML; quoted it is a title
    quoted = "gates.allocation.title='[bold]made[/bold]'"
    output = run("one-gate", "--company", "buyer", "--paths", "2", "--set", quoted)
    assert "allocation ([bold]made[/bold]): " in output.output


def test_json_holds_the_same_path() -> None:
    found = json.loads(run("one-gate", "--company", "buyer", "--paths", "2", "--json").output)
    assert (found["path"], found["installed"], found["chip"]) == (0, 6000.0, "all")
    assert [row["gate"] for row in found["passages"]] == ["orders", "allocation", "installation"]


def test_one_path_has_no_median() -> None:
    headline = " ".join(run("one-gate", "--company", "buyer", "--paths", "1").output.split())
    assert "installed by 2027-01-03 (the only path that was run). Units count" in headline


def test_an_unknown_company_is_bad_input() -> None:
    result = run("one-gate", "--company", "byer")
    assert result.exit_code == 2
    assert "buyer" in result.output
