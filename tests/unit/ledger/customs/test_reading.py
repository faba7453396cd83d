from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from headworks.errors import LedgerError
from headworks.ledger.customs.reading import parse_usage, read_usage
from tests.unit.ledger.customs.customs_story import as_csv, records, status, total, use

SAMPLES = Path("tests/data/ledger")


def faults_of(text: str) -> list[str]:
    with pytest.raises(LedgerError) as caught:
        parse_usage(text, "u.csv")
    return [str(fault) for fault in caught.value.faults]


def sound() -> str:
    return as_csv(records(1, use(), use(part=2, quantity=5), total(65), status("O")))


def test_a_sample_is_read_as_customs_wrote_it() -> None:
    usage = read_usage(SAMPLES / "gacc-0001.csv")
    assert (usage.sender, usage.run, usage.reset) == ("gacc", 1, False)
    assert [one.kind for one in usage.uses] == ["O", "O", "O", "M"]
    assert usage.uses[1].key == "310120260000000418/2"
    assert usage.uses[1].value_cents == 120_000
    assert [(one.line, one.quantity) for one in usage.totals] == [("1", 180), ("2", 40)]


@pytest.mark.parametrize(
    "written",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n\n",
    ],
    ids=["byte order mark", "carriage returns", "no last line end", "empty lines"],
)
def test_how_lines_end_and_begin_changes_nothing(
    written: Callable[[str], str], tmp_path: Path
) -> None:
    (tmp_path / "u.csv").write_bytes(written(sound()).encode())
    assert read_usage(tmp_path / "u.csv").digest == parse_usage(sound(), "").digest


def test_the_order_of_columns_and_the_format_change_nothing() -> None:
    rows = [line.split(",") for line in sound().splitlines()]
    turned = "\n".join(",".join(reversed(row)) for row in rows)
    assert parse_usage(turned, "").digest == parse_usage(sound(), "").digest


def test_every_word_of_a_row_counts_for_the_content() -> None:
    """A file that says anything else is another file."""
    usage = parse_usage(sound(), "")
    digests = {usage.digest}
    first = usage.uses[0]
    changes: dict[str, Any] = {
        "kind": "L", "declaration": "26CN9", "part": 3, "on": first.on.replace(day=1),
        "trader": "x", "licence": "l9", "line": "9", "quantity": 61, "value_cents": 1,
        "origin": "KR", "shipment": "s",
    }  # fmt: skip
    for name, value in changes.items():
        uses = (first._replace(**{name: value}), *usage.uses[1:])
        digests.add(replace(usage, uses=uses).digest)
    digests |= {replace(usage, run=2).digest, replace(usage, reset=True).digest}
    digests |= {replace(usage, totals=()).digest, replace(usage, statuses=()).digest}
    assert len(digests) == 1 + len(changes) + 4


