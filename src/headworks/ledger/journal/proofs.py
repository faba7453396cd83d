"""Proofs over the log of events: a root for a checkpoint, and that nothing was changed since.

The tree is that of certificate transparency: leaves and nodes are hashed with different first
bytes, and the left part of every split is the largest power of two below the whole.

Source: RFC 6962, section 2.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node from those of its two parts."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes, in order. O(n)."""
    if not leaves:
        return EMPTY
    # Right-hand leftovers are joined from the smallest up, as a binary counter carries.
    stack: list[tuple[int, bytes]] = []
    for one in leaves:
        size, hashed = 1, one
        while stack and stack[-1][0] == size:
            _, left = stack.pop()
            size, hashed = 2 * size, node_hash(left, hashed)
        stack.append((size, hashed))
    _, found = stack.pop()
    while stack:
        _, left = stack.pop()
        found = node_hash(left, found)
    return found


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the hashes that lead from a leaf to the root, the nearest first.

    Args:
        index: Place of the leaf, from 0.
        leaves: All leaf hashes.

    Raises:
        IndexError: There is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    half = _half(len(leaves))
    if index < half:
        return [*inclusion_proof(index, leaves[:half]), root(leaves[half:])]
    return [*inclusion_proof(index - half, leaves[half:]), root(leaves[:half])]


def includes(index: int, size: int, leaf: bytes, proof: Sequence[bytes], whole: bytes) -> bool:
    """Whether a proof shows that a leaf stands at a place under a root.

    Args:
        index: Place of the leaf, from 0.
        size: Number of leaves under the root.
        leaf: Hash of the leaf.
        proof: As `inclusion_proof` gives it.
        whole: The root.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == whole


def consistency_proof(size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Return the hashes that show that the first `size` leaves are the beginning of all.

    Raises:
        IndexError: `size` is 0, or more than there are.
    """
    if not 0 < size <= len(leaves):
        raise IndexError(size)
    return _consistency(size, leaves, whole=True)


def _consistency(size: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if size == len(leaves):
        return [] if whole else [root(leaves)]
    half = _half(len(leaves))
    if size <= half:
        return [*_consistency(size, leaves[:half], whole=whole), root(leaves[half:])]
    return [*_consistency(size - half, leaves[half:], whole=False), root(leaves[:half])]


def is_consistent(
    old_size: int, size: int, old: bytes, whole: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a proof shows that the log of one root goes on in that of another.

    Args:
        old_size: Number of leaves under the old root, more than 0.
        size: Number of leaves under the new one.
        old: The old root.
        whole: The new root.
        proof: As `consistency_proof` gives it.

    Source: RFC 9162, section 2.1.4.2.
    """
    if old_size == size:
        return not proof and old == whole
    if not 0 < old_size < size:
        return False
    steps = list(proof)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old)
    if not steps:
        return False
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old and second == whole


def _half(size: int) -> int:
    """Return the largest power of two below a size of at least 2."""
    return 1 << ((size - 1).bit_length() - 1)
