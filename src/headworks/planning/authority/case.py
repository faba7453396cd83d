"""The case of an authority: one round of a scenario, who may be awarded, and what is counted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import Door, Fault, InputError, UnknownName
from headworks.flow.compute import measures
from headworks.flow.network import network
from headworks.flow.placed import PlacedAwards
from headworks.flow.recorder import finished_periods
from headworks.planning.authority.claims import claimed
from headworks.scenario.dated import as_day
from headworks.scenario.pool import RoundsPool
from headworks.throughput import Realised

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headworks.planning.authority.claims import Bools
    from headworks.planning.problem import Floats
    from headworks.scenario.scenario import Scenario


@dataclass(frozen=True)
class Case:
    """One round to award, on the paths of one luck."""

    scenario: Scenario
    """The scenario up to the day on which compute is counted."""
    pool: str
    round: str
    by: dt.date
    """Day at whose end compute is counted."""
    applicants: tuple[str, ...]
    """Companies that ask the round for something on some path, by name."""
    claims: Floats
    """What each asks for, in the pool's unit: the mean over the paths on which the round takes
    place by the day, shape (applicant,)."""
    held: Bools
    """Whether it takes place by then, shape (path,)."""
    size: float
    """Median volume of the round, in the pool's unit."""
    measure: str
    """Name of the measure of compute."""
    per_chip: Mapping[str, float]
    """What one chip counts for in it."""
    paths: int
    seed: int

    @property
    def takes_place(self) -> float:
        """Share of the paths on which the round takes place by the day."""
        return float(self.held.mean())

    @property
    def unit(self) -> str:
        """Unit of the pool, in which claims and awards are counted."""
        return self.scenario.pools[self.pool].unit

    @property
    def most(self) -> Floats:
        """Largest share of the round that each may be awarded: its claim, or all, (applicant,)."""
        return np.minimum(self.claims / self.size, 1.0)

    def awards(self, splits: Sequence[Floats], paths: int) -> PlacedAwards:
        """Return splits of the round, each on so many paths, one after the other.

        Where one sums to more than 1, as when one applicant's level is tried beside the awards of
        the others, the round is so much larger.

        Args:
            splits: Shares of the round, each of shape (applicant,).
            paths: Paths that each is tried on.
        """
        every = np.repeat(np.stack(splits), paths, axis=0)
        whole = np.maximum(every.sum(axis=1), 1.0)
        shares = dict(zip(self.applicants, (every / whole[:, None]).T, strict=True))
        return PlacedAwards(self.pool, self.round, shares, whole)


def case(
    scenario: Scenario, name: str, *, pool: str | None = None, by: dt.date | str | None = None,
    measure: str = "h100e_tpp", paths: int = 200, seed: int = 1,
) -> Case:  # fmt: skip
    """Return the case of a round.

    Args:
        scenario: The scenario.
        name: The round.
        pool: Its pool, where several have a round of that name.
        by: Day at whose end compute is counted; the last of the scenario if None.
        measure: Measure of compute, one of those of `Forecast.per_chip`.
        paths: Number of paths.
        seed: Seed of all streams.

    Raises:
        InputError: There is no such round, day or measure, the round lies after the day, or nobody
            asks it for anything; all faults are listed.
    """
    pool, day, per_chip = placed(scenario, name, pool=pool, by=by, measure=measure)
    short = until(scenario, day)
    asked = claimed(short, pool, name, paths, seed)
    applicants = tuple(company for company, units in asked.by_company.items() if units > 0)
    if not applicants:
        raise InputError([_nobody(scenario, pool, name, day, asked.takes_place)])
    rounds = scenario.pools[pool]
    assert isinstance(rounds, RoundsPool)  # noqa: S101 - found as such
    return Case(
        scenario=short, pool=pool, round=name, by=day, applicants=applicants,
        claims=np.array([asked.by_company[company] for company in applicants]),
        held=asked.held, size=rounds.rounds[name].size.median, measure=measure,
        per_chip=per_chip, paths=paths, seed=seed,
    )  # fmt: skip


