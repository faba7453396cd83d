"""The section of a comparison: what another scenario changes, path by path on the same luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headworks.flow.recorder import ALL
from headworks.report.content import Cell, Chart, Column, Content, Table, View
from headworks.report.focus import capital, chip_name, company_name
from headworks.report.numbers import prose, span
from headworks.report.text import HALF

if TYPE_CHECKING:
    from headworks.flow.result import Forecast
    from headworks.report.content import Material


def build(material: Material) -> Content | None:
    """Return the differences in what is installed; None where nothing is compared."""
    comparison = material.comparison
    if comparison is None:
        return None
    last = comparison.base.asked.dates[-1].isoformat()
    rows = [
        row
        for row in comparison.rows()
        if row["date"] == last and row["stock"] == "installed"
        if ALL in {row["company"], row["chip"]}
    ]
    names = (comparison.base.scenario.scenario, comparison.other.scenario.scenario)
    columns = (
        Column("group", "Company or chip", "text"),
        Column("base_med", f"Median in {names[0]}"),
        Column("other_med", f"Median in {names[1]}"),
        Column("mean", "Difference (mean)"),
        Column("p5", "5 %"),
        Column("med", "Median"),
        Column("p95", "95 %"),
        Column("p_more", "Chance of more", "share"),
    )
    chart = Chart(
        id="comparison",
        kind="bars",
        views=(View("", "", _finding(rows[0], *names)),),
        table=Table(
            f"Installed by {last}: {names[1]} less {names[0]}",
            columns,
            tuple(_row(comparison.other, row) for row in rows),
        ),
        axis="Chips more or fewer (mean)",
        legend=(("bar gap", "mean difference"), ("whisker", "5–95 %")),
        options={"label": "group", "total": _group(comparison.other, rows[0])},
        note=(
            "Both scenarios meet the same luck, so that differences are taken path by path and "
            "only then summarised."
        ),
    )
    return Content(charts=(chart,))


def _row(forecast: Forecast, row: dict[str, Any]) -> tuple[Cell, ...]:
    keys = ("base_med", "other_med", *(f"difference_{k}" for k in ("mean", "p5", "med", "p95")))
    return (_group(forecast, row), *(row[key] for key in keys), row["p_more"])


def _group(forecast: Forecast, row: dict[str, Any]) -> str:
    if row["company"] == ALL and row["chip"] == ALL:
        return "All companies and chips"
    if row["company"] == ALL:
        return capital(chip_name(forecast, row["chip"]))
    return company_name(forecast, row["company"])


def _finding(row: dict[str, Any], base: str, other: str) -> str:
    mean = float(row["difference_mean"])
    if max(abs(row["difference_p5"]), abs(row["difference_p95"])) < HALF:
        return f"{capital(other)} installs as many chips as {base}"
    more = "more" if mean >= 0 else "fewer"
    low, high = row["difference_p5"], row["difference_p95"]
    return (
        f"{capital(other)} installs {prose(abs(mean))} {more} chips than {base} on average "
        f"(difference, 5–95 %: {span(low, high)})"
    )
