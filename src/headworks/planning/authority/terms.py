"""What an authority asks of its awards: a domestic share, how surely, and a floor of fairness."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real

from headworks.errors import Door, Fault, InputError, UnknownName

SHARE_OF = ("applicants", "all", "each")
"""Whose domestic share counts: the applicants together, everyone in the story together, or each
applicant by itself."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Target and floors of a plan."""

    target: float = 0.0
    """Least domestic share of the compute installed by the day."""
    probability: float | None = None
    """Least share of the paths on which the target is met; None asks for it in the means: mean
    domestic compute over the mean of all."""
    share_of: str = "applicants"
    floor: float = 0.0
    """Least share of what the floor's rule would award that every applicant gets."""
    floor_rule: str = "proportional"

    def check(self) -> None:
        """Check all terms.

        Raises:
            InputError: Some are out of bounds; the faults of all are listed.
        """
        door = Door()
        with door.checking():
            _between("domestic_share", self.target)
        with door.checking():
            if self.probability is not None:
                _between("probability", self.probability)
        with door.checking():
            _between("floor", self.floor)
        with door.checking():
            _one_of("share_of", self.share_of, SHARE_OF)
        with door.checking():
            from headworks.rationing.rule import rule

            rule(self.floor_rule)
        door.close()


def _between(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= float(value) <= 1:
        remedy = "give a number from 0 to 1"
        raise InputError([Fault(name, 0, "", f"{value!r} lies outside [0, 1]", remedy)])


def _one_of(name: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise UnknownName(f"choice of {name}", value, known)
