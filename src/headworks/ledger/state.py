"""The state of a ledger: what every line has at which gate, as the forecast begins with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from headworks.ledger.journal.past import standings_at

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View

Stage = Literal["unused", "drawn", "cleared", "installed"]
"""Where units stand: papers not used, papers used, goods released by customs and not installed,
goods in service."""
LINE_ACCOUNTS = frozenset({"line", "cleared", "installed", "removed"})
"""First words of the accounts of a licence line that count units."""


@dataclass(frozen=True, slots=True)
class StateRow:
    """Units of a company's chip on a route, at one stage."""

    company: str
    chip: str
    route: str
    stage: Stage
    units: int
    gate: str = ""
    """The gate whose papers they are; empty for goods."""


@dataclass(frozen=True, slots=True)
class LedgerState:
    """What a ledger says of every line at the end of a day."""

    as_of: dt.date
    rows: tuple[StateRow, ...]
    unplaced: tuple[str, ...]
    """Licence lines that a forecast cannot begin with, each with the reason."""

    def to_json(self) -> dict[str, Any]:
        """Return the state as plain values."""
        return {
            "as_of": self.as_of.isoformat(),
            "rows": [asdict(row) for row in self.rows],
            "unplaced": list(self.unplaced),
        }


def state(view: View, as_of: dt.date, *, known_by: str | None = None) -> LedgerState:
    """Return what had happened by the end of a day.

    Units of lines that share company, chip, route and gate are added up. Goods are counted where
    their pool says that draws on it are the goods themselves, so that a chip with an export licence
    and an import approval is one chip. Papers whose last day has passed can be drawn no more, also
    where nobody has recorded that the licence has expired, so they are told and not counted.

    Args:
        view: The ledger.
        as_of: The day, itself among them.
        known_by: Only what was recorded by this moment, as UTC text; all if None.
    """
    balances = _by_line(
        {one.account.name: one.balance for one in standings_at(view, known_by=known_by, on=as_of)}
    )
    until = None if known_by is None else view.seq_at(known_by)
    pools = view.records("pool", until=until)
    sums: dict[tuple[str, str, str, Stage, str], int] = {}
    unplaced: list[str] = []
    for name, terms in view.records("licence", until=until).items():
        pool = pools[terms["pool"]]
        for number, line in terms["lines"].items():
            if line["route"] is None:
                unplaced.append(f"licence {name}, line {number}: it names no route")
                continue
            place = terms["party"], line["chip"], line["route"]
            over = terms["valid_until"] <= as_of.isoformat()
            for stage, units in _stages(balances.get((name, number), {}), pool):
                if over and stage == "unused":
                    if units:
                        why = f"{units:,} unused are past its last day"
                        unplaced.append(f"licence {name}, line {number}: {why}")
                    continue
                gate = str(pool["gate"]) if stage in {"unused", "drawn"} else ""
                key = (*place, stage, gate)
                sums[key] = sums.get(key, 0) + units
        if pool["gate"] is None:
            unplaced.append(f"licence {name}: pool {terms['pool']} names no gate for its papers")
    rows = tuple(
        StateRow(company, chip, route, stage, units, gate)
        for (company, chip, route, stage, gate), units in sorted(sums.items())
        if units
    )
    return LedgerState(as_of, rows, tuple(unplaced))


def _by_line(balances: dict[str, int]) -> dict[tuple[str, str], dict[str, int]]:
    """Return what stands on each licence line, by the first word of its accounts."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for name, units in balances.items():
        stage, *place = name.split(":")
        if stage in LINE_ACCOUNTS:
            sums = found.setdefault((place[0], place[1]), {})
            sums[stage] = sums.get(stage, 0) + units
    return found


def _stages(sums: dict[str, int], pool: dict[str, Any]) -> Iterator[tuple[Stage, int]]:
    """Yield what stands at each stage of one licence line.

    A line that was overrun within its tolerance has nothing unused, and takes nothing of others.
    """
    in_service, waiting = sums.get("installed", 0), sums.get("cleared", 0)
    if pool["gate"] is not None:
        yield "unused", max(0, sums.get("line", 0))
        yield "drawn", waiting + in_service + sums.get("removed", 0)
    if pool["counts_goods"]:
        yield "cleared", waiting
        yield "installed", in_service
