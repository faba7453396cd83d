"""Splits: how so many chips could train a model, where no layout is stated."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import chain, product
from typing import TYPE_CHECKING

from headworks.throughput.counts import parameters
from headworks.throughput.training.memory import fitted, routed_parameters
from headworks.throughput.training.recipe import SEQUENCES_PER_STAGE, Recipe, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.throughput.counts import Recompute
    from headworks.throughput.machine import Machine
    from headworks.throughput.query import Query

SEQUENCE_TOKENS = 4096.0
"""Length of a sequence where none is stated: what most published recipes pre-train with."""
BOARD = 8
"""Chips over which a layer is sliced, or experts are spread, where no layout is stated."""
CHIPS_MAX = 100_000
"""Chips beyond which it is not tried whether a training fits."""


def recipe_on(query: Query, chips: int, tp: int, pp: int, groups: int, context: int = 1) -> Recipe:
    """Return the recipe of a query on a split of so many chips, with what is not stated filled in.

    Chips that the split does not take are left over.
    """
    taken = tp * pp * groups * context
    return Recipe(
        tp,
        pp,
        query.ep or _spread(query, taken // pp),
        groups,
        taken,
        query.input_tokens or SEQUENCE_TOKENS,
        query.concurrency or SEQUENCES_PER_STAGE * groups * max(pp, 2),
        parts_of(query.card, pp),
        left_over=max(chips - taken, 0),
    )


def fewest_slices(query: Query, machine: Machine, chips: int) -> Recipe:
    """Return the recipe on the fewest slices and stages that hold weights and gradients.

    What all groups hold then takes at most half of the memory; a layer is sliced over a board
    before stages are made of layers.
    """
    card = query.card
    apart = routed_parameters(card) * (1 - 1 / min(BOARD, chips))
    held = machine.constants.middle("training_held_bytes") * (parameters(card) - apart)
    tp = pp = 1
    while held / (tp * pp) > machine.memory_bytes / 2 and 2 * tp * pp <= chips:
        # Experts are spread already; slicing them further would leave products too small.
        sliced = 2 * tp <= BOARD and card.attention.heads % (2 * tp) == 0
        if sliced and (card.experts is None or 2 * pp > card.layers):
            tp *= 2
        elif 2 * pp > card.layers:
            break
        else:
            pp *= 2
    return recipe_on(query, chips, tp, pp, max(chips // (tp * pp), 1))


def over_all(query: Query, recipe: Recipe) -> Recipe:
    """Return a recipe with all sharded over all chips, each with a sequence unless stated."""
    chips = recipe.given
    spread = replace(
        recipe, tp=1, pp=1, groups=chips, chips=chips, interleaved=1, sharded=True, left_over=0
    )
    least = 0 if query.concurrency else chips
    return replace(spread, sequences=max(recipe.sequences, least))


def splits(query: Query, machine: Machine, chips: int) -> Iterator[Recipe]:
    """Yield the recipes on so many chips: the fewest slices first, all sharded last."""
    spread = [] if query.card.experts else [over_all(query, fewest_slices(query, machine, chips))]
    yield from chain(_splits(query, chips), spread)


def fitting(
    query: Query, machine: Machine, chips: int, recompute: Recompute | None
) -> Iterator[Recipe]:
    """Yield the recipes on so many chips that fit: the fewest slices first, all sharded last."""
    for recipe in splits(query, machine, chips):
        found = fitted(query.card, recipe, machine, recompute)
        if found is not None:
            yield found


def chips_that_fit(
    query: Query, machine: Machine, chips: int, recompute: Recompute | None
) -> Recipe | None:
    """Return a recipe that fits, on so many chips or on more boards, without those it leaves over.

    Each time a sixteenth more are tried. None where there is none up to `CHIPS_MAX`.
    """
    while chips <= CHIPS_MAX:
        found = next(fitting(query, machine, chips, recompute), None)
        if found is not None:
            return replace(found, left_over=0)
        boards = chips // BOARD + 1
        chips = BOARD * (boards + boards // 16)
    return None


def _splits(query: Query, chips: int) -> Iterator[Recipe]:
    """Yield recipes by tensor groups on a board, stages, and chips that share a sequence.

    The fewest slices come first; of as many, those of a layer for a dense model, and stages for
    one of experts, whose products are small already. There are as many groups as there are chips
    for, of chips over which experts come out even, so that what fits fits on more chips too.
    """
    card, tokens = query.card, query.input_tokens or SEQUENCE_TOKENS
    slices = [n for n in _powers(min(BOARD, chips)) if card.attention.heads % n == 0]
    stages, shares = list(_powers(min(card.layers, chips))), list(_powers(chips))
    found = [
        (tp * pp * cp, cp, pp if card.experts is None else tp, tp, pp)
        for tp, pp, cp in product(slices, stages, shares)
        if tp * pp * cp <= chips and cp <= tokens
    ]
    for taken, cp, _, tp, pp in sorted(found):
        ep = query.ep or _spread(query, chips // taken * tp * cp)
        unit = math.lcm(tp * cp, ep) // (tp * cp)
        groups = chips // (taken * unit) * unit
        if groups:
            yield recipe_on(query, chips, tp, pp, groups, cp)


def _spread(query: Query, chips: int) -> int:
    """Return the chips over which experts are spread where so many hold each stage."""
    return 1 if query.card.experts is None else max(_powers(min(BOARD, chips)))


def _powers(most: int) -> Iterator[int]:
    """Yield the powers of two up to a number."""
    power = 1
    while power <= most:
        yield power
        power *= 2
