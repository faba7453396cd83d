"""The names that people read, of chips, companies and gates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headworks.flow.result import Forecast
    from headworks.planning.result import Plan

ALL_CHIPS = "all chips"

_PREFIXES = {"us": "US", "cn": "Chinese", "hk": "Hong Kong", "eu": "EU", "nl": "Dutch"}


def chip_name(found: Forecast | Plan, chip: str) -> str:
    """Return the short name of a chip: without its designer and without remarks in brackets."""
    return ALL_CHIPS if chip == "all" else found.scenario.chip_name(chip)


def company_name(found: Forecast | Plan, company: str) -> str:
    """Return the name of a company as it writes itself."""
    return "All companies" if company == "all" else found.scenario.company_name(company)


def gate_name(gate: str) -> str:
    """Return the name of a gate in a sentence, from its id: `cn_approval` is Chinese approval."""
    words = re.split(r"[_-]+", gate)
    return " ".join([_PREFIXES.get(words[0], words[0]), *words[1:]])


def capital(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
