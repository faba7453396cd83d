"""What happened to a line at a gate on one path, in sentences: rounds, lapses, waits, events.

Dates are the first days of periods. What had no effect on the line is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.flow.crossing import HALF, Crossing, Floats
from headworks.flow.rules import applies, limits, percent
from headworks.scenario.event import Divert, EventBase, Recall, Revoke
from headworks.scenario.gate import Opening
from headworks.scenario.pool import RoundsPool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.flow.pools import RoundState
    from headworks.scenario.pool import Round

ALL_BUT = 0.995
"""More than this share is all."""


def fate_of_papers(at: Crossing) -> Iterator[str]:
    """Yield what has become of the papers granted, by the end."""
    granted, unused, pending, lapsed, revoked = (
        float(at.series(what)[-1])
        for what in ("passed", "waiting", "under_way", "lapsed", "revoked")
    )
    parts = (
        (granted - unused - pending - lapsed - revoked, "drawn"),
        (lapsed, "lapsed"),
        (revoked, "revoked"),
        (unused, "unused"),
        (pending, "not usable yet"),
    )
    known = [f"{units:,.0f} {what}" for units, what in parts if units >= HALF]
    if known and known != [f"{granted:,.0f} drawn"]:
        yield f"by the end {', '.join(known)}"


def fate_of_goods(at: Crossing) -> Iterator[str]:
    """Yield what has become of the goods that came and did not pass, or have not arrived."""
    waiting, under_way = float(at.series("waiting")[-1]), float(at.series("under_way")[-1])
    recalled = sum(at.taken(name) for name in at.events(Recall))
    gone = float(at.arrived[-1] - at.series("passed")[-1]) - waiting - recalled
    how = "withdrawn"
    if at.gate.on_inadmissible == "refuse" and not at.admitted().all():
        how = "refused" if at.gate.patience_days is None else "withdrawn or refused"
    last = at.scenario.routes[at.line.route].gates[-1]
    parts = (
        (gone, how),
        (recalled, "recalled"),
        (waiting, "still waiting"),
        (under_way, "on their way from here" if last != at.name else "not in service yet"),
    )
    known = [f"{units:,.0f} {what}" for units, what in parts if units >= HALF]
    if known:
        yield f"by the end {', '.join(known)}"


def rounds(at: Crossing) -> Iterator[str]:
    """Yield the rounds of a paper gate: when each came, how large, what the line was granted.

    Rounds for which the line is not eligible are left out. Where papers are granted all along, that
    is what part of each award the line takes up.
    """
    pool = at.scenario.pools.get(at.gate.pool or "")
    if not isinstance(pool, RoundsPool):
        if at.gate.take_up is not None:
            part = at.value(f"take_up/{at.line.key}", at.gate.take_up)
            if part <= ALL_BUT:
                yield f"{percent(part)} of each award is taken up; the rest is not asked for again"
        return
    granted = np.diff(at.series("passed"))
    held: dict[int, list[str]] = {}
    missing: dict[str, list[str]] = {}
    for record in at.one.state.rounds[at.gate.pool or ""].rounds:
        if not _is_for(pool.rounds[record.name], at.line.company):
            continue
        why = _missing(at, record)
        if why:
            missing.setdefault(why, []).append(record.name)
        else:
            held.setdefault(int(record.when[0]), []).append(record.name)
    for period, names in sorted(held.items()):
        told = " and ".join(_round(at, pool, name) for name in names)
        used = _taken_up(at, pool, names) if granted[period] >= HALF else ""
        day = at.one.day(period + 1)
        yield f"{_rounds(names)} {told}, {day}: {granted[period]:,.0f} granted{used}"
    for why, names in missing.items():
        yield f"{_rounds(names)} {why}: {', '.join(names)}"


def lapses(at: Crossing) -> Iterator[str]:
    """Yield how long papers live, and how many have lapsed and when."""
    if at.gate.validity_days is None or at.series("passed")[-1] < HALF:
        return
    days = f"{at.value('validity_days', at.gate.validity_days):,.0f} days"
    lapsed = at.series("lapsed")
    if lapsed[-1] < HALF:
        yield f"a paper lives {days}; none lapses by the end"
    else:
        yield f"a paper lives {days}: {lapsed[-1]:,.0f} lapse unused, {_when(at, lapsed)}"


def most_waiting(at: Crossing) -> Iterator[str]:
    """Yield when most goods waited as a period ended, and for want of what."""
    waiting = at.series("waiting")
    most = int(waiting.argmax())
    if waiting[most] < HALF or most == 0:
        return
    when = f"most wait in the week of {at.one.day(most)}: {waiting[most]:,.0f}"
    yield ", ".join([when, *_reasons(at, most)])
    yield from _causes(at)


def events(at: Crossing) -> Iterator[str]:
    """Yield the events that took papers, goods or supply, when, and how much."""
    for name, (revocation, day) in at.events(Revoke).items():
        taken = at.taken(name)
        if taken >= HALF:
            yield _event(at, name, revocation, day, f"revokes {taken:,.0f} papers not used yet")
    for name, (recall, day) in at.events(Recall).items():
        taken = at.taken(name)
        if taken >= HALF:
            yield _event(at, name, recall, day, f"recalls {taken:,.0f} units that wait here")
    for name, (diversion, day) in at.events(Divert).items():
        key = f"events.{name}.share"
        share = float(at.one.draws.number(key, diversion.share, day=diversion.on)[0])
        what = f"takes {percent(share)} of the pool {diversion.pool} and of its later inflow"
        yield _event(at, name, diversion, day, what)


def _event(at: Crossing, name: str, event: EventBase, day: float, what: str) -> str:
    return f"the event {name} ({event.title}) {what}, {at.one.day(at.period(day) + 1)}"


def _is_for(rule: Round, company: str) -> bool:
    """Return whether a company can be granted anything in a round."""
    named = rule.shares is None or company in rule.shares.shares
    return named and (rule.eligible is None or company in rule.eligible)


def _missing(at: Crossing, record: RoundState) -> str:
    """Return why a round has given nothing to anyone; empty where it has taken place."""
    if record.size[0] <= 0:
        return "not confirmed"
    period = int(record.when[0])
    if period < 0:
        return "not held by the end"
    skips = isinstance(at.gate.opening, Opening) and at.gate.opening.while_shut == "skip"
    if skips and at.opening is not None and not at.opening.at_start[period, 0]:
        return "skipped, as the gate is shut"
    return ""


def _round(at: Crossing, pool: RoundsPool, name: str) -> str:
    """Return a round with its size on this path and the share that is named for the company."""
    records = {record.name: record for record in at.one.state.rounds[at.gate.pool or ""].rounds}
    unit = "" if pool.unit == "units" else f" {pool.unit.upper()}"
    told = f"{name} of {records[name].size[0]:,.0f}{unit}"
    named = pool.rounds[name].shares
    company = at.line.company
    return told if named is None else f"{told}, {percent(named.shares[company])} for {company}"


def _taken_up(at: Crossing, pool: RoundsPool, names: list[str]) -> str:
    """Return what part of its awards in some rounds the line takes up; empty where it is all."""
    quantity = at.gate.take_up
    if quantity is None:
        return ""
    shares = [
        at.value(f"take_up/{at.line.key}/{name}", quantity, pool.rounds[name].on) for name in names
    ]
    told = " and ".join(percent(share) for share in shares)
    return "" if min(shares) > ALL_BUT else f", {told} of what was awarded"


def _rounds(names: list[str]) -> str:
    return "round" if len(names) == 1 else "rounds"


def _when(at: Crossing, cumulative: Floats) -> str:
    """Return the periods in which a count grows, by its first and its last."""
    grown = np.flatnonzero(np.diff(cumulative) > 1e-9 * cumulative[-1])
    first, last = at.one.day(int(grown[0]) + 1), at.one.day(int(grown[-1]) + 1)
    return str(first) if first == last else f"{first} to {last}"


def _causes(at: Crossing) -> Iterator[str]:
    """Yield how all waiting here splits over the scarcest papers; nothing where it does not."""
    waiting = at.series("waiting")
    causes: dict[str, float] = {}
    for moment in range(1, len(waiting)):
        paper, held = at.short_of(moment)
        causes[paper] = causes.get(paper, 0.0) + held
    whole = float(waiting[1:].sum())
    causes[""] = whole - sum(held for paper, held in causes.items() if paper)
    parts = sorted(((held / whole, paper) for paper, held in causes.items()), reverse=True)
    told = [
        f"{percent(share)} {f'for papers of {paper}' if paper else 'for room at the gate itself'}"
        for share, paper in parts
        if share > 1 - ALL_BUT
    ]
    if len(told) > 1:
        yield f"of all waiting here {', '.join(told)}"


def _reasons(at: Crossing, most: int) -> Iterator[str]:
    """Yield for want of what goods waited as a period ended, the scarcest paper first."""
    period, waiting = most - 1, at.series("waiting")[most]
    if not at.admitted()[period]:
        yield "not admitted"
        return
    paper, held = at.short_of(most)
    rest = waiting - held
    if held >= HALF:
        yield f"{'' if rest < HALF else f'{held:,.0f} of them '}for want of papers of {paper}"
    if rest < HALF:
        return
    why = " or ".join(_limits(at, period))
    if why:
        yield f"{'the rest ' if held >= HALF else ''}as {why}"


def _limits(at: Crossing, period: int) -> Iterator[str]:
    """Yield what else than papers can have held goods up in a period."""
    share = 1.0 if at.opening is None else float(at.opening.share[period, 0])
    if share < 1:
        yield "the gate is shut" if share <= 0 else "the gate is shut for a part of it"
    if share <= 0:
        return
    if at.gate.pool is not None:
        yield f"the pool {at.gate.pool} has no more"
    for name, condition in sorted(at.gate.conditions.items()):
        if limits(at, condition) and applies(at, name, condition):
            yield f"the condition {name} allows no more"
    if at.gate.lot is not None:
        yield "it is less than a lot"
