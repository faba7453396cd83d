"""A forecast that begins with a ledger: its stages become balances at the scenario's gates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from headworks.errors import Fault, InputError

if TYPE_CHECKING:
    from headworks.flow.balances import Balance
    from headworks.ledger.state import StateRow
    from headworks.scenario.scenario import Scenario

IN_SERVICE = "installed"
"""Stock of the gate before which cleared goods wait."""


def ledger_files(place: str | None) -> list[Path]:
    """Return the files of a ledger; none where there is none, or a server or memory keeps it."""
    from headworks.ledger.store.engine import url_of

    if place is None:
        return []
    try:
        url = url_of(place)
    except InputError:  # told when the ledger is opened
        return []
    if url.get_backend_name() != "sqlite" or not url.database:
        return []
    return [Path(f"{url.database}{end}") for end in ("", "-wal", "-shm", "-journal")]


def balances_as_known(place: str, scenario: Scenario | None) -> list[Balance]:
    """Return what a ledger says; only whether it opens is known where its scenario is not (None).

    Raises:
        InputError: The ledger cannot be read, or does not fit the scenario.
    """
    if scenario is not None:
        return ledger_balances(place, scenario)
    from headworks.ledger.ledger import Ledger

    Ledger(place).close()
    return []


def ledger_balances(place: str, scenario: Scenario) -> list[Balance]:
    """Return what a ledger says at the end of a scenario's `as_of`, at the scenario's gates.

    Papers keep their gate. Goods that customs released wait at the gate of their route that
    installs; on a route without one they count as installed. What the ledger cannot place is told
    on stderr.

    Args:
        place: Path or URL of the ledger.
        scenario: The scenario that is to be forecast.

    Raises:
        InputError: The ledger cannot be read, or it has lines on routes that the scenario has not.
    """
    from headworks.ledger.ledger import Ledger

    ledger = Ledger(place)
    try:
        found = ledger.state(scenario.as_of)
    finally:
        ledger.close()
    for one in found.unplaced:
        typer.echo(f"{place}: left out: {one}", err=True)
    unknown = sorted({row.route for row in found.rows} - scenario.routes.keys())
    if unknown:
        remedy = "use the scenario's names of routes in the ledger"
        message = "the ledger has lines on it, and the scenario has no such route"
        raise InputError([Fault(place, 0, f"route {name}", message, remedy) for name in unknown])
    return [balance for row in found.rows for balance in _balances(row, scenario)]


def _balances(row: StateRow, scenario: Scenario) -> Iterator[Balance]:
    """Yield the balances that one row of a ledger's state is."""
    from headworks.flow.balances import Balance

    line = row.company, row.chip, row.route
    if row.stage == "unused":
        yield Balance(*line, "unused", row.units, gate=row.gate)
    elif row.stage == "drawn":
        yield Balance(*line, "passed", row.units, gate=row.gate)
    elif row.stage == "installed":
        yield Balance(*line, "installed", row.units)
    else:
        gates = scenario.routes[row.route].gates
        last = [name for name in gates if scenario.gates[name].stock == IN_SERVICE]
        if last:
            yield Balance(*line, "waiting", row.units, gate=last[0])
        else:
            yield Balance(*line, "installed", row.units)
