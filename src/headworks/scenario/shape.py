"""The shape of records: which fields and which types stand at a key path."""

from __future__ import annotations

from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.scenario.yaml_file import Key, KeyPath


def types_at(model: type[BaseModel], path: KeyPath) -> list[Any]:
    """Return the types that may stand at `path` of a record, unions taken apart."""
    here: list[Any] = [model]
    for part in path:
        here = [inner for outer in here for inner in _inside(outer, part)]
    return here


def fields_at(model: type[BaseModel], path: KeyPath) -> frozenset[str]:
    """Return the keys of the record that may stand at `path`; empty where none can."""
    return frozenset(
        field.alias or name
        for record in types_at(model, path)
        if isinstance(record, type) and issubclass(record, BaseModel)
        for name, field in record.model_fields.items()
    )


def is_mapping_at(model: type[BaseModel], path: KeyPath) -> bool:
    """Return whether a mapping by id stands at `path`, such as `gates` or a gate's conditions."""
    return any(get_origin(kind) is dict for kind in types_at(model, path))


def _inside(outer: object, part: Key) -> Iterator[Any]:
    if isinstance(outer, type) and issubclass(outer, BaseModel):
        for name, field in outer.model_fields.items():
            if part == (field.alias or name):
                yield from _leaves(field.annotation)
    elif get_origin(outer) is dict:
        yield from _leaves(get_args(outer)[1])
    elif get_origin(outer) is list and isinstance(part, int):
        yield from _leaves(get_args(outer)[0])


def _leaves(annotation: object) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _leaves(get_args(annotation)[0])
    elif origin in {Union, UnionType}:
        for part in get_args(annotation):
            yield from _leaves(part)
    else:
        yield annotation
