"""The plain roofline: the same model with every efficiency at 1 and no time lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bench.fit import scopes_of
from headworks.throughput.accuracy import Prediction
from headworks.throughput.answer import ask
from headworks.throughput.constants import Constants, packaged
from headworks.throughput.predict import query_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headworks.throughput.case import Case

KEPT = frozenset({
    "domain_count", "scale_out_gb_per_s", "usable_memory_share", "read_budget_count",
    "reserved_share", "running_max_count", "activations_within_share",
    "roofline_sharpness_factor", "training_state_bytes", "training_held_bytes", "gradient_bytes",
    "training_gathered_bytes",
})  # fmt: skip
"""Constants that a plain roofline needs too: what is connected, what memory holds, what is sent."""
WHOLE = ("_share", "_factor", "_count")


class Ideal(Constants):
    """Constants of a machine without losses."""

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        """Return 1 for a share, 0 for a time, shape `(1,)`."""
        if name in KEPT:
            return super().__getitem__(name)
        if name in {"burst_share", "gradient_exposed_share", "exchange_hidden_share"}:
            return np.zeros(1)
        if name in {
            "activation_passes_count",
            "expert_passes_count",
            "fused_expert_passes_count",
            "admission_count",
            "recompute_count",
        }:
            return np.zeros(1)
        if name in {"power_w_per_tflops", "prompt_attention_half_count"}:
            return np.full(1, 1e-9)
        return np.ones(1) if name.endswith(WHOLE) else np.zeros(1)


def roofline(case: Case) -> Prediction:
    """Return what the plain roofline says of a case."""
    query = query_of(case)
    answer = ask(replace(query, constants=Ideal(packaged(), scopes_of(query), 1)), count=1)
    return Prediction(None, float(answer.figures[case.metric][0]), None, answer.bound_by)
