"""Every section keeps the contract of sections, and the numbers of some are known."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

import headworks.report.sections as package
from headworks.flow.compare import compare
from headworks.flow.forecast import forecast
from headworks.report.content import Content, Link, Material, Table
from headworks.report.sections import SECTIONS, basis, compute, gates, seller, stocks, waterfall
from headworks.scenario.load import load

if TYPE_CHECKING:
    from headworks.flow.compare import Comparison
    from headworks.flow.result import Forecast
    from headworks.report.content import Section


def by_id(section: Section[Material]) -> str:
    return section.id


def test_every_module_of_the_package_is_registered_once() -> None:
    modules = [module.name for module in pkgutil.iter_modules(package.__path__)]
    found = [importlib.import_module(f"{package.__name__}.{name}") for name in modules]
    assert {module.build for module in found} == {section.build for section in SECTIONS}
    assert len({section.id for section in SECTIONS}) == len(SECTIONS)


@pytest.mark.parametrize("scenario", ["open_gates", "closed", "one_gate", "h200"])
@pytest.mark.parametrize("section", SECTIONS, ids=by_id)
def test_a_section_keeps_the_contract(
    section: Section[Material], scenario: str, request: pytest.FixtureRequest
) -> None:
    content = section.build(Material(request.getfixturevalue(scenario)))
    if content is None:
        assert section.id == "comparison"
        return
    assert content.paragraphs or content.charts or content.tables
    for table in tables(content):
        keys = [column.key for column in table.columns]
        assert len(set(keys)) == len(keys)
        assert table.rows
        assert all(len(row) == len(keys) for row in table.rows)
    for chart in content.charts:
        assert chart.views
        assert chart.axis
        assert all(view.finding and not view.finding.endswith(".") for view in chart.views)
        if "view" in chart.options:
            assert {view.key for view in chart.views} == set(
                chart.table.column(chart.options["view"])
            )


def tables(content: Content) -> list[Table]:
    return [*content.tables, *(chart.table for chart in content.charts)]


def test_the_first_section_is_the_answer_and_the_last_what_it_rests_on() -> None:
    assert SECTIONS[0].id == "answer"
    assert SECTIONS[-1].id == "basis"


@pytest.mark.parametrize("chip", ["h200-sxm", "all", "ascend-910c"])
def test_the_means_of_the_waterfall_add_up(h200: Forecast, chip: str) -> None:
    levels = waterfall.levels(h200, chip)
    rows = waterfall.steps_of(levels)
    first, *steps, last = [mean for _, _, mean, *_ in rows]
    assert first - sum(steps) == pytest.approx(last)
    assert last == pytest.approx(h200.samples("installed", chip=chip).mean())


def test_the_waterfall_leaves_out_stocks_that_some_route_does_not_report(h200: Forecast) -> None:
    assert "shipped" not in waterfall.levels(h200, "all")
    assert "shipped" in waterfall.levels(h200, "h200-sxm")


def test_the_waterfall_of_a_shut_gate_is_known(closed: Forecast) -> None:
    rows = {step: mean for step, _, mean, *_ in waterfall.steps_of(waterfall.levels(closed, "all"))}
    assert rows["wanted"] == 17_000
    assert rows["shipped, not cleared"] == 17_000
    assert rows["installed"] == 0


def test_whiskers_are_quantiles_of_differences(h200: Forecast) -> None:
    levels = waterfall.levels(h200, "h200-sxm")
    gap = levels["wanted"] - levels["ordered"]
    row = waterfall.steps_of(levels)[1]
    assert row[3] == pytest.approx(np.quantile(gap, 0.05))
    assert row[5] == pytest.approx(np.quantile(gap, 0.95))


def test_waiting_by_month_gives_the_unit_days_of_the_forecast(h200: Forecast) -> None:
    units = gates.waiting_units(h200, {*h200.net.goods, *h200.net.papers})
    periods = np.diff([0, *h200.monthly.periods])
    days = periods * h200.scenario.period_days
    whole = sum(float((values * days).sum()) for values in units.values())
    assert whole == pytest.approx(h200.binding_rows()[0]["waiting_unit_days_mean"], rel=1e-6)
    assert len(units) == gates.COLOURS


def test_domestic_and_imported_shares_agree_with_the_forecast(h200: Forecast) -> None:
    units = compute.shares(h200)[0]
    end = h200.asked.dates[-1].isoformat()
    row = next(
        row
        for row in h200.domestic_share_rows()
        if (row["company"], row["date"], row["measure"]) == ("all", end, "units")
    )
    assert units["share_med"] == pytest.approx(row["value_med"])
    installed = h200.samples("installed").mean()
    assert units["imported"] + units["domestic"] == pytest.approx(installed)


def test_shares_are_left_out_where_all_chips_come_from_one_side(one_gate: Forecast) -> None:
    assert compute.shares(one_gate) == []


def test_stocks_start_with_the_chip_in_focus(h200: Forecast) -> None:
    content = stocks.build(Material(h200))
    assert [view.key for view in content.charts[0].views][:2] == ["h200-sxm", "all"]


def test_the_seller_of_imported_chips_comes_first(h200: Forecast) -> None:
    content = seller.build(Material(h200))
    assert content is not None
    assert content.charts[0].views[0].key == "NVIDIA"


def test_the_basis_counts_every_number(one_gate: Forecast) -> None:
    content = basis.build(Material(one_gate))
    rows = {row[0]: row for row in content.tables[0].rows}
    # Stock, inflow, delivery, want, need and the split over routes.
    assert (rows["assumed"][2], rows["stated"][2]) == (6, 0)
    assert content.paragraphs[0].startswith("Of the 6 numbers of the scenario itself, 100 % are")


def test_sources_are_told_with_what_was_read(h200: Forecast) -> None:
    content = basis.build(Material(h200))
    table = next(table for table in content.tables if table.caption == "Sources")
    seen = [cell for cell in table.column("seen") if isinstance(cell, Link)]
    assert any(link.text.startswith("relayed (") and link.href for link in seen)
    assert any(link.text == "original" and link.href for link in seen)


def of_comparison(both: Comparison) -> Content:
    section = next(section for section in SECTIONS if section.id == "comparison")
    content = section.build(Material(both.other, both))
    assert content is not None
    return content


def test_a_comparison_has_a_section_of_its_own() -> None:
    content = of_comparison(compare("open-gates", "closed", paths=5))
    chart = content.charts[0]
    assert chart.views[0].finding == "17,000 fewer chips are installed in closed than in open-gates"
    assert chart.table.rows[0][:4] == ("All companies and chips", 17_000, 0, -17_000)
    assert content.paragraphs == ("This page shows closed. Here it is compared with open-gates.",)


def test_a_comparison_is_told_stock_by_stock() -> None:
    table = of_comparison(compare("open-gates", "closed", paths=5)).tables[0]
    assert table.column("stock") == ["cleared", "installed"]
    assert table.column("mean") == [-17_000, -17_000]


def test_a_comparison_with_a_changed_self_names_what_was_set() -> None:
    """100 chips a week: two more weeks under way are 200 fewer in service by the end."""
    changed = load("one-gate", set_={"gates.allocation.lead_time_days": "28"})
    both = compare("one-gate", changed, paths=5)
    content = of_comparison(both)
    assert content.charts[0].views[0].finding == (
        "200 fewer chips are installed in one-gate with gates.allocation.lead_time_days=28 than in "
        "one-gate"
    )


def test_a_comparison_of_the_same_says_so_and_shows_no_part() -> None:
    both = compare("one-gate", "one-gate", paths=5)
    content = of_comparison(both)
    assert content.charts[0].views[0].finding == (
        "As many chips are installed in one-gate as in one-gate"
    )
    assert len(content.charts[0].table.rows) == 1
    assert not content.tables


def test_parts_that_a_comparison_moves_stand_by_size_and_have_names_of_their_own() -> None:
    both = compare("open-gates", "closed", paths=5)
    names = of_comparison(both).charts[0].table.column("group")
    assert names == [
        "All companies and chips", "H200 SXM", "H20 96GB",
        "A large company", "A company of middling size", "A small company",
    ]  # fmt: skip


def test_remarks_stand_with_what_the_result_rests_on() -> None:
    late = {"companies.buyer.wants.h200-sxm.schedule.0.on": "2031-01-01"}
    content = basis.build(Material(forecast(load("one-gate", set_=late), paths=2, binding=False)))
    assert content.paragraphs[1] == (
        "Remark: companies.buyer.wants.h200-sxm.schedule begins on 2031-01-01, after the last day "
        "of the horizon, 2027-01-03: it has no effect."
    )


def test_only_addresses_of_the_web_become_links() -> None:
    assert Link("a", "javascript:alert(1)").href is None
    assert Link("a", "https://example.org/").href == "https://example.org/"
