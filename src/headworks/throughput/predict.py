"""Predict: what the model says of a measured case."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from headworks.errors import InputError, UnknownName
from headworks.scenario.catalogue import catalogue
from headworks.throughput.accuracy import Prediction
from headworks.throughput.answer import ask
from headworks.throughput.arguments import LAYOUT
from headworks.throughput.cards import named_model
from headworks.throughput.cases import data_set
from headworks.throughput.draws import scores
from headworks.throughput.fastest import on_best_layout
from headworks.throughput.intervals import interval
from headworks.throughput.query import Query, is_placed, machine_of, settle
from headworks.throughput.training import train

if TYPE_CHECKING:
    from headworks.throughput.case import Case
    from headworks.throughput.query import Phase

PARENTHESIS = re.compile(r"\(.*?\)")
BESIDE = re.compile(
    r"\b(nvidia|amd|instinct|huawei|kunlunxin|baidu|metax|cambricon|hygon|hgx|dgx|gpu|npu|card"
    r"|moore threads|\d+ ?gi?b|nvl72|sxm\d?|oam|hbm\d?e?)\b",
    re.IGNORECASE,
)
"""What stands beside the name of a chip: its maker, its memory, its board."""


def query_of(case: Case) -> Query:
    """Return the query that a case answers, on the layout that is stated, or else the best.

    A layout that cannot be is taken for one that is not stated: what sources call it differs.

    Raises:
        UnknownName: The chip or the model is not known.
        InputError: Something of the case cannot be.
    """
    known = catalogue()
    chip_id = _chip_id(case.chip)
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
    try:
        train(query, count=1) if case.phase == "training" else settle(query, count=1)
    except InputError as error:
        if not {fault.key for fault in error.faults} <= LAYOUT | {"chips"} or not is_placed(query):
            raise
        query = replace(query, tp=None, pp=None, dp=None, ep=None)
    return query if case.phase == "training" else on_best_layout(query)


def _chip_id(name: str) -> str:
    """Return the id of a chip as sources call it, with its maker, its memory or its board.

    Raises:
        UnknownName: No chip is called that.
    """
    known = catalogue()
    for spelling in (name, PARENTHESIS.sub(" ", name), BESIDE.sub(" ", PARENTHESIS.sub(" ", name))):
        try:
            return known.chip_id(spelling)
        except UnknownName:
            continue
    return known.chip_id(name)


def predict(case: Case) -> Prediction:
    """Return what the model says of a case.

    Raises:
        UnknownName: The chip, the model or a precision is not known.
        InputError: Something of the case cannot be, or the model does not fit.
    """
    return prediction(query_of(case), case.metric)


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
    return Prediction(found.p5, found.med, found.p95, answer.bound_by)
