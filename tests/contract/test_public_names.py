"""The public names: one table, loaded lazily, and known to type checkers."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import headworks

HOME = headworks._HOME  # noqa: SLF001 - the table is what is tested


def test_all_is_sorted_and_equals_the_table() -> None:
    assert headworks.__all__ == sorted(headworks.__all__)
    assert set(headworks.__all__) == HOME.keys()


def test_type_checkers_see_the_same_names_from_the_same_modules() -> None:
    tree = ast.parse(Path(str(headworks.__file__)).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == HOME


@pytest.mark.parametrize("name", headworks.__all__)
def test_a_public_name_loads_and_is_documented(name: str) -> None:
    found = getattr(headworks, name)
    assert found.__doc__
    assert name in dir(headworks)


def test_what_is_not_public_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'forecats'"):
        _ = headworks.forecats


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys, headworks; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert [module for module in loaded if module.startswith("headworks.")] == []
    assert not {"numpy", "pydantic", "yaml", "typer"} & set(loaded)
