"""The game that a rule makes of requests: who needs what, and what each request brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias

from headworks.errors import Door, Fault, InputError
from headworks.rationing.exact import Amount, exact
from headworks.rationing.incentives.terms import NOTHING, ONE, Terms, terms
from headworks.rationing.intake.claimant import Claimant, by_column, claimants
from headworks.rationing.rule import RULES, Rule
from headworks.rationing.rule import rule as named_rule

Column: TypeAlias = Mapping[str, Amount] | Sequence[Amount] | None
"""A number for each claimant, by name or in order."""

CLAIMANTS_MAX = 60
"""Claimants beyond which best replies take minutes for the dearer rules."""
STEPS_OF_NEED = 200
"""Steps of the grid up to the largest need, about, where no step is given."""
BOUND = 100
"""Bound on requests where none is given, in multiples of the pool or of the largest need."""


@dataclass(frozen=True, slots=True)
class Game:
    """One pool, one rule, and claimants who know their needs and choose their requests.

    Requests are whole multiples of `step`, and also the need and the cap themselves.
    """

    rule: Rule
    pool: Fraction
    people: tuple[Claimant, ...]
    """The claimants; `request` of each is its true need."""
    terms: Terms
    step: Fraction
    bound: Fraction
    """Where requests are cut off to see whether they run away; no rule of the game."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the claimants."""
        return tuple(one.name for one in self.people)

    @property
    def needs(self) -> tuple[Fraction, ...]:
        """True needs, in the pool's unit."""
        return tuple(one.request for one in self.people)

    @property
    def truth(self) -> tuple[Fraction, ...]:
        """What each would request truthfully: the need, or the cap below it."""
        return tuple(min(need, self.limit(n)) for n, need in enumerate(self.needs))

    def limit(self, n: int) -> Fraction:
        """Return the most that claimant n requests: its cap, or the bound."""
        cap = self.terms.limit(self.people[n].request)
        return self.bound if cap is None else min(cap, self.bound)

    def reach(self, n: int) -> Fraction:
        """Return a request beyond which none is better for claimant n than some smaller one.

        Where claims above the pool count as the pool, that is the pool. Where each unit that is
        requested and not used forfeits φ, and units above the need n are worth nothing, a request
        r brings at most n - φ (r - n), less than requesting nothing from r = n (1 + φ) / φ on.
        """
        need, terms = self.people[n].request, self.terms
        ends = [self.limit(n)]
        if "truncation_invariance" in self.rule.keeps:
            ends.append(self.step * ceil(self.pool / self.step))
        if terms.deposit and not terms.refunded and terms.salvage <= terms.excess_cost:
            worthless = need * (ONE + terms.deposit) / terms.deposit
            ends.append(self.step * ceil(worthless / self.step))
        return min(ends)

    def awards(self, requests: Sequence[Fraction]) -> tuple[Fraction, ...]:
        """Return the awards for some requests."""
        return divided(self.rule, self.pool, self.people, requests, truncate=self.terms.truncate)

    def payoff(self, n: int, request: Fraction, award: Fraction) -> Fraction:
        """Return what a request and its award are worth to claimant n, in useful units."""
        return self.terms.payoff(request, award, self.people[n].request)

    def with_terms(self, **changes: object) -> Game:
        """Return the same game under other terms, such as `deposit="10%"`.

        Raises:
            InputError: Lists every fault of the terms.
        """
        kept = {name: value for name, value in self.terms.to_json().items() if name not in changes}
        return replace(self, terms=terms({**kept, **changes}))


def divided(
    rule: Rule, pool: Fraction, people: Sequence[Claimant], requests: Sequence[Fraction],
    *, truncate: bool = False,
) -> tuple[Fraction, ...]:  # fmt: skip
    """Return the awards of some requests by a rule, each claimant with its weight, rank and day."""
    claims = [min(request, pool) for request in requests] if truncate else list(requests)
    return rule.divide(pool, claims, **_options(rule, people)).awards


def _options(rule: Rule, people: Sequence[Claimant]) -> dict[str, object]:
    """Return what the rule wants to know of the claimants."""
    found: dict[str, object] = {}
    if "weights" in rule.takes and any(one.weight is not None for one in people):
        found["weights"] = [ONE if one.weight is None else one.weight for one in people]
    if "scores" in rule.takes and all(one.score is not None for one in people):
        found["scores"] = [one.score for one in people]
    if "days" in rule.takes and all(one.day is not None for one in people):
        found["days"] = [one.day for one in people]
    ranked = any(one.priority is not None for one in people)
    if "priority" in rule.takes and (ranked or "scores" in rule.takes):  # equal points go by order
        found["priority"] = sorted(range(len(people)), key=lambda n: _rank(people[n]))
    return found


