"""The folder of an export: its own files are replaced, others are left, and clashes are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from headworks.errors import InputError
from headworks.planning.problem import Risk
from headworks.planning.programme import folder as folders
from headworks.planning.programme.folder import check_folder, export
from tests.plans import newsvendor, toy

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def of(count: int) -> set[str]:
    endings = (".mps", "_nonants.json")
    return {f"mpi-sppy/scen{n}{ending}" for n in range(count) for ending in endings}


def test_an_earlier_export_is_replaced_and_nothing_else_is_touched(tmp_path: Path) -> None:
    folder = tmp_path / "programme"
    export(newsvendor([1.0, 2.0, 3.0]), folder)
    assert names(folder) == {"plan.mps", *of(3)}
    others = {"notes.txt", "mpi-sppy/rho.csv", "mpi-sppy/scen.txt", "mpi-sppy/myscen0_nonants.json"}
    for name in others:
        (folder / name).write_text("mine", encoding="utf-8")
    export(toy(), folder)
    assert names(folder) == {"plan.mps", *others, *of(2)}
    tree = json.loads((folder / "mpi-sppy" / "scen1_nonants.json").read_text(encoding="utf-8"))
    assert tree["scenarioData"]["name"] == "shut"
    assert {(folder / name).read_text(encoding="utf-8") for name in others} == {"mine"}


def test_scenarios_of_an_earlier_plan_do_not_stay_beside_one_that_has_none(tmp_path: Path) -> None:
    export(toy(), tmp_path)
    export(toy(risk=Risk(worst_case=True)), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["plan.mps"]


@pytest.mark.parametrize(
    "name", ["plan.mps", "other.lp", "scen0.lp", "scenario1.mps", "xscen0.mps"]
)
def test_what_would_be_read_as_a_scenario_is_told_and_left(tmp_path: Path, name: str) -> None:
    export(newsvendor([1.0, 2.0]), tmp_path)
    before = names(tmp_path)
    (tmp_path / "mpi-sppy" / name).write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=f"holds {name}, which mpi-sppy would take"):
        export(toy(), tmp_path)
    assert names(tmp_path) == {*before, f"mpi-sppy/{name}"}


def test_all_that_stands_in_the_way_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "plan.mps").mkdir()
    (tmp_path / "mpi-sppy").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        check_folder(tmp_path)
    assert len(caught.value.faults) == 2
    for place in (tmp_path / "mpi-sppy", tmp_path / "no" / "where"):
        with pytest.raises(InputError, match="is no folder"):
            export(toy(), place)


@pytest.mark.parametrize("name", ["x" * 300, "with\0null"])
def test_a_name_that_cannot_be_one_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be"):
        check_folder(tmp_path / name)


def test_links_that_lead_round_are_told(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    with pytest.raises(InputError, match="one"):
        check_folder(tmp_path / "one")


def test_a_folder_that_may_not_be_written_into_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(InputError, match="nothing may be written into"):
        check_folder(tmp_path)
    with pytest.raises(InputError, match="can be made"):
        check_folder(tmp_path / "new")


def test_a_disk_that_is_full_leaves_what_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    export(newsvendor([1.0]), old)
    before = {name: (old / name).read_bytes() for name in names(old)}

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders, "write_scenarios", full)
    for folder in (old, new):
        with pytest.raises(InputError, match="no space left on device"):
            export(toy(), folder)
    assert {name: (old / name).read_bytes() for name in names(old)} == before
    assert not new.exists()
