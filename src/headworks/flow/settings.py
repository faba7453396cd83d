"""Settings: what a caller set on top of a scenario, as the command line writes it."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from headworks.scenario.load import COMMAND_LINE

if TYPE_CHECKING:
    from headworks.scenario.scenario import Scenario

VALUE_LETTERS = 30
"""A setting of more letters is named by its key alone."""


def settings(of: Scenario) -> dict[str, object]:
    """Return what was set on top of a scenario, by key; empty where nothing was."""
    made = of.overrides.get(COMMAND_LINE)
    return {} if made is None else made.set


def full_name(of: Scenario) -> str:
    """Return the name of a scenario with what was set on top of it, if anything was."""
    made = settings(of)
    if not made:
        return of.scenario
    return f"{of.scenario} with {', '.join(_setting(*pair) for pair in made.items())}"


def _setting(key: str, value: object) -> str:
    """Return a setting as it is written on the command line; only the key where that is long."""
    text = as_yaml(value)
    return f"{key}={text}" if len(text) <= VALUE_LETTERS else key


def as_yaml(value: object) -> str:
    """Return a value as YAML on one line; a text as it is, since it is YAML already."""
    return value if isinstance(value, str) else _yaml(value)


def _yaml(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        items = (f"{json.dumps(str(key))}: {_yaml(item)}" for key, item in value.items())
        return f"{{{', '.join(items)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_yaml(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)
