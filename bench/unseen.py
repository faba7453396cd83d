"""Unseen: how often intervals hold cases that neither the fit nor the residuals have seen.

All cases of one chip, of one family of models, or of every fifth set-up or run, are taken out; from
the rest alone constants are fitted and residuals found, by leaving out parts of it again; then what
was taken out is asked about as what nobody has measured.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from typing import TYPE_CHECKING

from bench.accuracy import PAGE, cells, table
from bench.calibrate import figure
from bench.figures import between
from bench.fit import fit, predictions
from bench.parts import LEFT_OUT, parts
from bench.residuals import constant_of, residuals, with_residuals
from headworks.throughput.accuracy import accuracy
from headworks.throughput.cases import packaged_cases
from headworks.throughput.constants import ANY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.parts import What
    from headworks.throughput.accuracy import Answer
    from headworks.throughput.case import Case

MARKS = ("<!-- unseen: `python -m bench.unseen --write` -->", "<!-- end of unseen -->")


def main() -> None:
    """Take out, fit, find residuals, ask, print, and write if asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.unseen", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE.name}")
    options = parser.parse_args()
    cases = packaged_cases()
    found: list[tuple[str, ...]] = []
    for what in LEFT_OUT:
        said = unseen(cases, what)
        asked = [case for case in cases if case.case_id in said]
        by_figure = accuracy(asked, said, by={"figure": figure})
        found += [
            (f"{what} taken out", *cells(row))
            for row in (*accuracy(asked, said, by={}), *by_figure)
        ]
    today = dt.datetime.now(tz=dt.UTC).date()
    text = f"Made on {today} from {len(cases)} cases.\n\n{table(found)}"
    print(text)
    if options.write:
        between(PAGE, MARKS, text)
        print(f"written: {PAGE}", file=sys.stderr)


def unseen(cases: Sequence[Case], what: What) -> dict[str, Answer]:
    """Return what the model says of each case when nothing of it has seen the case's part, by id.

    A case is passed over where too few are left of its figure to find a residual from.

    Args:
        cases: All cases.
        what: The part that is taken out.
    """
    said: dict[str, Answer] = {}
    taken = parts(cases, what)
    for number, part in enumerate(taken, start=1):
        print(f"{what} {number} of {len(taken)}: {len(part)} cases", file=sys.stderr)
        out = {case.case_id for case in part}
        rest = [case for case in cases if case.case_id not in out]
        found = fit(rest)
        spread = residuals(rest, found)
        calibration = with_residuals(found.calibration(), spread)
        asked = [case for case in part if (constant_of(case), ANY) in spread]
        said |= predictions(asked, calibration)
    return said


if __name__ == "__main__":
    main()
