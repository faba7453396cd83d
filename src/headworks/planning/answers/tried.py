"""Tried: how a plan and simple policies do on fresh paths, and what to find out, by scenario.

What policies decide does not depend on which scenario comes about, since nobody knows that: what
was decided for the plan's own is tried in each. All are tried on the same luck.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.planning.answers.scenarios import TOLERANCE

if TYPE_CHECKING:
    from headworks.planning.answers.knowing import GateValue
    from headworks.planning.answers.trial import Trial
    from headworks.planning.problem import Floats

QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Tried:
    """The plan and simple policies on fresh paths of one scenario."""

    scenario: str
    """Name of the scenario."""
    trials: tuple[Trial, ...]
    """On the same paths, the plan first."""
    information: tuple[GateValue, ...] | None
    """Value of knowing each gate beforehand, the highest first; None where none can be told."""

    def policy_rows(self) -> Iterator[dict[str, Any]]:
        """Yield how each policy does: cost, regret and work served.

        None stands for what has no end, and for shares of work where one of a path is unknown.
        """
        regrets = regret([trial.outcome for trial in self.trials])
        for trial, more in zip(self.trials, regrets, strict=True):
            yield {
                "name": trial.name,
                **summary(trial.outcome),
                "regret_mean": finite(float(more.mean())),
                "served_share_mean": finite(float(trial.served_share.mean())),
                "served_share_p5": finite(quantile(trial.served_share, QUANTILES[0])),
                "served_share_p95": finite(quantile(trial.served_share, QUANTILES[-1])),
            }

    def information_rows(self) -> Iterator[dict[str, Any]]:
        """Yield what knowing each gate beforehand is worth, the highest first."""
        for one in self.information or ():
            yield {
                "gate": one.gate,
                "title": one.title,
                "value": one.value,
                "standard_error": one.standard_error,
            }


def at_worst(tried: Sequence[Tried]) -> Iterator[dict[str, Any]]:
    """Yield the scenario in which each policy does worst, by its mean, and that of most regret.

    A policy without an end in a scenario is worst there, with None. Among those that come to the
    same, but for a solver's tolerance, the first counts.

    Args:
        tried: Policies in each scenario, the same in all.
    """
    policies = [trial.name for trial in tried[0].trials] if tried else []
    for number, name in enumerate(policies):
        means = np.array([float(one.trials[number].outcome.mean()) for one in tried])
        regrets = np.array(
            [float(regret([trial.outcome for trial in one.trials])[number].mean()) for one in tried]
        )
        scale = np.where(np.isfinite(means), np.abs(means), 0.0)
        worst, most = _first_of_most(means, scale), _first_of_most(regrets, scale)
        yield {
            "name": name,
            "scenario": tried[worst].scenario,
            "mean": finite(float(means[worst])),
            "served_share_mean": finite(float(tried[worst].trials[number].served_share.mean())),
            "regret_scenario": tried[most].scenario,
            "regret_mean": finite(float(regrets[most])),
        }


def _first_of_most(values: Floats, scale: Floats) -> int:
    """Return the first place whose value is below none by more than a tolerance of its scale.

    Args:
        values: Shape (place,).
        scale: What the tolerance of each is a share of, likewise.
    """
    place = int(values.argmax())
    most = values[place]
    limit = most - TOLERANCE * scale[place] if np.isfinite(most) else most
    return int((values >= limit).argmax())


def regret(outcomes: Sequence[Floats]) -> Floats:
    """Return what each policy comes to beyond the best on the same path, shape (policy, path).

    Where no policy has an end none is regretted. What lies within a solver's tolerance of the best
    is 0.
    """
    each = np.array(outcomes)
    best = each.min(axis=0)
    possible = np.isfinite(best)
    least = np.where(possible, best, 0.0)
    beyond = np.where(possible, each - least, 0.0)
    return np.where(beyond > TOLERANCE * np.abs(least), beyond, 0.0)


def summary(values: Floats) -> dict[str, float | None]:
    """Return mean and quantiles; None for what has no end."""
    low, middle, high = (finite(quantile(values, q)) for q in QUANTILES)
    return {"mean": finite(float(values.mean())), "p5": low, "med": middle, "p95": high}


def quantile(values: Floats, share: float) -> float:
    """Return a quantile of numbers of which some may have no end; NaN if one is unknown."""
    if np.isnan(values).any():
        return np.nan
    if np.isfinite(values).all():
        return float(np.quantile(values, share))
    above = float(np.quantile(values, share, method="higher"))
    return above if np.isinf(above) else float(np.quantile(np.minimum(values, above), share))


def finite(value: float) -> float | None:
    """Return a number as JSON can hold it: None for what nothing bounds, or is unknown."""
    return value if np.isfinite(value) else None
