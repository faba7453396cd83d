"""The fastest layout: all tried side by side, against each asked about by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headworks.errors import InputError
from headworks.scenario.catalogue import catalogue
from headworks.throughput.cards import model, models
from headworks.throughput.cases import packaged_cases
from headworks.throughput.fastest import on_best_layout
from headworks.throughput.layout import Layout, beside, dividing
from headworks.throughput.machine import lacks
from headworks.throughput.phases import PHASES, RATES
from headworks.throughput.predict import query_of
from headworks.throughput.query import Query, machine_of, settle
from headworks.throughput.step import Engine, Tokens, step
from tests.unit.throughput.ideal import engine

if TYPE_CHECKING:
    from headworks.throughput.case import Case

CHIPS = sorted(name for name, chip in catalogue().chips.items() if not lacks(chip))


def one_by_one(asked: Query) -> dict[Layout, float]:
    """Return the rate of each layout that holds the model, each settled and run by itself."""
    rates = {}
    for layout in dividing(asked.card, asked.chips or 1, machine_of(asked, 1).domain):
        tried = replace(asked, tp=layout.tp, pp=layout.pp, dp=layout.dp, ep=layout.ep)
        try:
            setup = settle(tried, count=1)
        except InputError:
            continue
        figures, _, _ = PHASES[asked.phase](setup.engine, setup.load)
        rates[setup.layout] = float(figures[RATES[asked.phase]][0])
    return rates


def chosen(asked: Query) -> Layout:
    """Return the layout that is chosen."""
    placed = on_best_layout(asked)
    return Layout(placed.tp or 0, placed.pp or 0, placed.dp or 0, placed.ep or 0)


def unplaced(case: Case) -> Query:
    """Return the query of a case that states chips and no layout."""
    return replace(query_of(case), tp=None, pp=None, dp=None, ep=None)


CASES = {
    str(query): query
    for case in packaged_cases()
    if case.phase != "training" and case.chips and not (case.tp or case.pp or case.dp or case.ep)
    for query in [unplaced(case)]
}


@pytest.mark.parametrize("asked", CASES.values(), ids=range(len(CASES)))
def test_of_a_measured_set_up_the_fastest_of_all_layouts_is_chosen(asked: Query) -> None:
    rates = one_by_one(asked)
    assert chosen(asked) == max(rates, key=lambda layout: rates[layout])


@given(
    chip=st.sampled_from(CHIPS),
    name=st.sampled_from(sorted(models())),
    phase=st.sampled_from(sorted(PHASES)),
    chips=st.sampled_from([1, 2, 6, 8, 16, 64]),
    tokens=st.tuples(st.sampled_from([1, 100, 4096, 100_000]), st.sampled_from([1, 100, 4096])),
    concurrency=st.sampled_from([None, 1, 50, 3000]),
)
def test_of_any_query_the_fastest_of_all_layouts_is_chosen(
    chip: str,
    name: str,
    phase: str,
    chips: int,
    tokens: tuple[int, int],
    concurrency: int | None,
) -> None:
    asked = Query(
        chip, catalogue().chips[chip], model(name), phase, chips=chips,  # type: ignore[arg-type]
        input_tokens=tokens[0], output_tokens=tokens[1], concurrency=concurrency,
    )  # fmt: skip
    rates = one_by_one(asked)
    if not rates:
        assert on_best_layout(asked) is asked  # and is refused with the chips that it would take
        return
    assert rates[chosen(asked)] >= max(rates.values()) * (1 - 1e-12)


@pytest.mark.parametrize("name", ["llama-3.1-70b", "deepseek-v3", "gpt-oss-120b", "mixtral-8x7b"])
@pytest.mark.parametrize(
    "tokens", [Tokens(64, 2000), Tokens(8, 3e4, 5000, 5000, 1), Tokens(read=9e4)]
)
def test_a_step_on_layouts_side_by_side_is_the_step_on_each(name: str, tokens: Tokens) -> None:
    card = model(name)
    tried = list(dividing(card, 64, 8))
    alone = engine(card)
    together = step(Engine(alone.machine, card, alone.precision, beside(tried)), tokens)
    for place, layout in enumerate(tried):
        single = step(engine(card, layout=layout), tokens)
        assert together.parts[:, place] == pytest.approx(single.parts[:, 0], rel=1e-12, abs=1e-30)
    assert len(np.unique(together.total)) > len(tried) // 3
