"""Related parties: claimants that count as one, and what of their members holds for the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError
from headworks.rationing.steps.step import Step

if TYPE_CHECKING:
    from headworks.rationing.intake.claimant import Claimant

NOTHING, ONE = Fraction(0), Fraction(1)
AMOUNTS = ("request", "cap", "minimum", "need", "stock", "undelivered", "used", "awarded")
"""What a claimant counts in its own units, where these have a size."""


@dataclass(frozen=True, slots=True)
class Party:
    """Claimants that count as one; a claimant without relatives is a party by itself."""

    head: Claimant
    """The one that stands for all, under the name of the party."""
    members: tuple[Claimant, ...]
    claims: tuple[Fraction, ...]
    """What each member may claim."""

    @property
    def claim(self) -> Fraction:
        """What they may claim together."""
        return sum(self.claims, NOTHING)

    @property
    def size(self) -> Fraction | None:
        """The size of a unit of every member; None where they differ or count no units."""
        sizes = {one.size for one in self.members}
        return sizes.pop() if len(sizes) == 1 else None


def measured(one: Claimant) -> Claimant:
    """Return a claimant whose amounts are in the pool's measure: units times their size."""
    if one.size is None:
        return one
    size = one.size
    amounts = {name: getattr(one, name) for name in AMOUNTS}
    return replace(
        one, **{name: size * value for name, value in amounts.items() if value is not None}
    )


def merged(
    people: Sequence[Claimant],
    claims: Sequence[Fraction] | None = None,
    *,
    beyond_claims: bool = False,
) -> tuple[list[Party], Step | None]:
    """Return the parties of some claimants, in the order of their first members.

    Related parties count as one claimant. It claims what its members may claim together. It may
    have at most what they could have together, each its cap or, without one, its claim; so a cap
    holds back nobody else, and is not evaded by a relative without one. It is guaranteed what they
    are guaranteed together. Its weight and its score are those of the member that has most, since
    sums would reward splitting; its rank and its day are the first.

    Args:
        people: The claimants.
        claims: What each may claim; its request if not given.
        beyond_claims: Whether awards can be above claims; then only a party whose members all have
            a cap has one, their sum.

    Raises:
        InputError: A party has the name of a claimant that is not in it.
    """
    by_party: dict[str, list[int]] = {}
    for n, one in enumerate(people):
        by_party.setdefault(f"party {one.party}" if one.party else f"name {one.name}", []).append(n)
    allowed = [one.request for one in people] if claims is None else claims
    parties: list[Party] = []
    for numbers in by_party.values():
        members = tuple(people[n] for n in numbers)
        their_claims = tuple(allowed[n] for n in numbers)
        head = _head(members, their_claims, beyond_claims=beyond_claims)
        parties.append(Party(head, members, their_claims))
    names = Counter(party.head.name for party in parties)
    twice = sorted(name for name, times in names.items() if times > 1)
    if twice:
        message = "a party has the name of a claimant that is not in it"
        remedy = "put that claimant into the party, or rename one of them"
        raise InputError([Fault("party", 0, name, message, remedy) for name in twice])
    return parties, _step(parties)


def _step(parties: Sequence[Party]) -> Step | None:
    joined = [party for party in parties if len(party.members) > 1]
    if not joined:
        return None
    what = "related parties count as one claimant, with what each member may claim"
    bounds = [
        word
        for word in ("cap", "minimum")
        if any(getattr(party.head, word) is not None for party in joined)
    ]
    if bounds:
        what += f"; its {' and its '.join(bounds)} are sums over members, each up to its claim"
    step = Step("merge", what)
    for party in joined:
        for member, claim in zip(party.members, party.claims, strict=True):
            step.changed[member.name] = (claim, NOTHING)
        step.changed[party.head.name] = (NOTHING, party.claim)
    return step


def _head(
    members: Sequence[Claimant], claims: Sequence[Fraction], *, beyond_claims: bool
) -> Claimant:
    if len(members) == 1 and members[0].party is None:
        return members[0]

    def least(name: str) -> Any:  # noqa: ANN401 - a rank or a day
        return min((v for one in members if (v := getattr(one, name)) is not None), default=None)

    scores = [one.score for one in members if one.score is not None]
    weighted = any(one.weight is not None for one in members)
    return replace(
        members[0],
        name=members[0].party or members[0].name,
        request=sum((one.request for one in members), NOTHING),
        weight=max(one.weight or ONE for one in members) if weighted else None,
        cap=_cap(members, claims, beyond_claims=beyond_claims),
        minimum=_minimum(members, claims),
        priority=least("priority"),
        score=max(scores, default=None),
        day=least("day"),
        need=None, stock=None, undelivered=None, used=None, awarded=None,
    )  # fmt: skip


def _cap(
    members: Sequence[Claimant], claims: Sequence[Fraction], *, beyond_claims: bool
) -> Fraction | None:
    caps = [one.cap for one in members]
    if beyond_claims:
        known = [cap for cap in caps if cap is not None]
        return sum(known, NOTHING) if len(known) == len(caps) else None
    if all(cap is None for cap in caps):
        return None
    pairs = zip(caps, claims, strict=True)
    return sum((claim if cap is None else min(cap, claim) for cap, claim in pairs), NOTHING)


def _minimum(members: Sequence[Claimant], claims: Sequence[Fraction]) -> Fraction | None:
    if all(one.minimum is None for one in members):
        return None
    pairs = zip(members, claims, strict=True)
    return sum((min(one.minimum or NOTHING, claim) for one, claim in pairs), NOTHING)
