"""The page of a plan: its numbers are those of the plan, and each section keeps the contract."""

from __future__ import annotations

import dataclasses
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from headworks.errors import InputError
from headworks.report.plan import orders, tried, worth
from headworks.report.plan.page import SECTIONS, render_plan, write_plan_report
from headworks.report.plan.reading import Run, shown
from headworks.report.plan.shown import PlanShown, weighted_bands
from tests.unit.report.plan.made_up import LATER, PROBABILITIES, made_up, problem, run, told
from tests.unit.report.test_page import read

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.report.content import Content

BANDS = ("mean", "p5", "p25", "med", "p75", "p95")


def built(section: str, **changes: object) -> Content | None:
    return next(one for one in SECTIONS if one.id == section).build(made_up(**changes))


def chart_rows(content: Content | None) -> list[dict[str, object]]:
    assert content is not None
    table = content.charts[0].table
    keys = [column.key for column in table.columns]
    return [dict(zip(keys, row, strict=True)) for row in table.rows]


def test_every_section_keeps_the_contract() -> None:
    for section in SECTIONS:
        content = section.build(made_up())
        assert content is not None
        assert content.paragraphs or content.charts or content.tables
        tables = [*content.tables, *(chart.table for chart in content.charts)]
        for table in tables:
            assert table.rows
            assert all(len(row) == len(table.columns) for row in table.rows)
        for chart in content.charts:
            assert all(view.finding and not view.finding.endswith(".") for view in chart.views)
            if "panel" in chart.options:
                panels = {panel.key for panel in chart.panels}
                assert panels == set(chart.table.column(chart.options["panel"]))


@pytest.mark.parametrize(
    ("section", "empty"),
    [
        ("orders", {"orders": ()}), ("arrivals", {"arrivals": {}}), ("served", {"work": {}}),
        ("prices", {"prices": ()}), ("information", {"tried": ()}),
        ("policies", {"tried": ()}), ("scenarios", {"scenarios": ()}),
    ],
)  # fmt: skip
def test_a_section_without_anything_to_show_is_left_out(
    section: str, empty: dict[str, object]
) -> None:
    assert built(section, **empty) is None
    assert f'id="{section}"' not in render_plan(made_up(**empty))


@pytest.mark.parametrize(
    ("worst_case", "said"),
    [(True, "made for the worst of these scenarios"), (False, "the others count for nothing")],
)
def test_the_page_says_in_which_scenario_the_plan_comes_to_most(
    worst_case: bool, said: str
) -> None:
    content = built("scenarios", worst_case=worst_case)
    assert content is not None
    assert "It comes to most in shut: 2.5 billion USD." in content.paragraphs[0]
    assert said in content.paragraphs[0]
    assert [row[-1] for row in content.tables[0].rows] == ["", "the worst"]


def test_what_to_order_now_and_what_to_wait_with_are_told_apart() -> None:
    now, wait, power = orders.answer(made_up()).tables
    assert now.rows == (("h200-sxm (mainland)", 300.0), ("ascend-910c (domestic-910c)", 100.0))
    assert wait.rows == (("ascend-910c (domestic-910c)", 30.0, 0.0, 60.0),)
    assert [row[2] for row in power.rows] == [1.5]
    nothing = orders.answer(made_up(orders=()))
    assert nothing.paragraphs[0] == "Nothing is to be ordered this quarter."


def test_the_calendar_has_a_cell_for_each_line_and_month_up_to_the_last_order() -> None:
    rows = chart_rows(built("orders"))
    assert len(rows) == 2 * 5
    cells = {(row["line"], row["month"].month): row for row in rows}  # type: ignore[attr-defined]
    assert cells["h200-sxm (mainland)", 2]["units"] == 100
    assert cells["h200-sxm (mainland)", 3]["units"] == 0
    later = cells["ascend-910c (domestic-910c)", 6]
    assert (later["units"], later["least"], later["most"], later["decided"]) == (30, 0, 60, "then")
    assert sum(row["units"] for row in rows) == 430  # type: ignore[misc]


def test_orders_are_added_up_over_outlooks_by_probability() -> None:
    shown = made_up()
    chance = np.array(PROBABILITIES)
    later = chance @ LATER[[0, 1, 1]]
    assert list(shown.arrivals) == ["h200-sxm", "ascend-910c"]
    assert shown.arrivals["h200-sxm"].ordered[-1] == pytest.approx(300 + later[0])
    assert shown.arrivals["ascend-910c"].ordered[-1] == pytest.approx(100 + later[1])
    arrived = run().arrived[:, 0]
    assert shown.arrivals["h200-sxm"].bands[:, 0] == pytest.approx(chance @ arrived)


