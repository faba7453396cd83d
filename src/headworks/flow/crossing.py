"""One line at one gate on one path: its part of the record, moment by moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from headworks.flow.events import moment
from headworks.scenario.event import Divert, Recall, Revoke, Shut

if TYPE_CHECKING:
    import datetime as dt

    from headworks.flow.history import History
    from headworks.flow.line import Line
    from headworks.flow.network import Ahead
    from headworks.flow.openings import Openings
    from headworks.scenario.event import Event
    from headworks.scenario.gate import Gate
    from headworks.scenario.quantity import Quantity
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]

E = TypeVar("E", Revoke, Recall, Divert, Shut)

HALF = 0.5
"""Less than half a chip is none."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """One line at one gate, for goods or for papers, on a recorded path.

    Series have one value for each moment: the start and the end of every period.
    """

    one: History
    line: Line
    name: str
    """Name of the gate."""

    @property
    def scenario(self) -> Scenario:
        """What was assumed."""
        return self.one.net.scenario

    @property
    def gate(self) -> Gate:
        """The record of the gate."""
        return self.scenario.gates[self.name]

    @property
    def number(self) -> int:
        """Number of the line among all lines."""
        return self.one.net.index[self.line.company, self.line.chip, self.line.route]

    @property
    def row(self) -> int:
        """Number of the line among those of the gate."""
        return self.one.net.places[self.name].rows.lines.index(self.number)

    @property
    def opening(self) -> Openings | None:
        """When the gate is open; None if it always is."""
        state = self.one.state
        return (state.goods.get(self.name) or state.papers[self.name]).opening

    def at(self, name: str) -> Crossing:
        """Return the same line at another gate."""
        return Crossing(self.one, self.line, name)

    def series(self, what: str) -> Floats:
        """Return what the record keeps of the gate under a name, such as `waiting`."""
        kept: dict[str, Floats] = getattr(self.one, what)
        return kept[self.name][:, self.row]

    def stock(self, name: str) -> Floats:
        """Return a stock of the line."""
        return self.one.stocks[name][:, self.number]

    @property
    def arrived(self) -> Floats:
        """Goods that have come to the gate: what is ordered, or has reached it from the last."""
        gates = self.scenario.routes[self.line.route].gates
        place = gates.index(self.name)
        if place == 0:
            return self.stock("ordered")
        last = self.at(gates[place - 1])
        return last.series("passed") - last.series("under_way")

    @property
    def outstanding(self) -> Floats:
        """Units that still need a paper of this gate: yet to be drawn for, less papers held."""
        upstream = self.one.net.papers[self.name].upstream[self.line.route]
        result = -self.series("waiting") - self.series("under_way")
        if self.asks_for == "wanted":
            result += self.stock("wanted") - self.stock("ordered")
        for name in upstream:
            goods = self.at(name)
            result += goods.series("waiting")
            if name != upstream[-1]:
                result += goods.series("under_way")
        return np.maximum(result, 0.0)

    @property
    def asks_for(self) -> str:
        """The stock for which a line asks for papers: `wanted` or `ordered`."""
        pool = self.gate.pool
        rounds = pool is not None and self.scenario.pools[pool].supply == "rounds"
        return self.gate.requests or ("wanted" if rounds else "ordered")

    def short_of(self, at: int) -> tuple[str, float]:
        """Return the scarcest paper at a moment, and how many goods wait for it.

        Of equally scarce papers the first by name; no name where nothing waits for a paper.
        """
        free = {paper: self.at(paper).series("waiting")[at] for paper in self.gate.requires}
        for ahead in self.one.net.goods[self.name].ahead:
            if ahead.route == self.line.route:
                taken = self._between(ahead)[at]
                for paper in ahead.papers:
                    free[paper] = max(self.at(paper).series("waiting")[at] - taken, 0.0)
        if not free:
            return "", 0.0
        name = min(sorted(free), key=free.__getitem__)
        held = float(self.series("waiting")[at] - free[name])
        return (name, held) if held > 0 else ("", 0.0)

    def _between(self, ahead: Ahead) -> Floats:
        """Goods that have left the gate and have not drawn their papers further down yet."""
        result = self.series("under_way").copy()
        for name in ahead.between:
            later = self.at(name)
            result += later.series("waiting")
            if name != ahead.between[-1]:
                result += later.series("under_way")
        return result

    def value(self, part: str, quantity: Quantity, day: dt.date | None = None) -> float:
        """Return what a part of the gate was drawn to be on this path."""
        return float(self.one.draws.number(f"gates.{self.name}.{part}", quantity, day=day)[0])

    def admitted(self) -> NDArray[np.bool_]:
        """Return whether the gate admits the line as each period begins."""
        found = self.one.net.admitted[self.name]
        if found is None:
            return np.ones(self.scenario.periods, dtype=np.bool_)
        result: NDArray[np.bool_] = found[:, self.row]
        return result

    def events(self, kind: type[E]) -> dict[str, tuple[E, float]]:
        """Return the events of a kind that meet the line here, each with its day from the start.

        Those that do not come about within the horizon are left out.
        """
        found: dict[str, tuple[E, float]] = {}
        for name, event in sorted(self.scenario.events.items()):
            if isinstance(event, kind) and self._meets(event):
                day = float(moment(name, event, self.one.draws)[0])
                if day < self.scenario.periods * self.scenario.period_days:
                    found[name] = (event, day)
        return found

    def taken(self, event: str) -> float:
        """Return what an event has revoked or recalled of the line here."""
        gone = self.one.state.taken.get(event)
        return 0.0 if gone is None else float(gone[self.row, 0])

    def period(self, day: float) -> int:
        """Return the period in which an event of a day acts: the first for an earlier one."""
        return max(int(day // self.scenario.period_days), 0)

    def _meets(self, event: Event) -> bool:
        if event.act == "divert":
            return event.pool == self.gate.pool
        if event.act == "shut":
            return event.gate == self.name
        hit = event.companies is None or self.line.company in event.companies
        return event.gate == self.name and hit
