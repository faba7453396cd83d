"""A step of training: what it takes on one chip, from the first sequence to the last gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput import operations
from headworks.throughput.cost import Cost, computing, messages, streaming, waiting
from headworks.throughput.counts import parameters
from headworks.throughput.layout import Layout
from headworks.throughput.step import Engine, Tokens, step
from headworks.throughput.training.memory import slices

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws
    from headworks.throughput.machine import Machine
    from headworks.throughput.model_card import ModelCard
    from headworks.throughput.precision import Precision
    from headworks.throughput.training.recipe import Recipe

PASSES = 3.0
"""A forward pass, and a backward one that costs twice as much."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the optimiser on one chip."""

    cost: Cost
    bubble_share: Draws
    """Part of its time in which a stage of the pipeline waits, shape `(draw,)`."""
    recompute_share: Draws
    """Part of its time in which something is computed again, shape `(draw,)`."""


def step_of(card: ModelCard, machine: Machine, precision: Precision, recipe: Recipe) -> Step:
    """Return what one step of the optimiser takes.

    Each group's sequences run through the stages one after another, once forward and at twice the
    cost backward; the pipeline fills and drains once; then gradients and weights pass between
    groups, part of it hidden behind the computation.
    """
    # Experts are spread over the groups of a board and beyond; attention is not shared with them.
    apart = max(recipe.ep // recipe.tp, 1)
    layout = Layout(tp=recipe.tp, dp=apart, ep=max(recipe.ep, apart))
    engine = Engine(machine, card, precision, layout)
    whole = _sequence(engine, recipe, precision.weights.dtype)
    passes = whole * ((recipe.rounds + recipe.filled) / recipe.pp)
    between = _gathers(engine, recipe, passes) if recipe.sharded else _gradients(engine, recipe)
    cost = passes + between
    in_pipeline = passes.total / cost.total
    bubble = recipe.filled / (recipe.rounds + recipe.filled)
    again = recipe.passes_again(machine.constants)
    return Step(cost, in_pipeline * bubble, in_pipeline * (1.0 - bubble) * again / (PASSES + again))


def _sequence(engine: Engine, recipe: Recipe, dtype: str) -> Cost:
    """Return the cost of one sequence through the whole model, forward and backward."""
    constants, card = engine.machine.constants, engine.card
    read = recipe.sequence_tokens / recipe.context * engine.layout.dp
    forward = step(engine, Tokens(read=read, length=recipe.sequence_tokens))
    head = operations.product(
        engine.machine,
        read / engine.layout.dp,
        card.hidden,
        card.vocab / recipe.tp,
        engine.precision.head,
    )
    cost = (forward + head) * (PASSES + recipe.passes_again(constants))
    slower = constants["training_share"]
    if dtype == "fp4":
        slower = slower * constants["training_4bit_share"]
    elif dtype == "fp8":
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
    held = parameters(engine.card) * engine.machine.constants.middle("training_gathered_bytes")
    seconds = recipe.rounds * _between_groups(engine, recipe, held)
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
    rates = engine.machine
    if recipe.groups == 1:
        return messages(rates.zero)
    bytes_held = rates.constants.middle("gradient_bytes") * sum(slices(engine.card, recipe))
    exposed = rates.constants["gradient_exposed_share"]
    return messages(_between_groups(engine, recipe, bytes_held) * exposed)
