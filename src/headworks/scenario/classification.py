"""Classification: a chip's control number, and how its export would be reviewed on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from headworks.errors import Fault, InputError
from headworks.scenario.catalogue import Catalogue, evidence_in
from headworks.scenario.catalogue import catalogue as packaged
from headworks.scenario.dated import as_day
from headworks.scenario.law import Law, Reason, weakest
from headworks.scenario.readings import Reading, cases, maximum, readings
from headworks.scenario.us_export import Review, Ruling, conditions, ruling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from headworks.scenario.chip import Chip
    from headworks.scenario.quantity import Kind

ORIGINS = ("US", "abroad")
"""Where an export can start: in the country whose rules these are, or anywhere else."""


@dataclass(frozen=True, slots=True)
class Classification:
    """What the export rules say about a chip on a day, with every reason."""

    chip: str
    """Id of the chip."""
    origin: str
    """`US`, or `abroad` for re-exports and exports from abroad."""
    to: str
    """Country code of the destination."""
    on: dt.date
    known_by: dt.date | None
    """Only what was public by this day was used; all of it if None."""
    tpp: float | None
    """Total processing performance, the maximum over data types; None where none is disclosed."""
    precision: str | None
    """Data type that sets the maximum."""
    performance_density: float | None
    """TPP per mm² of die; None where the area is not known."""
    eccn: str | None
    """3A090.a, 3A090.b, or None for neither."""
    review: Review
    """Posture of review; where figures are doubtful, by the maximum over all data types."""
    reasons: tuple[Reason, ...]
    """The comparisons that settle it, in order, and last a stated policy against the export."""
    rests_on: Kind = "stated"
    """The weakest kind of evidence among what settles it."""
    stated_policy: str | None = None
    """Instrument of a policy against the export that is stated and no rule, so that `review` does
    not follow it; None for none."""
    conditions: tuple[Reason, ...] = ()
    """What the exporter must show besides; empty unless a rule has it reviewed case by case."""
    readings: tuple[Reading, ...] = ()
    """The answers under each assumption, the headline first; empty where nothing is in doubt."""
    notes: tuple[str, ...] = ()
    """What a reader should know before relying on it."""

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain values that `json.dumps` takes."""
        return {
            "chip": self.chip,
            "from": self.origin,
            "to": self.to,
            "on": self.on.isoformat(),
            "known_by": self.known_by.isoformat() if self.known_by else None,
            "tpp": _rounded(self.tpp),
            "precision": self.precision,
            "performance_density": _rounded(self.performance_density),
            "eccn": self.eccn,
            "review": self.review,
            "rests_on": self.rests_on,
            "stated_policy": self.stated_policy,
            "reasons": [_plain(reason) for reason in self.reasons],
            "conditions": [_plain(reason) for reason in self.conditions],
            "readings": [_plain(reading) for reading in self.readings],
            "note": " ".join(self.notes) or None,
        }


def classify(
    chip: str,
    *,
    to: str = "CN",
    on: dt.date | str,
    from_: str = "US",
    known_by: dt.date | str | None = None,
    catalogue: Catalogue | None = None,
) -> Classification:
    """Return how the export of a chip would be classified and reviewed on a day.

    TPP is the maximum over data types of dense rate times bit length, performance density is TPP
    over die area. Chips that no jurisdiction controls need no licence on leaving their maker.
    A part that the letter of April 2025 reaches, but 3A090 does not, is reviewed as
    `us/h20-letter/review` says: practice, since its own policy was never published. `review` says
    what rules and practice have; a policy that is only stated is named beside it.

    Args:
        chip: Id or alias.
        to: Country code of the destination.
        on: Day of the export, as a day or ISO text.
        from_: `US`, or `abroad` for re-exports and exports from abroad.
        known_by: Use only what was public on or before this day; all of it if None.
        catalogue: Chips and instruments; the packaged ones if None.

    Raises:
        UnknownName: No chip is called that.
        InputError: A day is none, or the rules held here say nothing about the origin or the
            destination.
        NotInForce: The day lies before the first day of the thresholds that are held.

    Source: ECCN 3A090 with its Technical Notes; 15 CFR 742.6; 91 FR 1684.
    """
    held = catalogue or packaged()
    chip_id = held.chip_id(chip)
    record = held.chips[chip_id]
    origin, law = _asked(from_, on, known_by, held)
    place = str(to).strip().upper()
    if not record.export_controlled_by:
        _destination(to, Law(held, dt.date.max))  # whatever the day, no rule is asked
        return _free(chip_id, record, place, origin, law)
    counted, prologue = _destination(to, law)
    asked = list(cases(chip_id, record))
    rulings = [ruling(figures, law, to=counted, origin=origin) for _, _, figures in asked]
    _, precision, figures = asked[0]
    answer = rulings[0]
    settling = (*prologue, *answer.reasons)
    kinds = (kind for one in settling for kind in (one.kind, one.value_kind) if kind is not None)
    return Classification(
        chip=chip_id,
        origin=origin,
        to=place,
        on=law.on,
        known_by=law.known_by,
        tpp=figures.tpp,
        precision=precision,
        performance_density=figures.density,
        eccn=answer.eccn,
        review=answer.review,
        reasons=(*settling, *answer.stated_policy),
        rests_on=weakest(kinds),
        stated_policy=answer.policy,
        conditions=conditions(law) if answer.by_rule else (),
        readings=tuple(readings(record, asked, rulings)),
        notes=tuple(_notes(record, answer)),
    )


