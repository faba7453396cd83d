"""The data that the package ships: schema, sources, dates, names and published vectors."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headworks.scenario.catalogue import catalogue, data_folder, evidence_in
from headworks.scenario.yaml_file import read_yaml

FOLDER = data_folder()
FILES = sorted(FOLDER.rglob("*.yaml"))
SCENARIOS = sorted((FOLDER / "scenarios").glob("*.yaml"))
SOURCES = sorted((FOLDER / "sources").glob("*.yaml"))
POLICIES = sorted((FOLDER / "policy").rglob("*.yaml"))
KINDS = {"stated", "derived", "estimated", "assumed"}
UNITS = {"tpp", "tpp_per_mm2", "gb_per_s", "share", "units", "in_force", "word"}

# fmt: off
NAMED = [
    "h200-sxm", "h200-nvl", "h100-sxm", "h800", "h20", "h20-141gb", "a100-80gb", "a800", "b200",
    "gb200", "b300", "gb300", "b30a", "rtx-pro-6000d", "l20", "mi300x", "mi308x", "mi325x",
    "mi355x", "ascend-910b", "ascend-910c", "ascend-950pr", "ascend-950dt", "mlu590",
    "kunlun-p800", "ppu", "bw1000", "mtt-s5000",
]
# fmt: on

ALIASES = {
    "H200": "h200-sxm",
    "h200 sxm5": "h200-sxm",
    "H100": "h100-sxm",
    "H20": "h20",
    "H20-3e": "h20-141gb",
    "A100": "a100-80gb",
    "GH200": "gh200",
    "RTX 6000D": "rtx-pro-6000d",
    "Instinct MI325X": "mi325x",
    "910C": "ascend-910c",
    "Ascend 910B": "ascend-910b",
    "Kunlun P800": "kunlun-p800",
    "T-Head PPU": "ppu",
    "S5000": "mtt-s5000",
}

# TPP of the published catalogue, and how far a rounded figure may lie from it.
TPP = {
    "h200-sxm": (15_832, 0),
    "h200-nvl": (13_370, 5),
    "h100-sxm": (15_832, 0),
    "h800": (15_832, 0),
    "h20": (2_368, 0),
    "h20-141gb": (2_368, 0),
    "a100-80gb": (4_992, 0),
    "a800": (4_992, 0),
    "b200": (36_000, 0),
    "gb200": (40_000, 0),
    "b300": (57_000, 3_000),
    "gb300": (57_000, 3_000),
    "l20": (1_912, 0),
    "mi300x": (20_920, 0),
    "mi325x": (20_920, 0),
    "mi355x": (40_264, 0),
    "ascend-910b": (5_000, 120),
    "ascend-910c": (12_250, 250),
    "ascend-950pr": (8_000, 0),
    "ascend-950dt": (8_000, 0),
    "ascend-960": (16_000, 0),
    "ascend-970": (32_000, 0),
    "mlu590": (5_250, 250),
    "mlu690": (11_200, 0),
    "kunlun-p800": (5_520, 0),
    "ppu": (1_900, 5),
    "mtt-s5000": (8_000, 0),
    "br106": (5_400, 25),
    "br166": (10_800, 50),
    "c550": (3_840, 0),
    "c600": (8_000, 0),
}


def walk(node: object, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], Any]]:
    """Yield every value of a tree with its key path, containers included."""
    yield path, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from walk(value, (*path, number))


def tree(path: Path) -> Any:  # noqa: ANN401 - any YAML value
    """Return a file's tree; reading faults fail the test."""
    document = read_yaml(path)
    assert not document.faults
    return document.tree


def name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def cited(path: Path) -> Iterator[str]:
    """Yield every source that a file cites."""
    for keys, value in walk(tree(path)):
        if keys and keys[-1] == "source" and isinstance(value, str):
            yield value


def test_the_packaged_catalogue_is_read_once() -> None:
    assert catalogue(None) is catalogue() is catalogue(data_folder())


def test_the_catalogue_has_no_fault() -> None:
    known = catalogue()
    assert len(known.chips) >= 25
    assert len(known.instruments) >= 30


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_is_clean_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "\t" not in text
    assert text.endswith("\n")
    assert not re.search(r"[ ]+$", text, re.MULTILINE)
    tree(path)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_source_is_named_after_publisher_date_and_subject(path: Path) -> None:
    source = catalogue().sources[path.stem]
    pattern = r"[a-z0-9]+(?:-[a-z]+)*?-(\d{4}(?:-\d{2}){0,2})-[a-z0-9][a-z0-9-]*"
    found = re.fullmatch(pattern, path.stem)
    assert found, "name it publisher-YYYY[-MM[-DD]]-subject"
    assert source.published.isoformat().startswith(found[1])
    whole_day = len(found[1]) == len("2031-03-01")
    assert whole_day or source.note, "a day that is not known needs a note that says so"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_source_is_not_from_the_future(path: Path) -> None:
    source = catalogue().sources[path.stem]
    today = dt.datetime.now(tz=dt.UTC).date()
    assert source.published <= today
    if source.relay and source.relay.published:
        assert source.published <= source.relay.published <= today


def test_every_source_is_used() -> None:
    if not any(path.stem == "h200-2026" for path in SCENARIOS):
        pytest.skip("most sources are cited by the scenario h200-2026, which is not there yet")
    used = {value for path in FILES if path not in SOURCES for value in cited(path)}
    unused = sorted(set(catalogue().sources) - used)
    assert not unused, f"cite these sources or remove their files: {', '.join(unused)}"


