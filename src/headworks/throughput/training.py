"""Training: tokens per second and utilisation of chips that train a model together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import Fault, InputError
from headworks.throughput import operations
from headworks.throughput.cost import Cost, computing, messages, streaming, waiting
from headworks.throughput.counts import (
    expert_parameters,
    model_flops_per_token,
    parameters,
    training_flops_per_token,
)
from headworks.throughput.draws import COUNT
from headworks.throughput.layout import Layout, faults
from headworks.throughput.machine import link_assumed, machine
from headworks.throughput.precision import BYTES, Precision, named, precision_on
from headworks.throughput.query import Query, check
from headworks.throughput.step import Engine, Tokens, step

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws
    from headworks.throughput.machine import Machine

SEQUENCE_TOKENS = 4096.0
"""Length of a sequence where none is stated: what most published recipes pre-train with."""
SEQUENCES_PER_STAGE = 8.0
"""Sequences of a step for each group of chips that holds the model once, and each stage of it,
where none is stated: enough that the pipeline's bubble is a small part."""
BOARD = 8
"""Chips over which a layer is sliced, or experts are spread, where no layout is stated."""


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
    sharded: bool = False
    """Whether no chip holds the model: each layer is gathered from all chips where it is used."""

    def __str__(self) -> str:
        """Return the split in the field's shorthand, such as `TP8 PP8 DP8` or `FSDP64`."""
        if self.sharded:
            return f"FSDP{self.groups}"
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
    """Model FLOPs utilisation: operations of the model as it is defined by (attention to the whole
    sequence, recomputation not) over the chip's peak in the precision of the weights."""
    peak_share: Draws
    """The same of those operations that are computed: attention to the tokens before alone."""
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
    rates = machine(
        query.chip_id,
        query.chip,
        software=query.software,
        count=count,
        constants=query.constants,
    )
    recipe = _recipe(query, rates, said)
    said.extend(link_assumed(rates, recipe.chips))
    cost, bubble = _step(query, rates, precision, recipe)
    if not any((query.tp, query.pp, query.dp, query.ep)):
        recipe, cost, bubble = _or_sharded(query, rates, precision, recipe, (cost, bubble), said)
    tokens = recipe.sequences * recipe.sequence_tokens
    rate = tokens / cost.total / recipe.chips
    peak = rates.flops[precision.weights.dtype]
    mfu = rate * model_flops_per_token(query.card, recipe.sequence_tokens) / peak
    computed = training_flops_per_token(query.card, recipe.sequence_tokens, "none")
    return Trained(recipe, cost, bubble, rate, mfu, rate * computed / peak, tuple(said))


def _or_sharded(
    query: Query,
    rates: Machine,
    precision: Precision,
    recipe: Recipe,
    found: tuple[Cost, float],
    said: list[str],
) -> tuple[Recipe, Cost, float]:
    """Return the recipe with its cost and bubble, or one that shards all if that is faster."""
    spread = replace(recipe, tp=1, pp=1, groups=recipe.chips, interleaved=1, sharded=True)
    cost, bubble = _step(query, rates, precision, spread)
    if query.card.experts is not None or cost.total[0] >= found[0].total[0]:
        return recipe, *found
    said[:] = [text for text in said if not text.startswith("layout")]
    said.append(f"layout: {spread}, every layer gathered where it is used")
    return spread, cost, bubble


