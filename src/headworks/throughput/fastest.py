"""Fastest: the layout with the highest rate, of all that divide the chips, tried side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput.layout import beside, dividing
from headworks.throughput.machine import lacks
from headworks.throughput.memory import requests_max
from headworks.throughput.phases import PHASES, RATES
from headworks.throughput.query import check, is_placed, lengths, loaded, machine_of
from headworks.throughput.step import Engine

if TYPE_CHECKING:
    from headworks.throughput.layout import Layout
    from headworks.throughput.query import Query


def on_best_layout(query: Query) -> Query:
    """Return the query on the layout with the highest rate, where chips are stated and it is not.

    Raises:
        InputError: Something cannot be; all faults are listed.
        UnknownName: A precision is not known.
    """
    if is_placed(query) or query.chips is None or lacks(query.chip):
        return query
    best = _fastest(query, query.chips)
    return query if best is None else replace(query, tp=best.tp, pp=best.pp, dp=best.dp, ep=best.ep)


def _fastest(query: Query, chips: int) -> Layout | None:
    """Return the fastest layout at the middle of every constant; None where the model fits on none.

    All layouts go through the physics at once: sizes of shape `(layout,)` beside rates of shape
    `(1,)` take little longer than one layout. Of equally fast ones the smallest is taken.
    """
    check(query)
    rates = machine_of(query, 1)
    formats = query.formats()
    tokens = lengths(query, [])
    tried = list(dividing(query.card, chips, rates.domain))
    base = Engine(rates, query.card, formats, beside(tried))
    fits = np.flatnonzero(requests_max(base, *tokens) >= 1)
    if not len(fits):
        return None
    tried = [tried[place] for place in fits]
    split = beside(tried)
    engine = replace(base, layout=split)
    load = loaded(query, engine, chips // split.chips, tokens)
    figures, _, _ = PHASES[query.phase](engine, load)
    return tried[int(np.argmax(figures[RATES[query.phase]]))]
