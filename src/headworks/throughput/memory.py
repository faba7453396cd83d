"""Memory: what a model takes of each chip, and how many requests fit beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from headworks.throughput.counts import (
    attention_parameters,
    embedding_parameters,
    expert_parameters,
    feed_forward_parameters,
    shared_parameters,
)
from headworks.throughput.operations import ACTIVATION_BYTES

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws
    from headworks.throughput.step import Engine

Amount: TypeAlias = "float | Draws"
"""An amount of one layout, or of several side by side, shape `(layout,)`."""


def weight_bytes(engine: Engine) -> Amount:
    """Return the bytes of weights on one chip.

    Attention, dense layers and embeddings are sliced over the tensor group and held by every group
    of attention; routed experts are spread over all chips; shared ones are sliced, but held whole
    where attention is on different requests.
    """
    card, layout, precision = engine.card, engine.layout, engine.precision
    embeddings = (1 if card.tied_embeddings else 2) * embedding_parameters(card)
    sliced = card.layers * attention_parameters(card) * precision.attention.bytes
    sliced += card.dense_layers * feed_forward_parameters(card) * precision.weights.bytes
    sliced += embeddings * precision.head.bytes
    routed = card.experts.routed * expert_parameters(card) if card.experts else 0
    spread = card.expert_layers * routed * precision.weights.bytes
    shared = card.expert_layers * shared_parameters(card) * precision.attention.bytes
    holders = np.where(layout.dp > 1, layout.pp, layout.tp * layout.pp)
    return sliced / (layout.tp * layout.pp) + spread / layout.chips + shared / holders


def request_bytes(engine: Engine, tokens: float) -> Amount:
    """Return the bytes of keys and values that a request of so many tokens holds on one chip."""
    a, layout = engine.card.attention, engine.layout
    if a.kind == "mla":
        row: Amount = float((a.kv_rank or 0) + (a.rope_dim or 0))
    else:
        row = 2.0 * np.maximum(a.kv_heads / layout.tp, 1.0) * a.head_dim
    whole = engine.card.layers - a.windowed_layers
    held = whole * tokens + a.windowed_layers * min(tokens, a.window or tokens)
    return row * engine.precision.kv_bytes * held / layout.pp


def activation_bytes(engine: Engine) -> Amount:
    """Return the bytes of one chip that its widest layer works in, for the rows of a full step.

    Of each row a layer holds what comes in, what goes on, queries and their answer, and between
    two products the wider of its dense block and of its experts, with a copy of the row for each.
    """
    card, layout, e = engine.card, engine.layout, engine.card.experts
    rows = engine.machine.constants.middle("read_budget_count")
    between = 2.0 * card.feed_forward / layout.tp if card.dense_layers else 0.0
    if e is not None:
        slices = layout.tp * layout.dp / layout.ep
        spread = layout.dp / layout.ep  # rows of all groups come to the experts of a chip
        between = np.maximum(
            between, e.active * spread * (2.0 * card.hidden + 2.0 * e.width / slices)
        )
    return ACTIVATION_BYTES * rows * (4.0 * card.hidden + between)


def free_bytes(engine: Engine) -> Amount:
    """Return the bytes of one chip that are left for keys and values; below 0 if none are.

    Weights and activations take part of what an engine uses; some keep activations beside it.
    """
    usable = engine.machine.constants.middle("usable_memory_share")
    memory, activations = engine.machine.memory_bytes, activation_bytes(engine)
    within = engine.machine.constants.middle("activations_within_share")
    inside = np.maximum(activations * within, activations - memory * (1.0 - usable))
    return memory * usable - weight_bytes(engine) - inside


def reserved_tokens(engine: Engine, read: float, written: float) -> float:
    """Return the tokens of a request that reads and writes so many for which room is held.

    Requests are half-way through what they write on average, but an engine that never takes a
    place back holds room for all of it from the start.
    """
    return read + engine.machine.constants.middle("reserved_share") * written


def requests_max(engine: Engine, read: float, written: float = 0.0) -> Amount:
    """Return how many requests one copy holds at once; below 1 if none fit.

    Args:
        engine: The model on its chips.
        read: Tokens of a prompt.
        written: Tokens written for a request.
    """
    each = request_bytes(engine, reserved_tokens(engine, read, written))
    return np.maximum(free_bytes(engine), 0.0) / each * engine.layout.dp


def running_max(engine: Engine, read: float, written: float = 0.0) -> Amount:
    """Return how many requests one copy runs at once, as many as fit and as its engine batches."""
    batched = engine.machine.constants.middle("running_max_count")
    return np.minimum(requests_max(engine, read, written), batched * engine.layout.dp)


def copies_of_chips(
    engine: Engine, read: float, written: float = 0.0, limit: int = 4096
) -> int | None:
    """Return the fewest chips, in powers of two, on which one request fits; None above `limit`.

    Args:
        engine: The model and its chip; its own layout is not looked at.
        read: Tokens of the request's prompt.
        written: Tokens written for it.
        limit: Most chips to try.
    """
    from dataclasses import replace

    from headworks.throughput.layout import Layout, tensor_group

    chips = 1
    while chips <= limit:
        tp = tensor_group(engine.card, chips, engine.machine.domain)
        spread = replace(engine, layout=Layout(tp=tp, pp=chips // tp))
        if chips // tp <= engine.card.layers and requests_max(spread, read, written) >= 1:
            return chips
        chips *= 2
    return None
