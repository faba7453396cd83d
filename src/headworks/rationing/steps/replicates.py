"""Standard errors of awards that were sampled in several parts: from runs on other luck.

A rule that draws gives each of its answers a standard error. Where it is asked more than once, for
tranches, reserves or caps, the answers depend on each other, and their errors do not simply add up.
So the pool is shared again some times, each time with a part of the orders and other luck, and the
spread of those awards is what is looked for: the method of batch means.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from headworks.rationing.intake.parameters import SEED_MAX

if TYPE_CHECKING:
    from headworks.rationing.intake.parameters import Parameters

RUNS = 16
"""Runs on other luck; their spread is known to about a fifth of itself."""
ORDERS_MIN = 2


def runs_of(chosen: Parameters, orders: int) -> list[Parameters]:
    """Return the parameters of runs on other luck, which together draw as many orders."""
    drawn = max(ORDERS_MIN, orders // RUNS)
    return [
        replace(chosen, orders=drawn, seed=(chosen.seed + run + 1) % (SEED_MAX + 1))
        for run in range(RUNS)
    ]


def standard_errors(
    chosen: Parameters,
    orders: int,
    pool: Fraction,
    amounts: Callable[[Parameters], Sequence[Fraction]],
) -> list[float]:
    """Return the standard error of each amount when it is the mean over so many orders.

    Args:
        chosen: Parameters of the rationing.
        orders: How many orders its rule drew for each answer.
        pool: What is shared, positive.
        amounts: What a run with other parameters gives, in the pool's unit.

    Returns:
        Errors in the pool's unit; infinite where no float is so large.
    """
    runs = [[float(amount / pool) for amount in amounts(run)] for run in runs_of(chosen, orders)]
    found: list[float] = []
    for shares in zip(*runs, strict=True):
        mean = math.fsum(shares) / RUNS
        variance = math.fsum((share - mean) ** 2 for share in shares) / (RUNS - 1)
        try:
            found.append(float(Fraction(math.sqrt(variance / RUNS)) * pool))
        except OverflowError:
            found.append(math.inf)
    return found
