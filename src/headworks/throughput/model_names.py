"""Names of models: what publishers append to them, the precision they tell, and what is a path."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from headworks.scenario.whole_file import exists, is_file
from headworks.throughput.hugging_face.file import NAME
from headworks.throughput.precision import ALIASES, BYTES, named

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = frozenset({*BYTES, *ALIASES})
"""Words that tell a precision."""
VARIANT = re.compile(
    r"(?P<rest>.+?)[-_ .]\(?(instruct|base|chat|hf|it|thinking[-_ ]\d{4}|preview|dynamic|block"
    r"|static|quantized|kv|\d{4}|99(\.9)?|v\d(\.\d)?|"
    + "|".join(re.escape(word) for word in sorted(FORMATS, key=len, reverse=True))
    + r")\)?",
    re.IGNORECASE,
)
"""A name with the last word of a variant: how it was tuned, what weights are stored in, when."""
METHODS = frozenset({"awq", "gptq"})
"""Ways to quantise, which write 4 bits unless another word says how many."""
CACHE = "kv"
"""Word by which a name goes on to the cache: that of `Llama-3.1-70B-FP8-KV`."""


def shortened(name: str) -> Iterator[str]:
    """Yield a name as it is given, without its publisher, and with ever fewer variant words."""
    yield name
    rest = name.rpartition("/")[2]
    yield rest
    while (found := VARIANT.fullmatch(rest)) is not None:
        rest = found["rest"].rstrip("-_ .")
        yield rest


def precision_named(name: str) -> str | None:
    """Return the precision that a model's name tells, such as that of `Qwen3-32B-FP8`.

    The last word that tells one counts, but a word that tells less gives way: `GPTQ` to `Int8`,
    and `W8A8` to `FP8`; `W4A8` tells the weights even beside `FP8`.
    """
    words = re.split(r"[^a-z0-9]+", name.rpartition("/")[2].lower())
    if CACHE in words:
        words = words[: words.index(CACHE)]
    told = [(_certainty(word), place) for place, word in enumerate(words) if word in FORMATS]
    return named(words[max(told)[1]]) if told else None


def _certainty(word: str) -> int:
    """Return how surely a word tells the format of weights, among the words of one name."""
    if word in METHODS:
        return 0
    if word == "w8a8":  # integers or floats
        return 1
    return 3 if word.startswith("w4") else 2


def is_path(name: str) -> bool:
    """Return whether a name is the path of a configuration, or of the folder that holds it.

    It is where it can be nothing else, or where it has a separator and a configuration is there: a
    publisher's name for a model has one, too.
    """
    if name.endswith((".json", "/")) or name.startswith(("/", "./", "../")) or name in {".", ".."}:
        return True
    return "/" in name and (is_file(name) or holds_config(name))


def holds_config(folder: str) -> bool:
    """Return whether there is a folder of that name with a configuration in it."""
    return is_file(Path(folder, NAME))


def is_there(path: str) -> bool:
    """Return whether there is such a file or folder; a name that no file can have is none."""
    return bool(path.strip()) and exists(path)
