"""The strict, frozen base of every record read from a file, and identifiers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_/-]*$", max_length=80)]
"""A lower-case identifier such as `h200-sxm` or `us/case-by-case-tpp-ceiling`.

It holds no dot, so that a dotted key such as `gates.customs.opening` has one reading."""

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""Prose that must not be empty."""


class Record(BaseModel):
    """Base of all records: unknown keys are faults, nothing is coerced, nothing changes later."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)
