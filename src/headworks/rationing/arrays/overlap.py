"""Minimal overlap: each unit of the pool is shared by those who claim that very unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from headworks.rationing.arrays.shortage import Floats, Shortage


def minimal_overlap(short: Shortage) -> Floats:
    """Lay claims over the pool with the least overlap; share each unit among those who claim it.

    For E <= max d claims are laid one over the other from the first unit on: the i-th smallest
    gets Σ_{k<=i} (t_k - t_{k-1}) / (n - k + 1) with t = min(d, E). Otherwise there is an s with
    s + Σ max(0, d - s) = E: beyond s nobody overlaps, and up to s it is as before with E = s.
    Cost O(n log n).

    Source: Ibn Ezra; O'Neill 1982.
    """
    order = np.argsort(short.claims, axis=0)
    ascending = np.take_along_axis(short.claims, order, axis=0)
    whole = short.pool <= ascending[-1]
    limit = np.where(whole, short.pool, _overlapping(ascending, short.pool))
    shared = np.zeros_like(ascending)
    running, before = np.zeros_like(limit), np.zeros_like(limit)
    for claimants, row, award in zip(range(len(order), 0, -1), ascending, shared, strict=True):
        laid = np.minimum(row, limit)
        running += (laid - before) / claimants
        award[:] = running
        before = laid
    alone = np.where(whole, 0.0, np.maximum(short.claims - limit, 0.0))
    awards = np.empty_like(shared)
    np.put_along_axis(awards, order, shared, axis=0)
    return awards + alone


def _overlapping(ascending: Floats, pool: Floats) -> Floats:
    """Return s with s + Σ max(0, d - s) = E, shape (path,), where E is above the largest claim.

    With the k largest above s it is (Σ their d - E) / (k - 1); the largest of these is it.
    """
    found = np.zeros_like(pool)
    total = ascending[-1].copy()
    for others, row in enumerate(ascending[-2::-1], start=1):
        total += row
        np.maximum(found, (total - pool) / others, out=found)
    return found
