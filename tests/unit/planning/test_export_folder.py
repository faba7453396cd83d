"""The folder of an export: its own files are replaced, others are left, and clashes are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from headworks.errors import InputError
from headworks.planning.problem import Risk
from headworks.planning.programme import folder as folders
from headworks.planning.programme.export import write_scenarios
from headworks.planning.programme.folder import check_folder, export
from tests.plans import newsvendor, toy

if TYPE_CHECKING:
    from headworks.planning.problem import Problem


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def contents(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text(encoding="utf-8") for name in names(folder)}


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


FOREIGN = [
    ("plan.mps", "NAME mine\nENDATA\n"), ("plan.mps", ""), ("mpi-sppy/scen0.mps", "NAME other\n"),
    ("mpi-sppy/scen7_nonants.json", '{"scenarioData": {}, "treeData": {}}'),
    ("mpi-sppy/scen0_nonants.json", "[1]"), ("mpi-sppy/scen0_nonants.json", "{"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), FOREIGN)
def test_a_file_of_no_export_is_told_and_left_whatever_its_name(
    tmp_path: Path, name: str, text: str
) -> None:
    export(toy(), tmp_path)
    (tmp_path / name).write_text(text, encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(InputError, match=f"holds {Path(name).name}, .*of no earlier"):
        export(newsvendor([1.0]), tmp_path)
    assert contents(tmp_path) == before


def test_a_link_is_no_file_of_an_export_even_if_it_leads_to_one(tmp_path: Path) -> None:
    export(toy(), tmp_path / "one")
    for name in ("plan.mps", "mpi-sppy/scen0.mps"):
        target = tmp_path / "one" / name
        target.rename(tmp_path / "kept")
        target.symlink_to(tmp_path / "kept")
        with pytest.raises(InputError, match=r"a link or a device|holds scen0\.mps, scen0_nonants"):
            export(toy(), tmp_path / "one")
        target.unlink()
        (tmp_path / "kept").rename(target)
    check_folder(tmp_path / "one")


@pytest.mark.parametrize("name", ["", "plan.mps", "mpi-sppy", "mpi-sppy/scen3.mps"])
def test_a_link_that_leads_nowhere_is_told_and_left(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "programme"
    if name:
        (folder / name).parent.mkdir(parents=True)
    (folder / name).symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError) as caught:
        export(toy(), folder, option="--export")
    assert [fault.file for fault in caught.value.faults] == ["--export"]
    assert (folder / name).is_symlink()
    assert not (tmp_path / "nowhere").exists()


def test_files_that_are_to_be_kept_apart_are_each_told(tmp_path: Path) -> None:
    folder = tmp_path / "programme"
    export(toy(), folder)
    link, aside, away = tmp_path / "link", folder / "mpi-sppy" / "away.lp", tmp_path / "away"
    link.symlink_to(folder / "plan.mps")
    clashing = [
        folder, folder / "plan.mps", folder / "mpi-sppy", folder / "mpi-sppy" / "scen12.mps",
        folder / "mpi-sppy" / "scen3_nonants.json", folder / "." / "mpi-sppy" / ".mps", link, aside,
        tmp_path / "other" / ".." / "programme" / "plan.mps",
    ]  # fmt: skip
    fine = [
        folder / "page.html", folder / "mpi-sppy" / "page.html", tmp_path / "plan.mps", away,
        folder / "scen1.mps", tmp_path / "with\0null",
    ]  # fmt: skip
    with pytest.raises(InputError) as caught:
        check_folder(folder, option="--export", apart=[*fine, *clashing])
    said = [fault.message for fault in caught.value.faults]
    assert [text.split(" lies where")[0] for text in said] == [str(path) for path in clashing]
    assert sum("mpi-sppy would take it for a scenario" in text for text in said) == 2
    check_folder(folder, apart=fine)
    check_folder(tmp_path / "new", apart=fine)


def failing(monkeypatch: pytest.MonkeyPatch, *turns: int) -> None:
    """Make moves of files fail, those of the given turns."""
    count, replace = iter(range(1000)), Path.replace

    def moved(self: Path, target: Path) -> Path:
        if next(count) in turns:
            raise OSError(5, "Input/output error")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", moved)


# Seven files stood there, and three come.
@pytest.mark.parametrize("turn", range(10))
@pytest.mark.parametrize("before", ["an export", "a file", "nothing"])
def test_what_cannot_be_put_in_its_place_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turn: int, before: str
) -> None:
    folder = tmp_path / "programme"
    if before == "an export":
        export(newsvendor([1.0, 2.0, 3.0]), folder)
    elif before == "a file":
        folder.mkdir()
        (folder / "notes.txt").write_text("mine", encoding="utf-8")
    stood = contents(folder)
    failing(monkeypatch, turn if before == "an export" else turn % 3)
    with pytest.raises(InputError, match="input/output error") as caught:
        export(newsvendor([4.0]), folder, option="--export")
    assert caught.value.faults[0].file == "--export"
    assert contents(folder) == stood
    assert folder.exists() == (before != "nothing")


def interrupted(monkeypatch: pytest.MonkeyPatch, *turns: int) -> None:
    """Interrupt moves of files as soon as they are done, those of the given turns."""
    count, replace = iter(range(1000)), Path.replace

    def moved(self: Path, target: Path) -> Path:
        found = replace(self, target)
        if next(count) in turns:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(Path, "replace", moved)


@pytest.mark.parametrize("turns", [*((turn,) for turn in range(10)), (5, 6), (5, 8), (9, 10, 14)])
def test_interrupts_leave_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turns: tuple[int, ...]
) -> None:
    folder = tmp_path / "programme"
    export(newsvendor([1.0, 2.0, 3.0]), folder)
    stood = contents(folder)
    interrupted(monkeypatch, *turns)
    with pytest.raises(KeyboardInterrupt):
        export(newsvendor([4.0]), folder)
    assert contents(folder) == stood


def test_what_cannot_be_put_back_either_is_kept_and_told_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(newsvendor([1.0, 2.0, 3.0]), tmp_path)
    stood = {path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()}
    failing(monkeypatch, *range(4, 1000))
    with pytest.raises(InputError, match="is kept in") as caught:
        export(newsvendor([4.0]), tmp_path)
    kept = Path(caught.value.faults[0].message.split("is kept in ")[1])
    assert len(names(kept)) == 4
    left = {path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()}
    assert stood <= left


def test_a_file_that_turns_up_meanwhile_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(problem: Problem, folder: Path, *, integers: bool) -> None:
        write_scenarios(problem, folder, integers=integers)
        (tmp_path / "plan.mps").write_text("mine", encoding="utf-8")

    monkeypatch.setattr(folders, "write_scenarios", write)
    with pytest.raises(InputError, match="stands there by now"):
        export(toy(), tmp_path)
    assert contents(tmp_path) == {"plan.mps": "mine"}


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
