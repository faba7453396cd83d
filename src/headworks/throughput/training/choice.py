"""Choice: the recipe that a query is answered with, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.errors import InputError
from headworks.throughput.query import is_placed, machine_of
from headworks.throughput.text import number
from headworks.throughput.training.memory import fitted
from headworks.throughput.training.splits import fewest_slices, fitting, over_all, splits
from headworks.throughput.training.stated import stated_recipe, too_large
from headworks.throughput.training.step import Step, step_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.throughput.counts import Recompute
    from headworks.throughput.machine import Machine
    from headworks.throughput.precision import Precision
    from headworks.throughput.query import Query
    from headworks.throughput.training.recipe import Recipe


SHARED_FASTER = 1.1
"""Times by which a recipe whose chips share sequences has to be faster than one without."""


def chosen(query: Query, machine: Machine, precision: Precision, chips: int) -> tuple[Recipe, Step]:
    """Return the recipe that is stated, or the fastest of those tried, with what its step takes.

    Raises:
        InputError: The training does not fit.
    """
    if is_placed(query):
        tried = [stated_recipe(query, machine, chips)]
    else:
        tried = _tried(query, machine, chips)
    recipe = tried[0] if len(tried) == 1 else _fastest(query, precision, tried)
    return recipe, step_of(query.card, machine, precision, recipe)


def must_fit(query: Query, machine: Machine, chips: int) -> None:
    """Check that the recipe that is stated fits, or any of those that would be tried.

    Raises:
        InputError: The training does not fit.
    """
    if is_placed(query):
        stated_recipe(query, machine, chips)
        return
    first = fewest_slices(query, machine, chips)
    fits = fitted(query.card, first, machine, query.recompute)
    if fits is None and next(fitting(query, machine, chips, query.recompute), None) is None:
        raise InputError([too_large(query, machine, first)])


def _fastest(query: Query, precision: Precision, tried: list[Recipe]) -> Recipe:
    """Return the recipe with the least time for a sequence, at the middle of every constant.

    One whose chips share a sequence has to be faster by a tenth: what they send is not timed.
    """
    machine = machine_of(query, 1)

    def seconds(recipe: Recipe) -> float:
        step = step_of(query.card, machine, precision, recipe)
        untimed = SHARED_FASTER if recipe.context > 1 else 1.0
        return untimed * float(step.cost.total[0]) / recipe.sequences

    return min(tried, key=seconds)


def _tried(query: Query, machine: Machine, chips: int) -> list[Recipe]:
    """Return recipes that fit: the fewest slices that hold the model, and all sharded.

    Where the first puts activations aside or computes layers again whole, or does not fit, also
    the fewest slices that fit, and of each size of tensor groups the fewest that do without whole
    layers.

    Raises:
        InputError: None fits.
    """
    card, recompute = query.card, query.recompute
    first = fewest_slices(query, machine, chips)
    firsts = [first] if card.experts is not None else [first, over_all(query, first)]
    found = [fit for one in firsts if (fit := fitted(card, one, machine, recompute)) is not None]
    kept = fitted(card, first, machine, recompute or "selective")
    if kept is None:
        found.extend(_fewest_of_each(query, machine, chips, recompute))
        # More chips that share a sequence leave fewer groups, for which a stated batch may do.
        if recompute is None and query.concurrency is not None:
            found.extend(_fewest_of_each(query, machine, chips, "selective"))
    if not found:
        raise InputError([too_large(query, machine, first)])
    if query.chips is None:  # as many as leave none over on some split
        others = (*found, *fitting(query, machine, chips, recompute))
        found = [one for one in others if not one.left_over][: len(found)] or found
    return found


def _fewest_of_each(
    query: Query, machine: Machine, chips: int, recompute: Recompute | None
) -> list[Recipe]:
    """Return the first recipe that fits, and of each size of tensor groups the first.

    Of the latter only those that take no whole layers, unless it is stated what is computed again;
    and another where the first leaves groups without a sequence.
    """
    first: list[Recipe] = []
    found: dict[tuple[int, bool, bool], Recipe] = {}
    for recipe in splits(query, machine, chips):
        size = recipe.tp, recipe.sharded, recipe.groups <= recipe.sequences
        fit = None if size in found else fitted(query.card, recipe, machine, recompute)
        if fit is not None:
            first = first or [fit]
            if recompute is not None or not fit.whole_share:
                found[size] = fit
    return list(dict.fromkeys([*first, *found.values()]))


def said_of(query: Query, machine: Machine, recipe: Recipe) -> Iterator[str]:
    """Yield what was chosen for the asker."""
    if query.chips is None:
        yield f"{recipe.chips:,} chips, {_why_so_many(query)}"
    if not is_placed(query):
        yield f"layout: {_layout(query, machine, recipe)}"
    if query.input_tokens is None:
        yield f"sequences of {recipe.sequence_tokens:g} tokens"
    if query.concurrency is None:
        yield f"{recipe.sequences:,.0f} sequences in a step of the optimiser"
    if recipe.sequences < recipe.groups:
        lack = f"{recipe.sequences:,.0f} sequences in a step leave some of {recipe.groups:,} groups"
        yield f"{lack} without one"
    if query.ep is None and recipe.ep > 1:
        yield f"the experts of a layer are spread over {recipe.ep} chips"
    yield from _shared(recipe)
    if recipe.parts > 1:
        yield f"{recipe.parts} parts of the model take turns on each stage (interleaved)"
    if query.recompute is None:
        yield f"recompute: {_recompute(query, machine, recipe)}"


def _why_so_many(query: Query) -> str:
    if is_placed(query):
        return "as many as the layout takes to hold the state of training"
    return "the fewest boards of eight tried that hold the training"


def _layout(query: Query, machine: Machine, recipe: Recipe) -> str:
    """Return the layout that was chosen, with the reason."""
    if recipe.sharded:
        return f"{recipe}, every layer gathered where it is used"
    shared = "" if recipe.context == 1 else f" CP{recipe.context}"
    split = f"TP{recipe.tp} PP{recipe.pp}{shared}"
    first = fewest_slices(query, machine, recipe.given)
    if (recipe.tp, recipe.pp, recipe.groups) == (first.tp, first.pp, first.groups):
        return f"{split}, the fewest slices that hold weights and gradients"
    return f"{split}, the fastest of those tried on which activations fit too"


def _shared(recipe: Recipe) -> Iterator[str]:
    """Yield what is said of chips that share sequences, and of those that nothing takes."""
    taken = f"TP{recipe.tp} PP{recipe.pp} DP{recipe.groups}"
    if recipe.left_over:
        yield (
            f"{recipe.left_over:,} of {recipe.given:,} chips are left over by {taken}: figures are "
            "of a chip that works"
        )
    if recipe.context > 1:
        yield (
            f"{taken} takes {recipe.chips // recipe.context:,} of {recipe.chips:,} chips: "
            f"{recipe.context} share each sequence (context parallel), and what they send each "
            "other for it is taken to be hidden"
        )


def _recompute(query: Query, machine: Machine, recipe: Recipe) -> str:
    """Return what is computed again, with the reason."""
    passes = machine.constants.middle("recompute_count")
    said = f"selective ({_cheap(query)}), {passes:.2g} of a forward pass"
    if recipe.whole_share:
        layers = round(recipe.whole_share * query.card.layers)
        said += f", and {layers} of {query.card.layers} layers whole"
    if recipe.aside_bytes:
        said += (
            f"; {number(recipe.aside_bytes / 1e9)} GB of a chip's activations, for which it has no "
            "room, wait in the memory of its host, moved behind the computation"
        )
    return said


def _cheap(query: Query) -> str:
    """Return what selective recomputing computes again of a model."""
    cheap = ["norms"]
    if query.card.gated:
        cheap.append("gated products")
    if query.card.attention.kind == "mla":
        cheap.append("the heads that latent attention expands")
    return " and ".join([", ".join(cheap[:-1]), cheap[-1]] if cheap[1:] else cheap)
