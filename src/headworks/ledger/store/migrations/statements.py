"""Statements of one database, such as triggers: SQL beside the migration that runs it."""

from __future__ import annotations

import re
from collections.abc import Collection
from importlib.resources import files

from alembic import op

PARTED = "\n--;\n"
"""Line between two statements, since a trigger holds semicolons of its own."""
MADE = re.compile(
    r"^CREATE (?:CONSTRAINT )?(?:FUNCTION|TRIGGER) (\w+)"
    r"(?:(?:.|\n)*?EXECUTE FUNCTION (\w+))?",
    re.MULTILINE,
)
"""What a statement makes: a function, or a trigger and the function that it runs, if any."""


def run_statements(name: str, *, down: bool = False, only: Collection[str] = ()) -> None:
    """Run the statements of a migration that the store's database understands.

    Args:
        name: The migration's module.
        down: Those that undo it.
        only: Those alone that make these triggers and functions, and the triggers that run them;
            all if empty.
    """
    dialect = op.get_bind().dialect.name
    ending = f"{dialect}.down.sql" if down else f"{dialect}.sql"
    place = files("headworks.ledger.store.migrations.versions") / f"{name}.{ending}"
    for statement in place.read_text(encoding="utf-8").split(PARTED):
        made = MADE.search(statement)
        if only and not (made and set(made.groups()) & set(only)):
            continue
        # Past the layer that would take a colon for a parameter.
        op.get_bind().exec_driver_sql(statement)
