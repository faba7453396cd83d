"""Several resources shared together: chips, power and test slots, by dominant-resource fairness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from headworks.errors import Door, Fault, InputError
from headworks.rationing.exact import Amount, exact
from headworks.rationing.intake.claimant import Claimant
from headworks.rationing.intake.names import alike, listed, name_text, plain
from headworks.rationing.intake.parameters import Parameters, parameters
from headworks.rationing.resources.dominant import DominantShares, dominant_resource_fairness
from headworks.rationing.resources.needs import COLUMNS, OTHER_WORDS, Needs, Needy, read_needs
from headworks.rationing.resources.result import ResourceAward, ResourceRation
from headworks.rationing.resources.tasks import whole_tasks
from headworks.rationing.steps.precedence import Order, precedence
from headworks.rationing.whole import method

NOTHING, ONE = Fraction(0), Fraction(1)
ROUNDS = "rounds_of_one"
"""The method by which whole units are given: one after the other, to the lowest share."""


def ration_resources(
    needs: Needs,
    available: Mapping[str, Amount],
    *,
    claims: Mapping[str, Amount | None] | Sequence[Amount | None] | None = None,
    weights: Mapping[str, Amount] | Sequence[Amount] | None = None,
    priority: Mapping[str, Amount] | Sequence[Amount] | None = None,
    whole: str | None = None,
    ballot_key: str | None = None,
    ballot: str | None = None,
) -> ResourceRation:
    """Share several resources among claimants by dominant-resource fairness, exactly.

    Who needs 1/100 of all chips and 1/20 of all power for a rack has power as its dominant
    resource. The largest shares of all, per weight, rise together until a resource is full or a
    claim is met; who needs that resource, or has its claim, stays, and the others rise on. With
    one resource it is weighted constrained equal awards.

    Args:
        needs: What each needs of each resource, blank for nothing: by name, as rows, or as the path
            of a CSV file with a column for each resource. Where claims are given (`claims`, or a
            column `claim`) these are needs of one unit, and awards count units, such as racks;
            otherwise they are the whole request, and awards are the part of it that is met.
        available: How much there is of each resource, by name.
        claims: The most units of each; None, or blank in a table, without a bound.
        weights: Positive weight of each; 1 where nothing is said.
        priority: Rank of each, 1 first, for whole units.
        whole: `rounds_of_one` for whole units: the next one always goes to the lowest share.
        ballot_key: Key of the ballot that ranks those who are equal.
        ballot: Form of the ballot.

    Raises:
        InputError: Lists every fault of needs, resources and parameters.

    Source: Ghodsi and others 2011, "Dominant Resource Fairness", NSDI.
    """
    people: list[Needy] = []
    room: dict[str, Fraction] = {}
    counted = False
    chosen = Parameters("proportional")
    door = Door()
    with door.checking():
        room = _available(available)
    with door.checking():
        columns = {"claim": claims, "weight": weights, "priority": priority}
        said = {name: values for name, values in columns.items() if values is not None}
        if room:  # without resources no column could be told from a mistake
            people, counted = read_needs(needs, room, said)
    with door.checking():
        given = {"whole": whole, "ballot_key": ballot_key, "ballot": ballot}
        chosen = _chosen(given)
    door.close()
    return shared_resources(room, people, chosen, counted=counted)


def shared_resources(
    available: Mapping[str, Fraction], people: Sequence[Needy], chosen: Parameters, *, counted: bool
) -> ResourceRation:
    """Share resources among claimants whose needs are known.

    Raises:
        InputError: Needs, resources and parameters do not fit each other.
    """
    heads = [Claimant(one.name, one.claim or NOTHING, priority=one.priority) for one in people]
    ballot, order = precedence(heads, chosen)
    needs = [dict(one.need) for one in people]
    weights = [one.weight for one in people]
    limits = [one.claim if counted else ONE for one in people]
    names = [one.name for one in people]
    _check_bounds(people, limits)
    if chosen.whole is None:
        shares = dominant_resource_fairness(available, needs, limits, weights)
    else:
        _check_order(order, names, counted=counted)
        ranking = [n for group in order or () for n in group]
        shares = whole_tasks(available, needs, limits, weights, ranking)
    warnings = [
        f"{' and '.join(map(repr, group))} differ only in how they are written"
        for group in alike(names)
    ]
    if chosen.whole is None and order is not None:
        warnings.append("units are not whole, and no tie is broken: the order changes nothing")
    return ResourceRation(
        dict(available), tuple(people), counted, chosen, _awards(people, limits, shares), ballot,
        tuple(warnings),
    )  # fmt: skip


def again(inputs: Mapping[str, Any]) -> ResourceRation:
    """Return the rationing of a record's inputs.

    Raises:
        InputError: They cannot be shared.
    """
    available = _available({row["name"]: row["amount"] for row in inputs["available"]})
    columns = ("name", "claim", "weight", "priority")
    rows = [{**row["need"], **{name: row[name] for name in columns}} for row in inputs["claimants"]]
    people, _ = read_needs(rows, available, {})
    given = inputs["parameters"]
    chosen = _chosen({name: given.get(name) for name in ("whole", "ballot_key", "ballot")})
    return shared_resources(available, people, chosen, counted=inputs["counted"] is True)


def _awards(
    people: Sequence[Needy], limits: Sequence[Fraction | None], shares: DominantShares
) -> tuple[ResourceAward, ...]:
    return tuple(
        ResourceAward(
            one.name, limit, shares.tasks[n], shares.shares[n], shares.dominant[n],
            shares.held_by[n], {r: shares.tasks[n] * one.need.get(r, NOTHING)
                                for r in shares.resources},
        )
        for n, (one, limit) in enumerate(zip(people, limits, strict=True))
    )  # fmt: skip


def _chosen(given: Mapping[str, object]) -> Parameters:
    """Return parameters; of the methods of whole units there is one.

    Raises:
        InputError: Another is asked for, or the ballot has faults.
    """
    found = parameters({"rule": "constrained_equal_awards", **given})
    if found.whole is not None and method(found.whole).name != ROUNDS:
        message = f"several resources in whole units are given by {ROUNDS}, not by {found.whole}"
        raise InputError([Fault("whole", 0, "", message, f"use {ROUNDS}")])
    return found


def _check_order(order: Order | None, names: Sequence[str], *, counted: bool) -> None:
    faults: list[Fault] = []
    if not counted:
        message = "needs are those of whole requests, which have no units"
        remedy = "give needs of one unit, and claims"
        faults.append(Fault("whole", 0, "", message, remedy))
    groups = [range(len(names))] if order is None else order
    equal = [group for group in groups if len(group) > 1]
    if equal:
        message = f"nothing says who comes first of {listed(names[n] for n in equal[0])}"
        remedy = "give ranks that differ, or the key of a ballot"
        faults.append(Fault("priority", 0, "", message, remedy))
    if faults:
        raise InputError(faults)


def _check_bounds(people: Sequence[Needy], limits: Sequence[Fraction | None]) -> None:
    """Raise if somebody needs nothing and claims without bound."""
    message = "needs nothing and claims without bound"
    faults = [
        Fault("needs", 0, one.name, message, "give a need or a claim")
        for one, limit in zip(people, limits, strict=True)
        if limit is None and not any(one.need.values())
    ]
    if faults:
        raise InputError(faults)


def _available(available: object) -> dict[str, Fraction]:
    if not isinstance(available, Mapping) or not available:
        message = "there are no resources by name"
        raise InputError([Fault("resources", 0, "", message, "give the amount of each")])
    faults: list[Fault] = []
    found: dict[str, Fraction] = {}
    for given, value in available.items():
        try:
            name, amount = name_text(given), exact(value)
        except ValueError as error:
            faults.append(Fault("resources", 0, repr(given), str(error)))
            continue
        taken = {*map(plain, found), *COLUMNS, *OTHER_WORDS}
        if not name or plain(name) in taken:
            message = "a resource needs a name of its own, other than a column of claimants has"
            faults.append(Fault("resources", 0, name, message, "name each once"))
        elif amount < 0:
            faults.append(Fault("resources", 0, name, f"{value} is negative"))
        else:
            found[name] = amount
    if faults:
        raise InputError(faults)
    return found
