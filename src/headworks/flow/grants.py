"""Step 3 of the period: paper gates take claims, share their pools and issue papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.arithmetic import clip_at_zero
from headworks.flow.supply import shared

if TYPE_CHECKING:
    from headworks.flow.papers import PaperState
    from headworks.flow.pools import RoundsState, RoundState
    from headworks.flow.state import Group, State
    from headworks.scenario.pool import Round

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


def grant(state: State, period: int) -> None:
    """Serve all paper gates, those that share a pool together."""
    for group in state.paper_groups:
        if group.rounds is None:
            _grant_from_pool(state, group, group.papers, period)
        else:
            _grant_in_rounds(state, group, group.rounds, group.papers, period)


def claim(state: State, papers: PaperState, period: int) -> Floats:
    """Return what the admitted lines of a paper gate need papers for, shape (row, path), units."""
    return _admit(state, papers, period, outstanding(state, papers))


def _admit(state: State, papers: PaperState, period: int, units: Floats) -> Floats:
    admitted = state.admitted[papers.name]
    return units if admitted is None else units * admitted[period][:, None]


def outstanding(state: State, papers: PaperState) -> Floats:
    """Return what the lines of a paper gate still need papers for, shape (row, path), units.

    Units yet to pass the gate that draws the paper, less papers that are unused or pending.
    """
    gate = papers.place.gate
    result = np.empty_like(papers.unused)
    for route, upstream in papers.place.upstream.items():
        block = papers.place.rows.blocks[route]
        np.subtract(state.queue(route, upstream), papers.unused[block], out=result[block])
    default = "wanted" if state.pool_supply(gate) == "rounds" else "ordered"
    if (gate.requests or default) == "wanted":
        result += (state.orders.wanted - state.orders.ordered)[papers.span]
    if papers.pending is not None:
        for part in papers.pending.parts:
            result -= part
    clip_at_zero(result)
    return result


def _grant_from_pool(state: State, group: Group, members: list[PaperState], period: int) -> None:
    """Grant all along: what the pool has is shared among the claims of the period."""
    claims = [_open_claim(state, group, papers, period) for papers in members]
    together = claims[0] if len(claims) == 1 else np.concatenate(claims)
    reserve = state.pool_supply(members[0].place.gate) == "share_of_flow"
    if all(papers.place.gate.take_up is None for papers in members):
        awards = group.booking.take(together, reserve=reserve)
        for papers, block in zip(members, group.blocks, strict=True):
            _leave(group, papers, awards[block], period)
            papers.grant(period, awards[block])
        return
    awards = group.booking.awards(together)
    granted: list[Floats] = []
    for papers, block in zip(members, group.blocks, strict=True):
        award = awards[block]
        _leave(group, papers, award, period)
        take_up = papers.take_ups("", None)
        if take_up is not None:
            # What a line declines it does not ask for again: without rounds there is no next one.
            used = award * take_up
            papers.declined += award - used
            award = used
        granted.append(award)
        papers.grant(period, award)
    everything = granted[0] if len(granted) == 1 else np.concatenate(granted)
    group.booking.book(everything, reserve=reserve)


def _leave(group: Group, papers: PaperState, award: Floats, period: int) -> None:
    """Note what an award leaves of the queue, for the gate's opening in the next period."""
    if papers.opening is not None and not group.is_rate:
        papers.before -= papers.opening.left(period + 1, award)


def _open_claim(state: State, group: Group, papers: PaperState, period: int) -> Floats:
    """Return the claims of a gate that is open for at least a part of the period."""
    result = outstanding(state, papers)
    if papers.place.gate.take_up is not None:
        # What was declined and has left the queue since no longer stands against new claims.
        np.minimum(papers.declined, result, out=papers.declined)
        result -= papers.declined
    result = _admit(state, papers, period, result)
    opening = papers.opening
    if opening is not None and group.is_rate:
        result *= opening.ever(period)
    elif opening is not None:
        before, papers.before = papers.before, opening.left(period + 1, result)
        result = opening.come(period, result, before)
    for ceiling in papers.ceilings:
        result = ceiling.cut(period, result, papers.net)
    return result


