"""Residuals: which spread a question has, by what nobody has measured of it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest

from headworks.scenario.catalogue import catalogue
from headworks.throughput.answer import RESIDUALS, ask
from headworks.throughput.cards import model
from headworks.throughput.constants import Measured, packaged_measured
from headworks.throughput.draws import COUNT
from headworks.throughput.machine import constants_for
from headworks.throughput.residual import New, new_about, residual
from tests.unit.throughput.ideal import Book, a_chip, query

if TYPE_CHECKING:
    from headworks.throughput.intervals import Interval
    from headworks.throughput.model_card import ModelCard

DENSE, EXPERTS = model("llama-3.1-70b"), model("mixtral-8x7b")
CHIP, FAMILY = ["round-one"], ["llama-3"]
MEASURED = {
    "both": Measured(chips=CHIP, families=FAMILY),
    "chip": Measured(chips=CHIP),
    "family": Measured(families=FAMILY),
    "neither": Measured(),
}
SUBSETS: list[tuple[New, ...]] = [(), ("chip",), ("family",), ("chip", "family")]


def tpot(measured: Measured, own: float, family: float, chip: float) -> Interval:
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
def test_packaged_residuals_widen_with_what_is_new(card: ModelCard) -> None:
    constants = constants_for("h200-sxm", catalogue().chips["h200-sxm"], None, 1)
    for figure, _ in RESIDUALS.values():
        for less, more in itertools.combinations(SUBSETS, 2):
            if set(less) <= set(more):
                narrow = residual(constants, figure, card, less)
                wide = residual(constants, figure, card, more)
                assert wide[0] >= narrow[0]


@pytest.mark.parametrize(
    ("chip", "name", "new"),
    [
        ("h200-sxm", "llama-3.1-70b", ()),
        ("h200-sxm", "llama-3.2-1b", ()),  # a model that is in no case, of a family that is
        ("h200-sxm", "mixtral-8x7b", ("family",)),
        ("h200-sxm", "glm-4.5", ("family",)),
        ("h20", "llama-3.1-70b", ("chip",)),
        ("h20", "mixtral-8x7b", ("chip", "family")),
    ],
)
def test_what_is_new_is_what_the_fit_saw_too_little_of(
    chip: str, name: str, new: tuple[New, ...]
) -> None:
    assert new_about(chip, model(name), packaged_measured()) == new


def test_a_model_that_is_shaped_as_none_on_record_is_of_a_new_family() -> None:
    other = DENSE.model_copy(update={"layers": 81})
    assert new_about("h200-sxm", other, packaged_measured()) == ("family",)
