"""Tables of claims: CSV files with one claimant in each row."""

from __future__ import annotations

from pathlib import Path

from headworks.errors import Fault, InputError
from headworks.rationing.intake.claimant import COLUMNS, OTHER_WORDS, TEXTS, Claimant, claimants
from headworks.rationing.intake.sheet import NOTES, read_sheet


def read(path: Path | str) -> tuple[list[Claimant], str | None]:
    """Return the claimants of a CSV file, and the unit of their claims if it has that column.

    The first row names the columns: `name`, `claim`, and if wanted `weight`, `cap`, `minimum`,
    `priority`, `score`, `day`, `party`, `need`, `stock`, `undelivered`, `used`, `awarded`, `pool`,
    `chip`, `size` and `unit`. A column `note` is not looked at.

    Raises:
        InputError: The file cannot be read, or rows have faults: each with its line and column.
    """
    sheet = read_sheet(path, "name,claim")
    sheet.check_columns({*COLUMNS, *NOTES, "unit"}, OTHER_WORDS, ["claim"])
    sheet.check_numbers({*TEXTS, *OTHER_WORDS, *NOTES, "day", "pool", "unit"} - {"claim"})
    known = {*COLUMNS, *OTHER_WORDS}
    rows: list[dict[str, object]] = []
    units: dict[str, int] = {}
    for line, row in zip(sheet.lines, sheet.rows, strict=True):
        unit = row.get("unit", "").strip()
        if unit:
            units.setdefault(unit, line)
        rows.append({column: cell for column, cell in row.items() if column in known})
    faults = [*sheet.faults, *_unit_faults(units, sheet.place)]
    try:
        found = claimants(rows, file=str(sheet.place), lines=sheet.lines)
    except InputError as error:
        faults.extend(error.faults)
    if faults:
        raise InputError(sorted(faults))
    return found, next(iter(units), None)


def _unit_faults(units: dict[str, int], place: Path) -> list[Fault]:
    if len(units) < 2:  # noqa: PLR2004 - one unit is no mixture
        return []
    shown = " and ".join(f"{unit} (line {line})" for unit, line in units.items())
    remedy = "convert them to one unit, or ration each by itself"
    return [Fault(str(place), 0, "unit", f"the claims are in mixed units: {shown}", remedy)]
