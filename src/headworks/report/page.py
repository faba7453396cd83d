"""The page: all sections as one HTML file that opens offline and asks nothing of the network."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from headworks.flow.export import write_text
from headworks.flow.settings import full_name
from headworks.report.content import M, Material, Page, Section
from headworks.report.numbers import day
from headworks.report.sections import SECTIONS
from headworks.report.text import answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.flow.compare import Comparison
    from headworks.flow.result import Forecast

SCRIPTS = (
    "format", "marks", "fans", "waterfall", "areas", "bars", "intervals", "calendar", "frontier",
    "figure", "page",
)  # fmt: skip
"""The page's own scripts, in the order in which they are joined."""
VENDORED = ("d3.min.js", "plot.umd.min.js")

# Inside a script element these would end it, open a comment, or end a line of script.
_ESCAPES = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def write_report(
    forecast: Forecast, path: Path | str, *, comparison: Comparison | None = None
) -> Path:
    """Write the report of a forecast, whole or not at all, and return its path.

    Args:
        forecast: What to show.
        path: The HTML file; what stands there is replaced.
        comparison: A comparison of the forecast's scenario with another, for a section of its own;
            `forecast` is then its `other`.

    Raises:
        InputError: The file cannot be written there.
    """
    text = render(forecast, comparison=comparison)
    remedy = "name a file in a folder that exists and that you may write to"
    write_text(text, path, thing="report", remedy=remedy)
    return Path(path)


def render(forecast: Forecast, *, comparison: Comparison | None = None) -> str:
    """Return the page as HTML; the same forecast gives the same text."""
    material = Material(forecast, comparison)
    scenario = forecast.scenario
    page = Page(
        name=scenario.scenario,
        title=f"{scenario.title} – headworks forecast",
        heading=scenario.title,
        kicker=_kicker(forecast),
        answer=answer(forecast),
        about=scenario.description or "",
    )
    return fill(page, SECTIONS, material)


def fill(page: Page, sections: Sequence[Section[M]], material: M) -> str:
    """Return a page as HTML, with the sections that have something to show of the material."""
    built = [(section, section.build(material)) for section in sections]
    parts = [(section, content) for section, content in built if content is not None]
    charts = {chart.id: chart.data() for _, content in parts for chart in content.charts}
    data = {"name": page.name, "charts": charts}
    library, script = _library(), _script()
    text = _template().render(
        title=page.title,
        heading=page.heading,
        description=page.answer,
        about=page.about,
        kicker=page.kicker,
        answer=page.answer,
        parts=parts,
        style=Markup(_asset("page.css")),  # noqa: S704 - our own file
        data=Markup(_embedded(data)),  # noqa: S704 - escaped for a script element
        library=Markup(library),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        hashes=[_hash(library), _hash(script)],
    )
    return text.rstrip() + "\n"


def _kicker(forecast: Forecast) -> str:
    """Return the line above the heading: when it was known, and what was set on top of it."""
    scenario = forecast.scenario
    name = full_name(scenario)
    changed = f" · {name}" if name != scenario.scenario else ""
    return f"Headworks forecast · as known on {day(scenario.as_of)}{changed}"


def _embedded(data: dict[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return "".join(_ESCAPES.get(letter, letter) for letter in text)


def _hash(script: str) -> str:
    """Return the hash by which the page's policy knows one of its scripts."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@cache
def _library() -> str:
    notices = _vendored("NOTICES")
    return f"/*!\n{notices}*/\n" + "".join(_vendored(name) for name in VENDORED)


@cache
def _script() -> str:
    parts = "\n".join(_asset(f"js/{name}.js") for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}\n}})();\n'


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_asset("page.html"))


def _asset(name: str) -> str:
    return (files("headworks.report") / "assets" / name).read_text(encoding="utf-8")


def _vendored(name: str) -> str:
    return (files("headworks.report") / "vendor" / name).read_text(encoding="utf-8")
