"""The table of rooms: which part of the package may import which."""

from __future__ import annotations

import graphlib
import subprocess
import sys
from typing import TYPE_CHECKING

import grimp
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

MODEL = {"scenario", "rationing", "throughput", "flow", "ledger", "planning", "report"}

# Each room with the rooms that it may import. `errors` is open to all; "headworks" is the package's
# own module, which only loads the public names.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "scenario": {"errors"},
    "rationing": {"errors"},
    "throughput": {"errors", "scenario"},
    "flow": {"errors", "scenario", "rationing", "throughput"},
    "ledger": {"errors", "scenario", "rationing"},
    "planning": {"errors", "scenario", "rationing", "throughput", "flow"},
    "report": {"errors", "rationing", "throughput", "flow", "ledger", "planning"},
    "headworks": {"errors", *MODEL},
    "web": {"errors", "headworks", *MODEL},
    "cli": {"errors", "headworks", "web", *MODEL},
    "__main__": {"cli"},
}

# What takes long to import, and must wait until a verb needs it.
HEAVY = {
    "highspy",
    "jinja2",
    "joblib",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "scipy",
    "xarray",
    "yaml",
}


def room_of(module: str) -> str:
    """Return the room that a module is in."""
    return [*module.split("."), "headworks"][1]


def faults(imports: Iterable[tuple[str, str]]) -> list[str]:
    """Return a line for each import, given as importer and imported, that the table forbids."""
    return sorted(
        f"{importer} imports {imported}"
        for importer, imported in imports
        if room_of(importer) != room_of(imported)
        and room_of(imported) not in MAY_IMPORT.get(room_of(importer), set())
    )


def test_the_table_has_no_loop() -> None:
    order = tuple(graphlib.TopologicalSorter(MAY_IMPORT).static_order())
    assert order[0] == "errors"


def test_every_import_is_in_the_table() -> None:
    graph = grimp.build_graph("headworks", cache_dir=None)
    imports = (
        (importer, imported)
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    )
    assert faults(imports) == []


def test_every_module_is_in_a_room() -> None:
    graph = grimp.build_graph("headworks", cache_dir=None)
    assert {room_of(module) for module in graph.modules} <= MAY_IMPORT.keys()


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("headworks.scenario.chip", "headworks.flow.period"),
        ("headworks.rationing.rules", "headworks.scenario.chip"),
        ("headworks.throughput.roofline", "headworks.rationing.rules"),
        ("headworks.flow.period", "headworks.ledger.accounts"),
        ("headworks.ledger.accounts", "headworks.throughput.roofline"),
        ("headworks.planning.programme", "headworks.ledger.accounts"),
        ("headworks.report.page", "headworks.scenario.chip"),
        ("headworks.report.page", "headworks.cli.app"),
        ("headworks.flow.period", "headworks"),
        ("headworks.errors", "headworks.scenario.chip"),
        ("headworks.unheard_of", "headworks.errors"),
    ],
)
def test_an_import_outside_the_table_is_found(importer: str, imported: str) -> None:
    assert faults([(importer, imported)]) == [f"{importer} imports {imported}"]


def test_imports_in_the_table_pass() -> None:
    assert not faults(
        [
            ("headworks.flow.period", "headworks.flow.streams"),
            ("headworks.flow.period", "headworks.rationing"),
            ("headworks.ledger", "headworks.errors"),
            ("headworks.report.page", "headworks.planning.plan"),
            ("headworks.cli.forecast", "headworks"),
            ("headworks.cli.app", "headworks.web"),
        ]
    )


@pytest.mark.parametrize("face", ["headworks", "headworks.cli.app"])
def test_a_face_loads_nothing_heavy_before_a_verb_is_called(face: str) -> None:
    code = f"import sys, {face}; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert not HEAVY & set(loaded)
    rooms = {room_of(module) for module in loaded if module.startswith("headworks.")}
    assert not rooms & MODEL
