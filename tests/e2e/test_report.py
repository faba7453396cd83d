"""The report in a browser: it draws, asks nothing of the network, and can be used by everyone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from headworks.flow.compare import compare
from headworks.flow.forecast import forecast
from headworks.report.page import write_report
from headworks.scenario.load import load
from tests.e2e.pages import MARKS, downloads, fits, launched, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SCENARIOS = ("open-gates", "closed", "one-gate", "h200-2026")
COMPARED = "compared"
"""The page of a comparison with a scenario that was changed on the command line."""
PAGES = (*SCENARIOS, COMPARED)
SIZE_MAX = 3_000_000


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    paths = {"h200-2026": 30}
    changed = load("h200-2026", set_={"gates.customs.opening": "open"})
    both = compare("h200-2026", changed, paths=30, binding=True)
    return {
        name: write_report(forecast(name, paths=paths.get(name, 50)), folder / f"{name}.html")
        for name in SCENARIOS
    } | {COMPARED: write_report(both.other, folder / f"{COMPARED}.html", comparison=both)}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with launched(chromium) as browser:
        yield browser


@pytest.mark.parametrize("name", PAGES)
def test_every_chart_is_drawn_without_an_error_or_a_request(
    browser: Browser, reports: dict[str, Path], name: str
) -> None:
    assert reports[name].stat().st_size < SIZE_MAX
    with visit(browser, reports[name]) as seen:
        drawings = seen.page.query_selector_all(".panel:not([hidden]) > .plot, figure > .plot")
        assert len(drawings) > 5
        for drawing in drawings:
            svg = drawing.query_selector("svg[role=img]")
            assert svg is not None
            assert len(svg.query_selector_all(MARKS)) > 2
            assert (svg.get_attribute("aria-label") or "").strip()
            box = svg.bounding_box()
            assert box is not None
            assert box["height"] > 40


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 360, 768, 1400])
def test_no_width_scrolls_sideways(
    browser: Browser, reports: dict[str, Path], name: str, width: int
) -> None:
    fits(browser, reports[name], width)


def test_a_comparison_is_drawn_after_the_answer_with_a_bar_for_each_row(
    browser: Browser, reports: dict[str, Path]
) -> None:
    with visit(browser, reports[COMPARED]) as seen:
        sections = seen.page.locator("main > section").all()
        assert [section.get_attribute("id") for section in sections[:2]] == ["answer", "comparison"]
        figure = seen.page.locator("#chart-comparison")
        rows = figure.locator(".data tbody tr").count()
        assert rows > 3
        assert figure.locator("svg g[aria-label='bar'] rect").count() == rows
        for column in ("Median in h200-2026", "with gates.customs.opening=open"):
            assert column in seen.page.locator("#comparison table").last.inner_text()


def test_a_window_that_changes_its_width_is_drawn_anew(
    browser: Browser, reports: dict[str, Path]
) -> None:
    with visit(browser, reports["one-gate"], viewport={"width": 1200, "height": 800}) as seen:
        seen.page.set_viewport_size({"width": 400, "height": 800})
        seen.page.wait_for_timeout(300)
        svg = seen.page.query_selector("#chart-waterfall svg")
        assert svg is not None
        assert int(svg.get_attribute("width") or 0) < 400


def test_a_selector_changes_the_drawing_the_title_and_the_table(
    browser: Browser, reports: dict[str, Path]
) -> None:
    with visit(browser, reports["h200-2026"]) as seen:
        figure = seen.page.locator("#chart-stocks")
        before = figure.locator(".finding").inner_text()
        figure.locator("select").select_option("all")
        assert figure.locator(".finding").inner_text() != before
        figure.locator("summary").click()
        shown = figure.locator("tbody tr:not([hidden]) th").all_inner_texts()
        assert set(shown) == {"all"}
        figure.get_by_label("same scale in all panels").check()
        tops = figure.locator("svg g[aria-label='y-axis tick label'] text:last-child")
        assert len(set(tops.all_inner_texts())) == 1


@pytest.mark.parametrize("name", ["closed", "h200-2026"])
def test_every_chart_can_be_downloaded(
    browser: Browser, reports: dict[str, Path], tmp_path: Path, name: str
) -> None:
    downloads(browser, reports[name], tmp_path, name)


def test_the_keyboard_reaches_every_control(browser: Browser, reports: dict[str, Path]) -> None:
    with visit(browser, reports["h200-2026"]) as seen:
        controls = seen.page.locator("main select, main input, main button, main summary").count()
        reached: set[str] = set()
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.className") == "skip"
        for _ in range(1000):
            key = seen.page.evaluate(
                """() => { const e = document.activeElement;
                     return e.matches("main select, main input, main button, main summary")
                       ? String([...document.querySelectorAll("*")].indexOf(e))
                       : e === document.body ? "end" : ""; }"""
            )
            if key == "end":
                break
            reached.add(key)
            seen.page.keyboard.press("Tab")
        assert len(reached - {""}) == controls


def test_every_control_has_a_name(browser: Browser, reports: dict[str, Path]) -> None:
    with visit(browser, reports["h200-2026"]) as seen:
        for role in ("combobox", "checkbox", "button"):
            for control in seen.page.get_by_role(role).all():
                assert control.evaluate("e => (e.labels?.[0] ?? e).textContent.trim()")


def test_light_and_dark_are_both_readable(browser: Browser, reports: dict[str, Path]) -> None:
    papers = {}
    for scheme in ("light", "dark"):
        with visit(browser, reports["one-gate"], color_scheme=scheme) as seen:
            papers[scheme] = seen.page.evaluate(CONTRASTS)
    assert papers["light"]["paper"] != papers["dark"]["paper"]
    for found in papers.values():
        assert min(found["contrasts"]) >= 4.5


CONTRASTS = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = getComputedStyle(document.body).backgroundColor;
  const contrast = (text) => {
    const [a, b] = [light(parse(text)), light(parse(paper))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const texts = ["body", ".answer", ".note", ".axis", "nav a", "summary", ".plot svg", "thead th"];
  return {
    paper,
    contrasts: texts.map((query) => document.querySelector(query))
      .map((element) => contrast(getComputedStyle(element).color)),
  };
}"""


def test_without_scripts_the_answer_the_tables_and_the_sources_can_be_read(
    browser: Browser, reports: dict[str, Path]
) -> None:
    with visit(browser, reports["h200-2026"], java_script_enabled=False) as seen:
        assert "H200 SXM" in seen.page.locator(".answer").inner_text()
        assert seen.page.locator("#basis table").last.is_visible()
        seen.page.locator("#chart-stocks summary").click()
        assert seen.page.locator("#chart-stocks .data tbody tr").first.is_visible()
        assert not seen.page.locator("button.csv").first.is_visible()


def test_a_scenario_cannot_run_a_script(browser: Browser, tmp_path: Path) -> None:
    evil = "'</script><script>document.title = \"taken\"</script><img src=x onerror=alert(1)>'"
    scenario = load("one-gate", set_={"title": evil, "companies.buyer.name": evil})
    report = write_report(forecast(scenario, paths=5), tmp_path / "evil.html")
    with visit(browser, report) as seen:
        assert seen.page.title() != "taken"
        assert seen.page.locator("img").count() == 0
        assert "<script>" in seen.page.locator("h1").inner_text()


def test_it_prints(browser: Browser, reports: dict[str, Path]) -> None:
    with visit(browser, reports["one-gate"]) as seen:
        assert len(seen.page.pdf()) > 10_000
