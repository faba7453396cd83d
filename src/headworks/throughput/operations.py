"""Operations: matrix products, attention and experts on one chip, as rooflines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput.cost import Cost, computing, roofline, streaming, waiting

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws
    from headworks.throughput.machine import Machine
    from headworks.throughput.precision import Format

ACTIVATION_BYTES = 2.0
"""Bytes of an activation between operations, which engines keep at 16 bits."""


def realised_flops(machine: Machine, dtype: str) -> Draws:
    """Return the operations per second that large products reach, shape `(draw,)`.

    A chip of much arithmetic and little power cannot feed all of it: of a peak with `w` watts of
    design power per TFLOP/s, products reach `w / (w + power_w_per_tflops)`. One number so explains
    why the H20 reaches 0.92 of its peak at 8 bits, the H100 0.62, and the B200 0.53, and 0.43 at 4.
    """
    if dtype not in machine.realised:
        constants = machine.constants
        watts = machine.watts_per_tflops[dtype]
        reach = watts / (watts + constants["power_w_per_tflops"]) * constants["kernel_factor"]
        most = np.minimum(reach, constants["kernel_most_share"])
        machine.realised[dtype] = machine.flops[dtype] * most
    return machine.realised[dtype]


def product(
    machine: Machine, tokens: Draws | float, k: Draws | float, n: Draws | float, form: Format
) -> Cost:
    """Return the cost of `tokens` rows times a resident matrix of `k` by `n` weights.

    Kernels work on tiles of rows, so that a few rows cost as much arithmetic as one tile.
    """
    constants = machine.constants
    rows = np.maximum(tokens, constants["tile_rows_count"])
    compute = rows * (2.0 * k * n) / realised_flops(machine, form.dtype)
    traffic = k * n * form.bytes + ACTIVATION_BYTES * tokens * (k + n)
    rate = machine.bandwidth * constants["weight_stream_share"] * _narrow(machine, form)
    return roofline(compute, traffic / rate, machine.sharpness)


def experts(
    machine: Machine,
    tokens: Draws | float,
    held: Draws | float,
    touched: Draws | float,
    size: Draws | float,
    hidden: float,
    form: Format,
) -> Cost:
    """Return the cost of the routed experts of one layer on one chip.

    Args:
        machine: The chip.
        tokens: Rows that reach this chip's experts, each counted once per expert.
        held: Experts on this chip, for the tile of each that is begun at most.
        touched: Experts of this chip that at least one row reaches.
        size: Weights of one expert on this chip.
        hidden: Length of a row.
        form: How the weights are stored and multiplied.

    Every expert that is reached is read once and works on whole tiles of rows, of which the last
    is half empty on average; kernels suit their tiles to the rows, so that no more is computed in
    vain than is of use. Before and after its products, kernels of their own sort the rows by
    expert, quantise, weigh and sum them; where experts are multiplied in 4 bits, kernels that are
    fused gather the rows as they multiply and pass over them less often.
    """
    constants = machine.constants
    reached = np.maximum(np.minimum(touched, held), 1e-9)
    each = tokens / reached
    each = each + np.minimum(each / 2.0, constants["expert_padding_rows_count"])
    rows = np.maximum(each, constants["expert_tile_rows_count"]) * reached
    fused = "fused_" if form.dtype == "fp4" else ""
    share = constants[f"{fused}expert_gemm_share"]
    if form.bytes < 1 and not fused:
        share = share * constants["widened_expert_share"]
    compute = 2.0 * rows * size / (realised_flops(machine, form.dtype) * share)
    traffic = reached * size * form.bytes + 2.0 * ACTIVATION_BYTES * tokens * hidden
    rate = machine.bandwidth * constants["expert_stream_share"] * _narrow(machine, form)
    sorting = constants[f"{fused}expert_passes_count"] * ACTIVATION_BYTES * tokens * hidden
    cost = roofline(compute, traffic / rate, machine.sharpness)
    return cost + _streamed(machine, sorting)


def cached_attention(
    machine: Machine, flops: Draws | float, kv_bytes: Draws | float, *, latent: bool
) -> Cost:
    """Return the cost of attending from new tokens to what is cached.

    Args:
        machine: The chip.
        flops: Operations on this chip.
        kv_bytes: Bytes of keys and values read on this chip.
        latent: Whether the cache is latent (MLA), where all heads share one vector and arithmetic
            may bind.
    """
    constants = machine.constants
    reach = constants["latent_attention_share" if latent else "cached_attention_share"]
    compute = flops / (machine.flops[_sixteen(machine)] * reach)
    bandwidth = kv_bytes / (machine.bandwidth * constants["kv_stream_share"])
    return roofline(compute, bandwidth + machine.zero, machine.sharpness)


def prompt_attention(machine: Machine, flops: Draws | float, length: float) -> Cost:
    """Return the cost of attention within prompts of a length, whose kernels grow efficient."""
    constants = machine.constants
    half = constants["prompt_attention_half_count"]
    reach = constants["prompt_attention_share"] * length / (length + half)
    return computing(flops / (machine.flops[_sixteen(machine)] * reach))


def passes(machine: Machine, tokens: Draws | float, hidden: float) -> Cost:
    """Return the cost of what reads and writes activations: norms, rotations, additions."""
    constants = machine.constants
    traffic = constants["activation_passes_count"] * ACTIVATION_BYTES * tokens * hidden
    return _streamed(machine, traffic)


def launches(machine: Machine, layers: float, *, latent: bool, experts: Format | None) -> Cost:
    """Return the fixed time of so many layers: launches, and what is too small to scale.

    Args:
        machine: The chip.
        layers: Layers.
        latent: Whether their attention is latent (MLA).
        experts: How their experts are stored and multiplied; None for dense layers.

    Routing, sorting and products of experts are fused into few kernels where experts are multiplied
    in 4 bits; elsewhere more of them are launched one by one.
    """
    constants = machine.constants
    each = constants["layer_us" if experts is None else "expert_layer_us"]
    if experts is not None and experts.dtype != "fp4":
        each = each + constants["wide_expert_layer_us"]
    if latent:
        each = each + constants["latent_layer_us"]
    return waiting(layers * each * 1e-6)


def scheduling(machine: Machine, requests: Draws | float) -> Cost:
    """Return the time of one step outside the chips: a fixed part, and a part for each request."""
    constants = machine.constants
    return waiting((constants["step_us"] + constants["step_request_us"] * requests) * 1e-6)


def _streamed(machine: Machine, traffic: Draws | float) -> Cost:
    """Return the cost of so many bytes that are read or written and hardly computed with."""
    return streaming(traffic / (machine.bandwidth * machine.constants["weight_stream_share"]))


def _narrow(machine: Machine, form: Format) -> Draws | float:
    """Return how much slower weights of less than a byte are read than wider ones."""
    return machine.constants["narrow_stream_factor"] if form.bytes < 1 else 1.0


def _sixteen(machine: Machine) -> str:
    """Return the data type of 16 bits that attention computes in, or the chip's only one."""
    return next(
        (dtype for dtype in ("bf16", "fp16") if dtype in machine.flops), next(iter(machine.flops))
    )
