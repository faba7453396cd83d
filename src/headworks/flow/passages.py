"""What each gate did to a line on one path, in sentences that name the rule and its sources."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.scenario.gate import Gate, Opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.flow.history import History
    from headworks.flow.line import Line
    from headworks.flow.openings import Openings
    from headworks.scenario.quantity import Evidence, Quantity

Floats: TypeAlias = NDArray[np.float64]
Row: TypeAlias = tuple[
    str, dt.date | None, dt.date | None, dt.date | None, float, float, float,
    tuple[str, ...], tuple[str, ...],
]  # fmt: skip


def passages(one: History, line: Line) -> Iterator[Row]:
    """Yield, for one line, its orders and then each gate: papers before the goods they let pass.

    A row is (gate, first, half, last, asked, passed, waiting, sentences, sources).
    """
    yield _orders(one, line)
    number = one.net.index[line.company, line.chip, line.route]
    asked = float(one.stocks["ordered"][-1, number])
    for name in one.net.scenario.routes[line.route].gates:
        gate = one.net.scenario.gates[name]
        for paper in gate.requires:
            yield _papers(one, line, paper)
        row = _goods(one, line, name, asked)
        yield row
        asked = row[5]


def _orders(one: History, line: Line) -> Row:
    number = one.net.index[line.company, line.chip, line.route]
    wanted, ordered = one.stocks["wanted"][:, number], one.stocks["ordered"][:, number]
    want = one.net.scenario.companies[line.company].wants[line.chip]
    stated = f"states a want of {wanted[-1]:,.0f} units by the end and orders {ordered[-1]:,.0f}"
    sentences = [f"{stated}: the need behind it, and what the terms of sale leave of that"]
    if want.reaction is not None:
        sentences.append(f"orders follow the papers that {want.reaction.after} grants")
    dates = _dates(one, ordered)
    evidence: list[Evidence] = [request.units for request in want.schedule]
    sources = _sources([*evidence, want.need, want.routes])
    return ("orders", *dates, wanted[-1], ordered[-1], 0.0, tuple(sentences), sources)


def _papers(one: History, line: Line, name: str) -> Row:
    state = one.state.papers[name]
    row = state.rows.index(one.net.index[line.company, line.chip, line.route])
    granted = one.passed[name][:, row]
    gate = one.net.scenario.gates[name]
    sentences = [f"{_called(name, gate)} grants {granted[-1]:,.0f} papers"]
    lapsed = one.lapsed[name][-1, row]
    if lapsed > 0:
        sentences.append(f"{lapsed:,.0f} of them lapse or are revoked unused")
    sentences.extend(_round_sentences(one, gate, granted))
    sentences.extend(_common(one, name, gate, state.opening))
    unused = one.waiting[name][-1, row]
    asked = one.stocks["wanted" if _asks_wanted(one, gate) else "ordered"]
    total = float(asked[-1, one.net.index[line.company, line.chip, line.route]])
    dates = _dates(one, granted)
    return (name, *dates, total, granted[-1], unused, tuple(sentences), _gate_sources(one, gate))


def _goods(one: History, line: Line, name: str, asked: float) -> Row:
    state = one.state.goods[name]
    row = state.rows.index(one.net.index[line.company, line.chip, line.route])
    passed, waiting = one.passed[name][:, row], one.waiting[name][:, row]
    gate = one.net.scenario.gates[name]
    sentences = [f"{_called(name, gate)} passes {passed[-1]:,.0f} of {asked:,.0f} units"]
    if waiting.max() > 0:
        most = int(waiting.argmax())
        sentences.append(f"most wait in the week of {one.day(most)}: {waiting[most]:,.0f}")
    if gate.pool is not None:
        sentences.append(f"the pool {gate.pool} is shared by {gate.rationing.replace('_', ' ')}")
    sentences.extend(_common(one, name, gate, state.opening))
    dates = _dates(one, passed)
    return (
        name,
        *dates,
        asked,
        passed[-1],
        waiting[-1],
        tuple(sentences),
        _gate_sources(one, gate),
    )


def _common(one: History, name: str, gate: Gate, opening: Openings | None) -> Iterator[str]:
    """Yield what any gate may have: shut spells, lead time, patience, validity, conditions."""
    if opening is not None:
        yield from _shut(one, opening)
    for part, what in (
        ("lead_time_days", "lead time"),
        ("validity_days", "life of a paper"),
        ("patience_days", "mean patience of what waits"),
    ):
        quantity: Quantity | None = getattr(gate, part)
        if quantity is not None:
            days = one.draws.number(f"gates.{name}.{part}", quantity)[0]
            yield f"{what} {days:,.0f} days"
    for condition_id, condition in sorted(gate.conditions.items()):
        key = f"gates.{name}.conditions.{condition_id}.probability"
        applies = condition.probability is None or bool(
            one.draws.happens(key, condition.probability, day=condition.from_)[0]
        )
        verb = "applies" if applies else "does not come about"
        yield f"the condition {condition_id} ({condition.kind.replace('_', ' ')}) {verb}"


def _shut(one: History, opening: Openings) -> Iterator[str]:
    """Yield the spells in which a gate is shut, by the periods they fall into."""
    column = 0  # the first path of the run, or the only column of a gate alike on all paths
    shut = opening.share[:, column] < 1.0
    edges = np.flatnonzero(np.diff(np.concatenate([[False], shut, [False]])))
    spells = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    for begin, end in spells[:6]:
        yield f"shut, at least in part, from {one.day(begin + 1)} to {one.day(end + 1)}"
    if len(spells) > 6:  # noqa: PLR2004 - a reader's patience
        yield f"and {len(spells) - 6} more times"


def _round_sentences(one: History, gate: Gate, granted: Floats) -> Iterator[str]:
    """Yield the rounds of a gate's pool: when each came, how large, what the line was granted."""
    rounds = one.state.rounds.get(gate.pool or "")
    if rounds is None:
        return
    for record in rounds.rounds:
        size, when = record.size[0], int(record.when[0])
        if when < 0:
            reason = "has not come by the end" if size > 0 else "is not confirmed"
            yield f"round {record.name} {reason}"
        elif size > 0:
            own = granted[when + 1] - granted[when]
            day = one.day(when + 1)
            yield f"round {record.name} of {day} has {size:,.0f}: {own:,.0f} used here"
        else:
            yield f"round {record.name} is not confirmed"


