"""Reports in a browser: a visit that notes all faults and requests, and what every page must do."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, Page, sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Route

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
MARKS = "path, rect, circle, line"


@dataclass
class Visit:
    """A page that is open, and what went wrong on it."""

    page: Page
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def launched(chromium: str) -> Iterator[Browser]:
    """Launch a browser, and close it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser, report: Path, **settings: Any) -> Iterator[Visit]:  # noqa: ANN401
    """Open a report; every request but the one for its file is stopped and noted."""
    context = browser.new_context(**settings)
    seen = Visit(context.new_page())
    address = report.as_uri()

    def stop(route: Route) -> None:
        url = route.request.url
        if url == address or url.startswith(("data:", "blob:")):
            route.continue_()
        else:
            seen.requests.append(url)
            route.abort()

    context.route("**/*", stop)
    seen.page.on("console", lambda message: seen.faults.append(f"{message.type}: {message.text}"))
    seen.page.on("pageerror", lambda error: seen.faults.append(str(error)))
    seen.page.goto(address)
    yield seen
    seen.page.wait_for_timeout(100)
    context.close()
    assert seen.faults == []
    assert seen.requests == []


def fits(browser: Browser, report: Path, width: int) -> None:
    """Assert that a page of some width scrolls downwards alone, and cuts no text of a drawing."""
    with visit(browser, report, viewport={"width": width, "height": 800}) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        outside = seen.page.evaluate(
            """width => [...document.querySelectorAll(".plot svg text")].filter(text => {
                 const box = text.getBoundingClientRect();
                 return box.width > 0 && (box.left < -0.5 || box.right > width + 0.5);
               }).map(text => text.textContent)""",
            width,
        )
        assert outside == []


def downloads(browser: Browser, report: Path, folder: Path, stem: str) -> None:
    """Assert that every chart has a file of the rows that its table shows, named after both."""
    with visit(browser, report, accept_downloads=True) as seen:
        for figure in seen.page.query_selector_all("figure"):
            button = figure.query_selector("button.csv")
            assert button is not None
            with seen.page.expect_download() as waiting:
                button.click()
            name = waiting.value.suggested_filename
            assert name == f"{stem}-{figure.get_attribute('data-chart')}.csv"
            waiting.value.save_as(folder / name)
            with (folder / name).open(encoding="utf-8", newline="") as file:
                header, *rows = list(csv.reader(file))
            assert len(rows) == len(figure.query_selector_all(".data tbody tr"))
            assert all(len(row) == len(header) for row in rows)
