"""Numbers given to counts, looked at before they are used."""

from __future__ import annotations

from headworks.errors import Fault, InputError


def check(*, above_zero: bool = False, **given: float) -> None:
    """Refuse a number that is negative, or no number."""
    for name, number in given.items():
        if not (number > 0 if above_zero else number >= 0):
            bound = "above 0" if above_zero else "0 or more"
            raise InputError([Fault(name, 0, "", f"this must be {bound}, not {number:g}")])
