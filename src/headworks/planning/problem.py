"""The problem of a plan as labelled arrays: what may be ordered, what for, and what may happen.

A problem holds everything that the programme needs and nothing of how the numbers came about, so
that one made from a scenario and one made by hand are solved alike. Axes are named in each
docstring:

    month     calendar months of the horizon, in order
    line      company × chip × route, as in the flow
    work      what chips are used for
    site      where power is
    berth     a line placed on a work at a site: one row for each triple that is allowed
    company   the companies that are planned together
    year      calendar years of the horizon
    segment   pieces of a response curve
    date      information dates: months at which later orders may be placed
    node      what can be known at an information date: outlooks of one node look alike until then

Orders of the first `window` months are decided now. Later ones are decided at information dates,
once for each node, so that no plan sees the future of its outlook.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from headworks.flow.line import Line

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Berths:
    """Lines placed on works at sites; arrays have shape (berth,)."""

    line: Integers
    """Number of the line."""
    site: Integers
    """Number of the site; -1 where power is not limited."""
    work: Integers
    """Number of the work."""
    rate: Floats
    """Work that one unit does in a month, in H100-equivalents of that work."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What orders of each line cost and allow."""

    price_usd: Floats
    """Landed price of a unit, shape (line,)."""
    prepaid: Floats
    """Share of the price paid with the order, shape (line,); the rest is paid on arrival."""
    nonrefundable: Floats
    """Share of the prepayment that is lost for units that have not arrived by the end, (line,)."""
    residual_usd: Floats
    """Value at the horizon of a unit that arrived in each month, shape (line, month)."""
    power_mw: Floats
    """Facility power of a running unit, shape (line,)."""
    lot: Floats
    """Least lot, of which orders are multiples; 0 for none; shape (line,)."""
    committed: Floats
    """Units ordered already, which a plan may not take back, shape (line, month)."""
    order_max: Floats
    """Most that may be ordered in a month; infinite for no limit; shape (line, month)."""


@dataclass(frozen=True, slots=True)
class Works:
    """What work is wanted and what it costs to go without chips of one's own."""

    rent_usd: Floats
    """Price of a rented H100-equivalent for a month, shape (work,)."""
    rent_max: Floats
    """Most that can be rented as a share of the work wanted, shape (work,)."""
    shortfall_usd: Floats
    """Price of an H100-equivalent not served for a month, shape (work,)."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Where power is, and what more of it costs."""

    names: tuple[str, ...]
    company: Integers
    """Company that owns each, shape (site,)."""
    power_mw: Floats
    """Power that is there without building, shape (site, month)."""
    build_usd: Floats
    """Cost of a megawatt more, shape (site,)."""
    build_lead: Integers
    """Months from the decision to the power, shape (site,)."""
    build_max_mw: Floats
    """Most that may be begun in a month, shape (site, month); 0 outside the window."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A pairing of imports with domestic chips, per company."""

    name: str
    company: int
    imported: Floats
    """What a unit of each line counts as import, shape (line,)."""
    domestic: Floats
    """What a unit of each line earns, shape (line,)."""
    trigger: str
    """Stock of domestic units that counts: `ordered` or `installed` (what has arrived)."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A cap on what may arrive in all, cumulative, over some lines."""

    name: str
    weight: Floats
    """What a unit of each line counts, shape (line,)."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may happen: one scenario of the programme."""

    name: str
    """Number of the path it stands for, or the name of a named one."""
    probability: float
    lag: Integers
    """Months from an order to the earliest arrival, shape (line,)."""
    slope: Floats
    """Units more that arrive by a month for a unit more ordered `lag` months before (or for a unit
    more that is `ready`), on each piece of the response curve, shape (segment, line, month)."""
    offset: Floats
    """Units that arrive by a month at no orders, on each piece, shape (segment, line, month):
    arrivals are at most the least over segments of offset + slope × orders, and infinite offsets
    say that a piece does not bind."""
    wanted: Floats
    """Work wanted, in H100-equivalents, shape (company, work, month)."""
    pairing_ratio: Floats
    """Imports that one domestic chip earns, in the ratio's measure, shape (ratio, month); infinite
    in months in which the pairing does not hold."""
    pairing_grace: Floats
    """What may be imported without any, shape (ratio,)."""
    ceiling: Floats
    """What caps leave for orders, shape (ceiling, month); infinite for none."""
    pool: Floats
    """What a shared pool gives to all planned companies together by a month, shape (pool, month);
    infinite for no limit."""
    node: Integers
    """Node that the outlook is in at each information date, shape (date,)."""
    ready: Floats | None = None
    """Share of an order of each month that counts for arrivals by each month, shape (line, month of
    the order, month): where it is given, the pieces of the response curve take Σ over months of
    ready × order in place of all that was ordered `lag` months before. Curves that were measured so
    mean nothing without it: an outlook made of others, such as their mean, takes theirs along."""
    held: Floats | None = None
    """Units that were there before, or on their way, and are in service by each month whatever is
    ordered, shape (line, month); none if None. Curves, caps and pools are of what is ordered
    alone."""
    scenario: str = ""
    """Named scenario that it belongs to, whose outlooks count together in the worst case; empty for
    none, where it counts by itself."""


@dataclass(frozen=True, slots=True)
class Risk:
    """How outcomes are weighed: (1 − weight) × expectation + weight × CVaR at a level."""

    weight: float = 0.0
    level: float = 0.9
    """Level of CVaR: the mean of the worst 1 − level is taken."""
    worst_case: bool = False
    """Whether the dearest scenario alone counts, by the mean of its outlooks; an outlook of no
    named scenario is one by itself."""
    mean_weight: float = 0.0
    """Weight of the expectation beside the worst case, which has the rest; below 1."""


@dataclass(frozen=True, slots=True)
class Problem:
    """The whole problem of one plan."""

    months: tuple[dt.date, ...]
    """First days of the months."""
    lines: tuple[Line, ...]
    companies: tuple[str, ...]
    company: Integers
    """Number of the company of each line, shape (line,)."""
    works: tuple[str, ...]
    window: int
    """Number of months whose orders are decided now."""
    dates: tuple[int, ...]
    """Information dates as numbers of months, ascending, all after the window."""
    nodes: tuple[int, ...]
    """Information date (number in `dates`) of each node; nodes of a date stand together."""
    goods: Goods
    berths: Berths
    work: Works
    sites: Sites
    budget_usd: Floats
    """What may be spent in a year, shape (company, year); infinite for no limit."""
    year: Integers
    """Number of the year of each month, shape (month,)."""
    discount: Floats
    """What a dollar of each month is worth now, shape (month,)."""
    ratios: tuple[Ratio, ...]
    ceilings: tuple[Ceiling, ...]
    pools: tuple[Ceiling, ...]
    """Pools that planned companies share; weights say what a unit of a line takes."""
    outlooks: tuple[Outlook, ...]
    risk: Risk = Risk()
    objective: str = "cost"
    """`cost`: expected discounted cost, work not served at its price; `served`: work not served
    alone, in H100-equivalent months, under the budgets."""
    served_min: float = 0.0
    """Least share of the work wanted that must be served in every outlook and month, 0 for none."""
