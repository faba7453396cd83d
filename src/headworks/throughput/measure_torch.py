"""A GPU through PyTorch: the operations that are timed, and the clock that times them."""

from __future__ import annotations

import datetime as dt
import platform
import subprocess
from itertools import cycle
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as functions
from torch.cuda import nccl

if TYPE_CHECKING:
    from headworks.throughput.measure import Call, Shape

RING_BYTES = 2**29
"""Bytes of the weights that calls go round, so that none is found in the chip's cache."""
RING_MAX = 64
SMI = (
    "driver_version",
    "clocks.sm",
    "clocks.mem",
    "clocks.max.sm",
    "power.limit",
    "temperature.gpu",
)
"""What `nvidia-smi` is asked for."""


def cuda_is_there() -> bool:
    """Return whether PyTorch finds an NVIDIA GPU."""
    return bool(torch.cuda.is_available() and torch.version.cuda)


class TorchDevice:
    """The first GPU that PyTorch finds; messages go over all."""

    def about(self) -> dict[str, Any]:
        """Return name, driver, clocks and versions; clocks are those of this moment."""
        found = torch.cuda.get_device_properties(0)
        return {
            "name": found.name,
            "count": torch.cuda.device_count(),
            "memory_bytes": found.total_memory,
            "multiprocessors": found.multi_processor_count,
            "compute_capability": f"{found.major}.{found.minor}",
            **_smi(),
            "torch": str(torch.__version__),
            "cuda": str(torch.version.cuda),
            "python": platform.python_version(),
            "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        }

    def elapsed_s(self, call: Call, repeats: int) -> float:
        """Return the seconds that calls take by the GPU's own clock."""
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        torch.cuda.synchronize()
        start.record()
        for _ in range(repeats):
            call()
        end.record()
        torch.cuda.synchronize()
        return float(start.elapsed_time(end)) / 1e3

    def prepare(self, operation: str, shape: Shape) -> Call | None:
        """Return a call that runs the operation once; None where there is no such thing here."""
        torch.cuda.empty_cache()
        makers = {
            "gemm": _gemm,
            "prompt_attention": _prompt_attention,
            "cached_attention": _cached_attention,
            "copy": _copy,
            "all_reduce": _all_reduce,
        }
        return makers[operation](shape)


def _smi() -> dict[str, str]:
    """Return what the driver says; nothing where its tool is not there."""
    command = ["nvidia-smi", "-i", "0", f"--query-gpu={','.join(SMI)}", "--format=csv,noheader"]
    try:
        shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=20)  # noqa: S603 - fixed words
    except (OSError, subprocess.SubprocessError):
        return {}
    values = (part.strip() for part in shown.stdout.splitlines()[0].split(","))
    return {name.replace(".", "_"): value for name, value in zip(SMI, values, strict=False)}


def _sizes(shape: Shape, *names: str) -> list[int]:
    return [int(shape[name]) for name in names]


def _gemm(shape: Shape) -> Call | None:
    """Return a product of rows with one of a ring of weights."""
    m, n, k = _sizes(shape, "m", "n", "k")
    precision = shape["precision"]
    each = n * k * (2 if precision == "bf16" else 1)
    ring = min(max(RING_BYTES // each, 1), RING_MAX)
    rows = torch.randn(m, k, device="cuda", dtype=torch.bfloat16)
    weights = [torch.randn(n, k, device="cuda", dtype=torch.bfloat16) for _ in range(ring)]
    if precision == "bf16":
        turn = cycle(weights)
        return lambda: functions.linear(rows, next(turn))
    if precision == "int8":
        if m <= 16:  # noqa: PLR2004 - the kernel takes no fewer rows
            return None
        few = torch.randint(-8, 8, (m, k), device="cuda", dtype=torch.int8)
        turn = cycle([weight.to(torch.int8).t() for weight in weights])
        return lambda: torch._int_mm(few, next(turn))  # noqa: SLF001 - there is no public one
    if torch.cuda.get_device_capability(0) < (8, 9):
        return None
    one = torch.ones((), device="cuda", dtype=torch.float32)
    small = rows.to(torch.float8_e4m3fn)
    turn = cycle([weight.to(torch.float8_e4m3fn).t() for weight in weights])
    return lambda: torch._scaled_mm(  # noqa: SLF001 - there is no public one
        small, next(turn), scale_a=one, scale_b=one, out_dtype=torch.bfloat16
    )


def _heads(shape: Shape, queries: int) -> tuple[Any, Any, Any]:
    """Return queries, keys and values in 16 bits."""
    batch, length, heads, kv_heads, dim = _sizes(
        shape, "batch", "length", "heads", "kv_heads", "head_dim"
    )
    options = {"device": "cuda", "dtype": torch.bfloat16}
    query = torch.randn(batch, heads, queries, dim, **options)
    key = torch.randn(batch, kv_heads, length, dim, **options)
    return query, key, torch.randn_like(key)


def _prompt_attention(shape: Shape) -> Call:
    query, key, value = _heads(shape, int(shape["length"]))
    return lambda: functions.scaled_dot_product_attention(
        query, key, value, is_causal=True, enable_gqa=True
    )


def _cached_attention(shape: Shape) -> Call:
    """Return attention of one new token of each request; its group of heads counts as rows."""
    query, key, value = _heads(shape, 1)
    batch, heads, _, dim = query.shape
    grouped = query.view(batch, key.shape[1], heads // key.shape[1], dim)
    return lambda: functions.scaled_dot_product_attention(grouped, key, value)


def _copy(shape: Shape) -> Call:
    (size,) = _sizes(shape, "bytes")
    source = torch.empty(size, device="cuda", dtype=torch.uint8)
    target = torch.empty_like(source)
    return lambda: target.copy_(source)


def _all_reduce(shape: Shape) -> Call | None:
    """Return a sum over all GPUs of this machine; None where there is one."""
    count = torch.cuda.device_count()
    if count < 2:  # noqa: PLR2004 - one has nobody to send to
        return None
    (size,) = _sizes(shape, "bytes")
    parts = [
        torch.ones(size // 2, device=f"cuda:{number}", dtype=torch.bfloat16)
        for number in range(count)
    ]
    return lambda: nccl.all_reduce(parts)
