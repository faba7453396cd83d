"""Formats of training: what its products are multiplied in, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from headworks.throughput.precision import BYTES, Precision, named, precision_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.scenario.chip import Chip
    from headworks.throughput.query import Query

DEFAULT = "bf16"
"""Format of training where none is stated, whatever the checkpoint is published in."""
TRAINED_IN = ("bf16", "fp8", "fp4")
"""Formats that models are trained in; whole numbers are too coarse for gradients."""


def format_faults(query: Query) -> Iterator[tuple[str, str]]:
    """Yield that nobody trains in the format that is stated.

    Raises:
        UnknownName: No precision is called that.
    """
    wanted = named(query.precision or DEFAULT)
    if wanted not in TRAINED_IN:
        held = [name for name in TRAINED_IN if name == DEFAULT or _has(query.chip, name)]
        message = f"nobody trains in {wanted.upper()}, whose steps are too coarse for gradients"
        yield "precision", f"{message}; {query.chip.name} trains in {' or '.join(held)}"


def training_precision(query: Query) -> Precision:
    """Return the precision of training: 16 bits where none is stated, or the chip lacks it.

    What a model's name tells is how its weights are stored once it is trained.

    Raises:
        UnknownName: No precision is called that.
    """
    chip, card = query.chip, query.card
    wanted = named(query.precision or DEFAULT)
    if BYTES[wanted] <= 1 and not _has(chip, wanted):
        plain = precision_on(chip, card, DEFAULT, DEFAULT)
        note = f"{chip.name} has no {wanted.upper()} arithmetic: it trains in BF16"
        return replace(plain, assumptions=(note, *plain.assumptions))
    found = precision_on(chip, card, wanted, DEFAULT)
    if query.precision is not None:
        return found
    note = f"precision: {DEFAULT}, the default of training"
    if query.named_precision not in {None, DEFAULT}:
        note += f"; {query.named_precision}, in the model's name, is how its weights are stored"
    elif card.weights in TRAINED_IN and card.weights != DEFAULT and _has(chip, card.weights):
        note += f"; state {card.weights}, in which {card.name} is published, for training in that"
    return replace(found, assumptions=(note, *found.assumptions))


def _has(chip: Chip, dtype: str) -> bool:
    """Return whether a chip has arithmetic in a format, by a figure that is not doubtful."""
    return dtype in chip.peak_tflops and dtype not in chip.doubtful
