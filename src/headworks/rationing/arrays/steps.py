"""Dominguez and Thomson's rule: the n-th part of each truncated claim, again and again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from headworks.rationing.arrays.shortage import Floats, Shortage

LEFT = 1e-18
"""Share of the pool that may be left when the steps end; a float does not hold it."""


def dominguez_thomson(short: Shortage) -> Floats:
    """Award everybody min(d, E) / n, lower claims and pool by it, and begin again.

    Each step leaves at most 1 - 1/n of the pool. After k steps a claim that has never been cut to
    the pool is d q^k with q = 1 - 1/n, and one that was cut stays cut; with e the pool divided by
    q^k a step is e ← (n e - Σ min(d, e)) / (n - 1). While the same c claims are cut that is
    e ← r e - g U with U the sum of the others, so 2^b steps at once are of that form too, and from
    one cut to the next their number is found bit by bit, up to the number that leaves `LEFT`.
    Cost O(n log n), and nothing is left to converge.

    Source: Dominguez and Thomson 2006.
    """
    lines = len(short.claims)
    if lines == 1:
        return short.pool[None, :].copy()
    order = np.argsort(short.claims, axis=0)[::-1]
    # By a power of two, which changes no digit, so that nothing overflows on the way.
    _, exponent = np.frexp(short.total)
    claims = np.ldexp(np.take_along_axis(short.claims, order, axis=0), -exponent)
    pool = np.ldexp(short.pool, -exponent)
    uncut = np.cumsum(claims[::-1], axis=0)[::-1]
    open_share, estate, each = np.ones_like(pool), pool, np.zeros_like(pool)
    own, joined = np.empty_like(claims), np.empty_like(claims)
    for cut in range(lines):
        now, left = _advance(lines, cut, estate, claims[cut], uncut[cut])
        now *= open_share
        if cut:
            # What the pool has lost and the others have not got went to those who are cut, equally.
            gone = open_share * estate - now * left - (open_share - now) * uncut[cut]
            each = each + np.maximum(gone, 0.0) / cut
        open_share, estate = now, left
        own[cut] = claims[cut] * (1.0 - open_share)
        joined[cut] = each
    each = each + open_share * estate / lines
    awards = np.empty_like(claims)
    np.put_along_axis(awards, order, np.ldexp(own + (each - joined), exponent), axis=0)
    return awards


def _advance(
    lines: int, cut: int, estate: Floats, claim: Floats, others: Floats
) -> tuple[Floats, Floats]:
    """Take steps with the same claims cut, until the estate is no larger than the next claim.

    Args:
        lines: Number of claims n.
        cut: Number c of claims that are cut.
        estate: The pool divided by q^k, shape (path,).
        claim: The largest claim that is not cut, shape (path,).
        others: Sum of the claims that are not cut, shape (path,).

    Returns:
        q to the power of the steps taken, and the estate after them; shape (path,).
    """
    bits = math.ceil(math.log2(math.log(LEFT) / math.log1p(-1.0 / lines)))
    r, g, q = (lines - cut) / (lines - 1), 1.0 / (lines - 1), 1.0 - 1.0 / lines
    jumps = [(r, g, q)]
    for _ in range(bits):
        r, g, q = r * r, g * (1.0 + r), q * q
        jumps.append((r, g, q))
    power = np.ones_like(estate)
    # All the steps after which the estate is still larger, and then one more.
    for r, g, q in reversed(jumps):
        after = r * estate - g * others
        larger = after > claim
        estate = np.where(larger, after, estate)
        power = np.where(larger, power * q, power)
    r, g, q = jumps[0]
    larger = estate > claim
    power = np.where(larger, power * q, power)
    return power, np.where(larger, np.maximum(r * estate - g * others, 0.0), estate)
