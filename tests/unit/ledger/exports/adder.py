"""A small adder of beancount journals, written from the published syntax alone.

https://beancount.github.io/docs/beancount_language_syntax.html: a directive begins a line with its
day; what is indented below belongs to it; transactions balance in each commodity; an account is
open on the day; a balance is asserted at the beginning of its day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field

ACCOUNT = r"(?:Assets|Liabilities|Equity|Income|Expenses)(?::[A-Z0-9][A-Za-z0-9-]*)+"
CURRENCY = r"[A-Z][A-Z0-9'._-]{0,22}[A-Z0-9]"
STRING = r'"(?:[^"\\]|\\.)*"'
DAY = r"\d{4}-\d{2}-\d{2}"
OPEN = re.compile(rf"({DAY}) open ({ACCOUNT}) ({CURRENCY})")
COMMODITY = re.compile(rf"({DAY}) commodity ({CURRENCY})")
TRANSACTION = re.compile(rf"({DAY}) [*!] {STRING} {STRING}")
NOTE = re.compile(rf"({DAY}) note ({ACCOUNT}) ({STRING})")
BALANCE = re.compile(rf"({DAY}) balance ({ACCOUNT}) +(-?\d+) ({CURRENCY})")
OPTION = re.compile(rf"option {STRING} {STRING}")
META = re.compile(rf"  ([a-z][A-Za-z0-9_-]+): ({STRING}|\d+)")
POSTING = re.compile(rf"  ({ACCOUNT})  (-?\d+) ({CURRENCY})")


@dataclass
class Book:
    """What a journal adds up to."""

    opened: dict[str, tuple[str, str]] = field(default_factory=dict)
    commodities: set[str] = field(default_factory=set)
    transactions: list[tuple[str, dict[str, str], list[tuple[str, int, str]]]] = field(
        default_factory=list
    )
    notes: list[tuple[str, str]] = field(default_factory=list)
    asserted: dict[str, tuple[str, int, str]] = field(default_factory=dict)


def read(text: str) -> Book:
    """Read a journal; every line must be of the syntax."""
    book = Book()
    postings: list[tuple[str, int, str]] | None = None
    meta: dict[str, str] = {}
    for line in text.splitlines():
        if not line or line.startswith(";") or OPTION.fullmatch(line):
            continue
        if found := META.fullmatch(line):
            assert found[1] not in meta, f"a key twice: {line}"
            meta[found[1]] = found[2].strip('"')
        elif found := POSTING.fullmatch(line):
            assert postings is not None, f"a posting of nothing: {line}"
            postings.append((found[1], int(found[2]), found[3]))
        else:
            postings, meta = None, {}
            if found := TRANSACTION.fullmatch(line):
                postings = []
                book.transactions.append((_day(found[1]), meta, postings))
            elif found := OPEN.fullmatch(line):
                assert found[2] not in book.opened, f"opened twice: {line}"
                book.opened[found[2]] = (_day(found[1]), found[3])
            elif found := COMMODITY.fullmatch(line):
                book.commodities.add(found[2])
            elif found := NOTE.fullmatch(line):
                book.notes.append((found[2], found[3]))
            elif found := BALANCE.fullmatch(line):
                book.asserted[found[2]] = (_day(found[1]), int(found[3]), found[4])
            else:
                raise AssertionError(f"no directive: {line}")
    return book


def added(book: Book) -> dict[str, int]:
    """Return balances, after all that beancount would check."""
    totals: dict[str, int] = defaultdict(int, dict.fromkeys(book.opened, 0))
    for day, _, postings in book.transactions:
        sums: dict[str, int] = defaultdict(int)
        for account, amount, currency in postings:
            first, own = book.opened[account]
            assert first <= day
            assert own == currency
            assert currency in book.commodities
            sums[currency] += amount
            totals[account] += amount
        assert not any(sums.values()), "a transaction does not balance"
    last = max((day for day, _, _ in book.transactions), default="")
    for account, (day, amount, currency) in book.asserted.items():
        assert day > last
        assert (totals[account], book.opened[account][1]) == (amount, currency)
    return dict(totals)


def _day(text: str) -> str:
    dt.date.fromisoformat(text)
    return text
