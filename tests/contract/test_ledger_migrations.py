"""The tables go up and down with the data kept, and are those that queries see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from headworks.errors import LedgerError
from headworks.ledger.journal.event import Record
from headworks.ledger.journal.journal import Journal
from headworks.ledger.journal.verification import verify
from headworks.ledger.store.engine import engine_of, transaction, url_of
from headworks.ledger.store.schema import SCHEMA, migrate, version_of
from headworks.ledger.store.tables import METADATA
from tests.unit.ledger.build import ACCOUNTS, Clock, event, funded, move, post, raw, state

if TYPE_CHECKING:
    from collections.abc import Iterator


def filled(place: str) -> Journal:
    journal = funded(place, Clock())
    post(journal, "hold", move("h", "pool", "line", 60, kind="pending"))
    records = Record("party", "b", {"ü": [1, None, True]}), Record("party", "a", {})
    post(journal, "records", records=records)
    post(journal, "more", records=(Record("party", "a", {"z": 1, "a": {"b": "c"}}),))
    return journal


def move_to(place: str, *versions: str) -> None:
    engine = engine_of(url_of(place))
    for version in versions:
        with transaction(engine, writes=True) as connection:
            migrate(connection, to=version)
    engine.dispose()


@pytest.fixture
def journal(kept_place: str) -> Iterator[Journal]:
    journal = filled(kept_place)
    yield journal
    journal.close()


def rows(place: str, statement: str) -> list[tuple[object, ...]]:
    with raw(place) as cursor:
        cursor.execute(statement)
        return [tuple(row) for row in cursor.fetchall()]


def test_records_are_made_again_from_the_events(kept_place: str, journal: Journal) -> None:
    before = state(journal)
    asked = "SELECT kind, id, seq, body FROM record ORDER BY kind, id, seq"
    records = rows(kept_place, asked)
    assert len(records) == 3
    journal.close()
    move_to(kept_place, "0001")
    with pytest.raises(LedgerError, match=r"of version 0001, and this software uses version 0003"):
        Journal(kept_place)
    with pytest.raises(LedgerError, match="there is a ledger already, of version 0001"):
        Journal.create(kept_place)
    again = Journal.create(kept_place, upgrade=True, clock=Clock())
    assert state(again) == before
    assert rows(kept_place, asked) == records
    with again.reading() as view:
        assert verify(view).sound
    post(again, "after", move("t", "pool", "drawn", 1), records=(Record("party", "a", {}),))
    again.close()


def test_down_to_the_base_nothing_is_left(kept_place: str, journal: Journal) -> None:
    journal.close()
    move_to(kept_place, "base")
    with pytest.raises(LedgerError, match="there is no ledger here"):
        Journal(kept_place)
    left = (
        "SELECT proname FROM pg_proc JOIN pg_namespace ON pronamespace = pg_namespace.oid "
        "WHERE nspname = 'public' UNION SELECT tablename FROM pg_tables "
        "WHERE schemaname = 'public'"
        if kept_place.startswith("postgresql")
        else "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    )
    assert rows(kept_place, left) == [("alembic_version",)]
    move_to(kept_place, SCHEMA)
    again = Journal(kept_place)
    assert again.append(event("opening", opens=ACCOUNTS)).seq == 1
    again.close()


def test_triggers_are_the_same_after_going_down_and_up(kept_place: str, journal: Journal) -> None:
    journal.close()
    asked = (
        "SELECT tgname, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger WHERE NOT tgisinternal "
        "ORDER BY 1"
        if kept_place.startswith("postgresql")
        else "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1"
    )
    before = rows(kept_place, asked)
    assert len(before) > 10
    move_to(kept_place, "0001", SCHEMA)
    assert rows(kept_place, asked) == before


def test_the_migrated_tables_are_those_that_queries_see(kept_place: str, journal: Journal) -> None:
    journal.close()
    engine = engine_of(url_of(kept_place))
    with transaction(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, METADATA) == []
        assert version_of(connection) == SCHEMA
    engine.dispose()


def test_the_migrated_tables_check_what_queries_rely_on(kept_place: str, journal: Journal) -> None:
    """What Alembic does not compare: the constraints that hold rows together."""
    journal.close()
    engine = engine_of(url_of(kept_place))
    with transaction(engine) as connection:
        inspector = sa.inspect(connection)
        for table in METADATA.sorted_tables:
            found = {one["name"] for one in inspector.get_check_constraints(table.name)}
            columns = [one for column in table.columns for one in column.constraints]
            wanted = {
                str(one.name)
                for one in (*table.constraints, *columns)
                if isinstance(one, sa.CheckConstraint)
            }
            assert found == wanted
    engine.dispose()
