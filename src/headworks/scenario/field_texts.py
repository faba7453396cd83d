"""What the fields of records mean: the strings that stand below them in the code.

pydantic reads them while it makes a class (`use_attribute_docstrings`), which took a quarter of the
time to import all records. Only the JSON Schema and lists for people want them.
"""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from typing import TYPE_CHECKING

from headworks.scenario.model import Record

if TYPE_CHECKING:
    from collections.abc import Iterator


def field_texts(record: type[Record]) -> dict[str, str]:
    """Return the text of each field of a record that has one, those of its bases too."""
    texts: dict[str, str] = {}
    for base in reversed(record.__mro__):
        if issubclass(base, Record):
            texts.update(_own(base))
    return texts


def _own(record: type[Record]) -> Iterator[tuple[str, str]]:
    """Yield the fields that stand in the body of a class itself, with their texts."""
    (made,) = ast.parse(inspect.getsource(record)).body
    if not isinstance(made, ast.ClassDef):
        return
    for field, below in pairwise(made.body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text)
