"""Names as people write them: read in one form, and compared with those that look alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


def name_text(value: object) -> str:
    """Return a name in the one form in which names are compared.

    Accents are composed (Unicode's form NFC), blanks around it are dropped, and a run of blanks of
    any kind, such as the unbreakable ones of spreadsheets, is one blank.

    Raises:
        ValueError: It has signs that cannot be printed, half of a surrogate pair among them.
    """
    text = " ".join(unicodedata.normalize("NFC", str(value)).split())
    if not text.isprintable():
        raise ValueError(f"{text!r} has signs that cannot be printed")
    return text


def plain(name: str) -> str:
    """Return a name without case, blanks, dashes and underscores, by which chips are looked up."""
    return re.sub(r"[\s_-]", "", unicodedata.normalize("NFKC", name)).casefold()


def alike(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the groups of different names that differ in nothing but case and width of signs."""
    groups: dict[str, dict[str, None]] = {}
    for name in names:
        groups.setdefault(unicodedata.normalize("NFKC", name).casefold(), {})[name] = None
    return [tuple(group) for group in groups.values() if len(group) > 1]


def listed(names: Iterable[str], most: int = 5) -> str:
    """Return names as a message lists them: the first few, and how many more there are."""
    known = list(names)
    more = f" and {len(known) - most:,} more" if len(known) > most else ""
    return ", ".join(known[:most]) + more
