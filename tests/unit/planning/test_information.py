"""The value of information against decisions whose value is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from headworks.errors import InputError
from headworks.planning.information import Unknown, information

Floats = NDArray[np.float64]


def normal_value(mean: float, known: float) -> float:
    """Return what it is worth to know the part with a spread of `known` of a normal benefit.

    Options are to do it or not: E max(0, m) − max(0, mean), with m normal about the mean.
    """
    part = known * float(norm.pdf(mean / known)) + mean * float(norm.cdf(mean / known))
    return part - max(mean, 0.0)


def two_options(rng: np.random.Generator, paths: int, mean: float) -> tuple[Floats, Floats, Floats]:
    """Return benefits of doing it or not, of two normal parts with spreads of 1 and 1.5."""
    first, second = rng.standard_normal((2, paths)) * np.array([[1.0], [1.5]])
    luck = 20 * rng.standard_normal(paths)  # the same for both, so that it decides nothing
    return np.stack([luck, luck + mean + first + second], axis=1), first, second


@pytest.mark.parametrize("mean", [-1.0, 0.0, 0.3])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_normal_part_is_worth_its_closed_form(mean: float, seed: int) -> None:
    benefits, first, second = two_options(np.random.default_rng(seed), 2000, mean)
    found = information(
        benefits, [Unknown("first", {"x": first}), Unknown("second", {"x": second})]
    )
    truth = {"first": normal_value(mean, 1.0), "second": normal_value(mean, 1.5)}
    for one in found.unknowns:
        assert abs(one.value - truth[one.name]) < 3.5 * one.standard_error + 1e-3
        assert one.standard_error < 0.04
        assert not one.overfitted
    assert abs(found.perfect - normal_value(mean, np.hypot(1, 1.5))) < 4 * found.standard_error
    assert [one.name for one in found.unknowns] == ["second", "first"]


@pytest.mark.slow
def test_intervals_hold_the_closed_form_as_often_as_they_say() -> None:
    truth, inside = normal_value(0.2, 1.0), 0
    for seed in range(60):
        benefits, first, _ = two_options(np.random.default_rng(seed), 400, 0.2)
        one = information(benefits, [Unknown("x", {"x": first})]).unknowns[0]
        inside += abs(one.value - truth) < 1.645 * one.standard_error
    assert 46 <= inside <= 59


def test_what_decides_nothing_is_worth_nothing() -> None:
    rng = np.random.default_rng(4)
    benefits, *_ = two_options(rng, 2000, 0.3)
    noise = information(benefits, [Unknown("noise", {"z": rng.standard_normal(2000)})]).unknowns[0]
    assert noise.value < 3 * noise.standard_error + 0.01
    assert noise.unseen < 0.02
    same = information(benefits, [Unknown("same", {"z": np.ones(2000)}), Unknown("none", {})])
    assert [(one.value, one.standard_error) for one in same.unknowns] == [(0, 0), (0, 0)]


def test_knowing_all_that_decides_is_worth_perfect_information() -> None:
    benefits, first, second = two_options(np.random.default_rng(5), 1000, 0.3)
    found = information(benefits, [Unknown("all", {"x": first, "y": second})])
    assert found.unknowns[0].value == pytest.approx(found.perfect, rel=5e-3)


def test_a_curved_benefit_is_seen() -> None:
    # 1 − x² is worth doing for |x| < 1: E max(0, 1 − x²) = 2 φ(1), and nothing without knowing.
    rng = np.random.default_rng(6)
    x = rng.standard_normal(2000)
    benefits = np.stack([np.zeros(2000), 1 - x**2 + rng.standard_normal(2000)], axis=1)
    one = information(benefits, [Unknown("x", {"x": x})]).unknowns[0]
    assert abs(one.value - 2 * norm.pdf(1)) < 3 * one.standard_error
    assert one.value > 0.4


def test_a_round_that_counts_only_if_confirmed_is_seen() -> None:
    # Worth s − 1 if confirmed and −1 if not, s normal about 2: act where confirmed and s > 1.
    rng = np.random.default_rng(7)
    confirmed, size = rng.random(3000) < 0.5, 2 + rng.standard_normal(3000)
    benefits = np.stack([np.zeros(3000), confirmed * size - 1.0], axis=1)
    truth = 0.5 * (norm.pdf(1) + norm.cdf(1))
    columns = {"confirmed": confirmed.astype(float), "size": confirmed * size}
    one = information(benefits, [Unknown("round", columns)]).unknowns[0]
    assert abs(one.value - truth) < 3 * one.standard_error
    # Knowing alone whether it is confirmed is worth 0.5 × (2 − 1).
    alone = information(benefits, [Unknown("confirmed", {"x": columns["confirmed"]})]).unknowns[0]
    assert abs(alone.value - 0.5) < 3 * alone.standard_error


def test_features_that_matter_together_alone_are_seen() -> None:
    # The sign of a product decides: neither factor tells anything by itself. E max(0, xy) = 1 / π.
    rng = np.random.default_rng(8)
    x, y = rng.standard_normal((2, 3000))
    benefits = np.stack([np.zeros(3000), x * y], axis=1)
    both = information(benefits, [Unknown("both", {"x": x, "y": y})]).unknowns[0]
    assert both.value == pytest.approx(1 / np.pi, rel=0.1)


def test_more_options_are_worth_more_to_know_between() -> None:
    # Of three independent standard normals the largest is 3 / (2 √π) in expectation.
    rng = np.random.default_rng(9)
    benefits = rng.standard_normal((800, 3))
    columns = {str(n): benefits[:, n].copy() for n in range(3)}
    found = information(benefits, [Unknown("all", columns)])
    expected = 3 / (2 * np.sqrt(np.pi))
    assert found.perfect == pytest.approx(expected - benefits.mean(axis=0).max(), abs=0.1)
    assert found.unknowns[0].value == pytest.approx(found.perfect, rel=0.01)


def test_values_scale_with_the_benefits_and_ignore_what_all_options_share() -> None:
    benefits, first, _ = two_options(np.random.default_rng(10), 500, 0.1)
    unknown = [Unknown("x", {"x": first})]
    one = information(benefits, unknown).unknowns[0]
    other = information(7 * benefits + first[:, None] ** 3, unknown).unknowns[0]
    assert other.value == pytest.approx(7 * one.value, rel=1e-6)
    assert other.standard_error == pytest.approx(7 * one.standard_error, rel=1e-6)


def test_unseen_paths_show_that_a_fit_of_noise_is_worth_nothing() -> None:
    values, unseen = [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        benefits = np.stack([np.zeros(80), rng.standard_normal(80)], axis=1)
        columns = {str(n): rng.standard_normal(80) for n in range(4)}
        one = information(benefits, [Unknown("noise", columns)]).unknowns[0]
        values.append(one.value)
        unseen.append(one.unseen)
    # A fit of noise is biased upwards, and decisions by it gain nothing elsewhere.
    assert np.mean(unseen) < 0.01 < np.mean(values)


@pytest.mark.parametrize(
    ("benefits", "column", "said"),
    [
        (np.zeros(40), np.zeros(40), "not (path, option)"),
        (np.zeros((10, 2)), np.zeros(10), "10 paths are too few"),
        (np.full((40, 2), np.nan), np.zeros(40), "no finite numbers"),
        (np.zeros((40, 2)), np.zeros(39), "has the shape (39,), and there are 40 paths"),
        (np.zeros((40, 2)), np.full(40, np.inf), "not finite on every path"),
    ],
)
def test_what_cannot_be_used_is_told(benefits: Floats, column: Floats, said: str) -> None:
    with pytest.raises(InputError) as told:
        information(benefits, [Unknown("gate", {"x": column})])
    assert said in str(told.value)
