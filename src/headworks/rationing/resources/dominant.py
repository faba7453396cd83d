"""Dominant-resource fairness: chips, power and test slots shared together.

Every claimant has tasks that need so much of each resource. Its dominant share is the largest share
that it has of any resource. All dominant shares rise together, in proportion to weights, until a
resource is full or a claim is met; who needs that resource, or has the claim, stays there, and the
others rise on. Whole tasks are in `whole/tasks.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from headworks.errors import UnknownName
from headworks.rationing.intake.reading import Reading

if TYPE_CHECKING:
    from headworks.rationing.exact import Amount

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class DominantShares:
    """Tasks of each claimant, in the order of the needs, and what they use."""

    resources: tuple[str, ...]
    tasks: tuple[Fraction, ...]
    shares: tuple[Fraction, ...]
    """Dominant share of each, from 0 to 1."""
    dominant: tuple[str | None, ...]
    """Resource of which the share is largest, the first of several; None where none is needed."""
    held_by: tuple[str | None, ...]
    """Resource that was full first; None where the claim is met."""
    used: tuple[Fraction, ...]
    """Use of each resource."""


@dataclass(slots=True)
class Problem:
    """Resources by position, and what each claimant needs of them."""

    resources: tuple[str, ...]
    capacities: tuple[Fraction, ...]
    needs: tuple[tuple[Fraction, ...], ...]
    claims: tuple[Fraction | None, ...]
    paces: tuple[Fraction, ...]
    """Tasks of each claimant while its dominant share by weight rises by 1; 0 where it cannot."""
    dominant: tuple[int | None, ...]
    order: tuple[int, ...]

    def answer(self, tasks: Sequence[Fraction], held_by: Sequence[int | None]) -> DominantShares:
        """Return what was found, resources by name."""
        shares = [ZERO] * len(tasks)
        for n, resource in enumerate(self.dominant):
            if resource is not None and tasks[n]:
                shares[n] = tasks[n] * self.needs[n][resource] / self.capacities[resource]
        used = [
            sum((count * need[r] for count, need in zip(tasks, self.needs, strict=True)), ZERO)
            for r in range(len(self.resources))
        ]
        return DominantShares(
            self.resources, tuple(tasks), tuple(shares), self._named(self.dominant),
            self._named(held_by), tuple(used),
        )  # fmt: skip

    def _named(self, positions: Iterable[int | None]) -> tuple[str | None, ...]:
        return tuple(None if r is None else self.resources[r] for r in positions)


def dominant_resource_fairness(
    capacities: Mapping[str, Amount],
    needs: Sequence[Mapping[str, Amount]],
    *,
    claims: Sequence[Amount | None] | None = None,
    weights: Sequence[Amount] | None = None,
) -> DominantShares:
    """Share resources among divisible tasks so that dominant shares per weight are equal.

    Nobody could have more without taking it from another, nobody would rather have the share of
    another of its weight, everybody has at least what its part of all resources by weight would
    give, and nobody gains by overstating needs. With one resource it is constrained equal awards.
    Exact by events: cost O((n + r) r + n log n) sums of fractions, n claimants and r resources.

    Args:
        capacities: How much there is of each resource.
        needs: What one task of each claimant needs, by resource; 0 of those it does not name.
        claims: The most tasks of each; None where there is no bound.
        weights: Positive weights; all alike if not given.

    Raises:
        InputError: Amounts have faults, a need is for no resource of the list, or somebody needs
            nothing and claims without bound; all are listed.

    Source: Ghodsi and others 2011, "Dominant Resource Fairness", NSDI; zero needs and claims as in
    Parkes, Procaccia and Shah 2015, "Beyond Dominant Resource Fairness", ACM TEAC 3.
    """
    problem = read_problem(capacities, needs, claims, weights)
    tasks, held_by, rising = at_rest(problem)
    ends = sorted(
        ((claim / problem.paces[n], n) for n in rising if (claim := problem.claims[n]) is not None),
        reverse=True,
    )
    spans = range(len(problem.resources))
    left = list(problem.capacities)
    rates = [sum((problem.paces[n] * problem.needs[n][r] for n in rising), ZERO) for r in spans]
    level = ZERO
    while rising:
        while ends and ends[-1][1] not in rising:
            ends.pop()
        full = {r: level + left[r] / rates[r] for r in spans if rates[r]}
        until = min([*full.values(), *(end for end, _ in ends[-1:])])
        left = [left[r] - (until - level) * rates[r] for r in spans]
        level = until
        stopped: dict[int, int | None] = {}
        while ends and ends[-1][0] == level:
            stopped[ends.pop()[1]] = None
        for r in [r for r, end in full.items() if end == level]:
            for n in sorted(rising):
                if problem.needs[n][r]:
                    stopped.setdefault(n, r)
        for n, resource in stopped.items():
            if n in rising:
                rising.remove(n)
                tasks[n], held_by[n] = level * problem.paces[n], resource
                rates = [rates[r] - problem.paces[n] * problem.needs[n][r] for r in spans]
    return problem.answer(tasks, held_by)


def at_rest(problem: Problem) -> tuple[list[Fraction], list[int | None], set[int]]:
    """Return the tasks of those who never rise, what holds them, and who rises.

    Who needs no resource has the claim, and who needs one of which there is nothing has nothing.
    """
    tasks = [ZERO] * len(problem.needs)
    held_by: list[int | None] = [None] * len(problem.needs)
    rising: set[int] = set()
    for n, pace in enumerate(problem.paces):
        if pace:
            rising.add(n)
        elif problem.dominant[n] is None:
            tasks[n] = problem.claims[n] or ZERO
        else:
            held_by[n] = problem.dominant[n]
    return tasks, held_by, rising


def read_problem(
    capacities: Mapping[str, Amount],
    needs: Sequence[Mapping[str, Amount]],
    claims: Sequence[Amount | None] | None,
    weights: Sequence[Amount] | None,
    order: Iterable[int] | None = None,
) -> Problem:
    """Return the problem if nothing is wrong with it.

    Raises:
        InputError: Lists all faults.
    """
    reading = Reading()
    names = [str(n + 1) for n in range(len(needs))]
    resources = tuple(capacities)
    if not needs:
        reading.fault("needs", "", "there are no claimants", "give the needs of at least one")
    if not resources:
        reading.fault("capacities", "", "there are no resources", "name at least one")
    room = tuple(reading.amount("capacities", capacities[one], one) for one in resources)
    wanted = tuple(
        _need(reading, need, resources, name) for need, name in zip(needs, names, strict=True)
    )
    bounds = [None] * len(names) if claims is None else list(claims)
    if not reading.fits("claims", len(bounds), len(names)):
        bounds = [None] * len(names)
    limits = tuple(
        None if bound is None else reading.amount("claims", bound, name)
        for bound, name in zip(bounds, names, strict=True)
    )
    speeds = reading.amounts(
        "weights", [1] * len(names) if weights is None else weights, names, positive=True
    )
    ranking = reading.order("order", range(len(names)) if order is None else order, len(names))
    for name, need, limit in zip(names, wanted, limits, strict=True):
        if limit is None and not any(need):
            message = "needs nothing and claims without bound"
            reading.fault("needs", name, message, "give a need or a claim")
    reading.done()
    found = [_pace(need, room, speed) for need, speed in zip(wanted, speeds, strict=True)]
    paces, dominant = tuple(pace for pace, _ in found), tuple(r for _, r in found)
    return Problem(resources, room, wanted, limits, paces, dominant, ranking)


def _need(
    reading: Reading, need: Mapping[str, Amount], resources: Sequence[str], name: str
) -> tuple[Fraction, ...]:
    for other in need:
        if other not in resources:
            reading.faults.extend(UnknownName("resource", other, resources).faults)
    return tuple(reading.amount("needs", need.get(one, 0), f"{name}.{one}") for one in resources)


def _pace(
    need: Sequence[Fraction], room: Sequence[Fraction], weight: Fraction
) -> tuple[Fraction, int | None]:
    """Return tasks per dominant share by weight, and the dominant resource."""
    needed = [r for r, amount in enumerate(need) if amount]
    if not needed:
        return ZERO, None
    for r in needed:
        if not room[r]:
            return ZERO, r
    dominant = max(needed, key=lambda r: need[r] / room[r])
    return weight * room[dominant] / need[dominant], dominant
