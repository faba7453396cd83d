"""Dominguez–Thomson awards between bounds: all digits that whole units need, and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, Decimal
from fractions import Fraction
from functools import reduce
from typing import TypeAlias, cast

from headworks.rationing.common import over_common
from headworks.rationing.enclosed import Enclosed, Number, Tail, Undecided
from headworks.rationing.intervals import Interval, Precision
from headworks.rationing.rules.division import Division
from headworks.rationing.rules.steps import ABOUT, NOTHING, Walk, about, dominguez_thomson, walked

ZERO = Decimal(0)
NONE = Interval(ZERO, ZERO)
STEPS_MAX = MAX_EMAX
"""Steps per claimant; twice as many leave less than the exponent of a decimal can say."""


Begun: TypeAlias = dict[tuple[Fraction, tuple[Fraction, ...]], Walk]
"""Exact first steps by pool and claims."""


def enclosed_dominguez_thomson(
    pool: Fraction, claims: Sequence[Fraction], *, digits: int, known: Begun | None = None
) -> Division:
    """Award as `dominguez_thomson` does, but in bounds of so many digits where steps are many.

    Between two claims that are cut, all steps are alike, and are taken at once. With r = 1 - 1/n, c
    claims cut, and U the sum of the others, m steps leave of the pool L

        c = 0:  L - U R (1 - r^m),    c = 1:  r^m (L - m U R / (n - 1)),
        c > 1:  p^m (L + u R) - u R r^m,    p = 1 - c/n, u = U / (c - 1),

    where R is what was left before of a claim of 1 that is never cut. Cost O(n) powers at most, for
    claims that all differ.

    Args:
        pool: What there is to share.
        claims: What is claimed.
        digits: Of bounds.
        known: What is taken of earlier answers of other digits, and kept for later ones.

    Raises:
        Undecided: More digits are needed.
    """
    (left, *wanted), unit = over_common([pool, *claims])
    wanted = [min(claim, left) for claim in wanted]  # which changes no award
    ranked = sorted((n for n, d in enumerate(wanted) if d), key=wanted.__getitem__, reverse=True)
    if sum(wanted) <= left or wanted[ranked[0]] == wanted[ranked[-1]]:
        return dominguez_thomson(pool, claims)
    # The first steps are exact, so that awards which differ by few digits are known to do so.
    known, asked = {} if known is None else known, (pool, tuple(claims))
    if asked not in known:
        known[asked] = walked(left, wanted, ranked, bits=2 * left.bit_length())
    begun = known[asked]
    if begun.ended:
        return dominguez_thomson(pool, claims)
    steps = _Steps.after(begun, len(claims), sum(wanted) - left, Precision(digits))
    late = Counter(wanted[n] for n in ranked[len(begun.stops) :])
    stops = [steps.stop(claim, many) for claim, many in late.items()]
    if not begun.stops and all(one.at_once_with(stops[0]) for one in stops):
        found = _at_one_stop(left, late, unit, stops[0], steps.precision)
        first: Mapping[int, Number] = {}
    else:
        losses = dict(_losses(stops, steps, len(ranked)))
        found = {d: Enclosed(Fraction(d, unit), Fraction(-1, unit), losses[d]) for d in late}
        first = _first(left, wanted, ranked, unit, begun, losses)
    awards = [first.get(n, found.get(claim, NOTHING)) for n, claim in enumerate(wanted)]
    # From here on they pass for fractions: they are added, compared and rounded as those are.
    return Division(tuple(cast("Sequence[Fraction]", awards)), given=pool)


def _at_one_stop(
    left: int, claims: Mapping[int, int], unit: int, stop: _Stop, precision: Precision
) -> dict[int, Number]:
    """Return awards by claim where all are cut at once: they differ by (d - d') (1 - R).

    So whoever claims the mean is awarded the mean exactly.
    """
    count = sum(claims.values())
    mean = Fraction(sum(d * many for d, many in claims.items()), count)
    tail = Tail(stop.open_share, precision)
    each = Fraction(left, count) - mean
    return {
        d: Enclosed((each + d) / unit, (mean - d) / unit, tail) if d != mean else (each + d) / unit
        for d in claims
    }


def _first(
    left: int, wanted: Sequence[int], ranked: Sequence[int], unit: int, begun: Walk,
    losses: Mapping[int, Tail],
) -> dict[int, Number]:  # fmt: skip
    """Return the awards of those cut first, by number: what the others leave, in equal parts.

    What all others lose is known relative to itself, so that these awards are told apart from the
    whole numbers that they come close to, be it by 10^-9000. Those cut in the exact steps differ by
    exact numbers; if there is none, these are those who claim most, who are alike.
    """
    first, ahead = ranked[: len(begun.stops)], [
        Fraction(wanted[n] * stop.uncut - stop.got, len(wanted) ** stop.step)
        for n, stop in zip(ranked, begun.stops, strict=False)
    ]  # fmt: skip
    if not first:
        first = [n for n in ranked if wanted[n] == wanted[ranked[0]]]
        ahead = [NOTHING] * len(first)
    others = Counter(wanted[n] for n in ranked[len(first) :])
    precision = losses[wanted[ranked[-1]]].precision
    lost = [precision.scaled(losses[d].bounds, many) for d, many in others.items()]
    tail = Tail(reduce(precision.plus, lost), precision)
    rest = left - sum(ahead) - sum(d * many for d, many in others.items())
    share = Fraction(1, len(first) * unit)
    return {
        n: Enclosed(part / unit + rest * share, share, tail)
        for n, part in zip(first, ahead, strict=True)
    }


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where a claim is cut."""

    claim: int
    own: Interval
    """What is left of it then."""
    open_share: Interval
    """What is left of a claim of 1 that is never cut."""
    certain: bool
    """Whether this is the step in which it is cut, and not the next."""
    gained: Interval
    """What those cut before got between the stop before and this one."""

    def at_once_with(self, other: _Stop) -> bool:
        """Return whether it is certain that both claims are cut in the same step."""
        return self.open_share is other.open_share and self.certain and other.certain


def _losses(stops: Sequence[_Stop], steps: _Steps, sharing: int) -> Iterator[tuple[int, Tail]]:
    """Yield what each claim is short of in the end, the smallest first.

    A claim that is cut a step later than it says gets w / n less in that step. The bounds allow for
    it: what was left is widened by w and more, and each unit that is left gives everybody who is
    cut at least 1 / n.

    Args:
        stops: Of all claims, the largest first.
        steps: Where the steps have come to with the last of them.
        sharing: How many share what is left then.
    """
    precision = steps.precision
    ahead = precision.over(steps.left, precision.of(sharing))
    for stop in reversed(stops):
        low, high = precision.minus(stop.own, ahead)
        yield stop.claim, Tail(Interval(max(low, ZERO), high), precision)
        ahead = precision.plus(ahead, stop.gained)


@dataclass(slots=True)
class _Steps:
    """Where the steps have come to: R and L of the docstring above, in bounds."""

    precision: Precision
    count: int
    deficit: int
    """What all claims are above the pool."""
    cut_off: int
    """How many claims are cut."""
    others: int
    """U, what all other claims sum to."""
    open_share: Interval
    left: Interval

    @classmethod
    def after(cls, begun: Walk, count: int, deficit: int, precision: Precision) -> _Steps:
        """Return where exact steps have come to."""
        open_share = precision.of(Fraction(begun.open_share, begun.whole))
        left = precision.of(Fraction(begun.left, begun.whole))
        return cls(precision, count, deficit, len(begun.stops), begun.others, open_share, left)

    def stop(self, claim: int, many: int) -> _Stop:
        """Take steps up to the first in which a claim could be cut, and cut it.

        Where the bounds do not tell whether it is cut now or one step later, because what is left
        is above it by a doubt w at most, it is cut now: that gives it w / n more in this step. The
        step after it is certain, as the others take more than w. What is left then is less by as
        much as others would have to find now: by w n at most, however few are not cut.

        Args:
            claim: The largest that is not cut.
            many: How many have it.

        Raises:
            Undecided: The step after is not certain.
        """
        precision, before, share = self.precision, self.left, self.open_share
        wanted = precision.of(claim)
        self._reach(claim, wanted)
        gained = NONE
        if self.cut_off:
            uncut = precision.minus(share, self.open_share)
            given = precision.minus(before, self.left)
            given = precision.minus(given, precision.times(precision.of(self.others), uncut))
            gained = precision.over(given, precision.of(self.cut_off))
        own = precision.times(wanted, self.open_share)
        doubt = max(ZERO, precision.minus(self.left, own).high)
        if doubt:
            doubt = precision.times(Interval(doubt, doubt), precision.of(self.count)).high
            taken = precision.plus(
                precision.times(precision.of(self.cut_off), self.left),
                precision.times(precision.of(self.others - claim), self.open_share),
            )
            if taken.low < doubt:
                raise Undecided
            self.left = precision.widened(self.left, doubt)
        self.cut_off += many
        self.others -= claim * many
        return _Stop(claim, own, self.open_share, not doubt, gained)

    def _reach(self, claim: int, wanted: Interval) -> None:
        while not self._cuts(wanted, self.left, self.open_share):
            share = self.open_share.high
            left, lack = ABOUT.divide(self.left.low, share), ABOUT.divide(self.deficit, share)
            ahead = about(left, lack, claim, self.others, self.count, self.cut_off)
            if ahead > STEPS_MAX * self.count:
                raise Undecided
            many = max(1, ahead - 1)
            after = self._after(many)
            while many > 1 and self._cuts(wanted, *after):  # it was guessed too far
                many //= 2
                after = self._after(many)
            self.left, self.open_share = after

    def _cuts(self, wanted: Interval, left: Interval, open_share: Interval) -> bool:
        return left.low <= self.precision.times(wanted, open_share).high

    def _after(self, many: int) -> tuple[Interval, Interval]:
        """Return what is left of the pool, and of a claim of 1, after some steps more."""
        p, n, c = self.precision, self.count, self.cut_off
        power = p.power(p.of(Fraction(n - 1, n)), many)
        open_share = p.times(self.open_share, power)
        if not c:
            left = p.minus(p.times(p.of(self.others), open_share), p.of(self.deficit))
        elif c == 1:
            taken = p.times(p.of(Fraction(many * self.others, n - 1)), self.open_share)
            left = p.times(power, p.minus(self.left, taken))
        else:
            ahead = p.of(Fraction(self.others, c - 1))
            whole = p.plus(self.left, p.times(ahead, self.open_share))
            rest = p.times(p.power(p.of(Fraction(n - c, n)), many), whole)
            left = p.minus(rest, p.times(ahead, open_share))
        return Interval(max(ZERO, left.low), left.high), open_share
