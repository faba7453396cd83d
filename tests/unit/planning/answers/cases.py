"""A buyer whose gate is open or shut, worked by hand, and worlds that need no flow.

Ten H100-equivalents are wanted in each month of the first half of 2026, and go unserved for 20 a
month each. A chip does one of them, costs 30, all of it with the order, and arrives at once if the
gate is open. Orders of the first quarter are decided now; in April the gate is known.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from headworks.planning.answers.trial import Ground
from headworks.planning.problem import Goods
from tests.plans import newsvendor, outlook

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Outlook, Problem
    from headworks.planning.response.prospect import Prospect
    from headworks.planning.response.world import World

MONTHS = 6
WANTED = np.full((1, 1, MONTHS), 10.0)


def gate(slope: float, node: int, name: str) -> Outlook:
    """Return an outlook in which that share of what is ordered arrives, at once."""
    return outlook(
        1, MONTHS, name=name, probability=0.5, slope=np.full((1, 1, MONTHS), slope),
        offset=np.zeros((1, 1, MONTHS)), wanted=WANTED, node=np.array([node]),
    )  # fmt: skip


def half_year(**changed: Any) -> Problem:  # noqa: ANN401 (fields of a problem)
    """Return the buyer's problem: open or shut, equally likely.

    Ten chips in January cost 300 and save 1,200 where the gate is open. None of them, and ten in
    April where it is open, comes to 600 + 300 there. So ten in January come to (300 + 1,500) / 2 =
    900, waiting to (900 + 1,200) / 2 = 1,050; knowing which it is, to (300 + 1,200) / 2 = 750.
    """
    one = newsvendor([1.0], shortfall=20.0)
    goods = Goods(
        np.array([30.0]), np.ones(1), np.ones(1), np.zeros((1, MONTHS)), np.zeros(1), np.zeros(1),
        np.zeros((1, MONTHS)), np.full((1, MONTHS), np.inf),
    )  # fmt: skip
    none = np.zeros((0, MONTHS))
    problem = replace(
        one, months=tuple(dt.date(2026, month + 1, 1) for month in range(MONTHS)), window=3,
        dates=(3,), nodes=(0, 0), goods=goods, year=np.zeros(MONTHS, np.int64),
        discount=np.ones(MONTHS), sites=replace(one.sites, power_mw=none, build_max_mw=none),
        outlooks=(gate(1.0, 0, "open"), gate(0.0, 1, "shut")),
    )  # fmt: skip
    return replace(problem, **changed)


@dataclass(frozen=True)
class Gates:
    """A world whose gate lets so many units through on each path, and all at once."""

    most: Floats
    """Shape (path,)."""
    seed: int = 1
    scenario: Any = field(default_factory=SimpleNamespace)

    def arrivals(self, variants: list[Floats], paths: Any, *, lifted: bool = True) -> list[Floats]:  # noqa: ANN401 (indices)
        """Return what arrives of orders."""
        assert not lifted
        return [
            np.minimum(np.cumsum(one, axis=1), self.most[np.asarray(paths)]) for one in variants
        ]


def field_of(problem: Problem, most: list[float]) -> Ground:
    """Return fresh paths whose gates let so many units through; those of none are shut."""
    paths = np.arange(len(most))
    node = np.array([[0 if one > 0 else 1] for one in most])
    work = np.repeat(WANTED[..., None], len(most), axis=3)
    world = cast("World", Gates(np.array(most)))
    coming = SimpleNamespace(world=world)
    none = np.zeros((len(problem.lines), MONTHS, len(paths)))
    return Ground(problem, cast("Prospect", coming), world, paths, node, work, none)
