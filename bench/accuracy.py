"""`python -m bench.accuracy`: how far off the throughput model is, beside its peers.

Constants are fitted to the part of the cases that the protocol allows; every figure printed is of
cases that the fit has not seen. `--write` brings the page in the docs up to date.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bench.aims import HEAD as HEAD_OF_AIMS
from bench.aims import rows
from bench.calibrate import figure
from bench.coverage import of_left_out
from bench.figures import between
from bench.fit import fit, predictions
from bench.ideal import roofline
from bench.parts import LEFT_OUT
from bench.residuals import residuals, with_residuals
from headworks.throughput.accuracy import Accuracy, Answer, Prediction, accuracy, answers
from headworks.throughput.cases import packaged_cases
from headworks.throughput.peers import packaged_peers
from headworks.throughput.split import split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from headworks.throughput.case import Case

PAGE = Path(__file__).parents[1] / "docs" / "background" / "worth-accuracy.md"
MARKS = "<!-- accuracy: `python -m bench.accuracy --write` -->", "<!-- end of accuracy -->"
PARTS = {
    "test_rows": "known chip and family, other set-ups",
    "test_family": "known chip, other family",
    "test_chip": "other chip, known family",
    "test_both": "other chip and family",
}
TARGETS = {
    "tpot_ms dense": "15 / 10", "tpot_ms MoE": "20 / 13", "ttft_ms dense": "30 / 25",
    "ttft_ms MoE": "30 / 25", "training_tokens_per_s_per_chip dense": "15 / –",
    "training_tokens_per_s_per_chip MoE": "20 / –", "input_tokens_per_s_per_chip MoE": "15 / –",
}  # fmt: skip
"""What was aimed at, mean and median absolute error in percent, by figure."""


PEERS = (
    "Each row compares the two on the held-out cases that both answer; errors are mean / median "
    "absolute, in percent."
)


POOLED = (
    "Each line pools all held-out cases that its aim is about, whatever is new about them. The "
    "last four pool all cases, those of the fit too, each with its chip, its family, or a fifth "
    "of all set-ups or of all runs left out of a fit."
)


COVERED = (
    "All cases of one chip, of one family of models, or of every fifth set-up or run, are left out "
    "of a fit to all the others. Constants and what it leaves open of them are those of that fit; "
    "the residuals are the shipped ones, for a chip or a family that is left out those of one that "
    "nobody has measured. Intervals should hold 85 to 95 % of the cases."
)


def main() -> None:
    """Fit, compare, print, and write if asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write the tables into {PAGE.name}")
    options = parser.parse_args()
    text = page(packaged_cases())
    print(text)
    if options.write:
        between(PAGE, MARKS, text)
        print(f"written: {PAGE}", file=sys.stderr)


def page(cases: Sequence[Case]) -> str:
    """Return all tables, in Markdown."""
    used = [case for case in cases if split(case) == "fit"]
    fitted = {case.chip for case in used}
    found = fit(used)
    calibration = with_residuals(found.calibration(), residuals(used, found))
    held_out = [case for case in cases if split(case) != "fit"]
    ours = predictions(cases, calibration)
    left_out: dict[str, Mapping[str, Answer]] = {
        what: of_left_out(cases, what) for what in LEFT_OUT
    }
    peers = {"plain roofline": answers(cases, roofline), **packaged_peers()}
    today = dt.datetime.now(tz=dt.UTC).date()
    return "\n\n".join(
        [
            f"Made on {today}: {len(used)} cases in the fit, {len(held_out)} held out.",
            "### Beside what was aimed at",
            POOLED,
            table(rows(held_out, ours, fitted, left_out, cases), HEAD_OF_AIMS),
            "### Held-out cases, by what is new about them",
            table(_by_part(held_out, ours)),
            "### The same cases by chip",
            table(_rows(held_out, ours, lambda case: case.chip)),
            "### The peers on the same cases",
            PEERS,
            _against(held_out, ours, peers),
            "### The shipped residuals on what is left out",
            COVERED,
            _coverage(cases, left_out),
        ]
    )


HEAD = ("", "figure", "cases", "mean / median error, %", "aim", "bias, %", "within 90 % interval")


def _by_part(cases: Iterable[Case], said: Mapping[str, Answer]) -> list[tuple[str, ...]]:
    return _rows(cases, said, lambda case: PARTS[split(case)])


def _rows(
    cases: Iterable[Case], said: Mapping[str, Answer], group: Callable[[Case], str]
) -> list[tuple[str, ...]]:
    found = accuracy(cases, said, by={"group": group, "figure": figure})
    return [(row.group["group"], *cells(row)) for row in found if row.n]


def cells(row: Accuracy) -> tuple[str, ...]:
    """Return what is found of a figure, or of all, as the cells of `HEAD` after the first."""
    name = row.group.get("figure", "all")
    inside = "" if row.coverage is None else f"{row.coverage:.0%}"
    bias = 0.0 if row.median_bias is None else row.median_bias
    return name, str(row.n), errors(row), TARGETS.get(name, ""), f"{bias:+.0%}"[:-1], inside


def errors(row: Accuracy) -> str:
    """Return the mean and the median absolute error in percent."""
    return f"{100 * (row.mape or 0):.1f} / {100 * (row.median_ape or 0):.1f}"


def _against(
    cases: Sequence[Case], ours: Mapping[str, Answer], peers: Mapping[str, Mapping[str, Answer]]
) -> str:
    """Return the table of peers, each beside this model on the cases that both answer."""
    rows = []
    for peer, said in peers.items():
        both = [case for case in cases if _answered(said, case) and _answered(ours, case)]
        theirs = accuracy(both, said, by={"figure": figure})
        own = accuracy(both, ours, by={"figure": figure})
        rows += [
            (peer, one.group["figure"], str(one.n), errors(one), errors(mine))
            for one, mine in zip(theirs, own, strict=True)
        ]
    return table(rows, ("peer", "figure", "cases", "peer", "headworks"))


def _coverage(cases: Sequence[Case], left_out: Mapping[str, Mapping[str, Answer]]) -> str:
    """Return the table of coverage, by what is left out and by figure."""
    found = []
    for what, said in left_out.items():
        found += [(f"{what} left out", *row[1:]) for row in _rows(cases, said, lambda _: "")]
    return table(found)


def _answered(said: Mapping[str, Answer], case: Case) -> bool:
    return isinstance(said.get(case.case_id), Prediction)


def table(rows: Iterable[tuple[str, ...]], head: tuple[str, ...] = HEAD) -> str:
    """Return rows of cells as a table in Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
