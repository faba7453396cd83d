"""Values: what one chip computes on a work by which chips are compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from headworks.errors import InputError
from headworks.throughput.answer import ask
from headworks.throughput.cards import model
from headworks.throughput.draws import COUNT
from headworks.throughput.intervals import as_json, interval
from headworks.throughput.machine import machine
from headworks.throughput.operations import product
from headworks.throughput.phases import RATES
from headworks.throughput.precision import precision_on
from headworks.throughput.query import Phase, Query
from headworks.throughput.search import Limits, search

if TYPE_CHECKING:
    from headworks.scenario.chip import Chip
    from headworks.throughput.answer import Answer
    from headworks.throughput.draws import Draws
    from headworks.throughput.ratio_works import RatioWork
    from headworks.throughput.residual import Basis

TERA = 1e12


@dataclass(frozen=True, slots=True)
class Value:
    """What one chip computes on a work."""

    draws: Draws | None
    """In the unit of the row, for one chip, shape `(draw,)`; None where it cannot do the work."""
    chips: int = 1
    """Chips that work together."""
    set_up: str = ""
    """Data type, or layout and requests."""
    bound_by: str = ""
    """What binds."""
    why_not: str = ""
    """Why there is no value."""
    assumptions: tuple[str, ...] = ()
    rests_on: Basis | None = None
    """Measured runs behind it; None where only a data sheet or a product is asked."""

    @classmethod
    def of(cls, answer: Answer, figure: str) -> Value:
        """Return a figure of an answer as a value."""
        return cls(
            answer.figures[figure],
            answer.chips,
            answer.layout,
            answer.bound_by,
            assumptions=answer.assumptions,
            rests_on=answer.rests_on[figure],
        )

    def to_json(self) -> dict[str, Any]:
        """Return the value as plain values."""
        found: dict[str, Any] = {} if self.draws is None else dict(as_json(interval(self.draws)))
        return found | {
            "chips": self.chips,
            "set_up": self.set_up or None,
            "bound_by": self.bound_by or None,
            "why_not": self.why_not or None,
            "assumptions": list(self.assumptions),
            "rests_on": None if self.rests_on is None else self.rests_on.to_json(),
        }


def value_on(chip_id: str, chip: Chip, work: RatioWork) -> Value:
    """Return what one chip computes on a work."""
    if work.measure in {"peak", "bandwidth", "product"}:
        return _of_hardware(chip_id, chip, work)
    why_not = ""
    for chips in work.chips:
        try:
            found = _of_tokens(chip_id, chip, work, chips)
        except InputError as error:
            found = Value(None, why_not=error.faults[0].message)
        if found.draws is not None:
            return found
        why_not = found.why_not
    return Value(None, why_not=why_not)


def _of_hardware(chip_id: str, chip: Chip, work: RatioWork) -> Value:
    """Return a stated figure, or the rate of one product."""
    rates = machine(chip_id, chip, count=COUNT)
    if work.measure == "bandwidth":
        return Value(rates.bandwidth / TERA)
    precision = precision_on(chip, model("llama-3.1-8b"), work.precision, "bf16")
    form = precision.weights
    if work.measure == "peak":
        peak = rates.flops[form.dtype] / TERA
        return Value(peak, set_up=form.dtype, assumptions=precision.assumptions)
    tokens, size = work.tokens or 1.0, work.size or 1.0
    cost = product(rates, tokens, size, size, form)
    flops = 2.0 * tokens * size * size / cost.total / TERA
    return Value(flops, 1, form.dtype, cost.bound_by(), assumptions=precision.assumptions)


def _of_tokens(chip_id: str, chip: Chip, work: RatioWork, chips: int) -> Value:
    """Return the tokens of one chip among so many.

    Raises:
        InputError: The model does not fit, or the layout does not divide.
    """
    phase = cast("Phase", work.measure)
    over_all = chips if work.experts_over_all else None
    query = Query(
        chip_id,
        chip,
        model(work.model or ""),
        phase,
        work.precision,
        work.kv_precision,
        chips,
        1 if over_all else work.tp,
        work.pp,
        over_all,
        over_all or work.ep,
        work.input_tokens,
        work.output_tokens,
    )
    if work.tpot_ms is not None:
        return _within(query, work, chips)
    if work.requests_per_chip is not None:
        query = replace(query, concurrency=work.requests_per_chip * chips)
    answer = ask(query)
    if answer.bound_by == "memory":
        return Value(None, why_not=f"{chips} {chip.name} hold the model, but not the requests")
    figure = "training_tokens_per_s_per_chip" if phase == "training" else RATES[phase]
    return Value.of(answer, figure)


def _within(query: Query, work: RatioWork, chips: int) -> Value:
    """Return the tokens of one chip with as many requests as the time per token allows."""
    found = search(query, Limits(tpot_ms=work.tpot_ms))
    if not found or found[0].excess > 1:
        what = f"within {work.tpot_ms:g} ms per token" if found else "of the model"
        return Value(None, why_not=f"no layout of {chips} {query.chip.name} {what}")
    first = found[0]
    copies = chips // first.layout.chips
    answer = ask(replace(first.query, chips=chips, concurrency=float(first.requests * copies)))
    value = Value.of(answer, RATES[query.phase])
    return replace(value, set_up=f"{value.set_up}, {first.requests * copies:,} requests")
