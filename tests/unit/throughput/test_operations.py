"""Operations: rooflines by hand, tiles of rows, and what power lets a peak reach."""

from __future__ import annotations

import numpy as np
import pytest

from headworks.throughput.machine import Machine, machine
from headworks.throughput.operations import (
    cached_attention,
    experts,
    launches,
    passes,
    product,
    prompt_attention,
    realised_flops,
    scheduling,
)
from headworks.throughput.precision import Format
from tests.unit.throughput.ideal import INSTANT, Book, a_chip, computing, reading

BF16, FP8 = Format(2.0, "bf16"), Format(1.0, "fp8")
PEAK, BANDWIDTH = 1000e12, 4000e9


def fast(**constants: float) -> Machine:
    """Return a machine on which only arithmetic takes time."""
    return machine("round-one", computing(), count=1, constants=Book(**constants))


def slow(**constants: float) -> Machine:
    """Return a machine on which only memory traffic takes time."""
    return machine("round-one", reading(), count=1, constants=Book(**constants))


def test_a_product_takes_two_operations_per_weight_and_row() -> None:
    found = product(fast(), 256, 4096, 8192, BF16).total[0]
    assert found == pytest.approx(2 * 256 * 4096 * 8192 / PEAK)
    assert product(fast(), 256, 4096, 8192, FP8).total[0] == pytest.approx(found / 2)


def test_a_product_reads_its_weights_once_and_its_rows() -> None:
    found = product(slow(), 256, 4096, 8192, BF16).total[0] * BANDWIDTH
    assert found == pytest.approx(4096 * 8192 * 2 + 256 * (4096 + 8192) * 2)
    narrow = product(slow(), 256, 4096, 8192, FP8).total[0] * BANDWIDTH
    assert narrow == pytest.approx(4096 * 8192 + 256 * (4096 + 8192) * 2)
    half = product(slow(weight_stream_share=0.5), 256, 4096, 8192, BF16).total[0] * BANDWIDTH
    assert half == pytest.approx(2 * found)


def test_few_rows_cost_as_much_arithmetic_as_a_tile() -> None:
    tiled = fast(tile_rows_count=64.0)
    one, tile, more = (product(tiled, n, 4096, 8192, BF16).total[0] for n in (1, 64, 128))
    assert one == pytest.approx(tile)
    assert more == pytest.approx(2 * tile)


@pytest.mark.parametrize(
    ("chip", "rows"), [((989, 4.8), 206), ((989, 3.35), 295), ((148, 4.0), 37), ((2250, 8.0), 281)]
)
def test_the_ridge_lies_at_the_published_rows(chip: tuple[float, float], rows: int) -> None:
    """Of H200, H100, H20 and B200: both sides meet at peak / (2 x bandwidth) x bytes per weight."""
    peak, bandwidth = chip
    rates = machine(
        "known",
        a_chip(peak_tflops={"bf16": peak}, memory_bandwidth_gb_per_s=bandwidth * 1e3),
        count=1,
        constants=Book(),
    )
    below, above = (
        product(rates, rows * factor, 1e6, 1e6, BF16).bound_by() for factor in (0.98, 1.02)
    )
    assert (below, above) == ("bandwidth", "compute")


def test_power_bounds_what_products_reach() -> None:
    """700 W for 1000 TFLOP/s reach 0.7 / (0.7 + 0.3) of it; in 8 bits 0.35 / (0.35 + 0.3)."""
    limited = fast(power_w_per_tflops=0.3)
    assert realised_flops(limited, "bf16")[0] == pytest.approx(0.7 * PEAK)
    assert realised_flops(limited, "fp8")[0] == pytest.approx(0.35 / 0.65 * 2 * PEAK)
    assert realised_flops(fast(kernel_factor=0.5), "bf16")[0] == pytest.approx(0.5 * PEAK)


def test_no_kernel_reaches_more_than_the_peak() -> None:
    assert realised_flops(fast(kernel_factor=1.5), "bf16")[0] == PEAK


@pytest.mark.parametrize("peak", [10.0, 100.0, 1000.0, 10_000.0])
def test_a_higher_peak_at_the_same_power_reaches_more_in_all(peak: float) -> None:
    lower, higher = (
        realised_flops(
            machine(
                "round-one",
                a_chip(peak_tflops={"bf16": rate}),
                count=1,
                constants=Book(power_w_per_tflops=0.2),
            ),
            "bf16",
        )[0]
        for rate in (peak, peak * 1.1)
    )
    assert lower < higher < 700 / 0.2 * 1e12


def test_experts_compute_for_each_row_and_read_each_that_is_reached() -> None:
    size, rows = 44e6, 100.0
    found = experts(fast(), rows, 256, 60, size, 7168, BF16).total[0]
    assert found == pytest.approx(2 * rows * size / PEAK)
    read = experts(slow(), rows, 256, 60, size, 7168, BF16).total[0] * BANDWIDTH
    assert read == pytest.approx(60 * size * 2 + rows * 7168 * 2 * 2)


def test_every_expert_that_is_reached_begins_a_tile() -> None:
    size = 44e6
    found = experts(fast(expert_tile_rows_count=16.0), 100, 256, 60, size, 7168, BF16).total[0]
    assert found == pytest.approx(2 * 60 * 16 * size / PEAK)
    full = experts(fast(expert_tile_rows_count=16.0), 6000, 256, 60, size, 7168, BF16).total[0]
    assert full == pytest.approx(2 * 6000 * size / PEAK)


