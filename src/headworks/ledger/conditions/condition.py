"""What every kind of condition gives: its terms, what it says of a passage, and what it moves."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from headworks.ledger.passage import Flow
from headworks.scenario.model import Record

if TYPE_CHECKING:
    from headworks.ledger.journal.account import Account
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Finding, Passage


class Terms(Record):
    """The terms of a condition; a subclass for each kind, told apart by its field `kind`."""

    kind: str
    fixed: ClassVar[tuple[str, ...]] = ()
    """Fields that new terms cannot change, since accounts are made of them."""

    @abstractmethod
    def finding(self, name: str, view: View, passage: Passage) -> Finding:
        """Return what the condition says of a passage.

        Args:
            name: Id of the condition.
            view: The ledger.
            passage: What is to pass.
        """

    def flows(self, name: str, view: View, passage: Passage) -> list[Flow]:  # noqa: ARG002
        """Return what moves with a passage, such as credits that it uses."""
        return []

    def back(self, name: str, view: View, passage: Passage) -> list[Flow]:
        """Return what comes back where units turn out not to have passed.

        It is what counted of them: what passed under a waiver did not.
        """
        flows = self.flows(name, view, passage)
        there = view.standings([one.credit for one in flows])
        return [
            Flow(one.credit, one.debit, counted, one.code)
            for one in flows
            if one.credit in there and (counted := min(one.amount, there[one.credit].available)) > 0
        ]

    def accounts(self, name: str, view: View, passage: Passage) -> list[Account]:  # noqa: ARG002
        """Return the accounts of its flows that are not yet open."""
        return []

    def opening(self, name: str, view: View, on: dt.date) -> list[Account]:  # noqa: ARG002
        """Return the accounts that it opens when it is set."""
        return []

    def bounded(self, name: str, view: View) -> list[Account]:  # noqa: ARG002
        """Return its accounts that there are, with the bounds that these terms give them."""
        return []
