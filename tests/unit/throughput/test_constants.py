"""Constants: the scope that each is taken from, its draws, and faults of the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headworks.errors import ScenarioError
from headworks.throughput.constants import (
    Calibration,
    Constant,
    Constants,
    Meaning,
    meanings,
    packaged,
)
from headworks.throughput.draws import COUNT
from headworks.throughput.joint import Joint


def constant(value: float, grade: str = "B") -> Constant:
    return Constant.model_validate(
        {"value": value, "kind": "estimated", "method": "for the test", "grade": grade}
    )


def book(*scopes: str, count: int = 1) -> Constants:
    values = {"any": 1.0, "vllm": 2.0, "hopper": 3.0, "h20": 4.0}
    given = {name: constant(value, "D" if name == "any" else "B") for name, value in values.items()}
    alone = {"any": constant(9.0)}
    both = {
        "wait_us": Meaning(says="Example.", unit="us", scopes=given),
        "rest_us": Meaning(says="Example.", unit="us", scopes=alone),
    }
    return Constants(Calibration(both), scopes, count)


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        (("h20", "hopper", "vllm"), 4.0),
        (("h200-sxm", "hopper", "vllm"), 3.0),
        (("mi300x", "cdna3", "vllm"), 2.0),
        (("mi300x", "cdna3"), 1.0),
        ((), 1.0),
    ],
)
def test_the_narrowest_scope_goes_first(scopes: tuple[str, ...], expected: float) -> None:
    assert book(*scopes)["wait_us"].tolist() == [expected]
    assert book(*scopes)["rest_us"].tolist() == [9.0]


def test_a_scope_has_the_grade_of_its_evidence() -> None:
    assert book("h20").grade("wait_us") == "B"
    assert book("mi300x").grade("wait_us") == "D"
    assert book("h20").scope("rest_us") == "any"


def test_draws_are_the_same_for_all_who_share_a_scope() -> None:
    found = packaged()
    one, other = (Constants(found, scopes, COUNT) for scopes in (("mi300x",), ("h800", "none")))
    for name in found.meanings:
        if one.scope(name) == other.scope(name):
            assert np.array_equal(one[name], other[name])


def test_one_draw_is_the_median() -> None:
    found = packaged()
    for name, meaning in found.meanings.items():
        for scope, value in meaning.scopes.items():
            drawn = Constants(found, (scope,), 1)[name]
            assert drawn.tolist() == [pytest.approx(value.median)], (name, scope)


def test_no_share_is_drawn_above_1() -> None:
    wide = Constant.model_validate({
        "p5": 0.5, "med": 0.8, "p95": 0.99, "dist": "lognormal", "kind": "estimated",
        "method": "for the test", "grade": "D",
    })  # fmt: skip
    only = Meaning(says="Example.", unit="share", scopes={"any": wide})
    drawn = Constants(Calibration({"some_share": only}), (), COUNT)["some_share"]
    assert drawn.max() == 1.0
    assert np.median(drawn) == pytest.approx(0.8, rel=0.01)


def test_constants_that_were_fitted_together_are_drawn_together() -> None:
    """A time that is the sum of two that only their sum is known of is known as well as that."""
    value = {
        "p5": 0.8, "med": 1.0, "p95": 1.25, "dist": "lognormal", "kind": "estimated",
        "method": "for the test", "grade": "B",
    }  # fmt: skip
    one = Meaning(says="Example.", unit="us", scopes={"any": Constant.model_validate(value)})
    names = ("wait_us", "any"), ("rest_us", "any")
    tied = Joint(names, np.array([[1.0, -0.95], [-0.95, 1.0]]))
    both = {"wait_us": one, "rest_us": one}
    spreads = []
    for joint in (Joint(), tied):
        drawn = Constants(Calibration(both, joint=joint), (), COUNT)
        assert np.std(np.log(drawn["wait_us"])) == pytest.approx(0.136, rel=0.02)
        spreads.append(np.std(np.log(drawn["wait_us"] * drawn["rest_us"])))
    assert spreads[0] == pytest.approx(0.136 * np.sqrt(2.0), rel=0.1)
    assert spreads[1] == pytest.approx(0.136 * np.sqrt(2.0 - 2.0 * 0.95), rel=0.15)


GOOD = """\
constants:
  wait_us:
    says: "Example."
    unit: us
    scopes:
      any: {value: 1.0, kind: estimated, method: "for the test", grade: B}
"""


def faults(tmp_path: Path, text: str) -> str:
    path = tmp_path / "constants.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        meanings(path)
    return str(caught.value)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "constants.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert meanings(path)["wait_us"].scopes["any"].value == 1.0


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("any:", "h20:", "has no value for 'any'"),
        ("wait_us", "wait_ms", "does not end in its unit 'us'"),
        ("unit: us", "unit: furlongs", "unit"),
        (", grade: B", "", "grade"),
        (', method: "for the test"', "", "needs source or method"),
        ("kind: estimated, ", "", "kind"),
        ('says: "Example."', "", "says"),
        ("method:", "source: nobody-2020-nothing, method:", "nobody-2020-nothing"),
        ("value: 1.0", "p5: 3.0, med: 2.0, p95: 4.0, dist: lognormal", "not below"),
        ("value: 1.0", "p5: 1.0, med: 2.0, p95: 4.0", "dist"),
        ("value: 1.0", "value: 1.0, colour: red", "colour"),
        ("any:", "any: {value: 1.0}\n      any:", "any"),
    ],
)
def test_a_fault_is_said_with_its_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    said = faults(tmp_path, GOOD.replace(old, new))
    assert words in said
    assert "constants.yaml:" in said


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    two = GOOD.replace("any:", "h20:").replace("wait_us", "wait_ms")
    said = faults(tmp_path, two)
    assert "has no value" in said
    assert "does not end" in said
