"""May it pass: every rule that a passage meets, with its numbers, and what would cure a no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, UnknownName
from headworks.ledger import names
from headworks.ledger.conditions import applied
from headworks.ledger.passage import Finding, Passage

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View


@dataclass(frozen=True, slots=True)
class MayPass:
    """Whether units may pass, and why."""

    passage: Passage
    findings: tuple[Finding, ...]

    @property
    def passes(self) -> bool:
        """Whether every rule lets them pass."""
        return all(one.passes for one in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as plain values."""
        asked = self.passage
        return {
            "passes": self.passes,
            "licence": asked.licence,
            "line": asked.number,
            "quantity": asked.quantity,
            "on": asked.on.isoformat(),
            "rules": [asdict(one) for one in self.findings],
        }


def passage(
    view: View,
    licence: str,
    number: str,
    quantity: int,
    *,
    on: dt.date,
    value_cents: int = 0,
    site: str | None = None,
    held: Mapping[str, int] | None = None,
) -> Passage:
    """Return a passage against a licence line.

    Args:
        view: The ledger.
        licence: Id of the licence.
        number: Id of the line.
        quantity: Units.
        on: Day on which they pass.
        value_cents: Their value, where the line has one.
        site: Where they are to be installed, if it is known.
        held: What is held for it already, by account.

    Raises:
        UnknownName: There is no such licence or line.
    """
    terms = view.record("licence", licence)
    if number not in terms["lines"]:
        raise UnknownName(f"line of licence {licence}", number, terms["lines"])
    if site is not None:
        view.record("site", site)
    line = terms["lines"][number]
    return Passage(licence, terms, number, line, quantity, value_cents, on, site, held or {})


def may_pass(view: View, asked: Passage) -> MayPass:
    """Return what every rule says of a passage: its own licence's first, then the conditions."""
    found = (*_own(view, asked), *applied.findings(view, asked))
    # A rule that lets it pass has nothing to cure.
    return MayPass(asked, tuple(replace(one, cure="") if one.passes else one for one in found))


def faults_of(answer: MayPass) -> list[Fault]:
    """Return why a passage is refused, a fault for each rule that says no (L10, L11)."""
    asked = answer.passage
    place = f"licence {asked.licence}"
    return [
        Fault(place, 0, f"line {asked.number}", f"{one.kind} {one.rule}: {one.says}", one.cure)
        for one in answer.findings
        if not one.passes
    ]


def _own(view: View, asked: Passage) -> Iterable[Finding]:
    """Yield what the licence itself says: status, days, quantity and value."""
    terms, day = asked.terms, asked.on.isoformat()
    state = terms["state"]
    spans = [
        span for span in terms["suspensions"] if span[0] <= day and (not span[1] or day < span[1])
    ]
    # What happened before a suspension stands, however late it is recorded.
    before = state == "suspended" and not spans
    # A licence may be exhausted by the very units that are asked about.
    own = state == "exhausted" and names.line(asked.licence, asked.number) in asked.held
    yield Finding(
        asked.licence, "status", (state == "issued" or before or own) and not spans,
        f"the licence {_status(state, spans)}", cure=_status_cure(state, spans),
    )  # fmt: skip
    yield Finding(
        asked.licence, "validity", terms["valid_from"] <= day < terms["valid_until"],
        f"it is valid from {terms['valid_from']} until before {terms['valid_until']}, "
        f"and this is {day}",
        cure="draw within these days, or vary the licence",
    )  # fmt: skip
    place = names.line(asked.licence, asked.number)
    standing, own_held = view.standing(place), asked.held.get(place, 0)
    left = standing.available - (standing.account.floor or 0) + own_held
    others = max(0, standing.debits_pending - own_held)
    held = f", {others:,} more are reserved" if others else ""
    yield Finding(
        asked.number, "quantity", asked.quantity <= left,
        f"the line has {left:,} units left{held}, and {asked.quantity:,} are to pass",
        cure=f"take at most {max(0, left):,}, or release reservations",
    )  # fmt: skip
    if asked.line["value_cents"] is not None:
        place = names.value(asked.licence, asked.number)
        worth = view.standing(place).available + asked.held.get(place, 0)
        yield Finding(
            asked.number, "value", 0 < asked.value_cents <= worth,
            f"the line has a value of {worth / 100:,.2f} USD left, and these are worth "
            f"{asked.value_cents / 100:,.2f}",
            cure="state the value, at most what is left",
        )  # fmt: skip


def _status(state: str, spans: list[list[str]]) -> str:
    """Return what a licence is, and which suspension covers the day."""
    if not spans:
        return f"is {state}"
    first, last = spans[-1]
    return (
        f"is {state} since {first}"
        if not last
        else (f"is {state}, and was suspended from {first} until before {last}")
    )


def _status_cure(state: str, spans: list[list[str]]) -> str:
    if spans and spans[-1][1]:
        return "draw on a day on which it was not suspended"
    return "reinstate it" if state == "suspended" else "draw on a licence that is issued"
