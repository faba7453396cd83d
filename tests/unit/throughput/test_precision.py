"""Precision: what a checkpoint becomes on chips with and without its arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from headworks.errors import UnknownName
from headworks.scenario.catalogue import catalogue
from headworks.throughput import model
from headworks.throughput.machine import lacks
from headworks.throughput.precision import BYTES, Format, Precision, named, precision_on
from tests.unit.throughput.ideal import a_chip

if TYPE_CHECKING:
    from headworks.throughput.model_card import ModelCard

DENSE, EXPERTS = model("llama-3.1-70b"), model("deepseek-v3")

CAPABLE = [chip_id for chip_id, chip in catalogue().chips.items() if not lacks(chip)]


def on(chip: str, precision: str | None, card: str = "llama-3.1-70b", **asked: str) -> Precision:
    return precision_on(catalogue().chip(chip), model(card), precision, **asked)


@pytest.mark.parametrize("chip", ["ascend-910b", "ascend-910c", "mlu590", "kunlun-p800"])
def test_8_bit_floats_become_8_bit_integers_where_there_are_only_these(chip: str) -> None:
    found = on(chip, "fp8", "deepseek-v3")
    assert found.weights == found.attention == Format(1.0, "int8")
    assert found.head == Format(2.0, "bf16")
    name = catalogue().chip(chip).name
    assert f"{name} has no FP8 arithmetic: weights are stored as INT8" in found.assumptions


@pytest.mark.parametrize("chip", ["br106", "br166"])
def test_8_bits_become_16_where_there_are_no_8(chip: str) -> None:
    found = on(chip, "fp8")
    assert found.weights == Format(2.0, "bf16")
    assert any("stored as BF16" in text for text in found.assumptions)


@pytest.mark.parametrize("chip", ["h100-sxm", "h200-sxm", "h20", "h800", "a100-80gb"])
@pytest.mark.parametrize("precision", ["fp4", "mxfp4", "nvfp4"])
def test_4_bits_are_widened_where_there_is_no_such_arithmetic(chip: str, precision: str) -> None:
    found = on(chip, precision)
    assert found.weights.dtype == "bf16"
    assert found.weights.bytes == BYTES["fp4"] < 0.6
    assert any("widened to BF16" in text for text in found.assumptions)


@pytest.mark.parametrize("chip", ["b200", "gb200", "b300", "mi355x"])
def test_4_bits_are_multiplied_as_such_where_they_can_be(chip: str) -> None:
    found = on(chip, "fp4")
    assert found.weights == Format(BYTES["fp4"], "fp4")
    assert not any("arithmetic" in text for text in found.assumptions)


def test_a_doubtful_rate_is_not_used() -> None:
    found = on("b30a", "fp4")
    assert "fp4" in catalogue().chip("b30a").doubtful
    assert found.weights.dtype == "bf16"
    assert found.weights.bytes < 1


@pytest.mark.parametrize("chip", CAPABLE)
@pytest.mark.parametrize("precision", BYTES)
def test_arithmetic_is_never_of_a_rate_that_the_chip_lacks(chip: str, precision: str) -> None:
    found = on(chip, precision)
    for form in (found.weights, found.attention, found.head):
        assert form.dtype in catalogue().chips[chip].peak_tflops
        assert form.dtype not in catalogue().chips[chip].doubtful
    assert found.weights.bytes >= BYTES[precision]


def test_arithmetic_of_integers_is_not_taken_for_4_bits() -> None:
    """Weights of 4 bits are widened to 16: INT8 has no place for their scales."""
    assert on("ascend-910b", "int4").weights == Format(BYTES["int4"], "bf16")


def test_bytes_of_formats_with_scales() -> None:
    # NVFP4: 8 bits for 16 values; GPTQ: 16 bits of scale for 128, and their zero points
    assert BYTES["fp4"] == (4 + 8 / 16) / 8
    assert BYTES["int4"] == pytest.approx((4 + (16 + 4) / 128) / 8, abs=0.02)


def test_experts_in_4_bits_leave_attention_in_16() -> None:
    found = on("h200-sxm", "fp4", "gpt-oss-120b")
    assert found.attention == Format(2.0, "bf16")
    dense = on("h200-sxm", "fp4", "llama-3.1-70b")
    assert dense.attention == dense.weights


def test_without_a_precision_it_is_that_of_the_checkpoint() -> None:
    for name, own in (("deepseek-v3", "fp8"), ("llama-3.1-70b", "bf16"), ("gpt-oss-120b", "fp4")):
        found = on("b200", None, name)
        assert found.name == own
        assert f"precision: {own}, as the checkpoint is published" in found.assumptions


def test_keys_and_values_are_as_stated() -> None:
    assert on("h200-sxm", "fp8", kv_precision="fp8").kv_bytes == 1
    assert on("h200-sxm", "fp8", kv_precision="bf16").kv_bytes == 2
    stated = on("h200-sxm", "fp8", kv_precision="bf16").assumptions
    assert not any("keys and values" in text for text in stated)
    assert any("keys and values" in text for text in on("h200-sxm", "fp8").assumptions)


@pytest.mark.parametrize(
    ("spelling", "own"),
    [("FP8", "fp8"), (" Fp8 ", "fp8"), ("float16", "bf16"), ("W8A8", "int8"), ("AWQ", "int4")],
)
def test_spellings_are_known(spelling: str, own: str) -> None:
    assert named(spelling) == own


def test_an_unknown_precision_is_refused_with_the_near_ones() -> None:
    with pytest.raises(UnknownName, match="there is no precision 'fp9'"):
        named("fp9")
    with pytest.raises(UnknownName, match="there is no precision 'q8'"):
        precision_on(a_chip(), DENSE, "fp8", "q8")


@pytest.mark.parametrize("card", [DENSE, EXPERTS], ids=lambda card: card.name)
def test_every_format_of_a_checkpoint_is_understood(card: ModelCard) -> None:
    for weights in ("fp32", "bf16", "fp16", "fp8", "int8", "fp4", "int4"):
        stored = card.model_copy(update={"weights": weights})
        assert precision_on(a_chip(), stored, None).weights.bytes > 0


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("FP8", "fp8"), ("fp8_e4m3", "fp8"), ("FP8 E5M2", "fp8"), ("w8a8", "int8"),
        ("INT4", "int4"), ("mxfp4", "fp4"), ("NVFP4", "fp4"), ("W4A16", "int4"),
        ("BFloat16", "bf16"),
    ],
)  # fmt: skip
def test_precisions_go_by_their_usual_spellings(spelling: str, name: str) -> None:
    assert named(spelling) == name


def test_a_checkpoint_in_4_bits_keeps_its_own_scales() -> None:
    """MXFP4 has a scale of 8 bits for 32 numbers; 4 bits made anew, one for 16."""
    assert on("b200", None, "gpt-oss-120b").weights.bytes == 4.25 / 8
    assert on("b200", "fp4").weights.bytes == 4.5 / 8


def test_what_a_name_tells_gives_way_to_what_is_stated() -> None:
    told = on("h100-sxm", None, told="fp8")
    assert (told.name, told.assumptions[0]) == ("fp8", "precision: fp8, as the model's name says")
    stated = on("h100-sxm", "bf16", told="fp8")
    assert stated.name == "bf16"
    assert not any("name" in said for said in stated.assumptions)
    assert on("h100-sxm", None).assumptions[0] == "precision: bf16, as the checkpoint is published"
