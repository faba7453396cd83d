"""The past on two clocks: what was known by a moment, and what had happened by a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from headworks.ledger.journal.replay import replayed
from tests.unit.ledger import first_round

if TYPE_CHECKING:
    from tests.unit.ledger.first_round import Told

DAY = dt.date.fromisoformat
LINE, CLEARED = "line:cn-1:1", "cleared:cn-1:1"


@pytest.fixture(scope="module")
def told() -> Told:
    """A reservation, its draw, and a draw of the 12th that is only recorded on the 20th."""
    told = first_round.licensed()
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=100)
    told.at("2026-02-15")
    told.do(
        "shipment.draw", "customs", licence="cn-1", line="1", quantity=70, shipment="s",
        declaration="MRN-1",
    )  # fmt: skip
    told.at("2026-02-20")
    told.do(
        "shipment.draw", "customs", licence="cn-1", line="1", quantity=5, declaration="MRN-2",
        on="2026-02-12",
    )  # fmt: skip
    return told


@pytest.mark.parametrize(
    ("known_by", "on", "balance", "available", "cleared"),
    [
        (None, None, 425, 425, 75),
        ("2026-02-11", None, 500, 400, 0),  # the hold is known, its draw is not
        ("2026-02-15", None, 430, 430, 70),
        (None, "2026-02-11", 500, 400, 0),
        (None, "2026-02-12", 495, 395, 5),  # the late draw had happened by then
        ("2026-02-19", "2026-02-12", 500, 400, 0),  # and nobody knew it yet
        (None, "2026-01-27", 0, 0, 0),
    ],
)
def test_both_clocks(
    told: Told, known_by: str | None, on: str | None, balance: int, available: int, cleared: int
) -> None:
    moment = None if known_by is None else dt.datetime.fromisoformat(f"{known_by}T23:00:00Z")
    day = None if on is None else DAY(on)
    found = {one.account.name: one for one in told.ledger.balances(known_by=moment, on=day)}
    line = found[LINE]
    assert (line.balance, line.available, found[CLEARED].balance) == (balance, available, cleared)


def test_what_was_known_is_what_replaying_gives(told: Told) -> None:
    made: dict[str, dict[str, tuple[int, int]]] = {}
    with told.ledger.journal.reading() as view:
        for moment in dict.fromkeys(event.recorded_at for event in list(view.events())):
            again = replayed(view, until=view.seq_at(moment))
            made[moment] = {
                name: (one.balance, one.available) for name, one in again.standings.items()
            }
    assert len(made) > 3
    for moment, accounts in made.items():
        stood = told.ledger.balances(known_by=dt.datetime.fromisoformat(moment))
        assert {
            one.account.name: (one.balance, one.available)
            for one in stood
            if one.account.name in accounts
        } == accounts
