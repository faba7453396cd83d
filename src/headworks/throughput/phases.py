"""Phases: the figures of serving, of prefill and of decode, of an engine under a load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput.data_set import steady_share
from headworks.throughput.memory import requests_max
from headworks.throughput.serving import serve
from headworks.throughput.step import Tokens, step

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from headworks.throughput.cost import Cost
    from headworks.throughput.draws import Draws
    from headworks.throughput.serving import Load
    from headworks.throughput.step import Engine

    Figures: TypeAlias = dict[str, Draws]

RATES = {
    "serving": "output_tokens_per_s_per_chip",
    "prefill": "input_tokens_per_s_per_chip",
    "decode": "output_tokens_per_s_per_chip",
}
"""The figure by which layouts are compared, by phase."""


def serving(engine: Engine, load: Load) -> tuple[Figures, Cost, Draws | float]:
    """Return the figures of prompts read and tokens written on the same chips.

    Beside them stand the average step, and the requests that run at once. Every figure has the
    shape `(draw,)`, or `(layout,)` where the engine is on several layouts side by side.
    """
    served = serve(engine, load)
    rate = served.requests_per_s / engine.layout.chips
    if load.data_set is not None:
        rate = rate * steady_share(engine, load, served, load.data_set)
    figures = {
        "ttft_ms": served.ttft_s * 1e3,
        "tpot_ms": served.tpot_s * 1e3,
        "output_tokens_per_s_per_chip": rate * load.output_tokens,
        "input_tokens_per_s_per_chip": rate * load.input_tokens,
        "output_tokens_per_s_per_user": 1.0 / served.tpot_s,
    }
    return figures, served.decode + served.reading, served.running


def prefill(engine: Engine, load: Load) -> tuple[Figures, Cost, Draws | float]:
    """Return the figures of a step that reads the prompts of all requests."""
    read = load.requests * load.input_tokens
    cost = step(engine, Tokens(read=read, length=load.input_tokens))
    rate = read / cost.total / engine.layout.chips
    figures = {"ttft_ms": cost.total * 1e3, "input_tokens_per_s_per_chip": rate}
    return figures, cost, load.requests


def decode(engine: Engine, load: Load) -> tuple[Figures, Cost, Draws | float]:
    """Return the figures of a step that writes a token for each request that there is room for."""
    context = load.input_tokens + load.met_tokens / 2
    room = requests_max(engine, load.input_tokens, load.met_tokens)
    running = np.minimum(load.requests, room)
    cost = step(engine, Tokens(np.maximum(running / engine.layout.pp, 1.0), context))
    figures = {
        "tpot_ms": cost.total * 1e3,
        "output_tokens_per_s_per_chip": running / cost.total / engine.layout.chips,
        "output_tokens_per_s_per_user": 1.0 / cost.total,
    }
    return figures, cost, running


PHASES: dict[str, Callable[[Engine, Load], tuple[Figures, Cost, Draws | float]]] = {
    "serving": serving,
    "prefill": prefill,
    "decode": decode,
}
"""What computes the figures, by phase."""
