"""Goods on every path at one gate: waiting, under way behind it, and carried as credit."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.ceilings import Ceiling
from headworks.flow.delay import Delay
from headworks.flow.network import GoodsGate, span

if TYPE_CHECKING:
    from headworks.flow.draws import Draws
    from headworks.flow.line import Line
    from headworks.flow.openings import Openings
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


class GoodsState:
    """The goods at one gate; arrays have shape (row, path), in units."""

    def __init__(
        self, place: GoodsGate, lines: tuple[Line, ...], opening: Openings | None,
        scenario: Scenario, draws: Draws,
    ) -> None:  # fmt: skip
        gate = place.gate
        key = f"gates.{place.name}"
        self.place = place
        self.name = place.name
        self.rows = list(place.rows.lines)
        self.span = span(place.rows.lines)
        self.lines = [lines[number] for number in place.rows.lines]
        self.opening = opening
        shape = (len(self.lines), draws.paths)
        self.waiting = np.zeros(shape)
        self.before = np.zeros((len(self.lines), 0))
        """What its opening needs to know of what was left waiting at the end of the last period."""
        self.passed = np.zeros(shape)
        length = scenario.period_days
        self.under_way: Delay | None = None
        if gate.lead_time_days is not None:
            lead = draws.number(f"{key}.lead_time_days", gate.lead_time_days)
            self.under_way = Delay(lead / length, shape)
        self.leaving: Floats | None = None
        """Share of what waits that is withdrawn in a period, shape (path,) or (1,)."""
        if gate.patience_days is not None:
            patience = draws.number(f"{key}.patience_days", gate.patience_days)
            with np.errstate(divide="ignore"):
                leaving = -np.expm1(-length / patience)
            self.leaving = leaving[:1] if gate.patience_days.is_certain else leaving
        self.lot = None if gate.lot is None else draws.number(f"{key}.lot", gate.lot)
        self.credit = None if gate.lot is None else np.zeros(shape)
        self.ceilings = [
            ceiling
            for name, condition in sorted(gate.conditions.items())
            if (
                ceiling := Ceiling(
                    f"{key}.conditions.{name}", condition, self.lines, lines, scenario, draws
                )
            ).groups.names
        ]

    def withdraw(self) -> Floats | None:
        """Withdraw the impatient share of what waits; return it, or None if nobody is impatient."""
        if self.leaving is None:
            return None
        gone = self.waiting * self.leaving
        self.waiting -= gone
        return gone
