"""Answer: what a query comes to, each figure as an interval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import InputError
from headworks.throughput.counts import flops_per_token, prefill_flops_per_token
from headworks.throughput.draws import COUNT, scores
from headworks.throughput.intervals import Interval, interval
from headworks.throughput.layout import dividing
from headworks.throughput.machine import constants_for, lacks
from headworks.throughput.memory import (
    activation_bytes,
    request_bytes,
    requests_max,
    reserved_tokens,
    weight_bytes,
)
from headworks.throughput.query import is_placed, machine_of, settle
from headworks.throughput.serving import Load, serve
from headworks.throughput.software import family
from headworks.throughput.step import Tokens, step
from headworks.throughput.training import train

if TYPE_CHECKING:
    from headworks.throughput.cost import Cost
    from headworks.throughput.draws import Draws
    from headworks.throughput.protocol import Bound
    from headworks.throughput.query import Query, Setup

RESIDUALS = {
    "ttft_ms": ("ttft", 1.0),
    "tpot_ms": ("tpot", 1.0),
    "output_tokens_per_s_per_user": ("tpot", -1.0),
    "output_tokens_per_s_per_chip": ("rate", 1.0),
    "input_tokens_per_s_per_chip": ("rate", 1.0),
    "training_tokens_per_s_per_chip": ("training", 1.0),
    "mfu": ("training", 1.0),
}
"""For each figure the constant that spreads it by what the physics leaves out, and the sign: a
figure and its inverse share their luck."""


RATES = {
    "serving": "output_tokens_per_s_per_chip",
    "prefill": "input_tokens_per_s_per_chip",
    "decode": "output_tokens_per_s_per_chip",
}
"""The figure by which layouts are compared, by phase."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query comes to."""

    figures: dict[str, Draws]
    """Figures by name, unit last, each of shape `(draw,)`; see `interval`."""
    bound_by: Bound
    """What binds: compute, bandwidth, latency, network, or memory where requests wait for room."""
    parts_s: dict[Bound, float]
    """Seconds of the step that binds by cause, at the median."""
    layout: str
    """How the model is split, such as `TP8`."""
    chips: int
    """Chips of all copies."""
    copies: int
    """Copies of the model."""
    memory_gb: dict[str, float]
    """Gigabytes of one chip by use: `weights`, `activations`, `cache`, `free`, and in all, `chip`;
    empty for training."""
    assumptions: tuple[str, ...]
    """What was chosen for the asker, in sentences."""

    def interval(self, name: str) -> Interval:
        """Return a figure as p5, median and p95."""
        return interval(self.figures[name])


def ask(query: Query, *, count: int = COUNT) -> Answer:
    """Return what a query comes to, on `count` draws.

    Raises:
        InputError: Something cannot be, or the model does not fit; all faults are listed.
        UnknownName: A precision is not known.
    """
    if query.phase == "training":
        return _training(query, count)
    placed = on_best_layout(query)
    setup = settle(placed, count=count)
    figures, cost, waits = _PHASES[query.phase](setup)
    chosen = (f"layout: {setup.engine.layout}, the fastest of those tried on {query.chips} chips",)
    return Answer(
        _within_peak(_spread(figures, query, count), setup),
        "memory" if waits else cost.bound_by(),
        cost.seconds(),
        str(setup.engine.layout),
        setup.chips,
        setup.copies,
        _memory(setup),
        setup.assumptions if placed is query else (*setup.assumptions, *chosen),
    )


def on_best_layout(query: Query) -> Query:
    """Return the query on the layout with the highest rate, where chips are stated and it is not.

    All layouts that divide the chips are tried at the middle of every constant.
    """
    if is_placed(query) or query.chips is None:
        return query
    best, highest = query, 0.0
    if lacks(query.chip):
        return query
    rates = machine_of(query, 1)
    for layout in dividing(query.card, query.chips, rates.domain):
        tried = replace(query, tp=layout.tp, pp=layout.pp, dp=layout.dp, ep=layout.ep)
        try:
            figures, _, _ = _PHASES[query.phase](settle(tried, count=1, rates=rates))
        except InputError:
            continue
        rate = float(figures[RATES[query.phase]][0])
        if rate > highest:
            best, highest = tried, rate
    return best


