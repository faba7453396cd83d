"""Pairings and caps as rows of a plan, with what was drawn for them on each path.

The numbers come from the same streams, under the same names, as where the flow draws them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.ceilings import Ceiling as GateCeiling
from headworks.flow.ceilings import sizes
from headworks.planning.problem import Ceiling, Ratio
from headworks.planning.response.lifting import Lifted, lifted
from headworks.scenario.condition import Cap, Pairing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from headworks.flow.draws import Draws
    from headworks.planning.response.world import Paths, World
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Terms:
    """Rows of a plan, and what bounds them on each path."""

    ratios: tuple[Ratio, ...]
    ceilings: tuple[Ceiling, ...]
    ratio: Floats
    """Imports that one domestic chip earns, shape (ratio, month, path); infinite in months in which
    the pairing does not hold to the end."""
    grace: Floats
    """What may be imported without any, shape (ratio, path)."""
    amount: Floats
    """The caps, shape (ceiling, month, path); infinite for none."""


def terms(world: World, paths: Paths) -> Terms:
    """Return the conditions that are lifted for the planned companies, as rows.

    A pairing whose trigger is a stock between order and service counts what is in service, which
    is later and so never more than the gate would allow.
    """
    draws = world.draws(paths)
    ratios: list[Ratio] = []
    ceilings: list[Ceiling] = []
    by_ratio: list[tuple[Floats, Floats]] = []
    by_ceiling: list[Floats] = []
    for one in lifted(world.scenario):
        for name, weight in _limited(world, one, draws):
            holds = _holds(world, one, draws)
            if isinstance(one.condition, Pairing):
                ratios.append(_ratio(world, one, one.condition, name, weight))
                multiple, grace = _drawn(one, one.condition, draws)
                by_ratio.append((np.where(holds, multiple, np.inf), grace))
            else:
                ceilings.append(Ceiling(f"{one.gate}: {one.name}, {name}", weight))
                amount = draws.number(
                    f"{one.key}.amount", one.condition.amount, day=one.condition.from_
                )
                by_ceiling.append(np.where(holds, amount, np.inf))
    shape = (0, len(world.months), len(paths))
    return Terms(
        tuple(ratios),
        tuple(ceilings),
        np.stack([ratio for ratio, _ in by_ratio]) if by_ratio else np.zeros(shape),
        np.stack([grace for _, grace in by_ratio]) if by_ratio else np.zeros((0, len(paths))),
        np.stack(by_ceiling) if by_ceiling else np.zeros(shape),
    )


def side_by_side(parts: Sequence[Terms]) -> Terms:
    """Return the terms of several worlds as those of all their paths, one after the other.

    A row that a world does not have never binds there.
    """
    ratios = {row.name: row for part in parts for row in part.ratios}
    ceilings = {row.name: row for part in parts for row in part.ceilings}
    free = [np.full(part.ratio.shape[1:], np.inf) for part in parts]
    none = [np.zeros(part.grace.shape[1]) for part in parts]

    def joined(names: Iterable[str], each: list[dict[str, Floats]], absent: list[Floats]) -> Floats:
        rows = [
            np.concatenate(
                [has.get(name, nothing) for has, nothing in zip(each, absent, strict=True)], axis=-1
            )
            for name in names
        ]
        empty = np.concatenate(absent, axis=-1)
        return np.stack(rows) if rows else np.zeros((0, *empty.shape))

    ratio = [dict(zip([r.name for r in p.ratios], p.ratio, strict=True)) for p in parts]
    grace = [dict(zip([r.name for r in p.ratios], p.grace, strict=True)) for p in parts]
    amount = [dict(zip([c.name for c in p.ceilings], p.amount, strict=True)) for p in parts]
    return Terms(
        tuple(ratios.values()),
        tuple(ceilings.values()),
        joined(ratios, ratio, free),
        joined(ratios, grace, none),
        joined(ceilings, amount, free),
    )


def _limited(world: World, one: Lifted, draws: Draws) -> list[tuple[str, Floats]]:
    """Return by company, or line, what a unit of each planned line counts, shape (line,)."""
    place = world.net.places.get(one.gate)
    if place is None:
        return []  # no line passes the gate
    lines = [world.net.lines[number] for number in place.rows.lines]
    # The gate's own ceiling knows who shares it.
    groups = GateCeiling(
        one.key, one.condition, lines, world.net.lines, world.scenario, draws
    ).groups
    size = sizes(one.condition.metric, lines, world.scenario)[:, 0]
    found: dict[str, Floats] = {}
    for row, group in zip(groups.rows, groups.of_row, strict=True):
        number = place.rows.lines[row]
        if number in world.rows:
            weight = found.setdefault(groups.names[group], np.zeros(len(world.rows)))
            weight[world.rows.index(number)] = size[row]
    return sorted(found.items())


def _ratio(world: World, one: Lifted, pairing: Pairing, company: str, weight: Floats) -> Ratio:
    size = sizes(pairing.metric, world.lines, world.scenario)[:, 0]
    earns = [line.company == company and line.chip in pairing.domestic for line in world.lines]
    return Ratio(
        name=f"{one.gate}: {one.name}, {company}",
        company=world.companies.index(company),
        imported=weight,
        domestic=np.where(earns, size, 0.0),
        trigger="ordered" if pairing.trigger == "ordered" else "installed",
    )


def _drawn(one: Lifted, pairing: Pairing, draws: Draws) -> tuple[Floats, Floats]:
    """Return the imports that one domestic chip earns, and the grace, shape (path,) each."""
    ratio = draws.number(f"{one.key}.ratio", pairing.ratio, day=pairing.from_)
    if pairing.direction == "domestic_per_imported":
        with np.errstate(divide="ignore"):
            ratio = 1.0 / ratio
    grace = np.zeros(draws.paths)
    if pairing.grace is not None:
        grace = draws.number(f"{one.key}.grace", pairing.grace, day=pairing.from_)
    return ratio, grace


def _holds(world: World, one: Lifted, draws: Draws) -> NDArray[np.bool_]:
    """Return whether a condition is in force as each month ends, shape (month, path)."""
    condition: Cap | Pairing = one.condition
    begins = np.full(draws.paths, float(_period(condition.from_, world.scenario)))
    if isinstance(condition, Pairing) and condition.grace_days is not None:
        days = draws.number(f"{one.key}.grace_days", condition.grace_days, day=condition.from_)
        begins = begins + days / world.scenario.period_days
    applies = np.ones(draws.paths, dtype=bool)
    if condition.probability is not None:
        name = f"{one.key}.probability"
        applies = draws.happens(name, condition.probability, day=condition.from_)
    last = world.counted[:, None] - 1.0
    return applies & (last >= begins)


def _period(day: dt.date | None, scenario: Scenario) -> int:
    """Return the period from which a condition is in force, as the flow counts it."""
    return 0 if day is None else max(0, (day - scenario.start).days // scenario.period_days)
