"""Faults of a record in words: what pydantic found, with the line and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headworks.errors import Fault, did_you_mean, nearest
from headworks.scenario.shape import fields_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from headworks.scenario.yaml_file import Document, Key, KeyPath


def describe(
    error: ValidationError, document: Document, *, model: type[BaseModel] | None = None
) -> Iterator[Fault]:
    """Yield one fault per error, in the order of the file.

    Args:
        error: What pydantic found.
        document: The file it was found in; gives the lines.
        model: The record that was read; lets an unknown key be compared with the known ones.
    """
    said: set[tuple[KeyPath, str]] = set()
    for item in _without_untaken_branches(error, document.tree):
        path = path_of(document.tree, item)
        fault = document.fault(path, *_words(item, path, model))
        if (path, fault.message) not in said:
            said.add((path, fault.message))
            yield fault


EXPECTED = {
    "bool_type": "true or false",
    "date_type": "a day, written YYYY-MM-DD without quotes",
    "date_from_datetime_inexact": "a day, written YYYY-MM-DD without quotes",
    "dict_type": "a mapping of keys",
    "finite_number": "a finite number",
    "float_type": "a number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "a mapping of keys",
    "string_pattern_mismatch": "an identifier of lower-case letters, digits, -, _ and /",
    "string_too_short": "text that is not empty",
    "string_type": "text",
}
"""What each of pydantic's kinds of error asks for."""
BOUNDS = {
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than": "less than {lt:g}",
    "less_than_equal": "at most {le:g}",
    "string_too_long": "text of at most {max_length} letters",
}
"""The same where a bound says how much of it."""

QUOTE = "'"
SHOWN = 60
"""Longer text is cut in a message, and longer values are named by their type."""


def _words(item: ErrorDetails, path: KeyPath, model: type[BaseModel] | None) -> tuple[str, str]:
    """Return the message and the remedy of one error."""
    kind, message, given = item["type"], item["msg"], item["input"]
    context = item.get("ctx", {})
    if kind == "extra_forbidden":
        known = fields_at(model, path[:-1]) if model else frozenset()
        name = str(path[-1])
        return f"unknown key {name!r}{did_you_mean(nearest(name, known))}", "remove or correct it"
    if kind == "value_error":
        return message.removeprefix("Value error, "), ""
    if kind in {"missing", "union_tag_not_found"}:
        missing = path[-1] if kind == "missing" else context["discriminator"]
        return f"the key {str(missing).strip(QUOTE)} is missing", "add it"
    if kind == "union_tag_invalid":
        wrong, tags = str(context["tag"]), str(context["expected_tags"])
        key = str(context["discriminator"]).strip(QUOTE)
        return f"{key} must be one of {tags}, not {wrong!r}", ""
    shown = repr(given) if len(repr(given)) <= SHOWN else type(given).__name__
    if isinstance(given, str) and len(given) > SHOWN:
        shown = f"{given[:SHOWN]!r}…"
    expected = str(context["expected"]) if kind == "literal_error" else EXPECTED.get(kind)
    if kind in BOUNDS:
        expected = BOUNDS[kind].format(**context)
    clash = _lower(message) if expected is None else f"this must be {expected}"
    point = kind == "int_type" and isinstance(given, float)
    return f"{clash}, not {shown}", "write it without a point or an exponent" if point else ""


def _without_untaken_branches(error: ValidationError, tree: object) -> Iterator[ErrorDetails]:
    """Yield the errors without those of a union's other branches.

    Where a word or a mapping may stand, pydantic reports a faulty mapping also as not the word, and
    a wrong word also as not the mapping; where any number may, what is none also as not whole.
    """
    items = error.errors(include_url=False)
    paths = [path_of(tree, item) for item in items]
    for item, path in zip(items, paths, strict=True):
        others = {
            other["type"]
            for other, there in zip(items, paths, strict=True)
            if other is not item and there == path
        }
        deeper = any(len(other) > len(path) and other[: len(path)] == path for other in paths)
        no_word = item["type"] == "literal_error" and isinstance(item["input"], dict)
        no_mapping = item["type"] in {"model_type", "dict_type"} and "literal_error" in others
        not_whole = item["type"] == "int_type" and others
        if not ((no_word and deeper) or no_mapping or not_whole):
            yield item


def path_of(tree: object, item: ErrorDetails) -> KeyPath:
    """Return where an error stands: its location without the parts that name types, not keys."""
    loc, node = item["loc"], tree
    path: list[Key] = []
    for part in loc:
        if isinstance(node, dict):
            keys = {str(key): key for key in node}
            if str(part) in keys:
                path.append(keys[str(part)])
                node = node[keys[str(part)]]
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            path.append(part)
            node = node[part]
    if item["type"] == "missing":
        path.append(loc[-1])
    return tuple(path)


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
