"""Awards in units: shares of a party's members, and whole units of one size or of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError
from headworks.rationing.common import total
from headworks.rationing.enclosed import any_enclosed
from headworks.rationing.intake.claimant import Claimant
from headworks.rationing.intake.names import listed
from headworks.rationing.rule import RULES
from headworks.rationing.steps.bounds import lots, row_bounds
from headworks.rationing.steps.precedence import Order, check_ties, places
from headworks.rationing.steps.serving import NOTHING, Serving
from headworks.rationing.whole import Tie, WholeUnits, method, whole_units
from headworks.rationing.whole.sized import largest_remainder_by_size

if TYPE_CHECKING:
    from headworks.rationing.intake.parameters import Parameters
    from headworks.rationing.steps.parties import Party

ONE = Fraction(1)
BY_SIZE = "largest_remainder"
"""The one method that rounds units of several sizes."""


@dataclass(frozen=True, slots=True)
class Rounded:
    """Awards as they are given."""

    awards: tuple[Fraction, ...]
    """Of each party, in the pool's measure."""
    units: tuple[dict[str, Fraction], ...]
    """Of each party, units by member; empty where units have no size."""
    whole: WholeUnits | None = None
    """How they were made whole; None where they are exact."""
    rows: tuple[str, ...] = ()
    """Names of those whose units it counts."""


@dataclass(frozen=True, slots=True)
class _Row:
    """What is rounded as one: a party whose units have one size, or a member of another."""

    name: str
    party: int
    members: tuple[int, ...]
    size: Fraction
    award: Fraction
    """Exact, in the pool's measure."""
    most: Fraction


def exact_units(parties: Sequence[Party], serving: Serving) -> Rounded:
    """Return exact awards, with the units of each member where units have a size."""
    units: list[dict[str, Fraction]] = []
    for party, award in zip(parties, serving.awards, strict=True):
        if not _sized(party):
            units.append({})
            continue
        pairs = zip(party.members, split(party, award, whole=False), strict=True)
        units.append({one.name: share / (one.size or ONE) for one, share in pairs})
    return Rounded(tuple(serving.awards), tuple(units))


def whole_awards(
    parties: Sequence[Party], serving: Serving, order: Order | None, chosen: Parameters
) -> Rounded:
    """Return awards in whole units by the method that is chosen.

    Nobody falls below what is guaranteed, nor below a least lot.

    Raises:
        InputError: The method does not fit, or units stand equal and nothing decides.
    """
    by = chosen.whole or BY_SIZE
    different = {size for party in parties for size in _sizes(party)}
    if len(different) > 1 and by != BY_SIZE:
        message = f"{by} counts units of one size, and here are {len(different)} sizes"
        raise InputError([Fault("whole", 0, "", message, f"use {BY_SIZE}")])
    rows = _rows(parties, serving)
    sizes = [row.size for row in rows]
    exact = [row.award / row.size for row in rows]
    most = [int(row.most / row.size) for row in rows]
    ranked, enclosed = _ranked(rows, order), any_enclosed(exact)
    if len(different) > 1:
        measure = serving.given if enclosed else total(row.award for row in rows)
        found = largest_remainder_by_size(exact, sizes, most, order=ranked, measure=measure)
        _check_decided(found.ties, rows, order)
    else:
        lot = lots(parties, chosen)
        least = [
            int(max(serving.least[row.party], lot[row.party] if row.award else NOTHING) / row.size)
            for row in rows
        ]
        draws = method(by).draws
        given = None if draws or order is None else ranked
        key = chosen.ballot_key if draws else None
        names = [row.name for row in rows]
        units = floor(serving.given / sizes[0]) if enclosed else None
        found = whole_units(
            exact, most, by=by, order=given, key=key, names=names, least=least, units=units
        )
        _check_decided(found.ties, rows, order)
    return _collected(parties, rows, found)


