"""Suspensions: a licence stops for now, and goes on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from headworks.errors import Fault
from headworks.ledger.actions.action import Action, Decision, Id, Version
from headworks.ledger.actions.endings import accounts_of
from headworks.ledger.journal.view import View, refuse
from headworks.ledger.machines import LICENCE, step

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Account


class SuspendLicence(Action):
    """Suspend a licence: from that day nothing is reserved or drawn until it is reinstated."""

    action: Literal["licence.suspend"]
    licence: Id

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the licence as suspended, its lines closed from that day (L10)."""
        body = view.record("licence", self.licence)
        state = step(LICENCE, body["state"], "suspend", what=f"licence {self.licence}")
        spans = [*body["suspensions"], [on.isoformat(), None]]
        after = {**body, "state": state, "suspensions": spans}
        return Decision(
            rebounds=_closed(view, self.licence, body, min(on, _end(body))),
            records=(Version("licence", self.licence, after),),
        )


class ReinstateLicence(Action):
    """End a suspension."""

    action: Literal["licence.reinstate"]
    licence: Id

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the licence as issued again, its lines open until their last day."""
        body = view.record("licence", self.licence)
        state = step(LICENCE, body["state"], "reinstate", what=f"licence {self.licence}")
        began, _ = body["suspensions"][-1]
        if on.isoformat() < began:
            message = f"it is suspended since {began}, and this is {on}"
            refuse([Fault("licence", 0, self.licence, message, "name a later day")])
        spans = [*body["suspensions"][:-1], [began, on.isoformat()]]
        after = {**body, "state": state, "suspensions": spans}
        return Decision(
            rebounds=_closed(view, self.licence, body, _end(body)),
            records=(Version("licence", self.licence, after),),
        )


def _end(body: dict[str, Any]) -> dt.date:
    return dt.date.fromisoformat(body["valid_until"])


def _closed(view: View, licence: str, body: dict[str, Any], last: dt.date) -> tuple[Account, ...]:
    """Return a licence's accounts with the first day on which nothing leaves them."""
    return tuple(replace(one.account, open_until=last) for one in accounts_of(view, licence, body))
