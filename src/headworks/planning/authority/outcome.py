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
    from headworks.planning.problem import Floats

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


def outcomes(
    case: Case,
    splits: Sequence[Floats],
    engine: Executor,
    done: Callable[[int], None] = lambda _: None,
) -> list[Outcome]:
    """Return what each split of the round becomes, all on the same luck.

    Args:
        case: The round.
        splits: Shares of the round, each of shape (applicant,).
        engine: Where to run.
        done: Told how many path-runs have been done.
    """
    base = network(case.scenario)
    nets = [network(case.awarded(shares), like=base) for shares in splits]
    tasks = [_task(case, net) for net in nets]
    blocks = [
        tasks[begin : begin + BLOCK_VARIANTS] for begin in range(0, len(tasks), BLOCK_VARIANTS)
    ]
    found: list[Outcome] = []
    for block, results in zip(blocks, engine.map(run_variants, blocks), strict=True):
        found.extend(_outcomes(case, block, results))
        done(case.paths * len(block))
    return found


def _task(case: Case, net: Network) -> Task:
    keep = page(net, [case.by], pairs(net)).of(["installed"])
    return Task(net, case.seed, 0, case.paths, (keep,))


def _outcomes(case: Case, tasks: Sequence[Task], results: Sequence[Result]) -> Iterator[Outcome]:
    companies, chips = case.scenario.companies, case.scenario.chips
    for task, result in zip(tasks, results, strict=True):
        installed = result.pages[0][0, 0]
        everyone = np.zeros((2, case.paths))
        applicants = np.zeros((2, len(case.applicants), case.paths))
        for group, units in zip(task.pages[0].groups, installed, strict=True):
            compute = units * case.per_chip.get(group.chip, 0.0)
            side = 0 if chips[group.chip].export_controlled_by else 1
            if not companies[group.company].outside:
                everyone[side] += compute
            if group.company in case.applicants:
                applicants[side, case.applicants.index(group.company)] += compute
        yield Outcome(everyone, applicants)
