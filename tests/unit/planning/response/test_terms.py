"""Pairings and caps as rows: the flow lets pass exactly what the rows allow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from headworks.planning.response.terms import terms
from tests.unit.flow.build import day, passes, scenario, want
from tests.unit.planning.response.worlds import EVIDENCE, World, paired, spread

PATHS = np.arange(25)
UNCERTAIN = {"dist": "beta", "p5": 0.3, "p95": 0.8, **EVIDENCE}


@pytest.mark.parametrize(
    "given",
    [
        {"ratio": spread(0.2, 2.0), "grace": spread(1, 5)},
        {"ratio": spread(0.2, 2.0), "direction": "domestic_per_imported", "grace": 3},
        {"ratio": spread(0.2, 2.0), "probability": UNCERTAIN},
        {"ratio": spread(0.2, 2.0), "metric": "tpp"},
        {"ratio": spread(0.2, 2.0), "trigger": "installed"},
        {"ratio": 0, "direction": "domestic_per_imported"},
    ],
)
def test_the_flow_lets_pass_what_a_pairing_allows_as_a_row(given: dict[str, Any]) -> None:
    """Imports wanted without end: what arrives is grace + ratio × domestic, or everything."""
    world = World(paired(**given), ("ash",))
    found = terms(world, PATHS)
    (ratio,) = found.ratios
    imported, home = ([line.chip for line in world.lines].index(chip) for chip in ("alpha", "home"))
    assert ratio.trigger == ("installed" if given.get("trigger") == "installed" else "ordered")
    orders = np.zeros((2, 7))
    orders[imported, 0], orders[home, 0] = 500.0, 40.0
    arrived = world.arrivals([orders], PATHS, lifted=False)[0][:, -1]
    room = found.grace[0] + found.ratio[0, -1] * ratio.domestic[home] * 40.0
    expected = np.minimum(room / ratio.imported[imported], 500.0)
    np.testing.assert_allclose(arrived[imported], expected, rtol=1e-9)
    if "probability" in given:
        assert 0 < np.isinf(found.ratio[0, -1]).sum() < len(PATHS)


def test_a_pairing_holds_from_its_day_and_after_its_grace() -> None:
    """From 1 March, not enforced for ten days: it holds as March ends, and not as February does."""
    starts = {"from": dt.date(2026, 3, 1), "grace_days": 10}
    found = terms(World(paired(**starts), ("ash",)), PATHS)
    assert np.isinf(found.ratio[0, :2]).all()
    assert (found.ratio[0, 2:] == 0.5).all()


def test_each_company_has_a_row_of_its_own() -> None:
    found = terms(World(paired(), ("birch", "ash")), PATHS)
    assert [row.name for row in found.ratios] == ["export: pairs, ash", "export: pairs, birch"]
    assert [row.company for row in found.ratios] == [1, 0]


def capped(**terms: Any) -> World:  # noqa: ANN401 - any part of a cap
    cap = {"kind": "cap", "amount": 30, **terms}
    gates = {"gate": passes("installed", conditions={"limit": cap})}
    wants = {"ash": want(100), "birch": want(100)}
    return World(scenario(gates, wants, periods=26), ("ash",))


def test_the_flow_lets_pass_what_a_cap_allows_as_a_row() -> None:
    world = capped(amount=spread(10, 80))
    found = terms(world, PATHS)
    assert [row.weight.tolist() for row in found.ceilings] == [[1.0]]
    orders = np.zeros((1, 7))
    orders[0, 0] = 50.0
    arrived = world.arrivals([orders], PATHS, lifted=False)[0][0, -1]
    np.testing.assert_allclose(arrived, np.minimum(found.amount[0, -1], 50.0))
    assert (world.arrivals([orders], PATHS)[0][0, -1] == 50.0).all()


@pytest.mark.parametrize("stays", [{"by": "all"}, {"by": "party_group"}, {"per_days": 30}])
def test_caps_that_others_share_or_that_roll_stay_in_the_gate(stays: dict[str, Any]) -> None:
    world = capped(**stays)
    found = terms(world, PATHS)
    assert found.ceilings == ()
    assert found.amount.shape == (0, 7, 25)
    orders = np.zeros((1, 7))
    orders[0, 0] = 50.0
    one, other = (world.arrivals([orders], PATHS, lifted=each)[0] for each in (True, False))
    assert np.array_equal(one, other)
    assert one[0, 0, 0] < 50.0


def test_a_cap_from_a_later_day_binds_from_then_on() -> None:
    found = terms(capped(**{"from": day(60)}), PATHS)
    assert np.isinf(found.amount[0, :2]).all()
    assert (found.amount[0, 2:] == 30).all()
