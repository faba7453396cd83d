"""A linear programme as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy import sparse

    from headworks.planning.problem import Floats


@dataclass(frozen=True, slots=True)
class Linear:
    """Least cost × columns + offset, where row_lower ≤ matrix × columns ≤ row_upper."""

    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    matrix: sparse.csr_array
    offset: float = 0.0
    integer: NDArray[np.bool_] | None = None
    """Which columns are whole numbers; None for none."""
