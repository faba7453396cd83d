"""Worth: how long a query takes, with a layout that is stated and with all layouts tried.

The baseline of a search is the query on the layout that it finds: what they differ by is what
trying all others costs. That of the command is a Python that only imports NumPy and pydantic.
`python -m bench.worth` measures these alone, and `--write` brings its table up to date.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench import command
from bench.figures import Figure, between, markdown_table, text_table
from headworks.scenario.catalogue import catalogue
from headworks.throughput.answer import ask
from headworks.throughput.cards import model
from headworks.throughput.fastest import on_best_layout
from headworks.throughput.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parents[1] / "docs" / "background" / "speed.md"
MARKS = "<!-- worth: `python -m bench.worth --write` -->", "<!-- end of worth -->"
REPEAT = 5
CHIP, CHIPS = "h200-sxm", 8
MODELS = ("llama-3.1-70b", "deepseek-v3")
LIMIT_MS, COLD_LIMIT_S = 5.0, 0.7
IMPORTS = "import numpy, pydantic; pydantic.BaseModel"
CALLS = 200
"""Queries of one repetition, of which the fastest counts: another program only ever adds time."""


def worth_figures(repeat: int) -> list[Figure]:
    """Time queries in this process, and the command in one of its own."""
    figures = [figure for name in MODELS for figure in _query_figures(name, repeat)]
    asked = [
        "worth", CHIP, "--model", MODELS[0], "--precision", "fp8", "--chips", str(CHIPS),
        "--input", "1024", "--output", "1024", "--concurrency", "64",
    ]  # fmt: skip
    cold = command.seconds(command.headworks(*asked), max(repeat, REPEAT))
    bare = command.seconds([sys.executable, "-c", IMPORTS], max(repeat, REPEAT))
    ratios = tuple(over / under for over, under in zip(cold, bare, strict=True))
    return [
        *figures,
        Figure("`headworks worth`, layout searched", cold, "s", COLD_LIMIT_S),
        Figure("the same / a Python that imports NumPy and pydantic", ratios, "x",
               fastest=min(cold) / min(bare)),
    ]  # fmt: skip


def _query_figures(name: str, repeat: int) -> list[Figure]:
    """Time one query with its layout searched, and on the layout that the search finds."""
    searched = Query(
        CHIP, catalogue().chips[CHIP], model(name), chips=CHIPS,
        input_tokens=1024, output_tokens=1024, concurrency=64,
    )  # fmt: skip
    placed = on_best_layout(searched)
    ask(searched)
    pairs = [
        (_fastest_ms(lambda: ask(placed)), _fastest_ms(lambda: ask(searched)))
        for _ in range(repeat)
    ]
    stated, tried = (tuple(side) for side in zip(*pairs, strict=True))
    ratios = tuple(over / under for under, over in pairs)
    what = f"worth, {name} on {CHIPS} chips"
    return [
        Figure(f"{what}, layout stated", stated, "ms", LIMIT_MS),
        Figure(f"{what}, layout searched", tried, "ms", LIMIT_MS),
        Figure(f"{what}, searched / stated", ratios, "x", fastest=min(tried) / min(stated)),
    ]


def _fastest_ms(call: Callable[[], object]) -> float:
    """Return the milliseconds of the fastest of some calls."""
    found = []
    for _ in range(CALLS):
        begin = time.perf_counter()
        call()
        found.append(time.perf_counter() - begin)
    return 1e3 * min(found)


def main() -> None:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.worth", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE.name}")
    options = parser.parse_args()
    figures = worth_figures(REPEAT)
    load = os.getloadavg()[0]
    print(text_table(figures))
    if options.write:
        today = dt.datetime.now(tz=dt.UTC).date()
        cores = os.cpu_count()
        note = f"One run on {today}, {cores} cores, {load:.0f} processes wanting them meanwhile."
        between(PAGE, MARKS, f"{note}\n\n{markdown_table(figures)}")


if __name__ == "__main__":
    main()
