"""The condition on sites: where units may be installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import model_validator

from headworks.ledger.conditions.condition import Terms
from headworks.ledger.passage import Finding
from headworks.scenario.model import Id, Text

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Passage


class SiteTerms(Terms):
    """Units may only be installed at some sites, or in some jurisdictions."""

    kind: Literal["site"]
    sites: tuple[Id, ...] = ()
    jurisdictions: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _allows_something(self) -> Self:
        if not (self.sites or self.jurisdictions):
            message = "name a site or a jurisdiction that is allowed"
            raise ValueError(message)
        return self

    def finding(self, name: str, view: View, passage: Passage) -> Finding:
        """Return whether the passage names a site that is allowed."""
        allowed = " or ".join((*self.sites, *self.jurisdictions)) or "none"
        if passage.site is None:
            return Finding(
                name, self.kind, passes=False,
                says=f"no site is named, and allowed is {allowed}", cure="name the site",
            )  # fmt: skip
        where = view.record("site", passage.site)["jurisdiction"]
        return Finding(
            name, self.kind, self.allows(passage.site, where),
            f"{passage.site} is in {where}, allowed is {allowed}", cure="name an allowed site",
        )  # fmt: skip

    def allows(self, site: str, jurisdiction: str) -> bool:
        """Whether units may be installed at a site."""
        return site in self.sites or jurisdiction in self.jurisdictions
