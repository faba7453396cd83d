"""A passage: units of a licence line that are to pass customs, and all that moves with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from headworks.ledger import names


@dataclass(frozen=True, slots=True)
class Passage:
    """Units that are to be reserved or drawn, with what conditions ask about them."""

    licence: str
    terms: dict[str, Any]
    """The licence as it stands: party, round, conditions, lines …"""
    number: str
    """Id of the line."""
    line: dict[str, Any]
    """The line as it stands: chip, quantity, route, use …"""
    quantity: int
    """Units."""
    value_cents: int
    """Value; 0 where the line has none."""
    on: dt.date
    """Day on which they pass, or are reserved."""
    site: str | None = None
    """Where they are to be installed, if it is known."""
    held: Mapping[str, int] = field(default_factory=dict)
    """What is held for it, or was drawn for it before a correction, by account: to be given back
    before it passes, and so not to be counted twice."""

    @property
    def party(self) -> str:
        """The licence's holder."""
        return str(self.terms["party"])


class Flow(NamedTuple):
    """A movement that goes with a passage, and is held, drawn and undone together with it."""

    debit: str
    credit: str
    amount: int
    code: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of a passage."""

    rule: str
    """Id of the condition, or `status`, `validity`, `quantity`, `value`."""
    kind: str
    passes: bool
    says: str
    """The numbers on both sides, as a sentence."""
    cure: str = ""
    """What would let it pass; empty where it does, or nothing would."""


def own_flows(passage: Passage) -> list[Flow]:
    """Return what a passage moves on its own line: units, and value where the line has one."""
    licence, number = passage.licence, passage.number
    found = [
        Flow(names.line(licence, number), names.cleared(licence, number), passage.quantity, "draw")
    ]
    if passage.line["value_cents"] is not None and passage.value_cents:
        found.append(
            Flow(
                names.value(licence, number), names.spent(licence, number), passage.value_cents,
                "value",
            )
        )  # fmt: skip
    return found
