"""What other rooms get through the protocol: the physics, or the fallback."""

from __future__ import annotations

import pytest

from headworks.scenario.catalogue import catalogue
from headworks.scenario.chip import Chip
from headworks.throughput import WORKS, PeakAndBandwidth, Realised, Throughput

MODEL: Throughput = Realised()


def with_figure(chip: str, name: str, value: float) -> Chip:
    """Return a chip of the catalogue with one figure changed."""
    known = catalogue().chips[chip]
    figure = {**getattr(known, name).model_dump(), "value": value}
    return Chip.model_validate({**known.model_dump(), name: figure})


@pytest.mark.parametrize("work", sorted(WORKS))
@pytest.mark.parametrize("chip", ["h200-sxm", "h20", "h100-sxm", "b200", "ascend-910c", "mi300x"])
def test_what_is_realised_lies_below_the_peak(chip: str, work: str) -> None:
    found = MODEL.tokens_per_s(catalogue().chips[chip], WORKS[work])
    peak = PeakAndBandwidth().tokens_per_s(catalogue().chips[chip], WORKS[work])
    assert found is not None
    assert peak is not None
    assert 0 < found.p5 < found.med < found.p95
    assert found.med < peak.med


def test_ratios_differ_by_work() -> None:
    """Six times an H20 is true of peaks, less of prefill, and far less of small-batch decode."""

    def ratio(model: Throughput, work: str) -> float:
        rates = [
            model.tokens_per_s(catalogue().chips[chip], WORKS[work]) for chip in ("h200-sxm", "h20")
        ]
        assert rates[0] is not None
        assert rates[1] is not None
        return rates[0].med / rates[1].med

    assert ratio(PeakAndBandwidth(), "prefill-70b") == pytest.approx(1979 / 296)
    assert 3 < ratio(MODEL, "prefill-70b") < 6
    assert 1 < ratio(MODEL, "decode-70b") < 2.5


def test_a_chip_without_a_memory_size_falls_back_to_its_peak() -> None:
    chip = catalogue().chips["h100-sxm"].model_copy(update={"memory_gb": None})
    work = WORKS["decode-70b"]
    assert MODEL.tokens_per_s(chip, work) == PeakAndBandwidth().tokens_per_s(chip, work)


def test_a_chip_that_holds_no_copy_falls_back_too() -> None:
    small = with_figure("h100-sxm", "memory_gb", 0.01)
    work = WORKS["prefill-70b"]
    assert MODEL.tokens_per_s(small, work) == PeakAndBandwidth().tokens_per_s(small, work)


def test_chips_of_equal_content_are_asked_once() -> None:
    chip = catalogue().chips["h20"]
    copy = type(chip).model_validate(chip.model_dump())
    work = WORKS["prefill-70b"]
    assert MODEL.tokens_per_s(chip, work) is MODEL.tokens_per_s(copy, work)


def test_a_chip_of_a_scenario_is_answered_under_its_own_figures() -> None:
    chips = (catalogue().chips["h20"], with_figure("h20", "memory_bandwidth_gb_per_s", 8000))
    slow, fast = (MODEL.tokens_per_s(chip, WORKS["decode-70b"]) for chip in chips)
    assert slow is not None
    assert fast is not None
    assert fast.med > slow.med
