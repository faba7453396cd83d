"""Dates: what is in force at the start, what could be known, and what comes in order."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from headworks.errors import Fault, NotInForce
from headworks.scenario.gate import DatedState, Opening
from headworks.scenario.pool import Flow, RatePool, Reference, StockPool
from headworks.scenario.walk import records_in, sources_named

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Sequence

    from headworks.scenario.checks.context import Context
    from headworks.scenario.yaml_file import KeyPath

KNOWN_LATE_DAYS = 31
"""A scenario may know at most this much of its own horizon: it forecasts the rest."""


def as_of_fits(context: Context) -> Iterator[Fault]:
    """Yield a fault where the scenario knows its own future."""
    scenario = context.scenario
    if not context.dates_known:
        return
    if scenario.as_of >= scenario.end:
        message = f"`as_of` {scenario.as_of} is not before the end of the horizon, {scenario.end}"
        yield context.fault(("as_of",), message, "set an earlier day, or a later `start`")
    elif (scenario.as_of - scenario.start).days > KNOWN_LATE_DAYS:
        message = f"`as_of` {scenario.as_of} is more than {KNOWN_LATE_DAYS} days after `start` "
        message += f"{scenario.start}: what is known would be forecast"
        yield context.fault(("as_of",), message, "start later, or set an earlier day")


def sources_were_out(context: Context) -> Iterator[Fault]:
    """Yield a fault where a number rests on what was published after `as_of`.

    The chips of the catalogue are left out: what a chip can do is no news of the world to come.
    """
    if not context.dates_known:
        return
    day = context.scenario.as_of
    for path, name in sources_named(context.scenario):
        source = context.catalogue.sources.get(name)
        if source is not None and source.published > day:
            message = f"{name!r} was published on {source.published}, after `as_of` {day}"
            remedy = "use what was known by then, or move `as_of`"
            yield context.fault(path, message, remedy)


def instruments_in_force(context: Context) -> Iterator[Fault]:
    """Yield a fault for each instrument that has no number at the start, as known by `as_of`."""
    scenario = context.scenario
    if not context.dates_known:
        return
    for gate_id, gate in scenario.gates.items():
        for number, test in enumerate(gate.admits):
            if test.below is None or test.below not in context.catalogue.instruments:
                continue
            path: KeyPath = ("gates", gate_id, "admits", number, "below")
            day = max(scenario.start, test.from_ or scenario.start)
            try:
                found = context.catalogue.value(test.below, day, known_by=scenario.as_of)
            except NotInForce as error:
                remedy = "give the test a later `from`, or name another instrument"
                yield context.fault(path, str(error), remedy)
                continue
            value = None if found is None else found.value
            if isinstance(value, bool) or not isinstance(value, int | float):
                message = f"{test.below!r} is {value!r} on {day}, not a number to stay under"
                yield context.fault(path, message, "name an instrument that is a number")


def flows_begin(context: Context) -> Iterator[Fault]:
    """Yield a fault where a flow is out of order, or has no value at the scenario's start."""
    for path, record in records_in(context.scenario.pools, ("pools",)):
        if isinstance(record, RatePool | StockPool | Reference):
            yield from _flow(context, (*path, "flow"), record.flow)


def _flow(context: Context, path: KeyPath, flow: Sequence[Flow]) -> Iterator[Fault]:
    yield from _ascending(context, path, [entry.from_ for entry in flow])
    start = context.scenario.start
    if flow and context.dates_known and flow[0].from_ > start:
        message = f"the flow has no value on {start}, the scenario's first day: its first value is "
        message += f"from {flow[0].from_}"
        remedy = f"add an entry from {start}, with an amount of 0 if there was none"
        yield context.fault((*path, 0, "from"), message, remedy)


def _ascending(context: Context, path: KeyPath, days: Sequence[dt.date]) -> Iterator[Fault]:
    for number, (day, following) in enumerate(itertools.pairwise(days), start=1):
        if following <= day:
            message = f"{following} does not come after {day}, the day before it in the list"
            yield context.fault((*path, number, "from"), message, "list the days in order, once")


def openings_in_order(context: Context) -> Iterator[Fault]:
    """Yield a fault where known states are out of order, or a process begins before their end."""
    for gate_id, gate in context.scenario.gates.items():
        opening = gate.opening
        if not isinstance(opening, Opening) or not opening.dated:
            continue
        path: KeyPath = ("gates", gate_id, "opening")
        yield from _ascending(context, (*path, "dated"), [state.from_ for state in opening.dated])
        yield from _process_follows(context, path, opening, opening.dated[-1])


def _process_follows(
    context: Context, path: KeyPath, opening: Opening, last: DatedState
) -> Iterator[Fault]:
    if opening.process is None:
        return
    begins = opening.process.from_ or context.scenario.start
    after_start = opening.process.from_ is not None or context.dates_known
    # Without a day of its own the process may follow states that all lie before the start.
    clash = last.from_ >= begins if opening.process.from_ else last.from_ > begins
    if after_start and clash:
        message = f"the process begins on {begins}, but the last known state is from {last.from_}"
        remedy = "give the process a later `from`"
        yield context.fault((*path, "process"), message, remedy)


CHECKS: tuple[Callable[[Context], Iterator[Fault]], ...] = (
    as_of_fits,
    sources_were_out,
    instruments_in_force,
    flows_begin,
    openings_in_order,
)
