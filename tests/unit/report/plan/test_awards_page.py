"""The page of an authority's plan: its numbers are those of the plan."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from headworks.planning.authority.plan import plan_round
from headworks.report.plan.awards import SECTIONS, frontier, render_awards, write_awards_report
from tests.unit.planning.rounds import a_scenario
from tests.unit.report.test_page import read

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.planning.authority.result import RoundPlan


@cache
def plan() -> RoundPlan:
    return plan_round(
        a_scenario(), "first", floor=0.5, domestic_share=0.25, paths=2, executor="serial"
    )


def test_the_frontier_the_rules_and_the_plan_stand_on_one_picture() -> None:
    content = frontier(plan())
    assert content is not None
    chart = content.charts[0]
    keys = [column.key for column in chart.table.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in chart.table.rows]
    kinds = [row["kind"] for row in rows]
    assert kinds.count("plan") == 1
    assert kinds.count("frontier") == len(plan().frontier)
    assert kinds.count("rule") == len(plan().rules)
    own = next(row for row in rows if row["kind"] == "plan")
    assert own["share"] == pytest.approx(0.25, rel=1e-3)
    assert own["compute"] == pytest.approx(plan().plan.compute())


def test_awards_and_costs_are_told() -> None:
    content = SECTIONS[0].build(plan())
    assert content is not None
    awards = {row[0]: row[3] for row in content.tables[0].rows}
    assert awards == dict(zip(plan().case.applicants, plan().units, strict=True))
    assert any("for each point" in text for text in content.paragraphs)
    assert any("floor of 50%" in text for text in content.paragraphs)


def test_the_page_is_whole_and_the_same_every_time(tmp_path: Path) -> None:
    page = render_awards(plan())
    found = read(page)
    assert found.faults == []
    assert found.open == []
    assert len(set(found.ids)) == len(found.ids)
    assert page == render_awards(plan())
    assert plan().record()["inputs_sha256"][:16] in page
    assert write_awards_report(plan(), tmp_path / "awards.html").stat().st_size > 100_000
