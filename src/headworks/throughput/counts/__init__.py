"""What follows from a model card alone: parameters, bytes, operations, experts touched."""

from __future__ import annotations

from headworks.throughput.counts.cache import (
    kv_bytes,
    kv_bytes_per_token,
    mean_context,
    tokens_seen,
    tokens_seen_in_prompt,
)
from headworks.throughput.counts.operations import (
    LatentForm,
    Recompute,
    attention_flops,
    flops_per_token,
    model_flops_per_token,
    prefill_flops_per_token,
    training_flops_per_token,
)
from headworks.throughput.counts.weights import (
    active_parameters,
    attention_parameters,
    embedding_parameters,
    expert_parameters,
    experts_touched,
    feed_forward_parameters,
    multiplied_parameters,
    native_bits,
    parameters,
    router_parameters,
    shared_parameters,
    tokens_per_expert,
    weight_bytes,
)

__all__ = [
    "LatentForm",
    "Recompute",
    "active_parameters",
    "attention_flops",
    "attention_parameters",
    "embedding_parameters",
    "expert_parameters",
    "experts_touched",
    "feed_forward_parameters",
    "flops_per_token",
    "kv_bytes",
    "kv_bytes_per_token",
    "mean_context",
    "model_flops_per_token",
    "multiplied_parameters",
    "native_bits",
    "parameters",
    "prefill_flops_per_token",
    "router_parameters",
    "shared_parameters",
    "tokens_per_expert",
    "tokens_seen",
    "tokens_seen_in_prompt",
    "training_flops_per_token",
    "weight_bytes",
]
