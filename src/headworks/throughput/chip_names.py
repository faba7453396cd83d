"""Names of chips: as sources and drivers call them, with maker, board and memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headworks.errors import UnknownName
from headworks.scenario.aliases import plain
from headworks.scenario.catalogue import SEE_CHIPS
from headworks.throughput.machine import GIB

if TYPE_CHECKING:
    from collections.abc import Sequence

    from headworks.scenario.catalogue import Catalogue
    from headworks.scenario.chip import Chip

PARENTHESIS = re.compile(r"\([^()]*\)")
BOARD = re.compile(r"pcie|nvl|3e", re.IGNORECASE)
"""Boards that are other chips than those that are called alike without them."""
COUNT = re.compile(r"^\s*\d{1,6} ?[x×] ?", re.IGNORECASE)
"""How many chips there are, such as the beginning of `8x H100`."""
BRACKETS = re.compile(r"[()]")
SIZE = re.compile(r"(?<![\w.])(\d{1,6}(?:\.\d{1,6})?) ?gi?b?\b", re.IGNORECASE)
"""A size of memory, such as `80GB`, `141 GB`, `179 GiB` or `80G`."""
BESIDE = re.compile(
    r"\b(nvidia|amd|instinct|huawei|kunlunxin|baidu|metax|cambricon|hygon|hgx|dgx|gpu|npu|card"
    r"|moore threads|(?<=gb[23]00[- ])nvl72|(?<=gb[23]00)nvl72|sxm\d?|oam|hbm\d?e?)\b",
    re.IGNORECASE,
)
"""What stands beside the name of a chip: its maker, its board, the kind of its memory."""
ALIKE = 0.04
"""Part of a size of memory by which names and data sheets differ."""
SCALES = (1e9 / GIB, 1.0, GIB / 1e9)
"""What a size is counted in, over what data sheets count in: either may mean GB or GiB."""
LETTERS_MAX = 200
"""Letters of a name that are looked at: no chip's name is longer."""


def chip_named(name: str, known: Catalogue) -> str:
    """Return the id of a chip by id or alias, or as sources and drivers call it.

    A size of memory in a name is heeded: it takes the chip of that name with that memory, and no
    other.

    Raises:
        UnknownName: No chip is called that, or none of them has that memory.
    """
    given = str(name)[:LETTERS_MAX]  # a caller may give anything, and near names are looked for
    try:
        return known.chip_id(given)
    except UnknownName:
        alike = _alike(given, known)
    if not alike:
        # It is met with the near names, which brackets would hide.
        return known.chip_id(" ".join(BRACKETS.sub(" ", given).split()))
    sizes = [float(size) for size in SIZE.findall(given.replace("_", " "))]
    fitting = [one for one in alike if not sizes or _has(known.chips[one], sizes)]
    if fitting:
        return fitting[0]
    raise _of_other_size(given, [known.chips[one] for one in alike], alike)


def _alike(name: str, known: Catalogue) -> list[str]:
    """Return the ids of chips that are called alike but for their memory.

    The one that the bare name is an alias of is the first.
    """
    # What stands in brackets is no part of a name, but a board tells another chip.
    bare = _bare(BRACKETS.sub(" ", name) if BOARD.search(name) else name)
    spelled = {one: (one, chip.name, *chip.aliases) for one, chip in known.chips.items()}
    found = [one for one, names in spelled.items() if bare in map(_bare, names)]
    return sorted(found, key=lambda one: bare not in map(plain, spelled[one]))


def _bare(name: str) -> str:
    """Return a name without what stands beside it, its memory included."""
    spaced = PARENTHESIS.sub(" ", COUNT.sub("", name)).replace("_", " ")
    return plain(BESIDE.sub(" ", SIZE.sub(" ", spaced)))


def _has(chip: Chip, sizes: Sequence[float]) -> bool:
    """Return whether a chip has one of the sizes of memory, in GB or GiB, or an unknown one."""
    memory = chip.memory_gb
    if memory is None:
        return True
    low, high = memory.quantile(0.05), memory.quantile(0.95)
    return any(
        low * (1 - ALIKE) <= size * scale <= high * (1 + ALIKE)
        for size in sizes
        for scale in SCALES
    )


def _of_other_size(name: str, chips: Sequence[Chip], chip_ids: Sequence[str]) -> UnknownName:
    """Return what says that chips are called so, and that none has the memory of the name."""
    held = " and ".join(
        f"{chip.name} has {chip.memory_gb.median:g} GB" for chip in chips if chip.memory_gb
    )
    return UnknownName(
        "chip",
        name,
        chip_ids,
        spelled={name: chip_ids[0]},
        see=SEE_CHIPS,
        remedy=f"{held}; no other size of it is known",
    )
