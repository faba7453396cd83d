"""Every verb of the command line: it explains itself by example, and loads only when called."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from headworks.cli.app import COMMANDS, app, load_command

HEAVY = {"jinja2", "joblib", "numpy", "pandas", "pyarrow", "pydantic", "rich", "scipy", "xarray"}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "headworks", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("verb", COMMANDS)
def test_a_verb_explains_itself_by_example(verb: str) -> None:
    result = CliRunner().invoke(app, [verb, "--help"])
    assert result.exit_code == 0
    assert re.search(rf"^ +headworks {verb} ", result.output, re.MULTILINE)
    assert "--help" in result.output


@pytest.mark.parametrize("verb", COMMANDS)
def test_the_line_of_a_verb_is_a_sentence_of_one_line(verb: str) -> None:
    line = COMMANDS[verb][1]
    assert line.endswith(".")
    assert len(line) < 70
    command = load_command(verb)
    assert command.params or command.list_commands(None)


def test_the_overview_names_every_verb() -> None:
    text = run("--help").stdout
    assert all(verb in text and line in text for verb, (_, line) in COMMANDS.items())


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_the_overview_loads_no_verb_and_nothing_heavy(option: str) -> None:
    code = (
        "import sys\nfrom headworks.cli.app import main\n"
        f"sys.argv = ['headworks', '{option}']\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        "print(*sys.modules)"
    )
    command = [sys.executable, "-c", code]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    loaded = set(output.splitlines()[-1].split())
    assert not loaded & HEAVY
    assert not loaded & {module for module, _ in COMMANDS.values()}


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert run("--version").stdout == f"headworks {version('headworks')}\n"


def test_an_unknown_verb_is_bad_input() -> None:
    result = run("forecats")
    assert result.returncode == 2
    assert "forecats" in result.stderr
    assert "Traceback" not in result.stderr
