"""Conditions as they apply to a passage: read from their records, less those that are waived."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from headworks.ledger.conditions.kinds import terms_of

if TYPE_CHECKING:
    from headworks.ledger.conditions.condition import Terms
    from headworks.ledger.journal.account import Account
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Finding, Flow, Passage


def findings(view: View, passage: Passage) -> list[Finding]:
    """Return what each condition of the licence says of a passage."""
    return [terms.finding(name, view, passage) for name, terms in _applied(view, passage)]


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
    for name in passage.terms["conditions"]:
        waivers = view.records("waiver").values()
        if not any(
            one["condition"] == name
            and one["licence"] == passage.licence
            and one["from"] <= passage.on.isoformat() < one["until"]
            for one in waivers
        ):
            yield name, terms_of(view.record("condition", name))
