"""The level at which a pool is spent, for many paths at once.

What a level spends is piecewise linear in it. Where it is the least of the lines that it is made of
(or the largest), the level that spends a given amount is the largest (or the least) of the levels
of those lines, which needs sorted claims and one pass over them, and no search.
"""

from __future__ import annotations

import numpy as np

from headworks.rationing.arrays.shortage import Floats, total_of


def rising(capacities: Floats, amount: Floats) -> Floats:
    """Return λ with Σ min(capacity, λ) = amount, shape (path,).

    With the k smallest full, λ = (amount - Σ their capacity) / (n - k); the largest of these is it.
    Cost O(n log n).
    """
    ascending = np.sort(capacities, axis=0)
    left = amount.copy()
    level = left / len(ascending)
    others = range(len(ascending) - 1, 0, -1)
    for rest, row in zip(others, ascending[:-1], strict=True):
        left -= row
        np.maximum(level, left / rest, out=level)
    return level


def weighted_rising(capacities: Floats, amount: Floats, weights: Floats) -> Floats:
    """Return λ with Σ min(capacity, λ w) = amount, shape (path,).

    As `rising`, in ascending order of capacity / w, with the weights of those that are not yet full
    in place of their number. A line without capacity may have no weight. Cost O(n log n).
    """
    weights = np.broadcast_to(weights, capacities.shape)
    with np.errstate(over="ignore"):  # who rises so slowly is never full
        full = np.divide(capacities, weights, out=np.zeros_like(capacities), where=weights > 0)
    order = np.argsort(full, axis=0)
    capacities = np.take_along_axis(capacities, order, axis=0)
    # Summed from the end: taking away from the sum of all would lose the light ones.
    rest = np.take_along_axis(weights, order, axis=0)
    for n in range(len(rest) - 2, -1, -1):
        rest[n] += rest[n + 1]
    left = amount.copy()
    level = np.zeros_like(left)
    with np.errstate(over="ignore"):  # what is below nothing by so much is not the largest
        for weight, capacity in zip(rest, capacities, strict=True):
            candidate = np.divide(left, weight, out=np.zeros_like(left), where=weight > 0)
            np.maximum(level, candidate, out=level)
            left -= capacity
    return level


def above_sinking(claims: Floats, amount: Floats) -> Floats:
    """Return max(0, d - λ) with λ such that they sum to an amount, shape (line, path).

    Measured from the largest claim downwards, so that a small amount keeps its digits beside large
    claims: at a depth μ below it a claim with gap g has max(0, μ - g). With the k largest served,
    μ = (amount + Σ their gaps) / k; the least of these is it. Cost O(n log n).
    """
    ascending = np.sort(claims, axis=0)
    top = ascending[-1]
    filled = amount.copy()
    depth = amount.copy()
    for served, row in enumerate(ascending[-2::-1], start=2):
        filled += top - row
        np.minimum(depth, filled / served, out=depth)
    awards: Floats = np.maximum(depth - (top - claims), 0.0)
    return awards


def between(low: Floats, high: Floats, amount: Floats) -> Floats:
    """Return λ with Σ min(high, max(low, λ)) = amount, shape (path,), for Σ low <= amount.

    The last of the sorted bounds whose level does not spend more is found by bisection, with the
    same number of steps on every path; from there on the lines that still rise take the rest
    equally. Cost O(n log n).
    """
    points = np.sort(np.concatenate([low, high]), axis=0)
    columns = np.arange(points.shape[1])
    found = np.zeros_like(columns)
    for step in reversed(range((len(points) - 1).bit_length())):
        tried = np.minimum(found + (1 << step), len(points) - 1)
        spent = total_of(np.clip(points[tried, columns], low, high))
        found = np.where(spent <= amount, tried, found)
    level = points[found, columns]
    rises = (low <= level) & (level < high)
    spent = total_of(np.where(rises, 0.0, np.clip(level, low, high)))
    count = rises.sum(axis=0)
    return np.where(count > 0, (amount - spent) / np.maximum(count, 1), level)
