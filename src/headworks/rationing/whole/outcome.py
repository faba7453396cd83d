"""What a method of whole units answers: the awards, the ties, and how close the last unit was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from headworks.rationing.exact import written


@dataclass(frozen=True, slots=True)
class Tie:
    """Claimants whose next unit stood equal, so that the order chose; by position, from 0."""

    won: tuple[int, ...]
    """Who got the unit, first in the order first."""
    lost: tuple[int, ...]
    """Who did not."""


@dataclass(frozen=True, slots=True)
class LastUnit:
    """The unit that was given last, and the one that would have been given next."""

    won: tuple[int, ...]
    """Who got it; several where their units stand equal and all of them were given."""
    next_in_line: tuple[int, ...]
    """Who would get one unit more; nobody where all claims are met, or where a draw decided."""
    standing: Fraction | None
    """Of the last unit, in the measure of the method; None where it comes before all measure."""
    next_standing: Fraction | None
    """Of the next unit."""

    @property
    def margin(self) -> Fraction | None:
        """Standing of the last unit above the next one: 0 in a tie, None if there is none."""
        if self.standing is None or self.next_standing is None:
            return None
        return self.standing - self.next_standing


@dataclass(frozen=True, slots=True)
class WholeUnits:
    """Whole awards, in the order of the claims."""

    awards: tuple[int, ...]
    ties: tuple[Tie, ...] = ()
    """Ties that the order decided."""
    last: LastUnit | None = None
    """None where nothing was rounded: no unit was given, or all awards were whole before."""

    def to_json(self, names: Sequence[str] | None = None) -> dict[str, Any]:
        """Return all of it as plain values; claimants by name, or by number from 1."""

        def named(positions: Sequence[int]) -> list[str]:
            return [str(n + 1) if names is None else names[n] for n in positions]

        found: dict[str, Any] = {
            "awards": list(self.awards),
            "ties": [{"won": named(tie.won), "lost": named(tie.lost)} for tie in self.ties],
        }
        if self.last is not None:
            found["last"] = {
                "won": named(self.last.won),
                "next_in_line": named(self.last.next_in_line),
                "standing": _text(self.last.standing),
                "next_standing": _text(self.last.next_standing),
                "margin": _text(self.last.margin),
            }
        return found


def _text(number: Fraction | None) -> str | None:
    return None if number is None else written(number)
