"""Serving a pool: one rule with minima and caps around it, by reserves, lots and tranches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError

if TYPE_CHECKING:
    from headworks.rationing.claimant import Claimant
    from headworks.rationing.division import Division
    from headworks.rationing.parameters import Parameters
    from headworks.rationing.rule import Rule

NOTHING = Fraction(0)


@dataclass(slots=True)
class Serving:
    """A pool as it is given out: awards so far, and what was noted on the way."""

    rule: Rule
    people: Sequence[Claimant]
    claims: list[Fraction]
    order: Sequence[int] | None
    """Claimants by precedence, the first served first; None where nothing says so."""
    draw: Mapping[str, int] = field(default_factory=dict)
    """`orders` and `seed` of a rule that may draw."""
    awards: list[Fraction] = field(init=False)
    caps: list[Fraction] = field(init=False)
    """The most that each may have in all."""
    division: Division | None = None
    """What the rule answered last."""
    answers: int = 0
    """How often it was asked."""
    asked: Sequence[int] = ()
    """Whom it answered, in the order of its awards."""
    capped: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.awards = [NOTHING] * len(self.people)
        self.caps = list(self.claims)

    def give(self, amount: Fraction, to: Sequence[int]) -> Fraction:
        """Share an amount among claimants by the rule; return what they leave of it.

        Where an award would pass a cap, it is the cap, and the rest of the amount is shared among
        the others by the same rule, until no award passes a cap.

        Args:
            amount: In the pool's unit.
            to: Numbers of the claimants who take part.
        """
        active = [n for n in to if self.claims[n] > self.awards[n]]
        rest = amount
        while active and rest > 0:
            asked = [self.claims[n] - self.awards[n] for n in active]
            division = self.rule.divide(rest, asked, **self.options(active))
            self.division = division
            self.answers += 1
            over = {
                n for n, more in zip(active, division.awards, strict=True)
                if self.awards[n] + more > self.caps[n]
            }  # fmt: skip
            self.asked = active
            if not over:
                for n, more in zip(active, division.awards, strict=True):
                    self.awards[n] += more
                return rest - sum(division.awards, NOTHING)
            for n in over:
                rest -= self.caps[n] - self.awards[n]
                self.awards[n] = self.caps[n]
            self.capped.update(over)
            active = [n for n in active if n not in over]
        return rest

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
            place = {n: position for position, n in enumerate(self.order)}
            ranked = sorted(range(len(active)), key=lambda i: place[active[i]])
            found["priority"] = list(ranked)
        return found


def serve(
    pool: Fraction, serving: Serving, minima: Sequence[Fraction], parameters: Parameters
) -> None:
    """Give a pool out: guaranteed minima first, then by tranches, or by reserves in their order.

    Raises:
        InputError: The minima add up to more than the pool.
    """
    everybody = range(len(serving.people))
    guaranteed = [min(least, cap) for least, cap in zip(minima, serving.caps, strict=True)]
    total = sum(guaranteed, NOTHING)
    if total > pool:
        message = f"the guaranteed minima add up to {total}, more than the pool of {pool}"
        raise InputError([Fault("minimum", 0, "", message, "lower them, or enlarge the pool")])
    serving.awards = guaranteed
    if parameters.reserves:
        _by_stages(pool - total, serving, parameters)
        return
    left = -total  # the first tranches pay for the minima
    for tranche in parameters.tranches or (pool,):
        left += tranche
        if left > 0:
            left = serving.give(left, everybody)


def _by_stages(pool: Fraction, serving: Serving, parameters: Parameters) -> None:
    """Serve reserves and the open part in their order; what soft ones leave is open to all."""
    everybody = range(len(serving.people))
    numbers = {one.name: n for n, one in enumerate(serving.people)}
    reserves = {reserve.name: reserve for reserve in parameters.reserves}
    freed = NOTHING
    open_part = pool - sum((reserve.units for reserve in parameters.reserves), NOTHING)
    if open_part < 0:
        message = f"the reserves add up to more than what can be shared, {pool}"
        raise InputError([Fault("reserves", 0, "", message, "make them smaller")])
    for stage in parameters.stages:
        if stage in reserves:
            reserve = reserves[stage]
            left = serving.give(reserve.units, [numbers[name] for name in reserve.eligible])
            freed += left if reserve.soft else NOTHING
        else:
            freed = serving.give(open_part + freed, everybody)
    if freed > 0:
        serving.give(freed, everybody)


def smallest_below(serving: Serving, pool: Fraction, lot: Fraction) -> list[int]:
    """Return who is refused next, since an award is below a lot; nobody if none is.

    The smallest award goes first, of equals the one that comes last in order. Where more are served
    than the pool has lots, so many go at once as there are too many: not all of them could ever
    have a lot.

    Raises:
        InputError: Awards are equal, and there is no order that says whom to spare.
    """
    small = [n for n, award in enumerate(serving.awards) if 0 < award < lot]
    if not small:
        return []
    served = sum(award > 0 for award in serving.awards)
    many = min(max(1, served - floor(pool / lot)), len(small))
    place = dict.fromkeys(small, 0)
    if serving.order is not None:
        place |= {n: position for position, n in enumerate(serving.order)}
    ranked = sorted(small, key=lambda n: (serving.awards[n], -place[n]))
    last = serving.awards[ranked[many - 1]]
    equals = [n for n in small if serving.awards[n] == last]
    if serving.order is None and many < len(small) and serving.awards[ranked[many]] == last:
        names = ", ".join(serving.people[n].name for n in equals[:5])
        more = ", …" if equals[5:] else ""
        message = f"{len(equals)} claimants stand equal below a lot of {lot}: {names}{more}"
        remedy = "give a priority or a ballot key, which say whom to spare"
        raise InputError([Fault("lot", 0, "", message, remedy)])
    return ranked[:many]


def _caps(
    rule: Rule, pool: Fraction, heads: Sequence[Claimant], claims: Sequence[Fraction],
    chosen: Parameters,
) -> list[Fraction]:  # fmt: skip
    """Return the most that each may have: the claim, or less by a cap, or more by some rules."""
    general = chosen.cap if chosen.cap_share is None else chosen.cap_share * pool
    caps: list[Fraction] = []
    for one, claim in zip(heads, claims, strict=True):
        most = pool if rule.beyond_claims else claim
        limits = [limit for limit in (one.cap, general) if limit is not None]
        if one.minimum is not None and limits and min(limits) < one.minimum:
            message = f"the cap {min(limits)} is below the guaranteed minimum {one.minimum}"
            remedy = "raise the cap or lower the minimum"
            raise InputError([Fault("cap", 0, one.name, message, remedy)])
        least = min([most, *limits])
        caps.append(least if chosen.whole is None else Fraction(floor(least)))
    return caps


def served(
    rule: Rule, pool: Fraction, heads: Sequence[Claimant], claims: Sequence[Fraction],
    order: Sequence[int] | None, chosen: Parameters,
) -> tuple[Serving, set[int]]:  # fmt: skip
    """Serve the pool; with a least lot, again and again without whom it would give too little."""
    lot = chosen.lot or NOTHING
    hopeless = not rule.beyond_claims
    refused = {n for n, claim in enumerate(claims) if hopeless and 0 < claim < lot}
    asked = [NOTHING if n in refused else claim for n, claim in enumerate(claims)]
    while True:
        serving = Serving(rule, heads, asked, order, draw(chosen))
        serving.caps = _caps(rule, pool, heads, asked, chosen)
        for n in refused:
            serving.caps[n] = NOTHING
        minima = [one.minimum or NOTHING for one in heads]
        serve(pool, serving, minima, chosen)
        small = [] if chosen.lot is None else smallest_below(serving, pool, chosen.lot)
        if not small:
            return serving, refused
        refused.update(small)
        for n in small:
            asked[n] = NOTHING


def draw(chosen: Parameters) -> dict[str, int]:
    """Return how many orders a rule draws, where that is said, and from what."""
    orders = {} if chosen.orders is None else {"orders": chosen.orders}
    return {**orders, "seed": chosen.seed}
