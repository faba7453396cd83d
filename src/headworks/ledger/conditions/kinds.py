"""The kinds of conditions that there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from headworks.ledger.conditions.use import UseTerms

if TYPE_CHECKING:
    from headworks.ledger.conditions.condition import Terms

KINDS: dict[str, type[Terms]] = {
    "use": UseTerms,
}
"""Each kind with the record of its terms."""


def terms_of(plain: Mapping[str, Any]) -> Terms:
    """Return the terms that a record keeps."""
    return KINDS[plain["kind"]].model_validate_json(_text(plain))


def _text(plain: Mapping[str, Any]) -> str:
    """Return plain values as JSON, from which days are read as days."""
    from headworks.ledger.journal.event import canonical

    return canonical(dict(plain))