def _step(query: Query, rates: Machine, precision: Precision, recipe: Recipe) -> tuple[Cost, float]:
    """Return the cost of one step of the optimiser on one chip, and the bubble's part of it."""
    # Experts are spread over the groups of a board and beyond; attention is not shared with them.
    apart = max(recipe.ep // recipe.tp, 1)
    engine = Engine(
        rates, query.card, precision, Layout(tp=recipe.tp, dp=apart, ep=max(recipe.ep, apart))
    )
    whole = _sequence(engine, recipe, precision.weights.dtype)
    rounds = max(recipe.sequences / recipe.groups, 1.0)
    filled = (recipe.pp - 1) / recipe.interleaved
    cost = whole * ((rounds + filled) / recipe.pp)
    cost += _gathers(engine, recipe, cost) if recipe.sharded else _gradients(engine, recipe)
    return cost, filled / (rounds + filled)


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
    exposed = constants["training_network_exposed_share"]
    spent = computing(cost.compute / slower) + streaming(cost.bandwidth)
    return spent + waiting(cost.latency + experts) + messages(cost.network * exposed)


def _gathers(engine: Engine, recipe: Recipe, work: Cost) -> Cost:
    """Return what gathering all layers, forward and backward, adds to the work of a step.

    Weights pass twice and gradients once for each sequence of a chip, behind the computation of
    the layers before; what does not fit behind it, and part of what does, is waited for.
    """
    rounds = max(recipe.sequences / recipe.groups, 1.0)
    held = parameters(engine.card) * engine.machine.constants.middle("training_gathered_bytes")
    seconds = rounds * _between_groups(engine, recipe, held)
    exposed = engine.machine.constants["gradient_exposed_share"]
    return messages(seconds - np.minimum(seconds, work.total) * (1.0 - exposed))


def _between_groups(engine: Engine, recipe: Recipe, bytes_held: float) -> Draws:
    """Return the seconds in which groups sum or gather so many bytes that each chip holds.

    Groups within a scale-up domain do so among themselves first, so that each of their chips sends
    only its part beyond it, over a port of its own.
    """
    rates, constants = engine.machine, engine.machine.constants
    near = max(min(recipe.groups, rates.domain // min(recipe.tp, rates.domain)), 1)
    seconds = (near - 1) / near * bytes_held / (rates.link * constants["link_share"])
    if recipe.chips > rates.domain and recipe.groups > near:
        far = recipe.groups / near
        speed = rates.scale_out * constants["scale_out_share"]
        seconds = seconds + (far - 1) / far * bytes_held / near / speed
    return seconds


def _gradients(engine: Engine, recipe: Recipe) -> Cost:
    """Return the cost of what passes between groups and is not hidden behind the computation."""
    if recipe.groups == 1:
        return messages(engine.machine.zero)
    rates, card = engine.machine, engine.card
    routed = 0.0
    if card.experts is not None:
        routed = float(card.expert_layers * card.experts.routed * expert_parameters(card))
    # Experts are spread over `ep` chips already, so fewer groups hold the same one.
    held = (
        (parameters(card) - routed) / recipe.tp + routed / max(recipe.ep, recipe.tp)
    ) / recipe.pp
    seconds = _between_groups(engine, recipe, rates.constants.middle("gradient_bytes") * held)
    return messages(seconds * rates.constants["gradient_exposed_share"])


def _precision(query: Query) -> Precision:
    """Return the precision of training: nobody trains in INT8 where a chip has no FP8.

    What a model's name tells is how its weights were stored once it was trained.
    """
    if query.precision is None and query.named_precision not in {None, "bf16"}:
        plain = precision_on(query.chip, query.card, "bf16", "bf16")
        stored = query.named_precision
        note = f"precision: bf16; {stored}, in the model's name, is how its weights are stored"
        return replace(plain, assumptions=(note, *plain.assumptions))
    wanted = named(query.precision or "bf16")
    if BYTES[wanted] <= 1 and wanted not in query.chip.peak_tflops:
        plain = precision_on(query.chip, query.card, "bf16", "bf16")
        note = f"{query.chip.name} has no {wanted.upper()} arithmetic: it trains in BF16"
        return replace(plain, assumptions=(note, *plain.assumptions))
    return precision_on(query.chip, query.card, wanted, "bf16")


def _slices(query: Query, chips: int, rates: Machine, said: list[str]) -> tuple[int, int]:
    """Return tensor groups and stages: those that are stated, or the fewest that hold the model.

    What all groups hold, weights and gradients, then takes at most half of the memory; a layer is
    sliced over a board before stages are made of layers.
    """
    if any((query.tp, query.pp, query.dp, query.ep)):
        return query.tp or 1, query.pp or 1
    card = query.card
    routed = card.expert_layers * (card.experts.routed if card.experts else 0)
    apart = routed * expert_parameters(card) * (1 - 1 / min(BOARD, chips))
    held = rates.constants.middle("training_held_bytes") * (parameters(card) - apart)
    tp = pp = 1
    while held / (tp * pp) > rates.memory_bytes / 2 and 2 * tp * pp <= chips:
        # Experts are spread already; slicing them further would leave products too small.
        sliced = 2 * tp <= BOARD and card.attention.heads % (2 * tp) == 0
        if sliced and (card.experts is None or 2 * pp > card.layers):
            tp *= 2
        elif 2 * pp > card.layers:
            break
        else:
            pp *= 2
    said.append(f"layout: TP{tp} PP{pp}, the fewest slices that hold weights and gradients")
    return tp, pp


def _recipe(query: Query, rates: Machine, said: list[str]) -> Recipe:
    """Return how the model is trained, with what is not stated filled in.

    Raises:
        InputError: The layout does not divide, or the state does not fit.
    """
    state = rates.constants.middle("training_state_bytes") * parameters(query.card)
    needed = int(np.ceil(state / (0.8 * rates.memory_bytes)))
    chips = query.chips or max(8 * -(-needed // 8), 8)
    if query.chips is None:
        said.append(f"{chips} chips, the fewest boards of eight that hold the state of training")
    tp, pp = _slices(query, chips, rates, said)
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
