"""Memory: bytes of weights and of requests by hand, and how many requests fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from headworks.scenario.catalogue import catalogue
from headworks.throughput import counts, model, models
from headworks.throughput.layout import Layout
from headworks.throughput.machine import lacks
from headworks.throughput.memory import (
    activation_bytes,
    copies_of_chips,
    free_bytes,
    request_bytes,
    requests_max,
    running_max,
    weight_bytes,
)
from headworks.throughput.precision import BYTES
from tests.unit.throughput.ideal import Book, a_chip, engine

if TYPE_CHECKING:
    from headworks.throughput.model_card import ModelCard

GIB = 2**30
DENSE, GROUPED, LATENT = model("llama-2-13b"), model("llama-3.1-70b"), model("deepseek-v3")
WINDOWED = model("gpt-oss-120b")


@pytest.mark.parametrize("name", models())
def test_all_weights_of_a_model_are_held(name: str) -> None:
    """In 16 bits the norms and routers are left out: under 1 % of any model."""
    card = model(name)
    found = weight_bytes(engine(card))
    assert found == pytest.approx(2 * counts.parameters(card), rel=0.01)


@pytest.mark.parametrize("name", ["llama-2-13b", "llama-3.1-70b", "deepseek-v3"])
def test_8_bits_leave_the_embeddings_in_16(name: str) -> None:
    found = weight_bytes(engine(model(name), precision="fp8"))
    assert found == pytest.approx(counts.weight_bytes(model(name), 8), rel=0.005)


def test_weights_of_published_checkpoints() -> None:
    """Sizes of the files: 141 GB in BF16, 688.6 GB in FP8 with 11.6 of a further layer."""
    assert weight_bytes(engine(GROUPED)) / 1e9 == pytest.approx(141.1, rel=0.005)
    assert weight_bytes(engine(LATENT, precision="fp8")) / 1e9 == pytest.approx(671.5, rel=0.01)


def test_4_bits_of_experts_are_a_little_over_half_a_byte_each() -> None:
    experts = 36 * 128 * 3 * 2880 * 2880
    rest = counts.parameters(WINDOWED) - experts
    found = weight_bytes(engine(WINDOWED, precision="fp4"))
    assert found == pytest.approx(experts * 4.25 / 8 + 2 * rest, rel=0.01)
    assert found == pytest.approx(
        counts.weight_bytes(WINDOWED, counts.native_bits(WINDOWED)), rel=0.002
    )
    assert found / 1e9 == pytest.approx(65.2, rel=0.01)  # the published checkpoint


@pytest.mark.parametrize("layout", [Layout(tp=8), Layout(tp=4, pp=2), Layout(tp=2, pp=4)], ids=str)
@pytest.mark.parametrize("name", ["llama-2-13b", "llama-3.1-70b", "mixtral-8x7b"])
def test_a_copy_is_spread_over_its_chips(name: str, layout: Layout) -> None:
    one, each = (weight_bytes(engine(model(name), None, split)) for split in (Layout(), layout))
    assert each * layout.chips == pytest.approx(one)


@pytest.mark.parametrize("groups", [8, 32])
def test_groups_of_attention_share_the_experts_and_nothing_else(groups: int) -> None:
    one, each = (
        weight_bytes(engine(LATENT, None, split, precision="fp8"))
        for split in (Layout(), Layout(dp=groups, ep=groups))
    )
    experts = 58 * 256 * 44_040_192
    assert one - each == pytest.approx(experts * (1 - 1 / groups))


@pytest.mark.parametrize(
    ("name", "tokens", "expected"),
    [
        ("llama-2-13b", 1000, 1000 * 2 * 40 * 5120 * 2),
        ("llama-3.1-70b", 1000, 327_680_000),
        ("deepseek-v3", 1000, 70_272_000),
        ("gpt-oss-120b", 1000, (18 * 1000 + 18 * 128) * 2 * 8 * 64 * 2),
        ("gpt-oss-120b", 100, 36 * 100 * 2 * 8 * 64 * 2),
    ],
)
def test_a_request_holds_its_keys_and_values(name: str, tokens: int, expected: int) -> None:
    assert request_bytes(engine(model(name)), tokens) == pytest.approx(expected)
    assert request_bytes(engine(model(name), kv="fp8"), tokens) == pytest.approx(expected / 2)
    assert counts.kv_bytes(model(name), tokens, 16) == expected


def test_a_tensor_group_shares_heads_but_not_a_latent_vector() -> None:
    whole = request_bytes(engine(GROUPED), 1000)
    assert request_bytes(engine(GROUPED, None, Layout(tp=8)), 1000) == pytest.approx(whole / 8)
    assert request_bytes(engine(GROUPED, None, Layout(tp=16)), 1000) == pytest.approx(whole / 8)
    latent = request_bytes(engine(LATENT), 1000)
    assert request_bytes(engine(LATENT, None, Layout(tp=8)), 1000) == pytest.approx(latent)
    assert request_bytes(engine(LATENT, None, Layout(pp=4)), 1000) == pytest.approx(latent / 4)


def test_requests_fill_what_the_weights_leave() -> None:
    """80 GB of which 0.9 are used, 26.03 of weights: 51.26e9 / 0.8192e9 a thousand tokens."""
    one = engine(DENSE, a_chip(memory_gb=80.0), constants=Book(usable_memory_share=0.9))
    free = 80 * GIB * 0.9 - weight_bytes(one) - activation_bytes(one)
    assert free_bytes(one) == pytest.approx(free)
    assert requests_max(one, 1000) == pytest.approx(free / 819_200_000)
    assert requests_max(one, 1000) == pytest.approx(62.6, abs=0.2)


def test_activations_are_the_rows_of_a_full_step() -> None:
    """8192 rows of 4 x 5120 and, of two products, 2 x 13824 numbers of 16 bits."""
    book = Book(read_budget_count=8192.0)
    whole = activation_bytes(engine(DENSE, constants=book))
    assert whole == 8192 * 2 * (4 * 5120 + 2 * 13824)
    half = activation_bytes(engine(DENSE, None, Layout(tp=2), constants=book))
    assert half == 8192 * 2 * (4 * 5120 + 13824)


def test_rows_of_experts_are_copied_for_each_of_them() -> None:
    """8 copies of a row of 7168, in and out, with 2 x 2048 between.

    There are as many where eight groups of attention send their rows to eight chips.
    """
    book = Book(read_budget_count=8192.0)
    one, spread = (
        activation_bytes(engine(LATENT, None, split, constants=book))
        for split in (Layout(), Layout(dp=8, ep=8))
    )
    assert one == spread == 8192 * 2 * (4 * 7168 + 8 * (2 * 7168 + 2 * 2048))


def test_an_engine_that_takes_no_place_back_holds_room_for_all_that_is_written() -> None:
    never, halfway = (
        engine(DENSE, a_chip(memory_gb=80.0), constants=Book(reserved_share=share))
        for share in (1.0, 0.5)
    )
    assert requests_max(never, 500, 1000) == requests_max(never, 1500)
    assert requests_max(halfway, 500, 1000) == requests_max(halfway, 1000)


def test_no_more_run_than_an_engine_batches() -> None:
    book = Book(running_max_count=16.0)
    alone = engine(DENSE, a_chip(memory_gb=80.0), constants=book)
    assert running_max(alone, 100) == 16
    spread = engine(
        LATENT, a_chip(memory_gb=140.0), Layout(dp=16, ep=16), constants=book, precision="fp8"
    )
    assert running_max(spread, 100) == 256


def test_groups_of_attention_each_hold_their_own_requests() -> None:
    spread = engine(LATENT, a_chip(memory_gb=140.0), Layout(dp=16, ep=16), precision="fp8")
    assert requests_max(spread, 5000) == pytest.approx(
        16 * free_bytes(spread) / request_bytes(spread, 5000)
    )


def test_no_request_fits_where_the_weights_do_not() -> None:
    small = engine(GROUPED, a_chip(memory_gb=80.0))
    assert free_bytes(small) < 0
    assert requests_max(small, 1000) == 0


@pytest.mark.parametrize("card", [DENSE, GROUPED, LATENT, WINDOWED], ids=lambda card: card.name)
@pytest.mark.parametrize("tokens", [1000.0, 100_000.0])
def test_the_fewest_chips_hold_a_request_and_half_of_them_do_not(
    card: ModelCard, tokens: float
) -> None:
    one = engine(card, a_chip(memory_gb=80.0))
    needed = copies_of_chips(one, tokens)
    assert needed is not None
    assert needed & (needed - 1) == 0
    memory = needed * 80 * GIB
    assert memory >= weight_bytes(one) + request_bytes(one, tokens)
    assert needed == 1 or memory / 2 < 1.3 * (weight_bytes(one) + 8 * request_bytes(one, tokens))


def test_no_number_of_chips_holds_what_is_too_long() -> None:
    one = engine(LATENT, a_chip(memory_gb=80.0))
    assert copies_of_chips(one, 1e12) is None
    assert copies_of_chips(one, 1000.0, limit=4) is None


CAPABLE = [chip_id for chip_id, chip in catalogue().chips.items() if not lacks(chip)]


@pytest.mark.parametrize("chip_id", CAPABLE)
def test_a_smaller_precision_never_needs_more_memory(chip_id: str) -> None:
    chip = catalogue().chips[chip_id]
    for name, card in models().items():
        held = {
            precision: weight_bytes(engine(card, chip, precision=precision)) for precision in BYTES
        }
        assert max(held["fp4"], held["int4"]) <= min(held["fp8"], held["int8"]), name
        assert max(held["fp8"], held["int8"]) <= held["bf16"], name
