"""What the fields of records mean: the strings that stand below them in the code.

pydantic reads them while it makes a class (`use_attribute_docstrings`), which took a quarter of the
time to import all records. Only the JSON Schema and lists for people want them.
"""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from textwrap import dedent
from typing import TYPE_CHECKING

from headworks.scenario.model import Record

if TYPE_CHECKING:
    from collections.abc import Iterator


def field_texts(record: type[Record]) -> dict[str, str]:
    """Return the text of each field of a record that has one, those of its bases too.

    There are none where the package is without its source code.
    """
    texts: dict[str, str] = {}
    for base in reversed(record.__mro__):
        if issubclass(base, Record):
            texts.update(_own(base))
    return {name: text for name, text in texts.items() if name in record.model_fields}


def _own(record: type[Record]) -> Iterator[tuple[str, str]]:
    """Yield the names that stand in the body of a class itself, with the texts below them."""
    try:
        source = inspect.getsource(record)
    except OSError:
        return
    (made,) = ast.parse(dedent(source)).body
    if not isinstance(made, ast.ClassDef):
        return
    for field, below in pairwise(made.body):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text)
