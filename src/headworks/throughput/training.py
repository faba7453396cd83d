"""Training: tokens per second and utilisation of chips that train a model together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import Fault, InputError
from headworks.throughput import operations
from headworks.throughput.cost import Cost, messages
from headworks.throughput.counts import expert_parameters, parameters, training_flops_per_token
from headworks.throughput.draws import COUNT
from headworks.throughput.layout import Layout, faults
from headworks.throughput.machine import link_assumed, machine
from headworks.throughput.precision import BYTES, Precision, named, precision_on
from headworks.throughput.query import Query, check
from headworks.throughput.step import Engine, Tokens, step

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws

SEQUENCE_TOKENS = 4096.0
"""Length of a sequence where none is stated: what most published recipes pre-train with."""
SEQUENCES_PER_STAGE = 8.0
"""Sequences of a step for each group of chips that holds the model once, and each stage of it,
where none is stated: enough that the pipeline's bubble is a small part."""
STATE_BYTES = 18.0
"""Bytes of training per parameter: weight and gradient at 16 bits, master weight, two moments and
an accumulated gradient at 32, as mixed-precision Adam keeps them, sharded over all chips."""
HELD_BYTES = 6.0
"""Bytes of a parameter that every group holds: the weight at 16 bits, its gradient at 32."""
BOARD = 8
"""Chips over which a layer is sliced, or experts are spread, where no layout is stated."""
GRADIENT_BYTES = 6.0
"""Bytes per parameter that pass between groups in a step: gradients reduced at 32 bits, weights
gathered at 16."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained."""

    tp: int
    pp: int
    ep: int
    groups: int
    """Groups of chips that each train on their own sequences (data parallel)."""
    chips: int
    sequence_tokens: float
    sequences: float
    """Sequences of one step of the optimiser over all groups."""
    interleaved: int
    """Parts of the model on each stage, which shorten the pipeline's bubble."""

    def __str__(self) -> str:
        """Return the split in the field's shorthand, such as `TP8 PP8 DP8`."""
        spread = f" EP{self.ep}" if self.ep > 1 else ""
        return f"TP{self.tp} PP{self.pp} DP{self.groups}{spread}"


@dataclass(frozen=True, slots=True)
class Trained:
    """How fast a model is trained; every figure of shape `(draw,)`."""

    recipe: Recipe
    cost: Cost
    """One step of the optimiser on one chip."""
    bubble: float
    """Part of the time in which a stage of the pipeline waits."""
    tokens_per_s_per_chip: Draws
    mfu: Draws
    """Operations of the model (forward and twice that backward, attention included, recomputation
    not) over the chip's peak in the precision of the weights."""
    assumptions: tuple[str, ...]


