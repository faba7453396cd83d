"""A folder of broken scenarios: each must be refused with the words that its first line names."""

from __future__ import annotations

from pathlib import Path

import pytest

import headworks as hw

BROKEN = sorted((Path(__file__).parent / "broken_scenarios").glob("*.yaml"))
MARK = "# The messages must contain: "


def wanted_words(path: Path) -> list[str]:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(MARK)
    return first.removeprefix(MARK).split(" | ")


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_scenario_is_refused_with_place_and_reason(path: Path) -> None:
    faults = hw.validate(path)
    text = "\n".join(f"{fault.message} {fault.remedy} {fault.file}" for fault in faults)
    assert [words for words in wanted_words(path) if words not in text] == []
    assert all(Path(fault.file).suffix == ".yaml" for fault in faults)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_one_fault_does_not_bring_many(path: Path) -> None:
    """Two routes can share a fault, and the cure of one can be another; more would be noise."""
    assert len(hw.validate(path)) <= len(wanted_words(path)) + 2


def test_five_faults_are_five() -> None:
    faults = hw.validate(BROKEN[0].with_name("five-faults.yaml"))
    assert len(faults) == 5
    assert len({fault.line for fault in faults}) == 5


def test_a_fault_stands_where_it_was_written() -> None:
    (fault,) = hw.validate(BROKEN[0].with_name("override-of-nothing.yaml"))
    assert fault.line == 9
    assert fault.key == "overrides.change.set.gates.custms.opening"
    (fault,) = hw.validate(BROKEN[0].with_name("source-after-as-of.yaml"))
    assert (fault.line, fault.key) == (9, "companies.small.wants.h20.need.source")
