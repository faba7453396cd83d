"""The ledger on PostgreSQL: batches beside bare inserts of the same rows through the same driver.

Run by itself, since it needs a server: `python -m bench.ledger_postgres`. It starts one of its own
from the programs that it finds on the machine, with its data on the disk where temporary files are,
since a store in memory would have no disk to wait for.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pg8000.dbapi

from bench.figures import Figure, text_table
from bench.ledger import BATCH, append, batch, opened, seconds, single
from tests.postgres import Postgres, new_server


def main() -> None:
    """Start a server, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--batches", type=int, default=20)
    parser.add_argument("--single", type=int, default=100)
    given = parser.parse_args()
    server = new_server(memory=False)
    try:
        print(text_table(figures(server, given.repeat, given.batches, given.single)))
    finally:
        server.stop()


def figures(server: Postgres, repeat: int, batches: int, singles: int) -> list[Figure]:
    """Time the ledger's postings in turn with bare inserts of the rows that they made."""
    found: list[tuple[float, float, float, float]] = []
    for _ in range(repeat):
        with server.database() as place, server.database() as bare:
            journal = opened(place)
            bulk = seconds(partial(append, journal, [batch(n) for n in range(batches)])) / batches
            one = seconds(partial(append, journal, [single(n) for n in range(singles)])) / singles
            journal.close()
            found.append((bulk, one, *_bare(place, bare, batches)))
    bulks, ones, bares, bare_ones = zip(*found, strict=True)
    return [
        Figure("bare inserts / ledger, batches of 1,000",
               tuple(b / a for a, b in zip(bulks, bares, strict=True)), "x", 0.35, at_least=True),
        Figure("single posting / bare commit",
               tuple(a / b for a, b in zip(ones, bare_ones, strict=True)), "x", 3.0),
        Figure("ledger, batches of 1,000, thousands/s",
               tuple(BATCH / one / 1e3 for one in bulks), "k/s"),
        Figure("bare inserts, batches of 1,000, thousands/s",
               tuple(BATCH / one / 1e3 for one in bares), "k/s"),
    ]  # fmt: skip


def _bare(source: str, target: str, batches: int) -> tuple[float, float]:
    """Return the seconds of a batch and of a single posting, as bare inserts of the same rows."""
    opened(target).close()
    with _connected(source) as rows:
        events = _rows(rows, "SELECT * FROM event WHERE seq > 2 ORDER BY seq")
        parts = [
            (event, _rows(rows, "SELECT * FROM transfer WHERE seq = %s ORDER BY number", event[0]))
            for event in events
        ]
    with _connected(target) as connection:
        bulk = seconds(partial(_insert, connection, parts[:batches])) / batches
        one = seconds(partial(_insert, connection, parts[batches:])) / (len(parts) - batches)
    return bulk, one


def _rows(
    connection: pg8000.dbapi.Connection, statement: str, *given: object
) -> list[list[object]]:
    cursor = connection.cursor()
    cursor.execute(statement, given)
    return [list(row) for row in cursor.fetchall()]


def _insert(
    connection: pg8000.dbapi.Connection, parts: list[tuple[list[object], list[list[object]]]]
) -> None:
    """Insert events with their transfers: a statement for each of the two, and a commit."""
    for event, moved in parts:
        cursor = connection.cursor()
        cursor.execute("INSERT INTO event VALUES " + _places([event]), event)  # noqa: S608
        values = [value for row in moved for value in row]
        cursor.execute("INSERT INTO transfer VALUES " + _places(moved), values)  # noqa: S608
        connection.commit()


def _places(rows: list[list[object]]) -> str:
    one = f"({', '.join(['%s'] * len(rows[0]))})"
    return ", ".join([one] * len(rows))


@contextmanager
def _connected(place: str) -> Iterator[pg8000.dbapi.Connection]:
    url = urlsplit(place)
    (socket,) = parse_qs(url.query)["unix_sock"]
    name = url.path.strip("/")
    connection = pg8000.dbapi.connect(user=url.username, database=name, unix_sock=socket)
    try:
        yield connection
    finally:
        connection.close()


if __name__ == "__main__":
    main()
