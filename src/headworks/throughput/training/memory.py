"""Memory of training: weights, gradients, state of the optimiser and activations of one chip."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from headworks.throughput.counts import (
    attention_parameters,
    embedding_parameters,
    expert_parameters,
    feed_forward_parameters,
    parameters,
    shared_parameters,
)
from headworks.throughput.precision import BYTES
from headworks.throughput.training.activations import layers_bytes, logits_bytes

if TYPE_CHECKING:
    from headworks.throughput.counts import Recompute
    from headworks.throughput.machine import Machine
    from headworks.throughput.model_card import ModelCard
    from headworks.throughput.training.recipe import Recipe

GATHERED = 2
"""Layers whose weights a chip holds whole where all is sharded: the one at work, and the next."""


@dataclass(frozen=True, slots=True)
class Held:
    """What one chip holds in training, in bytes."""

    weights: float
    gradients: float
    optimiser: float
    """Master weights and moments."""
    activations: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.weights + self.gradients + self.optimiser + self.activations

    def to_gb(self, machine: Machine) -> dict[str, float]:
        """Return it in gigabytes by use, with what is `free` of the `chip`."""
        parts = {
            "weights": self.weights, "gradients": self.gradients, "optimiser": self.optimiser,
            "activations": self.activations, "free": machine.memory_bytes - self.total,
            "chip": machine.memory_bytes,
        }  # fmt: skip
        return {name: part / 1e9 for name, part in parts.items()}


def routed_parameters(card: ModelCard) -> float:
    """Return the parameters of all routed experts, which are spread and not sliced."""
    if card.experts is None:
        return 0.0
    return float(card.expert_layers * card.experts.routed * expert_parameters(card))


def slices(card: ModelCard, recipe: Recipe) -> tuple[float, float]:
    """Return the parameters of a chip's slice of a group: those of routed experts apart, last."""
    routed = routed_parameters(card)
    # Experts are spread over `ep` chips already, so fewer groups hold the same one.
    spread = routed / max(recipe.ep, recipe.tp)
    return (parameters(card) - routed) / recipe.tp / recipe.pp, spread / recipe.pp


def held(card: ModelCard, recipe: Recipe, machine: Machine) -> Held:
    """Return what one chip holds.

    Every group holds its slice of weights and gradients, and those that hold the same slice share
    the state of the optimiser. Where all is sharded, they share weights and gradients too, but for
    the layers at work.
    """
    constants = machine.constants
    weight = BYTES["bf16"]
    gradient = max(constants.middle("training_held_bytes") - weight, 0.0)
    state = max(constants.middle("training_state_bytes") - weight - gradient, 0.0)
    activations = kept_bytes(card, recipe) - recipe.aside_bytes + working_bytes(card, recipe)
    if recipe.sharded:
        own, layer = parameters(card) / recipe.chips, weight * _widest(card)
        return Held(
            weight * own + GATHERED * layer, gradient * own + layer, state * own, activations
        )
    sliced, routed = slices(card, recipe)
    sharers = recipe.chips // (recipe.tp * recipe.pp)
    of_experts = max(sharers * recipe.tp // max(recipe.ep, recipe.tp), 1)
    return Held(
        weight * (sliced + routed),
        gradient * (sliced + routed),
        state * (sliced / sharers + routed / of_experts),
        activations,
    )


def kept_bytes(card: ModelCard, recipe: Recipe) -> float:
    """Return the bytes of activations that the first stage keeps for the backward pass.

    No stage keeps those of more sequences at once.
    """
    kept = layers_bytes(card, "selective" if recipe.recompute == "full" else recipe.recompute)
    kept += recipe.whole_share * (layers_bytes(card, "full") - kept)
    return _tokens(recipe) * recipe.in_flight * kept / recipe.pp


def working_bytes(card: ModelCard, recipe: Recipe) -> float:
    """Return the bytes that are at work: all of one layer, and scores over the vocabulary."""
    return _tokens(recipe) * (layers_bytes(card, "none") / card.layers + logits_bytes(card))


def _tokens(recipe: Recipe) -> float:
    """Return the tokens of a sequence whose activations one chip holds."""
    return recipe.sequence_tokens / recipe.context / recipe.tp


def _widest(card: ModelCard) -> int:
    """Return the parameters of what is gathered at once at most: a layer, or the embedding."""
    dense = feed_forward_parameters(card) if card.dense_layers else 0
    routed = card.experts.routed * expert_parameters(card) if card.experts else 0
    layer = attention_parameters(card) + max(dense, routed + shared_parameters(card))
    return max(layer, embedding_parameters(card))


def room_bytes(machine: Machine) -> float:
    """Return the bytes of a chip that training can use: some are lost to buffers and gaps."""
    return machine.memory_bytes * machine.constants.middle("usable_memory_share")


def fitted(
    card: ModelCard, recipe: Recipe, machine: Machine, recompute: Recompute | None
) -> Recipe | None:
    """Return the recipe with a recompute with which it fits; None where there is none.

    Args:
        card: The model.
        recipe: How it is trained.
        machine: The chip.
        recompute: What is stated; None for selective, with activations in the memory of the host,
            and as many layers computed again whole, as must be.
    """
    room = room_bytes(machine)
    host = machine.constants.middle("host_memory_factor") * machine.memory_bytes
    if recompute is not None:
        asked = recipe.recomputing(recompute)
        return asked if held(card, asked, machine).total <= room else None
    least, most = recipe.recomputing("selective"), recipe.recomputing("selective", 1.0)
    parts = held(card, least, machine)
    if parts.total <= room:
        return least
    if parts.total - parts.activations > room:
        return None
    over, kept = parts.total - room, kept_bytes(card, least)
    saved = kept - kept_bytes(card, most)
    beyond = over - host
    layers = math.ceil(max(beyond, 0.0) / saved * card.layers) if beyond < saved else card.layers
    partly = recipe.recomputing("selective", layers / card.layers)
    aside = max(held(card, partly, machine).total - room, 0.0)
    if aside > min(host, kept_bytes(card, partly)):
        return None
    return replace(partly, aside_bytes=aside)
