"""Smallest: the layouts that are tried where none is stated, and the first with room enough."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from headworks.throughput import layout as layouts
from headworks.throughput.layout import Layout
from headworks.throughput.memory import requests_max

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from headworks.throughput.model_card import ModelCard
    from headworks.throughput.step import Engine

CHIPS_MAX = 4096
"""Chips of one copy beyond which no layout is tried."""


def smallest(base: Engine, chips: int | None, tokens: tuple[float, float], enough: float) -> Layout:
    """Return the smallest usual layout with room for enough requests.

    Where none of them holds one request, parts of the chips that are no power of two are tried.

    Args:
        base: The model and its chip; its own layout is not looked at.
        chips: Chips that are stated; None for any number.
        tokens: Tokens of a request's prompt, and those written for it.
        enough: Requests for which there should be room.
    """
    domain = base.machine.domain
    layout, room = _roomiest(base, candidates(base.card, chips, domain), tokens, enough)
    if room < 1 and chips is not None:
        other, more = _roomiest(base, uneven(base.card, chips, domain), tokens, enough)
        layout = other if more >= room else layout
    return layout


def _roomiest(
    base: Engine, tried: Iterable[Layout], tokens: tuple[float, float], enough: float
) -> tuple[Layout, float]:
    """Return the first layout with room for enough requests, and its room.

    Where none has, that with the most room is taken, and the last of those with as much.
    """
    found, most = Layout(), -1.0
    for layout in tried:
        room = float(requests_max(replace(base, layout=layout), *tokens))
        if room >= most:
            found, most = layout, room
        if room >= enough:
            break
    return found, most


def candidates(card: ModelCard, chips: int | None, domain: int) -> Iterator[Layout]:
    """Yield layouts for a model, the smallest first: tensor groups, stages beyond a board.

    Where the number of chips is stated, a layout takes a part of them without remainder, and models
    of experts with a latent cache are also spread by attention to different requests, since a
    tensor group would hold their cache many times.
    """
    size = 1
    while size <= (chips or CHIPS_MAX):
        tp = layouts.tensor_group(card, size, domain)
        if size // tp <= card.layers and (chips is None or chips % size == 0):
            yield Layout(tp=tp, pp=size // tp)
        size *= 2
    if chips is not None and chips > 1 and card.experts and card.attention.kind == "mla":
        spread = Layout(dp=chips, ep=chips)
        if not any(layouts.faults(spread, card)):
            yield spread


def uneven(card: ModelCard, chips: int, domain: int) -> Iterator[Layout]:
    """Yield layouts for parts of the chips that are no power of two, the smallest first."""
    for size in range(3, min(chips, CHIPS_MAX) + 1):
        if chips % size == 0 and size & (size - 1):
            tp = layouts.tensor_group(card, size, domain)
            if size // tp <= card.layers:
                yield Layout(tp=tp, pp=size // tp)
