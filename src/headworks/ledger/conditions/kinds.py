"""The kinds of conditions that there are, and how one is read from its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, TypeAdapter

from headworks.ledger.conditions.admits import AdmitsTerms
from headworks.ledger.conditions.cap import CapTerms
from headworks.ledger.conditions.moving_cap import MovingCapTerms
from headworks.ledger.conditions.pairing import PairingTerms
from headworks.ledger.conditions.report_due import ReportDueTerms
from headworks.ledger.conditions.site import SiteTerms
from headworks.ledger.conditions.use import UseTerms
from headworks.ledger.conditions.window import WindowTerms
from headworks.ledger.journal.event import canonical

if TYPE_CHECKING:
    from headworks.ledger.conditions.condition import Terms

AnyTerms = Annotated[
    AdmitsTerms
    | CapTerms
    | MovingCapTerms
    | PairingTerms
    | ReportDueTerms
    | SiteTerms
    | UseTerms
    | WindowTerms,
    Field(discriminator="kind"),
]
"""The terms of any kind, told apart by `kind`."""

_READER: TypeAdapter[Terms] = TypeAdapter(AnyTerms)


def terms_of(plain: Mapping[str, Any]) -> Terms:
    """Return the terms that a record keeps."""
    return _READER.validate_json(canonical(dict(plain["terms"])))
