"""Needs behind orders: the needs that make observed orders best replies, under stated beliefs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from headworks.errors import Fault, InputError
from headworks.rationing.exact import Amount, rounded, written
from headworks.rationing.incentives.beliefs import Beliefs, Range, beliefs
from headworks.rationing.incentives.game import CLAIMANTS_MAX, Column, missing
from headworks.rationing.incentives.ladder import NEAREST, interval, ladder_of
from headworks.rationing.incentives.terms import NOTHING, ONE
from headworks.rationing.intake.claimant import Claimant, by_column, claimants
from headworks.rationing.rule import Rule
from headworks.rationing.rule import rule as named_rule

LOWER = {
    "less": "a smaller need would have ordered less",
    "cap": "the order is at most the cap's multiple of the need",
    "nothing": "none: ordering too much costs nothing, or no more than the tolerance",
    "unexplained": "no need makes this order a best one",
}
"""What makes a lower bound."""
UPPER = {
    "more": "a larger need would have ordered more",
    "flat": "none: a larger order would have brought no more",
    "cap": "none: the cap forbids a larger order",
    "deposit": "none: a larger order would have forfeited more than it brings",
    "small": "none: what a larger order brings is within the tolerance",
    "unexplained": "no need makes this order a best one",
}
"""What makes an upper bound, or why there is none."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of an interval, what makes it, and the belief under which it is reached."""

    need: Fraction | None
    """None where there is no bound."""
    by: str
    """A key of `LOWER` or `UPPER`."""
    pool: Fraction
    """The expected pool."""
    others: Fraction
    """The others' expected orders, as a multiple of those that were placed."""
    deposit: Fraction

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, exact numbers as text."""
        return {
            "need": None if self.need is None else written(self.need),
            "by": self.by,
            "if_pool": written(self.pool),
            "if_others": written(self.others),
            "if_deposit": written(self.deposit),
        }


@dataclass(frozen=True, slots=True)
class ImpliedNeed:
    """What one order says about the need behind it."""

    name: str
    order: Fraction
    lower: Bound
    upper: Bound
    explained: int
    """Beliefs under which some need makes the order a best one."""
    tried: int
    """Beliefs that were tried."""

    @property
    def finding(self) -> str:
        """What the order says, as a sentence."""
        low, high = self.lower.need, self.upper.need
        if low is None:
            return "no need makes this order a best one: another assumption is wrong"
        if high is None:
            return (
                f"at least {rounded(low, 0)}; the order tells nothing beyond that"
                if low
                else ("the order tells nothing")
            )
        if high - low <= NEAREST * self.order:
            return rounded(high, 0)
        return f"{rounded(low, 0)} to {rounded(high, 0)}"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, exact numbers as text."""
        return {
            "name": self.name,
            "order": written(self.order),
            "lower": self.lower.to_json(),
            "upper": self.upper.to_json(),
            "beliefs_that_explain": self.explained,
            "beliefs_tried": self.tried,
            "finding": self.finding,
        }


