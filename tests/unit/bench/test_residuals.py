"""Residuals: the spread that errors need, and what a chip without cases is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench.residuals import LEAST, needed, residuals, unmeasured, with_residuals
from headworks.throughput.cases import packaged_cases
from headworks.throughput.constants import ANY, meanings
from headworks.throughput.split import family

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.throughput.case import Case

NAME = "tpot_dense_residual_log"


def rows(errors: np.ndarray, own: float = 0.0, counts: float = 1.0) -> np.ndarray:
    return np.column_stack([errors, np.full(len(errors), own), np.full(len(errors), counts)])


@pytest.mark.parametrize("spread", [0.1, 0.3])
def test_the_spread_is_that_of_errors_that_are_normal(spread: float) -> None:
    errors = np.random.default_rng(0).normal(0.0, spread, 20_000)
    assert needed(rows(errors)) == pytest.approx(spread, abs=0.01)


def test_what_constants_leave_open_already_is_not_counted_twice() -> None:
    """Of a spread of 0.5 the constants explain 0.4: the rest is 0.3, since squares add."""
    errors = np.random.default_rng(0).normal(0.0, 0.5, 20_000)
    assert needed(rows(errors, own=0.4)) == pytest.approx(0.3, abs=0.015)
    assert needed(rows(errors, own=1.0)) == LEAST


def test_a_chip_of_many_cases_does_not_rule() -> None:
    """200 good errors of one chip count as 8, beside 8 of a chip that is 30 % off."""
    near, far = np.full(200, 0.01), np.full(8, 0.3)
    alike = np.concatenate([rows(near), rows(far)])
    capped = np.concatenate([rows(near, counts=8 / 200), rows(far)])
    assert needed(alike) == LEAST
    assert needed(capped) == pytest.approx(0.3 / 1.645, abs=0.005)


def test_a_family_is_left_out_on_all_chips(monkeypatch: pytest.MonkeyPatch) -> None:
    """On another chip the fit would know it. Errors count on chips with many cases alone."""
    asked: list[list[set[str]]] = []

    def nothing(_cases: object, groups: Sequence[Sequence[Case]], *_: object) -> list[object]:
        asked.append([{case.case_id for case in group} for group in groups])
        return []

    monkeypatch.setattr("bench.residuals.fit", lambda _cases: None)
    monkeypatch.setattr("bench.residuals.left_out", nothing)
    cases = packaged_cases()
    assert residuals(cases) == {}
    _, known, _ = asked
    whole = {case.case_id for case in cases if family(case.model) == "gpt-oss"}
    chips = {case.chip for case in cases if family(case.model) == "gpt-oss"}
    assert whole in known
    assert len(chips) > 2


def test_a_chip_that_nobody_measured_has_the_spread_of_any() -> None:
    measured = with_residuals(meanings(), {(NAME, ANY): 0.2, (NAME, "b200"): 0.05})
    assert measured[NAME].scopes["b200"].median == 0.05
    forgotten = unmeasured(measured, ["b200"])
    assert "b200" not in forgotten[NAME].scopes
    assert forgotten[NAME].scopes[ANY].median == 0.2
    assert forgotten["layer_us"] == measured["layer_us"]
