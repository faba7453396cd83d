"""Mean and quantiles of samples, under the names that every table uses."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


def summary(name: str, values: Floats | None) -> dict[str, float | None]:
    """Return mean, p5, median and p95 of samples, under `name_mean` and so on; None of nothing."""
    if values is None:
        return {f"{name}_{key}": None for key in ("mean", "p5", "med", "p95")}
    p5, med, p95 = np.quantile(values, [0.05, 0.5, 0.95])
    return {
        f"{name}_mean": float(values.mean()),
        f"{name}_p5": float(p5),
        f"{name}_med": float(med),
        f"{name}_p95": float(p95),
    }
