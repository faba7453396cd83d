"""The standing rules of a gate as they were drawn for a line on one path, in sentences.

Dates are the first days of periods. What did not matter to the line is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from headworks.flow.crossing import HALF, Crossing
from headworks.rationing.rule import rule
from headworks.scenario.condition import Cap, FlowShare, Pairing
from headworks.scenario.event import Shut
from headworks.scenario.pool import RoundsPool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from headworks.flow.history import History
    from headworks.flow.line import Line

Condition: TypeAlias = Cap | FlowShare | Pairing

SPELLS_TOLD = 6
"""Shut spells that are told one by one: a reader's patience."""
COUNTED = {
    "units": "",
    "tpp": ", counted in TPP",
    "memory_bandwidth_gb_per_s": ", counted in memory bandwidth",
}


def ordering(one: History, line: Line) -> Iterator[str]:
    """Yield what limits the orders of a line: the need, the terms of sale, and papers."""
    number = one.net.index[line.company, line.chip, line.route]
    want = one.net.scenario.companies[line.company].wants[line.chip]
    wanted, needed = (
        float(values[number, 0]) for values in (one.state.orders.wanted, one.state.orders.needed)
    )
    if wanted - needed >= HALF:
        deters = ", less what the terms of sale deter,"
        less = deters if line.chip in one.net.scenario.terms else ""
        yield f"the need behind the stated want{less} is {needed:,.0f}"
    if want.reaction is not None:
        key = f"companies.{line.company}.wants.{line.chip}.reaction.before_share"
        before = float(one.draws.number(key, want.reaction.before_share)[0])
        yield (
            f"{percent(before)} of the need is ordered beforehand, the rest as "
            f"{want.reaction.after} grants papers"
        )


def standing(at: Crossing) -> Iterator[str]:
    """Yield admission, shut spells, the pool and its sharing, conditions, and times."""
    yield from _not_admitted(at)
    yield from _shut(at)
    yield from _pool(at)
    for name, condition in sorted(at.gate.conditions.items()):
        if limits(at, condition):
            yield _condition(at, name, condition)
    for part, text in (
        ("lot", "least lot {:,.0f}"),
        ("lead_time_days", "lead time {:,.0f} days"),
        ("patience_days", "what waits is withdrawn after {:,.0f} days on average"),
    ):
        quantity = getattr(at.gate, part)
        if quantity is not None:
            yield text.format(at.value(part, quantity))


def limits(at: Crossing, condition: Condition) -> bool:
    """Return whether a condition, if it applies, limits the line."""
    company, chip = at.line.company, at.line.chip
    if condition.companies is not None and company not in condition.companies:
        return False
    if condition.chips is not None and chip not in condition.chips:
        return False
    if isinstance(condition, FlowShare):
        return company not in condition.of
    earns = isinstance(condition, Pairing) and condition.chips is None
    return not (earns and isinstance(condition, Pairing) and chip in condition.domestic)


def applies(at: Crossing, name: str, condition: Condition) -> bool:
    """Return whether a condition comes about on this path."""
    chance = condition.probability
    key = f"gates.{at.name}.conditions.{name}.probability"
    return chance is None or bool(at.one.draws.happens(key, chance, day=condition.from_)[0])


def percent(share: float) -> str:
    """Return a share in per cent, with a decimal where it is small."""
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"


def _condition(at: Crossing, name: str, condition: Condition) -> str:
    kind = condition.kind.replace("_", " ")
    if not applies(at, name, condition):
        return f"the condition {name} ({kind}) does not come about"
    since = "" if condition.from_ is None else f" from {condition.from_}"
    if isinstance(condition, Pairing):
        what = _pairing(at, name, condition)
    elif isinstance(condition, Cap):
        what = _cap(at, name, condition)
    else:
        share = at.value(f"conditions.{name}.share", condition.share, condition.from_)
        others = " and ".join(condition.of)
        what = f"no more than {percent(share)} of what {others} have {condition.stock}"
    return f"the condition {name} ({kind}) applies{since}: {what}{COUNTED[condition.metric]}"


def _cap(at: Crossing, name: str, cap: Cap) -> str:
    amount = at.value(f"conditions.{name}.amount", cap.amount, cap.from_)
    who = {"all": "in all"}.get(cap.by, f"for each {cap.by.replace('_', ' ')}")
    span = ""
    if cap.per_days is not None:
        span = f" in any {at.value(f'conditions.{name}.per_days', cap.per_days):,.0f} days"
    return f"no more than {amount:,.0f} {who}{span}"


