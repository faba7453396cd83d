"""What the command line does with bad input, an interrupt and a reader that has gone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from headworks.cli import app as app_module
from headworks.cli.messages import faults_text
from headworks.errors import Fault, NotInForce, there_are
from tests.tiers import slow

BROKEN = Path(__file__).parents[2] / "data" / "broken_scenarios"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app_module.app, arguments)


def with_verb(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Make `broken` a verb that raises `error`."""

    def command() -> None:
        raise error

    monkeypatch.setitem(sys.modules, "broken_verb", SimpleNamespace(command=command))
    monkeypatch.setitem(app_module.COMMANDS, "broken", ("broken_verb", "Break."))


def test_bad_input_lists_all_faults_and_exits_with_2() -> None:
    command = [sys.executable, "-m", "headworks", "validate", str(BROKEN / "five-faults.yaml")]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n    ") >= 5
    assert result.stderr.endswith("5 faults\n")


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("clasify", "there is no verb 'clasify'; did you mean classify?"),
        ("draw", there_are(sorted(app_module.COMMANDS))),
    ],
)
def test_an_unknown_verb_is_met_with_those_there_are(verb: str, words: str) -> None:
    result = CliRunner().invoke(app_module.app, [verb, "H200"])
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_file_without_end_is_refused() -> None:
    result = run("validate", "/dev/zero")
    assert result.exit_code == 2
    assert "more than the 2,000,000 bytes that are read" in result.stderr


@pytest.mark.parametrize("kind", ["missing", "folder", "name", "huge", "empty"])
def test_what_is_no_scenario_exits_with_2(kind: str, tmp_path: Path) -> None:
    (tmp_path / "huge.yaml").write_bytes(b"[" * 10_000_000)
    (tmp_path / "empty.yaml").touch()
    given = {"folder": str(tmp_path), "name": "one-gat"}.get(kind, str(tmp_path / f"{kind}.yaml"))
    result = run("validate", given)
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert result.stderr


def test_with_json_errors_still_go_to_stderr() -> None:
    result = run("validate", str(BROKEN / "five-faults.yaml"), "--json")
    assert result.exit_code == 2
    faults = json.loads(result.stdout)["faults"]
    assert len(faults) == 5
    assert set(faults[0]) == {"file", "line", "key", "message", "remedy"}
    assert "5 faults" in result.stderr


def test_an_error_without_a_file_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with_verb(monkeypatch, NotInForce("a rule has no value on that day"))
    result = CliRunner().invoke(app_module.app, ["broken"])
    assert result.exit_code == 2
    assert result.stderr == "error: a rule has no value on that day\n"


@pytest.mark.parametrize(
    "error",
    [KeyboardInterrupt(), ValueError('Error building "model" validator:\n  KeyboardInterrupt: ')],
)
def test_an_interrupt_exits_with_130(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second is how Pydantic tells of one that it met while it built its records."""
    with_verb(monkeypatch, error)
    result = CliRunner().invoke(app_module.app, ["broken"])
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")


def test_too_little_memory_ends_in_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    with_verb(monkeypatch, MemoryError())
    result = CliRunner().invoke(app_module.app, ["broken"])
    assert result.exit_code == 1
    assert result.stderr == "error: there is not enough memory; ask for fewer paths or dates\n"


def test_a_defect_is_not_dressed_up_as_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    with_verb(monkeypatch, ZeroDivisionError())
    result = CliRunner().invoke(app_module.app, ["broken"])
    assert isinstance(result.exception, ZeroDivisionError)


PRINTS = {
    "--help": [],
    "--version": [],
    "classify": ["--list"],
    "compare": ["open-gates", "closed", "--paths", "2"],
    "explain": ["one-gate", "--company", "buyer", "--paths", "2"],
    "forecast": ["one-gate", "--paths", "2", "--no-binding"],
    "new": ["--help"],
    "ration": ["--help"],
    "schema": [],
    "validate": ["one-gate", "--json"],
}


NOW = ["--help", "forecast"]
"""Of these the fast tier makes sure; a process for each verb takes its time."""
LATER = [verb for verb in [*app_module.COMMANDS, "--version"] if verb not in NOW]


@pytest.mark.parametrize("verb", [*NOW, *map(slow, LATER)])
def test_a_reader_that_has_gone_ends_the_run_without_a_word(verb: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "headworks", verb, *PRINTS.get(verb, ["--help"])]
    result = subprocess.run(command, check=False, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert (result.returncode, result.stderr) == (141, "")


def test_faults_that_nobody_reads_end_the_run_likewise() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "headworks", "validate", "missing.yaml"]
    result = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=writer, text=True)
    os.close(writer)
    assert (result.returncode, result.stdout) == (141, "")


@pytest.mark.parametrize("closed", ["<&- >&- 2>&-", slow("<&-"), slow(">&-"), slow("2>&-")])
def test_streams_that_are_closed_do_no_harm(closed: str) -> None:
    command = f"{sys.executable} -m headworks classify --list {closed}"
    result = subprocess.run(command, shell=True, check=False, capture_output=True, text=True)  # noqa: S602 - only a shell closes streams
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("encoding", "given", "shown"),
    [
        ("cp1252", ["schema"], "1 ? prepay"),
        ("ascii", ["classify", "h200", "--on", "2026-01-20"], "per mm?"),
    ],
)
def test_signs_that_an_encoding_does_not_have_are_replaced(
    encoding: str, given: list[str], shown: str
) -> None:
    command = [sys.executable, "-m", "headworks", *given]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    result = subprocess.run(command, check=False, capture_output=True, env=environment)
    assert (result.returncode, result.stderr) == (0, b"")
    assert shown in result.stdout.decode(encoding)


def test_faults_are_grouped_by_file() -> None:
    faults = [
        Fault("a.yaml", 1, "x.y", "is odd", "mend it"),
        Fault("a.yaml", 0, "", "is empty"),
        Fault("b.yaml", 7, "z", "is late", "hurry"),
    ]
    assert faults_text(faults) == (
        "a.yaml\n  line 1  x.y\n    is odd\n    → mend it\n  is empty\n"
        "b.yaml\n  line 7  z\n    is late\n    → hurry\n3 faults"
    )
    assert faults_text([]) == "error: the input cannot be used"
