"""Installations: chips go into service at a site, and are taken out of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from headworks.errors import Fault, UnknownName
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Amount, Decision, Id, move
from headworks.ledger.conditions.applied import waiver
from headworks.ledger.conditions.kinds import terms_of
from headworks.ledger.conditions.site import SiteTerms
from headworks.ledger.journal.account import Account
from headworks.ledger.journal.view import refuse

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View


class Install(Action):
    """Put cleared units into service at a site, or take them out of it."""

    action: Literal["installation.install", "installation.remove"]
    licence: Id
    line: Id
    site: Id
    quantity: Amount

    def party_concerned(self, view: View) -> str | None:
        """Return the licence's holder."""
        found = view.find("licence", self.licence)
        return None if found is None else found["party"]

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the movement: installed less removed stays within what was cleared (L3)."""
        where = view.record("site", self.site)["jurisdiction"]
        terms = view.record("licence", self.licence)
        if self.line not in terms["lines"]:
            raise UnknownName(f"line of licence {self.licence}", self.line, terms["lines"])
        refuse(self._out_of_place(view, where, on))
        place = names.installed(self.licence, self.line, self.site)
        opens = () if place in view.standings([place]) else (Account(place, names.UNITS),)
        way = (
            (names.cleared(self.licence, self.line), place)
            if self.action == "installation.install"
            else (place, names.removed(self.licence, self.line))
        )
        code = self.action.removeprefix("installation.")
        return Decision(opens=opens, transfers=(move(self.id, 1, *way, self.quantity, code),))

    def _out_of_place(self, view: View, where: str, on: dt.date) -> list[Fault]:
        """Return why units may not be installed at the site; taking them out is always allowed."""
        if self.action != "installation.install":
            return []
        found: list[Fault] = []
        for name in view.record("licence", self.licence)["conditions"]:
            terms = terms_of(view.record("condition", name))
            if (
                isinstance(terms, SiteTerms)
                and not terms.allows(self.site, where)
                and waiver(view, self.licence, name, on) is None
            ):
                allowed = " or ".join((*terms.sites, *terms.jurisdictions)) or "none"
                message = f"site {name}: it is in {where}, allowed is {allowed} (L11)"
                found.append(Fault("site", 0, self.site, message, "name an allowed site"))
        return found
