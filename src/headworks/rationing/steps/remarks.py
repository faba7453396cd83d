"""Remarks on a rationing: what its officer should know, though it is no fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING

from headworks.rationing.enclosed import any_enclosed
from headworks.rationing.exact import short
from headworks.rationing.intake.names import alike, listed
from headworks.rationing.rules.sampling import Sampled
from headworks.rationing.rules.steps import TooLong
from headworks.rationing.steps.replicates import standard_errors
from headworks.rationing.steps.serving import NOTHING, Serving
from headworks.rationing.whole import method

if TYPE_CHECKING:
    from headworks.rationing.intake.claimant import Claimant
    from headworks.rationing.intake.parameters import Parameters
    from headworks.rationing.rule import Rule

BEYOND_DOUBT = 5
"""Standard errors from which a difference is told apart from the noise of a sample."""


def on_claimants(rule: Rule, people: Sequence[Claimant], chosen: Parameters) -> Iterator[str]:
    """Yield remarks on what is said of claimants and changes nothing, or may be misread."""
    for option, column in (("weights", "weight"), ("scores", "score"), ("days", "day")):
        if option not in rule.takes and any(getattr(one, column) is not None for one in people):
            yield f"{rule.title} takes no {option}: the column {column} changes nothing"
    ordered = "priority" in rule.takes or chosen.whole is not None or chosen.lot is not None
    if not ordered and any(one.priority is not None for one in people):
        yield f"{rule.title} takes no priority, and there is no tie to break: ranks change nothing"
    if not ordered and chosen.ballot_key is not None:
        yield f"{rule.title} takes no order, and there is no tie to break: the ballot is idle"
    if chosen.whole is not None and method(chosen.whole).draws and chosen.ballot != "sha256":
        yield f"{chosen.whole} draws by SHA-256 from the key, not by {chosen.ballot}"
    parties = [one.party for one in people if one.party is not None]
    for what, names in (("parties", parties), ("claimants", [one.name for one in people])):
        for group in alike(names):
            differ = " and ".join(repr(name) for name in group)
            yield f"{differ} differ only in how they are written, and count as different {what}"
    yield from _on_need(people)
    yield from _on_use(people, chosen)


def _on_need(people: Sequence[Claimant]) -> Iterator[str]:
    known = [one for one in people if one.need is not None]
    unknown = [one.name for one in people if one.need is None]
    if known and unknown:
        yield f"no need is known of {listed(unknown)}: nothing verifies what they request"
    idle = [
        one.name
        for one in people
        if one.need is None and (one.stock is not None or one.undelivered is not None)
    ]
    if idle:
        yield f"stock and undelivered awards count against a need, and {listed(idle)} have none"


def _on_use(people: Sequence[Claimant], chosen: Parameters) -> Iterator[str]:
    told = [one.name for one in people if one.used is not None or one.awarded is not None]
    if chosen.min_use is None:
        if told:
            yield (
                f"past use is told of {listed(told)}, and changes nothing without a least use "
                "(min_use)"
            )
        return
    unchecked = [one.name for one in people if one.used is None or one.awarded is None]
    if unchecked and told:
        yield f"past use is not known of {listed(unchecked)}: it is not looked at"


def on_luck(rule: Rule, serving: Serving, chosen: Parameters, errors: Sequence[float]) -> str:
    """Return what awards owe to a sample; empty where they owe nothing.

    Args:
        rule: The rule.
        serving: What it answered.
        chosen: How it was asked.
        errors: Standard error of each award.
    """
    if serving.orders_drawn:
        return (
            f"{rule.title} are means of {serving.orders_drawn:,} drawn orders (seed "
            f"{chosen.seed}), with standard errors of up to {max(errors, default=0.0):.3g}"
        )
    if "seed" in rule.takes and chosen.seed:
        return f"{rule.title} are exact here, and not drawn: the seed changes nothing"
    return ""


def errors_of(
    serving: Serving, pool: Fraction, chosen: Parameters,
    again: Callable[[Parameters], Serving],
) -> dict[str, float]:  # fmt: skip
    """Return the standard errors of sampled awards by name; nothing where awards are exact.

    Args:
        serving: What was given.
        pool: What was shared.
        chosen: Parameters of the rationing.
        again: Serves the pool with other parameters.
    """
    if not serving.orders_drawn:
        return {}
    names = [one.name for one in serving.people]
    if isinstance(serving.division, Sampled) and serving.answers == 1:
        pairs = zip(serving.asked, serving.division.standard_errors, strict=True)
        return {names[n]: error for n, error in pairs}
    found = standard_errors(chosen, serving.orders_drawn, pool, lambda run: again(run).awards)
    return dict(zip(names, found, strict=True))


def on_tranches(
    rule: Rule, serving: Serving, pool: Fraction, chosen: Parameters,
    again: Callable[[Parameters], Serving],
) -> str:  # fmt: skip
    """Return what awards would be at once, where tranches change them; else nothing.

    Of sampled awards only those differences are told that cannot be luck.
    """
    if not chosen.tranches:
        return ""
    untold = f"whether tranches change awards ({rule.title}) cannot be told"
    if any_enclosed(serving.awards):
        return f"{untold}: in tranches, they are fractions of too many digits"
    try:
        at_once = again(replace(chosen, tranches=()))
    except TooLong:
        return f"{untold}: at once, they would be fractions of too many digits"
    changes = [now - then for now, then in zip(serving.awards, at_once.awards, strict=True)]
    doubts = [NOTHING] * len(changes)
    if serving.orders_drawn or at_once.orders_drawn:

        def moved(run: Parameters) -> list[Fraction]:
            pairs = zip(again(run).awards, again(replace(run, tranches=())).awards, strict=True)
            return [now - then for now, then in pairs]

        orders = max(serving.orders_drawn, at_once.orders_drawn)
        errors = standard_errors(chosen, orders, pool, moved)
        doubts = [BEYOND_DOUBT * Fraction(error) if isfinite(error) else pool for error in errors]
    told = [
        f"{one.name}: {short(now)} instead of {short(then)}"
        for one, now, then, change, doubt in zip(
            serving.people, serving.awards, at_once.awards, changes, doubts, strict=True
        )
        if abs(change) > doubt
    ]
    if told:
        shown = "; ".join(told[:10]) + (f"; and {len(told) - 10:,} more" if told[10:] else "")
        return f"in tranches, awards are other than at once ({rule.title}): {shown}"
    if any(doubts):
        return (
            f"{untold}: no difference from awards at once is above {BEYOND_DOUBT} standard errors "
            "of the sample"
        )
    return ""
