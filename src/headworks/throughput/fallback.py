"""The fallback: peak rate and memory bandwidth, each taken in full."""

from __future__ import annotations

from headworks.scenario.chip import BITS, Chip
from headworks.throughput.cards import model
from headworks.throughput.counts import multiplied_parameters
from headworks.throughput.precision import BYTES, named
from headworks.throughput.protocol import Estimate, Work


class PeakAndBandwidth:
    """An upper bound without efficiencies, alike for all chips: for ratios, not for planning.

    Prefill takes two operations per parameter and token at the peak rate; decode reads the weights
    once per step and shares the reading among the batch; each is bound by the slower of the two. A
    chip without the arithmetic of the weights' bits computes at the next wider type it has.
    """

    name = "peak and bandwidth"

    def tokens_per_s(self, chip: Chip, work: Work) -> Estimate | None:
        """Return the roofline of one chip, p5 = med = p95; None without the figures for it."""
        card = model(work.model)
        stored = BYTES[named(work.precision)]
        rates = {
            dtype: peak.median * 1e12
            for dtype, peak in chip.peak_tflops.items()
            if dtype not in chip.doubtful and BITS[dtype] / 8 >= stored
        }
        if not rates or chip.memory_bandwidth_gb_per_s is None:
            return None
        touched = multiplied_parameters(card)
        by_compute = max(rates.values()) / (2.0 * touched)
        if work.phase == "prefill":
            return Estimate(by_compute, by_compute, by_compute, "compute")
        bytes_per_step = touched * stored
        steps = chip.memory_bandwidth_gb_per_s.median * 1e9 / bytes_per_step
        by_bandwidth = steps * work.batch
        rate = min(by_compute, by_bandwidth)
        return Estimate(rate, rate, rate, "bandwidth" if by_bandwidth <= by_compute else "compute")
