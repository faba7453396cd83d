"""Draws: spread evenly, fixed by name, and all but independent of each other."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from headworks.scenario.quantity import Quantity
from headworks.throughput.draws import COUNT, drawn, middle, quantile, scores

NAMES = [f"name {number}" for number in range(40)]
UNEVEN = Quantity(
    p5=2.0, med=3.0, p95=9.0, dist="lognormal", kind="estimated", method="for the test"
)


def test_one_draw_is_the_median() -> None:
    assert scores("any", 1).tolist() == [0.0]
    assert drawn(UNEVEN, "any", 1) == pytest.approx([3.0])


@pytest.mark.parametrize("count", [1, 2, COUNT])
@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 0.95, 1.0])
def test_quantiles_are_those_of_numpy(count: int, share: float) -> None:
    table = np.random.default_rng(0).normal(size=(3, count))
    assert quantile(table, share) == pytest.approx(np.quantile(table, share, axis=-1))


def test_the_middle_is_the_median_of_each_row() -> None:
    table = np.random.default_rng(0).normal(size=(3, COUNT))
    assert middle(table).tolist() == [sorted(row)[COUNT // 2] for row in table.tolist()]


def test_scores_are_one_from_each_of_equally_likely_parts() -> None:
    from scipy.special import ndtr

    parts = np.floor(ndtr(scores("any", COUNT)) * COUNT)
    assert sorted(parts) == list(range(COUNT))
    assert kstest(scores("any", COUNT), "norm").statistic < 1 / COUNT
    assert scores("any", COUNT).mean() == pytest.approx(0, abs=1e-12)


def test_a_name_fixes_its_scores_and_nobody_can_change_them() -> None:
    again = np.array(scores("any", COUNT))
    scores.cache_clear()
    assert np.array_equal(scores("any", COUNT), again)
    with pytest.raises(ValueError, match="read-only"):
        scores("any", COUNT)[0] = 1.0


def test_numbers_of_different_names_are_all_but_uncorrelated() -> None:
    table = np.corrcoef([scores(name, COUNT) for name in NAMES])
    others = table[~np.eye(len(NAMES), dtype=bool)]
    # 780 pairs of 256 draws: each correlation has a spread of 1/16, the largest near 3.5 of them
    assert np.abs(others).max() < 5 / np.sqrt(COUNT)
    assert others.std() == pytest.approx(1 / np.sqrt(COUNT), rel=0.2)


def test_the_percentiles_of_a_quantity_are_met() -> None:
    p5, med, p95 = np.percentile(drawn(UNEVEN, "any", COUNT), [5, 50, 95])
    assert (p5, med, p95) == pytest.approx((2.0, 3.0, 9.0), rel=0.02)


def test_what_is_certain_is_the_same_in_every_draw() -> None:
    certain = Quantity(value=4.0, kind="stated", source="example")
    assert drawn(certain, "any", COUNT).tolist() == [4.0] * COUNT


def test_percentiles_of_a_sum_hardly_depend_on_how_scores_are_dealt() -> None:
    """Of ten equal parts the sum is known: its spread is that of one, times the root of ten."""
    sums = [
        sum((scores(f"{deal} {part}", COUNT) for part in range(10)), np.zeros(COUNT))
        for deal in range(200)
    ]
    dealt = np.percentile(sums, [5, 50, 95], axis=1) / np.sqrt(10)
    truth = np.array([-1.645, 0.0, 1.645])
    assert np.abs(dealt.mean(axis=1) - truth).max() < 0.03
    assert dealt.std(axis=1).max() < 0.06 * 2 * 1.645
