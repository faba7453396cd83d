"""Checks of a plan before long work: what cannot be planned is told at once, with the way out."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Real
from typing import TYPE_CHECKING, cast

import numpy as np

from headworks.errors import Door, Fault, InputError, UnknownName
from headworks.flow.arguments import number, number_of_paths, whole_number
from headworks.planning.effort import Effort
from headworks.planning.means.means import planning_of
from headworks.planning.problem import Risk
from headworks.planning.response.selection import check_reduction

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from headworks.planning.means.means import Means
    from headworks.planning.response.prospect import Prospect
    from headworks.planning.response.world import World
    from headworks.scenario.scenario import Scenario

OBJECTIVES = ("cost", "served")
LEAST_ARRIVING = 0.5
"""Units below which nothing is said to arrive."""


def check_terms(
    effort: Effort,
    risk: Risk,
    *,
    window_months: int | None,
    objective: str,
    served_min: float,
    seed: int,
) -> None:
    """Check what a plan is asked for, whatever its scenario.

    Raises:
        InputError: Something cannot be used; the faults of all are listed.
    """
    door = Door()
    with door.checking():
        _check_effort(effort)
    with door.checking():
        _check_risk(risk)
    with door.checking():
        whole_number("seed", seed, low=0)
    with door.checking():
        if window_months is not None:
            whole_number("window_months", window_months, low=1)
    with door.checking():
        if objective not in OBJECTIVES:
            raise UnknownName("objective", objective, OBJECTIVES)
    with door.checking():
        _check_share("served_min", served_min, np.inf)
    door.close()


def _check_effort(effort: object) -> None:
    if not isinstance(effort, Effort):
        message = f"{effort!r} does not say how much is run"
        raise InputError([Fault("effort", 0, "", message, "give a `headworks.Effort`, or None")])
    door = Door()
    with door.checking():
        number_of_paths(effort.paths)
    for name, least in (("outlooks", 1), ("fresh", 0), ("replications", 0)):
        with door.checking():
            whole_number(name, getattr(effort, name), low=least)
    with door.checking():
        if effort.replications == 1:
            message = "one replication has no spread"
            raise InputError([Fault("replications", 0, "", message, "ask for at least 2, or 0")])
    with door.checking():
        check_reduction(effort.reduction)
    with door.checking():
        _check_share("gap", effort.gap, np.inf)
    with door.checking():
        if not number("time_limit_s", effort.time_limit_s) > 0:
            message = f"{effort.time_limit_s!r} is no time"
            raise InputError([Fault("time_limit_s", 0, "", message, "give seconds above 0")])
    door.close()


def _check_risk(risk: object) -> None:
    if not isinstance(risk, Risk):
        message = f"{risk!r} does not say how outcomes are weighed"
        raise InputError([Fault("risk", 0, "", message, "give a `headworks.Risk`, or None")])
    door = Door()
    for name, below in (("weight", np.inf), ("level", 1.0), ("mean_weight", 1.0)):
        with door.checking():
            _check_share(f"risk.{name}", getattr(risk, name), below)
    with door.checking():
        weight: object = risk.weight
        if risk.worst_case and isinstance(weight, Real) and float(weight) > 0:
            message = "the worst case counts alone, and the weight of the worst outcomes would not"
            raise InputError([Fault("risk.weight", 0, "", message, "leave one of them out")])
    door.close()


def company_names(given: object) -> tuple[str, ...]:
    """Return the companies that a plan is asked for, given as one name or several.

    Raises:
        InputError: Something else is among them; all faults are listed.
    """
    several = isinstance(given, Iterable) and not isinstance(given, str)
    names = tuple(cast("Iterable[object]", given)) if several else (given,)
    others = [one for one in names if not isinstance(one, str)]
    if others:
        remedy = "give the name of one, or a list of names"
        raise InputError(
            [Fault("company", 0, "", f"{one!r} is no name of a company", remedy) for one in others]
        )
    return cast("tuple[str, ...]", names)


def check_scenario(
    scenario: Scenario, companies: Sequence[str], unsaid: Collection[str] = ()
) -> None:
    """Check that a scenario says what plans assume, and has the companies.

    Args:
        scenario: The scenario.
        companies: The companies that are planned.
        unsaid: Sections of which nothing is said, since they are not what they shall be yet.

    Raises:
        InputError: It does not; all faults are listed.
    """
    door = Door()
    if "planning" not in unsaid:
        with door.checking():
            planning_of(scenario)
    if "companies" not in unsaid:
        with door.checking():
            _check_companies(scenario, companies)
    door.close()


def _check_companies(scenario: Scenario, companies: Sequence[str]) -> None:
    door = Door()
    for company in dict.fromkeys(companies) or ("",):
        with door.checking():
            if company not in scenario.companies:
                raise UnknownName("company", company, scenario.companies)
    with door.checking():
        twice = sorted({one for one in companies if list(companies).count(one) > 1})
        if twice:
            message = f"{', '.join(twice)} stands there twice"
            raise InputError([Fault("company", 0, "", message, "name each once")])
    door.close()


def _check_share(name: str, given: float, below: float) -> None:
    found = number(name, given)
    if not 0 <= found <= 1 or found >= below:
        end = "up to 1" if below > 1 else "below 1"
        message = f"{given!r} is no share from 0 {end}"
        raise InputError([Fault(name, 0, "", message, "give one, such as 0.1")])


def check_power_and_budget(world: World, have: Means) -> None:
    """Check that budgets cover what is committed, and that chips can run somewhere.

    Raises:
        InputError: They do not; all faults are listed.
    """
    scenario = world.scenario.scenario
    faults = [*_budget_faults(world, have, scenario), *_power_faults(world, have, scenario)]
    if not len(have.berths.line):
        message = "no chip that the companies want does any of the works"
        remedy = "give works that fit the use of their routes, or chips whose figures are known"
        faults.append(Fault(scenario, 0, "planning.works", message, remedy))
    if faults:
        raise InputError(faults)


def _budget_faults(world: World, have: Means, scenario: str) -> list[Fault]:
    faults: list[Fault] = []
    prepaid = have.goods.prepaid * have.goods.price_usd
    for company, year in np.ndindex(*have.budget_usd.shape):
        own = world.company == company
        months = have.year == year
        due = float(prepaid[own] @ have.goods.committed[own][:, months].sum(axis=1))
        budget = float(have.budget_usd[company, year])
        if due > budget:
            name, when = world.companies[company], world.months[0].year + year
            message = (
                f"the budget of {when}, {budget:,.0f} USD, is below the {due:,.0f} USD that "
                f"committed orders of {name} prepay in it"
            )
            remedy = "raise it, or take orders out of `committed`"
            faults.append(Fault(scenario, 0, f"planning.buyers.{name}.budgets", message, remedy))
    return faults


def _power_faults(world: World, have: Means, scenario: str) -> list[Fault]:
    faults: list[Fault] = []
    sites = have.sites
    for company, name in enumerate(world.companies):
        own = np.flatnonzero(sites.company == company)
        free = np.any(have.berths.site[np.isin(have.berths.line, _lines(world, company))] < 0)
        most = sites.power_mw[own].sum() + sites.build_max_mw[own].sum()
        if len(own) and not free and most <= 0:
            message = f"the sites of {name} have no power, and none can be built"
            remedy = "give `power_mw` or `build_max_mw_per_year` above 0"
            faults.append(Fault(scenario, 0, f"planning.buyers.{name}.sites", message, remedy))
    return faults


def _lines(world: World, company: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.flatnonzero(world.company == company)


def check_arrivals(world: World, coming: Prospect) -> None:
    """Check that something that is ordered can arrive on some path.

    Raises:
        InputError: Nothing does; what would have to change is told.
    """
    months = len(world.months)
    scenario = world.scenario.scenario
    if np.all(coming.lag >= months):
        least = int(coming.lag.min())
        message = (
            f"the horizon of {months} months is shorter than every lead time: what is ordered on "
            f"the first day arrives after {least} months or later"
        )
        raise InputError([Fault(scenario, 0, "periods", message, "give more periods")])
    if coming.measured.together[:, -1].max(initial=0.0) < LEAST_ARRIVING:
        names = ", ".join(world.companies)
        message = (
            f"on none of {coming.lag.shape[1]} outlooks does anything that {names} orders arrive"
        )
        remedy = "see which gate holds it: headworks explain"
        raise InputError([Fault(scenario, 0, "gates", message, remedy)])