def _pairing(at: Crossing, name: str, pairing: Pairing) -> str:
    """Return the ratio and grace drawn on the path, and how much they had let through by the end.

    What is let through is counted in chips of the line's own type.
    """
    key = f"conditions.{name}"
    ratio = at.value(f"{key}.ratio", pairing.ratio, pairing.from_)
    grace, grace_text, multiple = 0.0, "", ratio
    if pairing.grace is not None:
        grace = at.value(f"{key}.grace", pairing.grace, pairing.from_)
        grace_text = f", beyond a grace of {grace:,.0f}"
    if pairing.grace_days is not None:
        days = at.value(f"{key}.grace_days", pairing.grace_days, pairing.from_)
        grace_text += f", not enforced for {days:,.0f} days"
    if pairing.direction == "imported_per_domestic":
        rule = f"{ratio:.3g} imported for each domestic chip {pairing.trigger}"
    else:
        rule = f"{ratio:.3g} domestic chips {pairing.trigger} for each import"
        multiple = 1 / ratio if ratio > 0 else np.inf
    stock = at.one.stocks[pairing.trigger][-1]
    earned = sum(
        float(stock[number]) * _size(at, line.chip, pairing.metric)
        for number, line in enumerate(at.one.net.lines)
        if line.company == at.line.company and line.chip in pairing.domestic
    )
    size = _size(at, at.line.chip, pairing.metric)
    if not size or not np.isfinite(multiple):
        return rule + grace_text
    room = (grace + multiple * earned) / size
    return f"{rule}{grace_text}, which allows {at.line.company} {room:,.0f} by the end"


def _size(at: Crossing, chip_id: str, metric: str) -> float:
    """Return what one chip counts for in a metric."""
    chip = at.scenario.chips[chip_id]
    if metric == "tpp":
        return float(chip.tpp or 0.0)
    if metric == "memory_bandwidth_gb_per_s":
        bandwidth = chip.memory_bandwidth_gb_per_s
        return bandwidth.median if bandwidth else 0.0
    return 1.0


def _pool(at: Crossing) -> Iterator[str]:
    """Yield with how many other lines a pool is shared, and how."""
    pool = at.gate.pool
    if pool is None:
        return
    places = at.one.net.places.values()
    others = sum(len(place.rows.lines) for place in places if place.gate.pool == pool) - 1
    if isinstance(at.scenario.pools[pool], RoundsPool):
        yield f"a round is shared by {rule(at.gate.rationing).title}"
    elif others > 0:
        many = "line" if others == 1 else "lines"
        weight = at.gate.weights.get(at.line.company)
        weighted = "" if weight is None else f" with weight {weight:g}"
        how = f"by {rule(at.gate.rationing).title}"
        yield f"the pool {pool} is shared with {others} other {many}, {how}{weighted}"


def _not_admitted(at: Crossing) -> Iterator[str]:
    admitted = at.admitted()
    if not admitted.all():
        spells = _spells(~admitted)
        what = "refused" if at.gate.on_inadmissible == "refuse" else "held"
        yield f"not admitted, and {what}, {_told(at, spells)}"


def _shut(at: Crossing) -> Iterator[str]:
    """Yield when a gate was shut while something waited for it, and the events that shut it."""
    if at.opening is None:
        return
    queue = at.series("waiting") if at.name in at.one.net.goods else at.outstanding
    waits = queue[1:] >= HALF
    shut = at.opening.share[:, 0] < 1.0
    if shut.all():
        yield "shut all the time"
        return
    for name, (event, day) in at.events(Shut).items():
        key = f"events.{name}.for_days"
        end = day + float(at.one.draws.number(key, event.for_days, day=event.on)[0])
        length = at.scenario.period_days
        begin, stop = max(int(day // length), 0), max(int(-(-end // length)), 0)
        if waits[begin:stop].any():
            span = _told(at, [(begin, min(stop, at.scenario.periods))])
            yield f"the event {name} ({event.title}) shuts it {span}"
        shut[begin:stop] = False
    spells = [(begin, end) for begin, end in _spells(shut) if waits[begin:end].any()]
    if spells:
        yield f"shut while something waits, at least in part, {_told(at, spells)}"


def _spells(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the runs of true values, each [from, to)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _told(at: Crossing, spells: list[tuple[int, int]]) -> str:
    """Return spells [from, to) of periods by their days."""
    if spells == [(0, at.scenario.periods)]:
        return "all the time"
    days = [
        f"from {at.one.day(begin + 1)} to {at.one.day(end + 1)}"
        if end < at.scenario.periods
        else f"from {at.one.day(begin + 1)} to the end"
        for begin, end in spells[:SPELLS_TOLD]
    ]
    more = [f"{len(spells) - SPELLS_TOLD} more times"] if len(spells) > SPELLS_TOLD else []
    *first, last = [*days, *more]
    return f"{', '.join(first)} and {last}" if first else last
