"""Tables as spreadsheets write them: delimiters, marks, blank rows, and numbers read two ways."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

import headworks as hw
from headworks.errors import InputError
from headworks.rationing.intake.sheet import read_sheet

if TYPE_CHECKING:
    from pathlib import Path


GOOD = {
    "plain": b"name,claim\na,100\nb,200\n",
    "a mark of its encoding": b"\xef\xbb\xbfname,claim\na,100\nb,200\n",
    "semicolons": b"name;claim\r\na;100\r\nb;200\r\n",
    "tabs": b"name\tclaim\na\t100\nb\t200\n",
    "what Excel says of its delimiter": b"sep=;\r\nname;claim\r\na;100\r\nb;200\r\n",
    "rows of delimiters": b"name,claim,,\na,100,,\n,,,\nb,200,,\n,,,\n",
    "empty columns": b"name,,claim\na,,100\nb,,200\n",
    "cells beyond the last column": b"name,claim\na,100,,\nb,200,\n",
    "quotes": b'"name","claim"\n"a","100"\n"b", "200"\n',
    "thousands": b'name,claim\na,"100"\nb,"0,200"\n'.replace(b"0,200", b"200"),
    "comments": b"# round one\n\n# units\nName , Claim\na,100\n\nb,200\n",
    "old line ends": b"name,claim\ra,100\rb,200\r",
    "notes for people": b"name,claim,Note\na,100,1.5;x\nb,200,\n",
    "other words": b"Company,Request\na,100\nb,200\n",
    "unbreakable blanks": "name,claim\na\u00a0,100\n\u00a0b,200\n".encode(),
}


@pytest.mark.parametrize("data", GOOD.values(), ids=GOOD)
def test_what_spreadsheets_write_is_read(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "claims.csv"
    file.write_bytes(data)
    result = hw.ration(file, 150)
    assert {one.name: int(one.award) for one in result.awards} == {"a": 50, "b": 100}


BAD = {
    "name;claim\na;400.000\n": "'400.000' may be 400000 or a number with three decimals",
    "name;claim\na;400,000\n": "'400,000' may be 400000 or a number with three decimals",
    "name\tclaim\na\t1.200.000\n": "'1.200.000' may be 1200000",
    "name;claim\na;1,5\n": "write decimals with a point: 1.5",
    "name,claim\na,400,000\n": "3 cells in a table of 2 columns",
    'name,claim\n"a,400\n': "close every quote in the line that opens it",
    "name,clam\na,4\n": "there is no such column; did you mean claim?",
    "name,claim,claim\na,4,4\n": "the column stands twice",
    "name,claim,request\na,4,4\n": "the column stands twice",
    "name\na\n": "the column is missing",
    "name,claim\na,5\nb,6\nTotal,11\n": "the last row claims 11, as much as all others together",
    "": "the file is empty",
    "sep=;\n": "the file is empty",
}


@pytest.mark.parametrize(("text", "said"), BAD.items(), ids=lambda value: repr(value)[:40])
def test_what_can_be_read_two_ways_is_told(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "claims.csv"
    file.write_text(text)
    with pytest.raises(InputError) as error:
        hw.ration(file, 150)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("name,claim\nZürich,5\n".encode("cp1252"), "save the table as `CSV UTF-8`"),
        ("name,claim\na,5\n".encode("utf-16"), "the file is not UTF-8 text"),
        (b"PK\x03\x04\x00\x00", "the file is a workbook and no text"),
    ],
)
def test_other_files_are_told_apart(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "claims.csv"
    file.write_bytes(data)
    with pytest.raises(InputError) as error:
        hw.ration(file, 150)
    assert said in str(error.value)


def test_a_decimal_point_between_semicolons_is_read(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_text("name;claim;day;chip\na;1.5;2026-01-05;B30,A\nb;2.25;2026-01-05;1.000\n")
    assert hw.ration(file, 99).awards[1].claim == Fraction(9, 4)


def test_cells_keep_their_line(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_text("# a\nname,claim\n\na,5\n,\nb,x\n")
    sheet = read_sheet(file, "name,claim")
    assert (sheet.header_line, sheet.lines) == (2, [4, 6])
    with pytest.raises(InputError, match=r"claims\.csv:6: claim: 'x' is not a number"):
        hw.ration(file, 5)


def test_a_note_is_looked_at_in_no_table(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("bidder;price;quantity;note\na;3;2;1.000 racks\nb;2;2;1.000\n")
    assert [one.award for one in hw.auction(file, 3).awards] == [2, 1]
    file.write_text("name;chips;Note\na;3;1.000\nb;3;\n")
    assert [one.award for one in hw.ration_resources(file, {"chips": 3}).awards] == [0.5, 0.5]
    with pytest.raises(InputError, match="may be 1000"):
        hw.ration_resources(file, {"chips": 3, "note": 5_000})