@pytest.mark.parametrize(
    ("old", "new", "place", "said", "cure"),
    [
        ("26CN0001,1,2026-02-10", "26CN0001,1,2026-02-30", "u.csv:3: control_date",
         "'2026-02-30' is no day", "YYYY-MM-DD"),
        ("26CN0001,1,2026-02-10", "26CN0001,1,10.02.2026", "u.csv:3: control_date",
         "'10.02.2026' is no day", "YYYY-MM-DD"),
        ("26CN0001,1,2026-02-10", "26CN0001,1,2026-03-10", "u.csv:3: control_date",
         "2026-03-10 is after the file was made, on 2026-02-15", "ask the sender"),
        ("l1,1,60", "l1,1,60.5", "u.csv:3: quantity", "'60.5' is no whole number", "point"),
        ("l1,1,60", "l1,1,-60", "u.csv:3: quantity", "'-60' is no whole number", "digits"),
        ("l1,1,60", "l1,1,0", "u.csv:3: quantity", "0 is not from 1", "sign"),
        ("l1,1,60", "l1,1,9007199254740992", "u.csv:3: quantity", "is not from 1 to", "unit"),
        ("l1,1,60", "L1,1,60", "u.csv:3: licence", "'L1' is no id", "lower-case"),
        ("usage,O,26CN0001,1,", "usage,X,26CN0001,1,", "u.csv:3: type",
         "'X' is none of O, A, C, L, M", "mend"),
        ("usage,O,26CN0001,1,", "usage,O,26:CN,1,", "u.csv:3: declaration",
         "'26:CN' is no reference", "colon"),
        ("usage,O,26CN0001,1,", "usage,O,,1,", "u.csv:3: declaration",
         "an empty cell is no reference", "printable"),
        ("60,,TW", "60,,Taiwan", "u.csv:3: origin", "'Taiwan' is no country code", "capital"),
        ("usage,O,26CN0001,1,", "usag,O,26CN0001,1,", "u.csv:3: record",
         "'usag' is no kind of record; did you mean usage?", "say one of"),
        ("total,,", "total,O,", "u.csv:5: type", "a record total has no such cell: 'O'", "empty"),
        (",,,4\n", ",,,5\n", "u.csv:7: count", "it declares 5 records, and 4 are there", "again"),
        (",,,4\n", ",,4.0\n", "u.csv:7:", "the row has 17 cells, and there are 18 columns",
         "quotes"),
        ("gacc,1,false", "gacc,1,maybe", "u.csv:2: reset", "'maybe' is neither true nor false",
         "true or false"),
        (",O,,,,,,\nend", ",E,,,,,,\nend", "u.csv:6: completion_date",
         "status E is final, and no day is given", "give it"),
        ("control_date,", "", "u.csv:1: control_date", "the column is missing", "add it"),
        ("control_date,", "control_day,", "u.csv:1: control_day", "did you mean control_date?",
         "rename"),
        ("control_date,", "part,", "u.csv:1: part", "the column stands twice", "keep one"),
        ("26CN0001,1,", '"26CN0001,1,', "u.csv:", "the row cannot be read as CSV", "quotes"),
    ],
)  # fmt: skip
def test_a_fault_has_its_row_its_column_and_a_way_out(
    old: str, new: str, place: str, said: str, cure: str
) -> None:
    assert old in sound()
    text = "\n".join(faults_of(sound().replace(old, new, 1)))
    assert place in text
    assert said in text
    assert cure in text


def test_all_faults_are_told_at_once() -> None:
    text = sound().replace("l1,1,60", "l1,1,6.0").replace("26CN0001,2,", "26CN0001,two,")
    assert [one.split(" ")[0:2] for one in faults_of(text)] == [
        ["u.csv:3:", "quantity:"],
        ["u.csv:4:", "part:"],
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("\n \n", "the file is empty"),
        (sound().replace(",", ";"), "the columns are parted by semicolons"),
        (sound().replace(",", "\t"), "the columns are parted by tabs"),
        ("\n".join(sound().splitlines()[:-1]), "the file breaks off after line 6: it has no end"),
        (sound().splitlines()[0], "the file reports nothing"),
        ("hello\nworld\n", "the first line names no column of a usage file: 'hello'"),
        ('{"record": "usage", "type": "O"}\n{"record"', "the line is no JSON"),
        ('{"record": "file"}\n[1]\n', "the key is missing"),
        ("{}\n[1, 2]\n", "the line is no object: [1, 2]"),
    ],
)
def test_what_is_no_usage_file_is_told_so(text: str, said: str) -> None:
    assert said in "\n".join(faults_of(text))


@pytest.mark.parametrize("value", ["60.0", '"sixty"', "true", "null", "[60]", "1e2"])
def test_json_takes_whole_numbers_alone(value: str) -> None:
    text = (SAMPLES / "gacc-0002.jsonl").read_text(encoding="utf-8")
    said = faults_of(text.replace('"quantity": 100', f'"quantity": {value}'))
    assert len(said) == 1
    assert said[0].startswith("u.csv:2: quantity:")


def test_binary_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "usage.zip"
    path.write_bytes(b"PK\x03\x04" + bytes(40))
    with pytest.raises(LedgerError, match="the file is binary: byte 5 is null"):
        read_usage(path)


def test_what_is_no_text_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "usage.csv"
    path.write_bytes(sound().replace("TW", "\xe4").encode("latin-1"))
    with pytest.raises(LedgerError, match=r"usage.csv:3: the file is not UTF-8 text \(byte"):
        read_usage(path)


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="the file cannot be read: no such file"):
        read_usage(tmp_path / "none.csv")


@pytest.mark.parametrize("seed", range(3))
def test_ten_megabytes_of_nonsense_end_in_a_short_message(seed: int) -> None:
    letters = 'abc,;\n"{}0 1é'
    text = "".join(random.Random(seed).choices(letters, k=100_000)) * 100  # noqa: S311
    for nonsense in (text, "x" + text, sound() + text, text.replace("\n", "")):
        said = "\n".join(faults_of(nonsense))
        assert len(said) < 20_000
