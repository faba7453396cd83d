"""The section of a comparison: what another scenario changes, path by path on the same luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from headworks.flow.recorder import ALL
from headworks.report.content import Cell, Chart, Column, Content, Table, View
from headworks.report.focus import outsiders
from headworks.report.names import capital, chip_name, company_name
from headworks.report.numbers import prose, span
from headworks.report.text import HALF, last_day

if TYPE_CHECKING:
    from headworks.flow.compare import Comparison
    from headworks.flow.result import Forecast
    from headworks.report.content import Material

Row: TypeAlias = dict[str, Any]


def build(material: Material) -> Content | None:
    """Return the differences in what is installed, and in all stocks; None without a comparison."""
    comparison = material.comparison
    if comparison is None:
        return None
    last = last_day(comparison.base).isoformat()
    rows = [row for row in comparison.rows() if row["date"] == last]
    whole = [row for row in rows if row["company"] == row["chip"] == ALL]
    base, other = comparison.names
    stocks = tuple((row["stock"], *_numbers(row)) for row in whole if _moved(row))
    columns = (Column("stock", "Stock", "text"), *_columns(base, other))
    table = Table(f"All companies and chips by {last}: {other} less {base}", columns, stocks)
    return Content(
        paragraphs=(f"This page shows {other}. Here it is compared with {base}.",),
        charts=(_chart(comparison, rows, last),),
        tables=(table,) if stocks else (),
    )


def _chart(comparison: Comparison, rows: list[Row], last: str) -> Chart:
    """Return the differences in what is installed: in all, by chip and by company."""
    base, other = comparison.names
    installed = [
        row for row in rows if row["stock"] == "installed" and ALL in {row["company"], row["chip"]}
    ]
    whole, *parts = installed
    drawn = [whole, *sorted(filter(_moved, parts), key=_rank)]
    names = _groups(comparison.other, drawn)
    outside = outsiders(comparison.base) | outsiders(comparison.other)
    apart = " Buyers outside the story are in no total." if outside else ""
    return Chart(
        id="comparison",
        kind="bars",
        views=(View("", "", _finding(whole, base, other)),),
        table=Table(
            f"Installed by {last}: {other} less {base}",
            (Column("group", "Company or chip", "text"), *_columns(base, other)),
            tuple((name, *_numbers(row)) for name, row in zip(names, drawn, strict=True)),
        ),
        axis="Chips more or fewer (mean)",
        legend=(("bar total", "all together"), ("bar gap", "a chip or a company"),
                ("whisker", "5–95 %")),
        options={"label": "group", "total": names[0]},
        note=(
            "Both scenarios meet the same luck, so that differences are taken path by path and "
            "only then summarised. Chips and companies for which nothing changes are left out."
            + apart
        ),
    )  # fmt: skip


def _columns(base: str, other: str) -> tuple[Column, ...]:
    return (
        Column("base_med", f"Median in {base}"),
        Column("other_med", f"Median in {other}"),
        Column("mean", "Difference (mean)"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
        Column("p_more", "Chance of more", "share"),
    )


def _numbers(row: Row) -> tuple[Cell, ...]:
    keys = ("base_med", "other_med", *(f"difference_{k}" for k in ("mean", "p5", "med", "p95")))
    return (*(row[key] for key in keys), row["p_more"])


def _moved(row: Row) -> bool:
    """Return whether a difference is as much as half a chip."""
    return any(abs(row[f"difference_{key}"]) >= HALF for key in ("mean", "p5", "p95"))


def _rank(row: Row) -> tuple[bool, float, str, str]:
    """Sort key of rows: chips before companies, the largest differences first."""
    mean = abs(row["difference_mean"])
    return row["company"] != ALL, -mean, row["company"], row["chip"]


def _groups(forecast: Forecast, rows: list[Row]) -> list[str]:
    """Return what each row is called; by id where two would be called alike."""
    names = [_group(forecast, row) for row in rows]
    ids = [row["chip"] if row["company"] == ALL else row["company"] for row in rows]
    return [
        name if names.count(name) == 1 else other for name, other in zip(names, ids, strict=True)
    ]


def _group(forecast: Forecast, row: Row) -> str:
    if row["company"] == ALL and row["chip"] == ALL:
        return "All companies and chips"
    if row["company"] == ALL:
        return capital(chip_name(forecast, row["chip"]))
    return company_name(forecast, row["company"])


def _finding(row: Row, base: str, other: str) -> str:
    if not _moved(row):
        return f"As many chips are installed in {other} as in {base}"
    low, high = row["difference_p5"], row["difference_p95"]
    more = "more" if row["difference_mean"] >= 0 else "fewer"
    finding = f"{prose(abs(row['difference_mean']))} {more} chips are installed in {other} than in"
    if high - low < HALF:
        return f"{finding} {base}"
    return f"{finding} {base}, on average (difference, 5–95 %: {span(low, high)})"
