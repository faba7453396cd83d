"""The set-up: what is locked, what is shipped, and the browser that other tests drive."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PROJECT["dependency-groups"]
PINNED = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;]+)")


def lock_text(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    """Return the version that a lock holds of each package."""
    found = (PINNED.match(line) for line in lock_text(lock).splitlines())
    return {match["name"]: match["version"] for match in found if match}


def declared(*groups: str) -> list[Requirement]:
    lines = [*PROJECT["project"]["dependencies"]]
    lines += [line for group in groups for line in GROUPS[group] if isinstance(line, str)]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize(("lock", "groups"), [("runtime", ("build",)), ("dev", ("build", "dev"))])
def test_a_lock_holds_what_is_declared(lock: str, groups: tuple[str, ...]) -> None:
    locked = pins(lock)
    unmet = [
        str(requirement)
        for requirement in declared(*groups)
        if not requirement.specifier.contains(locked.get(canonicalize_name(requirement.name), "0"))
    ]
    assert not unmet, "run `make lock`"


def test_users_and_developers_get_the_same_versions() -> None:
    assert pins("runtime").items() <= pins("dev").items()


@pytest.mark.parametrize("lock", ["runtime", "dev"])
def test_a_lock_pins_every_package_with_hashes_and_names_no_place(lock: str) -> None:
    text = lock_text(lock)
    packages = [line for line in text.splitlines() if line[:1].isalnum()]
    assert len(packages) == len(pins(lock)) > 0
    assert all(line.endswith("\\") for line in packages)
    assert not re.search(r"://|file:| @ |^-|--index|--find-links", text, re.MULTILINE)


def test_each_dependency_gives_its_reason_and_its_licence() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    bare = [
        str(requirement)
        for requirement in declared("build", "dev")
        if not re.search(rf'"{re.escape(requirement.name)}>=[^"]*", +# \w.*; \w', text)
    ]
    assert not bare


@pytest.mark.slow
def test_the_package_ships_all_that_it_needs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if name.startswith("headworks/")}
    source = ROOT / "src"
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "headworks").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert shipped == wanted
    assert "headworks/py.typed" in shipped


@pytest.mark.slow
@pytest.mark.browser
def test_the_browser_reads_a_page_from_disk(chromium: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<script>document.write(6 * 7)</script>", encoding="utf-8")
    command = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        f"--user-data-dir={tmp_path / 'profile'}",
        "--dump-dom",
        page.as_uri(),
    ]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    assert "42" in shown
