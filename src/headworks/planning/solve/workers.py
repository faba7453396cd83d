"""Workers: outlooks shared out over warm models, one after the other or in threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.flow.executor import JoblibExecutor, executor
from headworks.planning.solve.recourse import OutlookRows, WarmModels

if TYPE_CHECKING:
    from headworks.flow.executor import Executor
    from headworks.planning.problem import Floats, Outlook
    from headworks.planning.programme.programme import Programme
    from headworks.planning.solve.recourse import Answer

HELD_MAX = 2_000_000
"""Coefficients that all models together may hold, at some 300 bytes each."""


class Workers:
    """Outlooks in as many groups as there are workers, on models that stay warm.

    HiGHS lets other threads of Python run while it solves, so that joblib's threads keep models
    warm where its processes would not.

    Args:
        programme: The programme.
        outlooks: The outlooks, the problem's or others of the same shape.
        by: `serial`, `joblib`, or an executor.

    Raises:
        UnknownName: There is no such executor.
    """

    def __init__(
        self, programme: Programme, outlooks: tuple[Outlook, ...], by: str | Executor = "serial"
    ) -> None:
        self._executor = executor(by)
        self.rows = [OutlookRows(programme, outlook) for outlook in outlooks]
        count = min(self._executor.workers, len(outlooks))
        self._groups = [list(range(start, len(outlooks), count)) for start in range(count)]
        size = max(self.rows[0].matrix.nnz, 1)
        self._models = [WarmModels(max(HELD_MAX // size // count, 1)) for _ in self._groups]

    def answers(self, decided: Floats) -> list[Answer]:
        """Return what each outlook answers to decisions, in order."""

        def of_group(number: int) -> list[Answer]:
            models = self._models[number]
            return [models.solve(self.rows[which], decided) for which in self._groups[number]]

        numbers = range(len(self._groups))
        if isinstance(self._executor, JoblibExecutor):
            from joblib import parallel_config

            with parallel_config(backend="threading"):
                found = list(self._executor.map(of_group, numbers))
        else:
            found = list(self._executor.map(of_group, numbers))
        answers: list[Answer | None] = [None] * len(self.rows)
        for group, part in zip(self._groups, found, strict=True):
            for which, answer in zip(group, part, strict=True):
                answers[which] = answer
        return [answer for answer in answers if answer is not None]
