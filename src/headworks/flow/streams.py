"""Random streams that depend on names and never on the order of drawing.

Every number is a function of (seed, name, path, ordinal, sub-draw, branch): Philox 4x64 with key =
hash of (seed, name) and counter = (path, ordinal, sub-draw, branch). So no result changes with the
size of a chunk or the number of processes, a new gate does not shift another's luck, and two
scenarios can be compared on the same luck.

Source: Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats: TypeAlias = NDArray[np.float64]

_LANES = 4  # 64-bit words that Philox 4x64 gives for one counter


class Streams:
    """The draws of a run of consecutive or chosen paths; each is made once and kept.

    Args:
        seed: The seed of the whole forecast.
        first_path: Index of the first path, which is the smallest of the chosen ones.
        paths: Number of paths.
        chosen: Indices of the paths, in any order; the `paths` from the first one on if None.
    """

    def __init__(
        self, seed: int, first_path: int, paths: int, chosen: Sequence[int] | None = None
    ) -> None:
        self.seed = seed
        self.first_path = first_path
        self.paths = paths
        self._drawn = paths
        """Paths that are drawn, the ones between the chosen ones too: generators run through."""
        self._pick: NDArray[np.int64] | slice = slice(None)
        if chosen is not None:
            self._pick = np.array(chosen, dtype=np.int64) - first_path
            self._drawn = int(self._pick.max()) + 1
        self._scores: dict[tuple[str, int, int, int], Floats] = {}
        self._runs: dict[tuple[str, int, int], Floats] = {}

    def uniform(self, name: str, ordinal: int = 0, sub: int = 0, branch: int = 0) -> Floats:
        """Return one number in (0, 1) per path, shape (path,).

        The first of the four words of each counter is used: path p reads what NumPy's own
        `Philox(key=key(seed, name), counter=[p, ordinal, sub, branch])` gives first.
        """
        counter = np.array([self.first_path, ordinal, sub, branch], dtype=np.uint64)
        bits = np.random.Philox(key=stream_key(self.seed, name), counter=counter)
        return _unit(bits.random_raw(self._drawn * _LANES))[self._pick]

    def path(self, number: int) -> int:
        """Return the index in the whole forecast of one of the paths here."""
        within = np.arange(self._drawn)[self._pick]
        return self.first_path + int(within[number])

    def score(self, name: str, ordinal: int = 0, sub: int = 0, branch: int = 0) -> Floats:
        """Return one standard normal score per path, shape (path,); do not write to it."""
        at = (name, ordinal, sub, branch)
        if at not in self._scores:
            scores = ndtri(self.uniform(name, ordinal, sub, branch))
            scores.flags.writeable = False
            self._scores[at] = scores
        return self._scores[at]

    def scores(self, name: str, first: int, count: int) -> Floats:
        """Return the scores of consecutive ordinals, shape (ordinal, path); do not write to it.

        Row i is `score(name, first + i)`; one generator is moved on from row to row.
        """
        at = (name, first, count)
        if at not in self._runs:
            counter = np.array([self.first_path, first, 0, 0], dtype=np.uint64)
            bits = np.random.Philox(key=stream_key(self.seed, name), counter=counter)
            uniform = np.empty((count, self.paths))
            for row in uniform:
                row[:] = _unit(bits.random_raw(self._drawn * _LANES))[self._pick]
                bits.advance(2**64 - self._drawn)
            scores = ndtri(uniform)
            scores.flags.writeable = False
            self._runs[at] = scores
        return self._runs[at]


def _unit(words: NDArray[np.uint64]) -> Floats:
    """Return the first of the four words of each counter as numbers in (0, 1)."""
    return (np.right_shift(words[::_LANES], np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def stream_key(seed: int, name: str) -> NDArray[np.uint64]:
    """Return the 128-bit Philox key of a named stream, shape (2,)."""
    digest = hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=16).digest()
    return np.frombuffer(digest, dtype="<u8").astype(np.uint64)
