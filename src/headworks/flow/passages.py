"""What each gate did to a line on one path: numbers, dates, and the rules behind them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow import happenings, rules
from headworks.flow.crossing import HALF, Crossing
from headworks.scenario.catalogue import evidence_in
from headworks.scenario.gate import Gate, Opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.flow.history import History
    from headworks.flow.line import Line
    from headworks.scenario.quantity import Evidence

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Passage:
    """What one gate did to one line on the path; dates are the first days of periods."""

    line: str
    """Key of the line."""
    gate: str
    """Name of the gate, or `orders` for what comes before all gates."""
    kind: Literal["orders", "grants", "passes"]
    """Whether it issues papers or moves goods."""
    title: str
    """What the gate is; empty where the scenario does not say."""
    first: dt.date | None
    """Period in which the first of it passed; None if nothing did."""
    half: dt.date | None
    """Period by which half of what passed by the end had passed."""
    last: dt.date | None
    """Period in which the last of it passed."""
    asked: float
    """Units that came to the gate by the end; for orders and papers, what `of` says."""
    of: Literal["wanted", "ordered", "arrived"]
    """What `asked` counts."""
    passed: float
    """Units that it let through by the end; for papers, those granted."""
    waiting: float
    """Units that still wait at the end; for papers, those usable and not used."""
    sentences: tuple[str, ...]
    """What happened and by which rule; nothing where nothing came."""
    sources: tuple[str, ...]
    """Sources that the rule rests on."""

    @property
    def reached(self) -> bool:
        """Whether as much as half a unit was asked for."""
        return self.asked >= HALF

    @property
    def headline(self) -> str:
        """The numbers and dates in one line."""
        title = f" ({self.title})" if self.title else ""
        if not self.reached:
            none = {"orders": "nothing is wanted", "grants": "nothing is asked for"}
            return f"{self.gate}{title}: {none.get(self.kind, 'nothing comes here')}"
        of = {"arrived": "", "wanted": " wanted", "ordered": " ordered"}[self.of]
        papers = " papers for" if self.kind == "grants" else " of"
        numbers = f"{self.passed:,.0f}{papers} {self.asked:,.0f}{of}"
        if self.passed < HALF or self.first is None:
            return f"{self.gate}{title}: {numbers}"
        when = str(self.first)
        if self.last != self.first:
            when = f"{self.first} to {self.last}, half by {self.half}"
        return f"{self.gate}{title}: {numbers}, {when}"


def passages(one: History, line: Line) -> Iterator[Passage]:
    """Yield, for one line, its orders and then each gate: papers before the goods they let pass."""
    yield _orders(one, line)
    for name in one.net.scenario.routes[line.route].gates:
        for paper in one.net.scenario.gates[name].requires:
            yield _papers(Crossing(one, line, paper))
        yield _goods(Crossing(one, line, name))


def _orders(one: History, line: Line) -> Passage:
    number = one.net.index[line.company, line.chip, line.route]
    wanted, ordered = one.stocks["wanted"][:, number], one.stocks["ordered"][:, number]
    want = one.net.scenario.companies[line.company].wants[line.chip]
    evidence: list[Evidence] = [request.units for request in want.schedule]
    return Passage(
        line.key,
        "orders",
        "orders",
        "",
        *_dates(one, ordered),
        asked=float(wanted[-1]),
        of="wanted",
        passed=float(ordered[-1]),
        waiting=0.0,
        sentences=tuple(rules.ordering(one, line)) if wanted[-1] >= HALF else (),
        sources=_sources([*evidence, want.need, want.routes]),
    )


def _papers(at: Crossing) -> Passage:
    granted = at.series("passed")
    asked = float(at.stock(at.asks_for)[-1])
    told = [
        *happenings.fate_of_papers(at),
        *happenings.rounds(at),
        *happenings.lapses(at),
        *happenings.events(at),
        *rules.standing(at),
    ]
    return Passage(
        at.line.key,
        at.name,
        "grants",
        at.gate.title or "",
        *_dates(at.one, granted),
        asked=asked,
        of="wanted" if at.asks_for == "wanted" else "ordered",
        passed=float(granted[-1]),
        waiting=float(at.series("waiting")[-1]),
        sentences=tuple(told) if asked >= HALF else (),
        sources=_gate_sources(at),
    )


def _goods(at: Crossing) -> Passage:
    passed, waiting = at.series("passed"), at.series("waiting")
    asked = float(at.arrived[-1])
    told = [
        *happenings.fate_of_goods(at),
        *happenings.most_waiting(at),
        *happenings.events(at),
        *rules.standing(at),
    ]
    return Passage(
        at.line.key,
        at.name,
        "passes",
        at.gate.title or "",
        *_dates(at.one, passed),
        asked=asked,
        of="arrived",
        passed=float(passed[-1]),
        waiting=float(waiting[-1]),
        sentences=tuple(told) if asked >= HALF else (),
        sources=_gate_sources(at),
    )


def _dates(one: History, passed: Floats) -> tuple[dt.date | None, dt.date | None, dt.date | None]:
    """Return when the first, half and the last of a cumulative count passed."""
    total = passed[-1] - passed[0]
    if total <= 0:
        return None, None, None
    gone = passed - passed[0]
    moments = [int(np.argmax(gone >= share * total)) for share in (1e-9, 0.5, 1.0 - 1e-9)]
    first, half, last = (one.day(moment) for moment in moments)
    return first, half, last


def _gate_sources(at: Crossing) -> tuple[str, ...]:
    """Return the sources behind a gate, its conditions and its pool."""
    pool = at.gate.pool
    return _sources([at.gate, *([] if pool is None else [at.scenario.pools[pool]])])


def _sources(parts: list[object]) -> tuple[str, ...]:
    found = {item.source for part in parts for _, item in evidence_in(part) if item.source}
    for part in parts:
        if isinstance(part, Gate):
            found |= {test.source for test in part.admits if test.source}
            found |= {c.source for c in part.conditions.values() if c.source}
            if isinstance(part.opening, Opening):
                found |= {state.source for state in part.opening.dated}
    return tuple(sorted(found))
