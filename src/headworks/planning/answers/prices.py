"""Prices in words: what a block more of each limit would be worth to the plan.

The prices of a programme's rows would tell what a small change is worth, but not to which side:
where a line orders nothing, its lead time and its response bind together, and any split of the
price between them is right. Solved outlook by outlook, they also hold for the decisions at hand
alone. So each limit is solved again with a block more, begun from the plan, and what the objective
falls is divided by the block.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from headworks.planning.answers.limits import BY_ID, MILLION, limits
from headworks.planning.solve.many import AUTO, solve_each

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from headworks.flow.executor import Executor
    from headworks.planning.answers.limits import Limit
    from headworks.planning.problem import Floats, Problem
    from headworks.planning.solve.solution import Solution

    Solve = Callable[..., Solution]

GAP = 1e-4
"""Gap to which problems are solved whose objectives are compared."""
DUST = 1e-8
"""Differences below this share of the objective are a solver's tolerance."""
TOLD = 0.5
"""Share of the most that a block can be worth from which on its estimate says something."""


@dataclass(frozen=True, slots=True)
class WorthOfMore:
    """What a block more of one limit is worth."""

    constraint: str
    """Kind of limit: `licence`, `power`, `budget`, `pairing`, `cap` or `pool`."""
    where: str
    """Line, site, company, condition or pool."""
    when: str
    """Month or year from which it is there."""
    unit: str
    block: float
    """How much more it is, in the unit."""
    value: float
    """How much the objective falls for each unit of the block, in the objective's unit."""
    value_most: float
    """What it cannot be worth more than, by what both solutions prove, likewise."""
    sentence: str

    @property
    def is_told(self) -> bool:
        """Whether the value says more than that it is below the most."""
        return self.value >= TOLD * self.value_most


def worth_of_more(
    problem: Problem,
    solution: Solution,
    sizes: Floats,
    solve: Solve,
    tell: Callable[[int, int], None] = lambda _done, _whole: None,
    executor: str | Executor = AUTO,
    called: Mapping[str, str] = BY_ID,
) -> list[WorthOfMore]:
    """Return what a block more of each limit is worth, the dearest of each kind first.

    Limits of which more is worth nothing are left out. Orders count as divisible, whether or not
    the plan's are whole lots.

    Args:
        problem: The problem of the plan.
        solution: Its solution, which all begin from.
        sizes: What of each line might be ordered in all, units, shape (line,).
        solve: Solves a problem; takes `start`, `integers` and `gap` by name.
        tell: Told how many limits are done.
        executor: On which the problems with more are solved.
        called: Companies and chips as people read them, by id; one that is not there by its id.
    """
    found: list[WorthOfMore] = []
    everything = list(limits(problem, sizes, called))
    base = solve(problem, start=solution, integers=False, gap=GAP)
    again = partial(solve, start=base, integers=False, gap=GAP)
    solved = solve_each(again, [limit.more for limit in everything], executor)
    for done, (limit, more) in enumerate(zip(everything, solved, strict=True)):
        tell(done + 1, len(everything))
        gain, most = max(base.objective - more.objective, 0.0), base.objective - more.bound
        if most > DUST * abs(base.objective):
            found.append(_worth(problem, limit, gain / limit.block, most / limit.block))
    kinds = list(dict.fromkeys(one.constraint for one in found))
    return sorted(found, key=lambda one: (kinds.index(one.constraint), -one.value))


def _worth(problem: Problem, limit: Limit, value: float, most: float) -> WorthOfMore:
    told = value >= TOLD * most
    amount = _amount(value if told else most, money=problem.objective == "cost")
    verb = "saves" if limit.kind == "pairing" else "is worth" if limit.block == 1 else "are worth"
    each = "" if limit.block == 1 else " a million" if limit.kind == "budget" else " each"
    sentence = f"{limit.subject} {verb} {'' if told else 'less than '}{amount}{each}."
    return WorthOfMore(
        limit.kind, limit.where, limit.when, limit.unit, limit.block, value, most, sentence
    )


def _amount(value: float, *, money: bool) -> str:
    if not money:
        return f"{value:,.3g} H100-equivalent months of work"
    return f"{value / MILLION:,.2f} million USD" if value >= MILLION else f"{value:,.0f} USD"
