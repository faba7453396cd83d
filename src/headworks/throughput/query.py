"""Query: a chip, a model and a work, with what is not stated filled in sensibly."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from headworks.errors import Fault, InputError
from headworks.throughput import layout as layouts
from headworks.throughput.data_set import at_most_asked
from headworks.throughput.draws import COUNT
from headworks.throughput.layout import Layout
from headworks.throughput.machine import lacks, link_assumed, machine
from headworks.throughput.memory import copies_of_chips, free_bytes, requests_max, running_max
from headworks.throughput.precision import precision_on
from headworks.throughput.serving import Load
from headworks.throughput.smallest import smallest
from headworks.throughput.software import family
from headworks.throughput.stated import copies_stated, otherwise, stated_layout, uncounted
from headworks.throughput.step import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.scenario.chip import Chip
    from headworks.throughput.constants import Constants
    from headworks.throughput.counts import Recompute
    from headworks.throughput.data_set import DataSet
    from headworks.throughput.draws import Draws
    from headworks.throughput.layout import Size
    from headworks.throughput.machine import Machine
    from headworks.throughput.model_card import ModelCard
    from headworks.throughput.precision import Precision

Phase = Literal["serving", "prefill", "decode", "training"]

INPUT_TOKENS = 1024.0
OUTPUT_TOKENS = 1024.0
"""Lengths that are taken where none is stated: the middle shape of public serving benchmarks."""
READ_TOKENS = 16384.0
"""Prompt tokens that a chip reads in one step where only prompts are read and no number of
requests is stated: the usual budget of engines that prefill apart."""
ROOM = 8.0
"""Requests that a copy should have room for, where the smallest layout is asked for."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked; None is not stated."""

    chip_id: str
    chip: Chip
    card: ModelCard
    phase: Phase = "serving"
    precision: str | None = None
    kv_precision: str | None = None
    chips: int | None = None
    """Chips in all, over all copies of the model."""
    tp: int | None = None
    pp: int | None = None
    dp: int | None = None
    ep: int | None = None
    input_tokens: float | None = None
    output_tokens: float | None = None
    concurrency: float | None = None
    """Requests in flight over all chips; None for as many as fit."""
    software: str | None = None
    constants: Constants | None = None
    """Constants in place of the packaged ones."""
    answers_vary: bool = False
    """Whether some answers are much longer than others, as those to people's questions are; where
    not, all are alike."""
    data_set: DataSet | None = None
    """The data set that a measured run answers whole; None for a load without an end."""
    recompute: Recompute | None = None
    """What the backward pass of training computes again."""
    named_precision: str | None = None
    """Precision that the model's name tells, which is taken where none is stated."""
    remark: str | None = None
    """What the model's name might have meant, too; None where it can mean one thing only."""

    def formats(self) -> Precision:
        """Return how the model runs on the chip: as stated, as its name tells, or as published.

        Raises:
            UnknownName: A precision is not known.
        """
        return precision_on(
            self.chip,
            self.card,
            self.precision,
            self.kv_precision,
            family(self.software),
            told=self.named_precision,
        )

    def on(self, layout: Layout, concurrency: float | None = None) -> Query:
        """Return the query on one copy of a layout, and with so many requests if stated."""
        return replace(
            self,
            chips=layout.chips,
            tp=layout.tp,
            pp=layout.pp,
            dp=layout.dp,
            ep=layout.ep,
            concurrency=concurrency or self.concurrency,
        )


@dataclass(frozen=True, slots=True)
class Setup:
    """A query with everything settled."""

    engine: Engine
    layout: Layout
    """How the engine is split."""
    copies: int
    load: Load
    """What is asked of one copy."""
    assumptions: tuple[str, ...] = field(default=())

    @property
    def chips(self) -> int:
        """Chips of all copies."""
        return self.copies * self.layout.chips


def check(query: Query) -> None:
    """Check what is asked.

    Raises:
        InputError: Something cannot be; all faults are listed.
    """
    found = [Fault("", 0, name, message) for name, message in _faults(query)]
    if found:
        raise InputError(found)


def _faults(query: Query) -> Iterator[tuple[str, str]]:
    missing = lacks(query.chip)
    if missing:
        yield "chip", f"{query.chip.name} has no known {' and no '.join(_bare(missing))}"
    for name in ("chips", "tp", "pp", "dp", "ep"):
        size = getattr(query, name)
        if size is not None and size < 1:
            yield name, f"{size} is not a number of chips; give 1 or more"
    for name in ("input_tokens", "output_tokens", "concurrency"):
        amount = getattr(query, name)
        if amount is not None and not amount > 0:
            yield name, f"{amount:g} is not above 0"
    if query.recompute is not None and query.phase != "training":
        yield "recompute", f"nothing is computed again in the phase {query.phase}; leave it out"


def _bare(missing: list[str]) -> list[str]:
    return [name.removeprefix("a ") for name in missing]


