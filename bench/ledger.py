"""The ledger: postings beside bare inserts of the same rows into the same tables and triggers."""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.figures import Figure
from headworks.ledger.journal.account import Account
from headworks.ledger.journal.event import Draft
from headworks.ledger.journal.journal import Journal
from headworks.ledger.journal.transfer import Transfer
from headworks.ledger.journal.verification import verify

BATCH = 1_000
ACCOUNTS = 50
SINGLE = 200
"""Postings of one transfer, each with a commit of its own."""
CLOCK = dt.datetime(2026, 1, 31, tzinfo=dt.UTC)
EVENT = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
TRANSFER = "INSERT INTO transfer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def ledger_figures(repeat: int, *, batches: int = 50, judged: bool = True) -> list[Figure]:
    """Time postings to a SQLite file in turn with bare inserts of the rows that they made."""
    bulk, ones, rates, bare_rates, checked = [], [], [], [], []
    drafts = [batch(number) for number in range(batches)]
    alone = [single(number) for number in range(SINGLE)]
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ledger.db"
            journal = opened(path)
            ours = seconds(partial(append, journal, drafts)) / len(drafts)
            ours_alone = seconds(partial(append, journal, alone)) / len(alone)
            with journal.reading() as view:
                checked.append((batches * BATCH + SINGLE) / seconds(partial(verify, view)) / 1e3)
            journal.close()
            bare, bare_alone = _bare(path, Path(folder) / "bare.db", batches)
        bulk.append(bare / ours)
        ones.append(ours_alone / bare_alone)
        rates.append(BATCH / ours / 1e3)
        bare_rates.append(BATCH / bare / 1e3)
    least, most, rate = (0.35, 3.0, 40.0) if judged else (None, None, None)
    return [
        Figure("bare inserts / ledger, batches of 1,000", tuple(bulk), "x", least, at_least=True),
        Figure("single posting / bare commit", tuple(ones), "x", most),
        Figure("ledger, batches of 1,000, thousands/s", tuple(rates), "k/s", rate, at_least=True),
        Figure("bare inserts, batches of 1,000, thousands/s", tuple(bare_rates), "k/s"),
        Figure("verification, thousands of transfers/s", tuple(checked), "k/s"),
    ]


def opened(path: Path | str) -> Journal:
    """Return a new ledger with funded accounts."""
    journal = Journal.create(path, clock=lambda: CLOCK)
    names = [f"line-{number}" for number in range(ACCOUNTS)]
    opens = Account("world", "units", floor=None), *(Account(name, "units") for name in names)
    journal.append(Draft("open", "open", "bench", "bench", opens=opens))
    funds = tuple(Transfer(f"in-{name}", "world", name, 10**9, "award") for name in names)
    journal.append(Draft("fund", "fund", "bench", "bench", transfers=funds))
    return journal


def batch(number: int) -> Draft:
    """Return an event of a thousand transfers."""
    parts = tuple(
        Transfer(
            f"t{number}-{part}", f"line-{part % ACCOUNTS}", f"line-{(part * 7 + 1) % ACCOUNTS}",
            1 + part % 3, "draw", reference=f"MRN{part:08d}",
        )
        for part in range(2 * BATCH)
        if part % ACCOUNTS != (part * 7 + 1) % ACCOUNTS
    )  # fmt: skip
    return Draft(f"b{number}", "draw", "bench", "bench", transfers=parts[:BATCH])


def single(number: int) -> Draft:
    """Return an event of one transfer."""
    one = Transfer(f"s{number}", "line-1", "line-2", 1, "draw")
    return Draft(f"s{number}", "draw", "bench", "bench", transfers=(one,))


def append(journal: Journal, drafts: list[Draft]) -> None:
    """Post events one after the other."""
    for draft in drafts:
        journal.append(draft)


def _bare(source: Path, target: Path, batches: int) -> tuple[float, float]:
    """Return the seconds of a batch and of a single posting, as bare inserts of the same rows."""
    opened(target).close()
    rows = sqlite3.connect(source)
    events = rows.execute("SELECT * FROM event ORDER BY seq").fetchall()
    moved = rows.execute("SELECT * FROM transfer ORDER BY number").fetchall()
    places = [column[1] for column in rows.execute("PRAGMA table_info(event)")]
    rows.close()
    parts = []
    for event in events[2:]:  # the first two, which open the ledger, are there
        row = dict(zip(places, event, strict=True))
        parts.append((event, moved[row["last_transfer"] - row["transfers"] : row["last_transfer"]]))
    connection = sqlite3.connect(target, isolation_level=None)
    for setting in ("journal_mode = wal", "synchronous = full", "foreign_keys = 1"):
        connection.execute(f"PRAGMA {setting}")
    bulk = seconds(partial(_insert, connection, parts[:batches])) / batches
    one = seconds(partial(_insert, connection, parts[batches:])) / (len(parts) - batches)
    connection.close()
    return bulk, one


def _insert(
    connection: sqlite3.Connection, parts: list[tuple[tuple[object, ...], list[tuple[object, ...]]]]
) -> None:
    for event, moved in parts:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(EVENT, event)
        connection.executemany(TRANSFER, moved)
        connection.execute("COMMIT")


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin
