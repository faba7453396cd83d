"""What awards become: compute installed by the day, on every path, by running the flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from headworks.flow.network import network
from headworks.flow.recorder import page, pairs
from headworks.flow.run import Task, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from headworks.flow.executor import Executor
    from headworks.flow.network import Network
    from headworks.flow.run import Result
    from headworks.planning.authority.case import Case
    from headworks.planning.problem import Floats, Integers

Run: TypeAlias = "Callable[[Sequence[Floats]], list[Outcome]]"
"""Gives what splits of the round become in the flow."""

BLOCK_PATHS = 1000
"""Paths, splits times histories, that run in one task, which is a step of the progress."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Compute installed by the day under some awards; all in the case's measure, shape (…, path).

    Imported is what a foreign export control reaches, domestic the rest.
    """

    everyone: Floats
    """What all companies of the story have, shape (side, path): imported, domestic."""
    applicants: Floats
    """What each applicant has, shape (side, applicant, path)."""

    @property
    def compute(self) -> Floats:
        """Compute of all companies of the story, shape (path,)."""
        result: Floats = self.everyone.sum(axis=0)
        return result

    def books(self, share_of: str) -> Floats:
        """Return imported and domestic compute of those whose share counts, (side, book, path).

        Args:
            share_of: `all`: everyone together is one book; `applicants`: they together are;
                `each`: each applicant is one.
        """
        if share_of == "all":
            return self.everyone[:, None]
        if share_of == "applicants":
            together: Floats = self.applicants.sum(axis=1)
            return together[:, None]
        return self.applicants


class Flow:
    """What splits of a round become in the flow, all on the same luck.

    Where the round does not take place by the day no award is made, so that every split becomes the
    same there: those paths are run once for all.

    Args:
        case: The round.
        engine: Where to run.
        done: Told how many path-runs have been done.
    """

    def __init__(
        self, case: Case, engine: Executor, done: Callable[[int], None] = lambda _: None
    ) -> None:
        self._case, self._engine, self._done = case, engine, done
        self._net = network(case.scenario)
        self._held, aside = np.flatnonzero(case.held), np.flatnonzero(~case.held)
        self._alike = Outcome(
            np.zeros((2, case.paths)), np.zeros((2, len(case.applicants), case.paths))
        )
        if len(aside):
            task = _task(case, self._net, aside)
            (found,) = _outcomes(case, task, run(task))
            self._done(len(aside))
            self._alike.everyone[..., aside] = found.everyone
            self._alike.applicants[..., aside] = found.applicants

    def outcomes(self, splits: Sequence[Floats]) -> list[Outcome]:
        """Return what each split becomes.

        Args:
            splits: Shares of the round, each of shape (applicant,).
        """
        blocks = self._blocks(splits)
        tasks = [_task(self._case, self._net, self._held, block) for block in blocks]
        found: list[Outcome] = []
        for task, result in zip(tasks, self._engine.map(run, tasks), strict=True):
            found.extend(map(self._joined, _outcomes(self._case, task, result)))
            self._done(task.paths)
        return found

    def _blocks(self, splits: Sequence[Floats]) -> list[Sequence[Floats]]:
        """Return the splits of each task."""
        size = max(BLOCK_PATHS // max(len(self._held), 1), 1)
        return [splits[begin : begin + size] for begin in range(0, len(splits), size)]

    def _joined(self, found: Outcome) -> Outcome:
        """Return an outcome on all paths from that on the paths on which the round takes place."""
        everyone, applicants = self._alike.everyone.copy(), self._alike.applicants.copy()
        everyone[..., self._held] = found.everyone
        applicants[..., self._held] = found.applicants
        return Outcome(everyone, applicants)


def _task(
    case: Case, net: Network, paths: Integers, splits: Sequence[Floats] | None = None
) -> Task:  # fmt: skip
    """Return the run of some paths under each of some splits, or under the scenario's own.

    Splits lie side by side as paths of the same luck: a run of many paths costs little more than
    one of few.
    """
    keep = page(net, [case.by], pairs(net)).of(["installed"])
    chosen = tuple(int(path) for path in paths)
    awards = None if splits is None else case.awards(splits, len(chosen))
    chosen *= 1 if splits is None else len(splits)
    return Task(
        net, case.seed, min(chosen), len(chosen), (keep,), chosen=chosen, awards=awards
    )  # fmt: skip


def _outcomes(case: Case, task: Task, result: Result) -> list[Outcome]:
    """Return the outcome of each split that was run side by side with others."""
    companies, chips = case.scenario.companies, case.scenario.chips
    installed = result.pages[0][0, 0]
    everyone = np.zeros((2, installed.shape[-1]))
    applicants = np.zeros((2, len(case.applicants), installed.shape[-1]))
    for group, units in zip(task.pages[0].groups, installed, strict=True):
        compute = units * case.per_chip.get(group.chip, 0.0)
        side = 0 if chips[group.chip].export_controlled_by else 1
        if not companies[group.company].outside:
            everyone[side] += compute
        if group.company in case.applicants:
            applicants[side, case.applicants.index(group.company)] += compute
    splits = task.paths // len(set(task.chosen or ()))
    parts = zip(np.split(everyone, splits, -1), np.split(applicants, splits, -1), strict=True)
    return [Outcome(*part) for part in parts]
