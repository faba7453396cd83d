"""The protocol through which other rooms ask what a chip computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from headworks.scenario.chip import Chip


Bound = Literal["compute", "bandwidth", "latency", "network", "memory"]
"""What holds a rate where it is; memory where requests wait for room."""


@dataclass(frozen=True, slots=True)
class Work:
    """A named piece of work that throughput is asked for."""

    name: str
    phase: Literal["prefill", "decode"]
    model: str
    """Id of the model's card."""
    precision: str
    """Format of the weights, such as `fp8`."""
    batch: int
    """Sequences that share one reading of the weights; counts for decode."""
    input_tokens: float
    """Length of a prompt."""
    output_tokens: float | None = None
    """Tokens written for a request; counts for decode."""


WORKS: dict[str, Work] = {
    "prefill-70b": Work("prefill-70b", "prefill", "llama-3.1-70b", "fp8", 1, 4096),
    "decode-70b": Work("decode-70b", "decode", "llama-3.1-70b", "fp8", 8, 1024, 1024),
}
"""The works that forecasts report: units of account like the H100-equivalent, defined and not
measured. A dense model of 70 billion parameters in 8 bits, reading long prompts, and writing for
eight users at once, on the fewest chips that hold it and counted per chip."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens per second of one chip, as an interval."""

    p5: float
    med: float
    p95: float
    bound_by: Bound


class Throughput(Protocol):
    """What the forecast and the plan ask of a throughput model."""

    name: str
    """Name under which results say where their tokens come from."""

    def tokens_per_s(self, chip: Chip, work: Work) -> Estimate | None:
        """Return the tokens per second of one chip on a work; None where it cannot be told."""
        ...
