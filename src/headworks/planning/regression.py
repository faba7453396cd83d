"""A penalised additive regression: splines of each feature, and products of pairs of them.

    y[path, option] ≈ mean + Σ_f s_f(x_f) + Σ_(f, g) c_fg × z_f × z_g

A feature of few values has a step for each; any other has cubic B-splines between quantiles of its
ranks, whose second differences are penalised (P-splines), and z is its standard score by rank. One
penalty serves all options and is chosen by generalised cross-validation.

Source: Eilers and Marx 1996, "Flexible smoothing with B-splines and penalties", Statistical
Science 11(2); Wood 2017, "Generalized additive models", chapters 4 and 6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import BSpline
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.special import ndtri
from scipy.stats import rankdata

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Integers

STEPS_MAX = 8
"""Most values of a feature that has a step for each."""
SPLINES_MAX, SPLINES_MIN = 10, 4
"""Most and fewest splines of a feature."""
PATHS_A_COLUMN = 10
"""Paths that there are at least for each column, as far as the fewest splines allow."""
PAIRS_MAX = 15
"""Pairs of features up to which their products enter."""
PENALTIES = np.logspace(-4, 6, 21)
RIDGE = 1e-6
"""Part of the penalty that falls on everything, so that columns may depend on each other."""
DEGREE = 3


@dataclass(frozen=True, slots=True)
class Design:
    """Columns of a regression and how they are penalised."""

    columns: Floats
    """Shape (path, column), each with mean 0 over all paths but for the first, which is 1."""
    penalty: Floats
    """Shape (column, column)."""

    def of(self, paths: Integers) -> Design:
        """Return the design of some paths."""
        return Design(self.columns[paths], self.penalty)


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients and how sure they are."""

    design: Design
    coefficients: Floats
    """Shape (column, option)."""
    root: Floats
    """Lower triangle L with L Lᵀ = columnsᵀ columns + penalty, shape (column, column)."""
    noise: Floats
    """Covariance of the residuals, shape (option, option)."""

    @property
    def values(self) -> Floats:
        """What is expected on each path of the fit, shape (path, option)."""
        return self.at(self.design)

    def at(self, design: Design) -> Floats:
        """Return what is expected on the paths of a design, shape (path, option)."""
        result: Floats = design.columns @ self.coefficients
        return result

    def draws(self, rng: np.random.Generator, count: int) -> Floats:
        """Return expectations by coefficients drawn from their posterior, (draw, path, option)."""
        size, options = self.coefficients.shape
        scores = rng.standard_normal((count, size, options))
        # The best option less itself has no noise, so that the covariance may be singular.
        values, vectors = np.linalg.eigh(self.noise)
        mixed = scores @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
        spread = solve_triangular(self.root.T, mixed.transpose(1, 0, 2).reshape(size, -1))
        moved = spread.reshape(size, count, options).transpose(1, 0, 2)
        result: Floats = self.design.columns @ (self.coefficients + moved)
        return result


def design(features: Sequence[Floats], paths: int) -> Design | None:
    """Return the design of some features; None where none of them differs between paths.

    Args:
        features: Features, each of shape (path,).
        paths: Number of paths.
    """
    known = [feature for feature in features if np.ptp(feature) > 0]
    if not known:
        return None
    pairs = len(known) * (len(known) - 1) // 2
    splines = int(np.clip(paths // (PATHS_A_COLUMN * len(known)), SPLINES_MIN, SPLINES_MAX))
    blocks = [(np.ones((paths, 1)), np.zeros((1, 1)))]
    blocks += [_steps(x) if _few(x) else _splines(x, splines) for x in known]
    if 0 < pairs <= PAIRS_MAX:
        scores = [_scores(x) for x in known]
        products = np.stack([a * b for a, b in combinations(scores, 2)], axis=1)
        blocks.append((products, np.eye(pairs)))
    columns = np.concatenate([block for block, _ in blocks], axis=1)
    columns[:, 1:] -= columns[:, 1:].mean(axis=0)
    penalty = np.zeros((columns.shape[1], columns.shape[1]))
    start = 0
    for block, own in blocks:
        end = start + block.shape[1]
        penalty[start:end, start:end] = own
        start = end
    penalty[1:, 1:] += RIDGE * np.eye(len(penalty) - 1)
    return Design(columns, penalty)


def fitted(one: Design, values: Floats) -> Fit:
    """Return the penalised least squares of values on a design, shape (path, option)."""
    paths = len(one.columns)
    cross = one.columns.T @ one.columns
    right = one.columns.T @ values
    # Each option counts by its own spread; one without any needs no fit.
    scale = values.var(axis=0)
    counted = scale > 0
    best: tuple[float, float] = (np.inf, PENALTIES[-1])
    for penalty in PENALTIES if counted.any() else ():
        factor = cho_factor(_regular(cross + penalty * one.penalty), lower=True)
        residual = values - one.columns @ cho_solve(factor, right)
        free = paths - np.trace(cho_solve(factor, cross))
        if free <= 0:
            continue
        errors = (residual**2).mean(axis=0)[counted] / scale[counted]
        score = float(errors.mean()) / (free / paths) ** 2
        best = min(best, (score, float(penalty)))
    root = np.linalg.cholesky(_regular(cross + best[1] * one.penalty))
    coefficients = cho_solve((root, True), right)
    free = max(paths - float(np.trace(cho_solve((root, True), cross))), 1.0)
    residual = values - one.columns @ coefficients
    noise: Floats = residual.T @ residual / free
    return Fit(one, coefficients, np.asarray(root, dtype=np.float64), noise)


def folds(paths: int, count: int) -> Iterator[Integers]:
    """Yield parts of the paths: every so many-th, since paths are drawn independently."""
    for first in range(count):
        yield np.arange(first, paths, count)


def _few(feature: Floats) -> bool:
    return len(np.unique(feature)) <= STEPS_MAX


def _steps(feature: Floats) -> tuple[Floats, Floats]:
    """Return a column for each value but the first, and a penalty on their sizes."""
    values = np.unique(feature)[1:]
    columns = (feature[:, None] == values).astype(np.float64)
    return columns, np.eye(len(values))


def _splines(feature: Floats, count: int) -> tuple[Floats, Floats]:
    """Return splines of a feature and the penalty on their second differences.

    Positions are ranks, so that tails do not decide; knots lie evenly among them.
    """
    positions = (rankdata(feature) - 0.5) / len(feature)
    inner = np.linspace(0.0, 1.0, count - DEGREE + 1)
    step = inner[1] - inner[0]
    knots = np.concatenate(
        [-step * np.arange(DEGREE, 0, -1), inner, 1.0 + step * np.arange(1, DEGREE + 1)]
    )
    columns = BSpline.design_matrix(positions, knots, DEGREE).toarray()
    differences = np.diff(np.eye(count), 2, axis=0)
    return columns, differences.T @ differences


def _scores(feature: Floats) -> Floats:
    result: Floats = ndtri((rankdata(feature) - 0.5) / len(feature))
    return result


def _regular(matrix: Floats) -> Floats:
    """Return a symmetric matrix that a root can be drawn of whatever its rounding."""
    result: Floats = matrix + 1e-10 * np.trace(matrix) / len(matrix) * np.eye(len(matrix))
    return result
