"""Arguments: what is asked about a chip, checked whole, so that all faults are told at once."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast, get_args

from headworks.errors import Door, Fault, InputError, UnknownName
from headworks.scenario.catalogue import catalogue as packaged
from headworks.throughput.cards import NamedModel, models, named_model
from headworks.throughput.case_cells import CHIPS_MAX
from headworks.throughput.chip_names import chip_named
from headworks.throughput.counts import Recompute
from headworks.throughput.model_card import ModelCard
from headworks.throughput.precision import named
from headworks.throughput.query import Phase, Query, check, settle
from headworks.throughput.training import check_training

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from headworks.scenario.catalogue import Catalogue

PHASES: tuple[str, ...] = get_args(Phase)
"""What a chip may do for a model."""
CHOICES: dict[str, tuple[str, ...]] = {"phase": PHASES, "recompute": get_args(Recompute)}
"""Arguments that are one of a few names."""
SIZES = ("chips", "tp", "pp", "dp", "ep")
AMOUNTS = ("input_tokens", "output_tokens", "concurrency")
PRECISIONS = ("precision", "kv_precision")
AMOUNT_MAX = 1e18
"""Tokens or requests beyond which a number is a slip."""
AT_MOST = {"concurrency": 1e9}
"""Amounts that are a slip from less on: a thousand million requests at once are those of an eighth
of all people."""
TOKENS = frozenset({"input_tokens", "output_tokens", "training_tokens"})
"""Amounts of which there is no part of one."""
WIDE = "fp32"
"""A precision of checkpoints that no engine runs."""
SHOWN_LETTERS = 40
"""Letters of a value that a message shows."""
LAYOUT = frozenset({"tp", "pp", "dp", "ep"})
OF_TRAINING = {
    "recompute": "nothing is computed again in the phase {phase}",
    "training_tokens": "tokens to train on, in the phase {phase}",
}
"""What only training has, with what is said of it elsewhere."""


def query(
    chip: str,
    model: str | Path | ModelCard,
    given: Mapping[str, object],
    *,
    also: Mapping[str, object] | None = None,
    catalogue: Catalogue | None = None,
) -> Query:
    """Return the query that arguments make.

    Args:
        chip: Id or alias of the chip.
        model: Id, name or alias, the path of a `config.json`, or a card.
        given: Fields of a query by name, as a caller gives them; None is not stated.
        also: Other amounts by name, which are only checked.
        catalogue: Chips; the packaged ones if None.

    Raises:
        InputError: Something cannot be used; all that is wrong is listed, faults of the layout and
            of the fit into memory too where the rest lets them be told.
    """
    held = catalogue or packaged()
    door = Door()
    fields: dict[str, Any] = {}
    chip_id, found = "", None
    with door.checking():
        chip_id = chip_named(chip, held)
    with door.checking():
        found = NamedModel(model) if isinstance(model, ModelCard) else named_model(model)
    for name, value in given.items():
        fields[name] = None
        with door.checking():
            fields[name] = _checked(name, value)
    for name, value in (also or {}).items():
        with door.checking():
            _checked(name, value, amounts=(name,))
    phase = fields.get("phase") or "serving"
    if fields.get("phase") or given.get("phase") is None:  # a phase that is none has none of it
        with door.checking():
            _of_training(phase, {**given, **(also or {})})
    if chip_id and found is not None:
        fields["phase"] = phase
        if phase != "training":
            fields["recompute"] = None
        fields["chips"] = fields.get("chips") or _chips(found.card, fields)
        fields |= {"named_precision": found.precision, "remark": found.remark}
        asked = Query(chip_id, held.chips[chip_id], found.card, **fields)
        with door.checking():
            _try(asked, whole=all(fields[name] is not None for name in _stated(given)))
        door.close()
        return asked
    door.close()
    raise AssertionError  # a missing chip or card is an error that the door keeps


def _of_training(phase: str, stated: Mapping[str, object]) -> None:
    """Check that what only training has is not stated for another phase.

    Raises:
        InputError: It is; all of it is listed.
    """
    faults = [
        Fault(name, 0, "", said.format(phase=phase), "ask for the phase training, or leave it out")
        for name, said in OF_TRAINING.items()
        if stated.get(name) is not None and phase != "training"
    ]
    if faults:
        raise InputError(faults)


def _stated(given: Mapping[str, object]) -> list[str]:
    return [name for name, value in given.items() if value is not None]


def _chips(card: ModelCard, fields: Mapping[str, Any]) -> int | None:
    """Return the chips that a layout implies where they are not stated.

    Copies of a dense model are so many layouts; those of a model of experts share the experts, and
    are parts of the layout itself.
    """
    if card.experts is not None or fields.get("phase") == "training" or not fields.get("dp"):
        return None
    return (fields.get("tp") or 1) * (fields.get("pp") or 1) * int(fields["dp"])


def model_id(card: ModelCard) -> str:
    """Return the id of a card, or its name where no file of models holds it."""
    return next((one for one, held in models().items() if held is card), card.name)


def whole_number(name: str, value: object, *, high: int = CHIPS_MAX) -> int:
    """Return an argument that is a whole number from 1 to `high`.

    Raises:
        InputError: It is another number, or none.
    """
    number = _float(value)
    if number is None or not number.is_integer() or not 1 <= number <= high:
        remedy = f"give a whole number from 1 to {high:,}"
        raise InputError([Fault(name, 0, "", f"{_shown(value)} cannot be used here", remedy)])
    return int(number)


def amount(name: str, value: object) -> float:
    """Return an argument that is a number above 0.

    Raises:
        InputError: It is another number, or none.
    """
    number, most = _float(value), AT_MOST.get(name, AMOUNT_MAX)
    if number is None or not number > 0:
        message = f"{_shown(value)} is not a number above 0"
    elif number > most:
        message = f"{_shown(value)} is beyond {most:g}"
    elif name in TOKENS and number < 1:
        message = f"{_shown(value)} is less than one token"
    else:
        return number
    raise InputError([Fault(name, 0, "", message)])


def _checked(name: str, value: object, amounts: Sequence[str] = AMOUNTS) -> object:
    """Return one argument as it is used.

    Raises:
        InputError: It cannot be used.
    """
    if value is None:
        return None
    if name in CHOICES:
        if value not in CHOICES[name]:
            raise UnknownName(name, str(value), CHOICES[name])
        return value
    if name in PRECISIONS:
        return _precision(name, str(value))
    if name in SIZES:
        return whole_number(name, value)
    if name in amounts:
        return amount(name, value)
    return str(value) if name == "software" else value


def _precision(name: str, value: str) -> str:
    """Return a precision by its own name.

    Raises:
        InputError: No precision is called that, or none that is run.
    """
    if value.lower() == WIDE:
        message = f"{value} is not run: engines load weights of 32 bits in 16"
        raise InputError([Fault(name, 0, "", message, "ask for bf16")])
    return named(value)


def _try(asked: Query, *, whole: bool) -> None:
    """Settle a query on one draw; with only a part of it known, keep what is wrong with the layout.

    Raises:
        InputError: Something cannot be.
    """
    try:
        check(asked)
        if asked.phase == "training":
            check_training(asked)
        else:
            settle(asked, count=1)
    except InputError as error:
        faults = [_by_argument(fault) for fault in error.faults]
        if not whole:
            faults = [fault for fault in faults if fault.file in LAYOUT | {"chip", "precision"}]
        if faults:
            raise InputError(faults) from None


def _by_argument(fault: Fault) -> Fault:
    """Return a fault of a query with the argument in the place of the file."""
    return fault if fault.file else replace(fault, file=fault.key, key="")


def _float(value: object) -> float | None:
    """Return a value as a finite number; None where it is none, as true and false are none."""
    if isinstance(value, bool | str | bytes):
        return None
    try:
        number = float(cast("float", value))
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _shown(value: object) -> str:
    """Return a value as a message shows it; what is too long for one, by how it begins."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) <= AMOUNT_MAX or isinstance(value, float):
            return f"{value:,.12g}"
        return f"a number of {math.floor(math.log10(abs(value))) + 1:,} digits"
    text = repr(value)
    return text if len(text) <= SHOWN_LETTERS else f"{text[:SHOWN_LETTERS]}…"
