"""Machine: units, doubt by grade, fabrics, and what a chip must have to be estimated."""

from __future__ import annotations

import numpy as np
import pytest

from headworks.scenario.catalogue import catalogue
from headworks.throughput.draws import COUNT
from headworks.throughput.machine import (
    Machine,
    constants_for,
    lacks,
    link_assumed,
    machine,
    scopes,
)
from tests.unit.throughput.ideal import Book, a_chip


def of(count: int = 1, chip_id: str = "round-one", **changed: object) -> Machine:
    return machine(chip_id, a_chip(**changed), count=count, constants=Book(count))


def spread(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Return the standard deviation of the logarithm."""
    return float(np.log(values).std())


def test_rates_are_in_si_units() -> None:
    found = of()
    assert found.flops["bf16"][0] == 1000e12
    assert found.flops["fp8"][0] == 2000e12
    assert found.bandwidth[0] == 4000e9
    assert found.link[0] == 400e9  # half of both directions
    assert found.watts_per_tflops["bf16"][0] == 0.7
    assert found.watts_per_tflops["fp8"][0] == 0.35
    assert found.domain == 8


def test_a_gigabyte_of_memory_is_what_drivers_show() -> None:
    """An H100 of 80 GB shows 81,559 MiB, an H200 of 141 GB 143,771 MiB."""
    for name, mebibytes in (("h100-sxm", 81_559), ("h200-sxm", 143_771)):
        chip = catalogue().chip(name)
        found = machine(name, chip, count=1, constants=Book())
        assert found.memory_bytes / 2**20 == pytest.approx(mebibytes, rel=0.01)


def test_a_doubtful_rate_is_left_out() -> None:
    found = of(doubtful={"fp8": "a rumour"})
    assert set(found.flops) == {"bf16"}


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"peak_tflops": {}}, ["a peak rate"]),
        ({"memory_bandwidth_gb_per_s": None}, ["a memory bandwidth"]),
        ({"memory_gb": None}, ["a memory size"]),
        ({"doubtful": {"bf16": "a rumour", "fp8": "another"}}, ["a peak rate"]),
        ({"peak_tflops": {}, "memory_gb": None}, ["a peak rate", "a memory size"]),
        ({}, []),
        ({"tdp_w": None, "scale_up_gb_per_s": None}, []),
    ],
)
def test_what_is_missing_is_said(changed: dict[str, object], missing: list[str]) -> None:
    chip = a_chip(**changed)
    assert lacks(chip) == missing
    if missing:
        with pytest.raises(ValueError, match=f"round-one has no {missing[0]}"):
            machine("round-one", chip, count=1, constants=Book())
    else:
        machine("round-one", chip, count=1, constants=Book())


def test_all_chips_of_the_catalogue_can_be_estimated_or_say_why_not() -> None:
    for chip_id, chip in catalogue().chips.items():
        if not lacks(chip):
            assert machine(chip_id, chip, count=1).bandwidth[0] > 0, chip_id


@pytest.mark.parametrize("link", [None, 0.0])
def test_without_a_link_chips_meet_over_the_network(link: float | None) -> None:
    found = machine(
        "round-one",
        a_chip(scale_up_gb_per_s=link),
        count=1,
        constants=Book(scale_out_gb_per_s=50.0),
    )
    assert found.link[0] == found.scale_out[0] == 50e9


def test_a_better_grade_is_in_less_doubt() -> None:
    """Certain figures of a chip are spread by its grade, uncertain ones by their own range."""
    doubt = [
        spread(machine("round-one", a_chip(grade=grade), count=COUNT).bandwidth)
        for grade in ("A", "B", "C", "D")
    ]
    assert doubt == sorted(doubt)
    assert doubt[0] > 0
    own = {"p5": 3000.0, "med": 4000.0, "p95": 5000.0, "dist": "lognormal"}
    ranged = machine("round-one", a_chip(grade="D", memory_bandwidth_gb_per_s=own), count=COUNT)
    p5, med, p95 = np.percentile(ranged.bandwidth, [5, 50, 95])
    assert (p5, med, p95) == pytest.approx((3000e9, 4000e9, 5000e9), rel=0.01)


def test_one_draw_is_the_middle_of_every_figure() -> None:
    for chip_id in ("h200-sxm", "mlu590", "ascend-910c"):
        chip = catalogue().chip(chip_id)
        found = machine(chip_id, chip, count=1)
        assert chip.memory_bandwidth_gb_per_s is not None
        assert found.bandwidth[0] == pytest.approx(chip.memory_bandwidth_gb_per_s.median * 1e9)
        for dtype, peak in chip.peak_tflops.items():
            if dtype in found.flops:
                assert found.flops[dtype][0] == pytest.approx(peak.median * 1e12)


def test_chips_do_not_share_their_luck_and_a_chip_keeps_its_own() -> None:
    book = Book(COUNT, grade_a_spread_log=0.1)
    one, again, other = (
        machine(name, a_chip(), count=COUNT, constants=book).bandwidth
        for name in ("one", "one", "other")
    )
    assert np.array_equal(one, again)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.3


def test_constants_are_those_of_the_chip_before_its_family_before_its_software() -> None:
    chip = a_chip(architecture="hopper")
    assert scopes("h20", chip, "vllm") == ("h20", "hopper", "vllm")
    assert scopes("h20", a_chip(architecture=None), None) == ("h20",)


def test_constants_are_drawn_once() -> None:
    chip = catalogue().chip("h20")
    assert constants_for("h20", chip, None, 16) is constants_for("h20", chip, None, 16)
    assert constants_for("h20", chip, None, 16) is not constants_for("h20", chip, "vllm", 16)


@pytest.mark.parametrize(("link", "words"), [(None, "is not known"), (0.0, "does not exist")])
def test_what_stands_in_for_a_link_is_said_where_chips_work_together(
    link: float | None, words: str
) -> None:
    found = of(scale_up_gb_per_s=link)
    (said,) = link_assumed(found, 8)
    assert words in said
    assert f"{found.link[0] / 1e9:g} GB/s" in said
    assert link_assumed(found, 1) == []
    assert link_assumed(of(), 8) == []
    (said,) = link_assumed(of(), 9)
    assert said == f"beyond 8 chips, a network of {of().scale_out[0] / 1e9:g} GB/s each"
