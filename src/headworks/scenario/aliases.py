"""Aliases of chips: every place of a scenario's tree that names a chip, rewritten to its id."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from headworks.errors import UnknownName

if TYPE_CHECKING:
    from headworks.scenario.catalogue import Catalogue
    from headworks.scenario.yaml_file import Document, KeyPath

Resolve = Callable[[str], str]
"""Returns the id of a chip given by id or alias, or the name itself where no chip is called that:
the checks that follow report it with its place."""


def resolver(document: Document, known: Catalogue) -> Resolve:
    """Return what resolves names of the catalogue's chips and of the document's own."""
    own: dict[str, str] = {}
    for chip_id, chip in _entries(document.tree, "chips"):
        aliases = chip.get("aliases")
        for name in (chip_id, chip.get("name"), *(aliases if isinstance(aliases, list) else ())):
            own[plain(str(name))] = str(chip_id)

    def resolve(name: str) -> str:
        if plain(name) in own:
            return own[plain(name)]
        try:
            return known.chip_id(name)
        except UnknownName:
            return name

    return resolve


def plain(name: str) -> str:
    """Return a chip's name without case, blanks, dashes and underscores."""
    return "".join(name.split()).replace("-", "").replace("_", "").lower()


def resolve_chips(document: Document, resolve: Resolve) -> None:
    """Replace every alias of a chip in the document by the chip's id, places included."""
    for path in _mappings_by_chip(document.tree):
        _rename_keys(document, path, resolve)
    for names in _lists_of_chips(document.tree):
        names[:] = [resolve(name) if isinstance(name, str) else name for name in names]
    for order in _orders(document.tree):
        if isinstance(order.get("chip"), str):
            order["chip"] = resolve(order["chip"])


def _mappings_by_chip(tree: object) -> Iterator[KeyPath]:
    if isinstance(tree, dict):
        yield ("terms",)
        if isinstance(tree.get("planning"), dict):
            yield ("planning", "offers")
    for company in _entries(tree, "companies"):
        yield ("companies", company[0], "wants")
    for pool in _entries(tree, "pools"):
        yield ("pools", pool[0], "products")


def _lists_of_chips(tree: object) -> Iterator[list[Any]]:
    for _, gate in _entries(tree, "gates"):
        tests = gate.get("admits")
        holders = list(tests) if isinstance(tests, list) else []
        holders += [condition for _, condition in _entries(gate, "conditions")]
        for holder in holders:
            if isinstance(holder, dict):
                yield from (
                    holder[key]
                    for key in ("chips", "domestic")
                    if isinstance(holder.get(key), list)
                )


def _orders(tree: object) -> Iterator[dict[Any, Any]]:
    """Yield the well-formed orders that buyers have placed already."""
    planning = tree.get("planning") if isinstance(tree, dict) else None
    for _, buyer in _entries(planning, "buyers"):
        orders = buyer.get("committed")
        yield from (
            one for one in (orders if isinstance(orders, list) else ()) if isinstance(one, dict)
        )


def _entries(tree: object, section: str) -> list[tuple[Any, dict[Any, Any]]]:
    """Return the well-formed entries of a section of an unchecked tree."""
    entries = tree.get(section) if isinstance(tree, dict) else None
    if not isinstance(entries, dict):
        return []
    return [(key, entry) for key, entry in entries.items() if isinstance(entry, dict)]


def _rename_keys(document: Document, path: KeyPath, resolve: Resolve) -> None:
    node = document.tree
    for part in path:
        node = node.get(part)
        if not isinstance(node, dict):
            return
    renamed: dict[Any, Any] = {}
    for key, value in node.items():
        name = resolve(key) if isinstance(key, str) else key
        if name in renamed:
            message = f"the chip {name!r} stands here twice, once as {key!r}"
            document.faults.append(document.fault((*path, key), message, "keep one"))
            continue
        renamed[name] = value
        if name != key:
            _move_places(document, (*path, key), (*path, name))
    node.clear()
    node.update(renamed)


def _move_places(document: Document, old: KeyPath, new: KeyPath) -> None:
    length = len(old)
    for path in [path for path in document.places if path[:length] == old]:
        document.places[(*new, *path[length:])] = document.places.pop(path)
