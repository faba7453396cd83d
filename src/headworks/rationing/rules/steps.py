"""The rule of Dominguez and Thomson: a part of each claim, step by step, of what is left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from numbers import Rational
from operator import itemgetter

from headworks.errors import Fault, InputError
from headworks.rationing.common import over_common, total
from headworks.rationing.intervals import context
from headworks.rationing.rules.division import Division

NOTHING = Fraction(0)
DIGITS_MAX = 1_000_000_000
"""Digits of all awards together, some 400 MB: ten thousand of 100,000 digits each."""
WORK_MAX = 10**10
"""Steps times bits of the divisor; a few seconds."""
BITS = math.log2(10)
"""Bits of a digit."""
LONG = 4096
"""Bits of a divisor from which its primes are looked for one by one."""
PRIMES_MAX = 10_000
FORESEEN_EVERY = 4096
"""Steps after which it is looked how many more there will be."""
SURE = 0.99
"""Part of them that is certain, since they are known to many digits."""
HOPELESS = 10**18
ABOUT = context(28, ROUND_HALF_EVEN)
"""Digits to which they are known, more or less."""


class TooLong(InputError):
    """Exact awards would be fractions of more digits than a computer holds.

    Args:
        count: How many claimants there are.
        digits: How many digits a divisor has at least.
        or_whole: Whether who asks can ask for whole units instead.
    """

    def __init__(self, count: int, digits: int, *, or_whole: bool = False) -> None:
        self.count, self.digits = count, digits
        message = (
            f"an exact Dominguez–Thomson award among these {count} claimants would be a fraction "
            f"of more than {digits:,} digits, because claimants are many or the smallest claim is "
            "far below the pool"
        )
        remedy = "take adjusted_proportional or minimal_overlap"
        if or_whole:
            remedy = (
                "ask for whole units (--whole largest_remainder), which need no fractions, or "
                + remedy
            )
        super().__init__([Fault("rule", 0, "", message, remedy)])


def dominguez_thomson(pool: Fraction, claims: Sequence[Fraction]) -> Division:
    """Award everybody the n-th part of the claim cut to the pool, and so on with what is left.

    x = Σ min(d, E) / n, where d and E are lowered by what was awarded in each step. Once no claim
    but those of nothing is below what is left of the pool, all further steps are alike, and what
    they award in the end is the rest in equal parts. Claiming more than the pool is pointless.

    After k steps a claim never cut to the pool is d (1 - 1/n)^k; with c claims cut, and U the sum
    of the others, the rest of the pool is n^-k times a whole number A of its unit, which becomes
    (n - c) A - U (n - 1)^k. So a step costs O(1) operations on numbers of k log n digits, and the
    awards are fractions of as many: n claimants who get half of what they claim take n ln 2 steps,
    which for 10,000 are divisors of some 28,000 digits. They are computed in seconds, and
    `docs/background/fairness.md` shows that they cannot be shorter.

    Source: Dominguez and Thomson 2006.

    Raises:
        TooLong: Awards would be fractions of more digits than a computer holds.
    """
    asked = total(claims)
    if asked <= pool:
        return Division(tuple(claims))
    if not pool:
        return Division((NOTHING,) * len(claims))
    (left, *wanted), unit = over_common([pool, *claims])
    ranked = sorted((n for n, d in enumerate(wanted) if d), key=wanted.__getitem__, reverse=True)
    if wanted[ranked[0]] == wanted[ranked[-1]]:
        share = Fraction(left, len(ranked) * unit)
        return Division(tuple(share if claim else NOTHING for claim in claims))
    at = walked(left, wanted, ranked, bits=BITS * DIGITS_MAX / len(claims), work=WORK_MAX)
    if not at.ended:
        raise TooLong(len(claims), int(at.digits))
    # An award is what its claimant would have got uncut up to its stop, and from there on what all
    # who are cut get; at the end they share the rest. All over n^end, times those who share.
    asked_whole, asked_unit = over_common(claims)  # short, even where the pool has a long divisor
    power, behind = 1, at.step
    numerators: dict[int, int] = {}
    for stop, group in groupby(
        zip(reversed(at.stops), reversed(ranked), strict=True), itemgetter(0)
    ):
        power *= len(claims) ** (behind - stop.step)
        behind = stop.step
        uncut = stop.uncut * power * (unit // asked_unit) * len(ranked)
        others = (at.got - stop.got * power) * len(ranked) + at.left
        for _, n in group:
            numerators[n] = asked_whole[n] * uncut + others
    found = _reduced(numerators, len(claims), at.step, len(ranked) * unit)
    return Division(tuple(found.get(n, NOTHING) for n in range(len(claims))))


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a claim is first cut to the pool; numbers are over n^step."""

    step: int
    uncut: int
    """What of a claim of 1 that is never cut has been awarded."""
    got: int
    """What a claim that is cut from the beginning has been awarded."""


