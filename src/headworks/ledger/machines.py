"""The state machines of cases, licences, rounds and transfers; each is one table."""

from __future__ import annotations

from collections.abc import Mapping

from headworks.errors import Fault
from headworks.ledger.journal.view import refuse

Machine = Mapping[tuple[str, str], str]
"""The state that follows, by state and step."""

CASE: Machine = {
    ("draft", "submit"): "submitted",
    ("draft", "withdraw"): "withdrawn",
    ("submitted", "take_up"): "in_review",
    ("submitted", "return"): "returned",
    ("submitted", "withdraw"): "withdrawn",
    ("in_review", "ask"): "awaiting_applicant",
    ("in_review", "return"): "returned",
    ("in_review", "withdraw"): "withdrawn",
    ("in_review", "decide"): "decided",
    ("awaiting_applicant", "answer"): "in_review",
    ("awaiting_applicant", "return"): "returned",
    ("awaiting_applicant", "withdraw"): "withdrawn",
    ("decided", "appeal"): "under_appeal",
    ("decided", "close"): "closed",
    ("under_appeal", "decide"): "decided",
    ("under_appeal", "withdraw"): "decided",
}
"""An application: asked for, reviewed, decided; a decision may be appealed until it is closed."""

LICENCE: Machine = {
    ("draft", "issue"): "issued",
    ("draft", "cancel"): "cancelled",
    ("issued", "suspend"): "suspended",
    ("issued", "exhaust"): "exhausted",
    ("issued", "expire"): "expired",
    ("issued", "surrender"): "surrendered",
    ("issued", "revoke"): "revoked",
    ("issued", "cancel"): "cancelled",
    ("issued", "supersede"): "superseded",
    ("suspended", "reinstate"): "issued",
    ("suspended", "expire"): "expired",
    ("suspended", "surrender"): "surrendered",
    ("suspended", "revoke"): "revoked",
    ("suspended", "cancel"): "cancelled",
    ("suspended", "supersede"): "superseded",
    ("exhausted", "reopen"): "issued",
}
"""A licence: the permission itself, apart from the case that led to it. A contra may give units
back to what was exhausted, which reopens it."""

ROUND: Machine = {
    ("announced", "open"): "open",
    ("open", "close"): "closed",
    ("closed", "award"): "provisional",
    ("provisional", "award"): "provisional",
    ("provisional", "confirm"): "confirmed",
    ("confirmed", "reallocate"): "reallocation",
    ("reallocation", "award"): "reallocation",
    ("reallocation", "confirm"): "confirmed",
    ("confirmed", "finish"): "final",
    ("announced", "cancel"): "cancelled",
    ("open", "cancel"): "cancelled",
    ("closed", "cancel"): "cancelled",
    ("provisional", "cancel"): "cancelled",
    ("confirmed", "revoke"): "revoked",
    ("reallocation", "revoke"): "revoked",
    ("final", "revoke"): "revoked",
}
"""A round: provisional awards may be computed again until two persons confirm them. A
round without confirmed awards is cancelled by one person, one with them revoked by two."""

TRANSFER: Machine = {
    ("asked", "approve"): "approved",
    ("asked", "refuse"): "refused",
}
"""A transfer of an award to another party: asked for by who gives, decided by the authority."""


def step(machine: Machine, state: str, name: str, *, what: str) -> str:
    """Return the state after a step.

    Args:
        machine: The table.
        state: The state before.
        name: The step.
        what: How a message calls the thing, such as `licence us-17`.

    Raises:
        LedgerError: The state does not allow the step.
    """
    after = machine.get((state, name))
    if after is None:
        allowed = sorted(one for at, one in machine if at == state)
        message = f"it is {state}, in which it cannot {name.replace('_', ' ')}"
        remedy = f"it can {' or '.join(allowed)}" if allowed else "nothing follows on that state"
        refuse([Fault(what, 0, "", message, remedy)])
        raise AssertionError
    return after
