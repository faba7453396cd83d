"""Starting balances: what a line already has at each gate when the forecast begins."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from numbers import Real
from typing import TYPE_CHECKING, Literal, get_args

from headworks.errors import Fault, InputError, did_you_mean, nearest, there_are

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

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
    """Return the balances, their units as floats, if all of them fit the network.

    Raises:
        InputError: A balance names an unknown line or gate, or is no amount; all faults are listed.
    """
    found = tuple(balances)
    faults = [
        Fault("starting balances", number, f"{row.company}:{row.chip}:{row.route}", message)
        for number, row in enumerate(found, start=1)
        for message in _faults(row, net)
    ]
    if faults:
        raise InputError(faults)
    return tuple(replace(row, units=float(row.units)) for row in found)


def _faults(row: Balance, net: Network) -> Iterator[str]:
    """Yield what is wrong with a balance."""
    if not _is_amount(row.units):
        yield f"{row.units!r} units: a balance must be a number, not negative"
    names: dict[str, object] = {
        "company": row.company, "chip": row.chip, "route": row.route, "gate": row.gate,
    }  # fmt: skip
    wrong = [what for what, name in names.items() if not isinstance(name, str)]
    yield from (f"the {what} must be a name, not {names[what]!r}" for what in wrong)
    known = get_args(Holding)
    if row.holding not in known:
        near = did_you_mean(nearest(row.holding, known)) or there_are(known)
        yield f"there is no holding {row.holding!r}{near}"
    elif not wrong:
        yield from filter(None, [_misplaced(row, net)])


def _is_amount(units: object) -> bool:
    """Whether something is a number from 0, of any kind but true and false."""
    if isinstance(units, bool) or not isinstance(units, Real):
        return False
    return 0 <= float(units) < math.inf


def _misplaced(row: Balance, net: Network) -> str:
    """Return why a balance cannot stand on its line or at its gate, or nothing."""
    if (row.company, row.chip, row.route) not in net.index:
        keys = [line.key for line in net.lines]
        return f"no such line{did_you_mean(nearest(f'{row.company}:{row.chip}:{row.route}', keys))}"
    if row.holding == "installed":
        return "what is installed stands at no gate" if row.gate else ""
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
