"""Train: how fast chips train a model, and what one of them holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError
from headworks.throughput.counts import model_flops_per_token, training_flops_per_token
from headworks.throughput.draws import COUNT
from headworks.throughput.machine import link_assumed
from headworks.throughput.query import check, machine_of
from headworks.throughput.software import TRAINERS, family
from headworks.throughput.software import held as held_for
from headworks.throughput.training.choice import chosen, must_fit, said_of
from headworks.throughput.training.formats import format_faults, training_precision
from headworks.throughput.training.memory import held
from headworks.throughput.training.stated import chips_of, layout_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.throughput.cost import Cost
    from headworks.throughput.draws import Draws
    from headworks.throughput.machine import Machine
    from headworks.throughput.query import Query
    from headworks.throughput.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Trained:
    """How fast a model is trained; every figure of shape `(draw,)`."""

    recipe: Recipe
    cost: Cost
    """One step of the optimiser on one chip."""
    bubble_share: Draws
    """Part of a step in which a stage of the pipeline waits."""
    recompute_share: Draws
    """Part of a step in which something is computed again."""
    tokens_per_s_per_chip: Draws
    mfu: Draws
    """Model FLOPs utilisation: operations of the model as it is defined by (attention to the whole
    sequence, recomputation not) over the chip's peak in the precision of the weights."""
    peak_share: Draws
    """The same of those operations that are computed: attention to the tokens before alone."""
    memory_gb: dict[str, float]
    """Gigabytes of one chip by use: `weights`, `gradients`, `optimiser`, `activations`, `free`,
    and in all, `chip`."""
    assumptions: tuple[str, ...]


def train(query: Query, *, count: int = COUNT) -> Trained:
    """Return how fast chips train a model.

    Raises:
        InputError: Something cannot be, or the training does not fit; all faults are listed.
        UnknownName: A precision is not known.
    """
    machine, chips = _placed(query, count)
    precision = training_precision(query)
    recipe, step = chosen(query, machine, precision, chips)
    rate = recipe.sequences * recipe.sequence_tokens / step.cost.total / recipe.chips
    peak = machine.flops[precision.weights.dtype]
    defined = model_flops_per_token(query.card, recipe.sequence_tokens)
    computed = training_flops_per_token(query.card, recipe.sequence_tokens, "none")
    return Trained(
        recipe,
        step.cost,
        step.bubble_share,
        step.recompute_share,
        rate,
        rate * defined / peak,
        rate * computed / peak,
        held(query.card, recipe, machine).to_gb(machine),
        (
            *(text for text in precision.assumptions if not text.startswith("keys")),
            *said_of(query, machine, recipe),
            *link_assumed(machine, recipe.chips),
            *_trainer(query.software),
        ),
    )


def check_training(query: Query) -> None:
    """Check that a query can be answered, for far less than the answer takes.

    Raises:
        InputError: As for `train`.
        UnknownName: As for `train`.
    """
    must_fit(query, *_placed(query, 1))


def _placed(query: Query, count: int) -> tuple[Machine, int]:
    """Return the machine and the number of chips.

    Raises:
        InputError: Something cannot be; all faults are listed.
        UnknownName: A precision is not known.
    """
    check(query)
    machine = machine_of(query, count)
    chips = chips_of(query, machine)
    wrong = (*format_faults(query), *layout_faults(query, machine, chips))
    if wrong:
        raise InputError([Fault("", 0, name, message) for name, message in wrong])
    return machine, chips


def _trainer(software: str | None) -> Iterator[str]:
    """Yield whose products are taken, where none is named, or software that only serves."""
    its = family(software)
    if software is None or (its is not None and its not in TRAINERS):
        named = "none is named" if software is None else f"{software} is none"
        yield f"trainer: {named}; one between {' and '.join(held_for('training'))} is taken"
