"""Stories: scripts of actions that the package ships, played into a ledger by their names."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

FOLDER = Path(str(files("headworks"))) / "data" / "ledgers"


def story_path(name: str) -> Path:
    """Return the file of a story, or the path that `name` is where no story is called so."""
    return stories().get(name, Path(name))


def stories() -> dict[str, Path]:
    """Return the file of every story, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}