def train(query: Query, *, count: int = COUNT) -> Trained:
    """Return how fast chips train a model.

    A step of the optimiser runs each group's sequences through the stages one after another, once
    forward and at twice the cost backward; the pipeline fills and drains once; then gradients and
    weights pass between groups, part of it hidden behind the computation.

    Raises:
        InputError: Something cannot be, or the state does not fit; all faults are listed.
        UnknownName: A precision is not known.
    """
    check(query)
    precision = _precision(query)
    said = [text for text in precision.assumptions if not text.startswith("keys")]
    rates = machine(query.chip_id, query.chip, count=count, constants=query.constants)
    recipe = _recipe(query, rates.memory_bytes, said)
    said.extend(link_assumed(rates, recipe.chips))
    # Experts are spread over the groups of a board and beyond; attention is not shared with them.
    apart = max(recipe.ep // recipe.tp, 1)
    engine = Engine(
        rates, query.card, precision, Layout(tp=recipe.tp, dp=apart, ep=max(recipe.ep, apart))
    )
    whole = _sequence(engine, recipe, precision.weights.dtype)
    rounds = max(recipe.sequences / recipe.groups, 1.0)
    filled = (recipe.pp - 1) / recipe.interleaved
    cost = whole * ((rounds + filled) / recipe.pp) + _gradients(engine, recipe, query)
    tokens = recipe.sequences * recipe.sequence_tokens
    rate = tokens / cost.total / recipe.chips
    flops = training_flops_per_token(query.card, recipe.sequence_tokens, "none")
    mfu = rate * flops / rates.flops[precision.weights.dtype]
    return Trained(recipe, cost, filled / (rounds + filled), rate, mfu, tuple(said))


def _sequence(engine: Engine, recipe: Recipe, dtype: str) -> Cost:
    """Return the cost of one sequence through the whole model, forward and backward."""
    constants, card = engine.machine.constants, engine.card
    # Context parallel groups share a sequence; each chip then works on its part.
    shared = recipe.chips / (recipe.tp * recipe.pp * recipe.groups)
    read = recipe.sequence_tokens / shared * engine.layout.dp
    forward = step(engine, Tokens(read=read, length=recipe.sequence_tokens))
    head = operations.product(
        engine.machine,
        read / engine.layout.dp,
        card.hidden,
        card.vocab / recipe.tp,
        engine.precision.head,
    )
    cost = (forward + head) * (3.0 + constants["recompute_count"])
    slower = constants["training_share"]
    if dtype == "fp4":
        slower = slower * constants["training_4bit_share"]
    elif dtype in {"fp8", "int8"}:
        slower = slower * constants["training_8bit_share"]
    experts = card.expert_layers * constants["training_expert_layer_us"] * 1e-6
    return replace(
        cost,
        compute=cost.compute / slower,
        latency=cost.latency + experts,
        network=cost.network * constants["training_network_exposed_share"],
    )


def _gradients(engine: Engine, recipe: Recipe, query: Query) -> Cost:
    """Return the cost of what passes between groups and is not hidden behind the computation."""
    if recipe.groups == 1:
        return messages(engine.machine.zero)
    rates = engine.machine
    card = query.card
    routed = 0.0
    if card.experts is not None:
        routed = float(card.expert_layers * card.experts.routed * expert_parameters(card))
    # Experts are spread over `ep` chips already, so fewer groups hold the same one.
    held = (
        (parameters(card) - routed) / recipe.tp + routed / max(recipe.ep, recipe.tp)
    ) / recipe.pp
    speed = rates.link * rates.constants["link_share"]
    if recipe.chips > rates.domain:
        speed = np.minimum(speed, rates.scale_out * rates.constants["scale_out_share"])
    seconds = GRADIENT_BYTES * held * (recipe.groups - 1) / recipe.groups / speed
    return messages(seconds * rates.constants["gradient_exposed_share"])


def _precision(query: Query) -> Precision:
    """Return the precision of training: nobody trains in INT8 where a chip has no FP8."""
    wanted = named(query.precision or "bf16")
    if BYTES[wanted] <= 1 and wanted not in query.chip.peak_tflops:
        plain = precision_on(query.chip, query.card, "bf16", "bf16")
        note = f"{query.chip.name} has no {wanted.upper()} arithmetic: it trains in BF16"
        return replace(plain, assumptions=(note, *plain.assumptions))
    return precision_on(query.chip, query.card, wanted, "bf16")


def _slices(query: Query, chips: int, memory_bytes: float, said: list[str]) -> tuple[int, int]:
    """Return tensor groups and stages: those that are stated, or the fewest that hold the model.

    What all groups hold, weights and gradients, then takes at most half of the memory; a layer is
    sliced over a board before stages are made of layers.
    """
    if any((query.tp, query.pp, query.dp, query.ep)):
        return query.tp or 1, query.pp or 1
    card = query.card
    routed = card.expert_layers * (card.experts.routed if card.experts else 0)
    apart = routed * expert_parameters(card) * (1 - 1 / min(BOARD, chips))
    held = HELD_BYTES * (parameters(card) - apart)
    tp = pp = 1
    while held / (tp * pp) > memory_bytes / 2 and 2 * tp * pp <= chips:
        # Experts are spread already; slicing them further would leave products too small.
        if card.experts is None and 2 * tp <= BOARD and card.attention.heads % (2 * tp) == 0:
            tp *= 2
        else:
            pp *= 2
    said.append(f"layout: TP{tp} PP{pp}, the fewest slices that hold weights and gradients")
    return tp, pp


def _recipe(query: Query, memory_bytes: float, said: list[str]) -> Recipe:
    """Return how the model is trained, with what is not stated filled in.

    Raises:
        InputError: The layout does not divide, or the state does not fit.
    """
    state = STATE_BYTES * parameters(query.card)
    needed = int(np.ceil(state / (0.8 * memory_bytes)))
    chips = query.chips or max(8 * -(-needed // 8), 8)
    if query.chips is None:
        said.append(f"{chips} chips, the fewest boards of eight that hold the state of training")
    tp, pp = _slices(query, chips, memory_bytes, said)
    groups = query.dp or max(chips // (tp * pp), 1)
    spread = Layout(tp=tp, pp=pp, dp=query.dp or 1, ep=query.ep or 1)
    whole = chips % (tp * pp) == 0  # published runs leave some chips idle, and then ep is not known
    checked = replace(spread, dp=chips // (tp * pp)) if whole else replace(spread, ep=1)
    found = [Fault("", 0, name, message) for name, message in faults(checked, query.card)]
    if chips < spread.chips:
        message = f"{spread} takes {spread.chips} chips; there are {chips}"
        found.append(Fault("", 0, "chips", message))
    if needed > chips:
        message = (
            f"the state of training takes {state / 1e9:,.0f} GB; {chips} {query.chip.name} hold "
            f"less. It would fit on {needed}"
        )
        found.append(Fault("", 0, "chips", message))
    if found:
        raise InputError(found)
    sequence = query.input_tokens or SEQUENCE_TOKENS
    if query.input_tokens is None:
        said.append(f"sequences of {sequence:g} tokens")
    sequences = query.concurrency or SEQUENCES_PER_STAGE * groups * max(pp, 2)
    if query.concurrency is None:
        said.append(f"{sequences:,.0f} sequences in a step of the optimiser")
    interleaved = 1 if pp == 1 else max(min(query.card.layers // pp, 4), 1)
    ep = query.ep or (1 if query.card.experts is None else min(BOARD, chips))
    return Recipe(tp, pp, ep, groups, chips, sequence, sequences, interleaved)
