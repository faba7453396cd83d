"""Dominant-resource fairness: chips, power and test slots shared together.

Every claimant has tasks that need so much of each resource. Its dominant share is the largest share
that it has of any resource. All dominant shares rise together, in proportion to weights, until a
resource is full or a claim is met; who needs that resource, or has the claim, stays there, and the
others rise on. Whole tasks are in `tasks.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

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
    capacities: Mapping[str, Fraction],
    needs: Sequence[Mapping[str, Fraction]],
    claims: Sequence[Fraction | None],
    weights: Sequence[Fraction],
) -> DominantShares:
    """Share resources among divisible tasks so that dominant shares per weight are equal.

    Nobody could have more without taking it from another, nobody would rather have the share of
    another of its weight, everybody has at least what its part of all resources by weight would
    give, and nobody gains by overstating needs. With one resource it is constrained equal awards.
    Exact by events: cost O((n + r) r + n log n) sums of fractions, n claimants and r resources.

    Args:
        capacities: How much there is of each resource.
        needs: What one task of each claimant needs, by resource; 0 of those it does not name.
        claims: The most tasks of each; None without a bound, for who needs something.
        weights: Positive weights.

    Source: Ghodsi and others 2011, "Dominant Resource Fairness", NSDI; zero needs and claims as in
    Parkes, Procaccia and Shah 2015, "Beyond Dominant Resource Fairness", ACM TEAC 3.
    """
    problem = problem_of(capacities, needs, claims, weights)
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


def problem_of(
    capacities: Mapping[str, Fraction],
    needs: Sequence[Mapping[str, Fraction]],
    claims: Sequence[Fraction | None],
    weights: Sequence[Fraction],
) -> Problem:
    """Return resources by position, and how fast the tasks of each claimant can rise."""
    room = tuple(capacities.values())
    wanted = tuple(tuple(need.get(one, ZERO) for one in capacities) for need in needs)
    found = [_pace(need, room, weight) for need, weight in zip(wanted, weights, strict=True)]
    paces, dominant = tuple(pace for pace, _ in found), tuple(r for _, r in found)
    return Problem(tuple(capacities), room, wanted, tuple(claims), paces, dominant)


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
