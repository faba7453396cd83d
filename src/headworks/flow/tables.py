"""The tables of a forecast: units, installed compute, and what each gate held back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headworks.flow.compute import total
from headworks.flow.recorder import ALL, STOCKS
from headworks.flow.statistics import summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.flow.result import Forecast


def unit_rows(forecast: Forecast) -> Iterator[dict[str, Any]]:
    """Yield units by date, company, chip and stock, totals (`all`) first."""
    for date in forecast.asked.dates:
        for company, chip in _groups(forecast):
            for stock in STOCKS:
                units = forecast.samples(stock, company=company, chip=chip, at=date)
                yield {
                    "company": company,
                    "chip": chip,
                    "stock": stock,
                    "date": date.isoformat(),
                    **summary("units", units),
                }


def _groups(forecast: Forecast) -> list[tuple[str, str]]:
    own = [(group.company, group.chip) for group in forecast.asked.groups]
    chips = sorted({chip for _, chip in own})
    companies = sorted({company for company, _ in own})
    return [
        (ALL, ALL),
        *((ALL, chip) for chip in chips),
        *((company, ALL) for company in companies),
        *own,
    ]


def compute_rows(forecast: Forecast) -> Iterator[dict[str, Any]]:
    """Yield installed compute by date, company and measure, totals (`all`) first."""
    groups = forecast.asked.groups
    companies = [ALL, *sorted({group.company for group in groups})]
    for date in forecast.asked.dates:
        for company in companies:
            chips = sorted({group.chip for group in groups if company in {ALL, group.company}})
            units = {
                chip: forecast.samples("installed", company=company, chip=chip, at=date)
                for chip in chips
            }
            for measure, per_chip in forecast.per_chip.items():
                values = total(units, per_chip)
                row = {"company": company, "date": date.isoformat(), "measure": measure}
                yield {**row, **summary("value", values)}


def binding_rows(forecast: Forecast) -> list[dict[str, Any]]:
    """Return what each gate held back and how long units waited at it, the joint effect first."""
    names = (*forecast.net.goods, *forecast.net.papers)
    rows: list[dict[str, Any]] = []
    for number, gate in enumerate(forecast.binding.gates):
        row: dict[str, Any] = {"gate": gate}
        row["date"] = forecast.asked.dates[-1].isoformat()
        if forecast.result.waiting:
            days = forecast.result.waiting[0][-1]
            own = days.sum(axis=0) if number == 0 else days[names.index(gate)]
            row |= summary("waiting_unit_days", own)
        for measure in ("units", "h100e"):
            values = getattr(forecast.binding, measure)[number]
            row |= summary(f"held_back_{measure}", values if forecast.binding.known else None)
        rows.append(row)
    return [rows[0], *sorted(rows[1:], key=_by_weight)]


def _by_weight(row: dict[str, Any]) -> tuple[float, float, str]:
    """Sort key of gates: most held back first, then longest waiting, then by name.

    Differences that no reader would see, such as those of rounding, do not count.
    """
    held = row.get("held_back_units_mean") or 0.0
    waiting = row.get("waiting_unit_days_mean") or 0.0
    return -round(held, 3), -round(waiting, 3), row["gate"]
