"""Gates: one record and one rule of motion for every step that may pass, hold or refuse units."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from headworks.scenario.condition import Condition
from headworks.scenario.model import Id, Record, Text
from headworks.scenario.pool import Probability
from headworks.scenario.quantity import Days, Quantity, Share, Units

Stock = Literal["licensed", "approved", "produced", "shipped", "cleared", "installed"]
State = Literal["open", "shut"]
Rule = Literal[
    "proportional",
    "constrained_equal_awards",
    "constrained_equal_losses",
    "talmud",
    "reverse_talmud",
    "piniles",
    "constrained_egalitarian",
    "minimal_overlap",
    "adjusted_proportional",
    "dominguez_thomson",
    "average",
    "uniform",
    "priority",
]
WEIGHTED: tuple[Rule, ...] = ("constrained_equal_awards", "priority", "proportional")
"""Rules that take weights."""


def spell(quantity: Quantity) -> Quantity:
    """Return the mean length of a spell, if it is long enough to be told from noise.

    Raises:
        ValueError: It can be shorter than a quarter of a day more than one time in twenty.
    """
    shortest = quantity.value if quantity.is_certain else quantity.quantile(0.05)
    if shortest is None or shortest < SPELL_DAYS_MIN:
        message = (
            f"a mean spell of {shortest:g} days is shorter than {SPELL_DAYS_MIN} days; "
            "describe a gate that flickers by a rate"
        )
        raise ValueError(message)
    return quantity


SPELL_DAYS_MIN = 0.25
SpellDays = Annotated[Days, AfterValidator(spell)]


class DatedState(Record):
    """Open or shut from a day on."""

    from_: dt.date = Field(alias="from")
    """First day (inclusive)."""
    state: State
    """What the gate is from then on."""
    source: Id
    """Where that is known from."""


class OpeningProcess(Record):
    """A gate that opens and shuts by chance: two states, exponential sojourns."""

    from_: dt.date | None = Field(default=None, alias="from")
    """First day (inclusive) of the process; the start of the scenario if None."""
    open_at_start: Probability
    """Probability that the gate is open on the first day."""
    mean_days_open: SpellDays
    """Mean length of an open spell."""
    mean_days_shut: SpellDays
    """Mean length of a shut spell."""
    drivers: dict[Id, Annotated[float, Field(ge=-1, le=1)]] = Field(default_factory=dict)
    """Loadings: positive means open longer and shut more briefly when the driver is high."""


class Opening(Record):
    """When a gate is open: dated states first, then a process."""

    dated: list[DatedState] = Field(default_factory=list)
    """Known states, ascending; before the first one the gate is open."""
    process: OpeningProcess | None = None
    """What happens after the known states; None keeps the last one."""
    while_shut: Literal["accrue", "perish", "postpone", "skip"] | None = None
    """What its supply does meanwhile: by default stocks accrue, rates perish, rounds are postponed;
    a stock may `perish`, a rate `accrue`, a round may be `skip`ped."""


class Admission(Record):
    """One test that a line must pass to be admitted; all tests of a gate must be passed."""

    chips: list[str] | None = None
    """Chips (ids or aliases) that may pass."""
    companies: list[Id] | None = None
    """Companies that may pass."""
    without_traits: list[Id] | None = None
    """Traits of companies that may not pass."""
    jurisdictions: list[Literal["CN", "HK", "US", "abroad"]] | None = None
    """Jurisdictions of the site that may be supplied."""
    uses: list[Literal["any", "training", "inference"]] | None = None
    """Uses that may be supplied."""
    us_review: (
        list[Literal["no_licence_required", "case_by_case", "presumption_of_denial"]] | None
    ) = None
    """Review postures under which it passes, by classification on the day."""
    measure: Literal["tpp", "performance_density", "memory_bandwidth_gb_per_s"] | None = None
    """A figure of the chip to compare with `below`."""
    below: Id | None = None
    """Instrument that the figure must stay under."""
    from_: dt.date | None = Field(default=None, alias="from")
    """First day (inclusive) on which the test applies; always if None."""
    source: Id | None = None
    """Where the test is known from."""

    @model_validator(mode="after")
    def _compares(self) -> Admission:
        if (self.measure is None) != (self.below is None):
            message = "`measure` and `below` belong together"
            raise ValueError(message)
        return self


class Gate(Record):
    """A step that may pass, hold or refuse units; all parts but the kind are optional."""

    title: Text | None = None
    """What the gate is."""
    kind: Literal["passes", "grants"]
    """passes moves goods, grants issues papers."""
    stock: Stock | None = None
    """Name under which what it has let through is reported."""
    admits: list[Admission] = Field(default_factory=list)
    """Tests that a line must pass."""
    on_inadmissible: Literal["hold", "refuse"] = "hold"
    """What becomes of goods that do not pass the tests."""
    requires: list[Id] = Field(default_factory=list)
    """Papers drawn, one per unit, when goods pass."""
    requests: Literal["wanted", "ordered"] | None = None
    """For papers: what is asked for; by default `wanted` for rounds and `ordered` for the rest."""
    opening: Literal["open", "shut"] | Opening = "open"
    """When it is open."""
    pool: Id | None = None
    """The pool that it books; None means unlimited."""
    rationing: Rule = "proportional"
    """Rule by which a short pool is shared."""
    weights: dict[Id, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    """Weights of companies in that rule; 1 for those not named. Only for `proportional` and
    `constrained_equal_awards`, and for `priority`, which serves the larger weight first."""
    conditions: dict[Id, Condition] = Field(default_factory=dict)
    """Ceilings on passage."""
    lead_time_days: Days | None = None
    """From its decision until goods reach the next gate, or the paper is usable."""
    take_up: Share | None = None
    """For papers: share of an award that is really used, drawn once per line and round."""
    validity_days: Days | None = None
    """For papers: life from the day on which they are usable; for ever if None."""
    patience_days: Days | None = None
    """For goods: mean wait before a unit is withdrawn; for ever if None."""
    lot: Units | None = None
    """For goods: least lot; smaller awards are carried as the line's credit."""

    @model_validator(mode="after")
    def _parts_fit_kind(self) -> Gate:
        wrong = {
            "passes": ("requests", "take_up", "validity_days"),
            "grants": ("requires", "patience_days", "lot"),
        }[self.kind]
        for part in wrong:
            if getattr(self, part):
                message = f"`{part}` has no meaning at a gate that {self.kind}"
                raise ValueError(message)
        papers = {"licensed", "approved"}
        if self.stock is not None and (self.stock in papers) != (self.kind == "grants"):
            message = f"a gate that {self.kind} cannot report the stock {self.stock!r}"
            raise ValueError(message)
        return self
