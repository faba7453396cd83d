"""Steps from requests to claims: related parties, verified need, past use, truncation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError
from headworks.rationing.exact import written

if TYPE_CHECKING:
    from headworks.rationing.claimant import Claimant
    from headworks.rationing.parameters import Parameters

NOTHING = Fraction(0)


@dataclass(slots=True)
class Step:
    """One step of a rationing, and whose amount it changed."""

    name: str
    what: str
    """What was done, as a sentence."""
    changed: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    """By claimant, the amount before and after."""

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "step": self.name,
            "what": self.what,
            "changed": {
                name: [written(before), written(after)]
                for name, (before, after) in self.changed.items()
            },
        }


@dataclass(frozen=True, slots=True)
class Party:
    """Claimants that count as one."""

    head: Claimant
    """The one that stands for all: their sums, under the name of the party."""
    members: tuple[Claimant, ...]


def merged(people: Sequence[Claimant]) -> tuple[list[Party], Step | None]:
    """Return the parties of some claimants, in the order of their first members.

    Related parties count as one claimant: amounts are added up, weights and scores are those of the
    member that has most, the rank and the day those of the first.

    Raises:
        InputError: A party has the name of a claimant that is not in it.
    """
    by_party: dict[str, list[Claimant]] = {}
    for one in people:
        key = f"party {one.party}" if one.party else f"name {one.name}"
        by_party.setdefault(key, []).append(one)
    parties = [Party(_head(members), tuple(members)) for members in by_party.values()]
    names = [party.head.name for party in parties]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = "a party has the name of a claimant that is not in it"
        remedy = "put that claimant into the party, or rename one of them"
        raise InputError([Fault("party", 0, name, message, remedy) for name in twice])
    joined = [party for party in parties if len(party.members) > 1]
    if not joined:
        return parties, None
    step = Step("merge", "related parties count as one claimant")
    for party in joined:
        for member in party.members:
            step.changed[member.name] = (member.request, NOTHING)
        step.changed[party.head.name] = (NOTHING, party.head.request)
    return parties, step


def _head(members: Sequence[Claimant]) -> Claimant:
    if len(members) == 1 and members[0].party is None:
        return members[0]

    def added(name: str) -> Fraction | None:
        values = [getattr(one, name) for one in members if getattr(one, name) is not None]
        return sum(values, NOTHING) if values else None

    def least(name: str) -> Any:  # noqa: ANN401 - a rank or a day
        return min((v for one in members if (v := getattr(one, name)) is not None), default=None)

    def most(name: str) -> Fraction | None:
        return max((v for one in members if (v := getattr(one, name)) is not None), default=None)

    return replace(
        members[0],
        name=members[0].party or members[0].name,
        request=sum((one.request for one in members), NOTHING),
        weight=most("weight"),
        cap=added("cap"),
        minimum=added("minimum"),
        priority=least("priority"),
        score=most("score"),
        day=least("day"),
        need=added("need"),
        stock=added("stock"),
        undelivered=added("undelivered"),
        used=added("used"),
        awarded=added("awarded"),
    )


def claims_of(
    people: Sequence[Claimant], pool: Fraction, parameters: Parameters
) -> tuple[list[Fraction], list[Step]]:
    """Return what each claimant may claim of its request, and the steps that cut it."""
    claims = [one.request for one in people]
    steps: list[Step] = []

    def cut(name: str, what: str, limits: Sequence[Fraction | None]) -> None:
        step = Step(name, what)
        for n, limit in enumerate(limits):
            if limit is not None and limit < claims[n]:
                step.changed[people[n].name] = (claims[n], limit)
                claims[n] = limit
        steps.append(step)

    if any(one.need is not None for one in people):
        what = "a claim is at most the verified need, less stock and undelivered awards"
        cut("need", what, [_need(one) for one in people])
    if parameters.min_use is not None:
        least = f"{float(parameters.min_use):.4g}"
        what = f"who used less than {least} of earlier awards claims at most that use"
        cut("use", what, [_use(one, parameters.min_use) for one in people])
    if parameters.truncate:
        cut("truncate", "no claim counts for more than the pool", [pool] * len(people))
    return claims, steps


def _need(one: Claimant) -> Fraction | None:
    if one.need is None:
        return None
    return max(NOTHING, one.need - (one.stock or NOTHING) - (one.undelivered or NOTHING))


def _use(one: Claimant, least: Fraction) -> Fraction | None:
    if not one.awarded or one.used is None or one.used >= least * one.awarded:
        return None
    return one.used
