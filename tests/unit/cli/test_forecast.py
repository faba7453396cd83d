"""`headworks forecast` on the terminal: names are text, whatever they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from headworks.cli.app import app

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
