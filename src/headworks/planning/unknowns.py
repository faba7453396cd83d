"""What could be found out before ordering: each gate's uncertain parts as drawn on every path.

Streams are named, so that a number that the flow draws can be drawn again from its key alone: the
features of a gate are those of the very paths that were run, and no path need be run for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from headworks.flow.events import moment
from headworks.flow.openings import openings, shut_spells
from headworks.flow.pools import PoolState, RoundsState
from headworks.planning.information import Unknown
from headworks.scenario.condition import Cap, Pairing
from headworks.scenario.pool import RoundsPool

if TYPE_CHECKING:
    from headworks.flow.draws import Draws
    from headworks.flow.line import Line
    from headworks.flow.network import GoodsGate, Network, PaperGate
    from headworks.planning.problem import Floats
    from headworks.scenario.condition import Condition

TIMES = ("lead_time_days", "validity_days", "patience_days")
"""Parts of a gate that are lengths of time, drawn once per path."""


def unknowns(net: Network, draws: Draws, company: str | None = None) -> list[Unknown]:
    """Return what is uncertain, gate by gate, then drivers and events.

    What is the same on all paths is left out, and so is a gate of which nothing is left.

    Args:
        net: The network.
        draws: Draws of the paths: a plan's own, so that features and benefits are of one luck.
        company: Only gates that its lines pass, and only what concerns them; all if None.
    """
    found = [
        _unknown(name, dict(_gate(net, place, draws, company)))
        for name, place in net.places.items()
        if _lines(net, place, company)
    ]
    for name, values in draws.drivers.values.items():
        columns = {"mean": values.mean(axis=0), "first quarter": values[0]}
        found.append(_unknown(f"driver {name}", columns))
    horizon = float(net.scenario.periods * net.scenario.period_days)
    for name, event in sorted(net.scenario.events.items()):
        day = np.minimum(moment(name, event, draws), horizon)
        found.append(_unknown(f"event {name}", {"day": day}))
    return [one for one in found if one.columns]


def _unknown(name: str, columns: Mapping[str, Floats]) -> Unknown:
    return Unknown(name, {label: x for label, x in columns.items() if np.ptp(x) > 0})


def _lines(net: Network, place: GoodsGate | PaperGate, company: str | None) -> list[Line]:
    lines = [net.lines[row] for row in place.rows.lines]
    return [line for line in lines if company in {None, line.company}]


def _gate(
    net: Network, place: GoodsGate | PaperGate, draws: Draws, company: str | None
) -> Iterator[tuple[str, Floats]]:
    """Yield the columns of a gate: label and values, shape (path,)."""
    gate, key, lines = place.gate, f"gates.{place.name}", _lines(net, place, company)
    shut = shut_spells(net.scenario, place.name, draws)
    if shut or not isinstance(gate.opening, str):
        yield from _opening(net, place, draws)
    if gate.pool is not None:
        yield from _pool(net, gate.pool, lines, draws)
    for name, condition in sorted(gate.conditions.items()):
        if any(_concerns(condition, line) for line in lines):
            yield from _condition(f"{key}.conditions.{name}", name, condition, draws)
    for part in TIMES:
        quantity = getattr(gate, part)
        if quantity is not None:
            yield part, draws.number(f"{key}.{part}", quantity)
    if gate.take_up is not None:
        yield "take_up", _take_up(net, place, lines, draws)


def _opening(
    net: Network, place: GoodsGate | PaperGate, draws: Draws
) -> Iterator[tuple[str, Floats]]:
    """Yield the open share of the horizon and of its first quarter, and when it is first open."""
    scenario, key = net.scenario, f"gates.{place.name}.opening"
    shut = shut_spells(scenario, place.name, draws)
    found = openings(key, place.gate.opening, scenario, draws, shut)
    share = np.broadcast_to(found.share, (scenario.periods, draws.paths))
    yield "open share", share.mean(axis=0)
    yield "open share at first", share[: max(scenario.periods // 4, 1)].mean(axis=0)
    ever = (share > 0).any(axis=0)
    yield "first open", np.where(ever, (share > 0).argmax(axis=0), scenario.periods).astype(float)


def _pool(net: Network, name: str, lines: list[Line], draws: Draws) -> Iterator[tuple[str, Floats]]:
    """Yield what a pool gives; of rounds, each one's size where it comes in time, and when."""
    scenario = net.scenario
    pool = scenario.pools[name]
    if not isinstance(pool, RoundsPool):
        state = PoolState(name, pool, scenario, draws)
        chips = {line.chip for line in lines}
        for cell, values in zip(state.cells, state.planned, strict=True):
            if not cell or cell in chips:
                yield f"supply {cell}".strip(), values
        return
    companies = {line.company for line in lines}
    for record in RoundsState(name, pool, scenario, draws).rounds:
        eligible = pool.rounds[record.name].eligible
        if eligible is None or companies & set(eligible):
            in_time = record.due < scenario.periods
            yield f"{record.name} size", np.where(in_time, record.size, 0.0)
            yield (
                f"{record.name} when",
                np.where(in_time, record.due, scenario.periods).astype(float),
            )


def _concerns(condition: Condition, line: Line) -> bool:
    companies, chips = condition.companies, condition.chips
    return (companies is None or line.company in companies) and (
        chips is None or line.chip in chips
    )


def _condition(
    key: str, name: str, condition: Condition, draws: Draws
) -> Iterator[tuple[str, Floats]]:
    """Yield whether a condition applies, and its number where it does (0 elsewhere)."""
    part = (
        "amount" if isinstance(condition, Cap)
        else "ratio" if isinstance(condition, Pairing) else "share"
    )  # fmt: skip
    applies = np.ones(draws.paths, dtype=np.bool_)
    if condition.probability is not None:
        applies = draws.happens(f"{key}.probability", condition.probability, day=condition.from_)
    yield f"{name} applies", applies.astype(np.float64)
    number = draws.number(f"{key}.{part}", getattr(condition, part), day=condition.from_)
    yield f"{name} {part}", np.where(applies, number, 0.0)
    if isinstance(condition, Pairing) and condition.grace is not None:
        grace = draws.number(f"{key}.grace", condition.grace, day=condition.from_)
        yield f"{name} grace", np.where(applies, grace, 0.0)


def _take_up(net: Network, place: GoodsGate | PaperGate, lines: list[Line], draws: Draws) -> Floats:
    """Return the mean share of awards that lines use, over lines and rounds, shape (path,)."""
    quantity = place.gate.take_up
    assert quantity is not None  # noqa: S101 - as the caller has seen
    pool = net.scenario.pools[place.gate.pool] if place.gate.pool else None
    rounds = pool.rounds if isinstance(pool, RoundsPool) else {"": None}
    found = [
        draws.number(
            f"gates.{place.name}.take_up/{line.key}" + (f"/{name}" if name else ""),
            quantity, day=None if record is None else record.on,
        )
        for line in lines
        for name, record in rounds.items()
        if record is None or record.eligible is None or line.company in record.eligible
    ]  # fmt: skip
    return np.mean(found, axis=0) if found else np.zeros(draws.paths)
