"""Risk: how costs of outlooks are weighed, as columns and rows on the cost of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Integers, Problem, Risk


@dataclass(frozen=True, slots=True)
class Weighing:
    """Columns `outcome[outlook]`, then those of the measure; rows that are at least 0."""

    cost: Floats
    lower: Floats
    rows: sparse.csr_array


def neutral(risk: Risk) -> bool:
    """Return whether the expectation alone counts."""
    return not risk.worst_case and risk.weight == 0


def weighing(risk: Risk, chance: Floats, scenario: Integers) -> Weighing:
    """Return the columns and rows that weigh outcomes of the given probabilities.

    Expectation and CVaR: (1 − weight) × Σ probability × outcome + weight × (var + Σ probability ×
    excess / (1 − level)), with excess + var − outcome ≥ 0 and excess ≥ 0. The worst case: (1 −
    mean_weight) × worst + mean_weight × Σ probability × outcome, with worst − Σ share × outcome ≥ 0
    for each scenario. Source: Rockafellar and Uryasev 2000, Optimization of conditional
    value-at-risk.

    Args:
        risk: How outcomes are weighed.
        chance: Probability of each outlook.
        scenario: Number of the scenario of each; the worst case alone asks for it.
    """
    count = len(chance)
    each, one = sparse.csr_array(sparse.eye_array(count)), sparse.csr_array(np.ones((count, 1)))
    if risk.worst_case:
        share = _shares(chance, scenario)
        ones = np.ones((len(share), 1))
        cost = np.append(risk.mean_weight * chance, 1.0 - risk.mean_weight)
        rows = sparse.csr_array(sparse.hstack([sparse.csr_array(-share), sparse.csr_array(ones)]))
        return Weighing(cost, np.full(count + 1, -np.inf), rows)
    if neutral(risk):
        return Weighing(chance, np.full(count, -np.inf), sparse.csr_array((0, count)))
    tail = risk.weight * chance / (1 - risk.level)
    return Weighing(
        np.concatenate([(1 - risk.weight) * chance, [risk.weight], tail]),
        np.concatenate([np.full(count + 1, -np.inf), np.zeros(count)]),
        sparse.csr_array(sparse.hstack([-each, one, each])),
    )


def _shares(chance: Floats, scenario: Integers) -> Floats:
    """Return what each outlook counts within its scenario, shape (scenario, outlook).

    Where none of a scenario's has a probability they count alike.
    """
    within = (scenario == np.arange(scenario.max() + 1)[:, None]).astype(np.float64)
    mass = within * chance
    whole = mass.sum(axis=1, keepdims=True)
    count = within.sum(axis=1, keepdims=True)
    found: Floats = np.where(whole > 0, mass, within) / np.where(whole > 0, whole, count)
    return found


def weights(risk: Risk, outcomes: Floats, chance: Floats, scenario: Integers) -> Floats:
    """Return how much each outcome counts: the measure is their weighted sum.

    Args:
        risk: How outcomes are weighed.
        outcomes: Cost of each outlook.
        chance: Probability of each.
        scenario: Number of the scenario of each; the worst case alone asks for it.
    """
    if risk.worst_case:
        share = _shares(chance, scenario)
        worst = share[np.argmax(share @ outcomes)]
        found: Floats = (1.0 - risk.mean_weight) * worst + risk.mean_weight * chance
        return found
    if neutral(risk):
        return chance
    return (1 - risk.weight) * chance + risk.weight * tail(outcomes, chance, risk.level)


def tail(outcomes: Floats, chance: Floats, level: float) -> Floats:
    """Return the weights whose sum of outcomes is CVaR, the mean of the worst 1 − level.

    One outcome may count in part.
    """
    order = np.argsort(-outcomes, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(chance[order])[:-1]])
    counted = np.zeros(len(chance))
    counted[order] = np.clip(1 - level - before, 0.0, chance[order]) / (1 - level)
    return counted


def weighed(problem: Problem, outcomes: Floats) -> float:
    """Return what outcomes of a problem's outlooks are worth together; infinite if one is."""
    if not np.isfinite(outcomes).all():  # an outlook that weighs nothing must be feasible, too
        return np.inf
    found = weights(problem.risk, outcomes, chances(problem), scenarios(problem))
    return float(found @ outcomes)


def by_scenario(problem: Problem, outcomes: Floats) -> dict[str, float]:
    """Return the mean outcome of each scenario, by its name, or the name of its outlook.

    One without an end counts in its own scenario alone.
    """
    share = _shares(chances(problem), scenarios(problem))
    names = dict.fromkeys(outlook.scenario or outlook.name for outlook in problem.outlooks)
    means = [float(row[row > 0] @ outcomes[row > 0]) for row in share]
    return dict(zip(names, means, strict=True))


def chances(problem: Problem) -> Floats:
    """Return the probability of each outlook."""
    return np.array([outlook.probability for outlook in problem.outlooks])


def scenarios(problem: Problem) -> Integers:
    """Return the number of the scenario of each outlook; those of no named one have their own."""
    keys = [(one.scenario, "" if one.scenario else n) for n, one in enumerate(problem.outlooks)]
    number = {key: at for at, key in enumerate(dict.fromkeys(keys))}
    return np.array([number[key] for key in keys], np.int64)
