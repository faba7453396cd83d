"""The section that answers: one sentence, how sure it is, what holds chips back, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.report.content import Cell, Column, Content, Table
from headworks.report.names import chip_name
from headworks.report.text import certainty_sentence, gate_sentence, installed_sentence

if TYPE_CHECKING:
    from headworks.report.content import Material


def build(material: Material) -> Content:
    """Return the sentences after the answer itself, which heads the page, and the numbers by date.

    The table holds the chip in focus and, where there are several, all chips.
    """
    forecast = material.forecast
    several = len({group.chip for group in forecast.asked.groups}) > 1
    total = (f"{installed_sentence(forecast, 'all')}, counting chips of all types.",)
    return Content(
        paragraphs=(
            certainty_sentence(forecast),
            *(total if several else ()),
            gate_sentence(forecast, way_of=material.focus),
        ),
        tables=tuple(_table(material, chip) for chip in (material.focus, *["all"][: int(several)])),
        notes=(
            (
                "Every number is a count of chips at the end of the day named. Intervals run from "
                "the 5th to the 95th percentile of the paths; totals are summed path by path."
            ),
        ),
    )


def _table(material: Material, chip: str) -> Table:
    forecast = material.forecast
    rows: list[tuple[Cell, ...]] = []
    for date in forecast.asked.dates:
        installed = forecast.samples("installed", chip=chip, at=date)
        p5, med, p95 = (float(value) for value in np.quantile(installed, [0.05, 0.5, 0.95]))
        wanted = float(np.median(forecast.samples("wanted", chip=chip, at=date)))
        rows.append((date, wanted, p5, med, p95))
    columns = (
        Column("date", "By the end of", "date"),
        Column("wanted_med", "Wanted (median)"),
        Column("installed_p5", "Installed 5 %"),
        Column("installed_med", "Median"),
        Column("installed_p95", "95 %"),
    )
    return Table(f"Installed, {chip_name(forecast, chip)}", columns, tuple(rows))