def _notes(chip: Chip, answer: Ruling) -> Iterator[str]:
    for why in dict.fromkeys(chip.doubtful.values()):
        dtypes = [dtype for dtype, reason in chip.doubtful.items() if reason == why]
        yield f"{', '.join(dtypes)}: {why}"
    if any(reason.value is None for reason in answer.reasons):
        yield "A figure that the rules ask for is not known; see the readings."
    if answer.eccn is None:
        yield "Not 3A090; whether another control number applies is not held here."
    if answer.eccn == "3A090.b":
        yield "Licence exceptions for 3A090.b are not held here."
    if any(reason.instrument == "us/h20-letter/review" for reason in answer.reasons):
        yield "The letter's policy of review was never published; this is practice."
    if answer.stated_policy:
        named, stands = answer.stated_policy
        yield (
            f"{stands.instrument} is a policy that is {stands.status} and no rule: the review is "
            f"what the rules say, and an application for {named.value} would meet that policy too."
        )


def _free(chip_id: str, chip: Chip, to: str, origin: str, law: Law) -> Classification:
    """Return the answer for a chip that no export control reaches."""
    precision, tpp = maximum(chip.tpp_by_dtype()) if chip.peak_tflops else (None, None)
    area = chip.die_area_mm2.median if chip.die_area_mm2 else None
    source = next((evidence.source for _, evidence in evidence_in(chip)), None)
    text = "outside the reach of the United States' export rules, so there is no export gate"
    reason = Reason("chip.export_controlled_by", "none", "US", source, text, holds=False)
    return Classification(
        chip=chip_id,
        origin=origin,
        to=to,
        on=law.on,
        known_by=law.known_by,
        tpp=tpp,
        precision=precision,
        performance_density=None if tpp is None or area is None else tpp / area,
        eccn=None,
        review="no_licence_required",
        reasons=(reason,),
        notes=("Rules about making or using such chips are not export gates and not held here.",),
    )


def _asked(
    from_: str, on: dt.date | str, known_by: dt.date | str | None, held: Catalogue
) -> tuple[str, Law]:
    """Return the origin and the law that are asked about.

    Raises:
        InputError: The origin is not known, or a day is none; all faults are listed.
    """
    faults: list[Fault] = []
    origin = {origin.lower(): origin for origin in ORIGINS}.get(str(from_).strip().lower())
    if origin is None:
        faults.append(_unheard("from", from_, "the origin", ORIGINS))
    days = {"on": as_day(on), "known-by": None if known_by is None else as_day(known_by)}
    for argument, given in (("on", on), ("known-by", known_by)):
        if days[argument] is None and (given is not None or argument == "on"):
            message = f"{given!r} is not a day"
            faults.append(Fault(f"--{argument}", 0, "", message, "write it as YYYY-MM-DD"))
    if faults or origin is None or days["on"] is None:
        raise InputError(faults)
    return origin, Law(held, days["on"], days["known-by"])


def _destination(to: str, law: Law) -> tuple[str, list[Reason]]:
    """Return the destination that the rules count `to` as, and the reason where they differ."""
    place = str(to).strip().upper()
    controlled = law.words("us/3a090/destinations")
    as_china = law.words("us/3a090/counted-as-china")
    known = sorted({*controlled, *as_china, ORIGINS[0]})
    if place not in known:
        raise InputError([_unheard("to", to, "the destination", known)])
    if place in as_china:
        reason = law.reason(
            "us/3a090/counted-as-china", f"{place} counts as China", value=place, holds=True
        )
        return "CN", [reason]
    return place, []


def _unheard(argument: str, given: str, what: str, known: Iterable[str]) -> Fault:
    message = f"the rules held here say nothing about {what} {given!r}"
    *others, last = known
    return Fault(f"--{argument}", 0, "", message, f"use {', '.join(others)} or {last}")


def _plain(record: Reason | Reading) -> dict[str, Any]:
    return {key: _rounded(value) for key, value in asdict(record).items()}


def _rounded(value: Any) -> Any:  # noqa: ANN401 - any value of a record
    """Return a float without noise in its last digits, as a whole number where it is one."""
    if not isinstance(value, float):
        return value
    return int(value) if value.is_integer() else round(value, 4)
