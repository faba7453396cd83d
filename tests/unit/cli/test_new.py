from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import headworks as hw
from headworks.cli.app import app
from headworks.scenario.load import scenario_names


def new(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["new", *arguments])
    return result.exit_code, result.stderr


def with_all_changes(path: Path) -> str:
    """Return the text with its examples in force."""
    head, mark, block = path.read_text(encoding="utf-8").partition("# overrides:\n")
    assert mark
    return head + "overrides:\n" + "".join(line[2:] + "\n" for line in block.splitlines())


@pytest.mark.parametrize("base", scenario_names())
def test_a_new_scenario_is_valid_as_written_and_with_every_example(
    base: str, tmp_path: Path
) -> None:
    path = tmp_path / "My own.yaml"
    assert new(str(path), "--from", base)[0] == 0
    assert hw.validate(path) == []
    assert hw.load(path).scenario == "my-own"
    path.write_text(with_all_changes(path), encoding="utf-8")
    assert hw.validate(path) == []
    assert len(hw.load(path).overrides) - len(hw.load(base).overrides) in {3, 4, 5}


def test_it_tells_editors_where_the_schema_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    new(str(path), "--from", "one-gate")
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=headworks.schema.json"


def test_an_existing_file_is_left_alone_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("precious", encoding="utf-8")
    code, message = new(str(path), "--from", "one-gate")
    assert code == 2
    assert "the file exists already" in message
    assert path.read_text(encoding="utf-8") == "precious"
    assert new(str(path), "--from", "one-gate", "--force")[0] == 0
    assert hw.load(path).base == "one-gate"


def test_a_scenario_is_not_written_over_the_one_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    assert new(str(path), "--from", "one-gate")[0] == 0
    before = path.read_text(encoding="utf-8")
    code, message = new(str(path), "--from", str(path), "--force")
    assert code == 2
    assert "a scenario cannot change itself" in message
    assert path.read_text(encoding="utf-8") == before


def test_a_scenario_is_not_written_over_what_its_base_is_made_from(tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    new(str(first), "--from", "one-gate")
    new(str(second), "--from", str(first))
    before = first.read_text(encoding="utf-8")
    code, message = new(str(first), "--from", str(second), "--force")
    assert code == 2
    assert f"a scenario cannot change itself, and {second} is made from this file" in message
    assert first.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("hard", [False, True])
def test_a_link_to_the_base_is_the_base(hard: bool, tmp_path: Path) -> None:
    base, link = tmp_path / "base.yaml", tmp_path / "link.yaml"
    new(str(base), "--from", "one-gate")
    before = base.read_text(encoding="utf-8")
    if hard:
        link.hardlink_to(base)
    else:
        link.symlink_to(base)
    for file, other in ((link, base), (base, link)):
        code, message = new(str(file), "--from", str(other), "--force")
        assert code == 2
        assert "a scenario cannot change itself" in message
    assert base.read_text(encoding="utf-8") == before


def test_a_link_to_a_packaged_base_is_that_base(tmp_path: Path) -> None:
    (packaged,) = hw.load("one-gate").files
    link = tmp_path / "link.yaml"
    link.symlink_to(packaged)
    assert new(str(link), "--from", "one-gate", "--force")[0] == 2
    assert link.is_symlink()


@pytest.mark.parametrize(
    "stem", ["9", "true", "null", "2026-01-01", "1e3", "on", ".5", "~", "x:y", "#c", "a\nb", "a'b"]
)
def test_a_name_that_is_no_word_of_yaml_is_quoted(stem: str, tmp_path: Path) -> None:
    path, second = tmp_path / f"{stem}.yaml", tmp_path / "second.yaml"
    assert new(str(path), "--from", "one-gate")[0] == 0
    assert hw.validate(path) == []
    assert new(str(second), "--from", str(path))[0] == 0
    assert hw.validate(second) == []


def test_a_long_name_of_a_file_is_cut(tmp_path: Path) -> None:
    path = tmp_path / f"{'a' * 200}.yaml"
    assert new(str(path), "--from", "one-gate")[0] == 0
    assert hw.load(path).scenario == "a" * 80


def test_a_change_is_not_called_like_one_of_the_base(tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    for path, base in ((first, "one-gate"), (second, str(first))):
        new(str(path), "--from", base)
        path.write_text(with_all_changes(path), encoding="utf-8")
    assert hw.validate(second) == []
    assert {"twice-the-want", "twice-the-want-2"} <= hw.load(second).overrides.keys()


def test_a_base_is_found_from_a_linked_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("far/away").mkdir(parents=True)
    Path("studies").symlink_to("far/away")
    new("first.yaml", "--from", "one-gate")
    assert new("studies/second.yaml", "--from", "first.yaml")[0] == 0
    assert hw.validate("studies/second.yaml") == []


def test_the_command_to_check_it_can_be_pasted(tmp_path: Path) -> None:
    code, message = new(str(tmp_path / "my own.yaml"), "--from", "one-gate")
    assert code == 0
    assert message.endswith(f"headworks validate '{tmp_path / 'my own.yaml'}'\n")


def test_a_file_without_suffix_is_told_from_a_packaged_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, message = new("h200-2026", "--from", "one-gate")
    assert (code, message.split()[-1]) == (0, "./h200-2026")
    assert hw.load("./h200-2026").base == "one-gate"


def test_a_name_may_be_given(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    assert new(str(path), "--from", "one-gate", "--name", "late-start")[0] == 0
    assert hw.load(path).scenario == "late-start"
    code, message = new(str(path), "--from", "one-gate", "--name", "Late Start", "--force")
    assert code == 2
    assert "'Late Start' is no name" in message
    assert "'' is no name" in new(str(tmp_path / "x.yaml"), "--from", "one-gate", "--name", "")[1]


def test_a_base_that_is_a_file_is_named_relative_to_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("studies").mkdir()
    new("first.yaml", "--from", "one-gate")
    assert new("studies/second.yaml", "--from", "first.yaml")[0] == 0
    assert hw.load("studies/second.yaml").base == "../first.yaml"
    assert new("studies/third.yaml", "--from", str(tmp_path / "first.yaml"))[0] == 0
    assert hw.validate("studies/third.yaml") == []


def test_an_unknown_base_is_bad_input(tmp_path: Path) -> None:
    code, message = new(str(tmp_path / "mine.yaml"), "--from", "two-gates")
    assert code == 2
    assert "there is no scenario 'two-gates'" in message
