"""Drivers: named latent factors that uncertain parts share."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from headworks.scenario.model import Record, Text
from headworks.scenario.quantity import Days, Quantity


def certain(quantity: Quantity) -> Quantity:
    """Return the quantity if it is one number.

    Raises:
        ValueError: It is uncertain.
    """
    if not quantity.is_certain:
        message = "this must be one number (`value`), not a distribution"
        raise ValueError(message)
    return quantity


CertainDays = Annotated[Days, AfterValidator(certain)]


class Driver(Record):
    """A latent factor, standard normal at all times, AR(1) by calendar quarter.

    High values favour passing: gates stay open longer and shut more briefly, take-up is higher.
    """

    title: Text
    """What the factor stands for."""
    half_life_days: CertainDays
    """Time after which half of a deviation is forgotten."""
