"""Methods of whole units by name: what each guarantees, and the one door to all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from headworks.errors import InputError, UnknownName
from headworks.rationing.ballots import ballot
from headworks.rationing.common import total
from headworks.rationing.enclosed import Enclosed, any_enclosed, is_whole, told
from headworks.rationing.exact import short
from headworks.rationing.intake.reading import Reading
from headworks.rationing.whole import divisors
from headworks.rationing.whole.chance import proportional_random
from headworks.rationing.whole.outcome import WholeUnits
from headworks.rationing.whole.quota import quota
from headworks.rationing.whole.remainder import largest_remainder
from headworks.rationing.whole.rounds import rounds_of_one

if TYPE_CHECKING:
    from headworks.rationing.enclosed import Number
    from headworks.rationing.exact import Amount

Rounding: TypeAlias = Callable[..., WholeUnits]
"""`rounding(awards, claims, order=...)`, or `below=...` of a method that draws; `least=...` too of
one that may fall below an exact award rounded down."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method of whole units, and what it guarantees for proportional awards.

    Of awards that another rule made, the two bounds hold as they stand. How an award moves with
    the pool and the claims depends on that rule too.
    """

    name: str
    title: str
    """As a sentence names it."""
    round_off: Rounding
    aliases: tuple[str, ...] = ()
    lower_bound: bool = False
    """No award is below the exact one rounded down."""
    upper_bound: bool = False
    """No award is above the exact one rounded up."""
    pool_monotone: bool = False
    """A larger pool costs nobody a unit."""
    claim_monotone: bool = False
    """Nobody whose claim rises loses a unit to somebody whose claim falls."""
    unbiased: bool = False
    """The expected award is the exact one."""
    rule: str | None = None
    """The only rule whose awards it rounds; None where it rounds those of every rule."""
    compares: bool = False
    """It asks of awards only what bounds can tell: their whole parts, and which place is lower."""
    draws: bool = False
    """It needs a ballot key; the others need an order, or a key, only where units stand equal."""
    version: int = 1
    """Raised when the same input gives another answer."""


_METHODS = (
    Method(
        "largest_remainder", "the largest remainder", largest_remainder,
        ("hamilton", "hare_niemeyer", "lrm"), lower_bound=True, upper_bound=True, compares=True,
    ),
    Method(
        "quota", "the quota method", quota, ("balinski_young",),
        lower_bound=True, upper_bound=True, pool_monotone=True,
    ),
    Method(
        "jefferson", "Jefferson's divisors", divisors.jefferson,
        ("dhondt", "d_hondt", "greatest_divisors"),
        lower_bound=True, pool_monotone=True, claim_monotone=True, compares=True,
    ),
    Method(
        "webster", "Webster's divisors", divisors.webster,
        ("sainte_lague", "major_fractions"), pool_monotone=True, claim_monotone=True,
        compares=True,
    ),
    Method(
        "hill", "Hill's divisors", divisors.hill,
        ("huntington_hill", "equal_proportions"), pool_monotone=True, claim_monotone=True,
        compares=True,
    ),
    Method(
        "dean", "Dean's divisors", divisors.dean,
        ("harmonic_mean",), pool_monotone=True, claim_monotone=True, compares=True,
    ),
    Method(
        "adams", "Adams's divisors", divisors.adams, ("smallest_divisors",),
        upper_bound=True, pool_monotone=True, claim_monotone=True, compares=True,
    ),
    Method(
        "rounds_of_one", "rounds of one", rounds_of_one, ("integer_cea", "up"),
        lower_bound=True, upper_bound=True, pool_monotone=True, claim_monotone=True,
        rule="constrained_equal_awards",
    ),
    Method(
        "proportional_random", "proportional random", proportional_random, ("moulin",),
        pool_monotone=True, unbiased=True, rule="proportional", draws=True,
    ),
)  # fmt: skip

METHODS: dict[str, Method] = {method.name: method for method in _METHODS}
"""Methods by name."""
ALIASES: dict[str, str] = {alias: method.name for method in _METHODS for alias in method.aliases}


def method(name: str) -> Method:
    """Return a method by its name or an alias, whatever its case, with dashes or underscores.

    Raises:
        UnknownName: There is no such method; the near names are offered.
    """
    plain = name.strip().lower().replace("-", "_").replace(" ", "_").replace("'", "_")
    plain = ALIASES.get(plain, plain)
    if plain not in METHODS:
        raise UnknownName("method of whole units", name, METHODS, spelled=ALIASES)
    return METHODS[plain]


def whole_units(
    awards: Sequence[Amount | Enclosed],
    claims: Sequence[Amount],
    *,
    by: str = "largest_remainder",
    order: Iterable[int] | None = None,
    key: str | None = None,
    names: Sequence[str] | None = None,
    least: Sequence[int] | None = None,
    units: int | None = None,
) -> WholeUnits:
    """Return whole awards that sum to the whole part of what exact ones sum to.

    Awards that are whole already stay as they are, unless the method draws. No award exceeds its
    claim. 10,000 claimants and a pool of 10^12 take a second; the quota method takes longer where
    awards are very unequal, and a method that draws gives a million units at most.

    Args:
        awards: Exact awards, each from 0 to its claim.
        claims: Claims, whole numbers.
        by: Name of the method.
        order: Positions of all claimants from 0, first served first, for units that stand equal.
        key: Ballot key: draws are those of its `ballot.Stream`, and the order is its `ballot.order`
            where none is given.
        names: Names of the claimants, for messages; their numbers from 1 if not given.
        least: Units that each is guaranteed, at most the exact award rounded down.
        units: The whole part of what awards sum to, where they are known by bounds alone.

    Raises:
        UnknownName: There is no such method.
        InputError: An award or a claim is out of bounds, an order is no permutation, units stand
            equal and there is neither order nor key, or the method does not fit; all are listed.
    """
    chosen = method(by)
    reading = Reading()
    known = [str(n + 1) for n in range(len(claims))]
    if names is not None and reading.fits("names", len(names), len(claims)):
        known = list(names)
    wanted = _claims(reading, claims, known)
    exact_awards = _awards(reading, awards, wanted, known)
    ranking = _order(reading, order, key, len(claims))
    floors = _least(reading, chosen, least, exact_awards, known)
    if chosen.draws and key is None:
        reading.fault("whole", "", f"{chosen.name} draws by a ballot key", "give one")
    reading.done()
    if chosen.draws:
        stream = ballot.Stream(key or "")
        return chosen.round_off(exact_awards, wanted, below=stream.below)
    if all(is_whole(award) for award in exact_awards) and chosen.rule is None:
        return WholeUnits(tuple(map(floor, exact_awards)))
    options: dict[str, Any] = {"least": floors} if floors else {}
    if chosen.compares:
        exact = cast("Sequence[Fraction]", exact_awards)
        options["units"] = floor(total(exact)) if units is None else units
    found = chosen.round_off(exact_awards, wanted, order=ranking or range(len(wanted)), **options)
    if ranking is None:
        _undecided(reading, found, known)
        reading.done()
    return found


def _claims(reading: Reading, claims: Sequence[Amount], names: Sequence[str]) -> tuple[int, ...]:
    if not claims:
        reading.fault("claims", "", "there are no claimants", "give at least one claim")
    found = reading.amounts("claims", claims, names)
    return tuple(
        reading.whole("claims", claim, name) for name, claim in zip(names, found, strict=False)
    )


def _awards(
    reading: Reading, awards: Sequence[Amount | Enclosed], claims: Sequence[int],
    names: Sequence[str],
) -> tuple[Number, ...]:  # fmt: skip
    if any_enclosed(awards):
        return tuple(cast("Sequence[Number]", awards))  # a rule made them, and nobody gave them
    before = len(reading.faults)
    found = reading.amounts("awards", awards, names)
    if len(reading.faults) == before and not before:
        for name, award, claim in zip(names, found, claims, strict=True):
            if award > claim:
                reading.fault("awards", name, f"the award {award} exceeds the claim {claim}")
    return found


def _least(
    reading: Reading, chosen: Method, least: Sequence[int] | None, awards: Sequence[Number],
    names: Sequence[str],
) -> tuple[int, ...]:  # fmt: skip
    """Return what a method must be told of guaranteed units; nothing if it keeps them anyway."""
    if least is None or not any(least) or not reading.fits("least", len(least), len(awards)):
        return ()
    for name, units, award in zip(names, least, awards, strict=True):
        if units > award:
            said = told(award.bounds) if isinstance(award, Enclosed) else short(Fraction(award))
            reading.fault("least", name, f"{units} are guaranteed, and the award is {said}")
    if chosen.draws:
        message = f"{chosen.name} draws, and what it draws can fall below what is guaranteed"
        reading.fault("whole", "", message, "use largest_remainder, or guarantee nothing")
    return () if chosen.lower_bound else tuple(least)


def _order(
    reading: Reading, given: Iterable[int] | None, key: str | None, claimants: int
) -> tuple[int, ...] | None:
    """Return the order that is given or drawn; None where there is none."""
    if given is not None:
        return reading.order("order", given, claimants)
    if key is None:
        return None
    try:
        return ballot.order(claimants, key)
    except InputError as error:
        reading.faults.extend(error.faults)
        return None


def _undecided(reading: Reading, found: WholeUnits, names: Sequence[str]) -> None:
    """Note ties that nobody has decided: the place in a list is no reason to be served."""
    for tie in found.ties:
        equal = sorted({*tie.won, *tie.lost})
        shown = ", ".join(names[n] for n in equal[:10]) + (", …" if equal[10:] else "")
        units = "1 unit" if len(tie.won) == 1 else f"{len(tie.won)} units"
        message = f"{len(equal)} claimants stand equal for {units}: {shown}"
        reading.fault("order", "", message, "give a priority or a ballot key")
