"""What the script keeps where it keeps what a forecast does: stocks, months and waiting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench import fixed_model as model

Floats: TypeAlias = NDArray[np.float64]

STOCKS = (
    "wanted", "ordered", "licensed", "approved", "produced", "shipped", "cleared", "withdrawn",
    "installed",
)  # fmt: skip
COUNTED = STOCKS[2:8]
"""Those that are added up week by week."""
GATES = (
    "allocation", "laboratory", "export", "customs", "installation", "approval", "licence",
)  # fmt: skip
MONTHS_OF_PATHS = 2_000
"""Months are kept of so many paths, as by a forecast."""
EQUAL_UNITS = 1e-6
"""Papers that differ by less are equally scarce; then the approval is named."""


def _finished_at_month_ends() -> list[int]:
    """Return how many weeks are over at the end of each month, and at the end of all."""
    last = model.START + dt.timedelta(weeks=model.WEEKS, days=-1)
    days = [model.START + dt.timedelta(days=n) for n in range(model.WEEKS * 7)]
    ends = [day for day in days if (day + dt.timedelta(days=1)).day == 1 and day < last]
    return [((day - model.START).days + 1) // 7 for day in [*ends, last]]


FINISHED = _finished_at_month_ends()


@dataclass(slots=True)
class Record:
    """All that is kept of some paths, cumulative throughout."""

    last: Floats
    """Units at the end, shape (stock, company, path)."""
    months: NDArray[np.float32]
    """Units at the end of each month, shape (month, stock, group, path); the groups are all, the
    chip, and each company."""
    unit_days: Floats
    """Waiting at the end of each month, shape (month, gate, path)."""
    counted: Floats
    """Units so far of the stocks that are added up, shape (stock, company, path)."""
    waited: Floats
    """Units that waited, added up over the weeks, shape (gate, path)."""

    @classmethod
    def empty(cls, paths: int, first_path: int = 0) -> Record:
        """Return room for some paths that follow the first ones of a run."""
        kept = min(max(MONTHS_OF_PATHS - first_path, 0), paths)
        companies = model.COMPANIES
        return cls(
            np.zeros((len(STOCKS), companies, paths)),
            np.zeros((len(FINISHED), len(STOCKS), companies + 2, kept), np.float32),
            np.zeros((len(FINISHED), len(GATES), paths)),
            np.zeros((0, 0, 0)),
            np.zeros((0, 0)),
        )

    def part(self, start: int, paths: int) -> Record:
        """Return the part of a chunk of paths; writing to it writes here."""
        span = slice(start, start + paths)
        return Record(
            self.last[..., span],
            self.months[..., span],
            self.unit_days[..., span],
            np.zeros((len(COUNTED), model.COMPANIES, paths)),
            np.zeros((len(GATES), paths)),
        )

    def hold(self, gate: str, held: Floats, approvals_beyond: Floats) -> None:
        """Book what a gate cannot pass for want of papers to the scarcer paper.

        Args:
            gate: The gate.
            held: What it cannot pass, shape (company, path).
            approvals_beyond: How many more approvals are free than of the scarcer paper.
        """
        booked = held.sum(axis=0)
        for_approval = (held * (approvals_beyond <= EQUAL_UNITS)).sum(axis=0)
        self.waited[GATES.index(gate)] -= booked
        self.waited[GATES.index("approval")] += for_approval
        self.waited[GATES.index("licence")] += booked - for_approval

    def wait(self, queues: tuple[Floats, ...]) -> None:
        """Count what stands at the gates that pass goods, in their order."""
        for number, queue in enumerate(queues):
            self.waited[number] += queue.sum(axis=0)

    def count(self, passed: tuple[Floats | None, ...]) -> None:
        """Add what has passed in a week, stock by stock; None for none."""
        for number, units in enumerate(passed):
            if units is not None:
                self.counted[number] += units

    def write(self, finished: int, installed: Floats) -> None:
        """Write down what there is after some number of weeks, where a month ends in the next."""
        numbers = [n for n, weeks in enumerate(FINISHED) if weeks == finished]
        if not numbers:
            return
        orders = np.array(model.ORDERS_PER_WEEK)[:, None] * finished
        stocks = [np.broadcast_to(orders, installed.shape)] * 2 + [*self.counted, installed]
        kept = self.months.shape[-1]
        for month in numbers:
            self.unit_days[month] = np.maximum(self.waited, 0.0) * 7.0
            if kept:
                for number, units in enumerate(stocks):
                    self.months[month, number, :2] = units[:, :kept].sum(axis=0)
                    self.months[month, number, 2:] = units[:, :kept]
        if finished == model.WEEKS:
            for number, units in enumerate(stocks):
                self.last[number] = units
