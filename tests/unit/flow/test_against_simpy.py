"""The flow against an independent model of the same rules, event by event in SimPy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import simpy

from tests.unit.flow.build import (
    Play,
    a_round,
    day,
    grants,
    opening,
    passes,
    rate,
    rounds,
    scenario,
    stock,
    want,
    week,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from headworks.scenario.scenario import Scenario

WEEKS = 26
ORDERS = {"ash": {0: 60.0, 8: 50.0}, "birch": {1: 90.0}}
ROUNDS = {0: 50.0, 4: 60.0, 11: 45.0}
LIFE, TO_LABORATORY, TO_CUSTOMS = 21, 7, 14
STOCK, MADE, CLEARED = 20.0, 7.0, 9.0
STATES = ((day(30), "shut"), (day(47), "open"), (day(90), "shut"), (day(95), "open"))


@dataclass
class Company:
    """What one company has, and where."""

    wanted: float = 0.0
    at: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(("allocation", "export", "customs", "site"), 0.0)
    )
    on_the_way_to_export: float = 0.0
    shipped: float = 0.0
    batches: list[list[float]] = field(default_factory=list)
    """Unused papers, oldest first, each batch a list of one number."""

    @property
    def unused(self) -> float:
        return sum(batch[0] for batch in self.batches)


def shared(claims: dict[str, float], endowment: float) -> dict[str, float]:
    total = sum(claims.values())
    part = 1.0 if total <= endowment else endowment / total
    return {name: claim * part for name, claim in claims.items()}


class Model:
    """Goods, papers, a stock, rounds and customs as processes of SimPy."""

    def __init__(self, spells: Iterator[tuple[float, bool]]) -> None:
        self.env = simpy.Environment()
        self.companies = {name: Company() for name in ORDERS}
        self.stock = STOCK
        self.open, self.open_days, self.since = True, 0.0, 0.0
        self.installed: list[dict[str, float]] = []
        self.env.process(self._customs(spells))
        self.env.process(self._weeks())
        self.env.run(until=7 * WEEKS + 1)

    def _customs(self, spells: Iterator[tuple[float, bool]]) -> Generator[Any, Any, None]:
        for days, is_open in spells:
            self._note()
            self.open = is_open
            yield self.env.timeout(days)

    def _note(self) -> None:
        if self.open:
            self.open_days += self.env.now - self.since
        self.since = self.env.now

    def _weeks(self) -> Generator[Any, Any, None]:
        for number in range(WEEKS):
            self.stock += MADE
            for name, company in self.companies.items():
                ordered = ORDERS[name].get(number, 0.0)
                company.wanted += ordered
                company.at["allocation"] += ordered
            if number in ROUNDS:
                self._grant(ROUNDS[number])
            self._allot()
            self._ship()
            self._note()
            self.open_days = 0.0
            yield self.env.timeout(6.999999)
            self._note()
            if self.open:
                self.open_days += 0.000001
            self._clear()
            yield self.env.timeout(0.000001)

    def _grant(self, size: float) -> None:
        claims = {n: max(c.wanted - c.shipped - c.unused, 0.0) for n, c in self.companies.items()}
        for name, units in shared(claims, size).items():
            batch = [units]
            self.companies[name].batches.append(batch)
            self.env.process(self._lapse(batch))

    def _lapse(self, batch: list[float]) -> Generator[Any, Any, None]:
        yield self.env.timeout(LIFE - 0.0000005)  # before the week begins
        batch[0] = 0.0

    def _allot(self) -> None:
        claims = {
            name: max(min(c.at["allocation"], c.unused - c.on_the_way_to_export), 0.0)
            for name, c in self.companies.items()
        }
        for name, units in shared(claims, self.stock).items():
            company = self.companies[name]
            company.at["allocation"] -= units
            company.on_the_way_to_export += units
            self.stock -= units
            self.env.process(self._carry(company, "export", units, TO_LABORATORY))

    def _carry(
        self, company: Company, to: str, units: float, days: float
    ) -> Generator[Any, Any, None]:
        yield self.env.timeout(days - 0.0000005)
        company.at[to] += units

    def _ship(self) -> None:
        for company in self.companies.values():
            units = min(company.at["export"], company.unused)
            company.at["export"] -= units
            company.on_the_way_to_export -= units
            company.shipped += units
            self.env.process(self._carry(company, "customs", units, TO_CUSTOMS))
            for batch in company.batches:
                used = min(batch[0], units)
                batch[0] -= used
                units -= used

    def _clear(self) -> None:
        claims = {name: company.at["customs"] for name, company in self.companies.items()}
        for name, units in shared(claims, CLEARED * self.open_days / 7).items():
            self.companies[name].at["customs"] -= units
            self.companies[name].at["site"] += units
        self.installed.append({n: c.at["site"] for n, c in self.companies.items()})


def of_the_flow(customs: Any, weekly: float = CLEARED) -> Scenario:  # noqa: ANN401
    gates = {
        "approval": grants("approved", pool="rounds", validity_days=LIFE),
        "allocation": passes("produced", pool="made", lead_time_days=TO_LABORATORY),
        "laboratory": passes(),
        "export": passes("shipped", requires=["approval"], lead_time_days=TO_CUSTOMS),
        "customs": passes("cleared", pool="officers", opening=customs),
        "installation": passes("installed"),
    }
    each = {f"round-{number}": a_round(week(number), size) for number, size in ROUNDS.items()}
    pools = {"rounds": rounds(**each), "made": stock(STOCK, MADE), "officers": rate(weekly)}
    wants = {
        name: want(0, schedule=[{"on": week(n), "units": units} for n, units in orders.items()])
        for name, orders in ORDERS.items()
    }
    return scenario(gates, wants, pools, periods=WEEKS)


def known_spells() -> Iterator[tuple[float, bool]]:
    begin, is_open = day(0), True
    for at, state in STATES:
        yield float((at - begin).days), is_open
        begin, is_open = at, state == "open"
    yield 1000.0, is_open


def test_without_chance_both_models_install_the_same() -> None:
    play = Play(of_the_flow(opening(*STATES)))
    for number, expected in enumerate(Model(known_spells()).installed):
        play.to(number + 1)
        for name, units in expected.items():
            assert play.units("installed", company=name) == pytest.approx(units, abs=1e-4), number
    assert play.papers("approval", "lapsed") > 10  # every rule has been tried
    assert play.waiting("customs") > 0 or play.waiting("allocation") > 0


def random_spells(luck: np.random.Generator, on: float, off: float) -> Iterator[tuple[float, bool]]:
    is_open = bool(luck.random() < on / (on + off))
    while True:
        yield float(luck.exponential(on if is_open else off)), is_open
        is_open = not is_open


def test_with_chance_both_models_install_the_same_on_average() -> None:
    on, off, runs = 25.0, 12.0, 600
    process = {"open_at_start": on / (on + off), "mean_days_open": on, "mean_days_shut": off}
    play = Play(of_the_flow({"process": process}), paths=4000)
    luck = np.random.default_rng(20260105)
    histories = [Model(random_spells(luck, on, off)).installed for _ in range(runs)]
    for number in (6, 10, 15, 20, 25):
        play.to(number + 1)
        for name in ORDERS:
            mine = play.by_path("installed", company=name)
            other = np.array([history[number][name] for history in histories])
            error = np.hypot(mine.std() / np.sqrt(4000), other.std() / np.sqrt(runs))
            assert abs(mine.mean() - other.mean()) < 4 * error + 1e-6, (number, name)
            assert abs(mine.std() - other.std()) < 0.15 * other.std() + 1e-6
