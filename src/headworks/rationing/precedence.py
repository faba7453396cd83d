"""Who comes before whom: published ranks, and a ballot where they are equal or there are none."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from headworks.errors import Fault, InputError
from headworks.rationing.ballot import Ballot, draw

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from headworks.rationing.claimant import Claimant
    from headworks.rationing.parameters import Parameters


def precedence(
    people: Sequence[Claimant], chosen: Parameters
) -> tuple[Ballot | None, list[int] | None]:
    """Return the ballot, if one is held, and claimants in the order in which ties go to them.

    Ranks come first; claimants of one rank follow in the order of the ballot, and those without a
    rank come last. With neither ranks nor a ballot there is no order.

    Raises:
        InputError: Claimants have the same rank, and no ballot breaks the tie.
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

    order = sorted(range(len(people)), key=rank)
    if held is None:
        tied = [n for n, m in itertools.pairwise(order) if rank(n) == rank(m)]
        if tied:
            message = f"{people[tied[0]].name} and another claimant have the same rank"
            remedy = "give ranks that differ, or the key of a ballot"
            raise InputError([Fault("priority", 0, "", message, remedy)])
    return held, order
