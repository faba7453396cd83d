"""Predict: what the model says of a measured case."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from headworks.scenario.catalogue import catalogue
from headworks.throughput.accuracy import Prediction
from headworks.throughput.answer import ask, on_best_layout
from headworks.throughput.cards import model
from headworks.throughput.query import Query

if TYPE_CHECKING:
    from headworks.throughput.case import Case
    from headworks.throughput.query import Phase


def query_of(case: Case) -> Query:
    """Return the query that a case answers, on the layout that is stated, or else the best.

    Raises:
        UnknownName: The chip or the model is not known.
        InputError: Something of the case cannot be.
    """
    known = catalogue()
    chip_id = known.chip_id(case.chip)
    query = Query(
        chip_id,
        known.chips[chip_id],
        model(case.model),
        cast("Phase", case.phase),
        case.precision,
        case.kv_precision,
        case.chips,
        case.tp,
        case.pp,
        case.dp,
        case.ep,
        case.input_tokens,
        case.output_tokens,
        case.concurrency,
        case.software,
    )
    return query if case.phase == "training" else on_best_layout(query)


def predict(case: Case) -> Prediction:
    """Return what the model says of a case.

    Raises:
        UnknownName: The chip, the model or a precision is not known.
        InputError: Something of the case cannot be, or the model does not fit.
    """
    answer = ask(query_of(case))
    found = answer.interval(case.metric)
    return Prediction(found.p5, found.med, found.p95, answer.bound_by)
