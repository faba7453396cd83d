"""Counting subsets: how many groups of claimants, of each size, can be served in full."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Counts: TypeAlias = list[list[tuple[int, int]]]
"""For each claimant, and each size of a group with the claimant in it, from 0: how many such groups
have claims that sum to at most the bound, and the sum of these sums."""

HALVES_CLAIMANTS_MAX = 46
"""Claimants up to which the groups of a half fit into memory."""
ROWS = 1 << 14
"""Groups of one half that are met with the other half at a time; bounds the memory."""
DIGIT = 26
"""Bits of a digit of a sum. Both halves have at most 23 claimants, so 2^20.4 groups of one size;
the digits of `ROWS` times as many pairs of groups add up to less than 2^62."""
NARROW = 61
"""Bits up to which sums are compared as they are; wider ones are compared by rank."""


def by_sum(claims: Sequence[int], bound: int) -> Counts:
    """Count groups by size and sum, all sums at once.

    Row k holds the groups of k claimants as one whole number: the field number s, of `width` bits,
    holds how many of them sum to s. A further claimant of claim c adds row k - 1, shifted by c
    fields, to row k; taking one out is the same backwards. With M = 2^width - 1, fields worth N(s)
    leave the remainder ΣN(s) + M Σ s N(s) when divided by M², so that one division reads both.

    Cost O(n (n + distinct claims) × bound) bits × width.

    Args:
        claims: Positive whole numbers.
        bound: The largest sum that counts, not negative.
    """
    width = len(claims) + bound.bit_length() + 1
    inside = (1 << (bound + 1) * width) - 1
    rows = [1] + [0] * len(claims)
    for n, claim in enumerate(claims):
        for k in range(n, -1, -1):
            if rows[k]:
                rows[k + 1] += rows[k] << claim * width & inside
    unit = (1 << width) - 1
    found: dict[int, list[tuple[int, int]]] = {}
    for claim in set(claims):
        counts, without = [(0, 0)], 1
        for row in rows[1:]:
            with_it = without << claim * width & inside
            total, groups = divmod(with_it % unit**2, unit)
            counts.append((groups, total))
            without = row - with_it
        found[claim] = counts
    return [found[claim] for claim in claims]


def by_sum_cost(claims: Sequence[int], bound: int) -> float:
    """Return how many bytes `by_sum` moves, about a billion a second; infinite if too many."""
    if bound.bit_length() > NARROW:
        return math.inf  # no float need be so large
    width = len(claims) + bound.bit_length() + 1
    rounds = len(claims) / 2 + 2 * len(set(claims))
    return len(claims) * rounds * (bound + 1) * width / 8


def by_halves_cost(claims: Sequence[int]) -> float:
    """Return how many bytes `by_halves` moves, about a billion a second; infinite if too many."""
    if len(claims) > HALVES_CLAIMANTS_MAX:
        return math.inf
    half = -(-len(claims) // 2)
    columns = 1 + _digit_count(claims)
    return 32.0 * (1 << half) * (half + 1) * columns


def by_halves(claims: Sequence[int], bound: int) -> Counts:
    """Count groups by meeting in the middle: each group of one half with all groups of the other.

    The groups of a half are sorted by size, then by sum. For each group of one half and each size
    in the other, the groups that still fit beside it are the first so many, found by bisection, and
    their sums are a difference of cumulated ones. What is counted is added up per member by
    multiplying with the matrix of members.

    Sums of any width are exact: they are kept in digits of `DIGIT` bits, and compared by rank where
    one word is too narrow. Cost O(2^(n/2) n log n), times the digits.

    Args:
        claims: Positive whole numbers, at most `HALVES_CLAIMANTS_MAX`.
        bound: The largest sum that counts, not negative.
    """
    bound = min(bound, sum(claims))
    middle = len(claims) // 2
    digits = _digit_count(claims)
    left, right = (_digits_of_sums(part, digits) for part in (claims[:middle], claims[middle:]))
    keys = _keys(left, right, _in_digits(bound, digits), sum(claims))
    one, other = (_Half.sorted(part, key) for part, key in zip((left, right), keys, strict=True))
    return [*_met(one, other), *_met(other, one)]


@dataclass(frozen=True, slots=True)
class _Half:
    """All groups of half of the claimants, by size and then by sum."""

    claimants: int
    key: Ints
    """Groups of two halves fit together where their keys sum to at most 0."""
    members: Ints
    """Bit n says whether claimant n is in the group."""
    digits: Ints
    """Sum of the group, shape (digit, group), the lowest digit first."""
    cumulated: Ints
    """Sums of all groups before, shape (digit, group + 1)."""
    starts: list[int]
    """Where the groups of each size start, and the end."""

    @classmethod
    def sorted(cls, digits: Ints, key: Ints) -> _Half:
        """Return the groups in order, of sums and keys in the order of members."""
        claimants = len(key).bit_length() - 1
        members = np.arange(len(key), dtype=np.int64)
        sizes = np.bitwise_count(members)
        order = np.lexsort((key, sizes))
        digits = digits[:, order]
        cumulated = np.zeros((len(digits), len(key) + 1), np.int64)
        np.cumsum(digits, axis=1, out=cumulated[:, 1:])
        starts = np.searchsorted(sizes[order], np.arange(claimants + 2)).tolist()
        return cls(claimants, key[order], order, digits, cumulated, starts)


def _digit_count(claims: Sequence[int]) -> int:
    return max(1, -(-sum(claims).bit_length() // DIGIT))


def _digits_of_sums(claims: Sequence[int], digits: int) -> Ints:
    """Return the sum of every group in digits, where bit n of the index says who is in it."""
    sums = np.zeros((digits, 1), np.int64)
    for claim in claims:
        sums = np.concatenate([sums, sums + _in_digits(claim, digits)], axis=1)
    return _carried(sums)


def _in_digits(number: int, digits: int) -> Ints:
    column = [[number >> DIGIT * n & (1 << DIGIT) - 1] for n in range(digits)]
    return np.array(column, np.int64)


def _carried(digits: Ints) -> Ints:
    """Return the same numbers with all digits but the highest between 0 and 2^DIGIT, in place."""
    for n in range(len(digits) - 1):
        digits[n + 1] += digits[n] >> DIGIT
        digits[n] &= (1 << DIGIT) - 1
    return digits


def _keys(left: Ints, right: Ints, bound: Ints, total: int) -> tuple[Ints, Ints]:
    """Return keys of the groups of both halves; they sum to at most 0 where the sums fit."""
    room = _carried(bound - left)
    if total.bit_length() <= NARROW:
        worth = np.array([[1 << DIGIT * n] for n in range(len(bound))], np.int64)
        return -(room * worth).sum(axis=0), (right * worth).sum(axis=0)
    both = np.concatenate([room, right], axis=1)
    order = np.lexsort(both)
    ahead = (np.diff(both[:, order], axis=1) != 0).any(axis=0)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.concatenate([[0], np.cumsum(ahead)])
    return -rank[: room.shape[1]], rank[room.shape[1] :]


def _met(one: _Half, other: _Half) -> Counts:
    """Return the counts for each claimant of one half."""
    sizes = one.claimants + other.claimants + 1
    found = [[(0, 0)] * sizes for _ in range(one.claimants)]
    for size in range(one.claimants + 1):
        for start in range(one.starts[size], one.starts[size + 1], ROWS):
            rows = slice(start, min(start + ROWS, one.starts[size + 1]))
            members = one.members[rows] >> np.arange(one.claimants)[:, None] & 1
            # Whole numbers, and not by BLAS, whose threads wait for each other on a busy machine.
            added = np.einsum("mg,scg->msc", members, _columns(one, other, rows))
            for counts, per_size in zip(found, added.tolist(), strict=True):
                for beside, (groups, *digits) in enumerate(per_size, start=size):
                    total = sum(digit << DIGIT * n for n, digit in enumerate(digits))
                    counts[beside] = (counts[beside][0] + groups, counts[beside][1] + total)
    return found


def _columns(one: _Half, other: _Half, rows: slice) -> Ints:
    """Return how many groups of the other half fit beside each of one, and digits of their sums.

    Of shape (size of the other, column, group of one).
    """
    room = -one.key[rows]
    columns = np.empty((other.claimants + 1, 1 + len(one.digits), len(room)), np.int64)
    for size, column in enumerate(columns):
        start, end = other.starts[size : size + 2]
        column[0] = np.searchsorted(other.key[start:end], room, side="right")
        upto = start + column[0]
        for n, digit in enumerate(one.digits, start=1):
            cumulated = other.cumulated[n - 1]
            column[n] = column[0] * digit[rows] + cumulated[upto] - cumulated[start]
    return columns
