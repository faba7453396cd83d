"""Statements: written in SQLAlchemy's words, compiled once for each database, run by its driver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

KEYS_MAX = 512
"""Keys asked for at once, below what any store takes in one statement."""
Keys = Sequence[sa.BindParameter[str]]


def value(name: str) -> sa.BindParameter[str]:
    """Return a parameter of a statement: text that is given each time that it is run."""
    return sa.bindparam(name, type_=sa.Text, required=False)


def _key(number: int) -> str:
    return f"key_{number}"


class Compiled(NamedTuple):
    """A statement as a database's driver takes it."""

    sql: str
    names: tuple[str, ...]
    """Names of its parameters, in the order of their places."""
    fixed: Mapping[str, Any]
    """Values that the statement itself gives to parameters."""

    def places(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values of the parameters in their order."""
        fixed = self.fixed
        return tuple(fixed[name] if name in fixed else values[name] for name in self.names)


class Statement:
    """A statement that goes to the driver as text, within a connection's transaction.

    SQLAlchemy takes ten times as long to run a statement as SQLite does to answer it. So what every
    posting asks and writes is made into text once, in each database's own words.

    Args:
        build: Returns the statement for some keys, of which there are none unless it is asked with
            `rows_of`.
        columns: Of an insert or update, the columns that are given; all if empty.
    """

    def __init__(
        self, build: Callable[[Keys], sa.ClauseElement], *, columns: Iterable[str] = ()
    ) -> None:
        self._build = build
        self._columns = list(columns) or None
        self._texts: dict[tuple[str, int], Compiled] = {}

    def rows(self, connection: sa.Connection, **values: object) -> list[Any]:
        """Return the rows that it finds, each a sequence in the order of its columns."""
        compiled = self._compiled(connection, 0)
        cursor = connection.connection.cursor()
        cursor.execute(compiled.sql, compiled.places(values))
        found = list(cursor.fetchall())
        cursor.close()
        return found

    def rows_of(
        self, connection: sa.Connection, keys: Sequence[str], **values: object
    ) -> Iterator[Any]:
        """Yield the rows that it finds for keys, asked for in parts.

        A part is filled up with its last key to a power of two, so that few texts are made.
        """
        for first in range(0, len(keys), KEYS_MAX):
            part = keys[first : first + KEYS_MAX]
            size = 1 << (len(part) - 1).bit_length()
            compiled = self._compiled(connection, size)
            padded = [*part, *[part[-1]] * (size - len(part))]
            if len(compiled.names) > size:
                named = {_key(number): key for number, key in enumerate(padded)}
                padded = list(compiled.places({**values, **named}))
            cursor = connection.connection.cursor()
            cursor.execute(compiled.sql, padded)
            yield from cursor.fetchall()
            cursor.close()

    def run(self, connection: sa.Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run it for every row of parameters, given by name."""
        compiled = self._compiled(connection, 0)
        self.run_tuples(connection, [compiled.places(row) for row in rows])

    def run_tuples(self, connection: sa.Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Run it for every row of parameters, given in the order of their places."""
        compiled = self._compiled(connection, 0)
        cursor = connection.connection.cursor()
        cursor.executemany(compiled.sql, rows)
        cursor.close()

    def _compiled(self, connection: sa.Connection, size: int) -> Compiled:
        dialect = connection.dialect
        found = self._texts.get((dialect.name, size))
        if found is None:
            compiled = self._build([value(_key(number)) for number in range(size)]).compile(
                dialect=dialect, column_keys=self._columns,
                compile_kwargs={} if self._columns else {"render_postcompile": True},
            )  # fmt: skip
            names = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]
            fixed = {key: one for key, one in compiled.params.items() if one is not None}
            found = Compiled(str(compiled), names, {} if self._columns else fixed)
            self._texts[dialect.name, size] = found
        return found
