"""Random arrival by drawing some orders: where claimants are too many to count all groups."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.errors import Fault, InputError
from headworks.rationing.rules.division import Division

Numbers: TypeAlias = NDArray[Any]
"""Whole numbers, of 64 bits where they fit and else of any width."""

ARRIVALS = 20_000_000
"""Arrivals drawn in all, where the orders are not given."""
ARRIVALS_MAX = 2_000_000_000
"""Arrivals that may be asked for: some minutes."""
ORDERS_MIN, ORDERS_MAX = 1_000, 100_000
SEED_MAX = 2**128 - 1
"""The largest key of Philox."""
BLOCK = 1 << 20
"""Arrivals drawn at a time; bounds the memory."""
NARROW = 62
"""Bits that a sum may have to be kept in 64."""
WORD = 31
"""Bits of each part of a sum over many orders."""


@dataclass(frozen=True, slots=True)
class Sampled(Division):
    """Awards that are means over some orders of arrival, and not over all."""

    standard_errors: tuple[float, ...] = ()
    """Of each award, in the pool's unit; infinite where no float is so large."""
    orders: int = 0
    """How many orders were drawn."""
    seed: int = 0
    """What they were drawn from: the same seed draws the same orders on every machine."""


def sampled(
    pool: Fraction, claims: Sequence[Fraction], *, orders: int | None = None, seed: int = 0
) -> Sampled:
    """Award the mean of min(d, what is left) over some orders of arrival.

    Awards sum to the pool exactly, since they do in every order. Equal claims share what they get
    together, so that they are treated alike. Cost O(n orders log n).

    Args:
        pool: E, what there is to share, less than the sum of the claims.
        claims: What each claims.
        orders: How many orders, at least 2; None draws as many as take some seconds.
        seed: Key of Philox, from 0 to `SEED_MAX`. An order is that of n raw numbers of its stream.

    Raises:
        InputError: There are too few orders or too many, or the seed is too large.
    """
    _check(orders, seed, len(claims))
    drawn = orders or min(max(ARRIVALS // len(claims), ORDERS_MIN), ORDERS_MAX)
    scale = math.lcm(pool.denominator, *(d.denominator for d in claims))
    numbers = [int(d * scale) for d in claims]
    ranked = sorted(range(len(claims)), key=numbers.__getitem__)
    starts = [n for n, i in enumerate(ranked) if not n or numbers[i] != numbers[ranked[n - 1]]]
    sizes = np.diff([*starts, len(ranked)])
    wide = sum(numbers).bit_length() > NARROW
    ordered = np.array([numbers[n] for n in ranked], object if wide else np.int64)
    whole = int(pool * scale)
    totals = [0] * len(starts)
    once, squared = np.zeros(len(starts)), np.zeros(len(starts))
    for awards in _awards(whole, ordered, drawn, seed):
        of_equals = np.add.reduceat(awards, starts, axis=1)
        totals = [a + b for a, b in zip(totals, _sums(of_equals), strict=True)]
        shares = (of_equals / max(whole, 1)).astype(np.float64) / sizes
        once += shares.sum(axis=0)
        squared += (shares**2).sum(axis=0)
    variance = np.maximum(squared - once**2 / drawn, 0.0) / (drawn - 1)
    errors = np.sqrt(variance / drawn)
    found = [Fraction(0)] * len(claims)
    spread = [0.0] * len(claims)
    group = np.repeat(np.arange(len(starts)), sizes).tolist()
    for n, g in zip(ranked, group, strict=True):
        found[n] = Fraction(totals[g], drawn * int(sizes[g]) * scale)
        spread[n] = _times(float(errors[g]), pool)
    return Sampled(tuple(found), standard_errors=tuple(spread), orders=drawn, seed=seed)


def _check(orders: int | None, seed: int, claimants: int) -> None:
    """Raise if there is nothing to draw, or no end of it."""
    faults: list[Fault] = []
    most = ARRIVALS_MAX // claimants
    if orders is not None and orders < 2:  # noqa: PLR2004 - a standard error needs two
        message = f"{orders} orders of arrival give no standard error"
        faults.append(Fault("orders", 0, "", message, "draw at least 2, better 1,000"))
    if orders is not None and orders > most:
        message = f"{orders:,} orders of {claimants:,} claimants would take more than minutes"
        faults.append(Fault("orders", 0, "", message, f"draw at most {most:,}"))
    if not 0 <= seed <= SEED_MAX:
        message = f"the seed {seed} is not from 0 to 2^128 - 1"
        faults.append(Fault("seed", 0, "", message, "give a smaller whole number"))
    if faults:
        raise InputError(faults)


def _times(share: float, pool: Fraction) -> float:
    """Return a share of the pool; infinite where no float is so large."""
    try:
        return float(Fraction(share) * pool)
    except OverflowError:
        return math.inf


def _awards(pool: int, claims: Numbers, orders: int, seed: int) -> Iterator[Numbers]:
    """Yield awards of shape (order, claimant), in blocks; the size of a block changes nothing."""
    stream = np.random.Philox(key=seed)
    rows = max(1, BLOCK // len(claims))
    for start in range(0, orders, rows):
        raw = stream.random_raw(len(claims) * min(rows, orders - start))
        order = np.argsort(raw.reshape(-1, len(claims)), axis=1, kind="stable")
        arriving = claims[order]
        before = np.cumsum(arriving, axis=1) - arriving
        awards = np.empty_like(arriving)
        given = np.minimum(arriving, np.maximum(pool - before, 0))
        np.put_along_axis(awards, order, given, axis=1)
        yield awards


def _sums(numbers: Numbers) -> list[int]:
    """Return the sum of each column, which 64 bits need not hold."""
    if numbers.dtype == object:
        return [int(total) for total in numbers.sum(axis=0)]
    low = numbers & (1 << WORD) - 1
    both = zip((numbers >> WORD).sum(axis=0).tolist(), low.sum(axis=0).tolist(), strict=True)
    return [(high << WORD) + rest for high, rest in both]
