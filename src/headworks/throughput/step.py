"""Step: one pass of a model over the tokens that are decoded and the prompts that are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput import collectives, operations
from headworks.throughput.cost import Cost, messages
from headworks.throughput.counts import expert_parameters

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws
    from headworks.throughput.layout import Split
    from headworks.throughput.machine import Machine
    from headworks.throughput.model_card import Experts, ModelCard
    from headworks.throughput.precision import Format, Precision


@dataclass(frozen=True, slots=True)
class Engine:
    """A model on chips: what stays the same from step to step."""

    machine: Machine
    card: ModelCard
    precision: Precision
    layout: Split


@dataclass(frozen=True, slots=True)
class Tokens:
    """What one copy of the model works on in a step."""

    decoded: Draws | float = 0.0
    """Requests that each get one more token."""
    context: Draws | float = 0.0
    """Tokens that each of them attends to."""
    read: Draws | float = 0.0
    """Prompt tokens that are read."""
    length: float = 1.0
    """Length of the prompts that they belong to."""
    readers: Draws | float | None = None
    """Groups of attention that read them, while the others wait; None for all groups."""


def step(engine: Engine, tokens: Tokens) -> Cost:
    """Return the cost of one step through all layers and stages, each part shape `(draw,)`."""
    card, layout, machine = engine.card, engine.layout, engine.machine
    readers = layout.dp if tokens.readers is None else tokens.readers
    rows = tokens.decoded / layout.dp + tokens.read / readers
    dense_layers, routed_layers = card.dense_layers, card.expert_layers
    latent = card.attention.kind == "mla"
    cost = _projections(engine, rows) * card.layers + _attention(engine, tokens)
    if dense_layers:
        cost += _gated(engine, rows, card.feed_forward, engine.precision.weights) * dense_layers
    if routed_layers:
        everywhere = tokens.decoded + tokens.read
        gathered = bool(np.any(np.asarray(tokens.read) > 0))
        cost += _routed(engine, rows, everywhere, gathered=gathered) * routed_layers
    cost += operations.passes(machine, rows, card.hidden) * card.layers
    cost += collectives.all_reduce(machine, rows, card.hidden, layout.tp) * (
        card.layers + dense_layers + routed_layers * (layout.dp == 1)
    )
    answers = (tokens.decoded + tokens.read / tokens.length) / layout.dp
    cost += operations.product(
        machine, answers, card.hidden, card.vocab / layout.tp, engine.precision.head
    )
    weights = engine.precision.weights
    cost += operations.launches(machine, dense_layers, latent=latent, experts=None)
    cost += operations.launches(machine, routed_layers, latent=latent, experts=weights)
    scheduled = operations.scheduling(machine, tokens.decoded / layout.dp)
    return cost + scheduled + _between_stages(engine, rows)


def _projections(engine: Engine, rows: Draws | float) -> Cost:
    """Return the cost of one layer's matrices around attention."""
    a, hidden, tp = engine.card.attention, engine.card.hidden, engine.layout.tp
    heads, form = a.heads / tp, engine.precision.attention

    def product(k: Draws | float, n: Draws | float) -> Cost:
        return operations.product(engine.machine, rows, k, n, form)

    if a.kind != "mla":
        shared = np.maximum(a.kv_heads / tp, 1.0)
        cost = product(hidden, (heads + 2 * shared) * a.head_dim)
        return cost + product(heads * a.head_dim, hidden)
    kv_rank, rope, nope, value = (
        a.kv_rank or 0, a.rope_dim or 0, a.nope_dim or 0, a.value_dim or 0,
    )  # fmt: skip
    if a.query_rank:
        cost = product(hidden, a.query_rank + kv_rank + rope)
        cost += product(a.query_rank, heads * (nope + rope))
    else:
        cost = product(hidden, heads * (nope + rope) + kv_rank + rope)
    cost += product(kv_rank, heads * (nope + value))
    return cost + product(heads * value, hidden)


def _attention(engine: Engine, tokens: Tokens) -> Cost:
    """Return the cost of attention itself in all layers."""
    a, machine = engine.card.attention, engine.machine
    heads, dp = a.heads / engine.layout.tp, engine.layout.dp
    decoded = tokens.decoded / dp
    read = tokens.read / (dp if tokens.readers is None else tokens.readers)
    stored = engine.precision.kv_bytes
    cost = messages(machine.zero)
    for layers, window in _spans(engine):
        context, length = np.minimum(tokens.context, window), min(tokens.length, window)
        if a.kind == "mla":
            row = (a.kv_rank or 0) + (a.rope_dim or 0)
            read_bytes: Draws | float = row * stored * context
            # Kernels work on whole tiles of heads, which a tensor group may leave half empty.
            tile = np.maximum(heads, np.minimum(a.heads, machine.constants["latent_tile_count"]))
            flops = 2.0 * tile * (row + (a.kv_rank or 0)) * context
            pair = heads * ((a.nope_dim or 0) + (a.rope_dim or 0) + (a.value_dim or 0))
        else:
            flops = machine.zero + 4.0 * heads * a.head_dim * context
            shared = np.maximum(a.kv_heads / engine.layout.tp, 1.0)
            read_bytes = 2.0 * shared * a.head_dim * stored * context
            pair = 2.0 * heads * a.head_dim
        cached = operations.cached_attention(
            machine, decoded * flops, decoded * read_bytes, latent=a.kind == "mla"
        )
        # Of a causal square half is computed; of a band along it, all.
        seen = length - length * length / (2.0 * tokens.length)
        prompts = operations.prompt_attention(machine, 2.0 * pair * read * seen, tokens.length)
        cost += (cached + prompts) * layers
    return cost


def _spans(engine: Engine) -> list[tuple[int, float]]:
    """Return how many layers look back how far."""
    a = engine.card.attention
    spans: list[tuple[int, float]] = []
    if engine.card.layers > a.windowed_layers:
        spans.append((engine.card.layers - a.windowed_layers, float("inf")))
    if a.windowed_layers and a.window:
        spans.append((a.windowed_layers, float(a.window)))
    return spans


def _gated(engine: Engine, rows: Draws | float, width: Draws | float, form: Format) -> Cost:
    """Return the cost of one dense feed-forward of a width, sliced over the tensor group."""
    card = engine.card
    up = 2.0 if card.gated else 1.0
    width = width / engine.layout.tp
    cost = operations.product(engine.machine, rows, card.hidden, up * width, form)
    return cost + operations.product(engine.machine, rows, width, card.hidden, form)


def experts_reached(experts: Experts, tokens: Draws | float, variety: Draws | float) -> Draws:
    """Return how many of a layer's routed experts at least one of so many tokens goes to.

    Args:
        experts: The experts of a layer.
        tokens: Tokens of a step.
        variety: Part of the tokens beyond the first that choose independently of the others.
    """
    apart = 1.0 + np.maximum(tokens - 1.0, 0.0) * variety
    reached: Draws = experts.routed * (1.0 - (1.0 - experts.active / experts.routed) ** apart)
    return reached


def _routed(
    engine: Engine, rows: Draws | float, everywhere: Draws | float, *, gathered: bool
) -> Cost:
    """Return the cost of one layer of experts, with the messages that spread them.

    Args:
        engine: The model on its chips.
        rows: Tokens of the busiest group of attention.
        everywhere: Tokens of all groups, all of which the experts see.
        gathered: Whether rows for one node travel together.
    """
    card, layout, machine = engine.card, engine.layout, engine.machine
    e = card.experts
    if e is None:
        return messages(machine.zero)
    reached = experts_reached(e, everywhere, machine.constants["routing_variety_share"])
    slices = layout.tp * layout.dp / layout.ep
    uneven = np.where(layout.ep > 1, machine.constants["imbalance_factor"], 1.0)
    cost = operations.experts(
        machine,
        everywhere * e.active / layout.ep * uneven,
        np.maximum(e.routed / layout.ep, 1.0),
        reached / layout.ep,
        expert_parameters(card) / slices,
        card.hidden,
        engine.precision.weights,
    )
    if e.shared:
        # Where experts are spread, each chip keeps the shared one whole for its own rows.
        own = np.where(layout.dp > 1, layout.tp, 1)
        cost += _gated(engine, rows, e.shared * e.shared_width * own, engine.precision.attention)
    if np.any(layout.dp > 1):
        sent = collectives.exchange(
            machine,
            rows / layout.tp,
            card.hidden,
            e.active,
            layout.tp * layout.dp,
            nodes_max=e.nodes_max,
            gathered=gathered,
        )
        cost += _overlapped(engine, sent) * np.where(layout.dp > 1, 1.0, 0.0)
    return cost


def _overlapped(engine: Engine, sent: Cost) -> Cost:
    """Return what is left of an exchange after two half-batches hide each other's messages."""
    return sent * (1.0 - engine.machine.constants["exchange_hidden_share"])


def _between_stages(engine: Engine, rows: Draws | float) -> Cost:
    """Return the cost of handing rows from stage to stage."""
    hops = engine.layout.pp - 1
    machine = engine.machine
    bytes_each = operations.ACTIVATION_BYTES * rows * engine.card.hidden
    rate = np.where(engine.layout.chips <= machine.domain, machine.link, machine.scale_out)
    seconds = machine.constants["all_reduce_us"] * 1e-6 + bytes_each / rate
    return messages(hops * seconds)
