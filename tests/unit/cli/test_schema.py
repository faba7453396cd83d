"""The JSON Schema agrees with the reader on what a scenario file is."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from typer.testing import CliRunner

from headworks.cli.app import app
from headworks.scenario.catalogue import data_folder
from headworks.scenario.schema import json_schema
from headworks.scenario.yaml_file import read_yaml

SCENARIOS = sorted((data_folder() / "scenarios").glob("*.yaml"))
BROKEN = Path(__file__).parents[2] / "data" / "broken_scenarios"
SCHEMA = json_schema()
CHECK = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def as_an_editor_sees_it(value: Any) -> Any:  # noqa: ANN401 - any YAML value
    """Return a tree with days as text, which is how YAML servers read them."""
    if isinstance(value, dict):
        return {str(key): as_an_editor_sees_it(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_an_editor_sees_it(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def accepts(path: Path) -> bool:
    return bool(CHECK.is_valid(as_an_editor_sees_it(read_yaml(path).tree)))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_packaged_scenarios_are_accepted(path: Path) -> None:
    tree = as_an_editor_sees_it(read_yaml(path).tree)
    assert [error.message for error in CHECK.iter_errors(tree)] == []


@pytest.mark.parametrize(
    "name",
    [
        "unknown-key", "unknown-part-of-gate", "missing-key", "unknown-shape", "number-as-text",
        "unknown-supply", "opening-misspelt", "opening-incomplete", "dotted-id",
        "gates-beside-base", "overrides-without-base", "override-without-reason", "list-at-top",
    ],
)  # fmt: skip
def test_faults_of_form_are_refused(name: str) -> None:
    assert not accepts(BROKEN / f"{name}.yaml")


def test_it_is_a_schema_of_the_draft_it_names_and_has_no_id() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "$id" not in SCHEMA


def test_every_field_is_described() -> None:
    bare = [
        f"{name}.{field}"
        for name, record in SCHEMA["$defs"].items()
        for field, schema in record["properties"].items()
        if not schema.get("description")
    ]
    assert bare == []


def test_the_verb_writes_it_to_a_file_or_to_standard_output(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    assert CliRunner().invoke(app, ["schema", "--output", str(path)]).exit_code == 0
    assert json.loads(path.read_text(encoding="utf-8")) == SCHEMA
    assert json.loads(CliRunner().invoke(app, ["schema"]).stdout) == SCHEMA


def test_a_path_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["schema", "--output", str(tmp_path / "no" / "x.json")])
    assert result.exit_code == 2
    assert "the file cannot be written: no such file or directory" in result.stderr


LIMITED = """
import resource, sys
from headworks.cli.app import main
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
sys.argv = ["headworks", "schema", "--output", sys.argv[1]]
main()
"""


def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "headworks.schema.json"
    target.write_text("what stood there before")
    command = [sys.executable, "-c", LIMITED, str(target)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 2, result.stderr
    assert target.read_text() == "what stood there before"
