"""Laws of how arrivals answer orders, on a world with chance in every part."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from headworks.planning.response.curves import curves
from headworks.planning.response.histories import histories
from headworks.planning.response.measure import LEVELS, measure
from headworks.planning.response.readiness import readiness, ready
from tests.unit.planning.response.worlds import World, lively

PATHS = np.arange(12)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000))
def test_small_orders_of_any_timing_arrive_as_their_readiness_says(seed: int) -> None:
    """Where nothing is short for want of room, what is ordered in several months adds up."""
    world = World(lively(), ("ash", "birch"))
    share = readiness(world, np.full(len(world.lines), 0.05), PATHS)
    rng = np.random.default_rng(seed)
    orders = rng.uniform(0.0, 1e-3, (len(world.lines), len(world.months)))
    arrived = world.arrivals([orders], PATHS)[0]
    scale = arrived.max()
    assert scale > 0
    np.testing.assert_allclose(ready(orders, share), arrived, atol=2e-3 * scale)


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_a_curve_promises_no_less_than_was_measured_and_the_gap_is_told(
    seed: int, by_path: bool
) -> None:
    world = World(lively(), ("ash", "birch"))
    rng = np.random.default_rng(seed)
    shape = (len(world.lines), len(world.months), *([len(PATHS)] if by_path else []))
    profile = rng.uniform(0.0, 60.0, shape)
    share = readiness(world, np.full(len(world.lines), 100.0), PATHS)
    measured = measure(histories(world, PATHS), profile, share)
    found = curves(measured.points)
    counted = ready(profile, share)
    assert (found.slope >= 0.0).all()
    assert (found.gap >= -1e-9).all()
    for level, arrived in zip((0.0, *LEVELS), measured.points.arrived, strict=True):
        above = found.at(level * counted) - arrived
        assert (above >= -1e-6).all()
        assert (above <= found.gap + 1e-6).all()
