"""Serving: what users see of a model that reads prompts and writes tokens on the same chips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput.memory import requests_max
from headworks.throughput.step import Engine, Tokens, step

if TYPE_CHECKING:
    from headworks.throughput.cost import Cost
    from headworks.throughput.data_set import DataSet
    from headworks.throughput.draws import Draws


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of one copy of the model."""

    input_tokens: float
    """Length of a prompt."""
    output_tokens: float
    """Tokens written for a request."""
    requests: Draws | float
    """Requests in flight at every moment: one that ends is replaced at once."""
    spread: float = 0.0
    """Standard deviation of the tokens written for a request over their mean; 0 where all are
    alike."""
    data_set: DataSet | None = None
    """The part of a data set that the copy answers whole; None for a load without an end."""

    @property
    def met_tokens(self) -> float:
        """Tokens that a request which is met at work writes in all, on average.

        Long answers hold their place longer, and are met as much more often than they are asked
        for: the mean of the squared length over the mean length.
        """
        return self.output_tokens * (1.0 + self.spread**2)


@dataclass(frozen=True, slots=True)
class Served:
    """How one copy serves a load; every figure of shape `(draw,)`."""

    running: Draws | float
    """Requests that run at once; fewer than are in flight where memory holds no more."""
    decode: Cost
    """One step in which only tokens are written."""
    reading: Cost
    """What the prompts that are read meanwhile add to the average step."""
    prompt: Cost
    """Reading one prompt by itself."""
    tpot_s: Draws
    """Seconds from one token of a request to the next, on average."""
    ttft_s: Draws
    """Seconds from sending a request to its first token, on average."""

    turn_s: Draws
    """Seconds that a request holds its place: its prompt, and all its tokens."""

    @property
    def requests_per_s(self) -> Draws:
        """Requests completed per second by the copy."""
        return self.running / self.turn_s


def serve(engine: Engine, load: Load) -> Served:
    """Return how one copy of a model serves a load under continuous batching.

    A request runs for `output_tokens` steps on average. Per step `running / output_tokens` prompts
    are read, and each lengthens the step by what it adds to it. The first token waits for a few
    steps until the engine admits the request, for the reading of its prompt, and for the prompts
    that came with it; where memory holds fewer requests than are in flight, it waits for its turn
    first (Little's law on the closed circle of requests).

    Raises:
        ValueError: Not one request fits into memory.
    """
    context = load.input_tokens + load.met_tokens / 2.0
    room = requests_max(engine, load.input_tokens, load.met_tokens)
    if np.any(room < 1):
        message = f"{engine.card.name} does not fit on {engine.layout.chips} chips"
        raise ValueError(message)
    running = np.minimum(load.requests, room)
    # With stages, each works on its share of the requests while the others work on theirs.
    alone = Tokens(decoded=np.maximum(running / engine.layout.pp, 1.0), context=context)
    decode = step(engine, alone)
    prompt = step(engine, Tokens(read=load.input_tokens, length=load.input_tokens, readers=1.0))
    reading = _reading(engine, load, running, alone, decode)
    tpot = (decode + reading).total
    ttft = tpot + _taken_up(engine, load, decode.total)
    ttft = ttft + prompt.total * (1.0 + engine.machine.constants["burst_share"] * running)
    writing = max(load.output_tokens - 1.0, 0.0) * tpot  # the first came with the prompt
    turn = writing + ttft
    queued = turn * (load.requests / running) - writing
    ttft = np.where(running < load.requests, queued, ttft)
    return Served(running, decode, reading, prompt, tpot, ttft, turn)


def _reading(
    engine: Engine, load: Load, running: Draws | float, alone: Tokens, decode: Cost
) -> Cost:
    """Return what the prompts that are read meanwhile add to the average step."""
    # Groups of attention keep step: while one reads a prompt, the others wait for it.
    # A request's own prompt holds up its first token, not its later ones.
    prompts = np.maximum(running - 1.0, 0.0) / engine.layout.pp / load.output_tokens
    together = np.maximum(prompts, 1.0)
    readers = np.minimum(together, engine.layout.dp)
    read = together * load.input_tokens
    both = step(engine, Tokens(alone.decoded, alone.context, read, load.input_tokens, readers))
    return (both - decode) * (prompts / together)


def _taken_up(engine: Engine, load: Load, step_s: Draws) -> Draws:
    """Return the seconds until an engine takes a request up, and those outside the chips."""
    constants = engine.machine.constants
    # Engines gather prompts until they fill a step, so that long ones are taken up at once.
    unfilled = np.maximum(1.0 - load.input_tokens / constants["read_budget_count"], 0.0)
    host = constants["host_ms"] * 1e-3 + constants["host_token_us"] * 1e-6 * load.input_tokens
    return constants["admission_count"] * unfilled * step_s + host
