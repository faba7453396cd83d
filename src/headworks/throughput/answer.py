"""Answer: what a query comes to, each figure as an interval."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput.counts import flops_per_token, prefill_flops_per_token
from headworks.throughput.draws import COUNT, middle, scores
from headworks.throughput.fastest import on_best_layout
from headworks.throughput.intervals import Interval, interval
from headworks.throughput.machine import constants_for
from headworks.throughput.memory import (
    activation_bytes,
    request_bytes,
    requests_max,
    reserved_tokens,
    weight_bytes,
)
from headworks.throughput.phases import PHASES
from headworks.throughput.query import settle
from headworks.throughput.residual import RESIDUALS, bases, residual
from headworks.throughput.text import counted, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.throughput.draws import Draws
    from headworks.throughput.protocol import Bound
    from headworks.throughput.query import Query, Setup
    from headworks.throughput.residual import Basis
    from headworks.throughput.training import Trained


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
    in training `gradients` and `optimiser` in the place of the cache."""
    assumptions: tuple[str, ...]
    """What was chosen for the asker, in sentences."""
    rests_on: dict[str, Basis]
    """What each figure rests on, and so what its interval takes as new."""
    shares: dict[str, float] = field(default_factory=dict)
    """Parts of a training step, at the median: `bubble_share`, in which a stage of the pipeline
    waits, and `recompute_share`, in which something is computed again; empty otherwise."""

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
    figures, cost, running = PHASES[query.phase](setup.engine, setup.load)
    spread, rests_on = _spread(figures, query, count)
    tried = counted(query.chips or 1, "chip")
    chosen = (f"layout: {setup.layout}, the fastest of those tried on {tried}",)
    return Answer(
        _within_peak(spread, setup),
        "memory" if running < setup.load.requests else cost.bound_by(),
        cost.seconds(),
        str(setup.layout),
        setup.chips,
        setup.copies,
        _memory(setup),
        (
            *setup.assumptions,
            *(() if placed is query else chosen),
            *_crowded(setup, running, query),
        ),
        rests_on,
    )


def _crowded(setup: Setup, running: Draws | float, query: Query) -> Iterator[str]:
    """Yield what is said where memory does not hold all requests that are asked for."""
    engine, asked = setup.engine, float(setup.load.requests)
    if running < asked:
        yield (
            f"{_plain(float(running) * setup.copies)} of {_plain(asked * setup.copies)} requests "
            "run at once, as many as fit; the others wait"
        )
    room = float(requests_max(engine, setup.load.input_tokens))
    if query.phase == "prefill" and asked > room:
        held = float(request_bytes(engine, setup.load.input_tokens)) * asked / setup.layout.dp / 1e9
        yield (
            f"a copy reads {_plain(asked)} prompts in one step as if they fit: their keys and "
            f"values take {number(held)} GB of a chip, which has room for those of "
            f"{math.floor(room):,}"
        )


def _plain(amount: float) -> str:
    return f"{amount:,.1f}".removesuffix(".0")


def _spread(
    figures: dict[str, Draws], query: Query, count: int
) -> tuple[dict[str, Draws], dict[str, Basis]]:
    """Return the figures spread by what the physics leaves out, and what each rests on."""
    constants = query.constants or constants_for(query.chip_id, query.chip, query.software, count)
    found = bases(figures, query.phase, query.chip_id, query.card, constants.measured)
    result = {}
    for name, draws in figures.items():
        constant, sign = RESIDUALS[name]
        # Half of what is left out goes with the engine and the model, half with the chip.
        luck = scores(f"residual.{constant}", count)
        own = scores(f"residual.{constant}.{query.chip_id}", count)
        luck = (luck + own) * (sign / np.sqrt(2.0))
        result[name] = draws * np.exp(residual(constants, found[name]) * luck)
    return result, found


def _within_peak(figures: dict[str, Draws], setup: Setup) -> dict[str, Draws]:
    """Return figures of which no rate asks for more arithmetic than a chip's peak.

    What the physics leaves out may not lift a chip above what it is built for.
    """
    engine, read, written = setup.engine, setup.load.input_tokens, setup.load.output_tokens
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


def _training(query: Query, count: int) -> Answer:
    from headworks.throughput.training import train

    trained = train(query, count=count)
    figures = {
        "training_tokens_per_s_per_chip": trained.tokens_per_s_per_chip,
        "mfu": trained.mfu,
    }
    spread, rests_on = _spread(figures, query, count)
    # What the physics leaves out may not lift a chip above its peak.
    lifted = trained.peak_share * spread["mfu"] / trained.mfu
    within = np.minimum(1.0 / lifted, 1.0)
    bounded = {name: draws * within for name, draws in spread.items()}
    recipe = trained.recipe
    return Answer(
        bounded,
        trained.cost.bound_by(),
        trained.cost.seconds(),
        str(recipe),
        recipe.chips,
        recipe.groups,
        trained.memory_gb,
        (*trained.assumptions, *_beyond_one(trained, bounded["mfu"])),
        rests_on,
        {
            "bubble_share": float(middle(trained.bubble_share)),
            "recompute_share": float(middle(trained.recompute_share)),
        },
    )


def _beyond_one(trained: Trained, mfu: Draws) -> Iterator[str]:
    """Yield why a utilisation can pass 1, where its interval does."""
    if interval(mfu).p95 > 1.0:
        counted = float(trained.mfu[0] / trained.peak_share[0])
        yield (
            "utilisation as it is defined (MFU) counts attention to the whole sequence, of which a "
            f"causal mask leaves half: {counted:.3g} times what is computed at "
            f"{trained.recipe.sequence_tokens:,.0f} tokens, so that it can pass 1 where no chip "
            "passes its peak"
        )


def _memory(setup: Setup) -> dict[str, float]:
    engine, load = setup.engine, setup.load
    lengths = load.input_tokens, load.met_tokens
    weights = float(weight_bytes(engine)) / 1e9
    running = min(float(load.requests), max(float(requests_max(engine, *lengths)), 0.0))
    each = float(request_bytes(engine, reserved_tokens(engine, *lengths)))
    cache = running / setup.layout.dp * each / 1e9
    chip = engine.machine.memory_bytes / 1e9
    activations = float(activation_bytes(engine)) / 1e9
    free = chip - weights - activations - cache
    return {
        "weights": weights, "activations": activations, "cache": cache, "free": free, "chip": chip,
    }  # fmt: skip