def test_quantiles_weigh_outlooks_by_their_probability() -> None:
    values = np.array([[10.0], [30.0], [20.0]])
    bands = dict(zip(BANDS, weighted_bands(values, [0.5, 0.3, 0.2])[0], strict=True))
    # Ranked 10 (0.5), 20 (0.7), 30 (1.0).
    assert bands == pytest.approx(
        {"mean": 18, "p5": 10, "p25": 10, "med": 10, "p75": 30, "p95": 30}
    )
    many = np.arange(1000.0)[:, None]
    even = weighted_bands(many, np.full(1000, 1e-3))[0]
    assert even[1:] == pytest.approx(np.quantile(many, [0.05, 0.25, 0.5, 0.75, 0.95]), abs=1)


def test_work_is_what_serves_it_and_adds_up_to_what_is_wanted() -> None:
    shown = made_up()
    assert sum(shown.work.values()) == pytest.approx(np.full(6, 100.0))
    rows = chart_rows(worth.served(shown))
    by_month: dict[object, float] = {}
    for row in rows:
        by_month[row["date"]] = by_month.get(row["date"], 0.0) + float(row["share"])  # type: ignore[arg-type]
    assert list(by_month.values()) == pytest.approx([1.0] * 6)


def test_work_that_is_unknown_on_an_outlook_that_counts_is_not_drawn() -> None:
    rows = np.array([[np.nan], [1.0], [1.0]])
    unknown = replace(run(), **{
        name: getattr(run(), name) * rows for name in ("served", "rented", "short")
    })  # fmt: skip
    assert of(unknown).work == {}
    assert worth.served(of(unknown)) is None
    known = of(run(), chances=(0.0, 0.6, 0.4))
    assert of(unknown, chances=(0.0, 0.6, 0.4)).work == {
        part: pytest.approx(mean) for part, mean in known.work.items()
    }


def of(followed: Run, chances: tuple[float, ...] = PROBABILITIES) -> PlanShown:
    outlooks = zip(problem().outlooks, chances, strict=True)
    weighed = tuple(replace(one, probability=chance) for one, chance in outlooks)
    return shown(told(), replace(problem(), outlooks=weighed), followed, title="", answer="")


def test_the_dearest_to_know_comes_first_with_its_interval() -> None:
    content = tried.information(made_up())
    rows = [row for row in chart_rows(content) if row["scenario"] == "made-up"]
    assert [row["gate"] for row in rows] == ["Chinese approval", "Chinese customs"]
    assert rows[0]["p95"] == pytest.approx(1.3e8 + 1.645 * 2.0e7, rel=1e-4)
    assert content is not None
    assert "Chinese approval, 130 million USD" in content.charts[0].views[0].finding


def test_prices_stand_by_kind_and_in_words() -> None:
    content = worth.prices(made_up())
    assert content is not None
    assert [panel.title for panel in content.charts[0].panels] == [
        "One chip more let through", "One MW more",
    ]  # fmt: skip
    assert len(content.tables[0].rows) == 3


def test_policies_are_told_by_regret() -> None:
    content = tried.policies(made_up())
    assert content is not None
    assert content.charts[0].views[0].finding == (
        "Least regret: the plan, which costs 1.5 billion USD on average"
    )
    served = tried.policies(made_up(money=False))
    assert served is not None
    assert "leaves unserved 1.5 billion H100-equivalent months" in (
        served.charts[0].views[0].finding
    )


def test_policies_and_gates_are_told_in_each_scenario_by_a_selector() -> None:
    content = tried.policies(made_up())
    assert content is not None
    chart = content.charts[0]
    assert [view.key for view in chart.views] == ["made-up", "shut", "late"]
    assert chart.options["view"] == "scenario"
    rows = [(row["scenario"], row["policy"]) for row in chart_rows(content)]
    assert rows.count(("shut", "the plan")) == 1
    assert ("shut", "order nothing now") not in rows
    assert content.notes == (
        "Not drawn: order nothing now. What is ordered cannot be paid for on some path of shut.",
    )
    assert content.tables[1].rows == (
        ("the plan", 1.5e9, "shut", 1.0e7, "late"),
        ("order nothing now", None, "shut", None, "shut"),
    )
    content = tried.information(made_up())
    assert content is not None
    assert [view.key for view in content.charts[0].views] == ["made-up", "late"]
    assert content.charts[0].views[1].finding.startswith("Nothing that could be found out")
    assert content.notes == ("Nothing can be told of shut.",)


