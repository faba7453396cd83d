"""Bounds of awards: the most that each may have, and the least that each is guaranteed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError
from headworks.rationing.exact import short

if TYPE_CHECKING:
    from headworks.rationing.intake.parameters import Parameters
    from headworks.rationing.rule import Rule
    from headworks.rationing.steps.parties import Party

NOTHING, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of each party's award, in the pool's measure; multiples of a unit where it is whole.

    Between them lies what a rule may give: the guaranteed least never exceeds the most.
    """

    most: tuple[Fraction, ...]
    least: tuple[Fraction, ...]
    capped: frozenset[int]
    """Whom a cap leaves less than it claims."""


def bounds(
    rule: Rule, pool: Fraction, parties: Sequence[Party], claims: Sequence[Fraction],
    chosen: Parameters,
) -> Bounds:  # fmt: skip
    """Return the bounds of awards: claims, caps, and minima as far as so much is claimed.

    Args:
        rule: One that awards more than is claimed is bounded by the pool instead, which must
            reach the minima all the same.
        pool: What there is to share.
        parties: The claimants.
        claims: What each may claim.
        chosen: The general cap, and whether units are whole.

    Raises:
        InputError: Caps are below minima; all are listed.
    """
    general = chosen.cap if chosen.cap_share is None else chosen.cap_share * pool
    whole = chosen.whole is not None
    most: list[Fraction] = []
    least: list[Fraction] = []
    capped: set[int] = set()
    faults: list[Fault] = []
    for n, (party, claim) in enumerate(zip(parties, claims, strict=True)):
        limits = [limit for limit in (party.head.cap, general) if limit is not None]
        minimum = party.head.minimum or NOTHING
        if limits and min(limits) < minimum:
            message = (
                f"the cap {short(min(limits))} is below the guaranteed minimum {short(minimum)}"
            )
            remedy = "raise the cap or lower the minimum"
            faults.append(Fault("cap", 0, party.head.name, message, remedy))
        bottom = min(minimum, claim)
        wanted = max(pool, bottom) if rule.beyond_claims else claim
        top = min([wanted, *limits])
        if top < wanted:
            capped.add(n)
        if whole:
            top, bottom = _whole(party, top, bottom)
        most.append(top)
        least.append(min(bottom, top))
    if faults:
        raise InputError(faults)
    return Bounds(tuple(most), tuple(least), frozenset(capped))


def _whole(party: Party, top: Fraction, bottom: Fraction) -> tuple[Fraction, Fraction]:
    """Return bounds that whole units reach; where units have a size, each member has its own."""
    unit = unit_of(party)
    if unit is None or party.size is not None:
        rows = row_bounds(party)
        top = min(top, sum((most for most, _ in rows), NOTHING))
        bottom = sum((least for _, least in rows), NOTHING)
    return (top, bottom) if unit is None else (floor(top / unit) * unit, ceil(bottom / unit) * unit)


def row_bounds(party: Party, *, whole: bool = True) -> list[tuple[Fraction, Fraction]]:
    """Return the most and the least of each member of a party, in the pool's measure."""
    found: list[tuple[Fraction, Fraction]] = []
    for one, claim in zip(party.members, party.claims, strict=True):
        top = claim if one.cap is None else min(one.cap, claim)
        bottom = min(one.minimum or NOTHING, claim)
        if whole:
            size = one.size or ONE
            top, bottom = floor(top / size) * size, ceil(bottom / size) * size
        found.append((top, min(bottom, top)))
    return found


def unit_of(party: Party) -> Fraction | None:
    """Return what one unit of a party measures; None where its members' units differ in size."""
    return ONE if all(one.size is None for one in party.members) else party.size


def lots(parties: Sequence[Party], chosen: Parameters) -> list[Fraction]:
    """Return the least award of each party; that many whole units at least where they are whole.

    Raises:
        InputError: Whole units are asked for, and a party has units of several sizes.
    """
    lot = chosen.lot or NOTHING
    if chosen.whole is None or not lot:
        return [lot] * len(parties)
    units = [unit_of(party) for party in parties]
    mixed = [party.head.name for party, unit in zip(parties, units, strict=True) if unit is None]
    if mixed:
        message = f"{mixed[0]} has units of several sizes, which do not fill a lot in whole units"
        remedy = "leave the lot out, or give each size its own party"
        raise InputError([Fault("lot", 0, "", message, remedy)])
    return [ceil(lot / unit) * unit for unit in units if unit is not None]
