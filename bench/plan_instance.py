"""Seeded problems of plans of any size, in amounts that are plausible and of no source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headworks.flow.line import Line
from headworks.planning.problem import (
    Berths,
    Ceiling,
    Goods,
    Outlook,
    Problem,
    Ratio,
    Risk,
    Sites,
    Works,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Size:
    """How large a problem is."""

    companies: int = 10
    imported: int = 4
    domestic: int = 4
    months: int = 36
    window: int = 12
    outlooks: int = 50
    segments: int = 3
    works: int = 2
    means: float = 1.0
    """Budgets, in usual ones: with ten, companies want more than shared pools give."""

    @property
    def chips(self) -> int:
        """Chips of each company."""
        return self.imported + self.domestic

    @property
    def lines(self) -> int:
        """Lines of all companies together."""
        return self.companies * self.chips


def instance(size: Size, seed: int = 1, risk: Risk | None = None) -> Problem:
    """Return a random problem; the same for the same size and seed.

    Each company has a site, imported and domestic chips that serve two works, a pairing and a
    budget; companies share a pool of each imported chip.
    """
    random = np.random.default_rng(seed)
    company = np.repeat(np.arange(size.companies), size.chips)
    chip = np.tile(np.arange(size.chips), size.companies)
    foreign = chip < size.imported
    power = random.uniform(0.8e-3, 1.6e-3, size.chips)[chip]
    rate = np.where(foreign, random.uniform(0.6, 1.6), 0.5) * random.uniform(0.7, 1.3, len(chip))
    growth = np.linspace(0.3, 1.0, size.months)
    need = random.uniform(5e3, 2e4, (size.companies, size.works, 1)) * growth
    dates = tuple(range(size.window, size.months, 3))
    luck = [_luck(random, size) for _ in range(size.outlooks)]
    node, nodes = _tree(luck, dates)
    outlooks = tuple(
        _outlook(random, size, number, luck[number], need, node[number])
        for number in range(size.outlooks)
    )
    years = np.arange(size.months) // 12
    return Problem(
        months=tuple(dt.date(2026 + m // 12, m % 12 + 1, 1) for m in range(size.months)),
        lines=tuple(
            Line(
                f"company {c + 1}", f"chip {k + 1}", "import" if k < size.imported else "home", 1.0
            )
            for c, k in zip(company, chip, strict=True)
        ),
        companies=tuple(f"company {c + 1}" for c in range(size.companies)),
        company=company,
        works=tuple(f"work {w + 1}" for w in range(size.works)),
        window=size.window,
        dates=dates,
        nodes=nodes,
        goods=_goods(random, size, foreign, power),
        berths=_berths(random, size, company, rate),
        work=Works(
            rent_usd=np.full(size.works, 1_900.0),
            rent_max=np.full(size.works, 0.15),
            shortfall_usd=np.linspace(2_600.0, 3_400.0, size.works),
        ),
        sites=_sites(random, size, need),
        budget_usd=need.sum(axis=1)[:, [years.searchsorted(y) for y in range(years[-1] + 1)]]
        * random.uniform(1.0e4, 2.0e4)
        * size.means,
        year=years,
        discount=1.006 ** -np.arange(size.months, dtype=np.float64),
        ratios=tuple(
            Ratio(
                f"pairing of company {c + 1}",
                c,
                np.where((company == c) & foreign, 1.0, 0.0),
                np.where((company == c) & ~foreign, 1.0, 0.0),
                "ordered" if c % 2 else "installed",
            )
            for c in range(size.companies)
        ),
        ceilings=(Ceiling("cap on imports", np.where(foreign, 1.0, 0.0)),),
        pools=tuple(
            Ceiling(f"stock of chip {k + 1}", np.where(chip == k, 1.0, 0.0))
            for k in range(size.imported)
        ),
        outlooks=outlooks,
        risk=risk or Risk(),
    )


def _goods(
    random: np.random.Generator, size: Size, foreign: NDArray[np.bool_], power: Floats
) -> Goods:
    lines, months = size.lines, size.months
    price = np.where(
        foreign, random.uniform(2.6e4, 3.4e4, lines), random.uniform(1.6e4, 2.2e4, lines)
    )
    age = (months - np.arange(months)) / 60
    return Goods(
        price_usd=price,
        prepaid=np.where(foreign, 0.5, 0.2),
        nonrefundable=np.where(foreign, 0.6, 0.3),
        residual_usd=price[:, np.newaxis] * np.maximum(0.85 - age, 0.0),
        power_mw=power,
        lot=np.zeros(lines),
        committed=np.zeros((lines, months)),
        order_max=np.full((lines, months), np.inf),
    )


def _berths(
    random: np.random.Generator, size: Size, company: NDArray[np.int64], rate: Floats
) -> Berths:
    line = np.repeat(np.arange(size.lines), size.works)
    work = np.tile(np.arange(size.works), size.lines)
    lean = random.uniform(0.8, 1.2, len(line))
    return Berths(line=line, site=company[line], work=work, rate=rate[line] * lean)


def _sites(random: np.random.Generator, size: Size, need: Floats) -> Sites:
    there = need.sum(axis=1) * 1e-3 * random.uniform(0.05, 0.25, (size.companies, 1))
    begun = np.zeros((size.companies, size.months))
    begun[:, : size.window] = 20.0
    return Sites(
        names=tuple(f"site {c + 1}" for c in range(size.companies)),
        company=np.arange(size.companies),
        power_mw=np.maximum.accumulate(there, axis=1),
        build_usd=np.full(size.companies, 1.0e7),
        build_lead=random.integers(6, 13, size.companies),
        build_max_mw=begun,
    )


@dataclass(frozen=True)
class _Luck:
    """What an outlook has in store."""

    opens: NDArray[np.int64]
    """Month in which the gate of each imported chip opens."""
    share: Floats
    """Share of orders that it lets through, shape (chip,)."""
    demand: float


def _luck(random: np.random.Generator, size: Size) -> _Luck:
    stern = random.normal()  # one posture moves all gates
    opens = np.clip(4 + 5 * (stern + random.normal(size=size.imported)), 0, size.months - 1)
    share = 1 / (1 + np.exp(stern + random.normal(0, 0.5, size.imported)))
    demand = float(np.exp(random.normal(0, 0.25)))
    return _Luck(opens.astype(np.int64), np.append(share, np.ones(size.domestic)), demand)


def _tree(luck: list[_Luck], dates: tuple[int, ...]) -> tuple[NDArray[np.int64], tuple[int, ...]]:
    """Return the node of each outlook at each date, and the date of each node.

    What is known at the first date is whether demand is high, at later ones also how many of the
    gates had opened by then, in three steps: none, some, all.
    """
    number: dict[tuple[object, ...], int] = {}
    nodes: list[int] = []
    found = np.zeros((len(luck), len(dates)), np.int64)
    for which in range(len(dates)):
        for outlook, one in enumerate(luck):
            opened = [np.mean(one.opens <= date) for date in dates[1 : which + 1]]
            key = (which, one.demand > 1, *(int(share > 0) + int(share == 1) for share in opened))
            if key not in number:
                number[key] = len(nodes)
                nodes.append(which)
            found[outlook, which] = number[key]
    return found, tuple(nodes)


def _outlook(
    random: np.random.Generator,
    size: Size,
    number: int,
    luck: _Luck,
    need: Floats,
    node: NDArray[np.int64],
) -> Outlook:
    lines, months = size.lines, size.months
    opens = np.tile(np.append(luck.opens, np.zeros(size.domestic, np.int64)), size.companies)
    share = np.tile(luck.share, size.companies)
    month = np.arange(months)
    open_months = np.maximum(month - opens[:, np.newaxis], 0)
    pace = random.uniform(300, 2_500, (lines, 1)) * share[:, np.newaxis]
    reach = pace * open_months
    slope = np.zeros((size.segments, lines, months))
    offset = np.zeros((size.segments, lines, months))
    for piece in range(size.segments):
        left = 1 - piece / (size.segments - 1)
        slope[piece] = share[:, np.newaxis] * left * (open_months > 0)
        offset[piece] = (1 - left) * reach
    strict = random.random() < 0.7
    ratio = np.where(month >= random.integers(0, 12), random.uniform(0.3, 1.5), np.inf)
    pool = np.cumsum(
        random.uniform(200, 1_500, (size.imported, months)) * size.companies / 4, axis=1
    )
    return Outlook(
        name=str(number),
        probability=1 / size.outlooks,
        lag=random.integers(1, 6, lines),
        slope=slope,
        offset=offset,
        wanted=need * luck.demand,
        pairing_ratio=np.tile(ratio if strict else np.full(months, np.inf), (size.companies, 1)),
        pairing_grace=random.uniform(0, 200, size.companies),
        ceiling=np.full((1, months), np.inf if strict else 3_000.0 * size.companies),
        pool=pool,
        node=node,
    )
