"""Which lines a gate admits in which period, by predicates over dated instruments."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.scenario.classification import classify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.flow.line import Line
    from headworks.scenario.catalogue import Catalogue
    from headworks.scenario.gate import Admission, Gate
    from headworks.scenario.scenario import Scenario

Bools: TypeAlias = NDArray[np.bool_]


def admitted(gate: Gate, lines: Sequence[Line], scenario: Scenario) -> Bools | None:
    """Return whether each line is admitted as each period begins, shape (period, line).

    Returns:
        None where all lines are admitted in all periods.
    """
    if not gate.admits:
        return None
    days = [
        scenario.start + dt.timedelta(days=scenario.period_days * period)
        for period in range(scenario.periods)
    ]
    reviews = _Reviews(scenario)
    result = np.array(
        [
            [
                all(_passes(test, line, day, scenario, reviews) for test in gate.admits)
                for line in lines
            ]
            for day in days
        ]
    )
    return None if result.all() else result


def _passes(
    test: Admission, line: Line, day: dt.date, scenario: Scenario, reviews: _Reviews
) -> bool:
    if test.from_ is not None and day < test.from_:
        return True
    company, route = scenario.companies[line.company], scenario.routes[line.route]
    allowed: list[bool] = [
        test.chips is None or line.chip in test.chips,
        test.companies is None or line.company in test.companies,
        test.without_traits is None or not set(test.without_traits) & set(company.traits),
        test.jurisdictions is None or route.jurisdiction in test.jurisdictions,
        test.uses is None or route.use in test.uses,
    ]
    if not all(allowed):
        return False
    if test.us_review is not None and reviews.of(line, day) not in test.us_review:
        return False
    return test.below is None or _below(test, line, day, scenario)


def _below(test: Admission, line: Line, day: dt.date, scenario: Scenario) -> bool:
    chip = scenario.chips[line.chip]
    tpp = chip.tpp
    bandwidth = chip.memory_bandwidth_gb_per_s
    figure: float | None = tpp
    if test.measure == "memory_bandwidth_gb_per_s":
        figure = bandwidth.median if bandwidth else None
    elif test.measure == "performance_density":
        area = chip.die_area_mm2
        figure = tpp / area.median if tpp is not None and area else None
    limit = scenario.catalogue.value(test.below or "", day, known_by=scenario.as_of)
    if limit is None or limit.value is None:
        return True  # the rule has ended
    return figure is not None and figure < float(limit.value)


class _Reviews:
    """Review postures of lines by day, each looked up once."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._look_up = lru_cache(maxsize=None)(self._classify)

    def of(self, line: Line, day: dt.date) -> str:
        """Return the posture under which exports to a line are reviewed.

        A company whose parent sits in China is reviewed like a Chinese destination wherever its
        site is, and under the stricter posture for deliveries from abroad.
        """
        company = self._scenario.companies[line.company]
        route = self._scenario.routes[line.route]
        to: str = route.jurisdiction
        from_ = "US" if route.shipped_from == "US" else "abroad"
        if route.jurisdiction in {"abroad", "US"} and company.jurisdiction in {"CN", "HK"}:
            to, from_ = "CN", "abroad"
        if to == "abroad":
            return "no_licence_required"
        return self._look_up(line.chip, to, from_, day)

    def _classify(self, chip: str, to: str, from_: str, day: dt.date) -> str:
        scenario = self._scenario
        known: Catalogue = scenario.catalogue
        result = classify(
            chip, to=to, on=day, from_=from_, known_by=scenario.as_of, catalogue=known
        )
        return result.review
