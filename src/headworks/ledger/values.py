"""The values that fields of actions and conditions are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from headworks.ledger.journal.account import AMOUNT_MAX

Amount = Annotated[int, Field(gt=0, le=AMOUNT_MAX)]
"""A whole number from 1, in the smallest unit."""
Name = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f:]+$", max_length=120)]
"""Printable text without a colon, which parts the names of accounts."""
