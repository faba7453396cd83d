"""Planning: what a plan needs to know beyond the gates: prices of work, sites and budgets."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from headworks.scenario.company import Jurisdiction, Use
from headworks.scenario.model import Id, Record, Text
from headworks.scenario.quantity import Amount, Days, Megawatts, Share, Units, Usd


class Workload(Record):
    """A kind of work that chips are placed on, with what it costs to go without them.

    It is counted in H100-equivalents of the work: what one H100 does of it.
    """

    title: Text
    """What the work is."""
    measure: Id
    """By what chips are compared: `h100e_tpp`, `h100e_bandwidth`, or a work whose tokens a
    throughput model tells, such as `decode-70b`."""
    use: Use = "any"
    """Only routes of this use, or of `any`, may serve it."""
    share: Share
    """Share of the computing that a buyer wants which is this work."""
    rent_usd_per_hour: Usd
    """Price of one rented H100-equivalent for an hour."""
    rentable: Share
    """Most of the work that can be rented."""
    shortfall_usd_per_hour: Usd
    """What an hour of one H100-equivalent is worth that is wanted and not served."""


class Offer(Record):
    """What a chip costs, where neither the scenario's terms nor the catalogue say it."""

    price_usd: Usd
    """Price of one unit, charges included."""
    prepayment: Share | None = None
    """Share of the price due with the order."""
    lot: int | None = Field(default=None, ge=1)
    """Least lot of an order, of which it is a multiple."""


class PlanSite(Record):
    """A site with power of a buyer's own; chips bound for its jurisdiction run there."""

    title: Text | None = None
    """What the site is."""
    jurisdiction: Jurisdiction = "CN"
    """Where it is."""
    power_mw: Megawatts
    """Facility power that is ready at the start."""
    build_usd_per_mw: Usd
    """What a megawatt more costs to build."""
    build_lead_days: Days
    """How long that takes."""
    build_max_mw_per_year: Megawatts
    """Most that can be begun in a year."""


class Budget(Record):
    """What a buyer may spend in a calendar year."""

    year: int = Field(ge=1, le=9999)
    """The year."""
    usd: Usd
    """The amount."""


class Commitment(Record):
    """Units that a buyer has ordered already and cannot take back."""

    chip: str
    """Chip (id or alias)."""
    route: Id
    """Route that they take."""
    on: dt.date
    """Day of the order; what was ordered before the start counts in the first month."""
    units: Units
    """How many."""


class WorkWanted(Record):
    """Computing that a buyer wants, from a day on until the next entry's day."""

    from_: dt.date = Field(alias="from")
    """First day (inclusive)."""
    h100e: Amount
    """H100-equivalents, over all works."""


class Buyer(Record):
    """What one company has and may spend; all parts are optional."""

    wanted: list[WorkWanted] = Field(default_factory=list)
    """Computing wanted by first day, ascending; if none, what the company's needs add up to."""
    budgets: list[Budget] = Field(default_factory=list)
    """Budgets by year; a year without one has no limit."""
    sites: dict[Id, PlanSite] = Field(default_factory=dict)
    """Sites by id; in a jurisdiction without one power is not limited."""
    committed: list[Commitment] = Field(default_factory=list)
    """Orders that stand."""


class Planning(Record):
    """What plans of this scenario assume; all companies may be planned for."""

    window_months: Annotated[int, Field(ge=1, le=120)] = 12
    """Months whose orders are decided now; later ones at the beginnings of quarters."""
    discount_rate: Share
    """What a dollar loses in worth in a year."""
    life_months: Amount
    """Months over which a chip loses its value, evenly; what is left at the horizon counts."""
    prepayment: Share
    """Share of the price due with an order, where neither terms nor offer say it."""
    nonrefundable: Share
    """Share of a prepayment that is lost for units that never arrive."""
    offers: dict[str, Offer] = Field(default_factory=dict)
    """Offers by chip (id or alias)."""
    works: dict[Id, Workload] = Field(min_length=1)
    """Kinds of work by id; their shares sum to 1."""
    buyers: dict[Id, Buyer] = Field(default_factory=dict)
    """What companies have and may spend, by company; one that is not named has no limits."""
