"""Parts: what is left out together, and what a fit has measured."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bench.parts import FEW, FOLDS, LEFT_OUT, MANY, measured_in, parts, runs
from headworks.throughput.cases import packaged_cases
from headworks.throughput.constants import Measured, packaged_measured
from headworks.throughput.split import family

if TYPE_CHECKING:
    from bench.parts import What

CASES = packaged_cases()


def test_the_package_says_what_its_constants_were_fitted_to() -> None:
    assert measured_in(CASES) == packaged_measured()


def test_measured_is_what_there_are_enough_cases_of() -> None:
    (one, *_) = (case for case in CASES if case.chip == "b200" and case.model == "gpt-oss-120b")
    assert measured_in([one] * (MANY - 1)) == Measured(families=["gpt-oss"])
    assert measured_in([one] * MANY) == Measured(chips=["b200"], families=["gpt-oss"])
    assert measured_in([one] * (FEW - 1)) == Measured()


def test_models_that_are_in_no_family_make_none() -> None:
    alone = replace(CASES[0], chip="b200", model="glm-4.5")
    assert measured_in([alone] * MANY) == Measured(chips=["b200"])


@pytest.mark.parametrize("what", LEFT_OUT)
def test_each_case_is_in_one_part(what: What) -> None:
    found = parts(CASES, what)
    assert Counter(case for part in found for case in part) == Counter(CASES)


def test_figures_of_one_run_are_left_out_together() -> None:
    """Such as its time to the first token and its time per token."""
    numbers, fifths = runs(CASES), parts(CASES, "fifth")
    assert len(fifths) == FOLDS
    place = {case.case_id: number for number, part in enumerate(fifths) for case in part}
    together = defaultdict(set)
    for case in CASES:
        together[numbers[case.case_id]].add(place[case.case_id])
    assert all(len(places) == 1 for places in together.values())
    pairs = Counter(numbers.values())
    assert sum(count > 1 for count in pairs.values()) > 100


def test_chips_and_families_of_few_cases_are_left_out_together() -> None:
    few = parts(CASES, "family")[-1]
    assert {family(case.model) for case in few} == {"llama-4", "mixtral", "pangu"}
    assert all(
        len({family(case.model) for case in part}) == 1 for part in parts(CASES, "family")[:-1]
    )
