"""HiGHS: a model that is loaded once, changed in place and solved again from its last basis."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from headworks.planning.solve.outcome import Basis, Outcome, Solved

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from headworks.planning.problem import Floats, Integers
    from headworks.planning.programme.linear import Linear

_STATUS = highspy.HighsModelStatus
_OUTCOMES = {
    _STATUS.kOptimal: Outcome.OPTIMAL,
    _STATUS.kModelEmpty: Outcome.OPTIMAL,
    _STATUS.kInfeasible: Outcome.INFEASIBLE,
    _STATUS.kUnbounded: Outcome.UNBOUNDED,
    _STATUS.kTimeLimit: Outcome.LIMIT,
}


_STATES = {int(state): state for state in highspy.HighsBasisStatus.__members__.values()}

FEASIBLE = 2
"""What HiGHS calls a solution that keeps all bounds."""


class _Quiet(highspy.Highs):  # type: ignore[misc]  # its types are left out
    """HiGHS that logs nothing, not even its name when it is made."""

    def enableCallbacks(self) -> None:  # noqa: N802 (called by HiGHS when it is made)
        """Enable callbacks, which would log."""
        self.setOptionValue("output_flag", False)  # noqa: FBT003 (of HiGHS)
        super().enableCallbacks()


class Model:
    """One HiGHS model.

    Args:
        linear: The programme.
        method: `simplex`, `ipx` for the interior-point method without crossover, or `choose`.
        time_limit_s: Seconds after which a solve ends with what it has; infinite for no limit.
        presolve: Whether to presolve; a model that is solved again and again does without.
        gap: Relative gap at which a search over whole numbers stops.
    """

    def __init__(
        self,
        linear: Linear,
        *,
        method: str = "choose",
        time_limit_s: float = np.inf,
        presolve: bool = True,
        gap: float = 1e-6,
    ) -> None:
        self._highs = _Quiet()
        self.option("parallel", "off")  # a number of threads would bind all users of HiGHS
        self.option("presolve", "on" if presolve else "off")
        self.option("time_limit", time_limit_s)
        self.option("mip_rel_gap", gap)
        self._method(method)
        self.load(linear)

    def load(self, linear: Linear) -> None:
        """Put another programme in place of the one at hand; options stay."""
        self._integer = linear.integer is not None and bool(np.any(linear.integer))
        self._highs.passModel(*_arrays(linear))

    def option(self, name: str, value: float | str) -> bool:
        """Set an option of HiGHS by name; return whether it was taken."""
        return bool(self._highs.setOptionValue(name, value) == highspy.HighsStatus.kOk)

    def _method(self, method: str) -> None:
        """Choose the algorithm; `ipm` would be HiPO where that is installed, which is slower."""
        if method == "ipx":
            self.option("solver", "ipx")
            self.option("run_crossover", "off")
        else:
            self.option("solver", method)

    def solve(self) -> Solved:
        """Solve from the basis at hand, and once more from none if that ends without an answer."""
        start = time.perf_counter()
        outcome = self._run()
        if outcome is Outcome.UNKNOWN:
            self._highs.clearSolver()
            outcome = self._run()
        if outcome is Outcome.UNKNOWN:  # presolve tells the infeasible from the unbounded
            self._highs.clearSolver()
            self.option("presolve", "off")
            self.option("solver", "simplex")
            outcome = self._run()
        return self._found(outcome, time.perf_counter() - start)

    def _run(self) -> Outcome:
        self._highs.run()
        return _OUTCOMES.get(self._highs.getModelStatus(), Outcome.UNKNOWN)

    def _found(self, outcome: Outcome, seconds: float) -> Solved:
        info, solution = self._highs.getInfo(), self._highs.getSolution()
        feasible = outcome is Outcome.OPTIMAL or (
            outcome is Outcome.LIMIT and info.primal_solution_status == FEASIBLE
        )
        objective = info.objective_function_value if feasible else np.inf
        bound = objective if outcome is Outcome.OPTIMAL else -np.inf
        if self._integer and feasible:
            bound = info.mip_dual_bound
        return Solved(
            outcome,
            float(objective),
            float(bound),
            np.array(solution.col_value, np.float64),
            np.array(solution.row_dual, np.float64),
            np.array(solution.col_dual, np.float64),
            seconds,
        )

    def ray(self) -> Floats | None:
        """Return multipliers of rows that prove that the model is infeasible, if they are known."""
        found = self._highs.getDualRay()
        return np.array(found[2], np.float64) if found[1] else None

    def direction(self) -> Floats | None:
        """Return how columns grow while the cost falls without end, if that is known."""
        found = self._highs.getPrimalRay()
        return np.array(found[2], np.float64) if found[1] else None

    def bound_rows(self, rows: Integers, lower: Floats, upper: Floats) -> None:
        """Change the bounds of rows."""
        numbers = rows.astype(np.int32)
        self._highs.changeRowsBounds(len(numbers), numbers, lower, upper)

    def bound_columns(self, columns: Integers, lower: Floats, upper: Floats) -> None:
        """Change the bounds of columns."""
        numbers = columns.astype(np.int32)
        self._highs.changeColsBounds(len(numbers), numbers, lower, upper)

    def add_rows(self, lower: Floats, upper: Floats, rows: sparse.csr_array) -> None:
        """Add rows below the others."""
        self._highs.addRows(
            len(lower),
            lower,
            upper,
            rows.nnz,
            rows.indptr[:-1].astype(np.int32),
            rows.indices.astype(np.int32),
            rows.data,
        )

    def add_columns(self, count: int, upper: float) -> int:
        """Add columns from 0 up to a bound, which cost nothing; return the number of the first."""
        first = int(self._highs.getNumCol())
        none, zero = np.zeros(0, np.int32), np.zeros(count)
        starts = np.zeros(count, np.int32)
        bound = np.full(count, upper)
        self._highs.addCols(count, zero, zero, bound, 0, starts, none, np.zeros(0))
        return first

    def delete_rows(self, rows: Integers) -> None:
        """Delete rows; those below move up."""
        self._highs.deleteRows(len(rows), rows.astype(np.int32))

    def make_whole(self, columns: Integers) -> None:
        """Ask for whole numbers in columns; presolve is worth its time then."""
        kinds = np.full(len(columns), highspy.HighsVarType.kInteger)
        self._highs.changeColsIntegrality(len(columns), columns.astype(np.int32), kinds)
        self._integer = len(columns) > 0
        self.option("presolve", "on")
        self.option("solver", "choose")

    @property
    def basis(self) -> Any:  # noqa: ANN401 (HiGHS has no types)
        """Which columns and rows are basic."""
        return self._highs.getBasis()

    @basis.setter
    def basis(self, basis: Any) -> None:  # noqa: ANN401
        self._highs.setBasis(basis)

    def kept_basis(self) -> Basis | None:
        """Return the basis at hand as arrays, which outlast the model; None without one."""
        basis = self._highs.getBasis()
        if not basis.valid:
            return None
        return Basis(_states(basis.col_status), _states(basis.row_status))

    def begin_at(self, basis: Basis) -> None:
        """Begin the next solve at a basis of a model of this shape; any other is passed over."""
        if (self._highs.getNumCol(), self._highs.getNumRow()) == (
            len(basis.columns), len(basis.rows)
        ):  # fmt: skip
            given = highspy.HighsBasis()
            given.valid = True
            given.col_status = [_STATES[state] for state in basis.columns.tolist()]
            given.row_status = [_STATES[state] for state in basis.rows.tolist()]
            self._highs.setBasis(given)


def _states(states: list[Any]) -> NDArray[np.int8]:
    return np.array([int(state) for state in states], np.int8)


def _arrays(linear: Linear) -> tuple[Any, ...]:
    """Return a programme as HiGHS takes it over from arrays, without a list in between."""
    columns, matrix = len(linear.cost), linear.matrix
    whole = np.zeros(columns, bool) if linear.integer is None else linear.integer
    return (
        columns,
        len(linear.row_lower),
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        linear.offset,
        *(linear.cost, linear.lower, linear.upper, linear.row_lower, linear.row_upper),
        matrix.indptr.astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data,
        whole.astype(np.int32),
    )
