"""Statements of one database, such as triggers: SQL beside the migration that runs it."""

from __future__ import annotations

from importlib.resources import files

from alembic import op

PARTED = "\n--;\n"
"""Line between two statements, since a trigger holds semicolons of its own."""


def run_statements(name: str, *, down: bool = False) -> None:
    """Run the statements of a migration that the store's database understands.

    Args:
        name: The migration's module.
        down: Those that undo it.
    """
    dialect = op.get_bind().dialect.name
    ending = f"{dialect}.down.sql" if down else f"{dialect}.sql"
    place = files("headworks.ledger.store.migrations.versions") / f"{name}.{ending}"
    for statement in place.read_text(encoding="utf-8").split(PARTED):
        # Past the layer that would take a colon for a parameter.
        op.get_bind().exec_driver_sql(statement)
