"""Starting balances: what a line already has at each gate when the forecast begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from headworks.errors import Fault, InputError, did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from headworks.flow.network import Network

Holding = Literal["waiting", "under_way", "unused", "passed", "installed"]


@dataclass(frozen=True, slots=True)
class Balance:
    """One balance: units of a line at a gate.

    `waiting` before a goods gate, `under_way` behind it (a full lead time still to go), `unused`
    papers of a gate that grants (usable from the start, their life counted from then), `passed`
    (what the gate had let through before: counts against ceilings and in its stock), `installed`
    (gate empty).
    """

    company: str
    chip: str
    route: str
    holding: Holding
    units: float
    gate: str = ""


def check_balances(balances: Iterable[Balance], net: Network) -> tuple[Balance, ...]:
    """Return the balances if all of them fit the network.

    Raises:
        InputError: A balance names an unknown line or gate, or is negative; all faults are listed.
    """
    found = tuple(balances)
    faults = [
        Fault("starting balances", number, f"{row.company}:{row.chip}:{row.route}", message)
        for number, row in enumerate(found, start=1)
        if (message := _fault(row, net))
    ]
    if faults:
        raise InputError(faults)
    return found


def _fault(row: Balance, net: Network) -> str:
    """Return what is wrong with a balance, or nothing."""
    if not 0 <= row.units < float("inf"):
        return f"{row.units:g} units: a balance must be a number, not negative"
    if (row.company, row.chip, row.route) not in net.index:
        keys = [line.key for line in net.lines]
        return f"no such line{did_you_mean(nearest(f'{row.company}:{row.chip}:{row.route}', keys))}"
    if row.holding == "installed":
        return "what is installed stands at no gate" if row.gate else ""
    return _misplaced(row, net)


def _misplaced(row: Balance, net: Network) -> str:
    """Return why a balance cannot stand at its gate, or nothing."""
    wanted: dict[str, tuple[Collection[str], str]] = {
        "waiting": (net.goods, "moves no goods"),
        "under_way": (net.goods, "moves no goods"),
        "unused": (net.papers, "grants no papers"),
        "passed": (net.places, "is no gate that lines pass"),
    }
    known, what = wanted[row.holding]
    if row.gate not in known:
        return f"{row.gate!r} {what}{did_you_mean(nearest(row.gate, known))}"
    if row.holding == "under_way" and net.goods[row.gate].gate.lead_time_days is None:
        return f"{row.gate!r} has no lead time, so nothing can be under way behind it"
    if row.route not in net.places[row.gate].rows.blocks:
        return f"route {row.route!r} does not use the gate {row.gate!r}"
    return ""
