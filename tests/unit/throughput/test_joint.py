"""Joint draws: each constant keeps its distribution, and any two their correlation."""

from __future__ import annotations

import numpy as np
import pytest

from headworks.throughput.constants import packaged
from headworks.throughput.draws import COUNT, scores
from headworks.throughput.joint import Joint, label

NAMES = tuple((f"constant_{number}", "any") for number in range(12))


def correlations(seed: int) -> np.ndarray:
    """Return correlations of as many constants, some of them strong."""
    dice = np.random.default_rng(seed)
    mixed = dice.normal(size=(len(NAMES), len(NAMES) + 2))
    covariance = mixed @ mixed.T
    scale = np.sqrt(np.diag(covariance))
    return np.asarray(covariance / np.outer(scale, scale))


def found(joint: Joint, count: int = COUNT) -> np.ndarray:
    """Return the scores, shape (constant, draw)."""
    given = joint.scores(count)
    return np.array([given[name] for name in joint.names])


@pytest.mark.parametrize("seed", range(5))
def test_scores_have_the_correlations_that_were_asked_for(seed: int) -> None:
    wanted = correlations(seed)
    assert np.abs(wanted - np.eye(len(NAMES))).max() > 0.4
    assert np.corrcoef(found(Joint(NAMES, wanted))) == pytest.approx(wanted, abs=0.03)


def test_scores_that_nothing_ties_are_less_correlated_than_by_chance() -> None:
    alone = np.array([scores(label(name), COUNT) for name in NAMES])
    tied = found(Joint(NAMES, np.eye(len(NAMES))))
    off = ~np.eye(len(NAMES), dtype=bool)
    by_chance, left = (np.abs(np.corrcoef(one)[off]).max() for one in (alone, tied))
    assert left < 0.02 < by_chance


def test_each_constant_keeps_its_scores_in_another_order_and_the_middle_first() -> None:
    for name, given in Joint(NAMES, correlations(0)).scores(COUNT).items():
        assert given[0] == 0.0
        assert np.array_equal(np.sort(given), np.sort(scores(label(name), COUNT)))


@pytest.mark.parametrize("count", [1, 5, len(NAMES) + 1])
def test_few_draws_cannot_be_tied(count: int) -> None:
    """One is the middle of all."""
    given = found(Joint(NAMES, correlations(0)), count)
    assert np.array_equal(given, [scores(label(name), count) for name in NAMES])


def test_without_constants_there_are_no_scores() -> None:
    assert Joint().scores(COUNT) == {}


def test_packaged_constants_are_drawn_as_the_fit_left_them() -> None:
    joint = packaged().joint
    assert np.corrcoef(found(joint)) == pytest.approx(joint.correlation, abs=0.06)
