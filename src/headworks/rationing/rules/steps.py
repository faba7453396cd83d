"""The rule of Dominguez and Thomson: a part of each claim, step by step, of what is left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Rational

from headworks.errors import Fault, InputError
from headworks.rationing.common import over_common, total
from headworks.rationing.rules.division import Division

NOTHING = Fraction(0)
DIGITS_MAX = 1_000_000_000
"""Digits of all awards together, some 400 MB: ten thousand of 100,000 digits each."""
WORK_MAX = 10**10
"""Steps times bits of the divisor; a few seconds."""
BITS = math.log2(10)
"""Bits of a digit."""


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
        InputError: Awards would be fractions of more digits than a computer holds.
    """
    asked = total(claims)
    if asked <= pool:
        return Division(tuple(claims))
    if not pool:
        return Division((NOTHING,) * len(claims))
    (left, *wanted), unit = over_common([pool, *claims])
    ranked = sorted((n for n, d in enumerate(wanted) if d), key=wanted.__getitem__, reverse=True)
    stops, end, got, rest = _steps(left, wanted, ranked)
    # An award is what its claimant would have got uncut up to its stop, and from there on what all
    # who are cut get; at the end they share the rest. All over n^end, times those who share.
    power, behind = 1, end
    numerators: dict[int, int] = {}
    for n, stop in zip(reversed(ranked), reversed(stops), strict=True):
        if stop.step < behind:
            power *= len(claims) ** (behind - stop.step)
            behind = stop.step
        uncut, before = stop.uncut * power, stop.got * power
        numerators[n] = (wanted[n] * uncut - before + got) * len(ranked) + rest
    found = _reduced(numerators, len(claims), end, len(ranked) * unit)
    return Division(tuple(found.get(n, NOTHING) for n in range(len(claims))))


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where a claim is first cut to the pool; numbers are over n^step."""

    step: int
    uncut: int
    """What of a claim of 1 that is never cut has been awarded."""
    got: int
    """What a claim that is cut from the beginning has been awarded."""


def _steps(
    left: int, wanted: Sequence[int], ranked: Sequence[int]
) -> tuple[list[_Stop], int, int, int]:
    """Return where each claim is cut, the last step, and what is then got and left, over n^step.

    Args:
        left: The pool.
        wanted: The claims.
        ranked: Numbers of those that are not 0, the largest first.

    Raises:
        InputError: There are too many steps.
    """
    count, others = len(wanted), sum(wanted)
    most = BITS * DIGITS_MAX / count
    step, open_share, got, whole = 0, 1, 0, 1
    stops: list[_Stop] = []
    for cut, n in enumerate(ranked):
        while left > wanted[n] * open_share:
            if whole.bit_length() > most or step * whole.bit_length() > WORK_MAX:
                raise _too_long(count, int(whole.bit_length() / BITS))
            left, got = (count - cut) * left - others * open_share, count * got + left
            open_share, whole, step = (count - 1) * open_share, count * whole, step + 1
        others -= wanted[n]
        same = stops and stops[-1].step == step
        stops.append(stops[-1] if same else _Stop(step, whole - open_share, got))
    return stops, step, got, left


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
        divisor = divisors.setdefault(common, whole // common)
        found[n] = Fraction(_Ratio(numerator // common, divisor))  # type: ignore[call-overload]
    return found


def common_divisor(numerator: int, count: int, step: int, rest: int) -> int:
    """Return the greatest common divisor of a numerator and count^step × rest."""
    tried = min(step, 4)
    while True:
        part: int = count**tried * rest
        common = math.gcd(numerator % part, part)
        # Without a prime of `count` in what is left, a higher power of `count` adds nothing.
        if tried == step or math.gcd(numerator // common % count, count) == 1:
            return common
        tried = min(step, 4 * tried)


def _too_long(count: int, digits: int) -> InputError:
    message = (
        f"an exact Dominguez–Thomson award among these {count} claimants would be a fraction of "
        f"more than {digits:,} digits, because claimants are many or the smallest claim is far "
        "below the pool"
    )
    remedy = "take adjusted_proportional or minimal_overlap, or leave out the smallest claims"
    return InputError([Fault("rule", 0, "", message, remedy)])
