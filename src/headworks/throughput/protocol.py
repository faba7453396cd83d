"""The protocol through which other rooms ask what a chip computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from headworks.scenario.chip import Chip


@dataclass(frozen=True, slots=True)
class Work:
    """A named piece of work that throughput is asked for."""

    name: str
    phase: Literal["prefill", "decode"]
    parameters: float
    """Parameters that each token touches."""
    weight_bits: int
    """Bits of a parameter in memory and in arithmetic."""
    batch: int
    """Sequences that share one reading of the weights; counts for decode."""


WORKS: dict[str, Work] = {
    "prefill-70b": Work("prefill-70b", "prefill", 70e9, 8, 1),
    "decode-70b": Work("decode-70b", "decode", 70e9, 8, 8),
}
"""The works that forecasts report: units of account like the H100-equivalent, defined and not
measured. A dense model of 70 billion parameters in 8 bits, reading a long prompt, and writing
for eight users at once."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens per second of one chip, as an interval."""

    p5: float
    med: float
    p95: float
    bound_by: Literal["compute", "bandwidth", "latency", "network", "memory"]


class Throughput(Protocol):
    """What the forecast and the plan ask of a throughput model."""

    name: str
    """Name under which results say where their tokens come from."""

    def tokens_per_s(self, chip: Chip, work: Work) -> Estimate | None:
        """Return the tokens per second of one chip on a work; None where it cannot be told."""
        ...
