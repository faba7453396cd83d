"""The value of information: what knowing a gate before deciding is worth, from draws made anyway.

With net benefits b[path, option] of options that were tried on the same paths, perfect information
is worth E max_d b_d − max_d E b_d. Knowing some features x alone is worth E max_d E[b_d | x] −
max_d E b_d; the inner expectation is a regression of benefits on features over the paths, so that
no path need be run again.

Source: Strong, Oakley and Brennan 2014, "Estimating multiparameter partial expected value of
perfect information from a probabilistic sensitivity analysis sample: a nonparametric regression
approach", Medical Decision Making 34(3), https://pmc.ncbi.nlm.nih.gov/articles/PMC4819801/.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.errors import Door, Fault, InputError
from headworks.planning.regression import Design, Fit, design, fitted, folds

if TYPE_CHECKING:
    from headworks.planning.problem import Floats

POSTERIOR_DRAWS, AT_ONCE = 200, 20
"""Draws of the coefficients for the standard error: enough for its first digit; and how many are
held at once."""
FOLDS = 5
"""Parts of the paths, each decided by a regression on the others, for the check of the bias."""
PATHS_MIN = 30
"""Fewest paths that a regression is made on."""
SEED = 20140501


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that could be found out before deciding, such as what becomes of a gate."""

    name: str
    columns: Mapping[str, Floats]
    """What is told of it on each path, by name, each of shape (path,)."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What it is worth to know an unknown before deciding, in the unit of the benefits."""

    name: str
    value: float
    standard_error: float
    """Of the sample of paths and of the regression's coefficients together."""
    unseen: float
    """The same where every path is decided by a regression that has not seen it: at most the true
    value in expectation, and below 0 where the regression misleads. A `value` far above it is
    overfitted."""

    @property
    def overfitted(self) -> bool:
        """Whether the value passes that of unseen paths by more than twice its standard error."""
        return self.value - max(self.unseen, 0.0) > 2 * self.standard_error

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "gate": self.name,
            "value": self.value,
            "standard_error": self.standard_error,
            "unseen": self.unseen,
            "overfitted": self.overfitted,
        }


@dataclass(frozen=True, slots=True)
class Information:
    """What is worth finding out before deciding, the dearest first."""

    perfect: float
    """What it is worth to know everything."""
    standard_error: float
    best: int
    """Number of the option that is best without knowing anything."""
    unknowns: tuple[Worth, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "evpi": self.perfect,
            "evpi_standard_error": self.standard_error,
            "value_of_information": [one.to_json() for one in self.unknowns],
        }


def information(benefits: Floats, unknowns: Iterable[Unknown]) -> Information:
    """Return what it is worth to know everything, and each unknown by itself.

    Args:
        benefits: Net benefit of each option on each path, shape (path, option): larger is better.
        unknowns: What could be found out, on the same paths.

    Raises:
        InputError: Benefits or columns are no finite numbers, do not fit each other, or are too few
            paths; all faults are listed.
    """
    given = list(unknowns)
    _check(benefits, given)
    means = benefits.mean(axis=0)
    best = int(means.argmax())
    # What is the same for all options moves no decision, and is noise to a regression.
    apart = benefits - benefits[:, [best]]
    gain = apart.max(axis=1)
    found = [_worth(one, apart) for one in given]
    return Information(
        perfect=float(gain.mean()),
        standard_error=float(gain.std(ddof=1) / np.sqrt(len(gain))),
        best=best,
        unknowns=tuple(sorted(found, key=lambda one: (-one.value, one.name))),
    )


def _worth(one: Unknown, apart: Floats) -> Worth:
    """Return what it is worth to know an unknown.

    Args:
        one: The unknown.
        apart: Benefits less those of the option that is best in the mean, shape (path, option).
    """
    paths, options = apart.shape
    basis = design(list(one.columns.values()), paths)
    if basis is None or options == 1:  # what never differs tells nothing
        return Worth(one.name, 0.0, 0.0, 0.0)
    fit = fitted(basis, apart)
    told = fit.values
    gain = told.max(axis=1) - told.mean(axis=0).max()
    value = max(float(gain.mean()), 0.0)
    values = _drawn(fit)
    spread = float(np.hypot(values.std(ddof=1), gain.std(ddof=1) / np.sqrt(paths)))
    return Worth(one.name, value, spread, _unseen(basis, apart))


def _drawn(fit: Fit) -> Floats:
    """Return the value by coefficients drawn from their posterior, shape (draw,)."""
    rng = np.random.default_rng(SEED)
    found: list[Floats] = []
    for _ in range(POSTERIOR_DRAWS // AT_ONCE):
        draws = fit.draws(rng, AT_ONCE)
        found.append(draws.max(axis=2).mean(axis=1) - draws.mean(axis=1).max(axis=1))
    return np.concatenate(found)


def _unseen(basis: Design, apart: Floats) -> float:
    """Return what decisions gain on paths that their regression has not seen."""
    paths = len(apart)
    gained = np.zeros(paths)
    for held in folds(paths, FOLDS):
        seen = np.setdiff1d(np.arange(paths), held)
        fit = fitted(basis.of(seen), apart[seen])
        # Against the option that is best on all paths: one chosen on the seen paths alone would be
        # bad on the others just because it was good on these.
        gained[held] = apart[held, fit.at(basis.of(held)).argmax(axis=1)]
    return float(gained.mean())


def _check(benefits: Floats, unknowns: list[Unknown]) -> None:
    door = Door()
    with door.checking():
        if benefits.ndim != 2 or not benefits.size:  # noqa: PLR2004 - path and option
            message = f"benefits have the shape {benefits.shape}, not (path, option)"
            raise InputError([Fault("benefits", 0, "", message, "give a row for each path")])
        if len(benefits) < PATHS_MIN:
            message = f"{len(benefits)} paths are too few to regress on"
            raise InputError([Fault("benefits", 0, "", message, f"run at least {PATHS_MIN}")])
        if not np.isfinite(benefits).all():
            message = "some benefits are no finite numbers"
            raise InputError([Fault("benefits", 0, "", message, "leave such options out")])
    for one in unknowns:
        for label, column in one.columns.items():
            with door.checking():
                if column.shape != benefits.shape[:1]:
                    message = (
                        f"{label} has the shape {column.shape}, and there are {len(benefits)} paths"
                    )
                    raise InputError([Fault(one.name, 0, label, message, "give a number for each")])
                if not np.isfinite(column).all():
                    message = f"{label} is not finite on every path"
                    raise InputError([Fault(one.name, 0, label, message, "cut it at the horizon")])
    door.close()