def settle(query: Query, *, count: int = COUNT, rates: Machine | None = None) -> Setup:
    """Return the query with everything settled, on `count` draws.

    Args:
        query: What is asked.
        count: Draws.
        rates: The machine that the query is asked of, where it is at hand already.

    Raises:
        InputError: Something cannot be, or the model does not fit; all faults are listed.
        UnknownName: A precision is not known.
    """
    check(query)
    precision = query.formats()
    rates = rates or machine_of(query, count)
    said = list(precision.assumptions)
    tokens = lengths(query, said)
    base = Engine(rates, query.card, precision, Layout())
    layout = _placed(query, base, tokens, said)
    engine = replace(base, layout=layout)
    said.extend(layouts.uneven(layout, query.card))
    said.extend(link_assumed(rates, layout.chips))
    chips = query.chips or layout.chips * copies_stated(query)
    copies = max(chips // layout.chips, 1)
    load = loaded(query, engine, copies, tokens)
    said.extend(_requests_chosen(query, layout, copies, load))
    return Setup(engine, layout, copies, load, tuple(said))


def machine_of(query: Query, count: int) -> Machine:
    """Return the machine that a query is asked of, on `count` draws."""
    return machine(
        query.chip_id,
        query.chip,
        software=query.software,
        count=count,
        constants=query.constants,
    )


def lengths(query: Query, said: list[str]) -> tuple[float, float]:
    """Return the tokens read and written for a request."""
    read, written = query.input_tokens, query.output_tokens
    if query.phase in {"prefill", "training"}:
        written = 0.0
    if query.phase == "decode" and written is None:
        written = 0.0
    if read is None:
        read = written or INPUT_TOKENS
        said.append(f"{read:g} tokens read for a request")
    if written is None:
        written = OUTPUT_TOKENS
        said.append(f"{written:g} tokens written for a request")
    return read, written


def _placed(query: Query, base: Engine, tokens: tuple[float, float], said: list[str]) -> Layout:
    """Return the layout that is stated, or on the smallest that holds the model.

    Raises:
        InputError: The layout does not divide, or the model does not fit.
    """
    if is_placed(query):
        layout = stated_layout(query)
        found = [Fault("", 0, name, text) for name, text in layouts.faults(layout, query.card)]
        found += [Fault("", 0, "chips", text) for text in uncounted(query, layout)]
        if found:
            raise InputError(found)
        said.extend(otherwise(query, layout))
        return _fitting(base, layout, tokens)
    enough = min(query.concurrency or ROOM, ROOM)
    layout = smallest(base, query.chips, tokens, enough)
    said.append(f"layout: {layout}")
    return _fitting(base, layout, tokens)


def is_placed(query: Query) -> bool:
    """Return whether any part of the layout is stated."""
    return any((query.tp, query.pp, query.dp, query.ep))


def _fitting(base: Engine, layout: Layout, tokens: tuple[float, float]) -> Layout:
    """Return the layout if one request fits on it.

    Raises:
        InputError: The model does not fit; the message says on how many chips it would.
    """
    engine = replace(base, layout=layout)
    if requests_max(engine, *tokens) >= 1:
        return layout
    short = float(-free_bytes(engine)) / 1e9
    needed = copies_of_chips(engine, *tokens)
    where = f"it would fit on {needed}" if needed else "nor on any number that was tried"
    if needed and needed <= layout.chips:
        tp = layouts.tensor_group(engine.card, needed, engine.machine.domain)
        where += f" as {Layout(tp=tp, pp=needed // tp)}"
    lack = f"{short:,.0f} GB short per chip" if short > 0 else "no room for one request"
    message = (
        f"{engine.card.name} in {engine.precision.name} does not fit on {layout.chips} "
        f"{engine.machine.chip.name} ({lack}); {where}"
    )
    raise InputError([Fault("", 0, "chips", message)])


def loaded(query: Query, engine: Engine, copies: Size, tokens: tuple[float, float]) -> Load:
    """Return what is asked of one copy: the requests that are stated, or as many as fit."""
    spread = engine.machine.constants.middle("answer_spread_factor") if query.answers_vary else 0.0
    data_set = None if query.data_set is None else query.data_set.shared(copies)
    load = Load(*tokens, 1.0, spread, data_set)
    if query.concurrency is not None:
        requests: Draws | float = query.concurrency / copies
    elif query.phase == "prefill":
        requests = np.maximum(READ_TOKENS * engine.layout.dp / tokens[0], 1.0)
    else:
        requests = running_max(engine, load.input_tokens, load.met_tokens)
    load = replace(load, requests=requests)
    if data_set is None or query.phase != "serving":
        return load
    return at_most_asked(engine, load, data_set)


def _requests_chosen(query: Query, layout: Layout, copies: int, load: Load) -> Iterator[str]:
    """Yield what is said of a number of requests that nobody stated."""
    if query.concurrency is None and query.phase == "prefill":
        read = load.requests * load.input_tokens / layout.dp
        yield f"{read:,.0f} tokens read in a step"
    elif query.concurrency is None:
        yield f"{load.requests * copies:,.0f} requests in flight, as many as fit"
