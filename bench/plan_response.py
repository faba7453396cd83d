"""How well response curves foretell arrivals of orders with another timing than they measured.

`python -m bench.plan_response` prints, for one company of a scenario, what curves promise too much
and too little of orders that were not run when they were measured, by the profile around which they
were measured and by how orders count: all those made `lag` months before, or each by its readiness.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.planning.response.curves import curves
from headworks.planning.response.histories import histories
from headworks.planning.response.lags import lags
from headworks.planning.response.measure import evenly, measure
from headworks.planning.response.readiness import by_lag, readiness, ready
from headworks.planning.response.world import World
from headworks.scenario.load import load

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats: TypeAlias = NDArray[np.float64]

WINDOW = 12
UNITS = {"h200-sxm": 300_000.0, "ascend-910c": 300_000.0, "ascend-950pr": 150_000.0}
OTHERS = 200_000.0
"""Units ordered in all of any other chip."""


def timings(total: Floats, months: int) -> dict[str, Floats]:
    """Return orders of the same total by their timing, shape (line, month) each."""
    ramp = np.arange(1, WINDOW + 1) / (WINDOW * (WINDOW + 1) / 2)
    weights = {
        "all at once": np.eye(months)[0],
        "falling": np.pad(ramp[::-1], (0, months - WINDOW)),
        "even": evenly(np.ones(1), months, WINDOW)[0],
        "quarterly": np.eye(months)[[0, 3, 6, 9]].mean(axis=0),
        "rising": np.pad(ramp, (0, months - WINDOW)),
        "after half a year": np.eye(months)[6],
    }
    return {name: total[:, None] * weight for name, weight in weights.items()}


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--paths", type=int, default=40)
    parser.add_argument("--scenario", default="h200-2026")
    parser.add_argument("--company", default="bytedance")
    parser.add_argument("--units", type=float, default=1.0, help="multiple of the orders")
    asked = parser.parse_args(argv)
    world = World(load(asked.scenario), (asked.company,))
    paths = np.arange(asked.paths)
    months = len(world.months)
    total = asked.units * np.array([UNITS.get(line.chip, OTHERS) for line in world.lines])
    imported = np.array([line.chip == "h200-sxm" for line in world.lines])
    orders = timings(total, months)
    scaled = {name: (one, 0.3 * one) for name, one in orders.items()}
    truth = {name: world.arrivals(list(pair), paths) for name, pair in scaled.items()}
    keys = {
        "lag": by_lag(lags(world, paths), months),
        "readiness": readiness(world, total, paths),
    }
    print("promised too much / too little, % of unit-months, H200 and in brackets the others")
    print(f"{'measured around':<16} {'counted by':<10}", *(f"{name:>22}" for name in orders))
    for base in ("all at once", "even"):
        for key, share in keys.items():
            found = curves(measure(histories(world, paths), orders[base], share).points)
            cells: list[str] = []
            for name, pair in scaled.items():
                promised = [found.at(ready(one, share)) for one in pair]
                cells.append(_cell(promised, truth[name], imported))
            print(f"{base:<16} {key:<10}", *(f"{cell:>22}" for cell in cells))


def _cell(promised: list[Floats], arrived: list[Floats], imported: NDArray[np.bool_]) -> str:
    def told(lines: NDArray[np.bool_]) -> str:
        whole = sum(float(one[lines].sum()) for one in arrived)
        pairs = list(zip(promised, arrived, strict=True))
        more = sum(float(np.maximum(p - a, 0)[lines].sum()) for p, a in pairs)
        less = sum(float(np.maximum(a - p, 0)[lines].sum()) for p, a in pairs)
        return f"{100 * more / whole:.0f}/{100 * less / whole:.0f}" if whole else "none"

    return f"{told(imported)} ({told(~imported)})"


if __name__ == "__main__":
    main()
