"""Chips and constants of the tests' own, where nothing takes time but what a test looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from headworks.scenario.chip import Chip
from headworks.throughput.constants import Constants, meanings, packaged
from headworks.throughput.layout import Layout
from headworks.throughput.machine import machine
from headworks.throughput.precision import precision_on
from headworks.throughput.query import Query
from headworks.throughput.step import Engine

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws
    from headworks.throughput.model_card import ModelCard

INSTANT = 1e15
"""A rate, in the unit of any figure of a chip, at which work takes no time that could be seen."""
FREE = {
    "share": 1.0, "factor": 1.0, "us": 0.0, "ms": 0.0, "log": 0.0, "count": 0.0,
    "w_per_tflops": 0.0, "bytes": 6.0, "gb_per_s": INSTANT,
}  # fmt: skip
"""By unit, the value at which a constant takes no time and loses nothing."""
EXCEPTIONS = {
    "domain_count": 8.0,  # chips on one board
    "exchange_hidden_share": 0.0,  # which hides time, where others lose it
    "reserved_share": 0.5,  # of what is written, which holds room from the start
    "running_max_count": INSTANT,
    "roofline_sharpness_factor": 2.5,
    "training_state_bytes": 18.0,
    "burst_share": 0.0,  # which has a prompt wait for others
    "unknown_power_w_per_tflops": 1.0,
    "read_budget_count": 1.0,  # which every prompt fills
}


class Book(Constants):
    """Constants that a test gives; all others take no time and lose nothing."""

    def __init__(self, count: int = 1, /, **given: float | Draws) -> None:
        unknown = set(given) - set(meanings())
        assert not unknown
        super().__init__(packaged(), (), count)
        self._given = given

    def changed(self, **given: float | Draws) -> Book:
        """Return the same constants but for some."""
        return Book(self._count, **(self._given | given))

    def __getitem__(self, name: str) -> Draws:
        free = EXCEPTIONS.get(name, FREE[meanings()[name].unit])
        return np.broadcast_to(np.asarray(self._given.get(name, free), float), (self._count,))


def a_chip(**changed: Any) -> Chip:  # noqa: ANN401 - any figure of a chip
    """Return a chip of round figures; a figure is a number, a dictionary or None."""
    figures: dict[str, Any] = {
        "peak_tflops": {"bf16": 1000.0, "fp8": 2000.0},
        "memory_gb": 100.0,
        "memory_bandwidth_gb_per_s": 4000.0,
        "scale_up_gb_per_s": 800.0,
        "tdp_w": 700.0,
    }
    plain = {"name": "Round One", "grade": "A", "architecture": "round"}
    figures |= {name: value for name, value in changed.items() if name in figures}
    plain |= {name: value for name, value in changed.items() if name not in figures}
    peaks = {dtype: known(peak) for dtype, peak in figures.pop("peak_tflops").items()}
    others = {name: known(value) for name, value in figures.items() if value is not None}
    return Chip.model_validate({**plain, "peak_tflops": peaks, **others})


def known(value: object) -> object:
    """Return a figure as a chip's file has it."""
    if isinstance(value, dict):
        return {"kind": "estimated", "method": "for the test", **value}
    return {"value": value, "kind": "stated", "source": "example"}


def computing(**changed: Any) -> Chip:  # noqa: ANN401
    """Return a chip on which only arithmetic takes time."""
    return a_chip(**{"memory_bandwidth_gb_per_s": INSTANT, "scale_up_gb_per_s": INSTANT, **changed})


def reading(**changed: Any) -> Chip:  # noqa: ANN401
    """Return a chip on which only memory traffic takes time."""
    peaks = {"bf16": INSTANT, "fp8": INSTANT}
    return a_chip(**{"peak_tflops": peaks, "scale_up_gb_per_s": INSTANT, **changed})


def engine(
    card: ModelCard,
    chip: Chip | None = None,
    layout: Layout | None = None,
    *,
    precision: str = "bf16",
    kv: str = "bf16",
    constants: Constants | None = None,
    count: int = 1,
) -> Engine:
    """Return a model on a chip whose constants are free unless given."""
    chip = chip or a_chip()
    return Engine(
        machine("round-one", chip, count=count, constants=constants or Book(count)),
        card,
        precision_on(chip, card, precision, kv),
        layout or Layout(),
    )


def query(card: ModelCard, chip: Chip | None = None, **asked: Any) -> Query:  # noqa: ANN401
    """Return a query about a chip whose constants are free unless given."""
    asked.setdefault("constants", Book())
    return Query("round-one", chip or a_chip(), card, **asked)
