"""Delays over periods: what enters leaves after a lag; one between two periods is split."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.arithmetic import clip_at_zero, total

Floats: TypeAlias = NDArray[np.float64]

PARTS_MAX = 4
"""Parts up to which adding up what is under way costs less than keeping the sum up to date."""


class History:
    """The recent values of an array, readable at a lag that may differ by path and be fractional.

    Values are filed under the period in which their path will ask for them, so that reading, which
    happens more often than writing, takes whole rows.

    Args:
        lag: Lag in periods, shape (path,), not negative.
        shape: Shape (line, path) of what is kept.
    """

    def __init__(self, lag: Floats, shape: tuple[int, int]) -> None:
        self.whole = np.floor(lag + 1e-9).astype(np.int64)
        self.part = np.clip(lag - self.whole, 0.0, 1.0)
        self._slots = int(self.whole.max()) + 2
        alike = self.whole.min() == self.whole.max()
        self._common = int(self.whole[0]) if alike else None
        self._nothing = np.zeros(shape)
        self._rows = [self._nothing] * self._slots
        """By slot, what a period will ask for; views of one array where the lag differs by path."""
        if not alike:
            self._ring = np.zeros((self._slots, *shape))
            self._rows = list(self._ring)
            self._paths = np.arange(shape[1])

    def write(self, period: int, values: Floats) -> None:
        """Keep the values of a period: the array itself, to which nobody may write any more."""
        if self._common is not None:
            self._rows[(period + self._common) % self._slots] = values
        else:
            # Advanced indices on either side of a slice put the path axis first.
            self._ring[(period + self.whole) % self._slots, :, self._paths] = values.T

    def scale(self, factor: Floats) -> None:
        """Multiply everything kept, shape (line, path)."""
        if self._common is not None:
            self._rows = [row if row is self._nothing else row * factor for row in self._rows]
            return
        touched = np.flatnonzero((factor != 1.0).any(axis=0))
        self._ring[:, :, touched] *= factor[:, touched]

    def at(self, period: int, extra: int = 0) -> Floats:
        """Return the values kept `whole + extra` periods before `period`, shape (line, path).

        Values of periods that were never written are 0. Do not write to what is returned.
        """
        return self._rows[(period - extra) % self._slots]

    def forget(self, period: int) -> None:
        """Drop what `period` has asked for, where the lag is the same on every path."""
        self._rows[period % self._slots] = self._nothing

    def kept(self, period: int) -> list[Floats]:
        """Return what later periods will ask for, the next one first; do not write to it."""
        next_one = (period + 1) % self._slots
        rows = [*self._rows[next_one:], *self._rows[:next_one]]
        return [row for row in rows if row is not self._nothing]

    def between(self, period: int) -> Floats:
        """Return the values at the fractional lag, by linear interpolation between two periods."""
        if not self.part.any():
            return self.at(period)
        return (1.0 - self.part) * self.at(period) + self.part * self.at(period, 1)


class Delay:
    """Goods or papers under way: mass that leaves after its lag.

    With a lag of n + f periods, 1 - f of what enters in period k leaves in period k + n and f in
    the one after. With n = 0 the first share leaves at once, within its period.
    """

    def __init__(self, lag: Floats, shape: tuple[int, int]) -> None:
        self._entered = History(lag, shape)
        part = self._entered.part
        immediate = self._entered.whole == 0
        self._at_once = np.where(immediate, 1.0 - part, 0.0) if immediate.any() else None
        self._first = np.where(immediate, 0.0, 1.0 - part)
        self._second = part
        self._in_step = not part.any() and not immediate.any()
        """Whether all leaves after whole periods, so that nothing is ever split."""
        whole = self._entered.whole
        few = self._in_step and whole.min() == whole.max() and whole[0] <= PARTS_MAX
        self._sum = None if few else np.zeros(shape)
        """What is under way; None where it is added up when it is asked for."""
        self._shape = shape
        self._last = -1
        """The last period as which something left."""
        self._begun: Floats | None = None

    @property
    def parts(self) -> list[Floats]:
        """Arrays (line, path) that add up to what is under way now; do not write to them."""
        return self._entered.kept(self._last) if self._sum is None else [self._sum]

    @property
    def amount(self) -> Floats:
        """What is under way now, shape (line, path)."""
        parts = self.parts
        return total(parts) if parts else np.zeros(self._shape)

    def begin(self, mass: Floats) -> Floats | None:
        """Take in what is under way as the first period begins, with its full lag still to go.

        It joins what enters in that period. Returns the part that leaves at once, None if none.
        """
        at_once = self.enter(0, mass)
        self._begun = mass
        return at_once

    def leave(self, period: int) -> Floats:
        """Return what leaves as the period begins, (line, path); do not write to it."""
        if self._in_step:
            left = self._entered.at(period)
        else:
            left = self._first * self._entered.at(period)
            left += self._second * self._entered.at(period, 1)
        if self._sum is None:
            self._entered.forget(period)
            self._last = period
        else:
            self._sum -= left
            # A rounding error must not survive as a negative amount under way.
            clip_at_zero(self._sum)
        return left

    def enter(self, period: int, mass: Floats) -> Floats | None:
        """Take mass in; return the part of it that leaves at once, (line, path); None if none.

        Nobody may write to the mass any more.
        """
        if self._begun is None:
            self._entered.write(period, mass)
        else:
            self._entered.write(period, mass + self._begun)
            self._begun = None
        if self._sum is None:
            return None
        self._sum += mass
        if self._at_once is None:
            return None
        at_once = mass * self._at_once
        self._sum -= at_once
        return at_once

    def remove(self, share: Floats) -> Floats:
        """Take a share of everything under way out, shape (line, path); return how much."""
        gone = self.amount * share
        if self._sum is not None:
            self._sum -= gone
        self._entered.scale(1.0 - share)
        return gone
