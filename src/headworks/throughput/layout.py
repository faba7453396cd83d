"""Layouts: how a model is split over chips, and what does not divide."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from headworks.throughput.draws import Draws
    from headworks.throughput.model_card import ModelCard

Size: TypeAlias = "int | Draws"
"""A number of chips, or of several layouts side by side, shape `(layout,)`."""


STAGES_MAX = 8
"""Pipeline stages within a board beyond which nothing is gained."""
COPY_CHIPS_MAX = 1024
"""Chips of one copy beyond which no layout is tried."""


class Split(Protocol):
    """How models are split, as the physics reads it: one layout, or several side by side."""

    @property
    def tp(self) -> Size:
        """Chips that share each layer's attention and dense matrices."""

    @property
    def pp(self) -> Size:
        """Stages of consecutive layers."""

    @property
    def dp(self) -> Size:
        """Groups that attend to different requests."""

    @property
    def ep(self) -> Size:
        """Groups that hold different experts."""

    @property
    def chips(self) -> Size:
        """Chips of one copy."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One copy of a model on `chips` chips, `tp x pp x dp` of them."""

    tp: int = 1
    """Chips that share each layer's attention and dense matrices (tensor parallel)."""
    pp: int = 1
    """Stages of consecutive layers (pipeline parallel)."""
    dp: int = 1
    """Groups that attend to different requests and share the experts (data-parallel attention)."""
    ep: int = 1
    """Groups that hold different experts (expert parallel); within a group experts are sliced."""

    @property
    def chips(self) -> int:
        """Chips of one copy."""
        return self.tp * self.pp * self.dp

    def __str__(self) -> str:
        """Return the split in the field's shorthand, such as `TP8 EP8`."""
        parts = [f"TP{self.tp}"]
        parts += [f"{name}{size}" for name, size in
                  (("PP", self.pp), ("DP", self.dp), ("EP", self.ep)) if size > 1]  # fmt: skip
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Layouts:
    """Several layouts side by side, in the place of draws, each size of shape `(layout,)`."""

    tp: Draws
    pp: Draws
    dp: Draws
    ep: Draws

    @property
    def chips(self) -> Draws:
        """Chips of one copy of each."""
        return self.tp * self.pp * self.dp


def beside(layouts: Sequence[Layout]) -> Layouts:
    """Return layouts side by side."""
    sizes = np.array([(one.tp, one.pp, one.dp, one.ep) for one in layouts], dtype=np.float64)
    return Layouts(*sizes.T)


def faults(layout: Layout, card: ModelCard) -> Iterator[tuple[str, str]]:
    """Yield what does not divide: the argument's name, and what clashes with the way out."""
    heads = card.attention.heads
    if heads % layout.tp:
        fits = ", ".join(str(n) for n in range(1, min(heads, 64) + 1) if heads % n == 0)
        yield (
            "tp",
            f"{layout.tp} does not divide the {heads} heads of {card.name}; take one of {fits}",
        )
    if layout.pp > card.layers:
        yield (
            "pp",
            f"{layout.pp} stages for the {card.layers} layers of {card.name}; take fewer",
        )
    if layout.ep > 1 and card.experts is None:
        yield "ep", f"{card.name} has no experts to spread; leave ep at 1"
    elif layout.ep > 1 and card.experts is not None:
        sharers, most = layout.tp * layout.dp, 2 * card.experts.routed
        if sharers % layout.ep:
            fits = ", ".join(str(n) for n in range(1, min(sharers, most) + 1) if sharers % n == 0)
            yield "ep", f"{layout.ep} does not divide tp x dp = {sharers:,}; take one of {fits}"
        if layout.ep > most:  # large groups hold popular experts twice
            message = f"{layout.ep} groups for {card.experts.routed} experts of {card.name}"
            yield "ep", f"{message}; take fewer"


def uneven(layout: Layout, card: ModelCard) -> Iterator[str]:
    """Yield what is said of experts that their groups do not divide: each is taken as average."""
    if card.experts is not None and card.experts.routed % layout.ep:
        each = card.experts.routed / layout.ep
        yield (
            f"{card.experts.routed} experts do not come out even over {layout.ep:,} groups: each "
            f"is taken to hold {each:.3g}, and the fullest holds {math.ceil(each)}"
        )


def tensor_group(card: ModelCard, chips: int, domain: int) -> int:
    """Return the most of so many chips, in one domain, that can share each layer evenly."""
    common = math.gcd(chips, card.attention.heads)
    return max(n for n in range(1, min(common, domain) + 1) if common % n == 0)


def dividing(card: ModelCard, chips: int, domain: int) -> Iterator[Layout]:
    """Yield the layouts of a model that take a part of so many chips without remainder.

    Tensor groups within a domain, beside stages, or beside groups of attention with the experts
    spread over all; the smallest first.
    """
    for size in range(1, min(chips, COPY_CHIPS_MAX) + 1):
        if chips % size == 0:
            for layout in _of_size(card, size, domain):
                if not any(faults(layout, card)):
                    yield layout


def _of_size(card: ModelCard, chips: int, domain: int) -> Iterator[Layout]:
    """Yield the layouts of so many chips: stages, tensor groups, and experts spread over all."""
    tp = 1
    while tp <= min(chips, domain):
        if chips % tp == 0:
            rest = chips // tp
            if rest <= STAGES_MAX or (tp * 2 > domain and rest <= card.layers):
                yield Layout(tp=tp, pp=rest)
            if rest > 1 and card.experts is not None:
                yield Layout(tp=tp, dp=rest, ep=chips)
        tp *= 2
