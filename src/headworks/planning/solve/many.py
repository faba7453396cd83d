"""Many problems, each solved by itself: side by side where that is worth starting processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

from headworks.flow.executor import JoblibExecutor, SerialExecutor, executor
from headworks.planning.solve.method import columns_about

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from headworks.flow.executor import Executor
    from headworks.planning.problem import Problem

S = TypeVar("S")

AUTO = "auto"
"""Executor that is chosen by how much there is to solve."""
WORTH_PROCESSES = 30_000
"""Columns of all problems together from which starting processes costs less than it saves."""


def solve_each(
    solve: Callable[[Problem], S], problems: Sequence[Problem], by: str | Executor = AUTO
) -> Iterator[S]:
    """Yield the solution of each problem, in order; none depends on the executor.

    Args:
        solve: Solves a problem, or tells part of its solution; what other processes can be sent,
            unless `by` is `serial`.
        problems: The problems.
        by: `auto`, `serial`, `joblib`, or an executor.

    Raises:
        UnknownName: There is no such executor.
    """
    return _engine(by, problems).map(solve, problems)


def _engine(by: str | Executor, problems: Sequence[Problem]) -> Executor:
    if by != AUTO:
        return executor(by)
    work = sum(columns_about(problem) for problem in problems)
    alone = work <= WORTH_PROCESSES or (os.cpu_count() or 1) == 1
    return SerialExecutor() if alone else JoblibExecutor()