def test_a_policy_without_an_end_keeps_its_row_beside_the_others() -> None:
    content = tried.policies(made_up())
    assert content is not None
    table = content.tables[0]
    assert table.caption == "Regret, and work served"
    rows = [(row[0], row[1]) for row in table.rows]
    assert rows == [
        (scenario, policy)
        for scenario, both in (("made-up", (0, 1)), ("shut", (0, 1)), ("late", (1, 0)))
        for policy in (("the plan", "order nothing now")[number] for number in both)
    ]
    endless = table.rows[rows.index(("shut", "order nothing now"))]
    assert endless[2:] == (None, None, None, None)
    assert table.shown()[3][2:] == ["–"] * 4


def test_policies_of_which_none_has_an_end_are_told_in_a_table_alone() -> None:
    (one,) = [one for one in made_up().tried if one.scenario == "shut"]
    none = replace(one, policies=one.policies[1:])
    content = tried.policies(made_up(tried=(none,), at_worst=()))
    assert content is not None
    assert not content.charts
    assert content.tables[0].rows == (("order nothing now", None, None, None, None),)
    assert content.notes[0].startswith("Not drawn: order nothing now.")


def test_orders_are_said_to_be_possible_only_where_they_are() -> None:
    own, shut = made_up().scenarios
    possible = built("scenarios", worst_case=False)
    assert possible is not None
    assert possible.paragraphs[0].endswith("but its orders are possible in each.")
    broken = replace(shut, outcome=None, served_share=None)
    content = built("scenarios", worst_case=False, scenarios=(own, broken))
    assert content is not None
    assert "possible" not in content.paragraphs[0]
    assert content.paragraphs[0].endswith("its orders cannot be paid for in shut.")
    assert content.tables[0].shown()[1][1:3] == ["–", "–"]


def test_a_plan_that_looks_at_no_other_scenario_has_no_selector() -> None:
    alone = made_up(tried=made_up().tried[:1], at_worst=(), scenarios=())
    for build in (tried.policies, tried.information):
        content = build(alone)
        assert content is not None
        assert [view.key for view in content.charts[0].views] == [""]
        assert "view" not in content.charts[0].options
        assert "scenario" not in [column.key for column in content.charts[0].table.columns]
        assert not content.notes
    assert "<select" not in render_plan(alone).partition('id="information"')[2]


def test_the_proof_is_told_with_its_limits() -> None:
    page = render_plan(made_up())
    assert "it comes to 1.5 billion USD, and no other is better by more than 0.40%" in page
    assert "2.0% do not arrive" in page
    assert "3 outlooks chosen by fast-forward, seed 1" in page
    stopped = dataclasses.replace(made_up().proof, status="stopped", gap_upper=None)
    text = render_plan(made_up(proof=stopped))
    assert "the best found in the time given" in text
    assert "drawn afresh" not in text


def test_the_page_is_whole_escaped_and_the_same_every_time() -> None:
    page = render_plan(made_up())
    found = read(page)
    assert found.faults == []
    assert found.open == []
    assert len(set(found.ids)) == len(found.ids)
    assert "<east>" not in page
    assert page == render_plan(made_up())
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert set(data["charts"]) == {
        "orders", "arrivals", "served", "prices", "information", "policies",
    }  # fmt: skip
    assert "headworks plan made-up --company ash --report plan.html" in page


def test_a_page_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    target = write_plan_report(made_up(), tmp_path / "plan.html")
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(InputError):
        write_plan_report(made_up(), tmp_path / "no" / "plan.html")


def test_every_field_of_what_is_shown_is_shown() -> None:
    # A field that no section reads would be dead: taking it away must change the page.
    whole = render_plan(made_up())
    changed = {
        "title": "Another", "answer": "Another.", "remarks": (), "command": "", "power": (),
        "window": 2, "about": "",
    }  # fmt: skip
    for field, value in changed.items():
        assert field in {one.name for one in dataclasses.fields(PlanShown)}
        assert render_plan(made_up(**{field: value})) != whole
