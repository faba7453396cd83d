"""Risk: how costs of outlooks are weighed, as columns and rows on the cost of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Problem, Risk


@dataclass(frozen=True, slots=True)
class Weighing:
    """Columns `outcome[outlook]`, then those of the measure; rows that are at least 0."""

    cost: Floats
    lower: Floats
    rows: sparse.csr_array


def neutral(risk: Risk) -> bool:
    """Return whether the expectation alone counts."""
    return not risk.worst_case and risk.weight == 0


def weighing(risk: Risk, chance: Floats) -> Weighing:
    """Return the columns and rows that weigh outcomes of the given probabilities.

    Expectation and CVaR: (1 − weight) × Σ probability × outcome + weight × (var + Σ probability ×
    excess / (1 − level)), with excess + var − outcome ≥ 0 and excess ≥ 0. The worst case: worst,
    with worst − outcome ≥ 0. Source: Rockafellar and Uryasev 2000, Optimization of conditional
    value-at-risk.
    """
    count = len(chance)
    each, one = sparse.csr_array(sparse.eye_array(count)), sparse.csr_array(np.ones((count, 1)))
    if risk.worst_case:
        cost = np.append(np.zeros(count), 1.0)
        return Weighing(
            cost, np.full(count + 1, -np.inf), sparse.csr_array(sparse.hstack([-each, one]))
        )
    if neutral(risk):
        return Weighing(chance, np.full(count, -np.inf), sparse.csr_array((0, count)))
    tail = risk.weight * chance / (1 - risk.level)
    return Weighing(
        np.concatenate([(1 - risk.weight) * chance, [risk.weight], tail]),
        np.concatenate([np.full(count + 1, -np.inf), np.zeros(count)]),
        sparse.csr_array(sparse.hstack([-each, one, each])),
    )


def weights(risk: Risk, outcomes: Floats, chance: Floats) -> Floats:
    """Return how much each outcome counts: the measure is their weighted sum.

    Args:
        risk: How outcomes are weighed.
        outcomes: Cost of each outlook.
        chance: Probability of each.
    """
    if risk.worst_case:
        dearest = np.zeros(len(chance))
        dearest[np.argmax(outcomes)] = 1.0
        return dearest
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
    """Return what outcomes of a problem's outlooks are worth together."""
    return float(weights(problem.risk, outcomes, chances(problem)) @ outcomes)


def chances(problem: Problem) -> Floats:
    """Return the probability of each outlook."""
    return np.array([outlook.probability for outlook in problem.outlooks])
