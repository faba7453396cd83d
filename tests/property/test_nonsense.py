"""Whatever is fed to the reader, it answers with faults or with a scenario."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
from hypothesis import given, settings

from headworks.errors import ScenarioError
from headworks.scenario.catalogue import catalogue, data_folder
from headworks.scenario.check import examine
from headworks.scenario.load import validate
from headworks.scenario.yaml_file import Document, parse_yaml, read_yaml
from tests.tiers import examples

if TYPE_CHECKING:
    import pytest

BASE = read_yaml(data_folder() / "scenarios" / "open-gates.yaml").tree
YAML_LIKE = st.text("[]{}:,-?&*!|>'\"%@` #\n\tab01.~<=", max_size=200) | st.text(max_size=100)
NUMBERS = st.sampled_from([0, -1, 1e-300, 1e300, 10**400, float("nan"), float("inf"), 5, 0.5])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.dates() | st.sampled_from(["", "open", "H200", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["value", "p5", "p95", "dist", "kind", "x"]), inner)
    ),
    max_leaves=6,
)
SHAPES = st.sampled_from(["lognormal", "normal", "beta", "uniform", "triangular", "discrete"])


@given(YAML_LIKE)
def test_any_text_is_a_document_or_a_list_of_faults(text: str) -> None:
    try:
        document = parse_yaml(text, "file.yaml")
    except ScenarioError as error:
        faults = list(error.faults)
    else:
        assert examine(document, catalogue()) is None
        faults = document.faults
    assert faults


@given(st.binary(max_size=300))
def test_any_file_is_answered_with_faults(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("nonsense") / "file.yaml"
    path.write_bytes(content)
    assert validate(path)


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 - any YAML value
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree)
    found = [path] if path else []
    for key, value in inner if isinstance(tree, dict | list) else ():
        found += places(value, (*path, key)) if isinstance(value, dict | list) else [(*path, key)]
    return found


def with_change(path: tuple[Any, ...], value: object) -> Any:  # noqa: ANN401 - any YAML value
    tree = copy.deepcopy(BASE)
    node = tree
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
    return tree


@settings(max_examples=examples(200))
@given(st.sampled_from(places(BASE)), VALUES)
def test_any_change_of_a_scenario_is_a_scenario_or_faults(
    path: tuple[Any, ...], value: object
) -> None:
    document = Document("file.yaml", with_change(path, value))
    scenario = examine(document, catalogue())
    assert (scenario is None) == bool(document.faults)


@given(
    SHAPES,
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2, unique=True),
    st.sampled_from(
        [{}, {"low": 0, "high": 1}, {"low": 0, "high": 1e300}, {"med": 5}, {"mode": 2}]
    ),
)
def test_any_distribution_is_a_scenario_or_faults(
    shape: str, ends: list[float], more: dict[str, float]
) -> None:
    low, high = sorted(ends)
    value = {"p5": low, "p95": high, "dist": shape, "kind": "assumed", "reason": "test", **more}
    tree = with_change(("pools", "finished-chips", "initial"), value)
    document = Document("file.yaml", tree)
    scenario = examine(document, catalogue())
    assert (scenario is None) == bool(document.faults)


@given(
    st.dictionaries(
        st.text("abcgates.customsopening0123", max_size=25)
        | st.sampled_from(["gates.customs", "start"]),
        YAML_LIKE | st.sampled_from(["shut", "5", "{p5: 1, p95: 2}", "null"]),
        max_size=2,
    )
)
def test_anything_set_is_a_scenario_or_faults(set_: dict[str, str]) -> None:
    faults = validate(Path(data_folder() / "scenarios" / "open-gates.yaml"), set_=set_)
    assert isinstance(faults, list)
