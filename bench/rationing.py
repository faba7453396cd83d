"""Rationing: the rule over arrays beside the exact one in a loop and beside one sort."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial

import numpy as np

from bench.figures import Figure
from headworks.rationing.comparison import compare_rules
from headworks.rationing.incentives.inflation import inflation
from headworks.rationing.intake.claimant import by_column, claimants
from headworks.rationing.ration import ration
from headworks.rationing.rule import rule
from headworks.rationing.shares import share

PATHS, LINES = 10_000, 25
EXACT_PATHS = 200
"""Paths that the exact rule is called for; its time is counted per path."""
ARRIVALS = {25: 1.0, 40: 30.0}
"""Claimants of random arrival, with the seconds that it may take."""
MANY, SOME = 10_000, 25
"""Claimants of a comparison of all rules, and of the search for what rules invite."""


def rationing_figures(repeat: int) -> list[Figure]:
    """Time equal awards over arrays in turn with both baselines, and what takes seconds alone."""
    rng = np.random.default_rng(1)
    # The engine keeps lines first, so that a path's claims are a column.
    claims = rng.integers(1, 100_000, (LINES, PATHS)).astype(np.float64).T
    rows = np.ascontiguousarray(claims)
    pools = claims.sum(axis=1) * rng.uniform(0.1, 0.9, PATHS)
    by_sort, by_loop = [], []
    for _ in range(repeat):
        # In whichever layout NumPy sorts faster.
        sort = min(_seconds(partial(np.sort, each, axis=1)) for each in (claims, rows))
        arrays = _seconds(lambda: share("constrained_equal_awards", claims, pools))
        loop = _seconds(lambda: _loop(claims, pools)) * PATHS / EXACT_PATHS
        by_sort.append(arrays / sort)
        by_loop.append(loop / arrays)
    figures = [
        Figure(
            "exact equal awards in a loop / over arrays", tuple(by_loop), "x", 100.0, at_least=True
        ),
        Figure("equal awards over arrays / one sort of the claims", tuple(by_sort), "x", 8.0),
    ]
    for number, limit in ARRIVALS.items():
        asked = [Fraction(int(claim)) for claim in rng.integers(10**5, 10**6, number)]
        times = tuple(_seconds(partial(_arrival, asked)) for _ in range(repeat))
        figures.append(Figure(f"exact random arrival of {number}", times, "s", limit))
    compared, invited = _seconds(partial(_compare, rng)), _seconds(partial(_invite, rng))
    figures.append(Figure(f"all rules side by side for {MANY:,} claimants", (compared,), "s", 30.0))
    figures.append(Figure(f"what all rules invite {SOME} claimants to do", (invited,), "s", 20.0))
    return figures


def _loop(claims: np.ndarray, pools: np.ndarray) -> None:
    divide = rule("constrained_equal_awards").divide
    for row, pool in zip(claims[:EXACT_PATHS], pools[:EXACT_PATHS], strict=True):
        divide(Fraction(int(pool)), [Fraction(int(claim)) for claim in row])


def _arrival(claims: list[Fraction]) -> None:
    rule("random_arrival").divide(sum(claims, Fraction(0)) * 2 / 5, claims)


def _compare(rng: np.random.Generator) -> None:
    claims = {f"c{n}": int(claim) for n, claim in enumerate(rng.integers(10**5, 10**9, MANY))}
    compare_rules(ration(claims, 10**12))


def _invite(rng: np.random.Generator) -> None:
    needs = {f"c{n}": int(need) for n, need in enumerate(rng.integers(10**4, 3 * 10**5, SOME))}
    inflation(Fraction(sum(needs.values()), 2), claimants(by_column(needs, {})))


def _seconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin
