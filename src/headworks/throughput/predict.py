"""Predict: what the model says of a measured case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from headworks.errors import InputError, UnknownName
from headworks.scenario.catalogue import catalogue
from headworks.throughput.accuracy import Prediction
from headworks.throughput.answer import ask
from headworks.throughput.arguments import LAYOUT, model_id
from headworks.throughput.cards import models, named_model
from headworks.throughput.cases import data_set
from headworks.throughput.chip_names import chip_named
from headworks.throughput.draws import scores
from headworks.throughput.fastest import on_best_layout
from headworks.throughput.intervals import interval
from headworks.throughput.query import Query, is_placed, machine_of, settle
from headworks.throughput.stated import otherwise, stated_layout
from headworks.throughput.training import check_training

if TYPE_CHECKING:
    from headworks.throughput.case import Case
    from headworks.throughput.query import Phase


def query_of(case: Case) -> Query:
    """Return the query that a case answers, on the layout that is stated, or else the best.

    A layout that cannot be is taken for one that is not stated: what sources call it differs.

    Raises:
        UnknownName: The chip or the model is not known.
        InputError: Something of the case cannot be.
    """
    return _asked(case)[0]


def _asked(case: Case) -> tuple[Query, str]:
    """Return the query that a case answers, and why its layout is not the one that is stated.

    Raises:
        UnknownName: The chip or the model is not known.
        InputError: Something of the case cannot be.
    """
    known = catalogue()
    chip_id = chip_named(case.chip, known)
    found = named_model(case.model)
    query = Query(
        chip_id,
        known.chips[chip_id],
        found.card,
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
        answers_vary=case.answers == "vary",
        data_set=data_set(case),
        named_precision=found.precision,
    )
    said = [one for one in (found.remark,) if one]
    try:
        check_training(query) if case.phase == "training" else settle(query, count=1)
    except InputError as error:
        if not {fault.key for fault in error.faults} <= LAYOUT | {"chips"} or not is_placed(query):
            raise
        query = replace(query, tp=None, pp=None, dp=None, ep=None)
        wrong = "; ".join(fault.message for fault in error.faults)
        said.append(f"the stated layout cannot be ({wrong}): another one is taken")
    if case.phase == "training":
        return query, "; ".join(said)
    if is_placed(query):
        said.extend(otherwise(query, stated_layout(query)))
    return on_best_layout(query), "; ".join(said)


def predict(case: Case) -> Prediction:
    """Return what the model says of a case.

    Raises:
        UnknownName: The chip, the model or a precision is not known.
        InputError: Something of the case cannot be, or the model does not fit.
    """
    query, remark = _asked(case)
    return replace(prediction(query, case.metric), remark=remark)


def chip_of(case: Case) -> str:
    """Return the id of a case's chip, or what it is called where no chip is."""
    try:
        return chip_named(case.chip, catalogue())
    except UnknownName:
        return case.chip


def model_of(case: Case) -> str:
    """Return the id of a case's model, or what it is called where it is none on record."""
    try:
        found = named_model(case.model)
    except InputError:
        return case.model
    own = model_id(found.card)
    return own if models().get(own) is found.card else case.model


def prediction(query: Query, metric: str) -> Prediction:
    """Return what the model says of a measured figure.

    What is measured at a length that nobody states may have been measured at another than is taken,
    which widens the interval.

    Raises:
        UnknownName: A precision is not known.
        InputError: Something cannot be, or the model does not fit.
    """
    answer = ask(query)
    draws = answer.figures[metric]
    needed = {"serving": (query.input_tokens, query.output_tokens), "training": ()}
    if None in needed.get(query.phase, (query.input_tokens,)):
        constants = query.constants or machine_of(query, len(draws)).constants
        guess = constants["unstated_length_log"] * scores("unstated_length", len(draws))
        draws = draws * np.exp(guess)
    found = interval(draws)
    return Prediction(found.p5, found.med, found.p95, answer.bound_by, answer.layout)
