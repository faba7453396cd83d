"""Stated: the recipe of a layout that a query states, and what does not fit or divide."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError
from headworks.throughput.counts import parameters
from headworks.throughput.layout import Layout, faults
from headworks.throughput.query import is_placed
from headworks.throughput.training.memory import fitted, held, room_bytes
from headworks.throughput.training.splits import (
    BOARD,
    CHIPS_MAX,
    SEQUENCE_TOKENS,
    chips_that_fit,
    fitting,
    recipe_on,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.throughput.counts import Recompute
    from headworks.throughput.machine import Machine
    from headworks.throughput.query import Query
    from headworks.throughput.training.recipe import Recipe

LESS_HELD: tuple[Recompute, ...] = ("selective", "full")
"""What can be computed again so that less is held, the least work first."""


def chips_of(query: Query, machine: Machine) -> int:
    """Return the chips of a query: as stated, or the fewest boards that hold the training.

    A layout that is stated may take more, and what is not a whole number of it is no number of
    chips.
    """
    if query.chips is not None:
        return query.chips
    needed = BOARD * -(-_needed(query, machine) // BOARD)
    if is_placed(query):
        return _chips_of_layout(query, machine, needed)
    found = chips_that_fit(query, machine, max(needed, BOARD), query.recompute)
    return found.chips if found else max(needed, BOARD)


def _chips_of_layout(query: Query, machine: Machine, least: int) -> int:
    """Return the chips of a layout that is stated: its own, or whole groups that spread experts.

    Of groups as many as hold the training, or the fewest if no number does.
    """
    tp, pp = query.tp or 1, query.pp or 1
    if query.dp:
        return tp * pp * query.dp
    taken = math.lcm(tp * pp, pp * (query.ep or 1))
    fewest = times = -(-least // taken)
    while taken * times <= CHIPS_MAX:
        recipe = recipe_on(query, taken * times, tp, pp, taken * times // (tp * pp))
        if fitted(query.card, recipe, machine, query.recompute) is not None:
            return recipe.chips
        times += 1 + times // 16
    return taken * fewest


def layout_faults(query: Query, machine: Machine, chips: int) -> Iterator[tuple[str, str]]:
    """Yield what does not divide, and state for which all chips together have no room."""
    yield from _undivided(query, chips)
    yield from _parts_of_sequences(query, chips)
    needed = _needed(query, machine)
    if needed > chips:
        state, room = _state_bytes(query, machine) / 1e9, room_bytes(machine) * chips / 1e9
        holding = f"{chips} {query.chip.name} {'holds' if chips == 1 else 'hold'}"
        taken = f"the state of training takes {state:,.0f} GB, of which {holding} {room:,.0f}"
        yield "chips", f"{taken}. {_enough(query, machine, needed)}"


def stated_recipe(query: Query, machine: Machine, chips: int) -> Recipe:
    """Return the recipe of the layout that is stated, with a recompute with which it fits.

    Raises:
        InputError: It fits with none.
    """
    tp, pp = query.tp or 1, query.pp or 1
    groups = query.dp or chips // (tp * pp)
    recipe = recipe_on(query, chips, tp, pp, groups, chips // (tp * pp * groups))
    found = fitted(query.card, recipe, machine, query.recompute)
    if found is None:
        raise InputError([too_large(query, machine, recipe)])
    return found


def too_large(query: Query, machine: Machine, recipe: Recipe) -> Fault:
    """Return the fault of a recipe that does not fit, with the way out."""
    asked = query.recompute or "full"
    most = held(query.card, recipe.recomputing(asked), machine)
    parts = {
        "weights": most.weights, "gradients": most.gradients,
        "state of the optimiser": most.optimiser, "activations": most.activations,
    }  # fmt: skip
    told = ", ".join(f"{part / 1e9:,.1f} GB of {name}" for name, part in parts.items())
    return Fault(
        "",
        0,
        "chips",
        f"{query.card.name} does not fit on {recipe.given:,} {machine.chip.name} as {recipe} with "
        f"recompute {asked}: each would hold {told}, and has room for "
        f"{room_bytes(machine) / 1e9:,.1f} GB. {_way_out(query, machine, recipe)}",
    )


def _way_out(query: Query, machine: Machine, recipe: Recipe) -> str:
    """Return how it would fit: computing more again, split otherwise, or on more chips."""
    if query.recompute is not None:
        for more in LESS_HELD:
            if fitted(query.card, recipe, machine, more) is not None:
                return f"It would fit with recompute {more}"
    found = list(fitting(query, machine, recipe.given, query.recompute))
    if found:
        sharded = [one for one in found[1:] if one.sharded]
        return f"It would fit as {', or as '.join(map(_named, [found[0], *sharded]))}"
    return _enough(query, machine, recipe.given)


def _enough(query: Query, machine: Machine, chips: int) -> str:
    """Return on how many chips it would fit, so many or more."""
    if chips > CHIPS_MAX:
        return "Take shorter sequences, or a model of fewer parameters"
    found = chips_that_fit(query, machine, chips, query.recompute)
    if found is None:
        return f"Nor would it fit on any number that was tried, up to {CHIPS_MAX:,}"
    return f"It would fit on {found.chips:,} as {_named(found)}"


def _named(recipe: Recipe) -> str:
    """Return a recipe, on how many of the chips, and how it is asked for if no layout says it."""
    if recipe.sharded:
        return f"{recipe} (sharded; leave the layout out)"
    return f"{recipe} on {recipe.chips:,} of them" if recipe.left_over else str(recipe)


def _needed(query: Query, machine: Machine) -> int:
    """Return the fewest chips that have room for the state of training together."""
    return math.ceil(_state_bytes(query, machine) / room_bytes(machine))


def _state_bytes(query: Query, machine: Machine) -> float:
    """Return the bytes of weights, gradients and state of the optimiser of a model."""
    return machine.constants.middle("training_state_bytes") * parameters(query.card)


def _undivided(query: Query, chips: int) -> Iterator[tuple[str, str]]:
    """Yield what does not divide."""
    tp, pp = query.tp or 1, query.pp or 1
    spread = Layout(tp=tp, pp=pp, dp=query.dp or 1, ep=query.ep or 1)
    whole = chips % (tp * pp) == 0  # published runs leave some chips idle, and then ep is not known
    yield from faults(
        replace(spread, dp=chips // (tp * pp)) if whole else replace(spread, ep=1), query.card
    )
    if chips < spread.chips:
        yield "chips", f"{spread} takes {spread.chips} chips; there are {chips}"
    elif query.dp is not None and chips % spread.chips:
        below = chips // spread.chips * spread.chips
        message = f"{spread} takes {spread.chips} chips, of which {chips:,} is no multiple"
        yield "chips", f"{message}; take {below:,} or {below + spread.chips:,}"


def _parts_of_sequences(query: Query, chips: int) -> Iterator[tuple[str, str]]:
    """Yield what would leave a step, or a chip that shares a sequence, with a part of a thing."""
    if query.concurrency is not None and query.concurrency < 1:
        step = "a step of the optimiser takes 1 or more"
        yield "concurrency", f"{query.concurrency:g} is less than a sequence; {step}"
    tokens = query.input_tokens or SEQUENCE_TOKENS
    sharers = chips // ((query.tp or 1) * (query.pp or 1))
    if query.dp is not None and sharers // query.dp > tokens:
        shared = f"{sharers // query.dp:,} chips would share each sequence of {tokens:,.0f} tokens"
        yield "dp", f"{shared}; take {math.ceil(sharers / tokens):,} groups or more"
