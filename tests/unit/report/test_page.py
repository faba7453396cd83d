"""The page as a file: whole, well-formed, escaped, and free of the network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from headworks.errors import InputError
from headworks.flow.forecast import forecast
from headworks.report.page import render, write_report
from headworks.scenario.load import load

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.flow.result import Forecast

VOID = {"meta", "link", "input", "br", "hr", "img"}
SIZE_MAX = 3_000_000


class Reader(HTMLParser):
    """Reads a page and notes what is not nested as it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "script":
            self.scripts.append((given, ""))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


@pytest.mark.parametrize("scenario", ["open_gates", "closed", "one_gate", "h200"])
def test_the_page_is_well_formed_and_small(scenario: str, request: pytest.FixtureRequest) -> None:
    page = render(request.getfixturevalue(scenario))
    reader = read(page)
    assert reader.faults == []
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    assert len(page.encode()) < SIZE_MAX


def test_the_page_names_no_file_and_no_server(h200: Forecast) -> None:
    for tag, attributes in read(render(h200)).tags:
        assert "src" not in attributes
        if tag == "link":
            assert attributes["href"] == "data:,"


def test_the_policy_allows_the_scripts_of_the_page_and_nothing_else(one_gate: Forecast) -> None:
    reader = read(render(one_gate))
    policy = next(
        str(a["content"])
        for t, a in reader.tags
        if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none';")
    code = [text for attributes, text in reader.scripts if "type" not in attributes]
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in code]
    assert re.findall(r"'sha256-([^']+)'", policy) == digests


def test_the_answer_is_there_without_a_script(closed: Forecast) -> None:
    page = render(closed)
    assert "none of the 14,000 H200 SXM wanted work in China" in page
    assert '<meta name="description" content="By 3 January 2027' in page
    assert page.count("<table>") > 10


def test_the_same_forecast_gives_the_same_page(one_gate: Forecast) -> None:
    assert render(one_gate) == render(forecast("one-gate", paths=50))


def test_what_a_scenario_says_is_text_and_never_markup() -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    settings = {"title": evil, "companies.buyer.name": evil, "gates.allocation.title": evil}
    scenario = load("one-gate", set_={key: json.dumps(value) for key, value in settings.items()})
    page = render(forecast(scenario, paths=5))
    reader = read(page)
    assert len(reader.scripts) == len(("data", "library", "script"))
    assert not [tag for tag, _ in reader.tags if tag == "img"]
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_what_was_set_on_the_command_line_stands_above_the_heading(one_gate: Forecast) -> None:
    scenario = load("one-gate", set_={"gates.allocation.lead_time_days": "28"})
    page = render(forecast(scenario, paths=2))
    assert "2026 · one-gate with gates.allocation.lead_time_days=28</p>" in page
    assert '<p class="kicker">Headworks forecast · as known on 5 January 2026</p>' in render(
        one_gate
    )


def test_the_data_is_json_with_quantiles_only(one_gate: Forecast) -> None:
    text = next(text for given, text in read(render(one_gate)).scripts if "type" in given)
    charts = json.loads(text)["charts"]
    assert {"stocks", "waterfall", "waiting", "held-back", "companies", "compute"} <= set(charts)
    installed = [row for row in charts["stocks"]["rows"] if row[1] == "installed"]
    assert installed[-1] == ["h200-sxm", "installed", "2027-01-03", *[6000] * 6]


def test_the_report_replaces_what_stood_there(one_gate: Forecast, tmp_path: Path) -> None:
    target = tmp_path / "out.html"
    target.write_text("old")
    assert write_report(one_gate, target) == target
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in tmp_path.iterdir()] == ["out.html"]


@pytest.mark.parametrize("name", ["missing/out.html", "folder", "a\0b.html"])
def test_a_report_that_cannot_be_written_is_a_fault_and_leaves_nothing(
    one_gate: Forecast, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match=r"cannot be written.*\n.*name a file in a folder"):
        write_report(one_gate, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_the_vendored_scripts_are_those_that_versions_names() -> None:
    vendor = files("headworks.report") / "vendor"
    versions = dict(line.split() for line in (vendor / "VERSIONS").read_text().splitlines())
    headers = {"d3": "d3.min.js", "@observablehq/plot": "plot.umd.min.js"}
    assert versions.keys() == headers.keys()
    for package, name in headers.items():
        text = (vendor / name).read_text(encoding="utf-8")
        assert f"v{versions[package]} " in text.splitlines()[0]
        assert "sourceMappingURL" not in text
        assert "</script" not in text.lower()
    notices = (vendor / "NOTICES").read_text(encoding="utf-8")
    assert "*/" not in notices
    for name in ("LICENSE-d3", "LICENSE-plot"):
        assert (vendor / name).read_text(encoding="utf-8").strip() in notices
