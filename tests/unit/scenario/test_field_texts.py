"""What stands below a field is its text, in the record itself and in its bases."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, ClassVar

from headworks.scenario.field_texts import field_texts
from headworks.scenario.load import load
from headworks.scenario.model import Record
from headworks.scenario.schema import json_schema

if TYPE_CHECKING:
    import pytest


class Parcel(Record):
    """A record with a field that has a text, one that has none, and what is no field."""

    chip: str
    """What is in it."""
    units: int
    """How many there are.

    Counted twice.
    """
    "Nothing stands above this."
    late: bool = False
    wheels: ClassVar[int] = 4
    """What no parcel is asked for is no field."""

    @property
    def heavy(self) -> bool:
        """Whether it is heavy."""
        limit: int = 1
        """What stands below a local name is no text of a field."""
        return self.units > limit


class SealedParcel(Parcel):
    """A record that says one thing more, and one otherwise."""

    seal: str
    """Number of the seal."""
    chip: str
    """What is said to be in it."""


def test_texts_are_those_below_the_fields() -> None:
    """Text of several lines loses its indent; what has no text is left out."""
    assert field_texts(Parcel) == {
        "chip": "What is in it.",
        "units": "How many there are.\n\nCounted twice.",
    }


def test_a_record_has_the_texts_of_its_bases_and_its_own_come_first() -> None:
    """A field that is stated again has the text that stands below it there."""
    assert field_texts(SealedParcel) == {
        "chip": "What is said to be in it.",
        "units": "How many there are.\n\nCounted twice.",
        "seal": "Number of the seal.",
    }


def test_without_source_code_there_are_no_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(_record: object) -> str:
        raise OSError

    monkeypatch.setattr(inspect, "getsource", lost)
    assert field_texts(Parcel) == {}
    assert "properties" in json_schema()["$defs"]["Gate"]


def test_a_record_may_be_made_within_a_function() -> None:
    class Crate(Record):
        weight: float
        """In kilograms."""

    assert field_texts(Crate) == {"weight": "In kilograms."}


def test_the_schema_tells_every_text_of_a_gate() -> None:
    """An editor shows them, under the key as it is written: `from`, not `from_`."""
    process = json_schema()["$defs"]["OpeningProcess"]["properties"]
    text = "First day (inclusive) of the process; the start of the scenario if None."
    assert process["from"]["description"] == text


def test_reading_a_record_from_another_process_builds_no_validator() -> None:
    """Workers are sent whole scenarios; what they import must not cost them validators."""
    code = (
        "import pickle, sys\n"
        "from headworks.flow.run import run\n"
        "sent = pickle.load(sys.stdin.buffer)\n"
        "print(sent.scenario, type(sent).__pydantic_complete__)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(load("one-gate")), capture_output=True,
        check=True,
    )  # fmt: skip
    assert told.stdout == b"one-gate False\n"
