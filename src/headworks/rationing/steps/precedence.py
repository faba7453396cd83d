"""Who comes before whom: published ranks, and a ballot where they are equal or there are none."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from headworks.errors import Fault, InputError
from headworks.rationing.ballots.ballot import Ballot, draw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from fractions import Fraction

    from headworks.rationing.intake.claimant import Claimant
    from headworks.rationing.intake.parameters import Parameters

Order: TypeAlias = "Sequence[Sequence[int]]"
"""Claimants by their number from 0 in the order in which ties go to them. Those of one group stand
equal: nothing decides between them, and where a unit hangs on it, that is a fault."""


def precedence(
    people: Sequence[Claimant], chosen: Parameters
) -> tuple[Ballot | None, Order | None]:
    """Return the ballot, if one is held, and claimants in the order in which ties go to them.

    Ranks come first; claimants of one rank follow in the order of the ballot, or stand equal where
    none is held; those without a rank come last. With neither ranks nor a ballot there is no order.
    """
    held: Ballot | None = None
    place = dict.fromkeys(range(len(people)), 0)
    if chosen.ballot_key is not None:
        held = draw([one.name for one in people], chosen.ballot_key, chosen.ballot)
        place = {n: position for position, n in enumerate(held.order)}
    elif all(one.priority is None for one in people):
        return None, None
    last = max((one.priority for one in people if one.priority is not None), default=None)

    def rank(n: int) -> tuple[bool, Fraction | int, int]:
        priority = people[n].priority
        return (priority is None, last or 0 if priority is None else priority, place[n])

    ranked = sorted(range(len(people)), key=rank)
    return held, [tuple(group) for _, group in groupby(ranked, key=rank)]


def places(order: Order | None) -> dict[int, int]:
    """Return the place of each claimant in an order; those who stand equal have the same."""
    return {n: place for place, group in enumerate(order or ()) for n in group}


def among(order: Order, some: Sequence[int]) -> list[list[int]]:
    """Return the order of some of the claimants, who are numbered anew as they are listed."""
    place = places(order)
    ranked = sorted(range(len(some)), key=lambda i: place[some[i]])
    return [list(group) for _, group in groupby(ranked, key=lambda i: place[some[i]])]


def check_ties(
    place: Mapping[int, int],
    ties: Iterable[tuple[Sequence[int], Sequence[int]]],
    names: Sequence[str],
) -> None:
    """Check that no tie was decided between claimants who have the same place.

    Args:
        place: Of each claimant, as `places` returns it.
        ties: Of each who got a unit more and who did not.
        names: Names of the claimants.

    Raises:
        InputError: Somebody got a unit, and somebody of the same rank who stood equal did not.
    """
    faults: list[Fault] = []
    for won, lost in ties:
        both = {place[n] for n in won if n in place} & {place[n] for n in lost if n in place}
        equal = [names[n] for n in sorted((*won, *lost)) if place.get(n) in both]
        if equal:
            listed = ", ".join(equal[:10]) + (", …" if equal[10:] else "")
            message = f"{listed} have the same rank and stand equal for the last unit"
            remedy = "give ranks that differ, or the key of a ballot"
            faults.append(Fault("priority", 0, "", message, remedy))
    if faults:
        raise InputError(faults)
