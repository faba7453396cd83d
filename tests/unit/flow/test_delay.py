"""What is under way is what has entered and has neither left nor been taken out."""

from __future__ import annotations

import numpy as np
import pytest

from headworks.flow.delay import PARTS_MAX, Delay

SHAPE = (3, 4)


@pytest.mark.parametrize("lag", [0.0, 0.4, 1.0, 2.0, 2.5, PARTS_MAX, PARTS_MAX + 1.0])
def test_what_is_under_way_is_what_has_entered_and_not_left(lag: float) -> None:
    rng = np.random.default_rng(int(10 * lag))
    delay = Delay(np.full(SHAPE[1], lag), SHAPE)
    begun = rng.random(SHAPE)
    gone = delay.begin(begun)
    entered, out = begun.copy(), np.zeros(SHAPE) if gone is None else gone.copy()
    for period in range(15):
        out += delay.leave(period)
        assert np.allclose(delay.amount, entered - out, atol=1e-12)
        assert np.allclose(sum(delay.parts), delay.amount, atol=1e-12)
        if period == 7:
            out += delay.remove(rng.random(SHAPE))
        mass = rng.random(SHAPE)
        at_once = delay.enter(period, mass)
        entered += mass
        if at_once is not None:
            out += at_once
        assert np.allclose(delay.amount, entered - out, atol=1e-12)


def test_paths_with_lags_of_their_own_keep_a_sum() -> None:
    delay = Delay(np.array([1.0, 2.0]), (1, 2))
    for period in range(4):
        delay.leave(period)
        delay.enter(period, np.ones((1, 2)))
    assert delay.amount.tolist() == [[1.0, 2.0]]
