"""Architectures: which are known, and what the code of each takes where a file does not say."""

from __future__ import annotations

from typing import Any

TIED: dict[str, Any] = {"tie_word_embeddings": True}
GEMMA = TIED | {"vocab_size": 256_000, "head_dim": 256}
GEMMA_3 = TIED | {
    "vocab_size": 262_208, "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256,
    "sliding_window": 4096, "sliding_window_pattern": 6,
}  # fmt: skip

DEFAULTS: dict[str, dict[str, Any]] = {
    "gpt_oss": {"sliding_window_pattern": 2},
    "gemma": GEMMA | {"num_attention_heads": 16, "num_key_value_heads": 16},
    "gemma2": GEMMA | {
        "num_attention_heads": 8, "num_key_value_heads": 4,
        "sliding_window": 4096, "sliding_window_pattern": 2,
    },
    "gemma3": GEMMA_3,
    "gemma3_text": GEMMA_3,
    "cohere": TIED,
    "cohere2": TIED | {"sliding_window": 4096, "sliding_window_pattern": 4},
    "ernie4_5": TIED,
    "ernie4_5_moe": TIED,
    "falcon": TIED | {"hidden_act": "gelu"},
    "gpt2": TIED | {"activation_function": "gelu_new"},
}  # fmt: skip
"""Defaults that the library `transformers` gives the class of a `model_type`, whose files leave out
what is equal to them. Where none says so, no embedding is the output head, too."""

KNOWN = frozenset({
    *DEFAULTS, "llama", "mistral", "mixtral", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe",
    "deepseek_v2", "deepseek_v3", "kimi_k2", "llama4", "llama4_text", "glm4", "glm4_moe", "phi3",
    "hunyuan_v1_moe", "minimax_m2",
})  # fmt: skip
"""Values of `model_type` whose keys are known to mean what is read here."""

FOUR_TIMES = frozenset({"falcon", "gpt2"})
"""Architectures whose dense layers are four times as wide as the model unless they say."""
