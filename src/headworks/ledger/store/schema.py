"""The version of a store's tables: told when it is opened, and moved by migrations."""

from __future__ import annotations

from importlib.resources import files

import sqlalchemy as sa

from headworks.errors import Fault, LedgerError

SCHEMA = "0003"
"""Version of the tables that this software reads and writes."""


def migrate(connection: sa.Connection, *, to: str = SCHEMA) -> None:
    """Move the tables of a store up or down to a version; data is kept either way.

    Down to `base` nothing is left.

    Args:
        connection: In a transaction, which the caller ends.
        to: A version, or `base`.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    place = files("headworks.ledger.store") / "migrations"
    config.set_main_option("script_location", str(place).replace("%", "%%"))
    config.attributes["connection"] = connection
    there = version_of(connection) or "0000"
    move = command.downgrade if to == "base" or to < there else command.upgrade
    move(config, to)


def version_of(connection: sa.Connection) -> str | None:
    """Return the version of a store's tables; None where it holds no ledger."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def check_room(connection: sa.Connection, place: str, *, upgrade: bool) -> None:
    """Check that a ledger may be made here, or brought up to date.

    Raises:
        LedgerError: There is one already, and it is not to be upgraded, or is newer than we are.
    """
    there = version_of(connection)
    if there is None or (upgrade and there < SCHEMA):
        return
    if upgrade:
        check_version(connection, place)
    message = f"there is a ledger already, of version {there}"
    remedy = "choose another place"
    if there < SCHEMA:
        remedy += ", or bring it up to date with --upgrade"
    raise LedgerError([Fault(place, 0, "", message, remedy)])


def check_version(connection: sa.Connection, place: str) -> None:
    """Check that this software can use a store.

    Raises:
        LedgerError: It holds no ledger, or one of another version.
    """
    found = version_of(connection)
    if found == SCHEMA:
        return
    if found is None:
        message = "there is no ledger here"
        remedy = "make one with `headworks ledger init --administrator NAME`"
    elif found < SCHEMA:
        message = f"its tables are of version {found}, and this software uses version {SCHEMA}"
        remedy = "bring it up to date with `headworks ledger init --upgrade`"
    else:
        message = f"its tables are of version {found}, newer than version {SCHEMA} of this software"
        remedy = "use a newer headworks"
    raise LedgerError([Fault(place, 0, "", message, remedy)])
