"""Whatever happens to licences in whatever order, no unit is lost, counted twice or left behind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from headworks.errors import InputError
from headworks.ledger.journal.replay import replayed
from tests.unit.ledger import first_round

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View
    from tests.unit.ledger.first_round import Told

PARTIES = ("large", "small")
VOLUME = 1000
CREDITS = 300
STEPS = (
    "issue", "vary", "suspend", "reinstate", "surrender", "revoke", "reserve", "reserve", "draw",
    "draw", "draw_held", "correct", "correct", "surrender", "release", "install", "remove", "give",
    "transfer",
)  # fmt: skip
FIRST = [("issue", 4, 40, "large"), ("issue", 1, 40, "small"), ("draw", 0, 25, "large")]
"""What every story begins with, so that there is something to end, to correct and to vary."""

steps = st.lists(
    st.tuples(
        st.sampled_from(STEPS), st.integers(0, 4), st.integers(1, 45), st.sampled_from(PARTIES)
    ),
    min_size=3,
    max_size=25,
)
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
        getattr(self, name)(which, units, party)

    def new(self) -> str:
        return f"n-{next(self.numbers)}"

    def holder(self, licence: str) -> str:
        return str(self.told.ledger.records("licence").get(licence, {}).get("party", "large"))

    def terms(self, which: int, units: int) -> dict[str, Any]:
        """Return a licence of two lines, one with a tolerance, and a value every other time."""
        chip = {"chip": "h200-sxm", "route": "mainland"}
        value = 100 * units if which % 2 else None
        first = {**chip, "quantity": units, "tolerance": which, "value_cents": value}
        return {
            "licence": self.new(), "valid_from": "2026-02-01", "valid_until": "2026-08-01",
            "lines": {"1": first, "2": {**chip, "quantity": 1 + which}},
        }  # fmt: skip

    def issue(self, which: int, units: int, party: str) -> None:
        terms = self.terms(which, units)
        conditions = ["cap", "pair"]
        if self.tries("licence.issue", round="one", party=party, conditions=conditions, **terms):
            self.licences.append(terms["licence"])

    def vary(self, which: int, units: int, _: str) -> None:
        terms = self.terms(which, units)
        if self.tries("licence.vary", supersedes=pick(self.licences, which), **terms):
            self.licences.append(terms["licence"])

    def suspend(self, which: int, *_: Any) -> None:  # noqa: ANN401
        self.tries("licence.suspend", licence=pick(self.licences, which))

    def reinstate(self, which: int, *_: Any) -> None:  # noqa: ANN401
        self.tries("licence.reinstate", licence=pick(self.licences, which))

    def surrender(self, which: int, *_: Any) -> None:  # noqa: ANN401
        licence = pick(self.licences, which)
        self.tries("licence.surrender", self.holder(licence), licence=licence)

    def revoke(self, which: int, *_: Any) -> None:  # noqa: ANN401
        self.tries("licence.revoke", "first", licence=pick(self.licences, which))

    def reserve(self, which: int, units: int, _: str) -> None:
        licence, name = pick(self.licences, which), self.new()
        asked = {"licence": licence, "line": "1", "quantity": units, "value_cents": units}
        if self.tries("shipment.reserve", self.holder(licence), shipment=name, **asked):
            self.shipments.append(name)

    def release(self, which: int, *_: Any) -> None:  # noqa: ANN401
        shipment = pick(self.shipments, which)
        body = self.told.ledger.records("shipment").get(shipment, {"licence": "none"})
        self.tries("shipment.release", self.holder(body["licence"]), shipment=shipment)

    def draw(self, which: int, units: int, _: str, **held: str) -> None:
        name = self.new()
        asked = {
            "licence": pick(self.licences, which), "line": "21"[units % 3 > 0], "quantity": units,
            "value_cents": units, **held,
        }  # fmt: skip
        if self.tries("shipment.draw", "customs", declaration=name, **asked):
            self.declarations.append(name)

    def draw_held(self, which: int, units: int, party: str) -> None:
        shipment = pick(self.shipments, which)
        body = self.told.ledger.records("shipment").get(shipment, {"licence": "none"})
        self.draw(which, units, party, shipment=shipment, licence=body["licence"], line="1")

    def correct(self, which: int, units: int, _: str) -> None:
        declaration = pick(self.declarations, which)
        right = units // 2 if which % 2 else 0
        self.tries("shipment.correct", "customs", declaration=declaration, quantity=right)

    def install(self, which: int, units: int, *_: Any, way: str = "install") -> None:  # noqa: ANN401
        licence = pick(self.licences, which)
        place = {"licence": licence, "line": "1", "site": "north", "quantity": units}
        self.tries(f"installation.{way}", self.holder(licence), **place)

    def remove(self, which: int, units: int, *_: Any) -> None:  # noqa: ANN401
        self.install(which, units, way="remove")

    def give(self, _: int, units: int, party: str) -> None:
        self.tries("award.return", party, round="one", party=party, amount=units)

    def transfer(self, _: int, units: int, party: str) -> None:
        name, other = self.new(), PARTIES[party == "large"]
        asked = {"round": "one", "party": party, "to": other, "amount": units}
        if self.tries("award.transfer.ask", party, transfer=name, **asked):
            self.tries("award.transfer", "first", transfer=name, grounds="approved")

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


@pytest.mark.slow
@given(tried=steps)
@settings(max_examples=25, deadline=None)
def test_every_unit_is_somewhere_and_once(tried: list[tuple[str, int, int, str]]) -> None:
    played = begun()
    for step in [*FIRST, *tried]:
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


def replayed_standings(view: View) -> list[dict[str, Any]]:
    return [one.to_json() for one in replayed(view).standings.values()]


@pytest.mark.slow
@given(tried=steps)
@settings(max_examples=25, deadline=None)
def test_what_is_undone_leaves_every_account_as_it_was(
    tried: list[tuple[str, int, int, str]],
) -> None:
    played = begun()
    for name, which, units, party in [*FIRST, *tried]:
        if name not in {"install", "remove", "transfer"}:
            played.plays(name, which, units, party)
    played.undo()
    found = {name: units for name, units in played.balances().items() if units}
    assert found == {
        "pool:cn": VOLUME, "source:units": -VOLUME,
        "credits:pair:large": CREDITS, "credits:pair:small": CREDITS,
        "source:credits-pair": -2 * CREDITS,
    }  # fmt: skip
    assert not [one for one in played.told.ledger.balances() if one.debits_pending]