def _asks_wanted(one: History, gate: Gate) -> bool:
    pools = one.net.scenario.pools
    rounds = gate.pool is not None and pools[gate.pool].supply == "rounds"
    return (gate.requests or ("wanted" if rounds else "ordered")) == "wanted"


def _dates(one: History, passed: Floats) -> tuple[dt.date | None, dt.date | None, dt.date | None]:
    """Return when the first, half and the last of a cumulative count passed."""
    total = passed[-1] - passed[0]
    if total <= 0:
        return None, None, None
    gone = passed - passed[0]
    moments = [int(np.argmax(gone >= share * total)) for share in (1e-9, 0.5, 1.0 - 1e-9)]
    first, half, last = (one.day(moment) for moment in moments)
    return first, half, last


def _called(name: str, gate: Gate) -> str:
    return f"{name} ({gate.title})" if gate.title else name


def _gate_sources(one: History, gate: Gate) -> tuple[str, ...]:
    """Return the sources behind a gate, its conditions and its pool."""
    parts: list[object] = [gate]
    if gate.pool is not None:
        parts.append(one.net.scenario.pools[gate.pool])
    return _sources(parts)


def _sources(parts: list[object]) -> tuple[str, ...]:
    from headworks.scenario.catalogue import evidence_in

    found = {item.source for part in parts for _, item in evidence_in(part) if item.source}
    for part in parts:
        if isinstance(part, Gate):
            found |= {test.source for test in part.admits if test.source}
            found |= {c.source for c in part.conditions.values() if c.source}
            if isinstance(part.opening, Opening):
                found |= {state.source for state in part.opening.dated}
    return tuple(sorted(found))
