"""`python -m bench`: all figures on speed and memory, measured in one run, side by side."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import sys
import tempfile
from pathlib import Path

import numpy as np

from bench import command
from bench.contest import PROCESSES, Times, contestants, race, ratios
from bench.figures import Figure, as_json, text_table, write
from bench.ledger import ledger_figures
from bench.plan import plan_figures
from bench.rationing import rationing_figures
from bench.worth import worth_figures

PAGE = Path(__file__).parents[1] / "docs" / "background" / "speed.md"
SCENARIO = "h200-2026"
LOT_PATHS = 20
LEDGER_BATCHES = 50


def main() -> None:
    """Measure, print, and write if asked."""
    options = _options()
    times = _race(options)
    figures = [*_ratio_figures(times, judged=not options.quick), *_time_figures(times)]
    _tell("rationing")
    figures += rationing_figures(options.repeat)
    _tell("worth")
    figures += worth_figures(options.repeat)
    _tell("ledger")
    figures += ledger_figures(
        options.repeat, batches=LEDGER_BATCHES // options.share, judged=not options.quick
    )
    _tell("plan")
    figures += plan_figures(options.repeat)
    figures += _command_figures(options)
    note = _note(options)
    if options.json:
        installed = {name: found.installed for name, found in times.items()}
        print(as_json(figures, {"about": note, "installed": installed}))
    else:
        print(f"{note}\n\n{text_table(figures)}\n\nMean installed, which must agree (± its error):")
        for name, found in times.items():
            print(f"  {name:<18}{found.installed[0]:>12,.0f} ± {found.installed[1]:,.0f}")
    if options.write:
        write(figures, note, PAGE)
        _tell(f"written: {PAGE}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--paths", type=int, default=10_000, help="paths of the fixed model")
    parser.add_argument("--repeat", type=int, default=3, help="repetitions, at least 3")
    parser.add_argument(
        "--quick", action="store_true",
        help="a tenth of all paths, to see that it works: no figure is compared with a target",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE.name}")
    options = parser.parse_args()
    if options.repeat < 3:
        parser.error("--repeat must be 3 or more: a median of fewer says little")
    if options.quick and options.write:
        parser.error("--write keeps figures, and those of --quick are not worth keeping")
    options.share = 10 if options.quick else 1
    options.paths //= options.share
    return options


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _race(options: argparse.Namespace) -> dict[str, Times]:
    """Race the contestants on the fixed model."""
    entered = contestants(options.paths, max(2, LOT_PATHS // options.share))
    return race(entered, options.repeat, _tell)


def _ratio_figures(times: dict[str, Times], *, judged: bool) -> list[Figure]:
    one, base, like = times["engine"], times["script"], times["recording script"]
    two, two_base, two_like = (
        times[f"{name}, processes"] for name in ("engine", "script", "recording script")
    )
    several = f"{PROCESSES} processes"
    limit, factor = (1.5, 1000.0) if judged else (None, None)
    alike, one_number = "engine / script that keeps the same", "engine / script that keeps a number"
    fine = f"SimPy, a lot per company and week / engine, {several}"
    return [
        _ratio(f"{alike}, 1 process", one.warm, like.warm, limit),
        _ratio(f"{alike}, {several}, with their start", two.cold, two_like.cold, limit),
        _ratio(f"{alike}, {several}, running", two.warm, two_like.warm, limit),
        _ratio(
            "engine that keeps a number / script that does", times["bare engine"].warm, base.warm,
            limit,
        ),
        _ratio(f"{one_number}, 1 process", one.warm, base.warm, limit),
        _ratio(f"{one_number}, {several}, with their start", two.cold, two_base.cold, limit),
        _ratio(f"{one_number}, {several}, running", two.warm, two_base.warm, limit),
        _ratio(
            f"SimPy, 160 lots / engine, {several}", times["lots"].warm, two.cold, factor,
            at_least=True,
        ),
        _ratio("SimPy, 160 lots / engine, 1 process", times["lots"].warm, one.warm),
        _ratio(fine, times["weekly lots"].warm, two.cold),
    ]  # fmt: skip


def _ratio(
    what: str, over: tuple[float, ...], under: tuple[float, ...], target: float | None = None,
    *, at_least: bool = False,
) -> Figure:  # fmt: skip
    """Return how the times of two contestants compare."""
    found = ratios(over, under)
    return Figure(what, found, "x", target, at_least=at_least, fastest=min(over) / min(under))


def _time_figures(times: dict[str, Times]) -> list[Figure]:
    return [
        Figure(f"{name}, per path", tuple(second * 1e3 for second in found.cold), "ms")
        for name, found in times.items()
    ]


def _command_figures(options: argparse.Namespace) -> list[Figure]:
    """Time the commands and look at their memory."""
    judged = not options.quick
    paths, many = str(2_000 // options.share), str(10_000 // options.share)
    _tell("headworks --help")
    helped = command.seconds(command.headworks("--help"), max(options.repeat, 5))
    _tell(f"headworks forecast {SCENARIO} --report")
    with tempfile.TemporaryDirectory() as folder:
        report = str(Path(folder) / "report.html")
        whole = command.headworks("forecast", SCENARIO, "--paths", paths, "--report", report)
        reported = command.seconds(whole, options.repeat)
    _tell(f"headworks forecast {SCENARIO} --paths {many}, memory")
    large = command.headworks("forecast", SCENARIO, "--paths", many)
    peaks = [peak for _ in range(options.repeat) if (peak := command.peak_megabytes(large))]
    figures = [
        Figure("`headworks --help`", helped, "s", 0.3),
        Figure(
            f"`headworks forecast {SCENARIO} --report`, {int(paths):,} paths", reported, "s",
            15.0 if judged else None,
        ),
    ]  # fmt: skip
    if peaks:
        what = f"`headworks forecast {SCENARIO}`, {int(many):,} paths, memory"
        figures.append(Figure(what, tuple(peaks), "MB", 1000.0 if judged else None))
    return figures


def _note(options: argparse.Namespace) -> str:
    today = dt.datetime.now(tz=dt.UTC).date()
    return (
        f"One run on {today} with {options.paths:,} paths of the fixed model, {options.repeat} "
        f"repetitions, {os.cpu_count()} cores, Python {platform.python_version()} and NumPy "
        f"{np.__version__}."
    )


if __name__ == "__main__":
    main()
