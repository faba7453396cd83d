"""`python -m bench.calibrate`: fits the constants of throughput, and says how far off they are.

Without options the constants are fitted to the part of the cases that the protocol allows, and the
other parts test them. `--write` fits to all cases and writes the constants that the package ships.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import sys
from typing import TYPE_CHECKING

from bench.fit import Fit, fit, predictions
from bench.residuals import residuals, with_residuals
from headworks.throughput.accuracy import Accuracy, accuracy
from headworks.throughput.cards import model
from headworks.throughput.cases import calibration_folder, packaged_cases
from headworks.throughput.constants import meanings
from headworks.throughput.joint import label
from headworks.throughput.split import split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from headworks.throughput.case import Case
    from headworks.throughput.constants import Measured
    from headworks.throughput.joint import Joint, Name

FILE = calibration_folder() / "constants.yaml"
CORRELATIONS = calibration_folder() / "correlations.csv"
DIGITS = 4
"""Digits of a correlation after the point: with three, rounding could spoil the matrix."""


def main() -> None:
    """Fit, print how far off the model is on each part, and write if asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.calibrate", description=__doc__)
    parser.add_argument("--all", action="store_true", help="fit to all cases")
    parser.add_argument("--write", action="store_true", help="fit to all cases, write constants")
    options = parser.parse_args()
    cases = packaged_cases()
    used = [case for case in cases if options.all or options.write or split(case) == "fit"]
    print(f"fitting to {len(used)} of {len(cases)} cases", file=sys.stderr, flush=True)
    found = fit(used)
    spread = residuals(used, found)
    _print_constants(found, spread)
    said = predictions(cases, with_residuals(found.calibration(), spread))
    for by in ({"part": split, "figure": figure}, {"figure": figure}):
        print()
        for row in accuracy(cases, said, by=by):
            print(line(row))
    if options.write:
        rewrite(FILE, found.percentiles(), spread, found.measured)
        write_joint(CORRELATIONS, found.joint())
        print(f"written: {FILE.name}, {CORRELATIONS.name}", file=sys.stderr)


def _print_constants(found: Fit, spread: Mapping[Name, float]) -> None:
    for (name, scope), value, sigma in zip(
        found.names, found.log_values, found.spread, strict=True
    ):
        prior = meanings()[name].scopes[scope].prior
        print(f"{name:32}{scope:12}{math.exp(value):10.4g} ±{sigma:6.1%}  prior {prior}")
    for (name, scope), sigma in sorted(spread.items()):
        print(f"{name:32}{scope:12}{sigma:10.3f}")


def figure(case: Case) -> str:
    """Return the metric of a case and the kind of its model."""
    return f"{case.metric} {'MoE' if model(case.model).experts else 'dense'}"


def line(row: Accuracy) -> str:
    """Return one row of accuracy as a line of text."""
    group = " ".join(row.group.values())
    if not row.n:
        return f"{group:52} none of {row.n_unanswered}: {dict(row.reasons)}"
    return (
        f"{group:52}{row.n:4} MAPE {row.mape:6.1%} median {row.median_ape:6.1%} "
        f"bias {row.median_bias:+6.1%} cover {row.coverage:5.1%} width {row.width:.2f}"
    )


def rewrite(
    file: Path,
    values: Mapping[Name, Mapping[str, float]],
    spread: Mapping[Name, float],
    measured: Mapping[str, Measured],
) -> None:
    """Write constants and counts into a file of constants; all else in it stays."""
    lines = file.read_text(encoding="utf-8").splitlines()
    name = scope = ""
    for number, text in enumerate(lines):
        if found := re.fullmatch(r"  ([\w]+):", text):
            name = found[1]
        elif found := re.fullmatch(r"      ([\w-]+):", text):
            scope = found[1]
        elif (found := re.match(r"        (p5|med|p95): ", text)) and (name, scope) in values:
            lines[number] = f"{found[0]}{values[name, scope][found[1]]:g}"
        elif (found := re.match(r"        value: ", text)) and (name, scope) in spread:
            lines[number] = f"{found[0]}{spread[name, scope]:g}"
    first, end = lines.index("measured:") + 1, lines.index("constants:")
    remarks = [text for text in lines[first:end] if text.lstrip().startswith("#")]
    lines[first:end] = [*remarks, *_counts(measured)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _counts(measured: Mapping[str, Measured]) -> Iterator[str]:
    """Yield the lines of what was measured."""
    for figure, runs in measured.items():
        yield f"  {figure}:"
        for what, counts in (("chips", runs.chips), ("families", runs.families)):
            numbers = ", ".join(f"{one}: {count}" for one, count in counts.items())
            yield f"    {what}: {{{numbers}}}"


def write_joint(file: Path, joint: Joint) -> None:
    """Write how the constants hang together, each row up to the constant's own column."""
    labels = [label(name) for name in joint.names]
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["", *labels])
        for number, (name, row) in enumerate(zip(labels, joint.correlation, strict=True)):
            table.writerow([name, *(f"{cell:.{DIGITS}f}" for cell in row[: number + 1])])


if __name__ == "__main__":
    main()