def _spread(figures: dict[str, Draws], query: Query, count: int) -> dict[str, Draws]:
    """Return the figures spread by what the physics leaves out, shape `(draw,)` each."""
    constants = query.constants or constants_for(
        query.chip_id, query.chip, family(query.software), count
    )
    kind = "dense" if query.card.experts is None else "experts"
    result = {}
    for name, draws in figures.items():
        constant, sign = RESIDUALS[name]
        # Half of what is left out goes with the engine and the model, half with the chip.
        luck = scores(f"residual.{constant}", count)
        own = scores(f"residual.{constant}.{query.chip_id}", count)
        luck = (luck + own) * (sign / np.sqrt(2.0))
        result[name] = draws * np.exp(constants[f"{constant}_{kind}_residual_log"] * luck)
    return result


def _within_peak(figures: dict[str, Draws], setup: Setup) -> dict[str, Draws]:
    """Return figures of which no rate asks for more arithmetic than a chip's peak.

    What the physics leaves out may not lift a chip above what it is built for.
    """
    engine, read, written = setup.engine, setup.input_tokens, setup.output_tokens
    card, precision = engine.card, engine.precision
    formats = (precision.weights, precision.attention, precision.head)
    peak = np.maximum.reduce([engine.machine.flops[form.dtype] for form in formats])
    reading = prefill_flops_per_token(card, read)
    writing = flops_per_token(card, read + written / 2)
    if "input_tokens_per_s_per_chip" not in figures:
        most = {"output_tokens_per_s_per_chip": peak / writing}
    else:
        requests = peak / (read * reading + written * writing)
        most = {
            "input_tokens_per_s_per_chip": requests * read,
            "output_tokens_per_s_per_chip": requests * written,
        }
    return {
        name: np.minimum(draws, most[name]) if name in most else draws
        for name, draws in figures.items()
    }


def _serving(setup: Setup) -> tuple[dict[str, Draws], Cost, bool]:
    served = serve(setup.engine, Load(setup.input_tokens, setup.output_tokens, setup.requests))
    rate = served.requests_per_s / setup.engine.layout.chips
    figures = {
        "ttft_ms": served.ttft_s * 1e3,
        "tpot_ms": served.tpot_s * 1e3,
        "output_tokens_per_s_per_chip": rate * setup.output_tokens,
        "input_tokens_per_s_per_chip": rate * setup.input_tokens,
        "output_tokens_per_s_per_user": 1.0 / served.tpot_s,
    }
    return figures, served.decode + served.reading, served.running < setup.requests


def _prefill(setup: Setup) -> tuple[dict[str, Draws], Cost, bool]:
    read = setup.requests * setup.input_tokens
    cost = step(setup.engine, Tokens(read=read, length=setup.input_tokens))
    rate = read / cost.total / setup.engine.layout.chips
    return {"ttft_ms": cost.total * 1e3, "input_tokens_per_s_per_chip": rate}, cost, False


def _decode(setup: Setup) -> tuple[dict[str, Draws], Cost, bool]:
    context = setup.input_tokens + setup.output_tokens / 2
    running = min(
        setup.requests, requests_max(setup.engine, setup.input_tokens, setup.output_tokens)
    )
    stages = setup.engine.layout.pp
    cost = step(setup.engine, Tokens(max(running / stages, 1.0), context))
    figures = {
        "tpot_ms": cost.total * 1e3,
        "output_tokens_per_s_per_chip": running / cost.total / setup.engine.layout.chips,
        "output_tokens_per_s_per_user": 1.0 / cost.total,
    }
    return figures, cost, running < setup.requests


_PHASES = {"serving": _serving, "prefill": _prefill, "decode": _decode}


def _training(query: Query, count: int) -> Answer:
    trained = train(query, count=count)
    figures = {
        "training_tokens_per_s_per_chip": trained.tokens_per_s_per_chip,
        "mfu": trained.mfu,
    }
    spread = _spread(figures, query, count)
    # What the physics leaves out may not lift a chip above its peak.
    within = np.minimum(1.0 / spread["mfu"], 1.0)
    return Answer(
        {name: draws * within for name, draws in spread.items()},
        trained.cost.bound_by(),
        trained.cost.seconds(),
        str(trained.recipe),
        trained.recipe.chips,
        trained.recipe.groups,
        {},
        trained.assumptions,
    )


def _memory(setup: Setup) -> dict[str, float]:
    engine = setup.engine
    lengths = setup.input_tokens, setup.output_tokens
    weights = weight_bytes(engine) / 1e9
    running = min(setup.requests, max(requests_max(engine, *lengths), 0.0))
    each = request_bytes(engine, reserved_tokens(engine, *lengths))
    cache = running / engine.layout.dp * each / 1e9
    chip = engine.machine.memory_bytes / 1e9
    activations = activation_bytes(engine) / 1e9
    free = chip - weights - activations - cache
    return {
        "weights": weights, "activations": activations, "cache": cache, "free": free, "chip": chip,
    }  # fmt: skip
