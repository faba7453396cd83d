"""Shown: results as people read them, answer first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.throughput.intervals import interval
from headworks.throughput.machine import GIB
from headworks.throughput.residual import MEASURED_FROM
from headworks.throughput.text import number, span, table, wrapped
from headworks.throughput.worth import FIGURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headworks.throughput.draws import Draws
    from headworks.throughput.residual import Basis
    from headworks.throughput.worth import Worth

QUANTILES = ("p5", "med", "p95")


def worth_lines(result: Worth) -> list[str]:
    """Return what a chip computes on a work: the first figure, all figures, what they rest on."""
    answer, asked = result.answer, result.query
    figures = result.figures
    first = "training_days" if result.training_tokens is not None else next(iter(figures))
    where = f"{asked.card.name} on {answer.chips:,} {asked.chip.name} ({answer.layout})"
    head = (
        f"{where}: {span(interval(figures[first]))} {FIGURES[first]}, bound by {answer.bound_by}."
    )
    return [*wrapped(head), *figure_lines(figures, result.rests_on), *basis_lines(result)]


def figure_lines(
    figures: Mapping[str, Draws], rests_on: Mapping[str, Basis] | None = None
) -> list[str]:
    """Return a table of figures, each as p5, median and p95, and with the runs it rests on."""
    bases = rests_on or {}
    families = any(basis.family is not None for basis in bases.values())
    counts = ["runs: chip", *(["family"] if families else [])] if bases else []
    rows = []
    for name, draws in figures.items():
        one, basis = interval(draws), bases.get(name)
        runs = ["", ""] if basis is None else [str(basis.chip_runs), str(basis.family_runs)]
        cells = [*map(number, (one.p5, one.med, one.p95)), *runs[: len(counts)]]
        rows.append([FIGURES[name], *cells])
    return table(["", *QUANTILES, *counts], rows)


def basis_lines(result: Worth) -> list[str]:
    """Return what the figures rest on: where the time goes, the memory, what was chosen."""
    answer = result.answer
    whole = sum(answer.parts_s.values())
    parts = sorted(answer.parts_s.items(), key=lambda item: -item[1])
    said = ["time: " + ", ".join(f"{name} {part / whole:.0%}" for name, part in parts)]
    if answer.shares:
        bubble, again = (
            f"{answer.shares[name]:.1%}" for name in ("bubble_share", "recompute_share")
        )
        said.append(f"of a step: bubble of the pipeline {bubble}, recompute {again}")
    said.append(_memory(answer.memory_gb))
    if answer.copies > 1:
        training = result.query.phase == "training"
        what = "groups with their own sequences" if training else "copies of the model"
        said.append(f"{answer.copies:,} {what}")
    said.append(_runs(result))
    said += [f"assumed: {one}" for one in result.assumptions]
    return [line for one in said for line in wrapped(one, indent="  ")]


def _memory(memory_gb: Mapping[str, float]) -> str:
    """Return the memory of a chip by use, and in all."""
    whole = memory_gb["chip"]
    uses = ", ".join(f"{name} {number(part)}" for name, part in memory_gb.items() if name != "chip")
    sold = number(whole * 1e9 / GIB)
    return f"memory of a chip, GB: {uses}, in all {number(whole)} ({sold} as vendors count)"


def _runs(result: Worth) -> str:
    """Return what the counts of runs beside the figures say."""
    basis = next(iter(result.rests_on.values()))
    models = "dense models" if result.query.card.experts is None else "models of experts"
    said = f"runs: those that measured the figure for {models} on this chip"
    if basis.family is None:
        short = "the chip is taken as one"
    else:
        said += f", and for the family {basis.family} on any"
        short = "the chip, or the family, is taken as one"
    return f"{said}; with fewer than {MEASURED_FROM} {short} that nobody has measured"