def split(party: Party, award: Fraction, *, whole: bool) -> list[Fraction]:
    """Return what each member has of a party's award: in proportion to claims, within bounds."""
    if len(party.members) == 1:
        return [award]
    claims, members = party.claims, range(len(party.members))
    rows = row_bounds(party, whole=whole)
    if award > sum((most for most, _ in rows), NOTHING):
        claimed = party.claim
        return [award * (d / claimed if claimed else Fraction(1, len(claims))) for d in claims]
    heads = [Claimant(one.name, claim) for one, claim in zip(party.members, claims, strict=True)]
    serving = Serving(RULES["proportional"], heads, list(claims), None)
    serving.most = [most for most, _ in rows]
    least = {n: least for n, (_, least) in enumerate(rows) if least}
    reached = sum(least.values(), NOTHING) <= award
    serving.give(award, members, floors=least if reached else None)
    return serving.awards


def of_one_size(party: Party) -> bool:
    """Return whether a party is rounded as one."""
    return party.size is not None or not _sized(party)


def _sizes(party: Party) -> set[Fraction]:
    """Return the sizes of the units of which a party is awarded whole numbers."""
    return {one.size or ONE for one in party.members}


def _sized(party: Party) -> bool:
    return any(one.size is not None for one in party.members)


def _rows(parties: Sequence[Party], serving: Serving) -> list[_Row]:
    found: list[_Row] = []
    for n, (party, award, most) in enumerate(
        zip(parties, serving.awards, serving.most, strict=True)
    ):
        everybody = tuple(range(len(party.members)))
        if of_one_size(party):
            size = party.size or ONE
            found.append(_Row(party.head.name, n, everybody, size, award, most))
            continue
        if any_enclosed([award]):
            message = "awards too long to be exact fractions are not split among units of two sizes"
            remedy = "leave the members unrelated, or take adjusted_proportional or minimal_overlap"
            raise InputError([Fault("size", 0, party.head.name, message, remedy)])
        shares = split(party, award, whole=True)
        for m, (one, share, (top, _)) in enumerate(
            zip(party.members, shares, row_bounds(party), strict=True)
        ):
            found.append(_Row(one.name, n, (m,), one.size or ONE, share, top))
    return found


def _ranked(rows: Sequence[_Row], order: Order | None) -> list[int]:
    """Return rows by the order of their parties; those of one party as they were given."""
    place = places(order)
    return sorted(range(len(rows)), key=lambda n: place.get(rows[n].party, 0))


def _check_decided(ties: Sequence[Tie], rows: Sequence[_Row], order: Order | None) -> None:
    """Raise if a unit hangs on claimants between whom nothing decides; relatives do not mind."""
    names = [row.name for row in rows]
    open_ties = [
        (tie.won, tie.lost)
        for tie in ties
        if len({rows[n].party for n in (*tie.won, *tie.lost)}) > 1
    ]
    if order is not None:
        place = places(order)
        by_row = {n: place[row.party] for n, row in enumerate(rows)}
        check_ties(by_row, open_ties, names)
    elif open_ties:
        won, lost = open_ties[0]
        equal = listed(names[n] for n in sorted({*won, *lost}))
        message = f"{len(won) + len(lost)} claimants stand equal for {len(won)} units: {equal}"
        remedy = "give a priority or a ballot key"
        raise InputError([Fault("order", 0, "", message, remedy)])


def _collected(parties: Sequence[Party], rows: Sequence[_Row], found: WholeUnits) -> Rounded:
    """Return awards and units by party; a party's units of one size are split among its members."""
    awards = [NOTHING] * len(parties)
    units: list[dict[str, Fraction]] = [{} for _ in parties]
    for row, count in zip(rows, found.awards, strict=True):
        party = parties[row.party]
        awards[row.party] += count * row.size
        if not _sized(party):
            continue
        shares = [count]
        if len(row.members) > 1:
            exact = [share / row.size for share in split(party, count * row.size, whole=True)]
            bounds = row_bounds(party)
            shares = list(
                whole_units(
                    exact, [int(top / row.size) for top, _ in bounds], order=range(len(exact)),
                    least=[int(least / row.size) for _, least in bounds]
                    if sum((least for _, least in bounds), NOTHING) <= count * row.size else None,
                ).awards
            )  # fmt: skip
        for m, share in zip(row.members, shares, strict=True):
            units[row.party][party.members[m].name] = Fraction(share)
    return Rounded(tuple(awards), tuple(units), found, tuple(row.name for row in rows))
