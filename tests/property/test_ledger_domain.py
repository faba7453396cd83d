"""Whatever happens to licences in whatever order, no unit is lost, counted twice or left behind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings

from headworks.errors import InputError
from headworks.ledger.journal.replay import replayed
from tests.unit.ledger import first_round
from tests.unit.ledger.first_round import Told

PARTIES = ("large", "small")
VOLUME = 1000
CREDITS = 300
STEPS = (
    "issue", "vary", "suspend", "reinstate", "surrender", "revoke", "reserve", "draw", "draw_held",
    "correct", "release", "install", "remove", "return", "transfer",
)  # fmt: skip

steps = st.lists(
    st.tuples(
        st.sampled_from(STEPS), st.integers(0, 5), st.integers(1, 70), st.sampled_from(PARTIES)
    ),
    max_size=30,
)  # fmt: skip
"""What is tried: a step, which of the things that there are, how many units, for whom."""


@dataclass
class Played:
    """A ledger and the names of what there is in it."""

    told: Told
    licences: list[str] = field(default_factory=list)
    shipments: list[str] = field(default_factory=list)
    declarations: list[str] = field(default_factory=list)
    numbers: count[int] = field(default_factory=count)

    def tries(self, action: str, actor: str = "officer", **given: Any) -> bool:  # noqa: ANN401
        """Do an action, and return whether it could be done; two persons where it takes two."""
        try:
            answer = self.told.do(action, actor, **given)
            if answer.awaits_second:
                self.told.do("proposal.agree", "second", proposal=answer.receipt.id)
        except InputError:
            return False
        return True

    def plays(self, name: str, which: int, units: int, party: str) -> None:
        """Try a step."""
        new = f"n-{next(self.numbers)}"
        licence = pick(self.licences, which)
        holder = self.told.ledger.records("licence").get(licence, {}).get("party", party)
        line = {"licence": licence, "line": "1", "quantity": units}
        terms = {
            "licence": new, "valid_from": "2026-02-01", "valid_until": "2026-08-01",
            "lines": {
                "1": {"chip": "h200-sxm", "quantity": units, "tolerance": which,
                      "route": "mainland", "value_cents": 100 * units if which % 2 else None},
                "2": {"chip": "h200-sxm", "quantity": 1 + which, "route": "mainland"},
            },
        }  # fmt: skip
        worth = {"value_cents": units}
        if name == "issue":
            issued = self.tries(
                "licence.issue", round="one", party=party, conditions=["cap", "pair"], **terms
            )
            self.licences += [new] * issued
        elif name == "vary":
            self.licences += [new] * self.tries("licence.vary", supersedes=licence, **terms)
        elif name in {"suspend", "reinstate"}:
            self.tries(f"licence.{name}", licence=licence)
        elif name == "surrender":
            self.tries("licence.surrender", holder, licence=licence)
        elif name == "revoke":
            self.tries("licence.revoke", "first", licence=licence)
        elif name == "reserve":
            made = self.tries("shipment.reserve", holder, shipment=new, **line, **worth)
            self.shipments += [new] * made
        elif name == "release":
            self.tries("shipment.release", holder, shipment=pick(self.shipments, which))
        elif name in {"draw", "draw_held"}:
            held = {}
            if name == "draw_held":
                shipment = pick(self.shipments, which)
                body = self.told.ledger.records("shipment").get(shipment, {})
                held = {"shipment": shipment}
                line["licence"] = body.get("licence", licence)
            made = self.tries("shipment.draw", "customs", declaration=new, **held, **line, **worth)
            self.declarations += [new] * made
        elif name == "correct":
            declaration = pick(self.declarations, which)
            self.tries("shipment.correct", "customs", declaration=declaration, quantity=units - 1)
        elif name in {"install", "remove"}:
            self.tries(f"installation.{name}", holder, site="north", **line)
        elif name == "return":
            self.tries("award.return", party, round="one", party=party, amount=units)
        else:
            asked = {"round": "one", "party": party, "amount": units}
            other = PARTIES[party == "large"]
            if self.tries("award.transfer.ask", party, transfer=new, to=other, **asked):
                self.tries("award.transfer", "first", transfer=new, grounds="approved")

    def balances(self) -> dict[str, int]:
        """Return the balance of every account."""
        return {one.account.name: one.balance for one in self.told.ledger.balances()}

    def undo(self) -> None:
        """Release, undo, surrender and return whatever can be."""
        for shipment in self.shipments:
            body = self.told.ledger.records("shipment")[shipment]
            holder = self.told.ledger.records("licence")[body["licence"]]["party"]
            self.tries("shipment.release", holder, shipment=shipment)
        for declaration in self.declarations:
            self.tries("shipment.correct", "customs", declaration=declaration)
        for licence in self.licences:
            holder = self.told.ledger.records("licence")[licence]["party"]
            self.tries("licence.surrender", holder, licence=licence)
        for party in PARTIES:
            amount = self.balances()[f"award:one:{party}"]
            self.tries("award.return", party, round="one", party=party, amount=amount)


def pick(names: list[str], which: int) -> str:
    return names[which % len(names)] if names else "none"


def begun() -> Played:
    """Return a ledger with two awards, and two conditions that keep accounts of their own."""
    told = first_round.awarded()
    told.do("condition.set", condition="cap", title="Cap", terms={"kind": "cap", "limit": 400})
    told.do(
        "condition.set", condition="pair", title="Pairing",
        terms={"kind": "pairing", "domestic": ["a"], "earned": 1, "used": 2, "trigger": "contract",
               "grace": 50},
    )  # fmt: skip
    for party in PARTIES:
        told.do(
            "pairing.earn", condition="pair", party=party, chip="a", quantity=CREDITS,
            trigger="contract", reference=f"contract-{party}",
        )  # fmt: skip
    told.at("2026-02-10")
    return Played(told)


def standing(played: Played, names: dict[str, int], licence: str, number: str) -> tuple[int, int]:
    """Return what of a line was drawn, and what by its declarations was."""
    after = sum(
        units
        for name, units in names.items()
        if name in {f"cleared:{licence}:{number}", f"removed:{licence}:{number}"}
        or name.startswith(f"installed:{licence}:{number}:")
    )
    declared = sum(
        one["quantity"]
        for one in played.told.ledger.records("declaration").values()
        if (one["licence"], one["line"]) == (licence, number)
    )
    return after, declared


@given(tried=steps)
@settings(max_examples=40, deadline=None)
def test_every_unit_is_somewhere_and_once(tried: list[tuple[str, int, int, str]]) -> None:
    played = begun()
    for step in tried:
        played.plays(*step)
    found = played.balances()
    sums = Counter[str]()
    for one in played.told.ledger.balances():
        sums[one.account.unit] += one.balance
    assert not any(sums.values())
    licences = played.told.ledger.records("licence")
    on_licence = 0
    for name, body in licences.items():
        for number, line in body["lines"].items():
            left = found[f"line:{name}:{number}"]
            drawn, declared = standing(played, found, name, number)
            assert drawn == declared
            back = line["quantity"] - left - drawn
            assert back >= 0
            if "ended_on" not in body:
                assert back == 0
            else:
                assert left <= 0
            on_licence += line["quantity"] - back if "ended_on" not in body else left + drawn
        if body["state"] == "exhausted":
            assert all(found[f"line:{name}:{number}"] <= 0 for number in body["lines"])
    awards = sum(units for name, units in found.items() if name.startswith("award:"))
    assert found["licensed:cn"] == on_licence
    assert found["pool:cn"] + awards + found["licensed:cn"] == VOLUME
    state = played.told.ledger.state()
    unused = sum(row.units for row in state.rows if row.stage == "unused")
    assert unused == sum(max(0, n) for name, n in found.items() if name.startswith("line:"))
    assert played.told.ledger.verify().sound
    with played.told.ledger.journal.reading() as view:
        assert [one.to_json() for one in view.all_standings()] == replayed_standings(view)


def replayed_standings(view: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    return [one.to_json() for one in replayed(view).standings.values()]


@given(tried=steps)
@settings(max_examples=40, deadline=None)
def test_what_is_undone_leaves_every_account_as_it_was(
    tried: list[tuple[str, int, int, str]],
) -> None:
    played = begun()
    for name, *rest in tried:
        if name not in {"install", "remove", "transfer"}:
            played.plays(name, *rest)
    played.undo()
    found = {name: units for name, units in played.balances().items() if units}
    assert found == {
        "pool:cn": VOLUME, "source:units": -VOLUME,
        "credits:pair:large": CREDITS, "credits:pair:small": CREDITS,
        "source:credits-pair": -2 * CREDITS,
    }  # fmt: skip
    assert not [one for one in played.told.ledger.balances() if one.debits_pending]
