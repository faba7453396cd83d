"""Pools that are next to nothing beside the claims: shared without a level that no float holds.

A pool of 1e-300 for claims of 1e300 is shared at a level of 1e-600, although every award is a
float. Multiplying claims and pool by a power of two, or the weights, changes no digit of an award.
So the pool and the speeds at which awards rise with the level are brought near to 1, each by a
power of its own, and claims count up to the pool only where they are bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.rationing.arrays.levels import weighted_rising
from headworks.rationing.arrays.shortage import Shortage, total_of
from headworks.rationing.arrays.steps import dominguez_thomson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headworks.rationing.arrays.shortage import Floats, Rule

FAINT_EXPONENT = -900
"""Power of two, as a part of the weighted claims, below which a pool is faint."""


def even_weights(weights: Floats) -> Floats:
    """Return weights times a power of two, shape (line, path), the largest of a path below 1."""
    _, exponent = np.frexp(weights.max(axis=0))
    found: Floats = np.ldexp(weights, -exponent)
    return found


def is_faint(short: Shortage) -> NDArray[np.bool_]:
    """Say of which paths the pool is faint, shape (path,), for weights below 1."""
    heavy = np.maximum(short.total, float(len(short.claims)))
    found: NDArray[np.bool_] = (short.pool > 0) & (short.pool < heavy * 2.0**FAINT_EXPONENT)
    return found


def _shared(short: Shortage, speeds: Floats) -> Floats:
    """Return min(d, λ v) that sum to the pool, for speeds v near to 1."""
    _, exponent = np.frexp(short.pool)
    pool = np.ldexp(short.pool, -exponent)
    bounds = np.ldexp(np.minimum(short.claims, short.pool), -exponent)
    bounds = np.where(speeds > 0, bounds, 0.0)
    level = weighted_rising(bounds, pool, speeds)
    awards: Floats = np.ldexp(np.minimum(bounds, level * speeds), exponent)
    return awards


def _by_claims(short: Shortage) -> Floats:
    """Return claims times a power of two, shape (line, path), the largest of a path below 1."""
    _, exponent = np.frexp(short.claims.max(axis=0))
    found: Floats = np.ldexp(short.claims, -exponent)
    return found


def proportional(short: Shortage) -> Floats:
    """Award in proportion to claims, or to weights times claims, capped at the claim."""
    claims = _by_claims(short)
    if short.weights is None:
        return _shared(short, claims)
    _, exponent = np.frexp((claims * short.weights).max(axis=0))
    return _shared(short, np.ldexp(claims * short.weights, -exponent))


def constrained_equal_awards(short: Shortage) -> Floats:
    """Award in proportion to weights, capped at the claim."""
    weights = np.ones((1, 1)) if short.weights is None else short.weights
    speeds = np.broadcast_to(weights, short.claims.shape)
    _, exponent = np.frexp(np.where(short.claims > 0, speeds, 0.0).max(axis=0))
    return _shared(short, np.ldexp(speeds, -exponent))


def priority(short: Shortage) -> Floats:
    """Serve the class of the largest weight that claims anything, then the next."""
    if short.weights is None:
        return proportional(short)
    left, awards = short.pool.copy(), np.zeros_like(short.claims)
    weights = np.broadcast_to(short.weights, short.claims.shape)
    before = np.full_like(left, np.inf)
    for weight in np.sort(weights, axis=0)[::-1]:
        served = (weights == weight) & (weight < before)
        before = weight
        claims = np.where(served, short.claims, 0.0)
        asked = total_of(claims)
        given = np.where(asked > left, left, 0.0)
        part = proportional(Shortage(claims, given, asked))
        awards += np.where(asked > left, part, claims)
        left = np.maximum(left - asked, 0.0)
    return awards


def by_cut_claims(short: Shortage) -> Floats:
    """Return Dominguez and Thomson's awards, which claims cut to the pool do not change."""
    claims = np.minimum(short.claims, short.pool)
    return dominguez_thomson(Shortage(claims, short.pool, total_of(claims)))


FAINT: dict[str, Rule] = {
    "proportional": proportional,
    "constrained_equal_awards": constrained_equal_awards,
    "uniform": constrained_equal_awards,
    "priority": priority,
    "dominguez_thomson": by_cut_claims,
}
"""Rules that need a level, or a ratio of pool and claims; the others keep their digits."""
