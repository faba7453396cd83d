from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from headworks.errors import ScenarioError
from headworks.scenario.yaml_file import BYTES_MAX, SPECIAL, Place, parse_yaml, read_yaml


def messages(text: str) -> list[str]:
    """Return what is said about a text, whether it could be read or not."""
    try:
        return [fault.message for fault in parse_yaml(text, "file.yaml").faults]
    except ScenarioError as error:
        return [fault.message for fault in error.faults]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("1_000", 1000),
        ("0777", 777),
        ("1e6", 1e6),
        ("-.5", -0.5),
        ("+3", 3),
        ("true", True),
        ("on", "on"),
        ("no", "no"),
        ("True", "True"),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        ("nulls", "nulls"),
        ("", None),
        ("2026-01-31", dt.date(2026, 1, 31)),
        ("'2026-01-31'", "2026-01-31"),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("1:30", "1:30"),
        ("-", [None]),
        ("[a, 1]", ["a", 1]),
        ("2026-Q1", "2026-Q1"),
        ("<<", "<<"),
    ],
)
def test_scalars_are_read_as_people_mean_them(text: str, value: object) -> None:
    document = parse_yaml(text, "file.yaml")
    assert document.tree == value
    assert type(document.tree) is type(value)
    assert not document.faults


def test_nothing_and_days_begin_as_the_reader_takes_them_to() -> None:
    """YAML's own table says by what a word that is more than a word can begin."""
    begins = {
        first
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        for tag, _ in resolvers
        if tag.endswith(("null", "timestamp")) and first
    }
    assert begins == set(SPECIAL)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3", "duplicate key a: first on line 1, again on 3"),
        ("a: .nan", ".nan is not a finite number"),
        ("a: -.inf", "-.inf is not a finite number"),
        ("a: 1e400", "1e400 is not a finite number"),
        ("a: " + "9" * 400, "9" * 20 + " is not a finite number"),
        ("a: " + "9" * 5000, "9" * 20 + " is not a finite number"),
        ("a: 2026-02-30", "2026-02-30 is not a day"),
        ("a: 2026-01-01 10:00:00", "2026-01-01 10:00:00 is not a day"),
        ("a: &x 1\nb: *x", "anchors and aliases are not read"),
        ("a: !!python/object:os.system x", "values tagged !!python/object:os.system"),
        ("? [a]\n: 1", "a key must be a word, a number or a date"),
        ("a: 1\n---\nb: 2", "a second document begins here, after a line with ---"),
        ("a: [1", "not YAML"),
        ("a:\tb: c", "not YAML"),
        ("\ud800", "not YAML"),
        ("\x00", "not YAML"),
        ("[" * 100_000, "nested more than 40 levels deep"),
        ("{a: " * 100_000, "nested more than 40 levels deep"),
        ("? " * 100_000, "nested more than 40 levels deep"),
        ("- " * 100_000, "nested more than 40 levels deep"),
    ],
)
def test_what_is_not_plain_is_a_fault(text: str, message: str) -> None:
    assert any(message in said for said in messages(text))


def test_a_duplicate_key_leaves_the_first_value_with_its_place() -> None:
    document = parse_yaml("a: {b: 1}\na: {b: 2, c: 3}\n", "file.yaml")
    assert document.tree == {"a": {"b": 1}}
    assert document.place(("a", "b")) == Place("file.yaml", 1)
    assert ("a", "c") not in document.places


def test_an_alias_bomb_is_refused_unexploded() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert "anchors and aliases are not read" in messages("\n".join(lines))


def test_faults_without_number_are_cut_off() -> None:
    said = messages("\n".join(f"a{n}: *b" for n in range(10_000)))
    assert len(said) == 101
    assert said[-1] == "100 faults, and the rest of the file was not read"


def test_every_key_has_a_line_and_a_key_that_is_not_there_that_of_the_nearest_above() -> None:
    document = parse_yaml("a:\n  b:\n    - 1\n    - {c: 2}\n", "file.yaml")
    lines = {path: place.line for path, place in document.places.items()}
    assert lines == {
        (): 1, ("a",): 1, ("a", "b"): 2, ("a", "b", 0): 3, ("a", "b", 1): 4, ("a", "b", 1, "c"): 4,
    }  # fmt: skip
    assert document.place(("a", "b", 7, "d")).line == 2
    assert str(document.fault(("a", "x"), "is odd", "mend it")) == (
        "file.yaml:1: a.x: is odd\n    → mend it"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00 nonsense", "not UTF-8 text (byte 0)"),
        (b"x" * (BYTES_MAX + 1), "the file has more than the 2,000,000 bytes that are read"),
        (b"x" * BYTES_MAX, ""),
        (b"[" * BYTES_MAX, "nested more than 40 levels deep"),
    ],
    ids=["bytes", "too-large", "one-huge-line", "deep"],
)
def test_files_of_nonsense_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "nonsense.yaml"
    path.write_bytes(content)
    if not message:
        assert read_yaml(path).tree == content.decode()
        return
    with pytest.raises(ScenarioError, match=r"nonsense\.yaml") as caught:
        read_yaml(path)
    assert message in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path, reason in [
        (tmp_path / "nowhere.yaml", "no such file or directory"),
        (tmp_path, "is a directory"),
        (Path("a\0b"), "null"),
    ]:
        with pytest.raises(ScenarioError, match=f"the file cannot be read: .*{reason}"):
            read_yaml(path)
