"""Rounds: a pool is announced, applied for, awarded by a rule, confirmed by two, and closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field

from headworks.errors import Fault
from headworks.ledger import names
from headworks.ledger.actions.action import Action, Decision, Id, Version, move
from headworks.ledger.actions.pools import parent_share
from headworks.ledger.actions.sharing import misfits, rationed
from headworks.ledger.journal.account import Account
from headworks.ledger.journal.view import View, refuse
from headworks.ledger.machines import ROUND, step
from headworks.scenario.model import Text

WINDOW_DAYS = 21
"""Least days between opening and closing. Source: WTO Agreement on Import Licensing Procedures,
Article 1.6."""


class AnnounceRound(Action):
    """Announce a round of a pool, with its rule and its days."""

    action: Literal["round.announce"]
    round: Id
    pool: Id
    reserve: Id | None = None
    """The reserve that is awarded; the pool's open part if None."""
    rule: Id = "proportional"
    """A rule of rationing."""
    parameters: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the rationing, such as `whole`, `lot` or `cap`."""
    opens_on: dt.date
    closes_on: dt.date
    """First day on which no application is taken any more."""
    eligible: tuple[Id, ...] = ()
    """Parties that may apply; all if empty."""

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the round as announced."""
        pool = view.record("pool", self.pool)
        faults: list[Fault] = []
        if view.find("round", self.round) is not None:
            faults.append(Fault("round", 0, self.round, "it exists", "choose another id"))
        if (self.closes_on - self.opens_on).days < WINDOW_DAYS and not self.eligible:
            message = (
                f"applications are taken for {(self.closes_on - self.opens_on).days} days, and "
                f"an open round takes them for {WINDOW_DAYS}"
            )
            remedy = "close it later, or name who is eligible"
            faults.append(Fault("round", 0, self.round, message, remedy))
        if self.reserve is not None and self.reserve not in pool["reserves"]:
            message = f"{self.pool} has no reserve {self.reserve!r}"
            faults.append(Fault("round", 0, self.round, message, "name one of its reserves"))
        faults += misfits(self.round, self.rule, self.parameters)
        faults += [
            Fault(
                "round", 0, self.round, f"there is no party {one!r} to be eligible", "register it"
            )
            for one in self.eligible
            if view.find("party", one) is None
        ]
        refuse(faults)
        body = {
            "pool": self.pool, "reserve": self.reserve, "rule": self.rule,
            "parameters": self.parameters, "opens_on": self.opens_on.isoformat(),
            "closes_on": self.closes_on.isoformat(), "eligible": list(self.eligible),
            "state": "announced", "awards": {}, "record": None, "confirmed": {},
        }  # fmt: skip
        return Decision(records=(Version("round", self.round, body),))


