"""A case: one published measurement of what chips computed, with its set-up."""

from __future__ import annotations

from dataclasses import dataclass, fields

METRICS: dict[str, tuple[str, ...]] = {
    "serving": (
        "ttft_ms",
        "tpot_ms",
        "output_tokens_per_s_per_chip",
        "input_tokens_per_s_per_chip",
    ),
    "prefill": ("ttft_ms", "input_tokens_per_s_per_chip"),
    "decode": ("tpot_ms", "output_tokens_per_s_per_chip"),
    "training": ("training_tokens_per_s_per_chip", "mfu"),
}
"""Each phase with what is measured in it."""
GRADES = ("A", "B", "C", "D")
RUNS = ("mlperf-offline",)
"""Runs that answer a whole data set: `mlperf-offline` asks MLPerf's questions for the model."""
ANSWERS = ("alike", "vary")


@dataclass(frozen=True, slots=True)
class Case:
    """One measured value with the set-up that it was measured on; None is not stated."""

    case_id: str
    chip: str
    """Id or alias of a chip."""
    chips: int | None
    """Chips of one copy of the set-up, that is tp × pp × dp, and times context parallel."""
    model: str
    """Id of a model card."""
    phase: str
    """`serving` is prefill and decode on the same chips; `prefill` and `decode` each alone."""
    precision: str | None
    """Format of the weights: `bf16`, `fp8`, `int8`, `fp4`."""
    kv_precision: str | None
    """Format of cached keys and values."""
    tp: int | None
    """Tensor parallel chips of attention; 1 where attention is data parallel."""
    pp: int | None
    """Pipeline stages."""
    ep: int | None
    """Chips that share the experts of a layer."""
    dp: int | None
    """Groups of chips that each serve or train on their own requests or sequences."""
    input_tokens: float | None
    """Tokens of a prompt, the mean where they differ; in training, of a sequence."""
    output_tokens: float | None
    """Tokens of an answer, the mean where they differ."""
    concurrency: int | None
    """Requests in flight on all chips together; None for the most that fits. In training, the
    sequences of one step of the optimiser."""
    metric: str
    value: float
    """In the unit that the metric names; `mfu` as a share."""
    software: str | None = None
    date: str | None = None
    """Day, month, year or span of years of the measurement."""
    grade: str | None = None
    """A vendor's table or what can be repeated, B paper or named analyst, C press, D rumour."""
    source_url: str | None = None
    run: str | None = None
    """A run that answers a whole data set, asked all at once, one of `RUNS`; None for a load
    without an end."""
    answers: str | None = None
    """`vary` where answers differ in length as those to people's questions do, and `output_tokens`
    is their mean; `alike`, or None, where all are as long, or as long as is allowed."""


COLUMNS = tuple(field.name for field in fields(Case))
"""The columns of a table of cases, in their order."""
NEEDED = ("case_id", "chip", "model", "phase", "metric", "value")
"""Columns that every case fills."""
REMARKS = ("note", "notes")
"""Columns that a table may have, and that are not read."""
