"""Constrained equal awards and losses, and the average of the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.rationing.arrays.levels import above_sinking, rising, weighted_rising

if TYPE_CHECKING:
    from headworks.rationing.arrays.shortage import Floats, Shortage


def constrained_equal_awards(short: Shortage) -> Floats:
    """Award everybody the same, but nobody more than the claim: x = min(d, λ w), Σx = E.

    Also the uniform rule in a shortage. Cost O(n log n).

    Source: Maimonides; Aumann and Maschler 1985; weighted form: Moulin 2000; uniform rule: Sprumont
    1991.
    """
    if short.weights is None:
        return np.minimum(short.claims, rising(short.claims, short.pool))
    level = weighted_rising(short.claims, short.pool, short.weights)
    return np.minimum(short.claims, level * short.weights)


def constrained_equal_losses(short: Shortage) -> Floats:
    """Let everybody lose the same, but nobody more than the claim: x = max(0, d - λ), Σx = E.

    Cost O(n log n).

    Source: Maimonides; Aumann and Maschler 1985.
    """
    return above_sinking(short.claims, short.pool)


def average(short: Shortage) -> Floats:
    """Award the mean of constrained equal awards and constrained equal losses.

    Cost O(n log n).

    Source: Thomson 2019, "How to Divide When There Isn't Enough".
    """
    return (constrained_equal_awards(short) + constrained_equal_losses(short)) / 2.0