@pytest.mark.parametrize("path", [p for p in FILES if p not in SOURCES], ids=name)
def test_every_cited_source_exists(path: Path) -> None:
    assert set(cited(path)) <= set(catalogue().sources)


def test_every_number_of_chips_and_policy_has_a_source() -> None:
    known = catalogue()
    records = {**known.chips, **known.instruments}
    for record_name, record in records.items():
        for keys, evidence in evidence_in(record):
            assert evidence.source, f"{record_name}: {keys}"


@pytest.mark.parametrize("path", [p for p in FILES if p not in SOURCES], ids=name)
def test_every_value_says_where_it_comes_from(path: Path) -> None:
    needed = {
        "stated": {"source"},
        "derived": {"formula"},
        "estimated": {"source", "method"},
        "assumed": {"reason"},
    }
    for keys, node in walk(tree(path)):
        if not isinstance(node, dict) or node.get("kind") not in KINDS:
            continue
        kind = node["kind"]
        assert needed[kind] & set(node), f"{keys}: a value of kind {kind} needs {needed[kind]}"
        if kind == "assumed" and isinstance(node.get("value"), int | float):
            assert isinstance(node["value"], bool) or "dist" in node, keys


@pytest.mark.parametrize("path", POLICIES, ids=name)
def test_an_instrument_is_in_order(path: Path) -> None:
    content = tree(path)
    days = list(content["values"])
    assert days == sorted(days)
    assert all(type(day) is dt.date for day in days)
    entries = [content["values"][day]["value"] for day in days]
    for before, entry in zip([None, *entries], entries, strict=False):
        assert (before, entry) != (None, None), "a null ends a value and so must follow one"
    assert content["unit"] in UNITS
    assert path.relative_to(FOLDER / "policy").parts[0] == content["jurisdiction"].lower()


@pytest.mark.parametrize("path", POLICIES, ids=name)
def test_an_instruments_values_fit_its_unit(path: Path) -> None:
    content = tree(path)
    unit = content["unit"]
    values = [entry["value"] for entry in content["values"].values()]
    for value in (value for value in values if value is not None):
        assert isinstance(value, bool) == (unit == "in_force")
        assert isinstance(value, str) == (unit == "word")
        if unit == "share":
            assert 0 <= value <= 1


def test_what_is_not_law_has_its_status() -> None:
    for instrument_id, instrument in catalogue().instruments.items():
        if instrument.jurisdiction == "CN":
            statuses = {entry.status for entry in instrument.values.values()}
            assert statuses == {"reported"}, f"{instrument_id}: China has published no instrument"


def test_the_pairing_ratio_is_not_invented() -> None:
    pairing = [name for name in catalogue().instruments if "pairing" in name]
    assert pairing == ["cn/domestic-pairing/required"]


def as_of(path: Path) -> dt.date | None:
    """Return the day as of which a scenario was written, its base's if it has none of its own."""
    content = tree(path)
    if not isinstance(content, dict):
        return None
    day = content.get("as_of")
    base = content.get("base")
    if isinstance(day, dt.date) or not isinstance(base, str):
        return day
    parent = FOLDER / "scenarios" / f"{Path(base).stem}.yaml"
    return as_of(parent) if parent.exists() else None


def published_too_late(path: Path, day: dt.date) -> list[str]:
    """Return the sources that a scenario cites and that came out after `day`."""
    known = catalogue().sources
    return sorted(name for name in set(cited(path)) if known[name].published > day)


@pytest.mark.parametrize("path", SCENARIOS, ids=name)
def test_a_scenario_cites_nothing_that_came_out_later(path: Path) -> None:
    day = as_of(path)
    assert day is not None, "say as_of which day the scenario was written"
    late = published_too_late(path, day)
    assert not late, f"published after {day}: {', '.join(late)}"


def test_a_source_from_later_is_found(tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(
        "as_of: 2026-01-29\n"
        "pools:\n  stock: {source: reuters-2025-12-31-h200-orders}\n"
        "gates: [{source: reuters-2026-01-30-deepseek-approval}]\n",
        encoding="utf-8",
    )
    day = as_of(path)
    assert day is not None
    assert published_too_late(path, day) == ["reuters-2026-01-30-deepseek-approval"]


@pytest.mark.parametrize("chip", NAMED)
def test_a_named_chip_exists_with_its_bandwidth_and_memory(chip: str) -> None:
    record = catalogue().chip(chip)
    assert catalogue().chip_id(record.name) == chip
    assert record.memory_gb is not None
    assert record.memory_bandwidth_gb_per_s is not None or chip == "ppu"


@pytest.mark.parametrize(("alias", "chip"), ALIASES.items())
def test_an_alias_resolves(alias: str, chip: str) -> None:
    assert catalogue().chip_id(alias) == chip


@pytest.mark.parametrize(("chip", "vector"), TPP.items())
def test_tpp_agrees_with_the_published_table(chip: str, vector: tuple[float, float]) -> None:
    expected, tolerance = vector
    assert catalogue().chip(chip).tpp == pytest.approx(expected, abs=tolerance or 1e-6)


def test_a_chip_of_grade_a_or_better_has_no_rumour_in_its_rates() -> None:
    survey = "headworks-2026-11-accelerator-survey"
    for chip_id, chip in catalogue().chips.items():
        if chip.grade == "A":
            sources = {peak.source for peak in chip.peak_tflops.values()}
            assert survey not in sources, chip_id


def test_only_chips_designed_in_the_united_states_are_under_its_control() -> None:
    known = catalogue()
    for chip_id, chip in known.chips.items():
        ours = known.designers[chip_id] in {"NVIDIA", "AMD"}
        assert chip.export_controlled_by == (["US"] if ours else [])
