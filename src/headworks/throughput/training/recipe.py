"""Recipes: how chips share a model, its sequences and its activations in training."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from headworks.throughput.constants import Constants
    from headworks.throughput.counts import Recompute
    from headworks.throughput.draws import Draws
    from headworks.throughput.model_card import ModelCard

SEQUENCES_PER_STAGE = 8.0
"""Sequences of a step for each group of chips that holds the model once, and each stage of it,
where none is stated: enough that the pipeline's bubble is a small part."""
PARTS_MAX = 4
"""Parts of the model on a stage beyond which none are made."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained."""

    tp: int
    pp: int
    ep: int
    groups: int
    """Groups of chips that each train on their own sequences (data parallel)."""
    chips: int
    """Chips that work."""
    sequence_tokens: float
    sequences: float
    """Sequences of one step of the optimiser over all groups."""
    interleaved: int
    """Parts of the model that could take turns on each stage."""
    sharded: bool = False
    """Whether no chip holds the model: each layer is gathered from all chips where it is used."""
    recompute: Recompute = "selective"
    """What the backward pass computes again: `selective` what costs little beside its bytes."""
    whole_share: float = 0.0
    """Part of the layers of which only the input is kept, and which are computed again whole."""
    aside_bytes: float = 0.0
    """Bytes of a chip's activations that wait in the memory of its host for the backward pass."""
    left_over: int = 0
    """Chips beside those that work, which no group takes."""

    @property
    def given(self) -> int:
        """Chips that there are, those that are left over among them."""
        return self.chips + self.left_over

    @property
    def context(self) -> int:
        """Chips that share each sequence beside those that share its layers (context parallel)."""
        return self.chips // (self.tp * self.pp * self.groups)

    @property
    def rounds(self) -> float:
        """Sequences that each group takes through its stages in a step, one after another."""
        return max(self.sequences / self.groups, 1.0)

    @property
    def parts(self) -> int:
        """Parts of the model that take turns on each stage, which shortens the pipeline's bubble.

        A sequence passes them one after another, so it takes one for each stage to fill a turn.
        """
        return self.interleaved if self.rounds >= self.pp else 1

    @property
    def filled(self) -> float:
        """Sequences in whose time the pipeline fills and drains."""
        return (self.pp - 1) / self.parts

    @property
    def in_flight(self) -> float:
        """Sequences of which the first stage holds activations at once.

        As many as there are stages, and more where parts take turns (arXiv 2205.05198).
        """
        return min(self.rounds, self.pp + self.filled)

    def passes_again(self, constants: Constants) -> Draws:
        """Return the forward passes that are computed again, shape `(draw,)`.

        A layer that is computed again whole takes one, and never less than selective recomputing.
        """
        selective = constants["recompute_count"]
        least = 0.0 * selective if self.recompute == "none" else selective
        return least + self.whole_share * (np.maximum(selective, 1.0) - least)

    def recomputing(self, recompute: Recompute, whole_share: float = 0.0) -> Recipe:
        """Return the recipe with so much computed again."""
        share = 1.0 if recompute == "full" else whole_share
        return replace(self, recompute=recompute, whole_share=share)

    def __str__(self) -> str:
        """Return the split in the field's shorthand, such as `TP8 PP8 DP8` or `FSDP64`."""
        if self.sharded:
            return f"FSDP{self.groups}"
        shared = f" CP{self.context}" if self.context > 1 else ""
        spread = f" EP{self.ep}" if self.ep > 1 else ""
        return f"TP{self.tp} PP{self.pp} DP{self.groups}{shared}{spread}"


def parts_of(card: ModelCard, stages: int) -> int:
    """Return the parts of a model that take turns on each of its stages."""
    return 1 if stages == 1 else max(min(card.layers // stages, PARTS_MAX), 1)
