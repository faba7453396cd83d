"""Rules that turn where half of the claims is met: Talmud, its reverse, Piniles, egalitarian."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.rationing.arrays.levels import above_sinking, between, rising

if TYPE_CHECKING:
    from headworks.rationing.arrays.shortage import Floats, Shortage


def talmud(short: Shortage) -> Floats:
    """Award equally up to half of each claim; beyond, let all lose equally down to that half.

    For E <= D/2: x = min(d/2, λ); else x = d - min(d/2, λ). Cost O(n log n).

    Source: Talmud, Ketubot 93a; Aumann and Maschler 1985.
    """
    half = short.claims / 2.0
    missing = short.total - short.pool
    part = np.minimum(half, rising(half, np.minimum(short.pool, missing)))
    return np.where(short.pool <= missing, part, short.claims - part)


def reverse_talmud(short: Shortage) -> Floats:
    """Let all lose equally up to half of each claim; beyond, award equally on top of that half.

    For E <= D/2: x = max(0, d/2 - λ); else x = d - max(0, d/2 - λ), which is the same as d/2 and
    constrained equal awards of the rest. Cost O(n log n).

    Source: Chun, Schummer and Thomson 2001.
    """
    missing = short.total - short.pool
    part = above_sinking(short.claims / 2.0, np.minimum(short.pool, missing))
    return np.where(short.pool <= missing, part, short.claims - part)


def piniles(short: Shortage) -> Floats:
    """Award equally up to half of each claim, and again equally up to the other half.

    For E <= D/2: x = min(d/2, λ); else x = d/2 + min(d/2, λ). Cost O(n log n).

    Source: Piniles 1861; Aumann and Maschler 1985.
    """
    half = short.claims / 2.0
    first = short.pool <= short.total - short.pool
    amount = np.where(first, short.pool, np.maximum(short.pool - short.total / 2.0, 0.0))
    part = np.minimum(half, rising(half, amount))
    return np.where(first, part, half + part)


def constrained_egalitarian(short: Shortage) -> Floats:
    """Award as equally as half of each claim allows: as a ceiling at first, then as a floor.

    For E <= D/2: x = min(d/2, λ); else x = max(d/2, min(d, λ)). Cost O(n log n).

    Source: Chun, Schummer and Thomson 2001.
    """
    half = short.claims / 2.0
    first = short.pool <= short.total - short.pool
    low = np.minimum(half, rising(half, short.pool))
    level = between(half, short.claims, np.maximum(short.pool, short.total / 2.0))
    return np.where(first, low, np.clip(level, half, short.claims))
