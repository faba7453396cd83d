"""Awards that are too long for exact fractions: whole units are settled by bounds instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from headworks.errors import Fault, InputError
from headworks.rationing import enclosed
from headworks.rationing.enclosed import Undecided, settled
from headworks.rationing.rules.steps import TooLong
from headworks.rationing.whole import method

if TYPE_CHECKING:
    from headworks.rationing.rule import Rule

Answer = TypeVar("Answer")
OTHER_RULES = "take adjusted_proportional or minimal_overlap"


def answered(
    rule: Rule, whole: str | None, ask: Callable[[Rule], Answer], *, or_whole: bool
) -> Answer:
    """Return an answer from exact awards; where they are too long, from bounds that settle it.

    Args:
        rule: The rule.
        whole: Name of the method of whole units, which alone can do with bounds.
        ask: Gives the answer of a rule that awards in either way.
        or_whole: Whether whole units could be asked for where they are not: bounds suffice for
            everything else that is asked.

    Raises:
        InputError: Awards are too long, and exact ones are needed, or no bounds tell.
    """
    try:
        return ask(rule)
    except TooLong as error:
        enclose = rule.enclose
        if enclose is None:
            raise
        if whole is None:
            raise TooLong(error.count, error.digits, or_whole=or_whole) from None
    chosen = method(whole)
    by = chosen.name
    if chosen.rule not in (None, rule.name):
        message = f"{by} rounds awards of {chosen.rule} alone, and these are {rule.title}"
        remedy = f"use largest_remainder, or the rule {chosen.rule} without weights"
        raise InputError([Fault("whole", 0, "", message, remedy)])
    if not chosen.compares:
        message = f"{by} counts by exact awards, and here they have too many digits"
        remedy = f"use largest_remainder or a divisor method, or {OTHER_RULES}"
        raise InputError([Fault("whole", 0, "", message, remedy)])
    enclose = partial(enclose, known={})
    try:
        return settled(lambda digits: ask(replace(rule, divide=partial(enclose, digits=digits))))
    except Undecided:
        message = (
            f"{by} hangs on awards that {enclosed.DIGITS[-1]:,} digits do not tell apart, or from "
            "whole units, and they are too long to be compared exactly"
        )
        remedy = f"change the pool by a unit, leave out claims far below it, or {OTHER_RULES}"
        raise InputError([Fault("whole", 0, "", message, remedy)]) from None
