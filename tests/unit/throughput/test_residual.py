"""Residuals: which spread a question has, by what nobody has measured of it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest

from headworks.scenario.catalogue import catalogue
from headworks.throughput.answer import ask
from headworks.throughput.cards import model
from headworks.throughput.cases import packaged_cases
from headworks.throughput.constants import Measured, packaged
from headworks.throughput.draws import COUNT
from headworks.throughput.machine import constants_for
from headworks.throughput.query import Query
from headworks.throughput.residual import (
    COUNTED,
    MEASURED_FROM,
    RESIDUALS,
    Basis,
    New,
    bases,
    counted,
    kind,
    residual,
)
from tests.unit.throughput.ideal import Book, a_chip, query

if TYPE_CHECKING:
    from headworks.throughput.intervals import Interval
    from headworks.throughput.model_card import ModelCard

DENSE, EXPERTS = model("llama-3.1-70b"), model("mixtral-8x7b")
SUBSETS: list[tuple[New, ...]] = [(), ("chip",), ("family",), ("chip", "family")]


def of(chip: int, family: int) -> dict[str, Measured]:
    """Return so many runs with times per token on the chip and of the family that are asked for."""
    counts = Measured(chips={"round-one": chip}, families={"llama-3": family})
    return {"tpot_dense": counts}


MEASURED = {
    "both": of(MEASURED_FROM, MEASURED_FROM),
    "chip": of(MEASURED_FROM, MEASURED_FROM - 1),
    "family": of(MEASURED_FROM - 1, MEASURED_FROM),
    "neither": {},
}


def tpot(measured: dict[str, Measured], own: float, family: float, chip: float) -> Interval:
    """Return the time per token where residuals alone spread it, by what is measured."""
    book = Book(
        COUNT,
        tpot_dense_residual_log=own,
        tpot_dense_new_family_residual_log=family,
        tpot_dense_new_chip_residual_log=chip,
    )
    book.measured = measured
    asked = query(DENSE, a_chip(memory_gb=1e4), constants=book, concurrency=8)
    return ask(asked).interval("tpot_ms")


@pytest.mark.parametrize(
    ("measured", "spread"), [("both", 0.1), ("chip", 0.2), ("family", 0.3), ("neither", 0.3)]
)
def test_what_is_new_about_a_question_decides_its_residual(measured: str, spread: float) -> None:
    """A known family on a known chip has a residual of its own, exp(± 1.645 s) of s alone."""
    found = tpot(MEASURED[measured], own=0.1, family=0.2, chip=0.3)
    assert np.log(found.p95 / found.p5) / (2 * 1.645) == pytest.approx(spread, rel=0.1)


@pytest.mark.parametrize("spreads", list(itertools.permutations([0.1, 0.2, 0.3])))
def test_more_that_is_new_never_narrows_an_interval(spreads: tuple[float, float, float]) -> None:
    """Whatever the residuals are."""
    found = {name: tpot(measured, *spreads) for name, measured in MEASURED.items()}
    for less, more in [
        ("both", "chip"), ("both", "family"), ("chip", "neither"), ("family", "neither"),
    ]:  # fmt: skip
        assert found[more].p5 <= found[less].p5
        assert found[more].med == pytest.approx(found[less].med)
        assert found[more].p95 >= found[less].p95


@pytest.mark.parametrize("card", [DENSE, EXPERTS], ids=["dense", "experts"])
def test_packaged_residuals_never_narrow_with_what_is_new(card: ModelCard) -> None:
    constants = constants_for("h200-sxm", catalogue().chips["h200-sxm"], None, 1)
    for figure in RESIDUALS:
        for less, more in itertools.combinations(SUBSETS, 2):
            if set(less) <= set(more):
                narrow, wide = (basis(figure, card, new) for new in (less, more))
                assert residual(constants, wide)[0] >= residual(constants, narrow)[0]


def basis(figure: str, card: ModelCard, new: tuple[New, ...]) -> Basis:
    stem = f"{RESIDUALS[figure][0]}_{kind(card)}"
    found = Basis(stem, 0 if "chip" in new else 8, "x", 0 if "family" in new else 8)
    assert found.new == new
    return found


@pytest.mark.parametrize(
    ("chip", "name", "figure", "new"),
    [
        ("b200", "llama-3.1-70b", "tpot_ms", ()),
        ("b200", "llama-3.2-1b", "tpot_ms", ()),  # a model that is in no case, of a family that is
        ("b200", "qwen3-32b", "tpot_ms", ("family",)),
        ("b200", "llama-3.1-70b", "training_tokens_per_s_per_chip", ("chip",)),
        ("h200-sxm", "llama-3.1-70b", "output_tokens_per_s_per_chip", ()),
        ("h200-sxm", "llama-3.1-70b", "tpot_ms", ("chip",)),  # measured with experts alone
        ("h200-sxm", "gpt-oss-120b", "tpot_ms", ()),
        ("h200-sxm", "glm-4.5", "tpot_ms", ("family",)),
        ("h20", "deepseek-r1", "ttft_ms", ("chip",)),
        ("h20", "mixtral-8x7b", "ttft_ms", ("chip", "family")),
    ],
)
def test_what_is_new_is_what_the_fit_saw_too_little_of(
    chip: str, name: str, figure: str, new: tuple[New, ...]
) -> None:
    """Figure by figure: times of experts on an H200 say nothing of those of dense models there."""
    found = bases([figure], "serving", chip, model(name), packaged().measured)
    assert found[figure].new == new


def test_a_figure_says_how_many_runs_it_rests_on() -> None:
    cases = [case for case in packaged_cases() if case.metric == "tpot_ms"]
    on_chip = [case for case in cases if case.chip == "b200" and not model(case.model).experts]
    of_family = [case for case in cases if case.model.startswith("llama-3")]
    answer = ask(Query("b200", catalogue().chips["b200"], DENSE, chips=8, tp=8), count=1)
    found = answer.rests_on["tpot_ms"]
    assert (found.chip_runs, found.family_runs) == (len(on_chip), len(of_family)) == (96, 114)
    assert set(answer.rests_on) == set(answer.figures)
    assert found.to_json() == {
        "chip_runs": 96, "family": "llama-3", "family_runs": 114, "new": [],
    }  # fmt: skip


def test_prompts_that_are_read_alone_do_not_rest_on_tokens_that_were_written() -> None:
    """In serving the two rates are one, up to a known factor; nobody published dense prefill."""
    chip = catalogue().chips["h200-sxm"]
    rates = {
        phase: ask(Query("h200-sxm", chip, DENSE, phase, chips=8, tp=8), count=1).rests_on[
            "input_tokens_per_s_per_chip"
        ]
        for phase in ("serving", "prefill")
    }
    assert (rates["serving"].chip_runs, rates["serving"].family_runs) == (19, 34)
    assert (rates["prefill"].chip_runs, rates["prefill"].family_runs) == (0, 0)
    assert rates["prefill"].new == ("chip", "family")


def test_every_figure_is_counted_and_has_a_residual() -> None:
    assert set(COUNTED) == set(RESIDUALS)
    metrics = {case.metric for case in packaged_cases()}
    assert metrics <= set(COUNTED)
    assert counted("mfu", "training", DENSE) == "training_dense"
    assert counted("tpot_ms", "decode", EXPERTS) == "tpot_experts"


def test_a_model_that_is_shaped_as_none_on_record_is_of_no_family() -> None:
    other = DENSE.model_copy(update={"layers": 81})
    found = bases(["tpot_ms"], "serving", "b200", other, packaged().measured)["tpot_ms"]
    assert (found.family, found.family_runs, found.new) == (None, 0, ("family",))
