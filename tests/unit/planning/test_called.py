"""What companies and chips of a plan are called."""

from __future__ import annotations

from dataclasses import replace

from headworks.flow.line import Line
from headworks.planning.called import called
from headworks.scenario.load import load
from tests.unit.planning.answers.test_prices import gated


def test_no_name_stands_for_two() -> None:
    scenario = load("h200-2026")
    twin = scenario.chips["h200-sxm"].model_copy(update={"name": "H200 SXM"})
    scenario = scenario.model_copy(update={"chips": {**scenario.chips, "h200-twin": twin}})
    lines = tuple(
        Line("bytedance", chip, "us-direct", 1.0)
        for chip in ("h200-sxm", "h200-twin", "ascend-910c")
    )
    problem = replace(gated(10.0), lines=lines, companies=("bytedance", "nobody-known"))
    assert called(scenario, problem) == {
        "ascend-910c": "Huawei Ascend 910C",
        "bytedance": "ByteDance",
        "nobody-known": "nobody-known",
    }
