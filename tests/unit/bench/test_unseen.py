"""Intervals whose residuals have not seen what they are asked about either."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bench.fit import shipped
from bench.parts import LEFT_OUT, measured_in, parts
from bench.residuals import constant_of
from bench.unseen import unseen
from headworks.throughput.cases import packaged_cases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.fit import Fit
    from bench.parts import What
    from headworks.throughput.case import Case
    from headworks.throughput.constants import Calibration
    from headworks.throughput.joint import Name

RESIDUAL = "ttft_dense_residual_log", "any"


@pytest.mark.parametrize("what", LEFT_OUT)
def test_nothing_that_answers_has_seen_what_is_asked(
    monkeypatch: pytest.MonkeyPatch, what: What
) -> None:
    """Each residual here is a thousandth of the number of cases that it was found from."""
    fitted: list[set[str]] = []
    asked: list[set[str]] = []

    def fit(cases: Sequence[Case]) -> Fit:
        fitted.append({case.case_id for case in cases})
        return replace(shipped(), measured=measured_in(cases))

    def residuals(cases: Sequence[Case], start: Fit) -> dict[Name, float]:
        assert {case.case_id for case in cases} == fitted[-1]
        assert start.measured == measured_in(cases)
        return {RESIDUAL: len(cases) / 1000}  # of no other figure are there enough

    def predictions(part: Sequence[Case], calibration: Calibration) -> dict[str, object]:
        asked.append({case.case_id for case in part})
        rest = [case for case in packaged_cases() if case.case_id in fitted[-1]]
        assert calibration.measured == measured_in(rest)
        assert calibration.meanings[RESIDUAL[0]].scopes[RESIDUAL[1]].value == len(rest) / 1000
        return {}

    monkeypatch.setattr("bench.unseen.fit", fit)
    monkeypatch.setattr("bench.unseen.residuals", residuals)
    monkeypatch.setattr("bench.unseen.predictions", predictions)
    cases = packaged_cases()
    assert unseen(cases, what) == {}
    everything = {case.case_id for case in cases}
    assert len(asked) == len(parts(cases, what))
    of_figure = {case.case_id for case in cases if constant_of(case) == RESIDUAL[0]}
    assert set.union(*asked) == of_figure
    for seen, part in zip(fitted, parts(cases, what), strict=True):
        assert seen == everything - {case.case_id for case in part}
