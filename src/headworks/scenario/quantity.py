"""Quantities: a number or a distribution with its unit, its kind and its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from headworks.scenario import distribution as shapes
from headworks.scenario.model import Id, Record, Text
from headworks.scenario.yaml_file import LARGEST

if TYPE_CHECKING:
    from headworks.scenario.distribution import Distribution

Kind = Literal["stated", "derived", "estimated", "assumed"]
Shape = Literal["fixed", "lognormal", "normal", "beta", "uniform", "triangular", "discrete"]
Number = int | float


class Evidence(Record):
    """Where a value comes from."""

    kind: Kind
    """stated (the source says it), derived (formula and inputs named), estimated (whose judgement,
    which method) or assumed (this file's own choice, with a reason)."""
    source: Id | None = None
    """Name of the source record; required for `stated`."""
    at: Text | None = None
    """Pinpoint within the source: paragraph, table, row."""
    formula: Text | None = None
    """For `derived`: the formula and its inputs."""
    method: Text | None = None
    """For `estimated`: whose judgement, and how it was reached."""
    reason: Text | None = None
    """For `assumed`: why this value and this width."""

    @model_validator(mode="after")
    def _evidence_fits_kind(self) -> Evidence:
        needed = {
            "stated": ("source", self.source),
            "derived": ("formula", self.formula),
            "estimated": ("source or method", self.source or self.method),
            "assumed": ("reason", self.reason),
        }
        what, given = needed[self.kind]
        if given is None:
            message = f"a value of kind {self.kind!r} needs {what}"
            raise ValueError(message)
        return self


class Quantity(Evidence):
    """A number about the world: known (`value`) or uncertain (`dist` with percentiles).

    `{p5: 10, p95: 30, dist: lognormal}` is the short form; `med` may be given for lognormal and
    normal and need not be the middle. `low` and `high` bound the support.
    """

    value: Number | None = None
    """The number, where it is known or taken as known."""
    dist: Shape | None = None
    """Name of the distribution; none where `value` is given."""
    p5: Number | None = None
    """5th percentile."""
    med: Number | None = None
    """Median, for lognormal and normal."""
    p95: Number | None = None
    """95th percentile."""
    mode: Number | None = None
    """Peak, for triangular; the middle of p5 and p95 if omitted."""
    low: Number | None = None
    """Lower bound: of the support for beta, a cut for lognormal and normal."""
    high: Number | None = None
    """Upper bound, likewise."""
    values: list[Number] | None = None
    """For discrete: the values, ascending."""
    probabilities: list[Number] | None = None
    """For discrete: their probabilities, which sum to 1."""
    unit: str = ""
    """Unit; may be omitted where the field's name fixes it."""
    drivers: dict[Id, Annotated[float, Field(ge=-1, le=1)]] = Field(default_factory=dict)
    """Correlation of this number's score with named drivers; positive means that it is large when
    the driver favours passing."""

    @model_validator(mode="after")
    def _well_formed(self) -> Quantity:
        if self.dist in {None, "fixed"} and self.value is None:
            message = "give either `value` or a `dist` with its percentiles"
            raise ValueError(message)
        if self.dist not in {None, "fixed"} and self.value is not None:
            message = f"`value` and `dist: {self.dist}` exclude each other"
            raise ValueError(message)
        if self.kind == "assumed" and self.dist is None:
            message = (
                "an assumed number needs a distribution (or `dist: fixed`, which says that the "
                "range was left out on purpose)"
            )
            raise ValueError(message)
        if sum(rho * rho for rho in self.drivers.values()) > 1:
            message = "the squares of the driver loadings sum to more than 1"
            raise ValueError(message)
        self._check_size()
        self._check_order()
        _ = self.distribution  # raises what the shape cannot be made of
        return self

    def _check_size(self) -> None:
        named = (self.value, self.p5, self.med, self.p95, self.mode, self.low, self.high)
        for number in (*named, *(self.values or ()), *(self.probabilities or ())):
            if number is not None and abs(number) > LARGEST:
                message = f"a number beyond {LARGEST:g} cannot be reckoned with"
                raise ValueError(message)

    def _check_order(self) -> None:
        given = [
            (name, number)
            for name, number in (("p5", self.p5), ("med", self.med), ("p95", self.p95))
            if number is not None
        ]
        for (name, number), (next_name, next_number) in pairwise(given):
            if number > next_number or (
                name == "p5" and next_name == "p95" and number == next_number
            ):
                message = f"{name} {number:g} is not below {next_name} {next_number:g}"
                raise ValueError(message)

    @cached_property
    def distribution(self) -> Distribution:
        """The distribution that this quantity is drawn from."""
        if self.value is not None:
            return shapes.Fixed(float(self.value))
        if self.dist == "discrete":
            return self._discrete()
        if self.p5 is None or self.p95 is None:
            message = f"`dist: {self.dist}` needs p5 and p95"
            raise ValueError(message)
        return self._continuous(float(self.p5), float(self.p95))

    def _continuous(self, p5: float, p95: float) -> Distribution:
        if self.med is not None and self.dist not in {"lognormal", "normal"}:
            message = f"`med` cannot be chosen for `dist: {self.dist}`; p5 and p95 fix it"
            raise ValueError(message)
        low = float("-inf") if self.low is None else float(self.low)
        high = float("inf") if self.high is None else float(self.high)
        if self.dist == "lognormal":
            if p5 <= 0:
                message = f"a lognormal needs p5 above 0, got {p5:g}"
                raise ValueError(message)
            med = (p5 * p95) ** 0.5 if self.med is None else float(self.med)
            return shapes.TwoPieceNormal(p5, med, p95, log=True, low=low, high=high)
        if self.dist == "normal":
            med = (p5 + p95) / 2 if self.med is None else float(self.med)
            return shapes.TwoPieceNormal(p5, med, p95, low=low, high=high)
        if self.dist == "beta":
            return shapes.beta(
                p5,
                p95,
                0.0 if self.low is None else float(self.low),
                1.0 if self.high is None else float(self.high),
            )
        if self.dist == "triangular":
            return shapes.triangular(
                p5, p95, (p5 + p95) / 2 if self.mode is None else float(self.mode)
            )
        return shapes.uniform(p5, p95)

    def _discrete(self) -> Distribution:
        values, weights = self.values, self.probabilities
        if not values or not weights or len(values) != len(weights):
            message = "`dist: discrete` needs `values` and as many `probabilities`"
            raise ValueError(message)
        if any(weight < 0 for weight in weights) or abs(sum(weights) - 1) > 1e-9:
            message = f"probabilities must be positive and sum to 1, got {sum(weights):g}"
            raise ValueError(message)
        if sorted(values) != list(values):
            message = "discrete values must ascend, so that drivers load on them in one direction"
            raise ValueError(message)
        return shapes.Discrete(tuple(float(v) for v in values), tuple(float(w) for w in weights))

    @property
    def is_certain(self) -> bool:
        """Whether every draw gives the same number."""
        return self.value is not None

    @property
    def median(self) -> float:
        """The value at the median score, which is 0."""
        import numpy as np

        return float(self.distribution.quantile(np.zeros(1))[0])

    def quantile(self, probability: float) -> float:
        """Return the value that is not passed with this probability."""
        import numpy as np
        from scipy.special import ndtri

        return float(self.distribution.quantile(np.array([ndtri(probability)]))[0])


@dataclass(frozen=True, slots=True)
class Measured:
    """Annotation of a quantity field: its unit, and the range its support must lie in."""

    unit: str
    low: float = float("-inf")
    high: float = float("inf")

    def __call__(self, quantity: Quantity) -> Quantity:
        """Return the quantity with its unit filled in.

        Raises:
            ValueError: It has another unit, or can take values outside the range.
        """
        if quantity.unit not in {"", self.unit}:
            message = f"the unit here is {self.unit!r}, not {quantity.unit!r}"
            raise ValueError(message)
        low, high = quantity.distribution.support
        if low < self.low:
            message = (
                f"the value can be as low as {low:g}, below {self.low:g}"
                if low != float("-inf")
                else f"the value is unbounded below, but must not fall under {self.low:g}"
            )
            raise ValueError(message + "; set `low`, or another distribution")
        if high > self.high:
            message = f"the value can be as high as {high:g}, above {self.high:g}"
            raise ValueError(message + "; set `high`, or another distribution")
        return quantity.model_copy(update={"unit": self.unit}) if not quantity.unit else quantity


Units = Annotated[Quantity, AfterValidator(Measured("units", low=0))]
Days = Annotated[Quantity, AfterValidator(Measured("days", low=0))]
Share = Annotated[Quantity, AfterValidator(Measured("share", low=0, high=1))]
Factor = Annotated[Quantity, AfterValidator(Measured("factor", low=0))]
Usd = Annotated[Quantity, AfterValidator(Measured("usd", low=0))]
Megawatts = Annotated[Quantity, AfterValidator(Measured("mw", low=0))]
Amount = Annotated[Quantity, AfterValidator(Measured("amount", low=0))]
