"""Each database guards the journal by itself: SQL past all of our Python is refused by it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pg8000.exceptions
import pytest

from headworks.ledger.journal.account import Account
from headworks.ledger.journal.event import Record
from headworks.ledger.journal.journal import Journal
from tests.unit.ledger.build import Clock, funded, move, post, raw, state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres import Postgres

REFUSALS = (sqlite3.Error, pg8000.exceptions.Error)
WORLD, POOL, LINE, DRAWN, WINDOW, TPP = range(1, 7)
"""The numbers of the accounts of `build.ACCOUNTS`."""


@pytest.fixture(scope="module")
def sqlite_place(tmp_path_factory: pytest.TempPathFactory) -> str:
    return attacked(str(tmp_path_factory.mktemp("guards") / "ledger.db"))


@pytest.fixture(scope="module")
def postgres_place(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        yield attacked(url)


@pytest.fixture(params=["sqlite", "postgres"])
def attacked_place(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_place"))


def attacked(place: str) -> str:
    """Make a ledger of six events: openings, funds, an open hold, a mistake, its contra, a record.

    All attacks meet the same one, since none of them changes it.
    """
    journal = funded(place, Clock())
    post(journal, "hold", move("h", "pool", "line", 60, kind="pending"))
    post(journal, "mistake", move("t", "pool", "drawn", 7))
    post(journal, "undone", move("c", "drawn", "pool", 7, reverses="t"))
    post(journal, "record", records=(Record("party", "acme", {"name": "Acme"}),))
    journal.close()
    return place


def following(
    transfers: int = 1, *, seq: str = "seq + 1", verb: str = "INSERT", **other: str
) -> str:
    """Return a statement that adds the next event, other columns as given in SQL."""
    values = {
        "seq": seq, "id": "'e'", "kind": "'k'", "actor": "'ann'", "by_right": "'r'",
        "second": "''", "reason": "''", "recorded_at": "recorded_at",
        "effective_on": "'2026-01-31'", "body": "'{}'", "transfers": str(transfers),
        "last_transfer": f"(SELECT max(number) FROM transfer) + {transfers}",
        "transfers_hash": "hash", "previous": "hash", "hash": "hash", **other,
    }  # fmt: skip
    return f"{verb} INTO event ({', '.join(values)}) SELECT {', '.join(values.values())} FROM head"


def transfer(
    debit: int = POOL, credit: int = DRAWN, amount: str = "1", *, verb: str = "INSERT",
    end: str = "", **other: str,
) -> str:  # fmt: skip
    """Return a statement that adds the next transfer, other columns as given in SQL."""
    values = {
        "number": "(SELECT max(number) FROM transfer) + 1", "id": "'new'", "seq": "seq",
        "kind": "'posted'", "debit": str(debit), "credit": str(credit), "amount": amount,
        "code": "'x'", "effective_on": "'2026-01-31'", "reference": "''", "hash": "hash", **other,
    }  # fmt: skip
    asked = f"SELECT {', '.join(values.values())} FROM head"
    return f"{verb} INTO transfer ({', '.join(values)}) {asked} {end}"


def ending(kind: str, amount: str = "60", **other: str) -> str:
    return transfer(POOL, LINE, amount, kind=f"'{kind}'", holds="'h'", **other)


def account(**other: str) -> str:
    """Return a statement that opens an account, other columns as given in SQL."""
    values = {"id": "99", "name": "'x'", "unit": "'units'", **other}
    return f"INSERT INTO account ({', '.join(values)}) VALUES ({', '.join(values.values())})"


OPENS, REBOUNDS = """'{"opens":[0]}'""", """'{"rebounds":[0]}'"""
"""Bodies of events that tell of one account."""
RECORD = "INSERT INTO record (kind, id, seq, body) SELECT 'party', 'x', seq, '{}' FROM head"

ATTACKS = {
    # L1: conservation
    "L1 an account that opens with a balance": (
        [following(0, body=OPENS), account(credits_posted="5")], "L1",
    ),
    "L1 a balance made by hand": (["UPDATE account SET credits_posted = 2000 WHERE id = 2"], "L1"),
    "L1 two balances made by hand": (
        ["UPDATE account SET debits_posted = 1, credits_posted = 1"],
        "L1",
    ),
    "L1 two units": ([following(), transfer(POOL, TPP)], "L1"),
    "L1 no such account": ([following(), transfer(POOL, 77)], "L1"),
    "L1 from no account": ([following(), transfer(77, POOL)], "L1"),
    "L1 one account": ([following(), transfer(POOL, POOL)], "joins_two_accounts"),
    # L2: bounds
    "L2 overdraw": ([following(), transfer(amount="941")], "overdrawn|L2"),
    "L2 overfill": ([following(), transfer(POOL, LINE, "41")], "overfilled|L2"),
    "L2 overdraw by a hold": (
        [following(), transfer(amount="941", kind="'pending'")], "overdrawn|L2",
    ),
    "L2 overdraw that comes back in the same event": (
        [following(2), transfer(amount="941"), transfer(WORLD, POOL, "500", id="'again'")],
        "overdrawn|L2",
    ),
    "L2 an account below its floor": (
        [following(0, body=OPENS), account(floor="1")], "L2",
    ),
    "L2 an account above its ceiling": (
        [following(0, body=OPENS), account(ceiling="-1")], "L2",
    ),
    "L2 further below a floor that an event moved": (
        [following(2, body=REBOUNDS), "UPDATE account SET floor = 941 WHERE id = 2",
         transfer(WORLD, POOL), transfer(amount="2", id="'again'")], "L2",
    ),
    "L2 further above a ceiling that an event moved": (
        [following(2, body=REBOUNDS), "UPDATE account SET ceiling = 9 WHERE id = 3",
         transfer(POOL, LINE), transfer(LINE, DRAWN, id="'again'")], "L2",
    ),
    # L5: one id, one effect
    "L5 an event of an id that there is": ([following(0, id="'hold'")], "L5|event_id_once"),
    "L5 a transfer of an id that there is": (
        [following(), transfer(id="'t'")], "L5|transfer_id_once",
    ),
    # L6: a hold ends once
    "L6 post of more": ([following(), ending("post", "61")], "L6"),
    "L6 void of a part": ([following(), ending("void", "59")], "L6"),
    "L6 time-out of a part": ([following(), ending("timeout", "59")], "L6"),
    "L6 post between other accounts": (
        [following(), transfer(POOL, DRAWN, "60", kind="'post'", holds="'h'")], "L6",
    ),
    "L6 end of what is not held": (
        [following(), transfer(POOL, DRAWN, "7", kind="'void'", holds="'t'")], "L6",
    ),
    "L6 end twice": (
        [following(2), ending("post"), ending("void", id="'again'")], "L6|ended_once|holds",
    ),
    "L6 end of none": ([following(), transfer(kind="'void'")], "kind_says_what_it_does"),
    "L6 a hold that was never pending": (
        ["INSERT INTO hold (id, debit, credit, amount) VALUES ('x', 2, 3, 1)"], "L6",
    ),
    "L6 a hold deleted": (["DELETE FROM hold"], "L6"),
    "L6 a hold changed": (["UPDATE hold SET amount = 1"], "L6"),
    # L7: all or nothing
    "L7 a transfer added to an event afterwards": ([transfer()], "L7"),
    "L7 more transfers than the event has": (
        [following(), transfer(), transfer(id="'again'")], "L7",
    ),
    "L7 a transfer of an earlier event": ([following(), transfer(seq="2")], "L7"),
    "L7 a transfer that leaves a gap": (
        [following(2), transfer(number="(SELECT max(number) FROM transfer) + 3")], "L7",
    ),
    "L7 an event after one that is not whole": (
        [following(2), transfer(), following(id="'f'")], "L7",
    ),
    "L7 an event that leaves a gap": ([following(last_transfer="1000")], "L7"),
    # L8: immutability
    "L8 event changed": (["UPDATE event SET reason = 'x' WHERE seq = 1"], "L8"),
    "L8 event deleted": (["DELETE FROM event WHERE seq = 5"], "L8|foreign|violates"),
    "L8 transfer changed": (["UPDATE transfer SET amount = 1"], "L8"),
    "L8 transfer deleted": (["DELETE FROM transfer"], "L8"),
    "L8 account deleted": (["DELETE FROM account WHERE id = 6"], "L8"),
    "L8 account renamed": (["UPDATE account SET name = 'x' WHERE id = 6"], "L8"),
    "L8 unit of an account changed": (["UPDATE account SET unit = 'x' WHERE id = 6"], "L8"),
    "L8 record changed": (["UPDATE record SET body = '{}'"], "L8"),
    "L8 record deleted": (["DELETE FROM record"], "L8"),
    "L8 record of an earlier event": (
        ["INSERT INTO record (kind, id, seq, body) VALUES ('party', 'x', 1, '{}')"], "L8",
    ),
    "L8 contra of a part": (
        [following(), transfer(POOL, WORLD, "999", reverses="'fund-pool'")], "L8",
    ),
    "L8 contra the wrong way": (
        [following(), transfer(WORLD, POOL, "1000", reverses="'fund-pool'")], "L8",
    ),
    "L8 second contra": (
        [following(), transfer(DRAWN, POOL, "7", reverses="'t'")], "L8|reversed_once|overdrawn",
    ),
    "L8 contra of a contra": ([following(), transfer(POOL, DRAWN, "7", reverses="'c'")], "L8"),
    "L8 contra of a hold": ([following(), transfer(LINE, POOL, "60", reverses="'h'")], "L8"),
    "L8 record that its event does not tell": (
        [following(0), RECORD], "L8",
    ),
    "L8 record added to the last event afterwards": (
        [RECORD], "L8",
    ),
    # L14: what is stored is what events tell
    "L14 an account opened by no event": ([account()], "L14"),
    "L14 more accounts than the event tells": (
        [following(0, body=OPENS), account(), account(id="100", name="'y'")], "L14",
    ),
    "L14 a floor moved by no event": (["UPDATE account SET floor = -5 WHERE id = 3"], "L14"),
    "L14 a ceiling moved by no event": (["UPDATE account SET ceiling = 500 WHERE id = 3"], "L14"),
    "L14 days moved by no event": (["UPDATE account SET open_until = NULL WHERE id = 5"], "L14"),
    "L14 more bounds than the event tells": (
        [following(0, body=REBOUNDS), "UPDATE account SET floor = -5"], "L14",
    ),
    "L14 the head made to expect an account": (["UPDATE head SET opens = 1"], "L9"),
    "L14 the head made to expect a bound": (["UPDATE head SET rebounds = 1"], "L9"),
    "L14 the head made to expect a record": (["UPDATE head SET records = 1"], "L9"),
    "L7 an event after one without its account": (
        [following(0, body=OPENS), following(0, id="'f'")], "L7",
    ),
    "L7 an event after one without its record": (
        [following(0, body="'{\"records\":[0]}'"), following(0, id="'f'")], "L7",
    ),
    # L9: order and time
    "L9 a number again": ([following(0, seq="seq")], "L9|event_pkey"),
    "L9 a gap": ([following(0, seq="seq + 2")], "L9"),
    "L9 another hash before": ([following(0, previous="(SELECT hash FROM event WHERE seq = 1)")],
                               "L9"),
    "L9 earlier than the last one": ([following(0, recorded_at="'2026-01-31T11'")], "L9"),
    "L9 head moved": (["UPDATE head SET seq = 4"], "L9"),
    "L9 head forged": (["UPDATE head SET seq = 7"], "L9"),
    "L9 head deleted": (["DELETE FROM head"], "L9|L8"),
    "L9 a second head": (
        ["INSERT INTO head (id, seq, hash, recorded_at) SELECT 2, seq, hash, '' FROM head"],
        "L9|head_is_one_row",
    ),
    # L10: days
    "L10 before its days": (
        [following(), transfer(WINDOW, DRAWN, effective_on="'2026-01-09'")], "L10",
    ),
    "L10 after its days": (
        [following(), transfer(WINDOW, DRAWN, effective_on="'2026-02-01'")], "L10",
    ),
    "L10 a hold after its days": (
        [following(), transfer(WINDOW, DRAWN, kind="'pending'", effective_on="'2026-02-01'")],
        "L10",
    ),
    # L16: two persons
    "L16 award by one": ([following(0, by_right="'award.confirm'")], "by_two_persons"),
    "L16 waiver by one": ([following(0, by_right="'waiver.grant'")], "by_two_persons"),
    "L16 revocation by one": ([following(0, by_right="'licence.revoke'")], "by_two_persons"),
    "L16 a round revoked by one": ([following(0, by_right="'round.revoke'")], "L16"),
    "L16 one person twice": ([following(0, second="'ann'")], "second_is_another"),
    # L17: whole numbers
    "L17 zero": ([following(), transfer(amount="0")], "amount_in_range"),
    "L17 negative": ([following(), transfer(amount="-1")], "amount_in_range"),
    "L17 huge": (
        [following(), transfer(WORLD, POOL, "9007199254740992")], "amount_in_range",
    ),
}  # fmt: skip
ONLY_SQLITE = {
    "L17 half": ([following(), transfer(amount="1.5")], "L17"),
    "L17 text": ([following(), transfer(amount="'x'")], "L17"),
    "L17 half a floor": (["UPDATE account SET floor = 0.5 WHERE id = 3"], "L17"),
    "L17 ceiling of text": (["UPDATE account SET ceiling = 'x' WHERE id = 3"], "L17"),
    "L17 an account with half a floor": (
        [following(0, body=OPENS), account(floor="-0.5")], "L17",
    ),
    "a balance forged with its mover": (
        ["UPDATE account SET credits_posted = 2000, moved_by = moved_by + 1 WHERE id = 2"], "L1",
    ),
    **{
        f"{verb} {what}": ([statement.replace("INSERT", verb)], "L")
        for verb in ("INSERT OR REPLACE", "REPLACE")
        for what, statement in {
            "an event": following(0, id="'hold'"),
            "an account": "INSERT INTO account (id, name, unit) VALUES (2, 'pool', 'units')",
            "an account's name": "INSERT INTO account (id, name, unit) VALUES (99, 'pool', 'x')",
            "a record": (
                "INSERT INTO record (kind, id, seq, body) VALUES ('party', 'acme', 6, '{}')"
            ),
            "the head": (
                "INSERT INTO head (id, seq, hash, recorded_at) VALUES (1, 0, zeroblob(32), '')"
            ),
            "a hold": "INSERT INTO hold (id, debit, credit, amount) VALUES ('h', 2, 3, 1)",
        }.items()
    },
    **{
        f"{verb} {what}": ([following(2), *statements], r"L\d|overdrawn|overfilled")
        for verb in ("INSERT OR REPLACE", "INSERT OR IGNORE")
        for what, statements in {
            "a transfer": [transfer(id="'t'", verb=verb)],
            "a contra": [transfer(DRAWN, POOL, "7", reverses="'t'", verb=verb)],
            "an end": [ending("post"), transfer(
                POOL, LINE, "60", kind="'void'", holds="'h'", id="'again'", verb=verb,
            ), following(0, id="'f'")],  # what was passed over is missed by the next event
            "an overdraw": [transfer(amount="941", verb=verb)],
            "an overfill": [transfer(POOL, LINE, "41", verb=verb)],
            "a number": [transfer(), transfer(
                number="(SELECT max(number) FROM transfer)", id="'again'", verb=verb,
            )],
        }.items()
    },
}  # fmt: skip
ONLY_POSTGRESQL = {
    **{
        f"{table} emptied": ([f"TRUNCATE {table} CASCADE"], "L8")
        for table in ("event", "transfer", "account", "head", "hold", "record")
    },
    "L7 an event without its transfers": ([following(2), transfer()], "L7"),
    "L7 an event without its account": ([following(0, body=OPENS)], "L7"),
    "L5 a transfer passed over": (
        [following(), transfer(amount="5", id="'t'", end="ON CONFLICT DO NOTHING")], "L7",
    ),
    "L8 a transfer that would change another": (
        [following(), transfer(id="'t'", end="ON CONFLICT (id) DO UPDATE SET amount = 1")], "L8",
    ),
}  # fmt: skip


def attack(place: str, statements: list[str]) -> None:
    with raw(place) as cursor:
        for statement in statements:
            cursor.execute(statement)


def assert_is_refused(place: str, case: tuple[list[str], str]) -> None:
    statements, said = case
    journal = Journal(place)
    before = state(journal)
    with pytest.raises(REFUSALS, match=said):
        attack(place, statements)
    assert state(journal) == before
    journal.close()


@pytest.mark.parametrize("case", ATTACKS)
def test_a_database_refuses(attacked_place: str, case: str) -> None:
    assert_is_refused(attacked_place, ATTACKS[case])


@pytest.mark.parametrize("case", ONLY_SQLITE)
def test_sqlite_refuses(sqlite_place: str, case: str) -> None:
    assert_is_refused(sqlite_place, ONLY_SQLITE[case])


@pytest.mark.parametrize("case", ONLY_POSTGRESQL)
def test_postgresql_refuses(postgres_place: str, case: str) -> None:
    assert_is_refused(postgres_place, ONLY_POSTGRESQL[case])


def test_what_is_sound_passes_the_same_way(kept_place: str) -> None:
    """So that none of the attacks is refused for a reason of its own."""
    attacked(kept_place)
    attack(kept_place, [following(2), transfer(amount="940"), ending("post", "59", id="'p'")])
    attack(kept_place, [following(0, id="'f'", by_right="'award.confirm'", second="'bob'")])
    attack(kept_place, [following(id="'g'"), transfer(WINDOW, DRAWN, "50", id="'w'")])
    attack(
        kept_place,
        [following(id="'i'"), transfer(WORLD, POOL, "9007199254740991", id="'i'")],
    )
    attack(
        kept_place,
        [following(0, id="'j'", body=REBOUNDS),
         "UPDATE account SET floor = -5, ceiling = 59 WHERE id = 3"],
    )  # fmt: skip
    attack(kept_place, [following(0, id="'l'", body=OPENS), account()])
    attack(
        kept_place,
        [following(0, id="'m'", body="'{\"records\":[0]}'"),
         RECORD],
    )  # fmt: skip
    journal = Journal(kept_place)
    with journal.reading() as view:
        assert view.standing("line").account == Account("line", "units", -5, 59)
        assert (view.standing("line").balance, view.all_holds()) == (59, [])
    journal.close()
