"""Search: layouts and numbers of requests, tried at the middle of every constant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from headworks.errors import InputError
from headworks.throughput.answer import ask
from headworks.throughput.draws import COUNT, quantile
from headworks.throughput.layout import Layout, dividing
from headworks.throughput.machine import constants_for
from headworks.throughput.memory import requests_max, running_max
from headworks.throughput.phases import RATES
from headworks.throughput.query import READ_TOKENS, is_placed, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from headworks.throughput.draws import Draws
    from headworks.throughput.query import Query

    Progress: TypeAlias = Callable[[int, int], None]

WORDS = {"ttft_ms": "TTFT", "tpot_ms": "TPOT"}
"""What the times that have limits are called."""
ALIKE = 0.02
"""Part of a rate by which layouts differ without being told apart; the one with fewer stages and
chips is then taken."""
CLOSE = 0.985
"""Part of a limit from which a number of requests is close enough to the most."""
STEP_TOKENS_MAX = 8 * READ_TOKENS
"""Prompt tokens that a chip reads in one step at most."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The longest times that a user bears; None for any."""

    ttft_ms: float | None = None
    tpot_ms: float | None = None

    def stated(self) -> dict[str, float]:
        """Return the limits that there are, by the figure that they bind."""
        named = {"ttft_ms": self.ttft_ms, "tpot_ms": self.tpot_ms}
        return {name: limit for name, limit in named.items() if limit is not None}

    def __str__(self) -> str:
        """Return the limits as `within TTFT 2,000 ms and TPOT 30 ms`."""
        named = [f"{WORDS[name]} {limit:,g} ms" for name, limit in self.stated().items()]
        return f"within {' and '.join(named)}" if named else "without limits"

    def excess(self, figures: Mapping[str, Draws]) -> float:
        """Return the median of the worst figure over its limit; at most 1 where all are met."""
        return max(
            (
                float(quantile(figures[name], 0.5)) / limit
                for name, limit in self.stated().items()
                if name in figures
            ),
            default=0.0,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """One layout with a number of requests, at the middle of every constant."""

    query: Query
    """The query of one copy: its layout, its chips and its requests."""
    layout: Layout
    requests: int
    """Requests in flight of one copy; where only prompts are read, prompts of one step."""
    rate: float
    """Tokens per second and chip: those written, or those read where only prompts are read."""
    excess: float
    """The worst time over its limit; at most 1 where all limits are met."""


def search(query: Query, limits: Limits, progress: Progress | None = None) -> list[Found]:
    """Return the fastest number of requests within limits for each layout, the best layout first.

    All are tried at the middle of every constant; the limits of the first then hold at the median
    of all draws. Layouts take a part of the query's chips without remainder; where the query states
    one, it is the only one. A layout that meets the limits with no number of requests is found with
    one request for each group of attention. Layouts that cannot hold the model are left out, and so
    are those that are slower than another of their size with as many requests as fit.

    Args:
        query: What is asked, with its chips.
        limits: The longest times.
        progress: Told the layouts that were tried and all of them.
    """
    found: list[Found] = []
    best: dict[int, float] = {}
    tried = list(layouts(query))
    for done, layout in enumerate(tried):
        if progress is not None:
            progress(done, len(tried))
        chips = layout.chips
        one = _most(query.on(layout), layout, limits, best.get(chips, 0.0))
        if one is not None:
            found.append(one)
            if one.excess <= 1:
                best[chips] = max(best.get(chips, 0.0), one.rate)
    found.sort(key=_order)
    if not found:
        return []
    alike = [one for one in found if _alike(one, found[0])]
    alike.sort(key=lambda one: (one.layout.pp, one.layout.chips))
    ranked = [*alike, *(one for one in found if not any(one is other for other in alike))]
    for place, one in enumerate(ranked):
        ranked[place] = on_draws(one, limits)
        if ranked[place].excess <= 1:
            return [ranked.pop(place), *ranked]
    return ranked


def _alike(one: Found, fastest: Found) -> bool:
    """Return whether a layout is as good as the fastest, so that the simpler may be taken."""
    return one.excess <= 1 and one.rate >= (1 - ALIKE) * fastest.rate


def on_draws(one: Found, limits: Limits) -> Found:
    """Return a layout with the most requests for which the medians of all draws meet limits.

    The median of a figure is not quite the figure at the middle of every constant, and the limits
    are on what is answered.
    """
    if one.excess > 1 or not limits.stated():
        return one
    found = _most(one.query, one.layout, limits, 0.0, count=COUNT)
    if found is None or found.excess > 1:
        return found or one
    middle = ask(found.query, count=1).figures[RATES[one.query.phase]]
    return replace(found, rate=float(middle[0]))


def _order(one: Found) -> tuple[bool, float]:
    """Return what layouts are sorted by: those within the limits first, the fastest before."""
    return one.excess > 1, one.excess if one.excess > 1 else -one.rate


def layouts(query: Query) -> Iterator[Layout]:
    """Yield the layouts that a query leaves open, the smallest first."""
    if is_placed(query):
        try:
            yield settle(replace(query, concurrency=None), count=1).layout
        except InputError:
            return
        return
    domain = int(constants_for(query.chip_id, query.chip, None, 1).middle("domain_count"))
    yield from dividing(query.card, query.chips or 1, domain)


def _most(
    placed: Query, layout: Layout, limits: Limits, least: float, *, count: int = 1
) -> Found | None:
    """Return the most requests of a layout within limits; None if it cannot hold the model.

    None, too, if its rate stays below `least` with as many requests as fit.
    """
    top = _requests_max(placed)
    if top < 1:
        return None

    def at(requests: int) -> Found:
        asked = replace(placed, concurrency=float(requests))
        answer = ask(asked, count=count)
        rate = float(answer.figures[RATES[placed.phase]][0])
        return Found(asked, layout, requests, rate, limits.excess(answer.figures))

    low = min(layout.dp, top)
    first, last = at(low), at(top)
    if last.excess <= 1:
        return last if last.rate >= first.rate else first
    if first.excess > 1:
        return first
    if max(first.rate, last.rate) < least:
        return None
    best, below, above = first, first, last
    while above.requests - below.requests > 1 and below.excess < CLOSE:
        # Times grow almost in a straight line; the margins keep a bent one from stalling.
        share = (1 - below.excess) / (above.excess - below.excess)
        width = above.requests - below.requests
        step = min(max(round(width * min(max(share, 0.05), 0.95)), 1), width - 1)
        middle = at(below.requests + step)
        if middle.excess <= 1:
            below, best = middle, max(best, middle, key=lambda one: one.rate)
        else:
            above = middle
    return best


def _requests_max(placed: Query) -> int:
    """Return the most requests that one copy runs at once; 0 where the model does not fit."""
    try:
        setup = settle(replace(placed, concurrency=1.0), count=1)
    except InputError:
        return 0
    tokens = setup.load.input_tokens, setup.load.output_tokens
    if placed.phase == "prefill":
        room = STEP_TOKENS_MAX * setup.layout.dp / tokens[0]
        return max(int(min(room, float(requests_max(setup.engine, tokens[0])))), 1)
    return int(running_max(setup.engine, *tokens))
