"""The condition on use: training, inference or any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from headworks.ledger.conditions.condition import Terms
from headworks.ledger.passage import Finding, Passage

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View


class UseTerms(Terms):
    """Units may only be for some uses."""

    kind: Literal["use"]
    allowed: Annotated[tuple[Literal["training", "inference"], ...], Field(min_length=1)]

    def finding(self, name: str, view: View, passage: Passage) -> Finding:  # noqa: ARG002
        """Return whether the line's use is among those allowed."""
        use = passage.line["use"]
        allowed = " or ".join(self.allowed)
        return Finding(
            name, self.kind, use in self.allowed, f"the line is for {use}, allowed is {allowed}",
            cure="vary the licence to a line of that use",
        )  # fmt: skip
