"""Papers on every path: granted, pending, usable, drawn, lapsed and revoked, by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.ceilings import Ceiling
from headworks.flow.delay import Delay, History
from headworks.flow.network import PaperGate, span

if TYPE_CHECKING:
    import datetime as dt

    from headworks.flow.draws import Draws
    from headworks.flow.goods import GoodsState
    from headworks.flow.line import Line
    from headworks.flow.openings import Openings
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]


class PaperState:
    """The papers of one gate; arrays have shape (row, path), in units.

    At all times granted = pending + unused + drawn + lapsed + revoked.
    """

    def __init__(
        self, place: PaperGate, lines: tuple[Line, ...], opening: Openings | None,
        scenario: Scenario, draws: Draws,
    ) -> None:  # fmt: skip
        gate, name = place.gate, place.name
        self.place = place
        self.name = name
        self.key = f"gates.{name}"
        self.rows = list(place.rows.lines)
        self.span = span(place.rows.lines)
        self.lines = [lines[number] for number in place.rows.lines]
        self.opening = opening
        shape = (len(self.lines), draws.paths)
        self.granted, self.unused, self.lapsed, self.revoked, self.declined = (
            np.zeros(shape) for _ in range(5)
        )
        self._drawn_before = np.zeros(shape)
        self._drawing: list[tuple[GoodsState, slice, slice]] = []
        self.before = np.zeros(shape if opening is None else opening.left(0, np.zeros(shape)).shape)
        """What its opening needs to know of what was left of its claims at the end of the last
        period."""
        self._usable = np.zeros(shape)
        self._spent = np.zeros(shape)
        self._draws = draws
        self._take_ups: dict[str, Floats] = {}
        length = scenario.period_days
        self.pending: Delay | None = None
        if gate.lead_time_days is not None:
            lead = draws.number(f"{self.key}.lead_time_days", gate.lead_time_days) / length
            self.pending = Delay(lead, shape)
        self._life: History | None = None
        if gate.validity_days is not None:
            life = draws.number(f"{self.key}.validity_days", gate.validity_days) / length
            self._life = History(np.maximum(life, 1.0), shape)  # at least the period of its grant
        self.ceilings = [
            ceiling
            for condition_id, condition in sorted(gate.conditions.items())
            if (
                ceiling := Ceiling(
                    f"{self.key}.conditions.{condition_id}", condition, self.lines, lines,
                    scenario, draws,
                )
            ).groups.names
        ]  # fmt: skip

    @property
    def under_way(self) -> Floats | float:
        """Papers granted and not usable yet."""
        return 0.0 if self.pending is None else self.pending.amount

    @property
    def drawn(self) -> Floats:
        """Papers used up so far: what was before the start, and what has passed where they are."""
        result = self._drawn_before.copy()
        for goods, rows, there in self._drawing:
            result[rows] += goods.passed[there]
        return result

    @property
    def net(self) -> Floats:
        """Papers granted and not lost since: what ceilings count."""
        return self.granted - self.lapsed - self.revoked

    def take_ups(self, round_id: str, day: dt.date | None) -> Floats | None:
        """Return the share of an award that each line really uses, shape (row, path).

        Args:
            round_id: Round of the award; empty where papers are not granted in rounds.
            day: When the drivers are read; the start if None.

        Returns:
            None where all of every award is used.
        """
        quantity = self.place.gate.take_up
        if quantity is None:
            return None
        if round_id not in self._take_ups:
            suffix = f"/{round_id}" if round_id else ""
            self._take_ups[round_id] = np.stack(
                [
                    self._draws.number(f"{self.key}.take_up/{line.key}{suffix}", quantity, day=day)
                    for line in self.lines
                ]
            )
        return self._take_ups[round_id]

    def begin(self, row: int, holding: str, units: float) -> None:
        """Put a starting balance in: `unused` papers, or what had `passed` before."""
        self.granted[row] += units
        if holding == "unused":
            self.unused[row] += units
            self._usable[row] += units
        else:
            self._drawn_before[row] += units
            self._usable[row] += units
            self._spent[row] += units

    def drawn_at(self, goods: GoodsState, route: str) -> None:
        """Count what passes a gate from now on as drawn; called once for each route."""
        rows, there = self.place.rows.blocks[route], goods.place.rows.blocks[route]
        self._drawn_before[rows] -= goods.passed[there]
        self._drawing.append((goods, rows, there))

    def ripen(self, period: int) -> None:
        """Make usable what has been pending long enough."""
        if self.pending is not None:
            self._add(self.pending.leave(period))

    def lapse(self, period: int) -> Floats | None:
        """Let papers lapse whose life is over; return how many, or None if none can.

        Papers are drawn earliest expiry first, so what was usable a life ago and is neither drawn
        nor lost by now is what lapses.
        """
        if self._life is None:
            return None
        gone = np.clip(self._life.between(period) - self._spent, 0.0, self.unused)
        self.unused -= gone
        self.lapsed += gone
        self._spent += gone
        return gone

    def grant(self, period: int, papers: Floats | None) -> None:
        """Issue papers, shape (row, path); None for none. Called once in every period."""
        if papers is not None:
            self.granted += papers
        if self.pending is not None:
            mass = np.zeros_like(self.granted) if papers is None else papers
            at_once = self.pending.enter(period, mass)
            if at_once is not None:
                self._add(at_once)
        elif papers is not None:
            self._add(papers)
        if self._life is not None:
            self._life.write(period, self._usable.copy())

    def draw(self, rows: slice, papers: Floats) -> None:
        """Use papers of some rows up."""
        self.unused[rows] -= papers
        if self._life is not None:
            self._spent[rows] += papers

    def revoke(self, share: Floats) -> Floats:
        """Revoke a share of all papers not used yet, shape (row, path); return how many."""
        gone = self.unused * share
        self.unused -= gone
        self._spent += gone
        if self.pending is not None:
            gone = gone + self.pending.remove(share)
        self.revoked += gone
        return gone

    def _add(self, papers: Floats) -> None:
        self.unused += papers
        if self._life is not None:
            self._usable += papers
