"""Sources: who published what, when, and where it was read."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import model_validator

from headworks.scenario.model import Record, Text

Confidence = Literal["high", "medium", "low"]


class Relay(Record):
    """The page on which a source was read, where the original itself was not seen."""

    url: Text
    """Address of the relaying page."""
    published: dt.date | None = None
    """Day on which the relaying page came out; None where the page does not say."""
    accessed: Literal["page", "excerpt", "citation"] = "page"
    """What was read: the relaying page, an excerpt of it, or only a citation of the original."""


class Source(Record):
    """One publication that numbers rest on."""

    producer: Text
    """Original publisher: Reuters, the Federal Register, a company."""
    title: Text
    """Title, or a description of the report where the title is not known."""
    published: dt.date
    """Day on which the original came out: the day from which one could know it."""
    url: Text | None = None
    """Address of the original, where the original was read."""
    relay: Relay | None = None
    """Where it was read, if not at the original."""
    confidence: Confidence
    """high: primary document or confirmed by several outlets; medium: one report that rests on
    unnamed persons, or an analyst's estimate; low: a single secondary source, or conflicting."""
    licence: Text | None = None
    """Licence of the data, where a file was taken over."""
    note: Text | None = None
    """Anything a reader should know before relying on it."""

    @model_validator(mode="after")
    def _seen_somewhere(self) -> Source:
        if self.url is None and self.relay is None and self.note is None:
            message = "a source needs a url, a relay or a note that says how it is known"
            raise ValueError(message)
        return self
