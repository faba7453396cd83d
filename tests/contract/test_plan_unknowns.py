"""What a plan is told of the gates is what the flow draws of them, path by path."""

from __future__ import annotations

import numpy as np
import pytest

from headworks.flow.draws import Draws
from headworks.flow.network import network
from headworks.flow.period import step
from headworks.flow.state import State
from headworks.flow.streams import Streams
from headworks.planning.information import Unknown, information
from headworks.planning.unknowns import unknowns
from headworks.scenario.load import load
from headworks.scenario.pool import RoundsPool
from tests.unit.flow.worlds import lively

PATHS = 60


def of(found: list[Unknown], name: str) -> Unknown:
    return next(one for one in found if one.name == name)


def test_features_are_what_the_flow_draws() -> None:
    net = network(lively())
    state = State(net, Draws(net.scenario, Streams(1, 0, PATHS)))
    found = unknowns(net, Draws(net.scenario, Streams(1, 0, PATHS)))
    customs = state.goods["customs"].opening
    assert customs is not None
    assert of(found, "customs").columns["open share"].tolist() == (
        customs.share.mean(axis=0).tolist()
    )
    approval = of(found, "approval").columns
    records = {record.name: record for record in state.rounds["approvals"].rounds}
    for name, record in records.items():
        in_time = record.due < net.scenario.periods
        assert approval[f"{name} size"].tolist() == np.where(in_time, record.size, 0).tolist()
    pool = net.scenario.pools["approvals"]
    assert isinstance(pool, RoundsPool)
    drawn = [state.papers["approval"].take_ups(name, one.on) for name, one in pool.rounds.items()]
    mean = np.mean([each for each in drawn if each is not None], axis=(0, 1))
    assert approval["take_up"] == pytest.approx(mean)
    made = state.pools["made"]
    for period in range(net.scenario.periods):
        step(state, period)
    came = (made.start + made.inflow)[0]
    assert of(found, "allocation").columns["supply"] == pytest.approx(came)


def test_a_company_is_told_of_its_own_gates_and_rounds_alone() -> None:
    net = network(load("h200-2026"))
    draws = Draws(net.scenario, Streams(1, 0, PATHS))
    mine = {one.name: one for one in unknowns(net, draws, "bytedance")}
    assert "offshore_licence" not in mine
    assert {"customs", "cn_approval", "us_licence", "driver beijing"} <= mine.keys()
    labels = mine["cn_approval"].columns.keys()
    assert "first size" in labels
    assert "deepseek size" not in labels
    export = mine["export"].columns
    assert set(np.unique(export["domestic-pairing applies"])) == {0.0, 1.0}
    ratio, applies = export["domestic-pairing ratio"], export["domestic-pairing applies"]
    assert ((ratio > 0) == (applies > 0)).all()
    assert mine.keys() <= {one.name for one in unknowns(net, draws)}


def test_nothing_is_uncertain_where_nothing_is() -> None:
    net = network(load("one-gate"))
    assert unknowns(net, Draws(net.scenario, Streams(1, 0, PATHS))) == []


def test_the_gate_that_decides_is_worth_most() -> None:
    # An order pays where the customs are open for more than two thirds of the time.
    net = network(lively())
    draws = Draws(net.scenario, Streams(1, 0, 200))
    found = unknowns(net, draws)
    share = of(found, "customs").columns["open share"]
    benefits = np.stack([np.zeros(200), share - 2 / 3], axis=1)
    told = information(benefits, found)
    ranked = told.unknowns
    assert ranked[0].name == "customs"
    assert ranked[0].value == pytest.approx(told.perfect, rel=0.02)
    # The mood moves customs, so that it tells something of them too.
    assert 0 < next(one.value for one in ranked if one.name == "driver mood") < ranked[0].value
