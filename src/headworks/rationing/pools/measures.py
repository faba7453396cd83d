"""What each of several pools counts: units, or a measure such as TPP with a size for each chip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from headworks.errors import Fault, InputError, UnknownName
from headworks.rationing.exact import Amount, written
from headworks.rationing.intake.asking import MEASURE, chip_sizes, unit_text
from headworks.rationing.intake.names import listed, plain

if TYPE_CHECKING:
    from headworks.rationing.intake.claimant import Claimant
    from headworks.rationing.intake.parameters import Parameters
    from headworks.rationing.steps.parties import Party

ONE = Fraction(1)
Given: TypeAlias = Mapping[str, tuple[str | None, Mapping[str, Amount]]]
"""By pool, its unit and the size of a unit of each chip."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a pool counts."""

    unit: str
    per_chip: Mapping[str, Fraction] = field(default_factory=dict)
    """Size of a unit by the chip's plain name; empty where the pool counts the units themselves."""

    def size(self, one: Claimant) -> Fraction:
        """Return what a unit of a claimant takes of the pool."""
        return self.per_chip[plain(one.chip or "")] if self.per_chip else ONE

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        sizes = {chip: written(size) for chip, size in self.per_chip.items()}
        return {"unit": self.unit, **({"per_chip": sizes} if sizes else {})}


def measures(
    given: Given | None, pools: Mapping[str, object], people: Sequence[Claimant], unit: str
) -> dict[str, Measure]:
    """Return what each pool counts; nothing where all pools are in the unit of the claims.

    Args:
        given: What is said of some pools; the others count units.
        pools: The pools by name.
        people: The claimants; a pool keeps the sizes of their chips.
        unit: What the claims count.

    Raises:
        InputError: A pool is unknown, a size is no positive number, or one is missing; all are
            listed.
    """
    if not given:
        return {}
    faults: list[Fault] = []
    found = {name: Measure(unit) for name in pools}
    for name, (said, sizes) in given.items():
        if name not in pools:
            faults.extend(UnknownName("pool", name, pools, remedy="name one of them").faults)
            continue
        try:
            known = chip_sizes(sizes)
            text = MEASURE if said is None else unit_text(said)
        except InputError as error:
            faults.extend(error.faults)
            continue
        asked = [one for one in people if name in (one.pool or name).split("|")]
        lacking = [one.name for one in asked if plain(one.chip or "") not in known]
        if lacking and known:
            message = f"no size of a unit is known of {listed(lacking)}"
            remedy = "give each a chip, and the size of that chip in this pool"
            faults.append(Fault(f"pool {name}", 0, "", message, remedy))
        chips = dict.fromkeys(plain(one.chip or "") for one in asked)
        found[name] = Measure(text, {chip: known[chip] for chip in chips if chip in known})
    if any(one.size is not None for one in people):
        message = "units have a size of their own, and pools say what a unit takes of each"
        faults.append(Fault("size", 0, "", message, "keep one of the two"))
    if faults:
        raise InputError(faults)
    return found


def check_measures(
    found: Mapping[str, Measure], parties: Sequence[Party], chosen: Parameters
) -> None:
    """Raise if something would count several things at once.

    Raises:
        InputError: A party has units of several sizes, or a bound of the call is in no one unit.
    """
    faults: list[Fault] = []
    for name, measure in found.items():
        mixed = [
            party.head.name
            for party in parties
            if measure.per_chip and len({plain(one.chip or "") for one in party.members} - {""}) > 1
        ]
        if mixed:
            message = f"{listed(mixed)} count units of several chips under one name"
            remedy = "leave the members unrelated, or ration pool by pool"
            faults.append(Fault(f"pool {name}", 0, "", message, remedy))
    for option in ("cap", "lot"):
        if found and getattr(chosen, option) is not None:
            message = "it holds in each pool, and pools are in several units"
            remedy = "give each claimant a cap, or a share of the pool as cap"
            faults.append(Fault(option, 0, "", message, remedy))
    if faults:
        raise InputError(faults)
