"""The split: which cases constants are fitted to, and which only test them."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from headworks.errors import ScenarioError
from headworks.scenario.faults import describe
from headworks.scenario.model import Record, Text
from headworks.scenario.yaml_file import read_yaml
from headworks.throughput.cards import models
from headworks.throughput.cases import calibration_folder

if TYPE_CHECKING:
    from headworks.throughput.case import Case
    from headworks.throughput.model_card import ModelCard

Part = Literal["fit", "test_rows", "test_chip", "test_family", "test_both"]
Phase = Literal["serving", "prefill", "decode", "training"]
OTHER = "other"
"""Family of a model that none is named for."""
SHAPE = (
    "layers", "hidden", "vocab", "feed_forward", "gated", "tied_embeddings", "attention", "experts",
)  # fmt: skip
"""Fields of a card that training a model further leaves as they are."""


class FitChips(Record):
    """Chips whose cases are in the fit in some phases."""

    chips: list[Text]
    phases: list[Phase]
    reason: Text


class HeldOutChips(Record):
    """Chips whose cases only test; for the reader, since all others are held out anyway."""

    chips: list[Text]
    reason: Text


class Families(Record):
    """Families of models that are in the fit, or held out."""

    families: list[Text]
    reason: Text


class Fit(Record):
    """What is in the fit."""

    chips: list[FitChips]
    families: list[Families]


class HeldOut(Record):
    """What is held out, with reasons."""

    chips: list[HeldOutChips]
    families: list[Families]


class SetUp(Record):
    """What cases of one withheld set-up have in common."""

    chip: Text
    model: Text
    precision: Text
    tp: int | None
    input_tokens: int


class Withheld(Record):
    """Serving set-ups of known chips and families that only test."""

    reason: Text
    set_ups: list[SetUp]


class Protocol(Record):
    """How cases are split."""

    written: dt.date
    families: dict[str, Text]
    """Beginning of the ids of each family's models."""
    fit: Fit
    held_out: HeldOut
    withheld: Withheld


@cache
def protocol() -> Protocol:
    """Return the protocol that comes with the package.

    Raises:
        ScenarioError: The file has faults; all of them are listed.
    """
    document = read_yaml(calibration_folder() / "protocol.yaml")
    try:
        record = Protocol.model_validate(document.tree)
    except ValidationError as error:
        raise ScenarioError(
            [*document.faults, *describe(error, document, model=Protocol)]
        ) from None
    if document.faults:
        raise ScenarioError(document.faults)
    return record


def family(model: str) -> str:
    """Return the family of a model by its id: that with the longest beginning the id has."""
    beginnings = protocol().families.items()
    fitting = [(len(start), name) for name, start in beginnings if model.startswith(start)]
    return max(fitting)[1] if fitting else OTHER


def family_of(card: ModelCard) -> str:
    """Return the family of a card: that of the model on record that is shaped as it is.

    A model that is read from a configuration is known by its shape alone, since its name may be
    that of a folder.
    """
    alike = (
        one for one, other in models().items() if all(_same(card, other, name) for name in SHAPE)
    )
    found = next(alike, None)
    return OTHER if found is None else family(found)


def _same(card: ModelCard, other: ModelCard, name: str) -> bool:
    return bool(getattr(card, name) == getattr(other, name))


def split(case: Case) -> Part:
    """Return the part of the validation that a case belongs to."""
    rules = protocol()
    chip_in = any(case.chip in one.chips and case.phase in one.phases for one in rules.fit.chips)
    family_in = any(family(case.model) in one.families for one in rules.fit.families)
    if not (chip_in or family_in):
        return "test_both"
    if not chip_in:
        return "test_chip"
    if not family_in:
        return "test_family"
    return "test_rows" if _withheld(case, rules.withheld) else "fit"


def _withheld(case: Case, rule: Withheld) -> bool:
    return case.phase == "serving" and any(
        all(getattr(case, name) == value for name, value in one) for one in rule.set_ups
    )