class MoveRound(Action):
    """Open a round for applications, close it, reopen it for what came back, or finish it."""

    action: Literal["round.open", "round.close", "round.reallocate", "round.finish"]
    round: Id

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the round in its next state."""
        body = view.record("round", self.round)
        name = self.action.removeprefix("round.")
        state = step(ROUND, body["state"], name, what=f"round {self.round}")
        if name == "open" and on < dt.date.fromisoformat(body["opens_on"]):
            message = f"it opens on {body['opens_on']}, and this is {on}"
            refuse([Fault("round", 0, self.round, message, "wait for that day")])
        early = not body["eligible"] and on < dt.date.fromisoformat(body["closes_on"])
        if name == "close" and early:
            message = f"it takes applications until before {body['closes_on']}, and this is {on}"
            refuse([Fault("round", 0, self.round, message, "wait for that day")])
        return Decision(records=(Version("round", self.round, {**body, "state": state}),))


class EndRound(Action):
    """Cancel a round without confirmed awards, or revoke one with them, which takes two persons.

    What is awarded and on no licence goes back to the pool. Licences stay, since each ends by an
    act of its own; what they give back goes to the pool, too.
    """

    action: Literal["round.cancel", "round.revoke"]
    round: Id

    def decide(self, view: View, on: dt.date) -> Decision:
        """Return the round as ended, its awards given back."""
        body = view.record("round", self.round)
        name = self.action.removeprefix("round.")
        state = step(ROUND, body["state"], name, what=f"round {self.round}")
        if not self.reason.strip():
            message = f"a round is {state} for a reason, and none is given"
            refuse([Fault("round", 0, self.round, message, "give its `reason`")])
        flows = [
            (one.account.name, shared_by(body), one.balance)
            for one in view.all_standings(names.award(self.round, ""))
            if one.balance
        ]
        flows += parent_share(view, body["pool"], -sum(amount for *_, amount in flows))
        after = {**body, "state": state, "awards": {}, "ended_on": on.isoformat()}
        return Decision(
            records=(Version("round", self.round, after),),
            transfers=tuple(
                move(self.id, number, *flow, name) for number, flow in enumerate(flows, start=1)
            ),
        )


class AwardRound(Action):
    """Compute awards by the round's rule from the needs of its applications, to be confirmed."""

    action: Literal["round.award"]
    round: Id
    volume: int | None = None
    """What is shared, in the pool's unit; all that is left if None."""
    ballot_key: Text | None = None
    """Published key of the ballot that breaks ties, where the round announced none."""

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the round with provisional awards and the record that proves them (L13)."""
        body = view.record("round", self.round)
        state = step(ROUND, body["state"], "award", what=f"round {self.round}")
        pool = view.record("pool", body["pool"])
        left = view.standing(shared_by(body)).available
        faults = list(blocked(view, self.round, body))
        if self.volume is not None and not 0 < self.volume <= left:
            message = f"{self.volume:,} are to be shared, and {left:,} are left (L3)"
            faults.append(Fault("round", 0, self.round, message, "share at most what is left"))
        claims = self._claims(view, body)
        if not claims:
            message = "no application has a verified need"
            faults.append(Fault("round", 0, self.round, message, "decide applications first"))
        announced = body["parameters"].get("ballot_key")
        if self.ballot_key is not None and announced not in {None, self.ballot_key}:
            message = f"it announced the key {announced!r} for its ballot"
            faults.append(Fault("round", 0, self.round, message, "leave the key out"))
        refuse(faults)
        volume = left if self.volume is None else self.volume
        awards, record = rationed(
            self.round, claims, volume, pool["unit"], body["rule"], self._parameters(body)
        )
        after = {**body, "state": state, "awards": awards, "record": record}
        return Decision(records=(Version("round", self.round, after),))

    def _parameters(self, body: dict[str, Any]) -> dict[str, Any]:
        key = {} if self.ballot_key is None else {"ballot_key": self.ballot_key}
        return {**body["parameters"], **key}

    def _claims(self, view: View, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the claims: verified needs less what was confirmed before."""
        rows: dict[str, int] = {}
        for one in view.records("application").values():
            if one["round"] == self.round and one["need"] and one["state"] == "decided":
                rows[one["party"]] = rows.get(one["party"], 0) + one["need"]
        return [
            {"name": party, "claim": Fraction(need - body["confirmed"].get(party, 0))}
            for party, need in sorted(rows.items())
            if need > body["confirmed"].get(party, 0)
        ]


class ConfirmAwards(Action):
    """Confirm the provisional awards of a round; it takes two persons."""

    action: Literal["award.confirm"]
    round: Id

    def decide(self, view: View, on: dt.date) -> Decision:  # noqa: ARG002
        """Return the awards as balances of their holders (L3)."""
        body = view.record("round", self.round)
        state = step(ROUND, body["state"], "confirm", what=f"round {self.round}")
        refuse(blocked(view, self.round, body))
        unit = view.record("pool", body["pool"])["unit"]
        opens: list[Account] = []
        flows: list[tuple[str, str, int]] = []
        there = view.standings(names.award(self.round, party) for party in body["awards"])
        for party, amount in body["awards"].items():
            place = names.award(self.round, party)
            if place not in there:
                opens.append(Account(place, unit))
            flows.append((shared_by(body), place, amount))
        flows += parent_share(view, body["pool"], sum(body["awards"].values()))
        confirmed = {
            party: body["confirmed"].get(party, 0) + body["awards"].get(party, 0)
            for party in sorted({*body["confirmed"], *body["awards"]})
        }
        after = {**body, "state": state, "awards": {}, "confirmed": confirmed}
        return Decision(
            opens=tuple(opens),
            records=(Version("round", self.round, after),),
            transfers=tuple(
                move(self.id, number, *flow, "award") for number, flow in enumerate(flows, start=1)
            ),
        )


def shared_by(body: dict[str, Any]) -> str:
    """Return the account that a round shares out."""
    if body["reserve"] is None:
        return names.pool(body["pool"])
    return names.reserve(body["pool"], body["reserve"])


def blocked(view: View, round_: str, body: dict[str, Any]) -> Iterator[Fault]:
    """Yield that a round's pool is blocked, where it is."""
    if view.record("pool", body["pool"])["blocked"]:
        message = f"{body['pool']} is blocked: requests are taken, nothing is awarded"
        yield Fault("round", 0, round_, message, "end the block first")
