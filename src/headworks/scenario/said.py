"""Said: what the source says of a record's keys, in the string beneath each.

It is read only when somebody asks. pydantic would read it when a record's class is made, which took
a tenth of every command.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


def said_of(record: type[BaseModel]) -> dict[str, str]:
    """Return what is said of each field by name, those of its bases too; nothing of the others."""
    found: dict[str, str] = {}
    for base in reversed(record.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            found |= _said_in(base)
    return {name: found[name] for name in record.model_fields if name in found}


@cache
def _said_in(record: type[BaseModel]) -> dict[str, str]:
    """Return what the source of one class says, without its bases."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(record)))
    body = next(part.body for part in tree.body if isinstance(part, ast.ClassDef))
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
