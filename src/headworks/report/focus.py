"""What a forecast is about: its chip in focus, and who is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError

if TYPE_CHECKING:
    from headworks.flow.result import Forecast


def chips(forecast: Forecast) -> list[str]:
    """Return the chips of the companies within the story, most wanted first."""
    outside = outsiders(forecast)
    found = sorted({line.chip for line in forecast.net.lines if line.company not in outside})
    wanted = {chip: float(forecast.samples("wanted", chip=chip).mean()) for chip in found}
    return sorted(found, key=lambda chip: (-wanted[chip], chip))


def outsiders(forecast: Forecast) -> set[str]:
    """Return the companies outside the story, which are in no total."""
    return {name for name, record in forecast.scenario.companies.items() if record.outside}


def focus(forecast: Forecast) -> str:
    """Return the chip that the answer is about: of those with the most gates, the most wanted."""
    ranked = chips(forecast)
    if not ranked:
        message = "every company is outside the story, so there is nothing to tell"
        raise InputError([Fault("companies", 0, "", message, "set `outside: false` for one")])
    gates = {chip: gates_passed(forecast, chip) for chip in ranked}
    return max(ranked, key=lambda chip: gates[chip])


def gates_passed(forecast: Forecast, chip: str) -> int:
    """Return how many gates, for goods and papers, lie on the longest way of a chip."""
    net, outside = forecast.net, outsiders(forecast)
    rows = [gate.rows.lines for gate in net.goods.values()]
    rows += [gate.rows.lines for gate in net.papers.values()]
    return max(
        sum(number in lines for lines in rows)
        for number, line in enumerate(net.lines)
        if line.chip == chip and line.company not in outside
    )


def imported(forecast: Forecast, chip: str) -> bool:
    """Whether a chip comes from abroad: some foreign export control reaches it."""
    record = forecast.scenario.chips.get(chip)
    return record is not None and bool(record.export_controlled_by)


def gates_on_way(forecast: Forecast, chip: str) -> set[str]:
    """Return the gates, for goods and papers, that some line of a chip passes."""
    net = forecast.net
    numbers = {number for number, line in enumerate(net.lines) if line.chip == chip}
    rows = {name: gate.rows.lines for name, gate in net.goods.items()}
    rows |= {name: gate.rows.lines for name, gate in net.papers.items()}
    return {name for name, lines in rows.items() if numbers & set(lines)}


def reported(forecast: Forecast) -> set[str]:
    """Return the stocks that some gate of the forecast reports."""
    found = {gate.gate.stock for gate in forecast.net.goods.values()}
    found |= {gate.gate.stock for gate in forecast.net.papers.values()}
    return {stock for stock in found if stock is not None}


def place(forecast: Forecast, chip: str) -> str:
    """Return where a chip is installed, as the end of a sentence; empty where it is mixed."""
    outside = outsiders(forecast)
    found = {
        forecast.scenario.routes[line.route].jurisdiction
        for line in forecast.net.lines
        if line.chip == chip and line.company not in outside
    }
    return " in China" if found <= {"CN", "HK"} else ""
