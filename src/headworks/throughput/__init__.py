"""What a chip computes: the protocol other rooms see it through, and its fallback."""

from __future__ import annotations

from headworks.throughput.fallback import PeakAndBandwidth
from headworks.throughput.protocol import WORKS, Estimate, Throughput, Work

__all__ = ["WORKS", "Estimate", "PeakAndBandwidth", "Throughput", "Work"]
