"""The condition on what is admitted: chips, and how their export is reviewed on the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import model_validator

from headworks.errors import InputError
from headworks.ledger.conditions.condition import Terms
from headworks.ledger.passage import Finding
from headworks.scenario.classification import classify
from headworks.scenario.model import Id, Text

if TYPE_CHECKING:
    from headworks.ledger.journal.view import View
    from headworks.ledger.passage import Passage


class AdmitsTerms(Terms):
    """Only some chips may pass, by name or by how their export is reviewed on that day."""

    kind: Literal["admits"]
    chips: tuple[Id, ...] = ()
    """Chips that are admitted; any if empty."""
    reviews: tuple[
        Literal["case_by_case", "presumption_of_denial", "no_licence_required"], ...
    ] = ()
    """Reviews that are admitted, as `headworks classify` gives them; not asked for if empty."""
    eccns: tuple[Text, ...] = ()
    """Export control numbers that are admitted, such as `3A090.b`; not asked for if empty."""
    to: Text = "CN"
    """Country code of the destination."""
    origin: Literal["US", "abroad"] = "US"
    """Where the export starts."""

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not (self.chips or self.reviews or self.eccns):
            message = "name chips, reviews or control numbers that are admitted"
            raise ValueError(message)
        return self

    def finding(self, name: str, view: View, passage: Passage) -> Finding:  # noqa: ARG002
        """Return whether the line's chip is admitted on the day, and by which instrument."""
        chip = passage.line["chip"]
        if self.chips and chip not in self.chips:
            return Finding(
                name, self.kind, passes=False,
                says=f"{chip} is not among {', '.join(self.chips)}",
                cure="vary the licence to a line of an admitted chip",
            )  # fmt: skip
        if not (self.reviews or self.eccns):
            return Finding(name, self.kind, passes=True, says=f"{chip} is admitted by name")
        try:
            found = classify(chip, to=self.to, on=passage.on, from_=self.origin)
        except InputError as error:
            return Finding(
                name, self.kind, passes=False, says=f"nothing says how {chip} is reviewed: {error}",
                cure="name a chip and a day that the rules cover",
            )  # fmt: skip
        why = "; ".join(
            f"{one.instrument} {one.value} against {one.limit}" for one in found.reasons[:2]
        )
        if self.eccns and found.eccn not in self.eccns:
            return Finding(
                name, self.kind, passes=False,
                says=f"{chip} on {passage.on} has the control number {found.eccn or 'none'}, "
                f"admitted is {' or '.join(self.eccns)} ({why})",
                cure="wait until the rule changes, or vary the licence to another chip",
            )  # fmt: skip
        if not self.reviews:
            says = f"{chip} on {passage.on} has the control number {found.eccn} ({why})"
            return Finding(name, self.kind, passes=True, says=says)
        return Finding(
            name, self.kind, found.review in self.reviews,
            f"{chip} to {self.to} on {passage.on} is reviewed as {found.review}, admitted is "
            f"{' or '.join(self.reviews)} ({why})",
            cure="wait until the rule changes, or vary the licence to another chip",
        )  # fmt: skip
