"""Software: the serving engines whose fixed times are known, and how they are spelled."""

from __future__ import annotations

FAMILIES = {
    "vllm-ascend": None,
    "vllm": "vllm",
    "tensorrt": "trtllm",
    "trtllm": "trtllm",
    "trt-llm": "trtllm",
    "sglang": "sglang",
}
"""Engine by a part of its spelling, the longer spellings first; None is an engine of its own."""


def family(software: str | None) -> str | None:
    """Return the scope of an engine's constants, or None where it has none of its own."""
    if software is None:
        return None
    plain = software.lower().replace(" ", "")
    return next((name for part, name in FAMILIES.items() if part in plain), None)
