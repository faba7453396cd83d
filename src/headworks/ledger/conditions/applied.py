"""Conditions as they apply to a passage: read from their records, less those that are waived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from headworks.ledger import names
from headworks.ledger.conditions.condition import Terms
from headworks.ledger.conditions.kinds import terms_of
from headworks.ledger.passage import Finding, Flow

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Account
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Passage


Pair = tuple[str, Terms]


def findings(view: View, passage: Passage) -> list[Finding]:
    """Return what each condition of the licence says of a passage; a waived one lets it pass."""
    found: list[Finding] = []
    for name, terms, waiver in _all(view, passage):
        if waiver is None:
            found.append(terms.finding(name, view, passage))
        else:
            says = f"waived from {waiver['from']} until before {waiver['until']}"
            if "quantity" in waiver:
                left = _left(view, passage, waiver)
                says += f" for {waiver['quantity']:,} units, of which {left:,} are left"
            says += f": {waiver['reason']}"
            found.append(Finding(name, terms.kind, passes=True, says=says))
    return found


def flows(view: View, passage: Passage) -> list[Flow]:
    """Return what moves with a passage because of conditions, or uses up a waiver of one."""
    found: list[Flow] = []
    for name, terms, waiver in _all(view, passage):
        if waiver is None:
            found += terms.flows(name, view, passage)
        elif "quantity" in waiver:
            outside = names.source(names.UNITS)
            found.append(Flow(waiver["account"], outside, passage.quantity, "waive"))
    return found


def back(view: View, passage: Passage) -> list[Flow]:
    """Return what comes back because of conditions where units turn out not to have passed."""
    return [
        one
        for name, terms, waiver in _all(view, passage)
        if waiver is None
        for one in terms.back(name, view, passage)
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

    A waiver of some units is used up as they pass, and lifts nothing afterwards.

    Args:
        view: The ledger.
        licence: Id of the licence.
        terms: The licence as it stands.
        on: The day.
    """
    for name, one, waivers in _conditions(view, licence, terms, on):
        if all("quantity" in waiver for waiver in waivers):
            yield name, one


def _all(view: View, passage: Passage) -> Iterator[tuple[str, Terms, dict[str, Any] | None]]:
    """Yield each condition with the waiver that lets the passage go past it, if one does."""
    for name, terms, waivers in _conditions(view, passage.licence, passage.terms, passage.on):
        enough = (
            one
            for one in sorted(waivers, key=lambda one: "quantity" in one)
            if "quantity" not in one or passage.quantity <= _left(view, passage, one)
        )
        yield name, terms, next(enough, None)


def _left(view: View, passage: Passage, waiver: Mapping[str, Any]) -> int:
    """Return how many units may still pass under a waiver of some, the passage's own among them."""
    place = str(waiver["account"])
    return view.standing(place).available + passage.held.get(place, 0)


def _conditions(
    view: View, licence: str, licence_terms: Mapping[str, Any], on: dt.date
) -> Iterator[tuple[str, Terms, list[dict[str, Any]]]]:
    """Yield a licence's conditions as they stand, each with the waivers that cover the day."""
    conditions = licence_terms["conditions"]
    if not conditions:
        return
    kept = view.newest("condition", conditions)
    waivers = view.newest("waiver", [f"{licence}/{name}" for name in conditions])
    day = on.isoformat()
    for name in conditions:
        spans = waivers.get(f"{licence}/{name}", {"spans": []})["spans"]
        covering = [one for one in spans if one["from"] <= day < one["until"]]
        yield name, terms_of(kept[name]), covering
