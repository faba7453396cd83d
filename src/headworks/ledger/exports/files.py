"""A ledger as files: four tables as Parquet or CSV in a folder, or one journal as text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from headworks.errors import Fault, LedgerError
from headworks.ledger.exports.beancount import journal_text
from headworks.ledger.exports.rows import COLUMNS, READERS
from headworks.scenario.whole_file import whole_file, whole_folder

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View
    from headworks.ledger.ledger import Ledger

Format = Literal["parquet", "csv", "beancount"]
CHUNK_ROWS = 10_000


def export(ledger: Ledger, path: Path | str, *, format: Format) -> list[Path]:  # noqa: A002
    """Write a ledger to files, all of one moment, whole or not at all.

    Args:
        ledger: What to write.
        path: For `parquet` and `csv` a folder, which must be new or empty and gets `events`,
            `transfers`, `accounts` and `records`; for `beancount` a file, which is replaced.
        format: One of the three.

    Returns:
        The files that were written.

    Raises:
        LedgerError: They cannot be written, or there is no such format.
    """
    place = Path(path)
    if format == "beancount":
        with (
            _told(place),
            ledger.journal.reading() as view,
            whole_file(place) as part,
            part.open("w", encoding="utf-8", newline="\n") as file,
        ):
            file.writelines(journal_text(view))
        return [place]
    writers = {"parquet": _parquet, "csv": _csv}
    if format not in writers:
        message = f"there is no format {format!r}"
        remedy = "say parquet, csv or beancount"
        raise LedgerError([Fault("format", 0, "", message, remedy)])
    with _told(place), ledger.journal.reading() as view, whole_folder(place) as folder:
        for table in COLUMNS:
            writers[format](view, table, folder / f"{table}.{format}")
    return [place / f"{table}.{format}" for table in COLUMNS]


def _parquet(view: View, table: str, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {int: pa.int64(), str: pa.string()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in COLUMNS[table].items()])
    rows = READERS[table](view)
    with pq.ParquetWriter(path, schema) as writer:
        while part := list(islice(rows, CHUNK_ROWS)):
            columns = zip(*part, strict=True)
            arrays = [
                pa.array(list(values), field.type)
                for values, field in zip(columns, schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _csv(view: View, table: str, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS[table])
        writer.writerows(READERS[table](view))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        message = f"the ledger cannot be exported there: {reason.lower()}"
        raise LedgerError([Fault(str(path), 0, "", message, "choose another path")]) from None