def _grant_in_rounds(
    state: State, group: Group, rounds: RoundsState, members: list[PaperState], period: int
) -> None:
    """Award the rounds whose day has come; one that falls on a shut gate waits, or is skipped."""
    lines = [line for papers in members for line in papers.lines]
    issued: Floats | None = None
    for record in rounds.due(period):
        now = _takes_place(record, members, period)
        if not now.any():
            continue
        claims = np.concatenate([claim(state, papers, period) for papers in members])
        if issued is not None:
            claims = np.maximum(claims - issued, 0.0)
        claims = np.concatenate(
            [
                _cut(papers, claims[block], issued if issued is None else issued[block], period)
                for papers, block in zip(members, group.blocks, strict=True)
            ]
        )
        rule = rounds.pool.rounds[record.name]
        eligible = [rule.eligible is None or line.company in rule.eligible for line in lines]
        claims *= np.array(eligible)[:, None] * now
        endowment = np.where(now, record.size + rounds.carried, 0.0)
        asked = group.booking.in_pool(claims)
        record.asked = asked.copy() if record.asked is None else record.asked + asked
        awards = _share(record, group, [line.company for line in lines], asked, endowment)
        units = awards if group.booking.plain else awards / group.booking.sizes
        take_ups = [papers.take_ups(record.name, rule.on) for papers in members]
        parts = [
            units[block] if taken is None else units[block] * taken
            for taken, block in zip(take_ups, group.blocks, strict=True)
        ]
        units = np.concatenate(parts)
        record.when[now] = period
        _close(rounds, rule, record, now, endowment, group.booking.in_pool(units).sum(axis=0))
        issued = units if issued is None else issued + units
    for papers, block in zip(members, group.blocks, strict=True):
        papers.grant(period, None if issued is None else issued[block])


def _cut(papers: PaperState, claims: Floats, issued: Floats | None, period: int) -> Floats:
    """Return claims cut to the ceilings, which also count what earlier rounds have just issued."""
    if papers.ceilings:
        held = papers.net if issued is None else papers.net + issued
        for ceiling in papers.ceilings:
            claims = ceiling.cut(period, claims, held)
    return claims


def _takes_place(record: RoundState, members: list[PaperState], period: int) -> Bools:
    """Return on which paths a round is decided in this period, shape (path,).

    It waits while any of the gates that share it is shut, and is skipped where one of them says so.
    """
    due = (record.due <= period) & ~record.done
    if not due.any():
        return due
    for papers in members:
        if papers.opening is None:
            continue
        is_open = np.broadcast_to(papers.opening.at_start[period], due.shape)
        gate = papers.place.gate
        if not isinstance(gate.opening, str) and gate.opening.while_shut == "skip":
            record.when[due & ~is_open] = period
        due = due & is_open
    return due


def _share(
    record: RoundState, group: Group, companies: list[str], asked: Floats, endowment: Floats
) -> Floats:
    """Return the awards of a round in the pool's unit: named shares, or the gate's rule for all."""
    booking = group.booking
    if record.shares is None:
        return shared(booking.rule, asked, endowment, booking.weights)
    awards = np.zeros_like(asked)
    for company, part in sorted(record.shares.items(), key=lambda pair: pair[0]):
        rows = np.flatnonzero([name == company for name in companies])
        if rows.size:
            weights = None if booking.weights is None else booking.weights[rows]
            awards[rows] = shared(booking.rule, asked[rows], part * endowment, weights)
    return awards


def _close(
    rounds: RoundsState, rule: Round, record: RoundState, now: Bools, endowment: Floats,
    granted: Floats,
) -> None:  # fmt: skip
    """Account for a round that has taken place: its remainder is lost, or carried to the next."""
    left = np.maximum(endowment - granted, 0.0)
    rounds.inflow += np.where(now, record.size, 0.0)
    rounds.booked += granted
    if rule.carry:
        rounds.carried = np.where(now, left, rounds.carried)
    else:
        rounds.carried = np.where(now, 0.0, rounds.carried)
        rounds.perished += left
