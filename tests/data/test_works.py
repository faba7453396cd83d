"""The works by which chips are compared: their models, their reasons, and files with faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from headworks.errors import ScenarioError
from headworks.throughput.cards import models
from headworks.throughput.precision import named
from headworks.throughput.ratio_works import UNITS, RatioWork, ratio_works

WORKS = ratio_works()


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
def test_a_work_names_a_known_model_and_precision(work: RatioWork) -> None:
    assert work.model is None or work.model in models()
    assert work.precision is None or named(work.precision) == work.precision
    assert work.measure in UNITS
    assert not work.reason[0].islower()
    assert work.reason.endswith(".")


def test_the_works_are_dense_and_of_experts_in_each_phase() -> None:
    tokens = {"prefill", "interactive", "batched", "training"}
    assert {f"{name}-{kind}" for name in tokens for kind in ("dense", "moe")} <= WORKS.keys()
    assert {"peak", "bandwidth", "product"} <= WORKS.keys()
    assert len({work.title for work in WORKS.values()}) == len(WORKS)
    assert len({work.phrase for work in WORKS.values()}) == len(WORKS)


WHOLE = """\
works:
  one:
    title: one
    phrase: one
    measure: decode
    model: llama-3.1-70b
    precision: fp8
    input_tokens: 1024
    requests_per_chip: 1
    reason: For the test.
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("measure: decode", "measure: sleeping", "sleeping"),
        ("    model: llama-3.1-70b\n", "", "a work that counts decode needs model"),
        ("requests_per_chip: 1\n", "tpot: 3\n", "tpot"),
        ("requests_per_chip: 1", "output_tokens: 9", "either requests_per_chip or tpot_ms"),
        ("requests_per_chip: 1", "requests_per_chip: 0", "requests_per_chip"),
        ("    reason: For the test.\n", "    chips: [8, 4]\n    reason: x\n", "chips must ascend"),
        ("    reason: For the test.\n", "", "reason"),
        ("works:", "works: &all", "anchors"),
    ],
)
def test_a_fault_of_the_file_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "ratios.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    assert ratio_works(path).keys() == {"one"}
    ratio_works.cache_clear()
    assert old in WHOLE
    path.write_text(WHOLE.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError, match=words):
        ratio_works(path)
    ratio_works.cache_clear()
