"""Shown: the best configuration within limits, as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.throughput.best import RATE, chances
from headworks.throughput.intervals import interval
from headworks.throughput.search import WORDS
from headworks.throughput.shown import basis_lines, figure_lines
from headworks.throughput.text import counted, number, span, wrapped
from headworks.throughput.worth import FIGURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headworks.throughput.best import Best
    from headworks.throughput.disaggregation import Pools
    from headworks.throughput.search import Found
    from headworks.throughput.worth import Worth


def best_lines(result: Best) -> list[str]:
    """Return the best configuration, how likely it meets the limits, and what else there is."""
    limits = str(result.limits)
    if result.found is None:
        one = result.first
        head = (
            f"No layout of {result.chips:,} {one.query.chip.name} serves {one.query.card.name} "
            f"{limits}: {one.layout} comes nearest, at {number(one.excess)} times a limit."
        )
        lines = wrapped(head)
    else:
        lines = _found_lines(result, result.found, limits)
    if result.pools is not None:
        lines += ["", *_pool_lines(result, result.pools)]
    return lines


def _found_lines(result: Best, found: Worth, limits: str) -> list[str]:
    answer, one = found.answer, result.first
    first = next(iter(found.figures))
    copies = f"{answer.copies:,} x {one.layout}" if answer.copies > 1 else str(one.layout)
    head = (
        f"{found.query.card.name} on {answer.chips:,} {found.query.chip.name}: best {limits} is "
        f"{copies} with {_requests(one)} each, at {span(interval(found.figures[first]))} "
        f"{FIGURES[first]}, bound by {answer.bound_by}."
    )
    lines = [*wrapped(head), *figure_lines(found.figures, found.rests_on)]
    lines += _chance_lines(result.chance())
    if result.others:
        others = ", ".join(
            f"{other.rate / one.rate:.2f} by {other.layout} with {_requests(other)}"
            for other in result.others
        )
        lines += wrapped(f"others, of that rate: {others}", indent="  ")
    return [*lines, *basis_lines(found)]


def _requests(one: Found) -> str:
    thing = "prompt" if one.query.phase == "prefill" else "request"
    return counted(one.requests, thing)


def _chance_lines(chance: Mapping[str, float]) -> list[str]:
    if not chance:
        return []
    words = {**WORDS, "all": "all together"}
    said = ", ".join(f"{words[name]} {share:.0%}" for name, share in chance.items())
    return wrapped(f"chance that the limits are met: {said}", indent="  ")


def _pool_lines(result: Best, apart: Pools) -> list[str]:
    """Return the best split into chips that read prompts and chips that write tokens."""
    rate = span(interval(apart.figures[RATE]))
    head = (
        f"Apart: {apart.chips_reading:,} chips read prompts ({apart.readers:,} x "
        f"{apart.reading.layout}, {_requests(apart.reading)} a step) and {apart.chips_writing:,} "
        f"write tokens ({apart.writers:,} x {apart.writing.layout}, {_requests(apart.writing)} "
        f"each), at {rate} output tokens/s per chip."
    )
    said = [f"even at {number(apart.even)} chips that read for each that writes"]
    gain = result.gain()
    if gain is not None:
        said.append(f"{span(interval(gain))} times the rate of reading and writing together")
    idle = apart.chips - apart.chips_reading - apart.chips_writing
    if idle:
        said.append(f"{counted(idle, 'chip')} idle")
    lines = [*wrapped(head), *figure_lines(apart.figures, apart.rests_on)]
    lines += _chance_lines(chances(result.limits, apart.figures))
    return lines + [line for one in said for line in wrapped(one, indent="  ")]
