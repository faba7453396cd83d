"""Cost: the roofline and its sides, against the published form and by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headworks.throughput.cost import Cost, messages, waiting
from headworks.throughput.cost import roofline as joined

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws

SECONDS = st.floats(1e-9, 1e3)


SHARPNESS = 2.5


def roofline(compute: Draws, bandwidth: Draws) -> Cost:
    return joined(compute, bandwidth, SHARPNESS)


def of(value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([value])


@given(SECONDS, SECONDS)
def test_a_roofline_lies_between_the_longer_side_and_the_sum(one: float, other: float) -> None:
    total = roofline(of(one), of(other)).total[0]
    assert max(one, other) * (1 - 1e-12) <= total <= (one + other) * (1 + 1e-12)
    assert total == pytest.approx(np.linalg.norm([one, other], SHARPNESS), rel=1e-9)


@given(SECONDS, SECONDS, st.floats(1.0, 10.0))
def test_a_longer_side_never_shortens_the_time(one: float, other: float, times: float) -> None:
    total = roofline(of(one), of(other)).total[0]
    assert roofline(of(one * times), of(other)).total[0] >= total * (1 - 1e-12)
    both = roofline(of(one * times), of(other * times)).total[0]
    assert both == pytest.approx(total * times, rel=1e-9)


@given(SECONDS, SECONDS)
def test_the_sides_share_the_time_and_swap_with_their_sides(one: float, other: float) -> None:
    cost, swapped = roofline(of(one), of(other)), roofline(of(other), of(one))
    assert cost.compute[0] == pytest.approx(swapped.bandwidth[0], rel=1e-9)
    assert cost.total[0] == pytest.approx(cost.compute[0] + cost.bandwidth[0])
    assert cost.latency[0] == cost.network[0] == 0
    assert cost.bound_by() == ("compute" if cost.compute[0] >= cost.bandwidth[0] else "bandwidth")


def test_one_side_alone_is_that_side() -> None:
    assert roofline(of(3.0), of(0.0)).seconds() == {
        "compute": 3.0, "bandwidth": 0.0, "latency": 0.0, "network": 0.0,
    }  # fmt: skip
    assert roofline(of(0.0), of(0.0)).total[0] == pytest.approx(0, abs=1e-100)


def test_at_the_ridge_the_time_is_a_third_longer() -> None:
    assert roofline(of(1.0), of(1.0)).total[0] == pytest.approx(1.3195, abs=1e-4)


def test_costs_add_and_multiply_part_by_part() -> None:
    cost = roofline(of(4.0), of(0.0)) + waiting(of(2.0)) * 3.0 + messages(of(1.0))
    assert cost.seconds() == {"compute": 4.0, "bandwidth": 0.0, "latency": 6.0, "network": 1.0}
    assert cost.total[0] == 11.0
    assert cost.bound_by() == "latency"
    assert (cost - waiting(of(2.0))).latency[0] == 4.0


def test_medians_are_of_each_part() -> None:
    cost = Cost(np.array([[1.0, 2.0, 9.0], [0, 0, 0], [5.0, 0.0, 0.0], [0, 0, 0]]))
    assert cost.seconds() == {"compute": 2.0, "bandwidth": 0.0, "latency": 0.0, "network": 0.0}
    assert cost.bound_by() == "compute"
