"""Serving a pool: one rule within bounds, by reserves in their order, or by tranches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError
from headworks.rationing.common import total
from headworks.rationing.enclosed import any_enclosed, plain
from headworks.rationing.exact import short
from headworks.rationing.intake.names import listed
from headworks.rationing.intake.parameters import ADVANCE, OPEN
from headworks.rationing.rules.division import Division
from headworks.rationing.rules.ordered import Tied
from headworks.rationing.rules.sampling import Sampled
from headworks.rationing.steps.precedence import Order, among
from headworks.rationing.steps.step import Step

if TYPE_CHECKING:
    from headworks.rationing.intake.claimant import Claimant
    from headworks.rationing.intake.parameters import Parameters
    from headworks.rationing.rule import Rule
    from headworks.rationing.rules.division import CutOff

NOTHING = Fraction(0)
FOR_TWO = "concede_and_divide"
"""The rule that cannot be asked about one claimant."""
Floors = Mapping[int, Fraction]
"""The least that some claimants must have in all, by number."""


@dataclass(slots=True)
class Serving:
    """A pool as it is given out: awards so far, and what was noted on the way."""

    rule: Rule
    people: Sequence[Claimant]
    claims: list[Fraction]
    order: Order | None
    """Claimants by precedence, the first served first; None where nothing says so."""
    draw: Mapping[str, int] = field(default_factory=dict)
    """`orders` and `seed` of a rule that may draw."""
    awards: list[Fraction] = field(init=False)
    most: Sequence[Fraction] = field(init=False)
    """The most that each may have in all."""
    least: Sequence[Fraction] = field(init=False)
    """The least that each must have in all."""
    given: Fraction = NOTHING
    """What has been awarded to all together."""
    division: Division | None = None
    """What the rule answered last."""
    answers: int = 0
    """How often it was asked."""
    orders_drawn: int = 0
    """How many orders of arrival it drew for an answer, at most; 0 where all are exact."""
    asked: Sequence[int] = ()
    """Whom it answered last, in the order of its awards."""
    held: dict[int, Fraction | str] = field(default_factory=dict)
    """What the rule would have given those whom the most holds back; of an award too long to be
    exact, some digits as text."""
    raised: dict[int, Fraction | str] = field(default_factory=dict)
    """What it would have given those who have the least instead."""
    cut_offs: dict[str, CutOff] = field(default_factory=dict)
    """Who stood where the pool ended, by reserve or `open`, of a rule that serves in order."""
    steps: list[Step] = field(default_factory=list)
    """What became of each reserve."""
    withheld: dict[str, Fraction] = field(default_factory=dict)
    """What each hard reserve keeps from all others, by name."""

    def __post_init__(self) -> None:
        self.awards = [NOTHING] * len(self.people)
        self.most = tuple(self.claims)
        self.least = (NOTHING,) * len(self.people)

    def give(
        self, amount: Fraction, to: Iterable[int], stage: str = OPEN, floors: Floors | None = None
    ) -> Fraction:
        """Share an amount among claimants by the rule; return what they leave of it.

        Where awards pass the most or fall below the least that somebody may have, those of one
        kind are set to that bound, and the rest of the amount is shared among the others by the
        same rule, until no award leaves its bounds. Of the two kinds that goes first by which the
        rule is further out in sum; by this order nobody is bound without need.

        Args:
            amount: In the pool's unit.
            to: Numbers of the claimants who take part.
            stage: The reserve that it is of, or `open`.
            floors: The least that some of them must have in all, once this is given.

        Raises:
            InputError: The amount ends among claimants who stand equal, or does not reach what is
                guaranteed, or is a further part for awards that are known by bounds alone.
        """
        numbers = tuple(to)
        if amount:
            self._check_exact(numbers)
        active = [
            n
            for n in numbers
            if self.claims[n] > self.awards[n] or (self.rule.counts_idle and not self.claims[n])
        ]
        least = {n: floor for n, floor in (floors or {}).items() if floor > self.awards[n]}
        self._check_exact(least)
        self._check_reach(amount, least, stage)
        rest = amount
        while active and rest > 0:
            division = self._divided(rest, active, stage)
            more = dict(zip(active, division.awards, strict=True))
            over, under = self._out_of_bounds(more, least)
            if not over and not under:
                for n, part in more.items():
                    self.awards[n] += part
                if division.cut_off is not None:
                    self.cut_offs[stage] = division.cut_off.of(active)
                self.given += division.total
                return rest - division.total
            excess, lack = sum(over.values(), NOTHING), sum(under.values(), NOTHING)
            bound = {n: self.most[n] for n in over} if not under or excess >= lack else {}
            if not over or lack >= excess:
                bound |= {n: least[n] for n in under}
            for n, award in bound.items():
                noted = self.held if n in over else self.raised
                noted.setdefault(n, plain(self.awards[n] + more[n]))
                self.given += award - self.awards[n]
                rest -= award - self.awards[n]
                self.awards[n] = award
            active = [n for n in active if n not in bound]
        return rest

    def _divided(self, amount: Fraction, active: Sequence[int], stage: str) -> Division:
        asked = [self.claims[n] - self.awards[n] for n in active]
        if len(active) == 1 < len(self.people) and self.rule.name == FOR_TWO:
            return Division((min(amount, asked[0]),))  # the other is served, or bound
        try:
            division = self.rule.divide(amount, asked, **self.options(active))
        except Tied as tie:
            raise tie.named([self.people[n].name for n in active]) from None
        self.division, self.asked = division, active
        self.answers += 1
        if isinstance(division, Sampled):
            self.orders_drawn = max(self.orders_drawn, division.orders)
        self.cut_offs.pop(stage, None)
        return division

    def _out_of_bounds(
        self, more: Mapping[int, Fraction], least: Floors
    ) -> tuple[dict[int, Fraction], dict[int, Fraction]]:
        """Return by how much awards would pass the most, and fall below the least."""
        over: dict[int, Fraction] = {}
        under: dict[int, Fraction] = {}
        for n, part in more.items():
            award = self.awards[n] + part
            if award > self.most[n]:
                over[n] = award - self.most[n]
            elif n in least and award < least[n]:
                under[n] = least[n] - award
        return over, under

    def _check_exact(self, numbers: Iterable[int]) -> None:
        if any_enclosed(self.awards[n] for n in numbers):
            message = "awards that are too long to be exact fractions cannot be shared in parts"
            remedy = (
                "leave out reserves and tranches, or take adjusted_proportional or minimal_overlap"
            )
            raise InputError([Fault("rule", 0, "", message, remedy)])

    def _check_reach(self, amount: Fraction, least: Floors, stage: str) -> None:
        missing = sum((floor - self.awards[n] for n, floor in least.items()), NOTHING)
        if missing > amount:
            message = (
                f"{short(missing)} are needed to lift {listed(self.people[n].name for n in least)} "
                "to their minima, and the last part that they share in "
                f"({stage}) has {short(amount)}"
            )
            remedy = "change the order of parts, lower the minima, or give them in advance"
            raise InputError([Fault("minimum", 0, "", message, remedy)])

    def options(self, active: Sequence[int]) -> dict[str, object]:
        """Return what the rule wants to know of those who take part."""
        found: dict[str, object] = {
            name: value for name, value in self.draw.items() if name in self.rule.takes
        }
        if "weights" in self.rule.takes and any(self.people[n].weight for n in active):
            found["weights"] = [self.people[n].weight or Fraction(1) for n in active]
        if "scores" in self.rule.takes:
            found["scores"] = [self.people[n].score for n in active]
        if "days" in self.rule.takes:
            found["days"] = [self.people[n].day for n in active]
        if "priority" in self.rule.takes and self.order is not None:
            found["priority"] = among(self.order, active)
        return found


def serve(pool: Fraction, serving: Serving, parameters: Parameters) -> None:
    """Give a pool out: by tranches, or by reserves in their order, or at once.

    What is guaranteed is given in advance, or is the least that a claimant has when the last part
    in which it takes part is given.

    Raises:
        InputError: The minima add up to more than the pool, or the last part of some claimants does
            not reach theirs.
    """
    everybody = range(len(serving.people))
    guaranteed = total(serving.least)
    if guaranteed > pool:
        message = (
            f"the guaranteed minima add up to {short(guaranteed)}, more than the pool of "
            f"{short(pool)}"
        )
        raise InputError([Fault("minimum", 0, "", message, "lower them, or enlarge the pool")])
    advance = parameters.guarantee == ADVANCE
    floors = {} if advance else {n: floor for n, floor in enumerate(serving.least) if floor}
    if advance:
        serving.awards, serving.given = list(serving.least), guaranteed
    given = guaranteed if advance else NOTHING
    if parameters.reserves:
        _by_stages(pool - given, serving, parameters, floors)
        return
    tranches = parameters.tranches or (pool,)
    left = -given  # the first tranches pay for what was given in advance
    for number, tranche in enumerate(tranches, start=1):
        left += tranche
        last = number == len(tranches)
        if left > 0 or last:  # the last one makes floors good, and says so where it is empty
            left = serving.give(max(left, NOTHING), everybody, floors=floors if last else None)


def _by_stages(pool: Fraction, serving: Serving, parameters: Parameters, floors: Floors) -> None:
    """Serve reserves and the open part in their order; what soft ones leave is open to all."""
    everybody = range(len(serving.people))
    numbers = {one.name: n for n, one in enumerate(serving.people)}
    reserves = {reserve.name: reserve for reserve in parameters.reserves}
    freed = NOTHING
    open_part = pool - sum((reserve.units for reserve in parameters.reserves), NOTHING)
    if open_part < 0:
        message = f"the reserves add up to more than what can be shared, {short(pool)}"
        raise InputError([Fault("reserves", 0, "", message, "make them smaller")])
    eligible = {
        name: [numbers[one] for one in reserve.eligible] for name, reserve in reserves.items()
    }
    last = {n: stage for stage in parameters.stages for n in eligible.get(stage, everybody)}
    for stage in parameters.stages:
        theirs = {n: floor for n, floor in floors.items() if last[n] == stage}
        if stage in reserves:
            reserve = reserves[stage]
            left = serving.give(reserve.units, eligible[stage], stage, theirs)
            serving.steps.append(_reserve_step(stage, reserve.eligible, reserve.units, left,
                                               soft=reserve.soft))  # fmt: skip
            if reserve.soft:
                freed += left
            elif left:
                serving.withheld[stage] = left
        else:
            freed = serving.give(open_part + freed, everybody, stage, theirs)
    if freed > 0:
        serving.give(freed, everybody)


def _reserve_step(
    name: str, eligible: Sequence[str], units: Fraction, left: Fraction, *, soft: bool
) -> Step:
    goes = "goes to all" if soft else "is kept from all others"
    rest = f"the {short(left)} that they leave {goes}" if left else "they take it all"
    return Step("reserve", f"{name} holds {short(units)} for {listed(eligible)}; {rest}")


def draw(chosen: Parameters) -> dict[str, int]:
    """Return how many orders a rule draws, where that is said, and from what."""
    orders = {} if chosen.orders is None else {"orders": chosen.orders}
    return {**orders, "seed": chosen.seed}
