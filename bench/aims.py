"""Aims: what was aimed at, line by line, beside what was found on cases not used in the fit.

The tables by figure and by chip hold the same cases in smaller parts; here each line pools what its
aim is about, so that nobody has to add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.calibrate import figure
from headworks.throughput.accuracy import Accuracy, Answer, accuracy
from headworks.throughput.split import family

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from headworks.throughput.case import Case

HEAD = ("", "cases", "mean / median error, %", "aim", "bias, %", "within 90 % interval", "")
COVERAGE = 0.85, 0.95
"""The least and the most of the cases that intervals should hold."""
NEW_CHIP, DOUBTFUL = 20.0, 25.0
"""Mean error in percent that is aimed at on a chip that was not used in the fit."""
DOUBTFUL_CHIPS = ("h20", "ascend-910c")
DEEPSEEK_CHIPS = ("h800", "h20", "ascend-910c")
DEEPSEEK = 15.0
"""Mean error in percent that is aimed at for DeepSeek on these chips, cases of prefill alone and of
decode alone pooled."""


@dataclass(frozen=True, slots=True)
class Aim:
    """One line: the cases that it pools, and what was aimed at."""

    what: str
    holds: Callable[[Case], bool]
    mean: float | None = None
    """Mean absolute error in percent; None where none was named, as for the next."""
    median: float | None = None
    """Median absolute error in percent."""

    @property
    def shown(self) -> str:
        """The aim as a cell of the table."""
        bounds = "–" if self.median is None else f"{self.median:.0f}"
        return "" if self.mean is None else f"{self.mean:.0f} / {bounds}"

    def met(self, row: Accuracy) -> bool | None:
        """Return whether a row reaches the aim; None without one."""
        if self.mean is None or row.mape is None or row.median_ape is None:
            return None
        near = self.median is None or 100 * row.median_ape <= self.median
        return near and 100 * row.mape <= self.mean


def aims(fitted: Collection[str], chips: Collection[str]) -> Iterator[Aim]:
    """Yield all aims at errors, those of each chip that was not used in the fit among them.

    Args:
        fitted: Chips that are in the fit.
        chips: Chips of all cases that are held out.
    """
    new = sorted(set(chips) - set(fitted))
    yield Aim("TPOT, dense, known chip", _is("tpot_ms dense", fitted), 15, 10)
    yield Aim("TPOT, MoE", _is("tpot_ms MoE"), 20, 13)
    yield Aim("TPOT, MoE, known chip", _is("tpot_ms MoE", fitted), 20, 13)
    yield Aim("TTFT", lambda case: case.metric == "ttft_ms", 30, 25)
    yield Aim("TTFT, dense", _is("ttft_ms dense"), 30, 25)
    yield Aim("TTFT, MoE", _is("ttft_ms MoE"), 30, 25)
    yield Aim("chips not used in the fit, all figures", lambda case: case.chip in new, NEW_CHIP)
    for chip in new:
        most = DOUBTFUL if chip in DOUBTFUL_CHIPS else NEW_CHIP
        yield Aim(f"– {chip}", _on(chip), most)
    yield Aim(
        "DeepSeek on H800, H20 and 910C, prefill and decode", _deepseek(*DEEPSEEK_CHIPS), DEEPSEEK
    )
    for chip in DEEPSEEK_CHIPS:
        yield Aim(f"– DeepSeek on {chip}", _deepseek(chip), DEEPSEEK)
    yield Aim("training, dense", _training("dense"), 15)
    yield Aim("training, MoE", _training("MoE"), 20)


def _is(name: str, chips: Collection[str] | None = None) -> Callable[[Case], bool]:
    return lambda case: figure(case) == name and (chips is None or case.chip in chips)


def _on(chip: str) -> Callable[[Case], bool]:
    return lambda case: case.chip == chip


def _deepseek(*chips: str) -> Callable[[Case], bool]:
    return lambda case: family(case.model) == "deepseek" and case.chip in chips


def _training(kind: str) -> Callable[[Case], bool]:
    return lambda case: case.phase == "training" and figure(case).endswith(kind)


def rows(
    held_out: Sequence[Case],
    said: Mapping[str, Answer],
    fitted: Collection[str],
    left_out: Mapping[str, Mapping[str, Answer]],
    cases: Sequence[Case],
) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table.

    Args:
        held_out: Cases that the protocol holds out.
        said: What the model says of them, by case id.
        fitted: Chips that are in the fit.
        left_out: What it says of all cases when their part is left out, by what the part is: their
            chip, their family, or the fifth of all set-ups or of all runs that they are in.
        cases: All cases.
    """
    for aim in aims(fitted, {case.chip for case in held_out}):
        pooled = accuracy(filter(aim.holds, held_out), said, by={})
        yield _row(aim, pooled[0]) if pooled else (aim.what, "0", "", aim.shown, "", "", "no case")
    yield _coverage("coverage: all cases held out", held_out, said)
    for what, answers in left_out.items():
        yield _coverage(f"coverage: all cases, their {what} left out", cases, answers)


def _row(aim: Aim, row: Accuracy) -> tuple[str, ...]:
    met = {None: "", True: "met", False: "missed"}[aim.met(row)]
    return (aim.what, *_found(row, aim.shown), met)


def _coverage(what: str, cases: Sequence[Case], said: Mapping[str, Answer]) -> tuple[str, ...]:
    (row,) = accuracy(cases, said, by={})
    low, high = COVERAGE
    met = "met" if low <= (row.coverage or 0.0) <= high else "missed"
    return (what, *_found(row, f"{low:.0%} to {high:.0%}"), met)


def _found(row: Accuracy, aim: str) -> tuple[str, ...]:
    """Return the cells from the number of cases to the coverage."""
    return (
        str(row.n),
        f"{100 * (row.mape or 0):.1f} / {100 * (row.median_ape or 0):.1f}",
        aim,
        f"{100 * (row.median_bias or 0):+.0f}",
        f"{row.coverage or 0:.0%}",
    )
