"""What the command line does with bad input, an interrupt and a reader that has gone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from headworks.cli import app as app_module
from headworks.cli.messages import faults_text
from headworks.errors import Fault, NotInForce

BROKEN = Path(__file__).parents[2] / "data" / "broken_scenarios"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "headworks", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def with_verb(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Make `broken` a verb that raises `error`."""

    def command() -> None:
        raise error

    monkeypatch.setitem(sys.modules, "broken_verb", SimpleNamespace(command=command))
    monkeypatch.setitem(app_module.COMMANDS, "broken", ("broken_verb", "Break."))


def test_bad_input_lists_all_faults_and_exits_with_2() -> None:
    result = run("validate", str(BROKEN / "five-faults.yaml"))
    assert result.returncode == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n    ") >= 5
    assert result.stderr.endswith("5 faults\n")


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("clasify", "there is no verb 'clasify'; did you mean classify?"),
        (
            "draw",
            "there are classify, compare, explain, forecast, new, ration, schema and validate",
        ),
    ],
)
def test_an_unknown_verb_is_met_with_those_there_are(verb: str, words: str) -> None:
    result = CliRunner().invoke(app_module.app, [verb, "H200"])
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_file_without_end_is_refused() -> None:
    result = run("validate", "/dev/zero")
    assert result.returncode == 2
    assert "more than the 2,000,000 bytes that are read" in result.stderr


@pytest.mark.parametrize("kind", ["missing", "folder", "name", "huge", "empty"])
def test_what_is_no_scenario_exits_with_2(kind: str, tmp_path: Path) -> None:
    (tmp_path / "huge.yaml").write_bytes(b"[" * 10_000_000)
    (tmp_path / "empty.yaml").touch()
    given = {"folder": str(tmp_path), "name": "one-gat"}.get(kind, str(tmp_path / f"{kind}.yaml"))
    result = run("validate", given)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert result.stderr


def test_with_json_errors_still_go_to_stderr() -> None:
    result = run("validate", str(BROKEN / "five-faults.yaml"), "--json")
    assert result.returncode == 2
    faults = json.loads(result.stdout)["faults"]
    assert len(faults) == 5
    assert set(faults[0]) == {"file", "line", "key", "message", "remedy"}
    assert "5 faults" in result.stderr


def test_an_error_without_a_file_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with_verb(monkeypatch, NotInForce("a rule has no value on that day"))
    result = CliRunner().invoke(app_module.app, ["broken"])
    assert result.exit_code == 2
    assert result.stderr == "error: a rule has no value on that day\n"


def test_an_interrupt_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    with_verb(monkeypatch, KeyboardInterrupt())
    result = CliRunner().invoke(app_module.app, ["broken"])
    assert result.exit_code == 130


def test_a_defect_is_not_dressed_up_as_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    with_verb(monkeypatch, ZeroDivisionError())
    result = CliRunner().invoke(app_module.app, ["broken"])
    assert isinstance(result.exception, ZeroDivisionError)


def test_a_reader_that_has_gone_ends_the_run_without_a_word() -> None:
    command = f"{sys.executable} -m headworks schema | head -c 10"
    result = subprocess.run(command, shell=True, check=False, capture_output=True, text=True)  # noqa: S602 - it needs a pipe
    assert result.stderr == ""
    assert result.stdout == '{\n  "$schem'[:10]


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
