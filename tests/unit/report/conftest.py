"""Forecasts of the teaching scenarios, small and made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from headworks.flow.forecast import forecast

if TYPE_CHECKING:
    from headworks.flow.result import Forecast


@pytest.fixture(scope="session")
def open_gates() -> Forecast:
    """Nothing holds anything back."""
    return forecast("open-gates", paths=50)


@pytest.fixture(scope="session")
def closed() -> Forecast:
    """Nothing ever passes."""
    return forecast("closed", paths=50)


@pytest.fixture(scope="session")
def one_gate() -> Forecast:
    """One gate holds 4,000 of 10,000."""
    return forecast("one-gate", paths=50)


@pytest.fixture(scope="session")
def h200() -> Forecast:
    """The main scenario, on a few paths."""
    return forecast("h200-2026", paths=20)
