"""Disaggregation: prompts read on some chips, tokens written on others, in the best proportion."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.errors import InputError
from headworks.throughput.answer import ask
from headworks.throughput.intervals import as_json, interval, rounded
from headworks.throughput.layout import Layout
from headworks.throughput.memory import request_bytes
from headworks.throughput.query import settle
from headworks.throughput.search import ALIKE, Found, Limits, on_draws, search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.throughput.draws import Draws
    from headworks.throughput.query import Query
    from headworks.throughput.residual import Basis
    from headworks.throughput.step import Engine

STEPS_TO_FIRST_TOKEN = 1.5
"""Steps of reading until a prompt is read: its own, and on average half of the one under way."""


@dataclass(frozen=True, slots=True)
class Pools:
    """Chips that read prompts and chips that write tokens, with the figures of both together."""

    reading: Found
    """One copy that reads prompts."""
    readers: int
    """Copies that read."""
    writing: Found
    """One copy that writes tokens."""
    writers: int
    """Copies that write."""
    chips: int
    """All chips, those that the split leaves idle included."""
    even: float
    """Chips that read for each that writes so that neither waits for the other:
    (input tokens x time of one) / (output tokens x time of one), at the middle."""
    figures: dict[str, Draws]
    """`output_tokens_per_s_per_chip` over all chips, `ttft_ms` and `tpot_ms`; shape `(draw,)`."""
    rests_on: dict[str, Basis]
    """What the times rest on, of reading and of writing alone; the rate rests on both sides."""

    @property
    def chips_reading(self) -> int:
        """Chips that read prompts."""
        return self.readers * self.reading.layout.chips

    @property
    def chips_writing(self) -> int:
        """Chips that write tokens."""
        return self.writers * self.writing.layout.chips

    def to_json(self) -> dict[str, Any]:
        """Return the split as plain values."""
        sides = {
            "prefill": (self.reading, self.readers, "prompts_per_step"),
            "decode": (self.writing, self.writers, "requests_per_copy"),
        }
        return {
            name: {
                "layout": str(one.layout),
                "copies": copies,
                "chips": copies * one.layout.chips,
                words: one.requests,
            }
            for name, (one, copies, words) in sides.items()
        } | {
            "prefill_chips_per_decode_chip": rounded(self.even),
            **{name: as_json(interval(draws)) for name, draws in self.figures.items()},
            "rests_on": {name: basis.to_json() for name, basis in self.rests_on.items()},
        }


def pools(query: Query, limits: Limits) -> Pools | None:
    """Return the best split of a query's chips; None where none meets the limits.

    A prompt waits half a step, is read, and its keys and values are sent over; then its tokens are
    written at the pace of the chips that only write. The slower side sets the rate of requests.

    Args:
        query: A query for serving, with its chips and without a layout.
        limits: Limits, which hold for the medians of all draws.
    """
    try:
        setup = settle(replace(query, concurrency=1.0), count=1)
    except InputError:
        return None
    whole, load = query.chips or 1, setup.load
    base = replace(query, input_tokens=load.input_tokens, output_tokens=load.output_tokens)
    sent = 1e3 * float(_sending(replace(setup.engine, layout=Layout()), base)[0])
    first = None if limits.ttft_ms is None else (limits.ttft_ms - sent) / STEPS_TO_FIRST_TOKEN
    if whole == 1 or (first is not None and first <= 0):
        return None
    reading = _by_size(replace(base, phase="prefill"), Limits(ttft_ms=first))
    writing = _by_size(replace(base, phase="decode"), Limits(tpot_ms=limits.tpot_ms))
    splits = [
        (rate, r, readers, w, writers)
        for r in reading
        for w in writing
        for rate, readers, writers in evenest(whole, r, w, base)
    ]
    if not splits:
        return None
    fastest = max(rate for rate, *_ in splits)
    # Of splits that cannot be told apart, the one of smaller copies, which break down singly.
    _, r, readers, w, writers = min(
        (one for one in splits if one[0] >= (1 - ALIKE) * fastest),
        key=lambda one: (one[1].layout.chips + one[3].layout.chips, -one[0]),
    )
    even = (load.input_tokens / r.rate) / (load.output_tokens / w.rate)
    figures, rests_on = _figures(base, r, readers, w, writers)
    return Pools(r, readers, w, writers, whole, even, figures, rests_on)


def evenest(whole: int, r: Found, w: Found, query: Query) -> Iterator[tuple[float, int, int]]:
    """Yield the fastest split of chips into copies of two layouts, if there is one.

    With each copy more that reads, reading gets faster and writing no faster: the fastest split is
    the last in which reading is the slower side, or the one after it.

    Yields:
        Requests per second, copies that read, and copies that write.
    """
    read, written = _per_s(r, query), _per_s(w, query)

    def writers(readers: int) -> int:
        return (whole - readers * r.layout.chips) // w.layout.chips

    most = (whole - w.layout.chips) // r.layout.chips
    slower = bisect_right(range(1, most + 1), 0, key=lambda n: n * read > writers(n) * written)
    near = [n for n in (slower, slower + 1) if 1 <= n <= most]
    rates = [(min(n * read, writers(n) * written), n, writers(n)) for n in near]
    yield from sorted(rates, key=lambda one: -one[0])[:1]


def _by_size(query: Query, limits: Limits) -> list[Found]:
    """Return the best layout of each number of chips that meets the limits on all draws."""
    best: dict[int, Found] = {}
    for one in search(query, limits):
        if one.excess <= 1:
            best.setdefault(one.layout.chips, one)  # the fastest comes first
    settled = (on_draws(one, limits) for one in best.values())
    return [one for one in settled if one.excess <= 1]


def _per_s(one: Found, query: Query) -> float:
    """Return the requests per second of one copy."""
    tokens = query.input_tokens if one.query.phase == "prefill" else query.output_tokens
    return one.rate * one.layout.chips / (tokens or 1.0)


def _figures(
    base: Query, r: Found, readers: int, w: Found, writers: int
) -> tuple[dict[str, Draws], dict[str, Basis]]:
    """Return the figures of both sides together on all draws, and what the times rest on."""
    reading, writing = ask(r.query), ask(w.query)
    read = reading.figures["input_tokens_per_s_per_chip"] * (readers * r.layout.chips)
    written = writing.figures["output_tokens_per_s_per_chip"] * (writers * w.layout.chips)
    requests = np.minimum(read / (base.input_tokens or 1), written / (base.output_tokens or 1))
    sent = 1e3 * _sending(settle(r.query).engine, base)
    figures = {
        "output_tokens_per_s_per_chip": requests * (base.output_tokens or 1) / (base.chips or 1),
        "ttft_ms": STEPS_TO_FIRST_TOKEN * reading.figures["ttft_ms"] + sent,
        "tpot_ms": writing.figures["tpot_ms"],
    }
    times = {"ttft_ms": reading.rests_on["ttft_ms"], "tpot_ms": writing.rests_on["tpot_ms"]}
    return figures, times


def _sending(engine: Engine, query: Query) -> Draws:
    """Return the seconds in which a prompt's keys and values are sent to the chips that write.

    Each chip sends its own part; within the scale-up domain over its link, beyond it over the
    network.
    """
    rates = engine.machine
    inside = (query.chips or 1) <= rates.domain
    speed = (
        rates.link * rates.constants["link_share"]
        if inside
        else rates.scale_out * rates.constants["scale_out_share"]
    )
    return request_bytes(engine, query.input_tokens or 1.0) / speed