def placed(
    scenario: Scenario, name: str, *, pool: str | None, by: dt.date | str | None, measure: str
) -> tuple[str, dt.date, Mapping[str, float]]:
    """Return the pool of a round, the day at whose end compute is counted, and what chips count.

    Args:
        scenario: The scenario.
        name: The round.
        pool: Its pool, where several have a round of that name.
        by: The day; the last of the scenario if None.
        measure: Measure of compute.

    Raises:
        InputError: There is no such round, day or measure, or the round lies after the day; all
            faults are listed.
    """
    door = Door()
    with door.checking():
        pool = find(scenario, name, pool)
    with door.checking():
        day = _day(by, scenario)
    with door.checking():
        per_chip = measures(scenario, Realised())
        if measure not in per_chip:
            raise UnknownName("measure of compute", measure, per_chip)
    door.close()
    assert pool is not None  # noqa: S101 - found, or the door has raised
    _check_date(scenario, pool, name, day)
    return pool, day, per_chip[measure]


def find(scenario: Scenario, name: str, pool: str | None) -> str:
    """Return the pool that has a round.

    Raises:
        InputError: There is no such round or pool, several pools have one, or no gate books it.
    """
    held = {
        key: list(one.rounds) for key, one in scenario.pools.items() if isinstance(one, RoundsPool)
    }
    if pool is not None and pool not in held:
        raise UnknownName("pool of rounds", pool, held)
    found = sorted(key for key, rounds in held.items() if name in rounds and pool in {None, key})
    if not found:
        known = sorted(
            {one for key, rounds in held.items() if pool in {None, key} for one in rounds}
        )
        raise UnknownName("round", name, known)
    if len(found) > 1:
        message = f"the pools {_listed(found)} each have a round {name!r}"
        raise InputError([Fault("round", 0, "", message, "name the pool too")])
    if all(gate.pool != found[0] for gate in scenario.gates.values()):
        message = f"no gate books {found[0]}, so an award of {name!r} changes nothing"
        raise InputError([Fault("round", 0, "", message, "name a round that a gate books")])
    return found[0]


def until(scenario: Scenario, day: dt.date) -> Scenario:
    """Return the scenario up to a day: no later period changes what is there by then."""
    periods = finished_periods(network(scenario), day)
    return scenario.model_copy(update={"periods": max(periods, 1)})


def _day(by: dt.date | str | None, scenario: Scenario) -> dt.date:
    last = scenario.end - dt.timedelta(days=1)
    day = last if by is None else as_day(by)
    if day is None:
        raise InputError([Fault("by", 0, "", f"{by!r} is not a day", "write it as YYYY-MM-DD")])
    if not scenario.start <= day <= scenario.end:
        message = f"{day} lies outside the horizon, {scenario.start} to {scenario.end}"
        raise InputError([Fault("by", 0, "", message, "ask for a day within it")])
    return day


def _check_date(scenario: Scenario, pool: str, name: str, day: dt.date) -> None:
    rounds = scenario.pools[pool]
    assert isinstance(rounds, RoundsPool)  # noqa: S101 - found as such
    on = rounds.rounds[name].on
    if on <= day:
        return
    if on >= scenario.end:
        message = (
            f"the round {name!r} is on {on}, past the horizon, which ends before {scenario.end}"
        )
        remedy = "name an earlier round, or lengthen the horizon (`--set periods=…`)"
    else:
        message = f"the round {name!r} is on {on}, after {day}, the day on which compute is counted"
        remedy = "count later, or name an earlier round"
    raise InputError([Fault("round", 0, "", message, remedy)])


def _nobody(scenario: Scenario, pool: str, name: str, day: dt.date, takes_place: float) -> Fault:
    """Return why nobody can be awarded anything."""
    if takes_place == 0:
        message = f"the round {name!r} takes place on no path by {day}"
        return Fault("round", 0, "", message, "count later, run more paths, or raise `confirmed`")
    rounds = scenario.pools[pool]
    assert isinstance(rounds, RoundsPool)  # noqa: S101 - found as such
    eligible = rounds.rounds[name].eligible
    who = "nobody" if eligible is None else f"none of {_listed(eligible)}"
    message = f"{who} asks the round {name!r} for anything on any path"
    return Fault("round", 0, "", message, "name a round that somebody eligible wants units of")


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
