"""Conditions as they apply to a passage: read from their records, less those that are waived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from headworks.ledger.conditions.condition import Terms
from headworks.ledger.conditions.kinds import terms_of
from headworks.ledger.passage import Finding

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Account
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Flow, Passage


Pair = tuple[str, Terms]


def findings(view: View, passage: Passage) -> list[Finding]:
    """Return what each condition of the licence says of a passage; a waived one lets it pass."""
    found: list[Finding] = []
    for name, terms, waiver in _all(view, passage):
        if waiver is None:
            found.append(terms.finding(name, view, passage))
        else:
            days = f"{waiver['from']} until before {waiver['until']}"
            says = f"waived from {days}: {waiver['reason']}"
            found.append(Finding(name, terms.kind, passes=True, says=says))
    return found


def flows(view: View, passage: Passage) -> list[Flow]:
    """Return what moves with a passage because of conditions that are not waived."""
    return [
        one
        for name, terms, waiver in _all(view, passage)
        if waiver is None
        for one in terms.flows(name, view, passage)
    ]


def accounts(view: View, passage: Passage) -> list[Account]:
    """Return the accounts that these flows need and that are not yet open."""
    found = {
        one.name: one
        for name, terms, waiver in _all(view, passage)
        if waiver is None
        for one in terms.accounts(name, view, passage)
    }
    there = view.standings(found)
    return [one for name, one in found.items() if name not in there]


def in_force(view: View, licence: str, terms: Mapping[str, Any], on: dt.date) -> Iterator[Pair]:
    """Yield the conditions of a licence that no waiver lifts on a day, with their terms.

    Args:
        view: The ledger.
        licence: Id of the licence.
        terms: The licence as it stands.
        on: The day.
    """
    for name, one, waiver in _conditions(view, licence, terms, on):
        if waiver is None:
            yield name, one


def _all(view: View, passage: Passage) -> Iterator[tuple[str, Terms, dict[str, Any] | None]]:
    return _conditions(view, passage.licence, passage.terms, passage.on)


def _conditions(
    view: View, licence: str, licence_terms: Mapping[str, Any], on: dt.date
) -> Iterator[tuple[str, Terms, dict[str, Any] | None]]:
    """Yield a licence's conditions as they stand, each with the waiver that covers the day."""
    conditions = licence_terms["conditions"]
    if not conditions:
        return
    kept = view.newest("condition", conditions)
    waivers = view.newest("waiver", [f"{licence}/{name}" for name in conditions])
    day = on.isoformat()
    for name in conditions:
        spans = waivers.get(f"{licence}/{name}", {"spans": []})["spans"]
        covering = (one for one in spans if one["from"] <= day < one["until"])
        yield name, terms_of(kept[name]), next(covering, None)
