"""Said: what the source says of a record's keys."""

from __future__ import annotations

from headworks.scenario.model import Record
from headworks.scenario.said import said_of


class First(Record):
    """A record."""

    plain: int
    """Said in one line."""
    bare: int
    long: int = 3
    """Said in two lines, of which the
    second is indented."""
    "Nothing stands above this."

    def method(self) -> int:
        """Return what is no field."""
        inner: int = 1
        """Said of a local name."""
        return inner


class Second(First):
    """A record on another."""

    plain: int
    """Said anew."""
    own: str
    """Said of its own."""


def test_the_string_beneath_a_field_says_what_it_is() -> None:
    assert said_of(First) == {
        "plain": "Said in one line.",
        "long": "Said in two lines, of which the\nsecond is indented.",
    }


def test_a_record_says_what_its_bases_say_unless_it_says_it_anew() -> None:
    assert said_of(Second) == {**said_of(First), "plain": "Said anew.", "own": "Said of its own."}


def test_it_is_what_pydantic_would_read() -> None:
    """Pydantic reads the same strings where it is told to, when a class is made."""

    class Told(Record, use_attribute_docstrings=True):
        """A record."""

        one: int
        """Said of one."""

    assert {name: field.description for name, field in Told.model_fields.items()} == said_of(Told)
