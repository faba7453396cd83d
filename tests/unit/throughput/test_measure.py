"""Measuring: the clock, what is timed, what is left out, and where there is no GPU."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from headworks.errors import InputError
from headworks.throughput import measure as measuring
from headworks.throughput.measure import BATCH_S, REPEATS_MAX, RUNS, measure, plan, timed, work


class FakeDevice:
    """A device whose calls take a set time, the first of them ten times as long."""

    def __init__(self, seconds: float = 1e-4, refuses: Callable[[str], bool] | None = None) -> None:
        self.seconds = seconds
        self.refuses = refuses or (lambda _operation: False)
        self.calls: list[int] = []

    def about(self) -> dict[str, Any]:
        return {"name": "Fake GPU", "driver_version": "1.2", "clocks_sm": "1 MHz", "count": 1}

    def prepare(self, operation: str, shape: dict[str, Any]) -> Callable[[], object] | None:
        if operation == "all_reduce":
            return None
        if self.refuses(operation):
            message = "out of memory\nand a long trace"
            raise RuntimeError(message)
        return lambda: shape

    def elapsed_s(self, call: Callable[[], object], repeats: int) -> float:
        call()
        first = not self.calls
        self.calls.append(repeats)
        return self.seconds * (repeats + (9 if first else 0))


def test_a_timing_warms_up_repeats_and_takes_the_median() -> None:
    device = FakeDevice(1e-4)
    found = timed(device, lambda: None)
    assert found.seconds == pytest.approx(1e-4)
    assert found.repeats == pytest.approx(BATCH_S / 1e-4)
    assert found.spread == 0
    assert device.calls == [measuring.WARM_UP, 1, *[found.repeats] * RUNS]


@pytest.mark.parametrize(
    ("seconds", "repeats"), [(1.0, 1), (1e-9, REPEATS_MAX), (0.0, REPEATS_MAX)]
)
def test_repeats_stay_within_bounds(seconds: float, repeats: int) -> None:
    assert timed(FakeDevice(seconds), lambda: None).repeats == repeats


def test_one_slow_run_moves_the_spread_and_not_the_time() -> None:
    class Uneven(FakeDevice):
        def elapsed_s(self, call: Callable[[], object], repeats: int) -> float:
            return super().elapsed_s(call, repeats) * (3 if len(self.calls) == 4 else 1)

    found = timed(Uneven(1e-3), lambda: None)
    assert found.seconds == pytest.approx(1e-3)
    assert found.spread == pytest.approx(2)


def test_what_is_measured_names_the_device_and_has_rates() -> None:
    told: list[tuple[int, int]] = []
    found = measure(FakeDevice(), lambda *numbers: told.append(numbers)).to_json()
    assert found["device"]["name"] == "Fake GPU"
    assert {row["operation"] for row in found["measurements"]} == {
        "gemm", "prompt_attention", "cached_attention", "copy",
    }  # fmt: skip
    gemm = next(row for row in found["measurements"] if row["m"] == 4096)
    assert gemm["value_us"] == pytest.approx(100)
    flops = 2 * gemm["m"] * gemm["n"] * gemm["k"]
    assert gemm["tflops"] == pytest.approx(flops / 1e-4 / 1e12, rel=1e-3)
    assert all(row["reason"] == "the device does not have it" for row in found["left_out"])
    assert len(told) == len(list(plan()))


def test_what_a_device_refuses_is_left_out_with_its_reason() -> None:
    found = measure(FakeDevice(refuses=lambda operation: operation == "gemm"))
    assert not [row for row in found.rows if row["operation"] == "gemm"]
    reasons = {row["reason"] for row in found.left_out if row["operation"] == "gemm"}
    assert reasons == {"out of memory"}


def test_the_plan_has_several_sizes_and_formats() -> None:
    planned = list(plan())
    gemms = [shape for operation, shape in planned if operation == "gemm"]
    assert len({shape["precision"] for shape in gemms}) >= 3
    assert len({shape["m"] for shape in gemms}) >= 5
    assert {operation for operation, _ in planned} == {
        "gemm", "prompt_attention", "cached_attention", "copy", "all_reduce",
    }  # fmt: skip


def test_the_work_of_operations_is_as_counted_by_hand() -> None:
    assert work("gemm", {"m": 2, "n": 3, "k": 5, "precision": "bf16"}) == (60, 2 * (15 + 10) + 12)
    assert work("gemm", {"m": 2, "n": 3, "k": 5, "precision": "fp8"}) == (60, 15 + 10 + 12)
    assert work("copy", {"bytes": 7}) == (0, 14)
    heads: dict[str, int | str] = {"heads": 8, "kv_heads": 2, "head_dim": 16}
    flops, _ = work("prompt_attention", {"batch": 1, "length": 10, **heads})
    assert flops == 4 * 8 * 16 * 10 * 10 / 2
    flops, cached = work("cached_attention", {"batch": 3, "length": 10, **heads})
    assert flops == 4 * 3 * 8 * 16 * 10
    assert cached == 2 * 3 * 10 * 2 * 16 * 2


def test_without_pytorch_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(InputError, match="PyTorch is not installed") as refused:
        measuring.device_at_hand()
    assert "headworks[measure]" in refused.value.faults[0].remedy


def test_without_a_gpu_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Module:
        @staticmethod
        def cuda_is_there() -> bool:
            return False

        TorchDevice = FakeDevice

    monkeypatch.setattr("importlib.util.find_spec", lambda _name: object())
    monkeypatch.setitem(sys.modules, "headworks.throughput.measure_torch", Module)
    with pytest.raises(InputError, match="PyTorch finds no NVIDIA GPU"):
        measuring.device_at_hand()
    monkeypatch.setattr(Module, "cuda_is_there", staticmethod(lambda: True))
    assert measuring.device_at_hand().about()["name"] == "Fake GPU"


def test_nothing_else_loads_pytorch() -> None:
    assert "torch" not in sys.modules
    assert "headworks.throughput.measure_torch" not in sys.modules
