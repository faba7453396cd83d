"""What a method of whole units answers: the awards, the ties, and how close the last unit was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from headworks.rationing.enclosed import Enclosed, Number, apart, plain, told
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
    standing: Fraction | str | None
    """Of the last unit, in the measure of the method; None where it comes before all measure. Text
    such as `≈ 0.25`, to some digits, where the exact number has too many."""
    next_standing: Fraction | str | None
    """Of the next unit."""
    apart: str | None = None
    """The margin where standings are told to some digits; the exact 0 in a tie."""

    @property
    def margin(self) -> Fraction | str | None:
        """Standing of the last unit above the next one: 0 in a tie, None if there is none."""
        if self.apart is not None:
            return self.apart
        if isinstance(self.standing, Fraction) and isinstance(self.next_standing, Fraction):
            return self.standing - self.next_standing
        return None


def last_unit(
    won: Sequence[int], waiting: Sequence[int], standing: Number | None, following: Number | None
) -> LastUnit:
    """Return the last unit and the next one; of standings known by bounds, what bounds tell.

    Raises:
        Undecided: They do not tell a digit.
    """
    margin = None
    if standing is not None and following is not None:
        if isinstance(standing, Enclosed):
            margin = "0" if standing == following else told(apart(standing, following))
        elif isinstance(following, Enclosed):
            margin = told(apart(-following, -standing))
    last, after = (None if number is None else plain(number) for number in (standing, following))
    return LastUnit(tuple(won), tuple(waiting), last, after, margin)


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


def _text(number: Fraction | str | None) -> str | None:
    return written(number) if isinstance(number, Fraction) else number
