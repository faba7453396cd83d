"""Lines: the unit of everything that moves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One company's chips of one type on one route."""

    company: str
    chip: str
    route: str
    share: float
    """Share of the company's want of the chip that takes this route."""

    @property
    def key(self) -> str:
        """Name of the line, unique in a scenario: `company:chip:route`."""
        return f"{self.company}:{self.chip}:{self.route}"
