"""Conversion: how much of a pool's unit one chip is, by the newest version of the factor (L17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.errors import Fault, LedgerError
from headworks.ledger import names

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View


def factor(view: View, chip: str, unit: str) -> tuple[int, int]:
    """Return how much of a pool's unit one chip is, and the version of that factor.

    Raises:
        LedgerError: None was set.
    """
    if unit == names.UNITS:
        return 1, 0
    found = view.find("conversion", f"{chip}/{unit}")
    if found is None:
        message = f"nothing says how many {unit} one of it is (L17)"
        remedy = "set a factor with the action conversion.set"
        raise LedgerError([Fault("chip", 0, chip, message, remedy)])
    return found["per_chip"], found["version"]
