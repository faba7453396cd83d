"""Conditions as they apply to a passage: read from their records, less those that are waived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from headworks.ledger.conditions.kinds import terms_of
from headworks.ledger.passage import Finding

if TYPE_CHECKING:
    from headworks.ledger.conditions.condition import Terms
    from headworks.ledger.journal.account import Account
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Flow, Passage


def findings(view: View, passage: Passage) -> list[Finding]:
    """Return what each condition of the licence says of a passage; a waived one lets it pass."""
    found: list[Finding] = []
    for name, terms in _all(view, passage):
        waived = waiver(view, passage.licence, name, passage.on)
        if waived is None:
            found.append(terms.finding(name, view, passage))
        else:
            says = (
                f"waived from {waived['from']} until before {waived['until']}: {waived['reason']}"
            )
            found.append(Finding(name, terms.kind, passes=True, says=says))  # type: ignore[attr-defined]
    return found


def flows(view: View, passage: Passage) -> list[Flow]:
    """Return what moves with a passage because of conditions."""
    return [
        one for name, terms in _applied(view, passage) for one in terms.flows(name, view, passage)
    ]


def accounts(view: View, passage: Passage) -> list[Account]:
    """Return the accounts that these flows need and that are not yet open."""
    found = {
        one.name: one
        for name, terms in _applied(view, passage)
        for one in terms.accounts(name, view, passage)
    }
    there = view.standings(found)
    return [one for name, one in found.items() if name not in there]


def _applied(view: View, passage: Passage) -> Iterator[tuple[str, Terms]]:
    """Yield the licence's conditions that no waiver lifts on the day."""
    for name, terms in _all(view, passage):
        if waiver(view, passage.licence, name, passage.on) is None:
            yield name, terms


def _all(view: View, passage: Passage) -> Iterator[tuple[str, Terms]]:
    """Yield the licence's conditions as they stand."""
    for name in passage.terms["conditions"]:
        yield name, terms_of(view.record("condition", name))


def waiver(view: View, licence: str, condition: str, on: dt.date) -> dict[str, Any] | None:
    """Return the waiver of a condition for a licence that covers a day, or None."""
    found = view.find("waiver", f"{licence}/{condition}")
    day = on.isoformat()
    spans = found["spans"] if found else []
    return next((one for one in spans if one["from"] <= day < one["until"]), None)
