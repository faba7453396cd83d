"""Which options of `headworks worth` go together, and faults by the name of their option."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from headworks.errors import Fault, InputError

OPTIONS = {
    "chip": "CHIP",
    "context_tokens": "--input",
    "input_tokens": "--input",
    "output_tokens": "--output",
    "training_tokens": "--tokens",
}
"""Option of each argument that is not called as its option is."""
ARGUMENTS = frozenset({
    "against", "chips", "concurrency", "dp", "ep", "kv_precision", "phase", "pp", "precision",
    "recompute", "software", "tp", "tpot_ms", "ttft_ms",
})  # fmt: skip
WHOLE = frozenset({"chips", "tp", "pp", "dp", "ep"})
"""Arguments that are whole numbers."""
AMOUNTS = frozenset({
    "input_tokens", "output_tokens", "concurrency", "training_tokens", "ttft_ms", "tpot_ms",
})  # fmt: skip
"""Arguments that are other numbers."""
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
LIMITS = ("ttft_ms", "tpot_ms")
SEARCHED = {
    "concurrency": "the number of requests is what is searched for within limits",
    "recompute": "limits on the times of tokens say nothing about training",
    "training_tokens": "limits on the times of tokens say nothing about training",
}
"""What cannot be stated beside limits, with the reason."""


@contextmanager
def by_options() -> Iterator[None]:
    """Let faults name the option in the place of the argument, each fault once."""
    try:
        yield
    except InputError as error:
        faults = [replace(fault, file=option(fault.file)) for fault in error.faults]
        raise InputError(dict.fromkeys(faults)) from None


def option(argument: str) -> str:
    """Return the option of an argument; what is none stays as it is."""
    if argument in ARGUMENTS:
        return f"--{argument.replace('_', '-')}"
    return OPTIONS.get(argument, argument)


def number(argument: str, text: str) -> Any:  # noqa: ANN401 - a number, or what is none
    """Return the number that an option is given, or the text itself where it is none.

    What checks the arguments meets it then, together with all else that is wrong.
    """
    if argument in WHOLE and re.fullmatch(r"[+-]?\d{1,4000}", text):
        return int(text)
    if argument in WHOLE | AMOUNTS and NUMBER.fullmatch(text):
        return float(text)
    return text


def check_modes(
    modes: Mapping[str, bool],
    chip: str | None,
    models: Mapping[str, Any],
    against: Sequence[str],
    stated: Mapping[str, Any],
) -> None:
    """Raise if options do not go together.

    Args:
        modes: Whether each option that asks for something else than a chip's worth is given.
        chip: The chip, or what stands in its place.
        models: What each option that names a model holds, or None.
        against: Chips to compare with.
        stated: Other arguments that are given.

    Raises:
        InputError: Some do not; all faults are listed.
    """
    chosen = [name for name, given in modes.items() if given]
    named = [name for name, given in models.items() if given is not None]
    others = [*named, *(["--against"] if against else []), *map(option, stated)]
    if chosen == ["--card"]:
        faults = list(_of_card(chip, named, [one for one in others if one not in named]))
    elif chosen:
        faults = list(_beside_mode(chosen, chip, others))
    else:
        faults = list(_of_chip(chip, named, stated))
    if faults:
        raise InputError(faults)


def _beside_mode(chosen: Sequence[str], chip: str | None, others: Sequence[str]) -> Iterator[Fault]:
    """Yield what does not go with a mode of its own."""
    mode = chosen[0]
    if mode == "--validate" and chip is not None:
        message = f"--validate reads the chips from its file; {chip!r} says nothing beside it"
        yield Fault("CHIP", 0, "", message, "leave it out")
    for name in (*chosen[1:], *others):
        yield Fault(name, 0, "", f"it says nothing beside {mode}", "leave one of them out")


def _of_card(chip: str | None, named: Sequence[str], others: Sequence[str]) -> Iterator[Fault]:
    """Yield what is missing or does not go together where the card of a model is asked for."""
    given = [*(["CHIP"] if chip is not None else []), *named]
    if not given:
        remedy = "name one, or its config.json; `headworks worth --list` shows all"
        yield Fault("CHIP", 0, "", "no model is named", remedy)
    for name in given[1:]:
        yield Fault(name, 0, "", f"{given[0]} names a model already", "give one of them")
    for name in others:
        if name != "--input":
            yield Fault(name, 0, "", "it says nothing beside --card", "leave one of them out")


def _of_chip(chip: str | None, named: Sequence[str], stated: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is missing or does not go together where a chip's worth is asked for."""
    if chip is None:
        remedy = "name one; `headworks classify --list` shows all"
        yield Fault("CHIP", 0, "", "no chip is named", remedy)
    if len(named) > 1:
        message = f"{' and '.join(named)} both name a model"
        yield Fault(named[1], 0, "", message, "give one of them")
    if not named:
        for name in stated:
            message = "it says something only about a model"
            remedy = "add --model; `headworks worth --list` shows all"
            yield Fault(option(name), 0, "", message, remedy)
    elif any(name in stated for name in LIMITS):
        for name, message in SEARCHED.items():
            if name in stated:
                yield Fault(option(name), 0, "", message, "leave it out, or the limits")