@dataclass(slots=True)
class Walk:
    """How far steps were taken; numbers are over n^step."""

    left: int
    """What is left of the pool."""
    others: int
    """What is claimed by those who are not cut, in whole: their claims as they were given."""
    step: int = 0
    open_share: int = 1
    """What is left of a claim of 1 that is never cut."""
    got: int = 0
    """What a claim that is cut from the beginning has been awarded."""
    whole: int = 1
    """n^step."""
    stops: list[Stop] = field(default_factory=list)
    """Of those who are cut, the largest claim first."""
    ended: bool = False
    """Whether all are cut, so that what is left goes to all in equal parts."""
    digits: float = 0
    """Of the divisor at least, where the steps have not ended."""

    def ahead(self, claim: int, count: int, cut: int) -> int:
        """Return after how many steps more a claim is cut, more or less; `HOPELESS` at most."""
        share = Decimal(self.open_share)
        left = ABOUT.divide(self.left, share)
        lack = ABOUT.divide(self.others * self.open_share - self.left, share)
        return min(about(left, lack, claim, self.others, count, cut), HOPELESS)


def walked(
    left: int, wanted: Sequence[int], ranked: Sequence[int], *, bits: float, work: float = math.inf
) -> Walk:
    """Take steps until all claims are cut, or numbers grow too long.

    Args:
        left: The pool.
        wanted: The claims.
        ranked: Numbers of those that are not 0, the largest first.
        bits: The most of a divisor.
        work: The most that steps times bits of the divisor may come to.
    """
    count, at = len(wanted), Walk(left, sum(wanted))
    for cut, n in enumerate(ranked):
        while at.left > wanted[n] * at.open_share:
            needed, size = float(at.step), float(at.whole.bit_length())
            if at.step and not at.step % FORESEEN_EVERY:
                needed += SURE * at.ahead(wanted[n], count, cut)
                size = needed * math.log2(count)
            if size > bits or needed * size > work:
                at.digits = size / BITS
                return at
            at.left, at.got = (
                (count - cut) * at.left - at.others * at.open_share, count * at.got + at.left
            )  # fmt: skip
            at.open_share, at.whole = (count - 1) * at.open_share, count * at.whole
            at.step += 1
        at.others -= wanted[n]
        same = at.stops and at.stops[-1].step == at.step
        uncut = at.whole - at.open_share
        at.stops.append(at.stops[-1] if same else Stop(at.step, uncut, at.got))
    at.ended = True
    return at


def about(left: Decimal, lack: Decimal, claim: int, others: int, count: int, cut: int) -> int:
    """Return after how many steps more a claim is cut, more or less.

    Args:
        left: What is left of the pool, over what is left of a claim of 1 that is never cut.
        lack: By how much that is below what all claim, where none is cut.
        claim: The largest claim that is not cut.
        others: What all that are not cut sum to.
        count: How many claimants there are.
        cut: How many of them are cut.
    """
    divide = ABOUT.divide
    if cut == 1:
        return int(divide(ABOUT.multiply(ABOUT.subtract(left, claim), count - 1), others))
    if cut:
        rest = divide(others, cut - 1)
        ratio = divide(ABOUT.add(left, rest), ABOUT.add(claim, rest))
        base = divide(count - 1, count - cut)
    else:
        ratio = divide(others - claim, lack)
        base = divide(count, count - 1)
    return int(divide(ABOUT.ln(ratio), ABOUT.ln(base)))


@dataclass(frozen=True, slots=True)
class _Ratio:
    """A fraction in lowest terms, which `Fraction` takes as it is."""

    numerator: int
    denominator: int


Rational.register(_Ratio)


def _reduced(numerators: dict[int, int], count: int, step: int, rest: int) -> dict[int, Fraction]:
    """Return numerators over count^step × rest in lowest terms.

    Python would look for the greatest common divisor of two numbers of thousands of digits, which
    takes as many operations as both have digits times each other. The divisor's primes are known,
    and hardly any numerator has a high power of one.
    """
    whole: int = count**step * rest
    divisors: dict[int, int] = {}
    found: dict[int, Fraction] = {}
    for n, numerator in numerators.items():
        common = common_divisor(numerator, count, step, rest)
        if common not in divisors:
            divisors[common] = whole // common
        ratio = _Ratio(numerator // common, divisors[common])
        found[n] = Fraction(ratio)  # type: ignore[call-overload]
    return found


def common_divisor(numerator: int, count: int, step: int, rest: int) -> int:
    """Return the greatest common divisor of a numerator and count^step × rest."""
    if rest.bit_length() > LONG:  # as of a pool that is what such awards leave of another
        powers, large = small_primes(rest)
        ours, others = small_primes(count)
        if others == 1:
            found = math.gcd(numerator % large, large)
            for prime in {**powers, **ours}:
                most = powers.get(prime, 0) + ours.get(prime, 0) * step
                found *= _common_power(numerator, prime, most)
            return found
    tried = min(step, 4)
    while True:
        part: int = count**tried * rest
        common = math.gcd(numerator % part, part)
        # Without a prime of `count` in what is left, a higher power of `count` adds nothing.
        if tried == step or math.gcd(numerator // common % count, count) == 1:
            return common
        tried = min(step, 4 * tried)


@lru_cache(maxsize=8)
def small_primes(number: int) -> tuple[dict[int, int], int]:
    """Return the primes below `PRIMES_MAX` in a number with their powers, and the rest of it."""
    found: dict[int, int] = {}
    for prime in range(2, PRIMES_MAX):
        while not number % prime:
            number //= prime
            found[prime] = found.get(prime, 0) + 1
    return found, number


def _common_power(numerator: int, prime: int, most: int) -> int:
    tried = min(most, 4)
    while True:
        part: int = prime**tried
        common = math.gcd(numerator % part, part)
        if tried == most or common < part:
            return common
        tried = min(most, 4 * tried)
