"""A small ledger for tests: a pool, a round, two parties, a licence, and a clock that is set."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from headworks.ledger.ledger import Ledger

OFFICE = {
    "officer": ["officer"],
    "first": ["approver"],
    "second": ["approver"],
    "customs": ["customs"],
    "auditor": ["auditor"],
}
"""Actors of the authority with their roles; those of the parties are named as their party."""


@dataclass
class Told:
    """A ledger that is told actions in order, each with an id of its own."""

    ledger: Ledger
    now: list[dt.datetime]
    numbers: count[int] = field(default_factory=lambda: count(1))

    def at(self, moment: str) -> None:
        """Set the clock."""
        self.now[0] = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)

    def do(self, action: str, actor: str = "officer", **given: Any) -> Any:  # noqa: ANN401
        """Do an action, and return its answer."""
        given.setdefault("id", f"step-{next(self.numbers)}")
        return self.ledger.act({"action": action, "actor": actor, **given})

    def agreed(self, action: str, **given: Any) -> Any:  # noqa: ANN401
        """Propose an action and agree to it, as two persons."""
        proposed = self.do(action, "first", **given)
        return self.do("proposal.agree", "second", proposal=proposed.receipt.id)


def empty(place: Path | str = "memory") -> Told:
    """Return a ledger with the authority's actors, two parties with theirs, and a site."""
    now = [dt.datetime(2026, 1, 1, tzinfo=dt.UTC)]
    told = Told(Ledger.create(place, administrator="root", clock=lambda: now[0]), now)
    for person, roles in OFFICE.items():
        told.do("actor.register", "root", person=person, name=person.title(), roles=roles)
    for party in ("large", "small"):
        told.do("party.register", party=party, name=party.title(), jurisdiction="CN")
        told.do(
            "actor.register", "root", person=party, name="Planner", roles=["applicant"], party=party
        )
    told.do("site.register", site="north", name="North", jurisdiction="CN", operator="large")
    return told


def awarded(place: Path | str = "memory") -> Told:
    """Return a ledger whose first round of 1,000 gave 600 to `large` and 400 to `small`."""
    told = empty(place)
    told.do(
        "pool.open", pool="cn", title="Approvals", unit="units", volume=1000,
        opens_on="2026-01-01", closes_on="2027-01-01", gate="cn_approval", chips=["h200-sxm"],
    )  # fmt: skip
    told.do("round.announce", round="one", pool="cn", opens_on="2026-01-01", closes_on="2026-01-28")
    told.do("round.open", round="one")
    for party, units in (("large", 900), ("small", 600)):
        told.do(
            "application.submit", party, application=f"from-{party}", round="one", party=party,
            chip="h200-sxm", requested=units, route="mainland",
        )  # fmt: skip
        told.do("application.take_up", application=f"from-{party}")
        told.do(
            "application.decide", application=f"from-{party}", need=units, grounds="plans verified"
        )
    told.at("2026-01-28")
    told.do("round.close", round="one")
    told.do("round.award", round="one")
    told.agreed("award.confirm", round="one")
    return told


def licensed(place: Path | str = "memory") -> Told:
    """Return a ledger in which `large` has a licence `cn-1` for 500, from February to July."""
    told = awarded(place)
    told.do(
        "licence.issue", licence="cn-1", round="one", party="large",
        lines={"1": {"chip": "h200-sxm", "quantity": 500, "route": "mainland"}},
        valid_from="2026-02-01", valid_until="2026-08-01",
    )  # fmt: skip
    told.at("2026-02-10")
    return told


def left(told: Told, account: str) -> int:
    """Return what an account has left."""
    (found,) = [one for one in told.ledger.balances(account) if one.account.name == account]
    return found.available
