"""What awards become: compute installed by the day, on every path, by running the flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from headworks.flow.network import network
from headworks.flow.recorder import page, pairs
from headworks.flow.run import Task, run_variants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from headworks.flow.executor import Executor
    from headworks.flow.network import Network
    from headworks.flow.run import Result
    from headworks.planning.authority.case import Case
    from headworks.planning.problem import Floats, Integers

Run: TypeAlias = "Callable[[Sequence[Floats]], list[Outcome]]"
"""Gives what splits of the round become in the flow."""

BLOCK_VARIANTS = 4
"""Variants that run in one task: they share their draws, and a task is a step of the progress."""


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
        self._base = network(case.scenario)
        self._held, aside = np.flatnonzero(case.held), np.flatnonzero(~case.held)
        self._alike = Outcome(
            np.zeros((2, case.paths)), np.zeros((2, len(case.applicants), case.paths))
        )
        if len(aside):
            (found,) = self._run([self._base], aside)
            self._alike.everyone[..., aside] = found.everyone
            self._alike.applicants[..., aside] = found.applicants

    def outcomes(self, splits: Sequence[Floats]) -> list[Outcome]:
        """Return what each split becomes.

        Args:
            splits: Shares of the round, each of shape (applicant,).
        """
        case = self._case
        nets = [network(case.awarded(shares), like=self._base) for shares in splits]
        return [self._joined(one) for one in self._run(nets, self._held)]

    def _joined(self, found: Outcome) -> Outcome:
        """Return an outcome on all paths from that on the paths on which the round takes place."""
        everyone, applicants = self._alike.everyone.copy(), self._alike.applicants.copy()
        everyone[..., self._held] = found.everyone
        applicants[..., self._held] = found.applicants
        return Outcome(everyone, applicants)

    def _run(self, nets: Sequence[Network], paths: Integers) -> list[Outcome]:
        """Return what becomes of some networks on some paths, shape (…, path) of those alone."""
        tasks = [_task(self._case, net, paths) for net in nets]
        blocks = [
            tasks[begin : begin + BLOCK_VARIANTS] for begin in range(0, len(tasks), BLOCK_VARIANTS)
        ]
        found: list[Outcome] = []
        for block, results in zip(blocks, self._engine.map(run_variants, blocks), strict=True):
            found.extend(_outcomes(self._case, block, results))
            self._done(len(paths) * len(block))
        return found


def _task(case: Case, net: Network, paths: Integers) -> Task:
    keep = page(net, [case.by], pairs(net)).of(["installed"])
    chosen = tuple(int(path) for path in paths)
    return Task(net, case.seed, min(chosen), len(chosen), (keep,), chosen=chosen)


def _outcomes(case: Case, tasks: Sequence[Task], results: Sequence[Result]) -> Iterator[Outcome]:
    companies, chips = case.scenario.companies, case.scenario.chips
    for task, result in zip(tasks, results, strict=True):
        installed = result.pages[0][0, 0]
        everyone = np.zeros((2, task.paths))
        applicants = np.zeros((2, len(case.applicants), task.paths))
        for group, units in zip(task.pages[0].groups, installed, strict=True):
            compute = units * case.per_chip.get(group.chip, 0.0)
            side = 0 if chips[group.chip].export_controlled_by else 1
            if not companies[group.company].outside:
                everyone[side] += compute
            if group.company in case.applicants:
                applicants[side, case.applicants.index(group.company)] += compute
        yield Outcome(everyone, applicants)
