"""Starting balances: what a line already has at each gate when the forecast begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from headworks.errors import Fault, InputError, did_you_mean, nearest
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
    if not 0 <= row.units < float("inf"):
        return f"{row.units:g} units: a balance must be a number, not negative"
    if (row.company, row.chip, row.route) not in net.index:
        keys = [line.key for line in net.lines]
        return f"no such line{did_you_mean(nearest(f'{row.company}:{row.chip}:{row.route}', keys))}"
    if row.holding == "installed":
        return "" if not row.gate else "what is installed stands at no gate"
    if row.holding == "unused" and row.gate not in net.papers:
        return f"{row.gate!r} grants no papers{did_you_mean(nearest(row.gate, net.papers))}"
    if row.holding in {"waiting", "under_way"} and row.gate not in net.goods:
        return f"{row.gate!r} moves no goods{did_you_mean(nearest(row.gate, net.goods))}"
    if row.holding == "passed" and row.gate not in {**net.goods, **net.papers}:
        return f"there is no gate {row.gate!r}{did_you_mean(nearest(row.gate, net.scenario.gates))}"
    if row.holding == "under_way" and net.goods[row.gate].gate.lead_time_days is None:
        return f"{row.gate!r} has no lead time, so nothing can be under way behind it"
    places = {**net.goods, **net.papers}
    if row.route not in places[row.gate].rows.blocks:
        return f"route {row.route!r} does not use the gate {row.gate!r}"
    return ""
