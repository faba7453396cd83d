"""What the page of a plan shows: plain arrays and rows, whatever made them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.report.content import QUANTILES
from headworks.report.numbers import prose

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Order:
    """Units of one line ordered in one month."""

    line: str
    """The line as people read it."""
    chip: str
    month: dt.date
    units: float
    """Units; the mean over outlooks where they are decided later."""
    least: float
    most: float
    now: bool
    """Whether they are decided now, the same whatever happens."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Chips of one type: what is ordered and what has arrived by each month."""

    ordered: Floats
    """Mean units ordered by the end of each month, shape (month,)."""
    bands: Floats
    """Units that have arrived, shape (month, 6), columns as `content.BANDS`."""


@dataclass(frozen=True, slots=True)
class LimitWorth:
    """What a unit more of one limit is worth."""

    kind: str
    where: str
    when: str
    value: float
    sentence: str


@dataclass(frozen=True, slots=True)
class GateWorth:
    """What it would be worth to know beforehand what a gate will do."""

    title: str
    value: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class ScenarioShown:
    """What the plan comes to if one scenario comes about: means over its outlooks."""

    name: str
    outcome: float | None
    """What the objective counts; None for what has no end."""
    served_share: float | None
    """None where it is unknown."""
    outlooks: int
    worst: bool
    """Whether the plan comes to more in no other."""


@dataclass(frozen=True, slots=True)
class PolicyShown:
    """How a policy does on fresh paths; the plan is one of them."""

    title: str
    mean: float | None
    """None for what has no end, as the quantiles and the regret."""
    p5: float | None
    med: float | None
    p95: float | None
    regret: float | None
    """Mean of its outcome less that of the best policy on the same path."""
    served: tuple[float | None, float | None, float | None]
    """Share of the work wanted that is served: mean, 5 % and 95 %; None where it is unknown."""

    @property
    def ends(self) -> bool:
        """Whether it comes to an end on every path."""
        return self.mean is not None


@dataclass(frozen=True, slots=True)
class TriedShown:
    """Policies on fresh paths of one scenario, and what would be worth finding out in it."""

    scenario: str
    policies: tuple[PolicyShown, ...]
    information: tuple[GateWorth, ...]
    """None of them where nothing can be told."""


@dataclass(frozen=True, slots=True)
class Proof:
    """How good the plan is for what it was made from, and what it was made from."""

    status: str
    objective: float
    gap: float
    """How far it may be above the best for its outlooks, as a share."""
    residual: float
    """Share of the units promised that the flow does not deliver."""
    outlooks: int
    seed: int
    reduction: str
    """Method by which outlooks were chosen."""
    fresh: int
    """Fresh paths that policies were tried on; 0 for none."""
    gap_upper: float | None = None
    """Limit of the gap to the best plan for all outlooks, in the objective's unit."""
    vss: float | None = None
    evpi: float | None = None


@dataclass(frozen=True)
class PlanShown:
    """A plan as its page shows it."""

    scenario: str
    title: str
    about: str
    as_of: dt.date
    companies: tuple[str, ...]
    answer: str
    """The plan in a sentence or two."""
    money: bool
    """Whether the objective is money, in USD; otherwise H100-equivalent months of work."""
    months: tuple[dt.date, ...]
    """First days of the months."""
    window: int
    """Months whose orders are decided now."""
    orders: tuple[Order, ...]
    power: tuple[tuple[str, dt.date, float], ...]
    """Power to begin to build: site, month, MW."""
    arrivals: Mapping[str, Arrivals]
    """By chip."""
    work: Mapping[str, Floats]
    """Mean H100-equivalents in each month by `own chips`, `rented` and `not served`, (month,); none
    where it is unknown on an outlook that counts."""
    prices: tuple[LimitWorth, ...]
    tried: tuple[TriedShown, ...]
    """What was tried on fresh paths of its own scenario, then of each other; none if not asked."""
    proof: Proof
    scenarios: tuple[ScenarioShown, ...] = ()
    """The scenarios that it was held against, its own first; none if it looks at no other."""
    at_worst: tuple[tuple[str, float | None, str, float | None, str], ...] = ()
    """Of each policy the mean in the scenario in which that is most, that scenario, the mean regret
    in the one in which that is most, and that one."""
    worst_case: bool = False
    """Whether the worst of what may happen alone counts."""
    remarks: tuple[str, ...] = ()
    command: str = ""
    """The command that gives the page again; empty where none does."""

    def worth(self, value: float | None) -> str:
        """Return an amount of the objective for a sentence; None for what has no end."""
        if value is None:
            return "more than can be paid"
        return f"{prose(value)} USD" if self.money else f"{prose(value)} H100-equivalent months"

    @property
    def unit(self) -> str:
        """Unit of the objective, for an axis."""
        return "USD" if self.money else "H100-equivalent months"


def weighted_bands(values: Floats, weights: Sequence[float] | Floats) -> Floats:
    """Return mean and quantiles over outlooks of unequal probability.

    A quantile is the least value that outlooks of its probability do not pass.

    Args:
        values: Shape (outlook, month).
        weights: Probabilities, shape (outlook,); they sum to 1.

    Returns:
        Shape (month, 6), columns as `content.BANDS`.
    """
    chance = np.asarray(weights, np.float64)
    order = np.argsort(values, axis=0, kind="stable")
    ranked = np.take_along_axis(values, order, axis=0)
    reached = np.cumsum(chance[order], axis=0)
    columns = [chance @ values]
    for quantile in QUANTILES:
        place = (reached >= quantile * (1 - 1e-12)).argmax(axis=0)
        columns.append(np.take_along_axis(ranked, place[None], axis=0)[0])
    return np.stack(columns, axis=1)
