"""Software: the engines and trainers whose constants are known, and how they are spelled."""

from __future__ import annotations

FAMILIES = {
    "vllm-ascend": None,
    "vllm": "vllm",
    "tensorrt": "trtllm",
    "trtllm": "trtllm",
    "trt-llm": "trtllm",
    "sglang": "sglang",
    "nemo": "nemo",
    "megatron-bridge": "nemo",
    "flagperf": "flagperf",
}
"""Software by a part of its spelling, the longer spellings first; None is one of its own."""
TRAINERS = frozenset({"nemo", "flagperf"})
"""Families that only train."""
BALANCED = "balanced"
"""Scope of the constants of runs whose tokens are dealt evenly over the experts."""
EVEN = ("profile", "perfecteplb", "perfectbalance", "balancedexperts")
"""Parts of the spelling of such runs: profiles and benchmarks that leave routing out."""


def family(software: str | None) -> str | None:
    """Return the scope of a software's constants, or None where it has none of its own."""
    if software is None:
        return None
    plain = software.lower().replace(" ", "")
    return next((name for part, name in FAMILIES.items() if part in plain), None)


def held(phase: str) -> list[str]:
    """Return the families whose times are held for a phase."""
    found = {one for one in FAMILIES.values() if one}
    return sorted(found & TRAINERS if phase == "training" else found - TRAINERS)


def scopes(software: str | None) -> tuple[str, ...]:
    """Return the scopes of constants that a run's software gives, narrowest first."""
    plain = (software or "").lower().replace(" ", "")
    even = BALANCED if any(part in plain for part in EVEN) else None
    return tuple(scope for scope in (even, family(software)) if scope)
