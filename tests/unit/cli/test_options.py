from __future__ import annotations

import os
from pathlib import Path

import pytest

from headworks.cli.options import check_outputs, read_settings, settings
from headworks.errors import InputError


def test_settings_are_read_by_key() -> None:
    assert settings(["a.b = 1", "c={p5: 1}", "d="]) == {"a.b": "1", "c": "{p5: 1}", "d": ""}


def test_a_key_may_be_set_twice_to_one_value_only() -> None:
    assert settings(["a=1", "a = 1"]) == {"a": "1"}
    with pytest.raises(InputError, match=r"--set: a: set to '1', and then to '2'\n.*keep one"):
        settings(["a=1", "a=2"])


def test_all_that_is_no_setting_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        settings(["a", "=1", "b=1", "b=2"])
    assert len(caught.value.faults) == 3


def test_what_can_be_read_of_settings_is_read_beside_what_cannot() -> None:
    found = read_settings(["gates.a.opening", "b=1", "c.d.e=1", "c.d.e=2", "periods: 9", "=7"])
    assert found.values == {"b": "1"}
    assert [fault.key for fault in found.faults] == ["", "c.d.e", "", ""]
    assert found.unread == {"gates.a", "c.d", "periods", ""}


def test_nothing_is_written_over_what_is_read(tmp_path: Path) -> None:
    table, page = tmp_path / "a.yaml", tmp_path / "a.html"
    check_outputs([str(table), None], {"--report": page, "--samples": None})
    with pytest.raises(InputError, match="--report"):
        check_outputs([str(table)], {"--report": tmp_path / "." / "a.yaml"})
    with pytest.raises(InputError, match="--samples"):
        check_outputs([], {"--report": page, "--samples": page})


def test_a_place_that_cannot_be_written_to_is_told_beforehand(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    outputs = {"--report": tmp_path / "folder", "--samples": tmp_path / "no" / "a.parquet"}
    with pytest.raises(InputError) as caught:
        check_outputs([], outputs)
    first, second = caught.value.faults
    assert first.message.endswith(
        "folder cannot be written: it is a folder or a device, not a file"
    )
    assert second.message.endswith(f"cannot be written: there is no folder {tmp_path / 'no'}")


def test_a_folder_that_may_not_be_written_into_is_told_beforehand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match="nothing may be written into"):
        check_outputs([], {"--report": tmp_path / "a.html"})
