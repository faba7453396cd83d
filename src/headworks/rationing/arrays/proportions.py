"""Rules that share in proportion: to claims, to what is left of them, or class after class."""

from __future__ import annotations

import numpy as np

from headworks.rationing.arrays.levels import weighted_rising
from headworks.rationing.arrays.shortage import Floats, Shortage, share_of, total_of


def proportional(short: Shortage) -> Floats:
    """Award in proportion to claims: x = E d / Σd; with weights, in proportion to w d, capped at d.

    Cost O(n) without weights, O(n log n) with.

    Source: O'Neill 1982; Thomson 2019, "How to Divide When There Isn't Enough", chapter 2.
    """
    if short.weights is None:
        return short.claims * share_of(short.pool, short.total)
    weights = short.weights * short.claims
    level = weighted_rising(short.claims, short.pool, weights)
    return np.minimum(short.claims, level * weights)


def adjusted_proportional(short: Shortage) -> Floats:
    """Award what nobody else could claim, then the rest in proportion to what is left to claim.

    m = max(0, E - Σ other d); x = m + PRO(E - Σm, min(E - Σm, d - m)). Cost O(n).

    Source: Curiel, Maschler and Tijs 1987.
    """
    # Nothing changes where claims are cut to the pool first, and small pools keep their digits.
    claims = np.minimum(short.claims, short.pool)
    rights = np.maximum(short.pool - (total_of(claims) - claims), 0.0)
    rest = np.maximum(short.pool - total_of(rights), 0.0)
    left = np.minimum(np.maximum(claims - rights, 0.0), rest)
    awards: Floats = rights + left * share_of(rest, total_of(left))
    return awards


def priority(short: Shortage) -> Floats:
    """Serve lines in descending order of weight; those of equal weight in proportion to claims.

    It is what weighted proportional awards tend to where each weight is raised to an ever higher
    power. Without weights all lines are of one class. Cost O(n c) for c classes.

    Source: Moulin 2000.
    """
    if short.weights is None:
        return proportional(short)
    left = short.pool.copy()
    awards = np.zeros_like(short.claims)
    ordered = np.sort(short.weights, axis=0)[::-1]
    before = np.full_like(ordered[0], np.inf)
    for weight in ordered:
        served = (short.weights == weight) & (weight < before)
        before = weight
        if served.any():
            asked = total_of(np.where(served, short.claims, 0.0))
            awards = np.where(served, short.claims * share_of(left, asked), awards)
            left = np.maximum(left - asked, 0.0)
    return awards