@dataclass(frozen=True, slots=True)
class ImpliedNeeds:
    """What a table of orders says about the needs behind them, under stated beliefs."""

    rule: Rule
    beliefs: Beliefs
    needs: tuple[ImpliedNeed, ...]

    @property
    def order_total(self) -> Fraction:
        """All orders together."""
        return sum((one.order for one in self.needs), NOTHING)

    @property
    def lower(self) -> Fraction:
        """All needs together, at least; an order that no need explains counts nothing."""
        return sum((one.lower.need or NOTHING for one in self.needs), NOTHING)

    @property
    def upper(self) -> Fraction | None:
        """All needs together, at most; None where one of them has no bound."""
        bounds = [one.upper.need for one in self.needs]
        known = [bound for bound in bounds if bound is not None]
        return sum(known, NOTHING) if len(known) == len(bounds) else None

    @property
    def finding(self) -> str:
        """What the orders say together, as a sentence."""
        total, low, high = (
            rounded(x or NOTHING, 0) for x in (self.order_total, self.lower, self.upper)
        )
        if all(one.lower.need is None for one in self.needs):
            return f"orders of {total}: no needs make them best replies under these assumptions"
        if self.upper is not None:
            between = f"needs of {low} to {high}" if low != high else f"needs of {low}"
            return f"orders of {total} speak of {between} in all"
        if self.lower:
            return f"orders of {total} speak of needs of at least {low}, and of nothing beyond that"
        return f"orders of {total} tell nothing about needs"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, exact numbers as text."""
        return {
            "rule": self.rule.name,
            "beliefs": self.beliefs.to_json(),
            "assumptions": self.beliefs.assumptions(),
            "needs": [one.to_json() for one in self.needs],
            "order_total": written(self.order_total),
            "lower": written(self.lower),
            "upper": None if self.upper is None else written(self.upper),
            "finding": self.finding,
        }


def implied_needs(
    orders: Mapping[str, Amount] | Sequence[Amount],
    pool: Range,
    rule: str | Rule = "proportional",
    *,
    weights: Column = None,
    priority: Column = None,
    scores: Column = None,
    days: Mapping[str, str] | Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    **given: object,
) -> ImpliedNeeds:
    """Return intervals for the needs that make observed orders best replies.

    For each belief, a pool, the others' orders and a deposit, the needs under which no other order
    would have been better form an interval, since no rule awards less to who claims more: each
    smaller order rules out the needs below some level and each larger one those above some level.
    What is returned spans these intervals over all beliefs that are tried, both ends of each range
    and points between. The orders compared are a ladder around the observed one, from none to a
    hundred times as much, so for a belief the interval may be too wide but not too narrow. Needs
    are not narrowed by each other: each claimant may have held a belief of its own.

    Args:
        orders: Observed orders by name, or in order.
        pool: What the claimants may have expected, in one unit with the orders: lowest and highest.
        rule: The rule that they expected: name, alias, or the rule itself.
        weights: Positive weight of each claimant, for rules that weigh.
        priority: Rank of each, 1 first.
        scores: Points of each.
        days: Day on which each order was accepted.
        progress: Told how many claimants are done, and how many there are.
        **given: Fields of `Beliefs`: `others`, `deposit`, `refunded`, `excess_cost`, `salvage`,
            `request_cap`, `cap_of_need`, `tolerance`.

    Raises:
        InputError: Lists every fault.
    """
    faults: list[Fault] = []
    people: list[Claimant] = []
    held = Beliefs((ONE, ONE))
    found_rule: Rule | None = None
    columns = {"weight": weights, "priority": priority, "score": scores, "day": days}
    try:
        people = claimants(by_column(orders, columns), file="orders")
    except InputError as error:
        faults.extend(error.faults)
    try:
        held = beliefs({"pool": pool, **given})
    except InputError as error:
        faults.extend(error.faults)
    try:
        found_rule = named_rule(rule) if isinstance(rule, str) else rule
    except InputError as error:
        faults.extend(error.faults)
    if found_rule is not None:
        faults.extend(_clashes(found_rule, people, held))
    if faults or found_rule is None:
        raise InputError(faults)
    return implied(found_rule, people, held, progress=progress)


def implied(
    rule: Rule, people: Sequence[Claimant], held: Beliefs,
    *, progress: Callable[[int, int], None] | None = None,
) -> ImpliedNeeds:  # fmt: skip
    """Return the same for claimants, whose `request` is the order, and beliefs that fit them.

    Raises:
        InputError: They do not fit each other.
    """
    faults = _clashes(rule, people, held)
    if faults:
        raise InputError(faults)
    found: list[ImpliedNeed] = []
    for n in range(len(people)):
        if progress is not None:
            progress(n, len(people))
        found.append(_implied(rule, people, held, n))
    return ImpliedNeeds(rule, held, tuple(found))


def _clashes(rule: Rule, people: Sequence[Claimant], held: Beliefs) -> list[Fault]:
    faults: list[Fault] = []
    if len(people) > CLAIMANTS_MAX:
        message = f"{len(people)} orders, and needs are sought for at most {CLAIMANTS_MAX}"
        remedy = "merge related parties, or join the small ones into one"
        faults.append(Fault("orders", 0, "", message, remedy))
    if rule.name == "uniform":
        message = "the uniform rule awards more than was ordered where nothing is short"
        remedy = "name constrained_equal_awards, which is the same in shortage"
        faults.append(Fault("rule", 0, rule.name, message, remedy))
    if people and (lack := missing(rule, people)):
        message = f"{rule.title} needs the {lack} of everybody"
        faults.append(Fault("rule", 0, rule.name, message, f"give {lack}"))
    for one in people:
        if held.request_cap is not None and one.request > held.request_cap:
            message = f"the order {one.request} is above the cap {held.request_cap}"
            faults.append(Fault("request_cap", 0, one.name, message, "mend one of them"))
    return faults


def _implied(rule: Rule, people: Sequence[Claimant], held: Beliefs, n: int) -> ImpliedNeed:
    order = people[n].request
    lows: list[Bound] = []
    highs: list[Bound] = []
    tried = 0
    for pool, multiple in held.each():
        ladder = ladder_of(rule, people, n, pool, multiple, held)
        for deposit in held.deposits():
            tried += 1
            low, high = interval(order, ladder, deposit, held)
            if "unexplained" in (low[1], high[1]):
                continue
            if low[0] is not None and high[0] is not None and high[0] < low[0]:
                continue
            lows.append(Bound(*low, pool, multiple, deposit))
            highs.append(Bound(*high, pool, multiple, deposit))
    if not lows:
        nowhere = Bound(None, "unexplained", held.pool[0], held.others[0], held.deposit[0])
        return ImpliedNeed(people[n].name, order, nowhere, nowhere, 0, tried)
    lower = min(lows, key=lambda bound: bound.need or NOTHING)
    endless = [bound for bound in highs if bound.need is None]
    upper = endless[0] if endless else max(highs, key=lambda bound: bound.need or NOTHING)
    return ImpliedNeed(people[n].name, order, lower, upper, len(lows), tried)
