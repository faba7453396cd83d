from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

import headworks as hw
from headworks.scenario.catalogue import Catalogue
from headworks.scenario.load import scenario_names
from headworks.scenario.quantity import Quantity
from tests.data.teaching import TEACHING

ASSUMED = "{value: 1, dist: fixed, kind: assumed, reason: test}"
WHOLE = f"""\
scenario: small
title: A small scenario
as_of: 2026-01-05
start: 2026-01-05
periods: 4
sources:
  a-paper: {{producer: P, title: T, published: 2026-01-01, note: N, confidence: low}}
chips:
  own-chip:
    name: Own Chip
    aliases: [OC 1]
    grade: P
    peak_tflops:
      bf16: {{value: 100, kind: stated, source: a-paper}}
gates:
  installation: {{kind: passes, stock: installed, admits: [{{chips: [OC1, own-chip]}}]}}
routes:
  mainland: {{gates: [installation]}}
terms:
  oc-1: {{price_usd: {ASSUMED}}}
companies:
  buyer:
    name: Buyer
    wants:
      OC 1:
        schedule: [{{on: 2026-01-05, units: {ASSUMED}}}]
        need: {ASSUMED}
        routes: {{shares: {{mainland: 1.0}}, kind: assumed, reason: test}}
"""


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    path = tmp_path / "whole.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    return path


def derived(path: Path, text: str, base: str = "./whole.yaml") -> Path:
    text = f"scenario: {path.stem}\ntitle: Changed\nbase: {base}\n{text}"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_teaching_scenarios_load_by_name() -> None:
    assert scenario_names().keys() >= TEACHING
    for name in TEACHING:
        scenario = hw.load(name)
        assert scenario.scenario == name
        assert scenario.title == scenario_names()[name]
        assert scenario.chips.keys() >= {"h200-sxm"}


def test_closed_is_open_gates_with_customs_shut() -> None:
    opened, closed = hw.load("open-gates"), hw.load("closed")
    assert closed.base == "open-gates"
    assert closed.description == opened.description
    assert closed.gates["customs"].opening == "shut"
    customs = opened.gates["customs"].model_copy(update={"opening": "shut"})
    assert closed.gates == {**opened.gates, "customs": customs}
    assert closed.companies == opened.companies


def test_a_scenario_knows_what_it_was_read_from(whole: Path) -> None:
    packaged = hw.load("closed")
    assert packaged.read_from == "closed"
    assert [path.stem for path in packaged.files] == ["closed", "open-gates"]
    changed = derived(whole.with_name("changed.yaml"), "")
    assert hw.load(changed).files == (changed, whole)
    assert hw.load(changed, set_={"periods": 2}).read_from == str(changed)
    assert packaged.model_copy().read_from == "closed"
    assert packaged.model_copy(update={"periods": 2}).read_from is None
    assert hw.load(whole, catalogue=Catalogue()).read_from is None


def test_a_packaged_name_with_a_suffix_is_met_with_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (fault,) = hw.validate("one-gate.yaml")
    assert fault.file == "one-gate.yaml"
    assert fault.message == "the file cannot be read: no such file or directory"
    assert fault.remedy == "name the packaged scenario without a suffix: one-gate"
    Path("one-gate.yaml").write_text(WHOLE, encoding="utf-8")
    assert hw.load("one-gate.yaml").scenario == "small"


def test_a_scenario_equals_itself_read_again() -> None:
    one, two = hw.load("h200-2026"), hw.load("h200-2026")
    assert one == two
    assert one != two.model_copy(update={"title": "Another"})


@pytest.mark.parametrize(
    ("setting", "message", "remedy"),
    [
        ("1e9", "must be a whole number, not 1000000000.0", "write it without a point or an expo"),
        ("52.0", "this must be a whole number, not 52.0", "write it without a point or an expo"),
        ("many", "this must be a whole number, not 'many'", ""),
        ("0", "this must be at least 1, not 0", ""),
        ("5000", "this must be at most 1040, not 5000", ""),
    ],
)
def test_a_number_of_periods_is_whole(setting: str, message: str, remedy: str) -> None:
    (fault,) = hw.validate("one-gate", set_={"periods": setting})
    assert message in fault.message
    assert fault.remedy.startswith(remedy)
    assert bool(fault.remedy) == bool(remedy)


def test_where_any_number_may_stand_one_fault_is_told() -> None:
    for given in ("many", ".nan"):
        key = "gates.allocation.lead_time_days.value"
        assert len(hw.validate("one-gate", set_={key: given})) == 1


def test_an_id_that_is_too_long_is_told_by_its_beginning() -> None:
    faults = hw.validate("one-gate", set_={f"routes.{'x' * 90}": {"gates": ["installation"]}})
    assert f"this must be text of at most 80 letters, not '{'x' * 60}'…" in faults[0].message


