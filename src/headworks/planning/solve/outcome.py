"""Outcomes: how a solver ended, and what it found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from headworks.planning.problem import Floats


class Outcome(Enum):
    """How a solver ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    LIMIT = "time limit"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Basis:
    """Which columns and rows a vertex rests on, as HiGHS numbers their states."""

    columns: NDArray[np.int8]
    """State of each column, shape (column,)."""
    rows: NDArray[np.int8]
    """State of each row, shape (row,)."""


@dataclass(frozen=True, slots=True)
class Solved:
    """What a solver found."""

    outcome: Outcome
    objective: float
    """Least cost found; infinite if none."""
    bound: float
    """What no solution can be below; −infinite if nothing is known."""
    columns: Floats
    rows: Floats
    """Price of each row: what one unit more of its bound adds to the least cost."""
    reduced: Floats
    """Price of the bound of each column, likewise."""
    seconds: float
