"""Software: published spellings of serving engines, and the constants that they lead to."""

from __future__ import annotations

import pytest

from headworks.throughput.constants import meanings
from headworks.throughput.software import BALANCED, FAMILIES, family, scopes


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("vLLM 0.11.0", "vllm"),
        ("vllm-ascend 0.9", None),
        ("vLLM-Ascend", None),
        ("TensorRT-LLM 1.0", "trtllm"),
        ("TRT-LLM", "trtllm"),
        ("TRTLLM", "trtllm"),
        ("SGLang v0.4", "sglang"),
        ("NVIDIA Dynamo with SGLang", "sglang"),
        ("MindIE", None),
        ("NeMo/Megatron", "nemo"),
        ("Megatron-Bridge 0.2", "nemo"),
        ("FlagPerf/Megatron", "flagperf"),
        ("MindSpeed/Megatron", None),
        ("", None),
        (None, None),
    ],
)
def test_a_spelling_leads_to_its_family(spelling: str | None, expected: str | None) -> None:
    assert family(spelling) == expected


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("SGLang 0.4.6 + DeepEP + EPLB", ("sglang",)),
        ("SGLang (perfect EPLB)", (BALANCED, "sglang")),
        ("DeepSeek internal (profile)", (BALANCED,)),
        ("MindIE", ()),
        (None, ()),
    ],
)
def test_a_profile_with_even_experts_is_told_from_a_run(
    spelling: str | None, expected: tuple[str, ...]
) -> None:
    assert scopes(spelling) == expected


def test_every_family_has_constants_of_its_own() -> None:
    held = {scope for meaning in meanings().values() for scope in meaning.scopes}
    assert {name for name in FAMILIES.values() if name} <= held
