"""The answer in words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.flow.forecast import forecast
from headworks.report import text
from headworks.report.focus import focus, imported
from headworks.report.names import chip_name, gate_name
from headworks.scenario.load import load

if TYPE_CHECKING:
    from headworks.flow.result import Forecast


def test_where_all_work_the_answer_says_so(open_gates: Forecast) -> None:
    assert text.answer(open_gates) == (
        "By 3 January 2027 all 14,000 H200 SXM wanted work in China; no gate holds any chip back."
    )


def test_where_none_works_the_answer_names_the_gate(closed: Forecast) -> None:
    assert text.answer(closed) == (
        "By 3 January 2027 none of the 14,000 H200 SXM wanted work in China; the gate that holds "
        "back most is customs."
    )


def test_where_some_work_for_sure_the_answer_has_no_interval(one_gate: Forecast) -> None:
    assert text.answer(one_gate) == (
        "By 3 January 2027 6,000 of the 10,000 H200 SXM wanted work in China; the gate that holds "
        "back most is allocation."
    )


def test_where_it_is_uncertain_the_answer_has_an_interval(h200: Forecast) -> None:
    pattern = (
        r"By 30 January 2028 a median of [\d.,]+( million)? H200 SXM \(5–95 %: .+ to .+\) work"
    )
    assert re.match(pattern, text.answer(h200))


def test_without_counterfactuals_the_answer_says_where_units_wait() -> None:
    result = forecast("one-gate", paths=5, binding=False)
    assert text.answer(result).endswith("; most of what waits, waits at allocation.")
    assert text.gate_sentence(result).endswith("what each gate held back was not computed.")


def test_the_focus_is_the_most_wanted_chip_with_the_most_gates(
    open_gates: Forecast, h200: Forecast
) -> None:
    assert focus(open_gates) == "h200-sxm"
    assert focus(h200) == "h200-sxm"
    assert imported(h200, "h200-sxm")
    assert not imported(h200, "ascend-910c")


def test_the_gates_are_told_together_and_alone(closed: Forecast, open_gates: Forecast) -> None:
    assert text.gate_sentence(closed) == (
        "With every gate wide open 17,000 more chips would work by 3 January 2027; of all gates, "
        "opening customs alone would add most, 17,000."
    )
    assert "nothing holds any back" in text.gate_sentence(open_gates)


def test_a_gate_that_helps_only_with_others_is_not_named(closed: Forecast) -> None:
    units = closed.binding.units.copy()
    units[1:] = 0.0
    together = replace(closed, binding=replace(closed.binding, units=units))
    assert "but none would if only one gate were opened" in text.gate_sentence(together)
    assert "no gate on their way holds them back alone" in text.answer(together)


def test_the_chance_of_nothing_is_told(closed: Forecast, open_gates: Forecast) -> None:
    assert text.certainty_sentence(closed).startswith("On none of 50 paths")
    assert text.certainty_sentence(open_gates).startswith("On every one of 50 paths")


def test_stocks_that_no_gate_reports_are_left_out(one_gate: Forecast, h200: Forecast) -> None:
    assert text.stocks_shown(one_gate) == ["wanted", "ordered", "produced", "installed"]
    assert {"licensed", "approved", "shipped"} <= set(text.stocks_shown(h200))


def test_stock_rows_hold_the_quantiles_of_the_forecast(h200: Forecast) -> None:
    row = next(row for row in text.stock_rows(h200, chip="h200-sxm") if row["stock"] == "installed")
    units = h200.samples("installed", chip="h200-sxm")
    assert row["units_med"] == np.median(units)
    assert row["units_mean"] == units.mean()


def test_names_are_those_that_people_use(h200: Forecast) -> None:
    assert gate_name("cn_approval") == "Chinese approval"
    assert gate_name("us_lab_test") == "US lab test"
    assert chip_name(h200, "h200-sxm") == "H200 SXM"
    assert chip_name(h200, "all") == "all chips"
    assert chip_name(h200, "unheard-of") == "unheard-of"


def test_an_uncertain_effect_has_its_interval(h200: Forecast) -> None:
    sentence = text.gate_sentence(h200, way_of="h200-sxm")
    assert "more chips would work on average (5–95 %: " in sentence
    assert "; of those on the way of H200 SXM, opening " in sentence
    assert "; of all gates, opening " in text.gate_sentence(h200)


def test_where_gates_are_open_less_than_stated_it_is_told(
    one_gate: Forecast, h200: Forecast
) -> None:
    assert text.openness_sentence(one_gate) == ""
    assert text.openness_sentence(h200) == ""  # a few paths show nothing but chance
    many = forecast("h200-2026", paths=500, binding=False)
    assert re.fullmatch(
        r"Share of time open on these paths: customs 7\d % \(stated: 7\d %\).*, as drivers that "
        r"outlast a spell make long ones of a kind come together\.",
        text.openness_sentence(many),
    )


def test_where_nothing_is_wanted_it_is_told() -> None:
    none = load("one-gate", set_={"companies.buyer.wants.h200-sxm.schedule.0.units": "0"})
    assert text.answer(forecast(none, paths=2)) == (
        "By 3 January 2027 no H200 SXM are wanted, and none work in China; no gate holds any chip "
        "back."
    )


def test_one_path_is_told_as_one() -> None:
    told = [text.certainty_sentence(forecast(name, paths=1)) for name in ("closed", "open-gates")]
    assert told == [
        "On the only path no H200 SXM works by then.",
        "On the only path at least one H200 SXM works by then.",
    ]