def test_the_last_tile_of_an_expert_is_half_empty() -> None:
    """Of 128 rows: 1,000 rows of each of 8 experts cost as 1,064; 10 cost no more than 15."""
    chip = fast(expert_padding_rows_count=64.0)
    many, few = (experts(chip, rows, 8, 8, 44e6, 7168, BF16).total[0] for rows in (8000, 80))
    assert many == pytest.approx(2 * 8 * 1064 * 44e6 / PEAK)
    assert few == pytest.approx(2 * 8 * 15 * 44e6 / PEAK)


def test_no_more_experts_are_read_than_are_held() -> None:
    held, all_ = (
        experts(slow(), 100, n, 60, 44e6, 7168, BF16).total[0] * BANDWIDTH for n in (32, 256)
    )
    assert all_ - held == pytest.approx(28 * 44e6 * 2)


def test_experts_in_4_bits_that_must_be_widened_compute_slower() -> None:
    packed = Format(0.5625, "bf16")
    wide, narrow = (
        experts(fast(widened_expert_share=0.5), 1000, 8, 8, 1e8, 4096, form).total[0]
        for form in (BF16, packed)
    )
    assert narrow == pytest.approx(2 * wide)


@pytest.mark.parametrize(("form", "passes"), [(BF16, 6.0), (Format(0.5625, "fp4"), 2.0)])
def test_kernels_that_multiply_in_4_bits_pass_over_their_rows_less_often(
    form: Format, passes: float
) -> None:
    """1,000 rows of 4,096 numbers at 2 bytes, besides what the products read and write."""
    chip = reading(peak_tflops={"bf16": INSTANT, "fp4": INSTANT})
    bare, sorting = (
        experts(machine("round-one", chip, count=1, constants=book), 1000, 8, 8, 1e8, 4096, form)
        for book in (Book(), Book(expert_passes_count=6.0, fused_expert_passes_count=2.0))
    )
    assert (sorting - bare).total[0] * BANDWIDTH == pytest.approx(passes * 1000 * 4096 * 2)


def test_attention_to_the_cache_computes_and_reads_at_once() -> None:
    assert cached_attention(fast(), 1e12, 1e9, latent=False).total[0] == pytest.approx(1e-3)
    assert cached_attention(slow(), 1e12, 1e9, latent=False).total[0] == pytest.approx(0.25e-3)
    shares = {"latent_attention_share": 0.5, "cached_attention_share": 0.25}
    latent, plain = (
        cached_attention(fast(**shares), 1e12, 0.0, latent=kind).total[0] for kind in (True, False)
    )
    assert (latent, plain) == pytest.approx((2e-3, 4e-3))


@pytest.mark.parametrize(("name", "heads", "bound"), [
    ("mha", 1, "bandwidth"), ("gqa of 8", 8, "bandwidth"), ("mla of 128", 128, "compute"),
])  # fmt: skip
def test_latent_attention_alone_passes_the_ridge_of_an_h20(
    name: str, heads: int, bound: str
) -> None:
    """Operations per byte: 1 of each head for its own cache, 242 of 128 heads that share one."""
    h20 = machine(
        "h20",
        a_chip(peak_tflops={"bf16": 148.0}, memory_bandwidth_gb_per_s=4000.0),
        count=1,
        constants=Book(),
    )
    flops = 2.0 * heads * (576 + 512) if heads == 128 else 4.0 * heads * 128
    numbers = 576 if heads == 128 else 2 * 128
    cost = cached_attention(h20, flops * 1e6, numbers * 2 * 1e6, latent=heads == 128)
    assert cost.bound_by() == bound, name


def test_kernels_of_attention_grow_efficient_with_the_prompt() -> None:
    machine_ = fast(prompt_attention_half_count=1500.0, prompt_attention_share=0.8)
    short, long = (prompt_attention(machine_, 1e12, length).total[0] for length in (1500.0, 1e9))
    assert short == pytest.approx(1e-3 / 0.4)
    assert long == pytest.approx(1e-3 / 0.8, rel=1e-5)


def test_what_only_passes_through_is_traffic() -> None:
    cost = passes(slow(activation_passes_count=6.0), 100, 8192)
    assert cost.bandwidth[0] * BANDWIDTH == pytest.approx(6 * 2 * 100 * 8192)


def test_fixed_times_do_not_look_at_the_chip() -> None:
    given = {"step_us": 400.0, "layer_us": 20.0, "latent_layer_us": 30.0}
    for chip in (fast(**given), slow(**given)):
        assert scheduling(chip, 0).total[0] == pytest.approx(400e-6)
        plain = launches(chip, 10, latent=False, experts=None)
        assert plain.total[0] == plain.latency[0] == pytest.approx(200e-6)
        assert launches(chip, 10, latent=True, experts=None).total[0] == pytest.approx(500e-6)


def test_a_step_takes_longer_for_each_of_its_requests() -> None:
    """0.4 ms, and 30 us for each of 64: 2.32 ms."""
    chip = fast(step_us=400.0, step_request_us=30.0)
    assert scheduling(chip, 64).total[0] == pytest.approx(2.32e-3)


def test_experts_that_are_not_multiplied_in_4_bits_take_more_launches() -> None:
    """Weights of 4 bits that are widened to 16 count with those of 16."""
    chip = fast(layer_us=20.0, expert_layer_us=30.0, wide_expert_layer_us=15.0)
    forms = {
        Format(0.5625, "fp4"): 30,
        Format(0.5625, "bf16"): 45,
        BF16: 45,
        Format(1.0, "fp8"): 45,
    }
    for form, each in forms.items():
        found = launches(chip, 10, latent=False, experts=form).total[0]
        assert found == pytest.approx(10 * each * 1e-6)


def test_every_draw_is_by_itself() -> None:
    book = Book(2, kernel_factor=np.array([1.0, 0.5]))
    both = product(machine("round-one", computing(), count=2, constants=book), 256, 1e3, 1e3, BF16)
    assert both.total[1] == pytest.approx(2 * both.total[0])
