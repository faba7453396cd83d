"""Authority: who may do what. Roles give rights, and some actions need two persons (L16)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View

ROLES: dict[str, frozenset[str]] = {
    "applicant": frozenset({
        "application.submit", "application.answer", "application.withdraw", "application.appeal",
        "award.return", "award.transfer.ask", "licence.surrender", "order.place", "order.cancel",
        "shipment.reserve", "shipment.release",
        "installation.install", "installation.remove", "report.file",
    }),
    "officer": frozenset({
        "party.register", "site.register", "pool.open", "pool.block", "pool.enlarge",
        "conversion.set", "condition.set", "round.announce", "round.open", "round.close",
        "round.award", "round.reallocate", "round.finish", "round.cancel", "application.take_up",
        "application.ask", "application.return", "application.decide", "application.close",
        "licence.issue", "licence.suspend", "licence.reinstate", "licence.cancel",
        "licence.vary", "licence.expire", "reference.report", "pairing.earn",
        "pairing.take_back", "shipment.reserve",
    }),
    "approver": frozenset({
        "award.confirm", "award.transfer", "award.transfer.refuse", "waiver.grant",
        "licence.revoke", "round.revoke", "proposal.agree", "proposal.withdraw",
    }),
    "customs": frozenset({"shipment.draw", "shipment.correct", "customs.import"}),
    "auditor": frozenset({"checkpoint.sign", "discrepancy.resolve"}),
    "administrator": frozenset({"actor.register", "proposal.withdraw"}),
}  # fmt: skip
"""The rights that each role gives; a right is named as the action that it allows."""


def hindrances(view: View, actor: str, right: str, party: str | None) -> Iterator[Fault]:
    """Yield why an actor may not do something; nothing where it may.

    Args:
        view: The ledger.
        actor: Who acts.
        right: The right that it takes.
        party: For whom the actor acts, where an applicant may only act for its own; None for none.
    """
    person = view.find("actor", actor)
    if person is None:
        remedy = "let an administrator register it"
        yield Fault("actor", 0, actor, "there is no such actor (L16)", remedy)
        return
    holding = roles_with(right)
    having = [role for role in person["roles"] if role in holding]
    if not having:
        message = f"has {_listed(person['roles'])}, and {right} takes {_listed(holding)} (L16)"
        yield Fault("actor", 0, actor, message, "let someone who may do it")
    elif having == ["applicant"] and party is not None and not _acts_for(view, person, party):
        message = f"acts for {person.get('party') or 'nobody'}, not for {party} (L16)"
        yield Fault("actor", 0, actor, message, "let someone of that party do it")


def roles_with(right: str) -> list[str]:
    """Return the roles that give a right, in order."""
    return [role for role, rights in ROLES.items() if right in rights]


def _acts_for(view: View, person: dict[str, Any], party: str) -> bool:
    """Whether a person's party is the one concerned, or one above it."""
    at: str | None = party
    while at is not None:
        if at == person.get("party"):
            return True
        above = view.find("party", at)
        at = above["parent"] if above else None
    return False


def _listed(names: list[str]) -> str:
    return " or ".join(names) if names else "no role"
