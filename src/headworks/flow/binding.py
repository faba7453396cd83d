"""Which gate binds: what each held back, by the same luck with that gate wide open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.counterfactual import restricts, wide_open
from headworks.flow.network import Network, network
from headworks.flow.recorder import ALL, STOCKS, page, totals
from headworks.flow.run import Result, Task, run_variants

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from headworks.flow.executor import Executor

Floats: TypeAlias = NDArray[np.float64]

ALL_GATES = "all gates"
"""Stands for the joint effect of all gates."""

COUNTERFACTUAL_PATHS_MAX = 500
"""Differences on the same luck vary far less than levels, so fewer paths tell them as well."""
BLOCK_VARIANTS = 4
"""Variants that run in one task: they share their draws, and a task is a step of the progress."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What gates held back by the last date of the table, path by path.

    The joint effect comes first. In a chain of scarce gates the single ones sum to a fraction of
    it, and one can be negative where sharing, lapsing or withdrawal interacts.
    """

    gates: tuple[str, ...]
    """`all gates`, then each gate by name."""
    units: Floats
    """Installed units held back, shape (gate, path)."""
    h100e: Floats
    """The same in H100-equivalents by total processing performance, shape (gate, path)."""

    @classmethod
    def none(cls, net: Network) -> Binding:
        """Return the result of a forecast that ran no counterfactuals."""
        gates = (ALL_GATES, *net.goods, *net.papers)
        return cls(gates, np.zeros((len(gates), 0)), np.zeros((len(gates), 0)))

    @property
    def known(self) -> bool:
        """Whether the counterfactuals were run."""
        return self.units.size > 0


def held_back(
    whole: Task, engine: Executor, per_chip: Mapping[str, float], done: Callable[[int], None]
) -> Binding:
    """Return what all gates together, and then each gate, held back.

    Args:
        whole: The task of the forecast; at most 500 of its paths are run again.
        engine: Where to run.
        per_chip: H100-equivalents of each chip.
        done: Told how many path-runs have been done.
    """
    net = whole.net
    names = (*net.goods, *net.papers)
    paths = counterfactual_paths(whole.paths)
    run_again = [name for name in names if restricts(net.scenario, name)]
    scenarios = [wide_open(net.scenario, gates) for gates in (names, *([n] for n in run_again))]
    nets = [net, *(network(scenario, like=net) for scenario in scenarios)]
    variants = list(range(len(nets)))
    parts = [
        variants[begin : begin + BLOCK_VARIANTS] for begin in range(0, len(nets), BLOCK_VARIANTS)
    ]
    blocks = [[_variant(whole, nets[n], paths) for n in numbers] for numbers in parts]
    chips = [group.chip for group in blocks[0][0].pages[0].groups]
    weights = np.array([per_chip.get(chip, 0.0) for chip in chips])[:, None]
    units = np.zeros((len(nets), paths))
    h100e = np.zeros((len(nets), paths))
    for numbers, results in zip(parts, engine.map(run_variants, blocks), strict=True):
        for number, result in zip(numbers, results, strict=True):
            installed = _installed(result)
            units[number] = installed.sum(axis=0)
            h100e[number] = (installed * weights).sum(axis=0)
            done(paths)
    gates = (ALL_GATES, *names)
    rows = [gates.index(name) for name in (ALL_GATES, *run_again)]
    held = np.zeros((2, len(gates), paths))
    held[0, rows], held[1, rows] = units[1:] - units[0], h100e[1:] - h100e[0]
    return Binding(gates, held[0], held[1])


def counterfactual_paths(paths: int) -> int:
    """Return how many paths of a forecast are run again with gates wide open."""
    return min(paths, COUNTERFACTUAL_PATHS_MAX)


def counterfactual_runs(net: Network) -> int:
    """Return how many times each of those paths is run."""
    return 2 + sum(restricts(net.scenario, name) for name in (*net.goods, *net.papers))


def _variant(whole: Task, net: Network, paths: int) -> Task:
    by_chip = [group for group in totals(net) if group.company == ALL and group.chip != ALL]
    keep = page(net, [whole.pages[0].dates[-1]], by_chip)
    return replace(
        whole, net=net, first_path=0, paths=paths, pages=(keep,),
        with_waiting=False, with_passage=False,
    )  # fmt: skip


def _installed(result: Result) -> Floats:
    """Return what is installed at the end, shape (chip, path)."""
    return np.asarray(result.pages[0][0, STOCKS.index("installed")], dtype=np.float64)