def _rank(one: Claimant) -> tuple[bool, Fraction]:
    return one.priority is None, one.priority or NOTHING


def missing(rule: Rule, people: Sequence[Claimant]) -> str:
    """Return what the rule would need to know of the claimants, or nothing if it knows it all."""
    known = _options(rule, people)
    return ", ".join(option for option in rule.needs if option not in known)


def game(  # noqa: PLR0913 - all but pool, needs and rule are options by name
    pool: Amount,
    needs: Mapping[str, Amount] | Sequence[Amount],
    rule: str | Rule = "proportional",
    *,
    weights: Column = None,
    priority: Column = None,
    scores: Column = None,
    days: Mapping[str, str] | Sequence[str] | None = None,
    step: Amount | None = None,
    bound: Amount | None = None,
    **given: object,
) -> Game:
    """Return the game of claimants with known needs under a rule.

    Args:
        pool: What there is to share, in one unit with the needs.
        needs: True needs by name, or in order.
        rule: Name of the rule, an alias, or the rule itself.
        weights: Positive weight of each claimant, for rules that weigh.
        priority: Rank of each, 1 first; equal ranks are served in order.
        scores: Points of each.
        days: Day on which each application is accepted.
        step: Requests are multiples of it; about 1/200 of the largest need if not given.
        bound: Where requests are cut off; 100 times the pool or the largest need if not given.
        **given: Fields of `Terms`: `deposit`, `refunded`, `excess_cost`, `salvage`,
            `request_cap`, `cap_of_need`, `truncate`.

    Raises:
        InputError: Lists every fault.
    """
    people: list[Claimant] = []
    found_terms, found_rule = Terms(), RULES["proportional"]
    numbers: dict[str, Fraction] = {}
    columns = {"weight": weights, "priority": priority, "score": scores, "day": days}
    door = Door()
    with door.checking():
        people = claimants(by_column(needs, columns), file="needs")
    with door.checking():
        found_terms = terms(given)
    with door.checking():
        found_rule = named_rule(rule) if isinstance(rule, str) else rule
    for name, value in (("pool", pool), ("step", step), ("bound", bound)):
        with door.checking():
            numbers |= {} if value is None else {name: positive(name, value)}
    with door.checking():
        if people and (lack := missing(found_rule, people)):
            message = f"{found_rule.title} needs the {lack} of everybody"
            raise InputError([Fault("rule", 0, found_rule.name, message, f"give {lack}")])
    door.close()
    return assembled(
        found_rule, numbers["pool"], people, found_terms, numbers.get("step"), numbers.get("bound")
    )


def positive(name: str, value: object) -> Fraction:
    """Return a positive number.

    Raises:
        InputError: It is none.
    """
    try:
        number = exact(value)
    except ValueError as error:
        raise InputError([Fault(name, 0, "", str(error))]) from None
    if number <= 0:
        raise InputError([Fault(name, 0, "", f"{value} is not positive", "give a positive number")])
    return number


def assembled(
    rule: Rule, pool: Fraction, people: Sequence[Claimant], found: Terms,
    step: Fraction | None = None, bound: Fraction | None = None,
) -> Game:  # fmt: skip
    """Return the game of these parts, with a step and a bound that fit where none is given.

    Raises:
        InputError: There are too many claimants, nobody needs anything, or the bound is below a
            need or less than a step.
    """
    faults: list[Fault] = []
    most = max((one.request for one in people), default=NOTHING)
    if len(people) > CLAIMANTS_MAX:
        message = (
            f"{len(people)} claimants, and best replies are sought for at most {CLAIMANTS_MAX}"
        )
        remedy = "merge related parties, or join the small ones into one"
        faults.append(Fault("needs", 0, "", message, remedy))
    if not most:
        faults.append(Fault("needs", 0, "", "nobody needs anything", "give a need above 0"))
        raise InputError(faults)
    step = step or round_number(min(pool, most) / STEPS_OF_NEED)
    bound = step * ceil(BOUND * max(pool, most) / step) if bound is None else bound
    if bound < max(most, step):
        message = f"the bound {bound} is below the need {most} or the step {step}"
        faults.append(Fault("bound", 0, "", message, "raise it"))
    if faults:
        raise InputError(faults)
    return Game(rule, pool, tuple(people), found, step, bound)


def round_number(value: Fraction) -> Fraction:
    """Return the largest of 1, 2 and 5 times a power of ten that is not above a positive value."""
    power, digit = ONE, 1
    while power > value:
        power /= 10
    while power * 10 <= value:
        power *= 10
    digit = next(d for d in (5, 2, 1) if d * power <= value)
    return digit * power


def grid_index(game: Game, value: Fraction) -> int:
    """Return the number of the largest multiple of the step that is not above a value."""
    return floor(value / game.step)
