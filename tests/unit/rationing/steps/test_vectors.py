"""Vectors of the steps around a rule: tranches, use, caps, reserves, truncation, coefficient."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import headworks as hw
from headworks.rationing.exact import exact

DATA = Path(__file__).parents[3] / "data" / "rationing"
VECTORS = yaml.safe_load((DATA / "steps.yaml").read_text(encoding="utf-8"))
CASES = [
    pytest.param(vector, rule, wanted, id=f"{rule}: {vector['case']}")
    for vector in VECTORS
    for rule, wanted in vector["awards"].items()
]


@pytest.mark.parametrize(("vector", "rule", "wanted"), CASES)
def test_awards_are_those_of_the_source(
    vector: dict[str, Any], rule: str, wanted: list[object]
) -> None:
    result = hw.ration(vector["claims"], vector["pool"], rule, **vector.get("options", {}))
    assert [one.award for one in result.awards] == [exact(award) for award in wanted]
    if "coefficient" in vector:
        assert result.coefficient == exact(vector["coefficient"])


def test_every_vector_says_where_it_is_from() -> None:
    assert all(vector["cite"] and vector["mark"] in {"pub", "calc"} for vector in VECTORS)
