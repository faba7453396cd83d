"""The pages of plans in a browser: they draw, ask nothing of the network, and fit a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from headworks.planning.authority.plan import plan_round
from headworks.report.plan.awards import write_awards_report
from headworks.report.plan.page import write_plan_report
from tests.e2e.pages import MARKS, downloads, fits, launched, visit
from tests.unit.planning.rounds import a_scenario
from tests.unit.report.plan.made_up import made_up

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.slow, pytest.mark.browser]

CHARTS = {"plan": 6, "awards": 1}
STEMS = {"plan": "made-up-plan", "awards": "case-first"}
"""What files of charts are called after: the scenario, with what is planned of it."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("plans")
    awards = plan_round(
        a_scenario(), "first", floor=0.5, domestic_share=0.25, paths=2, executor="serial"
    )
    return {
        "plan": write_plan_report(made_up(), folder / "plan.html"),
        "awards": write_awards_report(awards, folder / "awards.html"),
    }


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with launched(chromium) as browser:
        yield browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_drawn_without_an_error_or_a_request(
    browser: Browser, reports: dict[str, Path], name: str, scheme: str
) -> None:
    with visit(browser, reports[name], color_scheme=scheme) as seen:
        assert len(seen.page.query_selector_all("figure")) == CHARTS[name]
        for drawing in seen.page.query_selector_all(".panel:not([hidden]) > .plot, figure > .plot"):
            svg = drawing.query_selector("svg[role=img]")
            assert svg is not None
            assert len(svg.query_selector_all(MARKS)) > 2


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("width", [320, 768, 1400])
def test_no_width_scrolls_sideways(
    browser: Browser, reports: dict[str, Path], name: str, width: int
) -> None:
    fits(browser, reports[name], width)


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_can_be_downloaded(
    browser: Browser, reports: dict[str, Path], tmp_path: Path, name: str
) -> None:
    downloads(browser, reports[name], tmp_path, STEMS[name])


def test_the_calendar_has_a_cell_for_each_order(browser: Browser, reports: dict[str, Path]) -> None:
    with visit(browser, reports["plan"], viewport={"width": 1000, "height": 800}) as seen:
        cells = seen.page.locator("#chart-orders svg g[aria-label='cell'] rect")
        # Ten cells of the calendar, four of them filled by what is decided now, one later.
        assert cells.count() == 10 + 4 + 1
        texts = seen.page.locator("#chart-orders svg g[aria-label='text'] text").all_text_contents()
        assert sorted(texts, key=int) == ["30", "50", "50", "100", "200"]