def test_chips_are_named_by_id_everywhere_and_what_is_used_is_held(whole: Path) -> None:
    scenario = hw.load(whole, catalogue=Catalogue())
    assert list(scenario.companies["buyer"].wants) == ["own-chip"]
    assert list(scenario.terms) == ["own-chip"]
    assert scenario.gates["installation"].admits[0].chips == ["own-chip", "own-chip"]
    assert list(scenario.chips) == ["own-chip"]
    assert list(scenario.sources) == ["a-paper"]


def test_the_catalogue_of_a_scenario_has_its_own_chips(whole: Path) -> None:
    catalogue = hw.load(whole).catalogue
    assert catalogue.chip_id("oc1") == "own-chip"
    assert catalogue.chip_id("H200") == "h200-sxm"
    assert "own-chip" not in hw.catalogue().chips


def test_a_scenario_made_in_code_has_the_packaged_catalogue(whole: Path) -> None:
    scenario = hw.load(whole, catalogue=Catalogue())
    made = hw.Scenario.model_validate(scenario.model_dump(by_alias=True))
    assert made.catalogue is hw.catalogue()


def test_the_catalogues_chips_and_their_sources_are_taken_in() -> None:
    scenario = hw.load("one-gate")
    chip = scenario.chips["h200-sxm"]
    assert chip is hw.catalogue().chips["h200-sxm"]
    named = {peak.source for peak in chip.peak_tflops.values()} - {None}
    assert named <= scenario.sources.keys()


def test_a_chain_of_bases_is_applied_from_the_bottom(whole: Path) -> None:
    change = "overrides:\n  {}:\n    reason: because\n    set:\n      {}\n"
    first = derived(whole.with_name("first.yaml"), change.format("longer", "periods: 8"))
    text = change.format("longest", "periods: 12\n      period_days: 1") + "description: Of days.\n"
    second = derived(whole.with_name("second.yaml"), text, "./first.yaml")
    assert hw.load(first).periods == 8
    scenario = hw.load(second)
    assert (scenario.periods, scenario.period_days) == (12, 1)
    assert list(scenario.overrides) == ["longer", "longest"]
    assert (scenario.base, scenario.description) == ("./first.yaml", "Of days.")


def test_a_derived_file_adds_sources_and_chips(whole: Path) -> None:
    text = f"""\
sources:
  b-paper: {{producer: P, title: T, published: 2026-01-02, note: N, confidence: low}}
chips:
  own-chip:
    name: Own Chip
    aliases: [OC 1]
    grade: P
    peak_tflops: {{bf16: {{value: 200, kind: stated, source: b-paper}}}}
  other-chip:
    name: Other Chip
    grade: P
    peak_tflops: {{bf16: {ASSUMED}}}
"""
    scenario = hw.load(derived(whole.with_name("more.yaml"), text))
    assert list(scenario.sources) == ["a-paper", "b-paper"]
    assert scenario.chips["own-chip"].peak_tflops["bf16"].median == 200
    assert "other-chip" in scenario.chips


def test_a_fault_in_a_base_names_the_base(whole: Path) -> None:
    whole.write_text(WHOLE.replace("periods: 4", "periods: 0"), encoding="utf-8")
    (fault,) = hw.validate(derived(whole.with_name("above.yaml"), ""))
    assert (fault.file, fault.line, fault.key) == (str(whole), 5, "periods")


def test_a_fault_of_an_override_names_the_override(whole: Path) -> None:
    text = "overrides:\n  shorter:\n    reason: test\n    set:\n      periods: 0\n"
    path = derived(whole.with_name("above.yaml"), text)
    (fault,) = hw.validate(path)
    assert (fault.file, fault.line, fault.key) == (str(path), 8, "periods")


CLASH = """\
overrides:
  one:
    reason: test
    set:
      gates.installation.opening: shut
  two:
    reason: test
    set:
      gates.installation.opening: open
"""


def test_overrides_of_one_file_may_not_set_a_key_twice(whole: Path) -> None:
    path = derived(whole.with_name("above.yaml"), CLASH)
    (fault,) = hw.validate(path)
    assert fault.key == "overrides.two.set.gates.installation.opening"
    assert fault.message == (
        "the override 'one' sets gates.installation.opening to 'shut', and then the override "
        "'two' sets it to 'open'"
    )


def test_a_file_may_set_again_what_its_base_has_set(whole: Path) -> None:
    first, _, second = CLASH.partition("  two:")
    base = derived(whole.with_name("middle.yaml"), first)
    top = derived(whole.with_name("top.yaml"), "overrides:\n  two:" + second, "./middle.yaml")
    assert hw.load(base).gates["installation"].opening == "shut"
    assert hw.load(top).gates["installation"].opening == "open"
    assert list(hw.load(top).overrides) == ["one", "two"]
    again = hw.load(base, set_={"gates.installation.opening": "open"})
    assert again.gates["installation"].opening == "open"


