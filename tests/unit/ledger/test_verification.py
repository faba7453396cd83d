"""Verification: what is flipped in the file is found, and the event is named."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from headworks.ledger.journal.account import Account
from headworks.ledger.journal.event import Draft, Record
from headworks.ledger.journal.journal import Journal
from headworks.ledger.journal.replay import replayed
from headworks.ledger.journal.transfer import Hold, Transfer
from headworks.ledger.journal.verification import Verification, verify
from tests.unit.ledger import first_round


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A ledger of four events: accounts, a record, four transfers, one of them still held."""
    journal = Journal.create(tmp_path / "ledger.db")
    accounts = (Account("world", "units", floor=None), Account("a", "units"), Account("b", "units"))
    journal.append(
        Draft("open", "open", "one", "right", opens=accounts, records=(Record("k", "x", {"n": 1}),))
    )
    journal.append(Draft("in", "in", "one", "right", transfers=(move("t1", "world", "a", 100),)))
    held = move("t2", "a", "b", 30, kind="pending")
    journal.append(Draft("hold", "hold", "one", "right", transfers=(held,)))
    more = move("t3", "a", "b", 30, kind="pending")
    ended = Hold("t2", "a", "b", 30, "").end("post", amount=20)
    journal.append(Draft("end", "end", "one", "right", transfers=(ended, more)))
    journal.close()
    return tmp_path / "ledger.db"


def move(name: str, debit: str, credit: str, amount: int, *, kind: str = "posted") -> Transfer:
    return Transfer(name, debit, credit, amount, "move", kind)  # type: ignore[arg-type]


def verified(place: Path) -> Verification:
    journal = Journal(place)
    with journal.reading() as view:
        found = verify(view)
    journal.close()
    return found


def change(place: Path, statement: str) -> None:
    """Change the file behind the ledger's back, without its triggers."""
    connection = sqlite3.connect(place)
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in names:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA ignore_check_constraints = 1")
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_ledger_that_nobody_changed_is_sound(place: Path) -> None:
    found = verified(place)
    assert (found.sound, found.events, found.transfers) == (True, 4, 4)


@pytest.mark.parametrize(
    "column",
    ["id", "kind", "actor", "by_right", "reason", "recorded_at", "effective_on", "body", "second"],
)
def test_a_changed_word_of_an_event_is_found_and_the_event_named(place: Path, column: str) -> None:
    change(place, f"UPDATE event SET {column} = {column} || ' ' WHERE seq = 2")
    found = verified(place)
    assert found.bad is not None
    assert (found.bad.seq, found.bad.why[:3]) == (2, "L15")


@pytest.mark.parametrize("column", ["hash", "previous", "transfers_hash"])
@pytest.mark.parametrize("byte", [0, 31])
def test_a_flipped_byte_of_a_hash_is_found_and_the_event_named(
    place: Path, column: str, byte: int
) -> None:
    connection = sqlite3.connect(place)
    (whole,) = connection.execute(f"SELECT {column} FROM event WHERE seq = 3").fetchone()
    connection.close()
    flipped = bytes(one ^ (number == byte) for number, one in enumerate(whole)).hex()
    change(place, f"UPDATE event SET {column} = x'{flipped}' WHERE seq = 3")
    found = verified(place)
    assert found.bad is not None
    assert found.bad.seq == 3


