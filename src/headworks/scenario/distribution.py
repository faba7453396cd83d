"""Distributions given by their 5th and 95th percentiles, as functions of a standard normal score.

Every uncertain number is drawn as `quantile(z)` of a score `z`, because scores are what drivers
correlate: two numbers that share a driver have correlated scores and keep their own shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import erfc, sqrt
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Z95 = 1.6448536269514722
"""The standard normal score of the 95th percentile."""


class Distribution(Protocol):
    """What every distribution can do."""

    def quantile(self, z: Floats) -> Floats:
        """Return the values at standard normal scores `z`, in the same shape."""
        ...

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """A number that is known, or taken as known."""

    value: float

    def quantile(self, z: Floats) -> Floats:
        """Return the value in the shape of `z`."""
        return np.full(np.shape(z), self.value)

    @property
    def support(self) -> tuple[float, float]:
        """The value twice."""
        return self.value, self.value


@dataclass(frozen=True, slots=True)
class TwoPieceNormal:
    """Normal on each side of the median, so that p5, median and p95 are all met.

    With `log=True` the logarithm of the value is so distributed (lognormal where the median is the
    geometric mean of p5 and p95). `low` and `high` cut the tails off by clipping.
    """

    p5: float
    med: float
    p95: float
    log: bool = False
    low: float = -np.inf
    high: float = np.inf

    def quantile(self, z: Floats) -> Floats:
        """Return the values at standard normal scores `z`."""
        p5, med, p95 = self._scale()
        spread = np.where(z < 0, (med - p5) / Z95, (p95 - med) / Z95)
        value = med + spread * z
        if self.log:
            value = np.exp(value)
        bounded = np.isfinite(self.low) or np.isfinite(self.high)
        return np.clip(value, self.low, self.high) if bounded else value

    def _scale(self) -> tuple[float, float, float]:
        if not self.log:
            return self.p5, self.med, self.p95
        return float(np.log(self.p5)), float(np.log(self.med)), float(np.log(self.p95))

    @property
    def support(self) -> tuple[float, float]:
        """The bounds; a lognormal has at least 0 below."""
        return max(self.low, 0.0) if self.log else self.low, self.high


@dataclass(frozen=True, slots=True, eq=False)  # arrays have no one answer to whether they are equal
class Tabulated:
    """Values tabulated over scores and joined by straight lines: uniform, triangular and beta."""

    scores: Floats
    values: Floats

    def quantile(self, z: Floats) -> Floats:
        """Return the values at standard normal scores `z`."""
        return np.interp(z, self.scores, self.values)

    @property
    def support(self) -> tuple[float, float]:
        """First and last value of the table."""
        return float(self.values[0]), float(self.values[-1])


@dataclass(frozen=True, slots=True)
class Discrete:
    """Finitely many values with probabilities, in ascending order of value."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    def quantile(self, z: Floats) -> Floats:
        """Return the values at standard normal scores `z`."""
        from scipy.special import ndtri

        edges = ndtri(np.cumsum(self.probabilities)[:-1].clip(0.0, 1.0))
        return np.asarray(self.values)[np.searchsorted(edges, z, side="right")]

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value."""
        return min(self.values), max(self.values)


def uniform(p5: float, p95: float) -> Tabulated:
    """Return the uniform distribution with these 5th and 95th percentiles."""
    margin = (p95 - p5) / 18  # 90 % of the width lies between them, 5 % on each side
    return _tabulate(lambda u: (p5 - margin) + (p95 - p5 + 2 * margin) * u)


@lru_cache(maxsize=512)
def triangular(p5: float, p95: float, mode: float) -> Tabulated:
    """Return the triangular distribution with these percentiles and this mode.

    Raises:
        ValueError: The mode does not lie between p5 and p95.
    """
    from scipy.optimize import brentq

    if not p5 <= mode <= p95:
        message = f"mode {mode:g} does not lie between p5 {p5:g} and p95 {p95:g}"
        raise ValueError(message)

    # With F(mode) = t, the lower side has F(x) = t ((x - a) / (mode - a))², the upper one likewise,
    # so each end follows from its percentile; one equation is left, that t is the share below mode.
    def ends(t: float) -> tuple[float, float]:
        low = np.sqrt(min(0.05 / t, 1.0))
        high = np.sqrt(min(0.05 / (1 - t), 1.0))
        a = (p5 - mode * low) / (1 - low) if low < 1 else p5
        b = (p95 - mode * high) / (1 - high) if high < 1 else p95
        return float(a), float(b)

    def gap(t: float) -> float:
        a, b = ends(t)
        return (mode - a) - t * (b - a)

    inner = 0.05 + 1e-9
    t = float(brentq(gap, inner, 1 - inner)) if gap(inner) * gap(1 - inner) < 0 else 0.5
    a, b = ends(t)

    def quantile(u: Floats) -> Floats:
        below = a + np.sqrt(u * (mode - a) * (b - a))
        above = b - np.sqrt((1 - u) * (b - mode) * (b - a))
        return np.where(u < t, below, above)

    return _tabulate(quantile)


@lru_cache(maxsize=512)
def beta(p5: float, p95: float, low: float = 0.0, high: float = 1.0) -> Tabulated:
    """Return the beta distribution on [low, high] with these 5th and 95th percentiles.

    Raises:
        ValueError: No beta distribution on that interval has these percentiles.
    """
    from scipy.optimize import root
    from scipy.special import betaincinv

    if not low < p5 < p95 < high:
        message = f"need low < p5 < p95 < high, got {low:g}, {p5:g}, {p95:g}, {high:g}"
        raise ValueError(message)
    target = (np.array([p5, p95]) - low) / (high - low)
    mean = target.mean()
    spread = max((target[1] - target[0]) / (2 * Z95), 1e-6)
    size = max(mean * (1 - mean) / spread**2 - 1, 0.5)

    def miss(log_shape: Floats) -> Floats:
        # On its way the solver may try shapes at which a quantile rounds to 0 or 1.
        with np.errstate(all="ignore"):
            a, b = np.exp(log_shape)
            got = np.array([betaincinv(a, b, 0.05), betaincinv(a, b, 0.95)])
            gap: Floats = np.log(got / (1 - got)) - np.log(target / (1 - target))
        return gap

    found = root(miss, np.log([mean * size, (1 - mean) * size]), method="hybr")
    if not (found.success and np.abs(miss(found.x)).max() <= 1e-6):  # which nan is not
        message = f"no beta distribution on [{low:g}, {high:g}] has p5 {p5:g} and p95 {p95:g}"
        raise ValueError(message)
    a, b = np.exp(found.x)
    return _tabulate(lambda u: low + (high - low) * betaincinv(a, b, u))


def _tabulate(quantile: Quantile) -> Tabulated:
    """Return a table of `quantile` over scores from -8.2 to 8.2, where a float's tail ends."""
    scores, shares = _normal_table()
    return Tabulated(scores, np.asarray(quantile(shares), dtype=np.float64))


@lru_cache(maxsize=1)
def _normal_table() -> tuple[Floats, Floats]:
    """Return scores, and the share of a standard normal distribution below each of them."""
    # SciPy's function is the same to a rounding, and takes a sixth of a second to import.
    scores = np.linspace(-8.2, 8.2, 3281)
    shares = np.array([erfc(-score * sqrt(0.5)) / 2 for score in scores.tolist()])
    return scores, shares


class Quantile(Protocol):
    """A quantile function of probability."""

    def __call__(self, u: Floats) -> Floats:
        """Return the values at probabilities `u`."""
        ...
