"""What is wrong with an event and its accounts, before its transfers are walked through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from headworks.errors import Fault
from headworks.ledger.journal.account import AMOUNT_MAX
from headworks.ledger.journal.walk import TEXT_MAX

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Account
    from headworks.ledger.journal.event import Draft

TWO_PERSONS = frozenset({
    "award.confirm", "waiver.grant", "licence.revoke", "round.revoke",
})  # fmt: skip
"""Rights that one person alone does not have; the table of events holds the same list."""


def wrong_event(draft: Draft) -> Iterator[Fault]:
    """Yield what is wrong with the words of an event."""
    words = {
        "id": draft.id, "kind": draft.kind, "actor": draft.actor, "right": draft.right,
        "second": draft.second, "reason": draft.reason,
    }  # fmt: skip
    for key, word in words.items():
        if type(word) is not str or len(word) > TEXT_MAX or not word.isprintable():
            message = f"{key} must be printable text of at most {TEXT_MAX} letters"
            yield Fault("event", 0, draft.id[:40], message, "mend it")
        elif not word and key not in {"second", "reason"}:
            yield Fault("event", 0, draft.id[:40], f"{key} is empty", "name it")
    if draft.right in TWO_PERSONS and not draft.second:
        message = f"{draft.right} needs two persons, and {draft.actor} alone does it (L16)"
        yield Fault("event", 0, draft.id, message, "name the second one")
    if draft.second and draft.second == draft.actor:
        message = f"{draft.actor} is both persons, where two must agree (L16)"
        yield Fault("event", 0, draft.id, message, "let another person do it too")


def wrong_account(account: Account, *, opens: bool) -> Iterator[Fault]:
    """Yield what is wrong with an account as it is opened, or given other bounds.

    New bounds may leave out what is there: then transfers can only lead it back.
    """
    for word in (account.name, account.unit):
        if type(word) is not str or not (word and word.isprintable() and len(word) <= TEXT_MAX):
            message = f"name and unit must be printable text, not empty, at most {TEXT_MAX} letters"
            yield Fault("account", 0, account.name[:40], message, "mend it")
            return
    whole = True
    for key, bound in (("floor", account.floor), ("ceiling", account.ceiling)):
        if bound is not None and (type(bound) is not int or abs(bound) > AMOUNT_MAX):
            whole = False
            message = (
                f"{key} {bound!r} is no bound: a whole number within ±{AMOUNT_MAX:,} is, or none "
                "(L17)"
            )
            yield Fault("account", 0, account.name, message, "give the pool's smallest unit")
    if whole and opens and ((account.floor or 0) > 0 or (account.ceiling or 0) < 0):
        message = "it opens with nothing, which its own bounds would not allow (L2)"
        yield Fault("account", 0, account.name, message, "open it, and move its bounds later")
