"""Rolling: each quarter a plan anew, as if one sampled outlook were certain.

Every path samples an outlook at the start of each quarter, among those that look like what it has
shown so far; what is best if that outlook were certain is ordered for the quarter; then the flow
goes on. It hedges against nothing, and is not bound by orders for a whole window as the plan is.

Source: the planner of "Online rack placement in large-scale data centers" (arXiv 2501.12725), which
solves anew on one sampled path.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import InputError
from headworks.flow.streams import Streams
from headworks.planning.answers.fixing import alone, month_by_month, standing
from headworks.planning.calendar import begins_quarter
from headworks.planning.solve.many import AUTO, solve_each
from headworks.planning.solve.solution import Decisions

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.flow.executor import Executor
    from headworks.planning.answers.trial import Ground
    from headworks.planning.problem import Floats, Integers, Outlook, Problem
    from headworks.planning.solve.solution import Solution


def rolling(
    ground: Ground,
    solve: Callable[[Problem], Solution],
    tell: Callable[[int, int], None] = lambda _done, _whole: None,
    executor: str | Executor = AUTO,
) -> list[Decisions]:
    """Return what is decided month by month on each path.

    Args:
        ground: The fresh paths.
        solve: Solves a problem of one outlook.
        tell: Told how many quarters are done.
        executor: On which the problems of a quarter are solved.
    """
    problem, paths = ground.problem, len(ground.paths)
    months = len(problem.months)
    order = np.zeros((len(problem.lines), months, paths))
    build = np.zeros((len(problem.sites.names), months, paths))
    begins = quarters(problem)
    for step, (month, end) in enumerate(zip(begins, (*begins[1:], months), strict=True)):
        tell(step, len(begins))
        sampled = _sampled(ground, step, month)
        total = ground.arrivals(order + problem.goods.committed[:, :, None])
        arrived = np.maximum(total - ground.held, 0.0)
        # At the start only the sample tells paths apart: one of each stands for all.
        _, first, alike = np.unique(sampled, return_index=True, return_inverse=True)
        asked, of = (first, alike) if month == 0 else (np.arange(paths), np.arange(paths))
        tasks = [
            as_known(
                problem, problem.outlooks[sampled[path]], month,
                order[..., path], build[..., path], arrived[..., path],
            )
            for path in asked
        ]  # fmt: skip
        solved = list(solve_each(partial(_decided, solve), tasks, executor))
        for path, which in enumerate(of):
            one = solved[which]
            if one is not None:
                order[:, month:end, path] = one.order[:, month:end]
                build[:, month:end, path] = one.build[:, month:end]
    none = np.zeros((0, len(problem.lines)))
    return [Decisions(order[..., path], build[..., path], none) for path in range(paths)]


def _decided(solve: Callable[[Problem], Solution], problem: Problem) -> Decisions | None:
    """Return what is best; None where nothing can be done, as where more has come than is paid."""
    try:
        return solve(problem).decisions
    except InputError:
        return None


def quarters(problem: Problem) -> tuple[int, ...]:
    """Return the months in which a plan is made anew: the first, and those that begin a quarter.

    Those from which on no order can arrive within the horizon are left out.
    """
    months = len(problem.months)
    lag = min(int(outlook.lag.min(initial=months)) for outlook in problem.outlooks)
    last = max(months - lag, 1)
    return (
        0,
        *(
            number
            for number, month in enumerate(problem.months[:last])
            if number > 0 and begins_quarter(month)
        ),
    )


def _sampled(ground: Ground, step: int, month: int) -> Integers:
    """Return the outlook that each path samples, of those in its node, shape (path,)."""
    problem = ground.problem
    chosen = tuple(int(path) for path in ground.paths)
    streams = Streams(ground.world.seed, min(chosen), len(chosen), chosen)
    drawn = streams.uniform("planning.policies.rolling", step)
    passed = int(np.searchsorted(problem.dates, month, side="right"))
    chance = np.array([outlook.probability for outlook in problem.outlooks])
    weight = np.broadcast_to(chance, (len(chosen), len(chance)))
    if passed:
        node = np.array([int(outlook.node[passed - 1]) for outlook in problem.outlooks])
        alike = ground.node[:, passed - 1, None] == node
        likely = weight * alike  # what a plan looks at beside its own scenario may weigh nothing
        weight = np.where(likely.any(axis=1, keepdims=True), likely, weight)
    reached = np.cumsum(weight, axis=1)
    found: Integers = (reached < drawn[:, None] * reached[:, -1:]).sum(axis=1).astype(np.int64)
    return found


def as_known(
    problem: Problem, outlook: Outlook, month: int, order: Floats, build: Floats, arrived: Floats
) -> Problem:  # fmt: skip
    """Return the problem as if an outlook were certain from a month on.

    What has arrived before is what it is; from then on the outlook's curves go on from there: they
    are raised, or lowered, by what more, or less, has arrived of the orders so far than they say.

    Args:
        problem: The problem of the plan.
        outlook: The outlook.
        month: Number of the month that begins.
        order: Units ordered beyond those committed, shape (line, month); none from `month` on.
        build: Power begun to be built, MW, shape (site, month), likewise.
        arrived: What has arrived by the end of each month, shape (line, month).
    """
    fixed, _ = standing(month_by_month(problem), order[:, :month], build[:, :month])
    lag = outlook.lag if outlook.ready is None else np.zeros_like(outlook.lag)
    certain = replace(outlook, node=np.zeros(0, np.int64), lag=lag)
    if month:
        slope, offset = outlook.slope.copy(), outlook.offset.copy()
        said, now = _said(outlook, order + problem.goods.committed), arrived[:, month - 1 : month]
        # Nothing that has arrived goes back, whatever curves of different months say.
        shift = now - np.minimum(said[:, month - 1 : month], said[:, month:])
        offset[..., month:] += shift
        slope[..., :month], offset[..., :month] = 0.0, arrived[:, :month]
        certain = replace(certain, slope=slope, offset=offset)
    return replace(alone(fixed, certain), served_min=0.0)


def _said(outlook: Outlook, orders: Floats) -> Floats:
    """Return what curves say to have arrived of orders by each month, shape (line, month)."""
    if outlook.ready is not None:
        counted = np.einsum("lem,le->lm", outlook.ready, orders)
    else:
        before = np.arange(orders.shape[1]) - outlook.lag[:, None]
        total = np.take_along_axis(np.cumsum(orders, axis=1), np.maximum(before, 0), axis=1)
        counted = np.where(before >= 0, total, 0.0)
    found: Floats = (outlook.offset + outlook.slope * counted).min(axis=0)
    return np.minimum(found, np.cumsum(orders, axis=1))
