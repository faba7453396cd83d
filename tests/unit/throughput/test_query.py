"""Query: gaps that are filled, layouts that are stated, and what cannot be."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from headworks.errors import InputError
from headworks.scenario.catalogue import catalogue
from headworks.throughput import model, models
from headworks.throughput.layout import Layout
from headworks.throughput.machine import lacks
from headworks.throughput.memory import requests_max
from headworks.throughput.query import Query, Setup, check, settle
from headworks.throughput.smallest import candidates
from tests.unit.throughput.ideal import Book, a_chip, query

if TYPE_CHECKING:
    from headworks.throughput.model_card import ModelCard

DENSE, GROUPED, LATENT = model("llama-3.1-8b"), model("llama-3.1-70b"), model("deepseek-v3")
MIXTURE = model("mixtral-8x7b")
LARGE = a_chip(memory_gb=1e4)


def settled(card: ModelCard, **asked: Any) -> Setup:  # noqa: ANN401 - parts of a query
    return settle(query(card, asked.pop("chip", LARGE), **asked), count=1)


def refused(card: ModelCard, **asked: Any) -> str:  # noqa: ANN401
    with pytest.raises(InputError) as caught:
        settled(card, **asked)
    return str(caught.value)


@pytest.mark.parametrize(
    ("card", "asked", "layout", "copies"),
    [
        (GROUPED, {"tp": 8}, Layout(tp=8), 1),
        (GROUPED, {"tp": 8, "chips": 16}, Layout(tp=8), 2),
        (GROUPED, {"tp": 4, "pp": 2, "chips": 8}, Layout(tp=4, pp=2), 1),
        (GROUPED, {"pp": 2, "chips": 8}, Layout(tp=4, pp=2), 1),
        (GROUPED, {"dp": 2, "chips": 8}, Layout(tp=4), 2),
        (GROUPED, {"tp": 4, "dp": 2, "chips": 8}, Layout(tp=4), 2),
        (GROUPED, {"tp": 4, "dp": 2}, Layout(tp=4), 2),  # a dense model is copied
        (LATENT, {"tp": 8, "chips": 8}, Layout(tp=8), 1),
        (LATENT, {"tp": 8, "ep": 8, "chips": 8}, Layout(tp=8, ep=8), 1),
        (LATENT, {"dp": 8, "chips": 8}, Layout(dp=8, ep=8), 1),
        (LATENT, {"tp": 1, "dp": 32, "ep": 32, "chips": 32}, Layout(dp=32, ep=32), 1),
        (LATENT, {"ep": 32, "chips": 32, "phase": "decode"}, Layout(dp=32, ep=32), 1),
        (LATENT, {"ep": 32, "phase": "prefill"}, Layout(dp=32, ep=32), 1),
        (LATENT, {"tp": 4, "dp": 8, "chips": 32}, Layout(tp=4, dp=8, ep=32), 1),
        # Experts that are spread further than a tensor group leave groups of attention.
        (LATENT, {"tp": 1, "ep": 8, "chips": 8}, Layout(dp=8, ep=8), 1),
        (LATENT, {"tp": 8, "ep": 16, "chips": 16}, Layout(tp=8, dp=2, ep=16), 1),
        (LATENT, {"tp": 8, "ep": 16}, Layout(tp=8, dp=2, ep=16), 1),
        (LATENT, {"ep": 16}, Layout(dp=16, ep=16), 1),
        (LATENT, {"ep": 8, "chips": 8}, Layout(tp=8, ep=8), 1),
        (LATENT, {"ep": 12, "chips": 12}, Layout(dp=12, ep=12), 1),
        # Engines count the same chips once as a tensor group and once as groups of attention.
        (LATENT, {"tp": 8, "dp": 8, "chips": 8}, Layout(dp=8, ep=8), 1),
        (LATENT, {"tp": 8, "dp": 8, "ep": 8, "chips": 8}, Layout(dp=8, ep=8), 1),
        (LATENT, {"tp": 16, "dp": 4, "ep": 16, "chips": 16}, Layout(tp=4, dp=4, ep=16), 1),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_a_layout_that_is_stated_has_its_gaps_filled(
    card: ModelCard, asked: dict[str, Any], layout: Layout, copies: int
) -> None:
    found = settled(card, **asked)
    assert found.engine.layout == layout
    assert found.copies == copies
    assert found.chips == asked.get("chips", layout.chips * copies)


def test_requests_in_flight_are_shared_among_copies() -> None:
    found = settled(GROUPED, tp=4, chips=16, concurrency=64)
    assert (found.copies, found.load.requests) == (4, 16)


def test_the_smallest_layout_that_has_room_is_taken_and_said() -> None:
    """70.55e9 weights of 16 bits: 141 GB and eight requests take four chips of 80, not two."""
    found = settled(GROUPED, chip=a_chip(memory_gb=80.0), input_tokens=1000, output_tokens=200)
    assert found.engine.layout == Layout(tp=2)
    longer = settled(GROUPED, chip=a_chip(memory_gb=80.0), input_tokens=20_000, output_tokens=200)
    assert longer.engine.layout == Layout(tp=4)
    assert "layout: TP4" in longer.assumptions
    assert requests_max(longer.engine, 20_100) >= 8


def test_beyond_a_board_layers_are_staged() -> None:
    """671e9 weights of 16 bits take 16 chips of 80."""
    asked: dict[str, Any] = {"chip": a_chip(memory_gb=80.0), "precision": "bf16"}
    assert settled(LATENT, **asked).engine.layout == Layout(tp=8, pp=2)
    wide = settled(LATENT, **asked, constants=Book(domain_count=64.0))
    assert wide.engine.layout == Layout(tp=16)


def test_lengths_that_are_not_stated_are_said() -> None:
    both = settled(DENSE)
    assert both.load.input_tokens > 0
    assert both.load.output_tokens > 0
    assert f"{both.load.input_tokens:g} tokens read for a request" in both.assumptions
    assert f"{both.load.output_tokens:g} tokens written for a request" in both.assumptions
    stated = settled(DENSE, input_tokens=77, output_tokens=33, concurrency=2, tp=1, precision="fp8")
    assert (stated.load.input_tokens, stated.load.output_tokens) == (77, 33)
    assert not any("tokens" in text for text in stated.assumptions)


def test_reading_alone_writes_nothing_and_fills_a_step() -> None:
    short, long = (settled(DENSE, phase="prefill", input_tokens=n) for n in (1024, 65536))
    assert short.load.output_tokens == long.load.output_tokens == 0
    assert short.load.requests > 1
    assert long.load.requests == 1


def test_without_a_number_as_many_requests_are_in_flight_as_fit() -> None:
    found = settled(DENSE, chip=a_chip(memory_gb=40.0), tp=1, input_tokens=1000, output_tokens=200)
    assert found.load.requests == pytest.approx(requests_max(found.engine, 1100))
    assert any("as many as fit" in text for text in found.assumptions)


@pytest.mark.parametrize(
    ("card", "asked", "words"),
    [
        (GROUPED, {"chips": 0}, "chips: 0 is not a number of chips; give 1 or more"),
        (GROUPED, {"tp": -1}, "tp: -1 is not a number of chips"),
        (GROUPED, {"input_tokens": 0}, "input_tokens: 0 is not above 0"),
        (GROUPED, {"output_tokens": -5}, "output_tokens: -5 is not above 0"),
        (GROUPED, {"concurrency": float("nan")}, "concurrency: nan is not above 0"),
        (GROUPED, {"tp": 3}, "tp: 3 does not divide the 64 heads of Llama 3.1 70B; take one of"),
        (GROUPED, {"tp": 8, "chips": 12}, "chips: TP8 takes 8 chips; 12 is no multiple of them"),
        (GROUPED, {"tp": 8, "chips": 4}, "chips: TP8 takes 8 chips; there are 4"),
        (LATENT, {"tp": 4, "dp": 8, "chips": 8}, "chips: TP4 DP8 EP32 takes 32 chips; there are 8"),
        # Groups of a dense model are copies, and never the chips of its tensor group.
        (DENSE, {"tp": 2, "pp": 2, "dp": 2, "chips": 4}, "TP2 PP2 DP2 takes 8 chips; there are 4"),
        (GROUPED, {"tp": 8, "dp": 8, "chips": 8}, "chips: TP8 DP8 takes 64 chips; there are 8"),
        (DENSE, {"tp": 1, "dp": 3, "chips": 8}, "TP1 DP3 takes 3 chips; 8 is no multiple of them"),
        (GROUPED, {"tp": 8, "ep": 8}, "ep: Llama 3.1 70B has no experts to spread"),
        (GROUPED, {"pp": 81}, "pp: 81 stages for the 80 layers"),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_what_cannot_be_is_refused(card: ModelCard, asked: dict[str, Any], words: str) -> None:
    assert words in refused(card, **asked)


def test_all_faults_are_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        check(query(GROUPED, a_chip(memory_gb=None), tp=0, input_tokens=0, concurrency=-1))
    said = str(caught.value)
    assert len(caught.value.faults) == 4
    assert "Round One has no known memory size" in said


@pytest.mark.parametrize(
    ("chip_id", "words"),
    [
        ("ppu", "no known memory bandwidth"),
        ("bw1000", "no known peak rate"),
        ("s60", "no known peak rate and no memory bandwidth"),
        ("c600", "no known memory bandwidth"),
    ],
)
def test_a_chip_without_its_figures_is_refused_by_name(chip_id: str, words: str) -> None:
    chip = catalogue().chips[chip_id]
    with pytest.raises(InputError) as caught:
        check(Query(chip_id, chip, DENSE))
    assert f"{chip.name} has {words}" in str(caught.value)


CAPABLE = [chip_id for chip_id, chip in catalogue().chips.items() if not lacks(chip)]


def would_take(asked: Query) -> int | None:
    """Return the chips that the refusal of a query names; None if it is not refused."""
    try:
        settle(asked, count=1)
    except InputError as error:
        found = re.search(r"it would fit on (\d+)", str(error))
        return int(found[1]) if found else 0
    return None


@pytest.mark.parametrize("chip_id", CAPABLE)
@pytest.mark.parametrize("tokens", [1000, 100_000])
def test_a_model_that_does_not_fit_fits_on_the_chips_that_are_named(
    chip_id: str, tokens: int
) -> None:
    for name, card in models().items():
        asked = Query(
            chip_id, catalogue().chips[chip_id], card, chips=1, input_tokens=tokens, output_tokens=1
        )
        needed = would_take(asked)
        if needed is not None:
            assert needed > 1, name
            assert would_take(replace(asked, chips=needed)) is None, name


def test_what_is_lacking_is_said() -> None:
    said = refused(GROUPED, chip=a_chip(memory_gb=80.0), tp=1)
    assert "Llama 3.1 70B in bf16 does not fit on 1 Round One" in said
    assert "GB short per chip" in said
    assert "it would fit on 2" in said
    full = refused(GROUPED, chip=a_chip(memory_gb=70.0), tp=2, input_tokens=1_000_000)
    assert "no room for one request" in full


def test_what_fits_on_the_same_chips_in_another_layout_is_said_with_it() -> None:
    said = refused(LATENT, chip=a_chip(memory_gb=165.0), chips=4, dp=4, ep=4, precision="fp8")
    assert "does not fit on 4 Round One" in said
    assert "it would fit on 4 as TP4" in said


@pytest.mark.parametrize(("chips", "layout"), [(3, Layout(pp=3)), (6, Layout(tp=2, pp=3))])
def test_chips_that_are_no_power_of_two_hold_a_model_together(chips: int, layout: Layout) -> None:
    """141 GB of weights: two chips of 60 GB hold too little, and three enough."""
    small = a_chip(memory_gb=60.0 * 3 / chips)
    found = settled(GROUPED, chip=small, chips=chips, input_tokens=100, output_tokens=100)
    assert (found.engine.layout, found.copies) == (layout, 1)


def test_experts_are_spread_no_further_than_may_be_stated() -> None:
    """Groups may be as many as twice the 256 experts, which 1,009 chips, a prime, are not."""
    assert Layout(dp=509, ep=509) in candidates(LATENT, 509, 8)
    assert Layout(dp=1009, ep=1009) not in candidates(LATENT, 1009, 8)
    assert "1009 groups for 256 experts" in refused(LATENT, dp=1009, ep=1009, chips=1009)


def test_a_layout_other_than_the_stated_one_is_said() -> None:
    found = settled(LATENT, tp=8, dp=8, ep=64, chips=8)
    (said,) = (text for text in found.assumptions if "layout" in text)
    assert said.startswith(
        "layout: TP1 DP8 EP8, since 8 chips hold TP8 and DP8 only where the same"
    )
    found = settled(LATENT, tp=8, ep=16, chips=8)
    assert any("TP8 EP8, since no more than 8 chips share" in text for text in found.assumptions)
    found = settled(LATENT, tp=8, ep=8, chips=8)
    assert not any("layout" in text for text in found.assumptions)


@pytest.mark.parametrize("card", [DENSE, GROUPED, LATENT, MIXTURE], ids=lambda card: card.name)
@pytest.mark.parametrize("chips", [1, 6, 8, 12, 64, 384])
@pytest.mark.parametrize("domain", [8, 72, 384])
def test_layouts_that_are_tried_use_up_the_chips(card: ModelCard, chips: int, domain: int) -> None:
    tried = list(candidates(card, chips, domain))
    assert tried
    assert len(set(tried)) == len(tried)
    for layout in tried:
        assert chips % layout.chips == 0
        assert card.attention.heads % layout.tp == 0
        assert layout.tp <= domain
        assert layout.pp <= card.layers
    spread = [layout for layout in tried if layout.dp > 1]
    assert bool(spread) == (card is LATENT and chips > 1)
