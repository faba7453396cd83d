"""The fit: what it leaves open of constants, together, and how its findings are written down."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench.calibrate import FILE, rewrite, write_joint
from bench.fit import (
    NOISE,
    SHOWN_SIGMAS,
    SOFT,
    Fit,
    fit,
    fitted_names,
    predictions,
    shipped,
)
from bench.parts import measured_in
from bench.residuals import bare
from headworks.throughput.accuracy import Prediction
from headworks.throughput.answer import ask
from headworks.throughput.cases import packaged_cases
from headworks.throughput.constants import Calibration, Constants, _file, meanings
from headworks.throughput.joint import Joint, read_joint
from headworks.throughput.machine import scopes
from headworks.throughput.predict import query_of

if TYPE_CHECKING:
    from pathlib import Path

    from headworks.throughput.case import Case
    from headworks.throughput.joint import Name

TIED: tuple[Name, Name] = ("weight_stream_share", "blackwell"), ("kv_stream_share", "any")
"""Reading weights and reading the cache both take the time of a decode step."""


@cache
def some() -> list[Case]:
    """Return a dozen times per token on one chip."""
    every = (
        case
        for case in packaged_cases()
        if case.chip == "b200" and case.model == "llama-3.1-70b" and case.metric == "tpot_ms"
    )
    return list(every)[::6][:12]


@cache
def fitted() -> Fit:
    return fit(some())


def error(case: Case, moved: dict[Name, float]) -> float:
    """Return the logarithm of answer over value with some constants of the fit elsewhere."""
    values = dict(zip(fitted().names, np.exp(fitted().log_values), strict=True))
    values |= {name: values[name] * factor for name, factor in moved.items()}
    book = dict(meanings())
    for (name, scope), value in values.items():
        old = book[name].scopes[scope]
        near = {"p5": 0.9999 * value, "med": value, "p95": 1.0001 * value}
        certain = type(old)(**{**old.model_dump(), **near})
        book[name] = book[name].model_copy(update={"scopes": {**book[name].scopes, scope: certain}})
    query = query_of(case)
    own = Constants(Calibration(book), scopes(query.chip_id, query.chip, query.software), 1)
    answer = ask(replace(query, constants=own), count=1)
    return float(np.log(answer.figures[case.metric][0] / case.value))


def slope(case: Case, name: Name) -> float:
    """Return how a case's error moves with the logarithm of a constant."""
    up, down = (error(case, {name: factor}) for factor in (1.002, 1 / 1.002))
    return (up - down) / (2 * math.log(1.002))


def test_what_a_fit_leaves_open_is_what_its_cases_and_priors_do_not_tell() -> None:
    """The inverse of the covariance is what each case tells, and the prior, less if far off."""
    told = np.linalg.inv(fitted().covariance)
    places = [fitted().names.index(name) for name in TIED]
    expected = np.zeros((2, 2))
    for case in some():
        slopes = np.array([slope(case, name) for name in TIED]) / NOISE["tpot_ms"]
        off = error(case, {}) / NOISE["tpot_ms"]
        expected += np.outer(slopes, slopes) / np.sqrt(1 + (off / SOFT) ** 2)
    for place, (name, scope) in enumerate(TIED):
        low, middle, high = np.log(meanings()[name].scopes[scope].prior or [])
        width = (high - low) / (2 * SHOWN_SIGMAS)
        off = (fitted().log_values[places[place]] - middle) / width
        expected[place, place] += 1 / width**2 / np.sqrt(1 + (off / SOFT) ** 2)
    assert told[np.ix_(places, places)] == pytest.approx(expected, rel=0.02)
    assert abs(expected[0, 1]) > 0.1 * np.sqrt(expected[0, 0] * expected[1, 1])


def test_constants_that_stand_in_for_each_other_are_tied() -> None:
    """A step is met with weights read faster and the cache read slower."""
    one, other = (fitted().names.index(name) for name in TIED)
    joint = fitted().joint()
    covariance = fitted().covariance
    expected = covariance[one, other] / (fitted().spread[one] * fitted().spread[other])
    assert joint.correlation[one, other] == pytest.approx(expected)
    assert joint.correlation[one, other] < -0.05
    assert fitted().calibration().joint.correlation[one, other] == pytest.approx(expected)


def test_constants_that_are_tied_spread_an_answer_by_less() -> None:
    """By what the cases leave open of it, as slopes and covariance have it."""
    calibration = bare(fitted())
    alone = replace(calibration, joint=Joint())
    case = some()[0]
    widths = []
    for held in (calibration, alone):
        found = predictions([case], held)[case.case_id]
        assert isinstance(found, Prediction)
        assert found.p5
        assert found.p95
        widths.append(np.log(found.p95 / found.p5))
    assert widths[0] < 0.8 * widths[1]


def test_a_fit_knows_what_it_was_fitted_to() -> None:
    assert fitted().measured == measured_in(some())
    assert fitted().calibration().measured == fitted().measured


def test_a_constant_that_no_case_depends_on_keeps_its_prior() -> None:
    place = fitted().names.index(("training_expert_layer_us", "any"))
    low, middle, high = np.log(meanings()["training_expert_layer_us"].scopes["any"].prior or [])
    assert fitted().log_values[place] == pytest.approx(middle, abs=1e-3)
    assert fitted().spread[place] == pytest.approx((high - low) / (2 * SHOWN_SIGMAS), rel=1e-3)


def test_a_fit_is_written_and_read_again(tmp_path: Path) -> None:
    """Each number in its place, and all else in the file as it was."""
    file, correlations = tmp_path / "constants.yaml", tmp_path / "correlations.csv"
    shutil.copy(FILE, file)
    joint, moved = fitted().joint(), fitted().percentiles()
    rewrite(file, moved, {("tpot_dense_residual_log", "any"): 0.321}, fitted().measured)
    write_joint(correlations, joint)
    read = read_joint(correlations)
    assert read.names == joint.names
    assert read.correlation == pytest.approx(joint.correlation, abs=6e-5)
    found, before = meanings(file), meanings()
    assert _file(file).measured == fitted().measured
    assert set(found) == set(before)
    for name, meaning in found.items():
        for scope, one in meaning.scopes.items():
            new = one.model_dump()
            if (name, scope) in moved:
                assert {key: new[key] for key in ("p5", "med", "p95")} == moved[name, scope]
            elif name == "tpot_dense_residual_log":
                assert new["value"] == 0.321
            else:
                assert new == before[name].scopes[scope].model_dump()


def test_shipped_constants_are_those_of_the_package() -> None:
    assert set(fitted_names()) == set(shipped().names)
    for (name, scope), value in zip(shipped().names, shipped().log_values, strict=True):
        assert np.exp(value) == pytest.approx(meanings()[name].scopes[scope].median)