def test_what_the_caller_sets_may_not_clash_under_two_spellings(whole: Path) -> None:
    key = "companies.buyer.wants.{}.need"
    (fault,) = hw.validate(whole, set_={key.format("OC 1"): 0.5, key.format("own-chip"): 0.6})
    assert fault.file == "--set"
    assert "--set sets companies.buyer.wants.OC 1.need to 0.5, and then --set" in fault.message
    assert fault.remedy == "keep one"


def test_what_the_caller_sets_comes_last_and_is_recorded(whole: Path) -> None:
    set_ = {"periods": "9", "gates.installation.opening": "shut", "title": "Set"}
    scenario = hw.load(whole, set_=set_)
    assert (scenario.periods, scenario.gates["installation"].opening) == (9, "shut")
    assert scenario.title == "Set"
    assert scenario.overrides["command-line"].set == set_
    need = hw.load(whole, set_={"companies.buyer.wants.OC 1.need": 0.5}).companies["buyer"]
    assert need.wants["own-chip"].need.reason == "set on the command line"


def test_faults_of_what_the_caller_sets_name_the_option(whole: Path) -> None:
    faults = hw.validate(whole, set_={"periods": "0", "gate.x": "1", "title": "[", "start": ".nan"})
    assert {(fault.file, fault.key) for fault in faults} == {
        ("--set", "periods"), ("--set", "gate.x"), ("--set", "title"), ("--set", "start"),
    }  # fmt: skip


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(hw.UnknownName, match="there is no scenario 'one-gat'; did you mean one-ga"):
        hw.load("one-gat")
    assert "did you mean one-gate" in hw.validate("one-gat")[0].message


def test_an_unknown_name_without_a_near_one_offers_all_and_a_path() -> None:
    (fault,) = hw.validate("nothing")
    assert fault.message.endswith(", h20-2025, h200-2026, one-gate and open-gates")
    assert fault.remedy == "name a file by its path, such as nothing.yaml"


def test_a_file_named_without_its_suffix_is_pointed_out(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(whole.parent)
    (fault,) = hw.validate(whole.stem)
    assert fault.remedy == f"there is a file {whole.name}: name it with its suffix"


@pytest.mark.parametrize("given", [5, None, ["one-gate"]])
def test_what_is_neither_name_nor_path_is_refused(given: Any) -> None:  # noqa: ANN401 - a wrong type
    with pytest.raises(hw.InputError, match="is neither a scenario nor the name or the path"):
        hw.load(given)


def test_settings_of_a_wrong_type_are_refused() -> None:
    wrong: Any = "periods=9"
    with pytest.raises(hw.InputError, match="'periods=9' is no mapping of dotted keys to values"):
        hw.load("one-gate", set_=wrong)
    wrong = {5: 3}
    assert hw.validate("one-gate", set_=wrong)[0].message == "unknown key '5'"


def test_a_path_is_told_from_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bare").write_text(WHOLE, encoding="utf-8")
    assert hw.load("bare").scenario == "small"
    assert hw.load(Path("bare")).scenario == "small"
    assert hw.load("./bare").scenario == "small"
    with pytest.raises(hw.ScenarioError, match="cannot be read"):
        hw.load("one-gate.yaml")
    with pytest.raises(hw.ScenarioError, match="cannot be read"):
        hw.load(Path("one-gate"))


def test_all_faults_are_raised_at_once() -> None:
    path = Path(__file__).parents[2] / "data" / "broken_scenarios" / "five-faults.yaml"
    with pytest.raises(hw.ScenarioError) as caught:
        hw.load(path)
    assert list(caught.value.faults) == hw.validate(path)


@pytest.mark.parametrize("kind", ["bytes", "text", "brackets", "aliases", "line", "numbers"])
def test_ten_megabytes_of_nonsense_are_faults(tmp_path: Path, kind: str) -> None:
    luck = random.Random(1)  # noqa: S311 - nonsense, not a secret
    content = {
        "bytes": luck.randbytes(10_000_000),
        "text": b"scenario: x\n" * 900_000,
        "brackets": b"[" * 10_000_000,
        "aliases": b"a: &a [*a, *a]\n" * 700_000,
        "line": b"scenario: " + b"x" * 10_000_000,
        "numbers": os.linesep.encode().join(b"%d: %d" % (n, n) for n in range(700_000)),
    }[kind]
    for size in (10_000_000, 1_000_000):
        path = tmp_path / f"{size}.yaml"
        path.write_bytes(content[:size])
        assert 1 <= len(hw.validate(path)) <= 110


def test_quantities_keep_their_unit() -> None:
    initial = hw.load("one-gate", set_={"pools.finished-chips.initial": 5}).pools["finished-chips"]
    quantity = getattr(initial, "initial", None)
    assert isinstance(quantity, Quantity)
    assert (quantity.unit, quantity.median) == ("amount", 5)
