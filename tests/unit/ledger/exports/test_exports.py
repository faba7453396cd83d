from __future__ import annotations

import csv
import datetime as dt
import json
import re
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headworks.errors import LedgerError
from headworks.ledger.exports.beancount import account_name, commodity
from headworks.ledger.exports.files import Format, export
from headworks.ledger.importing import import_usage
from headworks.ledger.journal.account import Account, Standing
from tests.tiers import examples
from tests.unit.ledger.customs.customs_story import Story
from tests.unit.ledger.exports import adder

TABLES = ("events", "transfers", "accounts", "records")


@pytest.fixture(scope="module")
def story() -> Story:
    """Return a ledger with draws, contras, an installation, a hold and one that was freed."""
    told = Story()
    for name in ("gacc-0001.csv", "gacc-0002.jsonl"):
        import_usage(told.ledger, Path("tests/data/ledger") / name, actor="customs")
    told.do(
        "installation.install", "holder", licence="l1", line="1", site="s1", quantity=7,
        reason='says "so" \\ here',
    )  # fmt: skip
    for name in ("s-1", "s-2"):
        told.do(
            "shipment.reserve", "holder", shipment=name, licence="l1", line="1", quantity=9,
            until="2026-03-01",
        )  # fmt: skip
    told.do("shipment.release", "holder", shipment="s-2")
    told.at(dt.date(2026, 2, 21))
    return told


def test_an_independent_adder_finds_the_balances_of_the_ledger(
    story: Story, tmp_path: Path
) -> None:
    export(story.ledger, tmp_path / "l.beancount", format="beancount")
    book = adder.read((tmp_path / "l.beancount").read_text(encoding="utf-8"))
    totals = adder.added(book)
    standings = story.ledger.balances()
    assert totals == {account_name(one): one.balance for one in standings}
    assert book.asserted.keys() == totals.keys()


def test_the_journal_has_every_posted_transfer_with_its_seal(story: Story, tmp_path: Path) -> None:
    export(story.ledger, tmp_path / "l.beancount", format="beancount")
    export(story.ledger, tmp_path / "csv", format="csv")
    book = adder.read((tmp_path / "l.beancount").read_text(encoding="utf-8"))
    with (tmp_path / "csv" / "transfers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    posted = [row for row in rows if row["kind"] in {"posted", "post"}]
    assert [(meta["transfer"], meta["hash"], meta["event"]) for _, meta, _ in book.transactions] \
        == [(row["id"], row["hash"], row["event"]) for row in posted]  # fmt: skip
    assert [day for day, _, _ in book.transactions] == [row["effective_on"] for row in posted]
    assert len(book.notes) == len(rows) - len(posted) == 3
    assert "pending: 9 UNITS for Assets:Cleared:L1:1, until 2026-03-01" in book.notes[0][1]


def test_a_changed_amount_does_not_add_up(story: Story, tmp_path: Path) -> None:
    export(story.ledger, tmp_path / "l.beancount", format="beancount")
    text = (tmp_path / "l.beancount").read_text(encoding="utf-8")
    with pytest.raises(AssertionError):
        adder.added(adder.read(text.replace("  7 UNITS", "  8 UNITS")))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_tables_hold_what_the_ledger_says(story: Story, tmp_path: Path, form: Format) -> None:
    paths = export(story.ledger, tmp_path / "out", format=form)
    assert paths == [tmp_path / "out" / f"{name}.{form}" for name in TABLES]
    read = pd.read_csv if form == "csv" else pd.read_parquet
    frames = {path.stem: read(path) for path in paths}
    found = story.ledger.verify()
    assert (len(frames["events"]), len(frames["transfers"])) == (found.events, found.transfers)
    assert frames["events"].hash.iloc[-1] == found.head
    balances = dict(zip(frames["accounts"].name, frames["accounts"].balance, strict=True))
    assert balances == {one.account.name: one.balance for one in story.ledger.balances()}
    records = frames["records"]
    licence = records[(records.kind == "licence") & (records.id == "l1")].body.iloc[-1]
    assert json.loads(licence) == story.ledger.records("licence")["l1"]


def test_both_tables_say_the_same(story: Story, tmp_path: Path) -> None:
    export(story.ledger, tmp_path / "c", format="csv")
    export(story.ledger, tmp_path / "p", format="parquet")
    for name in TABLES:
        plain = pd.read_csv(tmp_path / "c" / f"{name}.csv", dtype=str, keep_default_na=False)
        sealed = pd.read_parquet(tmp_path / "p" / f"{name}.parquet")
        assert list(plain.columns) == list(sealed.columns)
        told = [
            [_text(value) for value in row] for row in sealed.astype(object).itertuples(index=False)
        ]
        assert plain.to_numpy().tolist() == told


def _text(value: Any) -> str:  # noqa: ANN401 - a cell
    return "" if pd.isna(value) else str(int(value) if isinstance(value, float) else value)


def test_nothing_is_written_over_a_folder_that_holds_something(
    story: Story, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(LedgerError, match="something stands there already"):
        export(story.ledger, tmp_path, format="csv")
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_an_export_that_fails_leaves_nothing(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("headworks.ledger.exports.files._csv", broken)
    with pytest.raises(LedgerError, match="no space left on device"):
        export(story.ledger, tmp_path / "out", format="csv")
    assert not list(tmp_path.iterdir())


def test_a_format_that_there_is_not_is_told_so(story: Story, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="there is no format 'xml'"):
        export(story.ledger, tmp_path / "out", format=cast("Format", "xml"))


@settings(max_examples=examples(200))
@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1))
def test_any_name_becomes_one_that_beancount_reads(text: str) -> None:
    assert re.fullmatch(adder.ACCOUNT, account_name(Standing(Account(text, "units"), 1)))
    assert re.fullmatch(adder.CURRENCY, commodity(text))
