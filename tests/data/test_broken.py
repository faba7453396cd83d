"""A folder of broken files: each must be refused with the words that its first line names."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from headworks.errors import ScenarioError
from headworks.scenario.catalogue import catalogue

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
PLACES = {"chip": "chips", "policy": "policy/us/example", "source": "sources"}
MARK = "# The message must contain: "
GAZETTE = """\
producer: Example Gazette
title: A rule
published: 2031-03-01
url: https://example.org/rule
confidence: high
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one source and nothing else."""
    for place in PLACES.values():
        (tmp_path / place).mkdir(parents=True)
    path = tmp_path / "sources" / "example-2031-03-01-gazette.yaml"
    path.write_text(GAZETTE, encoding="utf-8")
    return tmp_path


def put(path: Path, folder: Path) -> Path:
    place = folder / PLACES[path.stem.partition("-")[0]] / path.name
    shutil.copy(path, place)
    return place


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_refused_with_place_and_reason(path: Path, folder: Path) -> None:
    place = put(path, folder)
    words = path.read_text(encoding="utf-8").splitlines()[0].removeprefix(MARK)
    with pytest.raises(ScenarioError) as caught:
        catalogue(folder)
    assert words in str(caught.value)
    assert all(fault.file == str(place) for fault in caught.value.faults)


def test_all_faults_of_all_files_come_at_once(folder: Path) -> None:
    places = {str(put(path, folder)) for path in BROKEN}
    with pytest.raises(ScenarioError) as caught:
        catalogue(folder)
    assert places == {fault.file for fault in caught.value.faults}


def test_the_folder_without_a_broken_file_is_accepted(folder: Path) -> None:
    assert list(catalogue(folder).sources) == ["example-2031-03-01-gazette"]
