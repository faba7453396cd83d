"""Small worlds in which a plan orders, for tests of how arrivals answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.planning.response.world import World
from tests.unit.flow.build import (
    EVIDENCE,
    a_round,
    day,
    grants,
    passes,
    rounds,
    scenario,
    stock,
    want,
)
from tests.unit.flow.worlds import lively, spread

if TYPE_CHECKING:
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]


def contested(
    supply: float = 200.0,
    lead_time_days: float = 14.0,
    companies: tuple[str, ...] = ("ash", "birch"),
) -> Scenario:
    """Return companies that share what is made, in proportion, and nothing random."""
    gates = {
        "allocation": passes("produced", pool="made", lead_time_days=lead_time_days),
        "installation": passes("installed"),
    }
    wants = {name: want(300) for name in companies}
    return scenario(gates, wants, {"made": stock(supply)}, periods=26)


def in_rounds() -> Scenario:
    """Return a company whose chips need papers of one round, in the seventh week."""
    gates = {
        "approval": grants("approved", pool="round"),
        "export": passes("shipped", requires=["approval"]),
        "installation": passes("installed", lead_time_days=14),
    }
    return scenario(
        gates, {"ash": want(300)}, {"round": rounds(first=a_round(day(44), 60))}, periods=26
    )


def paired(**terms: Any) -> Scenario:  # noqa: ANN401 - any part of a pairing
    """Return two companies whose imports of `alpha` are paired with the domestic chip `home`."""
    pairing = {
        "kind": "pairing", "domestic": ["home"], "chips": ["alpha"], "ratio": 0.5,
        "direction": "imported_per_domestic", "trigger": "ordered", **terms,
    }  # fmt: skip
    gates = {
        "export": passes("shipped", conditions={"pairs": pairing}),
        "installation": passes("installed"),
        "home_installation": passes("installed"),
    }
    wants = {
        name: {"alpha": want(100), "home": want(100, routes={"home": 1.0})}
        for name in ("ash", "birch")
    }
    routes = {"home": ["home_installation"], "main": ["export", "installation"]}
    return scenario(gates, wants, None, routes, periods=26)


def even(world: World, *units: float, months: int | None = None) -> Floats:
    """Return orders of each line, spread evenly over the first months, shape (line, month)."""
    span = len(world.months) if months is None else months
    orders = np.zeros((len(world.lines), len(world.months)))
    orders[:, :span] = np.array(units)[:, None] / span
    return orders


__all__ = ["EVIDENCE", "World", "contested", "even", "in_rounds", "lively", "paired", "spread"]
