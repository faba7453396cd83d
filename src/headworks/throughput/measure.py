"""Measure: times operations on the GPU at hand, as calibration data with the device's name."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from headworks.errors import Fault, InputError

if TYPE_CHECKING:
    from headworks.throughput.search import Progress

Call: TypeAlias = Callable[[], object]
Shape: TypeAlias = dict[str, int | str]

WARM_UP = 3
"""Calls before the clock runs: kernels are chosen and compiled in the first ones."""
BATCH_S = 0.02
"""Seconds that a timed run of calls should last, so that starting the clock does not count."""
REPEATS_MAX = 1000
RUNS = 5
"""Timed runs, of which the median is taken."""

PRODUCT_ROWS = (1, 16, 64, 256, 1024, 4096, 16384)
PRODUCT_SIZES = ((8192, 8192), (28672, 8192), (7168, 2048), (2048, 7168))
"""Columns and length of weights: two of Llama 3.1 70B, and an expert of DeepSeek-V3 both ways."""
PRECISIONS = ("bf16", "fp8", "int8")
PROMPTS = ((8, 1024), (2, 4096), (1, 16384))
CACHES = ((1, 4096), (32, 4096), (128, 4096), (16, 32768))
"""Requests and tokens of each."""
HEADS: Shape = {"heads": 64, "kv_heads": 8, "head_dim": 128}
"""Heads of Llama 3.1 70B."""
COPIES = (2**20, 2**26, 2**30)
MESSAGES = (2**13, 2**16, 2**20, 2**23, 2**26, 2**28)
"""Bytes."""


class Device(Protocol):
    """What operations are timed on."""

    def about(self) -> dict[str, Any]:
        """Return what the device is: name, driver, clocks, versions of software."""
        ...

    def prepare(self, operation: str, shape: Shape) -> Call | None:
        """Return a call that runs the operation once; None where the device does not have it.

        Raises:
            RuntimeError: The device refuses, or has no memory for it.
        """
        ...

    def elapsed_s(self, call: Call, repeats: int) -> float:
        """Return the seconds that so many calls take one after another."""
        ...


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one call takes."""

    seconds: float
    """Median of the runs."""
    spread: float
    """Longest less shortest run, over the median."""
    repeats: int
    """Calls in each run."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was timed."""

    device: Mapping[str, Any]
    rows: tuple[Mapping[str, Any], ...]
    """One for each operation and shape, with `value_us` and what follows from it."""
    left_out: tuple[Mapping[str, Any], ...]
    """Operations that the device does not have or refused, with `reason`."""

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain values, as the file of calibration holds them."""
        return {
            "device": dict(self.device),
            "measurements": [dict(row) for row in self.rows],
            "left_out": [dict(row) for row in self.left_out],
        }


def measure(device: Device, progress: Progress | None = None) -> Measured:
    """Return the times of all operations on a device.

    Args:
        device: What to time on.
        progress: Told the operations that are done and all of them.
    """
    rows: list[dict[str, Any]] = []
    left_out: list[dict[str, Any]] = []
    planned = list(plan())
    for done, (operation, shape) in enumerate(planned):
        if progress is not None:
            progress(done, len(planned))
        named = {"operation": operation, **shape}
        try:
            call = device.prepare(operation, shape)
            if call is None:
                left_out.append({**named, "reason": "the device does not have it"})
                continue
            rows.append({**named, **_results(operation, shape, timed(device, call))})
        except (RuntimeError, NotImplementedError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            left_out.append({**named, "reason": reason})
    return Measured(device.about(), tuple(rows), tuple(left_out))


def plan() -> Iterator[tuple[str, Shape]]:
    """Yield the operations that are timed, each with its shape."""
    for precision in PRECISIONS:
        for n, k in PRODUCT_SIZES:
            for m in PRODUCT_ROWS:
                yield "gemm", {"m": m, "n": n, "k": k, "precision": precision}
    for batch, length in PROMPTS:
        yield "prompt_attention", {"batch": batch, "length": length, **HEADS, "precision": "bf16"}
    for batch, length in CACHES:
        yield "cached_attention", {"batch": batch, "length": length, **HEADS, "precision": "bf16"}
    for size in COPIES:
        yield "copy", {"bytes": size}
    for size in MESSAGES:
        yield "all_reduce", {"bytes": size}


def timed(device: Device, call: Call) -> Timing:
    """Return how long a call takes: the median of runs that are each long enough to be timed."""
    device.elapsed_s(call, WARM_UP)
    once = max(device.elapsed_s(call, 1), 1e-9)
    repeats = min(max(math.ceil(BATCH_S / once), 1), REPEATS_MAX)
    runs = sorted(device.elapsed_s(call, repeats) / repeats for _ in range(RUNS))
    middle = median(runs)
    return Timing(middle, (runs[-1] - runs[0]) / middle if middle else 0.0, repeats)


def _results(operation: str, shape: Shape, timing: Timing) -> dict[str, Any]:
    """Return a time with the rates that follow from it."""
    found: dict[str, Any] = {"value_us": round(timing.seconds * 1e6, 3)}
    flops, moved = work(operation, shape)
    if flops:
        found["tflops"] = round(flops / timing.seconds / 1e12, 2)
    if moved:
        found["gb_per_s"] = round(moved / timing.seconds / 1e9, 1)
    return found | {"spread": round(timing.spread, 4), "repeats": timing.repeats}


def work(operation: str, shape: Shape) -> tuple[float, float]:
    """Return the operations and the bytes of memory or of messages that a call takes at least."""
    size = {name: float(value) for name, value in shape.items() if not isinstance(value, str)}
    if operation == "gemm":
        m, n, k = size["m"], size["n"], size["k"]
        weight = 2.0 if shape["precision"] == "bf16" else 1.0
        return 2.0 * m * n * k, weight * (n * k + m * k) + 2.0 * m * n
    if operation == "copy":
        return 0.0, 2.0 * size["bytes"]  # read and written
    if operation == "all_reduce":
        return 0.0, size["bytes"]
    batch, length = size["batch"], size["length"]
    cached = 2.0 * 2.0 * batch * length * size["kv_heads"] * size["head_dim"]
    pairs = batch * size["heads"] * size["head_dim"] * length
    if operation == "prompt_attention":
        return 4.0 * pairs * length / 2.0, 0.0  # half of the square, as attention is causal
    return 4.0 * pairs, cached


def device_at_hand() -> Device:
    """Return the GPU at hand.

    Raises:
        InputError: PyTorch is not installed, or finds no GPU.
    """
    from importlib.util import find_spec

    if find_spec("torch") is None:
        remedy = "install it on a machine with an NVIDIA GPU: pip install 'headworks[measure]'"
        raise InputError([Fault("--measure", 0, "", "PyTorch is not installed", remedy)])
    from headworks.throughput.measure_torch import TorchDevice, cuda_is_there

    if not cuda_is_there():
        message = "PyTorch finds no NVIDIA GPU"
        remedy = "run it where `nvidia-smi` shows one, with a PyTorch that is built for CUDA"
        raise InputError([Fault("--measure", 0, "", message, remedy)])
    return TorchDevice()
