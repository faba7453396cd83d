"""The constants of throughput that the package ships: evidence, ranges, scopes, and use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from headworks.scenario.catalogue import catalogue, data_folder
from headworks.scenario.yaml_file import read_yaml
from headworks.throughput import model
from headworks.throughput.answer import ask
from headworks.throughput.constants import ANY, Constant, Constants, meanings, packaged
from headworks.throughput.data_set import DataSet
from headworks.throughput.predict import prediction
from headworks.throughput.query import Phase, Query
from headworks.throughput.software import BALANCED, FAMILIES

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws

FILE = data_folder() / "calibration" / "constants.yaml"
ALL: dict[tuple[str, str], Constant] = {
    (name, scope): constant
    for name, meaning in meanings().items()
    for scope, constant in meaning.scopes.items()
}
EACH = pytest.mark.parametrize(("name", "scope"), ALL, ids="-".join)


@EACH
def test_a_constant_has_a_range_or_says_why_it_has_none(name: str, scope: str) -> None:
    constant = ALL[name, scope]
    if constant.dist == "fixed" or constant.value is not None:
        assert constant.value is not None
        assert constant.kind != "assumed" or constant.reason
        return
    assert constant.p5 is not None
    assert constant.p95 is not None
    assert constant.p5 < constant.median < constant.p95


@EACH
def test_a_constant_says_where_it_comes_from(name: str, scope: str) -> None:
    constant = ALL[name, scope]
    assert constant.grade in "ABCD"
    evidence = constant.source or constant.method or constant.formula or constant.reason
    assert evidence, f"{name} of {scope} has no evidence"
    assert constant.source is None or constant.source in catalogue().sources


@EACH
def test_a_fitted_constant_keeps_what_was_thought_before(name: str, scope: str) -> None:
    constant = ALL[name, scope]
    assert (constant.prior is not None) == constant.fitted
    if constant.prior is not None:
        low, middle, high = constant.prior
        assert low < middle < high


@EACH
def test_a_constant_is_above_0_and_a_share_at_most_1(name: str, scope: str) -> None:
    constant = ALL[name, scope]
    assert constant.median > 0
    if name.endswith("_share"):
        assert constant.median <= 1
        assert constant.p5 is None or constant.p5 > 0


@pytest.mark.parametrize("name", meanings())
def test_a_constant_holds_everywhere_and_its_name_ends_in_its_unit(name: str) -> None:
    meaning = meanings()[name]
    assert ANY in meaning.scopes
    assert name.endswith(f"_{meaning.unit}")
    assert len(meaning.says) > 20


def test_scopes_are_chips_families_or_software() -> None:
    chips = catalogue().chips
    known = {ANY, *chips, *(chip.architecture for chip in chips.values()), *FAMILIES.values()}
    known.add(BALANCED)
    assert {scope for _, scope in ALL} <= known


def test_every_number_of_the_file_is_one_of_a_constant() -> None:
    """No number stands beside its evidence: only in a scope, which must have a kind."""

    def numbers(node: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:  # noqa: ANN401
        if isinstance(node, dict):
            return [one for key, value in node.items() for one in numbers(value, (*path, key))]
        if isinstance(node, list):
            return [one for value in node for one in numbers(value, path)]
        return [path] if isinstance(node, int | float) and not isinstance(node, bool) else []

    tree = read_yaml(FILE).tree
    del tree["measured"]  # which is counted from the cases
    for path in numbers(tree):
        top, name, scopes, scope, _ = path
        assert (top, scopes) == ("constants", "scopes"), path
        assert {"kind", "grade"} <= set(tree["constants"][name]["scopes"][scope]), path


def test_what_was_fitted_together_is_drawn_together() -> None:
    """All that was, and nothing else; and correlations are those of something."""
    joint = packaged().joint
    assert set(joint.names) == {one for one, constant in ALL.items() if constant.fitted}
    found = joint.correlation
    assert found.shape == (len(joint.names),) * 2
    assert np.array_equal(found, found.T)
    assert np.array_equal(np.diag(found), np.ones(len(found)))
    assert np.linalg.eigvalsh(found).min() > 0.01


def test_a_better_grade_is_spread_less() -> None:
    spread = [meanings()[f"grade_{grade}_spread_log"].scopes[ANY].median for grade in "abcd"]
    assert spread == sorted(spread)


class Noted(Constants):
    """Constants that note which of them are asked for."""

    def __init__(self) -> None:
        super().__init__(packaged(), (), 1)
        self.noted: set[str] = set()

    def __getitem__(self, name: str) -> Draws:
        self.noted.add(name)
        return super().__getitem__(name)


def test_every_constant_moves_some_answer() -> None:
    """A number that nothing reads is no calibration."""
    asked: set[str] = set()
    runs: list[tuple[str, str, dict[str, Any]]] = [
        ("h200-sxm", "llama-3.1-70b", {"tp": 8, "chips": 8}),
        ("h200-sxm", "deepseek-v3", {"dp": 32, "ep": 32, "chips": 32}),
        ("h200-sxm", "deepseek-v3", {"tp": 16, "chips": 16}),
        ("h200-sxm", "gpt-oss-120b", {"tp": 8, "chips": 8}),
        ("b200", "gpt-oss-120b", {"tp": 8, "chips": 8, "answers_vary": True}),
        ("b200", "deepseek-r1", {"chips": 8, "answers_vary": True, "data_set": DataSet(4388, 660)}),
        ("h200-sxm", "llama-3.1-70b", {"tp": 4, "pp": 2, "chips": 8, "precision": "int4"}),
        ("mtt-s5000", "llama-3.1-8b", {}),
        ("mtt-s5000", "qwen2.5-7b", {}),
        ("mtt-s5000", "mixtral-8x7b", {}),
    ]
    trained: list[tuple[str, str, dict[str, Any]]] = [
        ("h200-sxm", "llama-3.1-70b", {"precision": "fp8", "chips": 512}),
        ("h200-sxm", "deepseek-v3", {"chips": 1024}),
        ("b200", "llama-3.1-8b", {"precision": "fp4", "chips": 64}),
        ("mtt-s5000", "qwen2.5-7b", {"chips": 64}),
        ("mtt-s5000", "mixtral-8x7b", {"chips": 64}),
    ]
    every: list[tuple[tuple[str, str, dict[str, Any]], Phase]] = [
        *((one, "serving") for one in runs),
        *((one, "decode") for one in runs),
        *((one, "prefill") for one in runs),
        *((one, "training") for one in trained),
    ]
    for (chip_id, name, more), phase in every:
        notes = Noted()
        chip = catalogue().chips[chip_id]
        ask(Query(chip_id, chip, model(name), phase, constants=notes, **more), count=1)
        asked |= notes.noted
    notes = Noted()  # of a measured figure whose lengths nobody states
    chip = catalogue().chips["h200-sxm"]
    unstated = Query("h200-sxm", chip, model("llama-3.1-70b"), tp=8, chips=8, constants=notes)
    prediction(unstated, "tpot_ms")
    asked |= notes.noted
    by_grade = {f"grade_{grade}_spread_log" for grade in "abcdp"}
    assert set(meanings()) - asked - by_grade == set()