@pytest.mark.parametrize(
    "change_to",
    [
        "amount = 31", "code = 'other'", "reference = 'x'", "effective_on = '2020-01-01'",
        "debit = credit, credit = debit", "hash = x'00'", "id = 't9'", "seq = 1",
        "times_out_at = '2030'", "kind = 'posted'",
    ],
)  # fmt: skip
def test_a_changed_transfer_is_found_and_its_event_named(place: Path, change_to: str) -> None:
    change(place, f"UPDATE transfer SET {change_to} WHERE id = 't2'")
    found = verified(place)
    assert found.bad is not None
    assert found.bad.seq == 3


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("DELETE FROM transfer WHERE id = 't1'", 2),
        ("DELETE FROM event WHERE seq = 2", 3),  # the first that does not follow
        ("UPDATE event SET seq = 9 WHERE seq = 4", 9),
        ("UPDATE transfer SET number = 99 WHERE id = 't3'", 4),
    ],
)
def test_what_is_missing_is_found(place: Path, statement: str, seq: int) -> None:
    change(place, statement)
    found = verified(place)
    assert found.bad is not None
    assert found.bad.seq == seq


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE account SET credits_posted = 101 WHERE name = 'a'",
         "L14: account a is stored with balance 81 for 80"),
        ("UPDATE account SET floor = -5 WHERE name = 'a'", "floor -5 for 0"),
        ("DELETE FROM hold", "L14: the hold 't3' is stored otherwise"),
        ("UPDATE record SET body = '{}'", "L14: the k 'x' is stored otherwise"),
        ("INSERT INTO account (id, name, unit) VALUES (9, 'mine', 'units')",
         "L14: account mine is made by no event"),
        ("UPDATE head SET seq = 3", "L9: the head names event 3"),
        ("DELETE FROM event WHERE seq = 4", "L15: 4 transfers are stored, and the events have 2"),
    ],
)  # fmt: skip
def test_a_stored_state_that_the_events_do_not_make_is_found(
    place: Path, statement: str, words: str
) -> None:
    change(place, statement)
    found = verified(place)
    assert not found.sound
    assert found.bad is None
    assert any(words in one for one in found.differences)


def test_a_forged_event_that_overdraws_is_found_by_replay(place: Path) -> None:
    """Every hash can be made anew by who has the file, but not a balance that was never there."""
    forged = Journal(place)
    with forged.reading() as view:
        *_, last = view.events()
    forged.close()
    change(place, "UPDATE account SET floor = -1000")
    journal = Journal(place)
    journal.append(Draft("steal", "x", "one", "right", transfers=(move("t9", "a", "b", 500),)))
    journal.close()
    change(place, "UPDATE account SET floor = 0 WHERE name <> 'world'")
    found = verified(place)
    assert found.bad is not None
    assert (found.bad.seq, found.bad.why) == (last.seq + 1, "L2: transfer 't9' overdraws a")


def test_replay_equals_the_stored_state_after_every_event() -> None:
    """L14: what was stored after each event of a story is what replaying up to it gives."""
    told = first_round.licensed()
    told.do("shipment.reserve", "large", shipment="s", licence="cn-1", line="1", quantity=120)
    told.do(
        "shipment.draw", "customs", licence="cn-1", line="1", quantity=80, shipment="s",
        declaration="MRN-1",
    )  # fmt: skip
    kept: dict[int, tuple[object, ...]] = {}

    def stored() -> None:
        with told.ledger.journal.reading() as view:
            seq, _, _ = view.head()
            kinds = ("party", "actor", "pool", "round", "licence", "shipment", "declaration")
            kept[seq] = (
                [one.to_json() for one in view.all_standings()],
                [one.id for one in view.all_holds()],
                {kind: view.records(kind) for kind in kinds},
            )

    stored()
    steps: list[tuple[str, str, dict[str, object]]] = [
        ("shipment.correct", "customs", {"declaration": "MRN-1", "quantity": 60}),
        ("licence.suspend", "officer", {"licence": "cn-1"}),
        ("licence.reinstate", "officer", {"licence": "cn-1"}),
        ("installation.install", "large",
         {"licence": "cn-1", "line": "1", "site": "north", "quantity": 50}),
        ("licence.surrender", "large", {"licence": "cn-1"}),
    ]  # fmt: skip
    for action, actor, given in steps:
        told.do(action, actor, **given)
        stored()
    with told.ledger.journal.reading() as view:
        for seq, (accounts, holds, records) in kept.items():
            again = replayed(view, until=seq)
            assert [one.to_json() for one in again.standings.values()] == accounts
            assert sorted(again.holds) == holds
            assert {
                kind: view.records(kind, until=seq)
                for kind in records  # type: ignore[attr-defined]
            } == records
