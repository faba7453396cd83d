"""A ledger as a plain-text journal in beancount's syntax, which independent tools can add up.

Accounts of the world outside are equity, all others assets; what enters an account is positive.
Holds move nothing there, so they are notes. Each account ends with an assertion of its balance.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import sqlalchemy as sa

from headworks.ledger.exports.rows import opened_by
from headworks.ledger.journal.account import DAY_LAST
from headworks.ledger.journal.replay import history
from headworks.ledger.store import tables

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Standing
    from headworks.ledger.journal.event import Event
    from headworks.ledger.journal.replay import Row
    from headworks.ledger.journal.view import View

COMMODITY_LETTERS = 24
"""Most letters of a commodity's name that beancount reads."""
SIGNS = {"_": "U", "/": "S"}
"""How signs are written that account names cannot hold; others by their number, as `X41X`."""


def journal_text(view: View) -> Iterator[str]:
    """Yield the lines of the journal.

    Args:
        view: The ledger.
    """
    standings = view.all_standings()
    first, last = _days(view)
    accounts = _unlike((one.account.name, account_name(one)) for one in standings)
    units = list(dict.fromkeys(one.account.unit for one in standings))
    commodities = _unlike((unit, commodity(unit)) for unit in units)
    seq, hashed, moment = view.head()
    yield f"; a ledger of headworks: {seq} events, the last of {moment}, hash {hashed.hex()}\n"
    yield 'option "title" "Ledger of headworks"\n\n'
    for unit in units:
        yield f"{first} commodity {commodities[unit]}\n"
        yield f"  unit: {_quoted(unit)}\n"
    opened = {name: event.seq for event in view.events() for name in opened_by(event.body)}
    for one in standings:
        name, unit = one.account.name, commodities[one.account.unit]
        yield f"{first} open {accounts[name]} {unit}\n"
        yield f"  account: {_quoted(name)}\n"
        if name in opened:
            yield f"  opened_by: {opened[name]}\n"
    yield "\n"
    unit_of = {one.account.name: commodities[one.account.unit] for one in standings}
    for event, rows in history(view):
        for row in rows:
            yield from _transfer(event, row, accounts, unit_of)
    if last == DAY_LAST:
        return  # a balance is asserted at the beginning of the next day, and there is none
    day = (dt.date.fromisoformat(last) + dt.timedelta(days=1)).isoformat()
    for one in standings:
        place, unit = accounts[one.account.name], unit_of[one.account.name]
        yield f"{day} balance {place} {one.balance} {unit}\n"


def account_name(standing: Standing) -> str:
    """Return an account's name as beancount writes it: `line:cn-7:1` as `Assets:Line:Cn-7:1`."""
    root = "Equity" if standing.account.floor is None else "Assets"
    parts = [_component(part) for part in standing.account.name.split(":")]
    return ":".join([root, *parts])


def commodity(unit: str) -> str:
    """Return a unit as beancount writes it: `usd_cents` as `USD_CENTS`."""
    name = re.sub(r"[^A-Z0-9_-]", "-", unit.upper())[: COMMODITY_LETTERS - 5].strip("-_")
    return name if re.match(r"[A-Z].", name) else f"U-{name or '0'}"


def _component(text: str) -> str:
    found = "".join(
        one if re.fullmatch(r"[a-z0-9-]", one) else SIGNS.get(one, f"X{ord(one):x}X")
        for one in text
    )
    return found[0].upper() + found[1:] if found and found[0] != "-" else f"X{found}"


def _unlike(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what each name is written as; a number tells those apart that would be alike."""
    written: dict[str, str] = {}
    taken: set[str] = set()
    for name, text in pairs:
        own, number = text, 1
        while own in taken:
            number += 1
            own = f"{text}-{number}"
        taken.add(own)
        written[name] = own
    return written


def _days(view: View) -> tuple[str, str]:
    """Return the first and the last effective day of anything, which all events have."""
    event, transfer = tables.event.c.effective_on, tables.transfer.c.effective_on
    ends = [
        view.connection.execute(sa.select(sa.func.min(column), sa.func.max(column))).one()
        for column in (event, transfer)
    ]
    days = [day for pair in ends for day in pair if day is not None]
    return (min(days), max(days)) if days else ("1970-01-01", "1970-01-01")


def _transfer(
    event: Event, row: Row, accounts: dict[str, str], unit_of: dict[str, str]
) -> Iterator[str]:
    """Yield a transfer: a transaction where it moves something, a note where it holds or frees."""
    giver, taker, unit = accounts[row.debit], accounts[row.credit], unit_of[row.debit]
    if row.kind in {"posted", "post"}:
        yield f"{row.effective_on} * {_quoted(row.code)} {_quoted(event.reason)}\n"
    else:
        until = f", until {row.times_out_at}" if row.times_out_at else ""
        said = f"{row.kind}: {row.amount} {unit} for {taker}{until}"
        yield f"{row.effective_on} note {giver} {_quoted(said)}\n"
    meta: dict[str, str | int] = {
        "event": event.seq, "event_hash": event.hash.hex(), "actor": event.actor,
        "recorded_at": event.recorded_at, "effective_on": row.effective_on, "transfer": row.id,
        "hash": row.hash.hex(), "reference": row.reference, "ends": row.holds,
        "reverses": row.reverses,
    }  # fmt: skip
    for key, value in meta.items():
        if value != "":
            yield f"  {key}: {_quoted(value) if isinstance(value, str) else value}\n"
    if row.kind in {"posted", "post"}:
        yield f"  {giver}  -{row.amount} {unit}\n"
        yield f"  {taker}  {row.amount} {unit}\n"
    yield "\n"


def _quoted(text: str) -> str:
    """Return text in quotes, as beancount reads it."""
    return json.dumps(text, ensure_ascii=False)
