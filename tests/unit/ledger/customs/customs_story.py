"""A ledger with licences to draw on, and usage files written in the words of customs."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

from headworks.ledger.ledger import Ledger

TODAY = dt.date(2026, 2, 20)
COLUMNS = (
    "record", "type", "declaration", "part", "control_date", "trader", "licence", "line",
    "quantity", "value_cents", "origin", "status", "completion_date",
    "sender", "run", "reset", "made_on", "count",
)  # fmt: skip


class Story:
    """A ledger with a clock: one pool, one confirmed round, licence `l1` with two lines."""

    def __init__(self, place: Path | str = "memory") -> None:
        self.moment = dt.datetime(2026, 1, 2, 9, tzinfo=dt.UTC)
        self._numbers = itertools.count(1)
        self.ledger = Ledger.create(place, administrator="root", clock=lambda: self.moment)
        self._parties()
        self._round()
        self.at(TODAY)

    def at(self, day: dt.date) -> None:
        """Set the clock to nine o'clock of a day."""
        self.moment = dt.datetime(day.year, day.month, day.day, 9, tzinfo=dt.UTC)

    def do(self, action: str, actor: str = "officer", **fields: Any) -> None:  # noqa: ANN401
        """Do an action; its id is the next number unless it is given."""
        fields.setdefault("id", f"e{next(self._numbers)}")
        self.ledger.act({"action": action, "actor": actor, **fields})

    def _parties(self) -> None:
        for person, role in (
            ("officer", "officer"), ("first", "approver"), ("second", "approver"),
            ("customs", "customs"), ("auditor", "auditor"),
        ):  # fmt: skip
            self.do("actor.register", "root", person=person, name=person, roles=[role])
        self.do("party.register", party="bytedance", name="ByteDance", jurisdiction="CN")
        self.do(
            "actor.register", "root", person="holder", name="B", roles=["applicant"],
            party="bytedance",
        )  # fmt: skip
        self.do("site.register", site="s1", name="S", jurisdiction="CN", operator="bytedance")

    def _round(self) -> None:
        self.do(
            "pool.open", pool="cn", title="January", unit="units", volume=10_000_000,
            opens_on="2026-01-01", closes_on="2027-01-01",
        )  # fmt: skip
        self.do(
            "round.announce", round="r1", pool="cn", opens_on="2026-01-01", closes_on="2026-01-28"
        )
        self.do("round.open", round="r1")
        self.do(
            "application.submit", "holder", application="a1", round="r1", party="bytedance",
            chip="h200-sxm", requested=5_000_000, route="mainland",
        )  # fmt: skip
        self.do("application.take_up", application="a1")
        self.do("application.decide", application="a1", need=5_000_000, grounds="verified")
        self.at(dt.date(2026, 1, 28))
        self.do("round.close", round="r1")
        self.do("round.award", round="r1")
        self.do("award.confirm", "first", round="r1", id="confirm")
        self.do("proposal.agree", "second", proposal="confirm")
        self.licence("l1", {"1": 500, "2": 300}, value_cents={"2": 9_000_00})

    def licence(
        self, name: str, lines: dict[str, int], *, value_cents: dict[str, int] | None = None
    ) -> None:
        """Issue a licence, valid from February to July."""
        worth = value_cents or {}
        self.do(
            "licence.issue", licence=name, round="r1", party="bytedance",
            lines={
                number: {"chip": "h200-sxm", "quantity": quantity, "route": "mainland",
                         "value_cents": worth.get(number)}
                for number, quantity in lines.items()
            },
            valid_from="2026-02-01", valid_until="2026-08-01",
        )  # fmt: skip

    def balance(self, name: str) -> int:
        """Return an account's balance."""
        (found,) = [one for one in self.ledger.balances(name) if one.account.name == name]
        return found.balance

    def licence_state(self, name: str = "l1") -> str:
        """Return the state of a licence."""
        return str(self.ledger.records("licence")[name]["state"])


def use(
    kind: str = "O",
    declaration: str = "26CN0001",
    *,
    part: int = 1,
    quantity: int = 60,
    on: str = "2026-02-10",
    licence: str = "l1",
    line: str = "1",
    value_cents: int | None = None,
) -> dict[str, Any]:
    """Return a usage record."""
    return {
        "record": "usage", "type": kind, "declaration": declaration, "part": part,
        "control_date": on, "trader": "bytedance", "licence": licence, "line": line,
        "quantity": quantity, "value_cents": value_cents, "origin": "TW",
    }  # fmt: skip


def total(
    quantity: int, *, line: str = "1", licence: str = "l1", value_cents: int | None = None
) -> dict[str, Any]:
    """Return customs' cumulative total of a line."""
    return {
        "record": "total", "licence": licence, "line": line, "quantity": quantity,
        "value_cents": value_cents,
    }  # fmt: skip


def status(letter: str, completed: str | None = None, *, licence: str = "l1") -> dict[str, Any]:
    """Return the usage status of a licence."""
    return {
        "record": "status", "licence": licence, "status": letter, "completion_date": completed,
    }  # fmt: skip


def records(
    run: int, *rows: dict[str, Any], reset: bool = False, made_on: str = "2026-02-15"
) -> list[dict[str, Any]]:
    """Return the records of a file, with its first and its last."""
    head = {"record": "file", "sender": "gacc", "run": run, "reset": reset, "made_on": made_on}
    return [head, *rows, {"record": "end", "count": len(rows)}]


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Return records as CSV."""
    columns = (*COLUMNS, *(["shipment"] if any("shipment" in row for row in rows) else []))
    lines = [",".join(columns)]
    lines += [",".join(_cell(row.get(name)) for name in columns) for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def usage_csv(folder: Path, run: int, *rows: dict[str, Any], **head: Any) -> Path:  # noqa: ANN401
    """Write a usage file, and return its path."""
    path = folder / f"usage-{run}.csv"
    path.write_text(as_csv(records(run, *rows, **head)), encoding="utf-8")
    return path
