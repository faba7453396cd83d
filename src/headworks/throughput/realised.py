"""Realised throughput: what other rooms get through the protocol, from the physics of this room."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from headworks.errors import InputError, UnknownName
from headworks.scenario.catalogue import catalogue
from headworks.throughput.answer import ask
from headworks.throughput.cards import model
from headworks.throughput.fallback import PeakAndBandwidth
from headworks.throughput.machine import lacks
from headworks.throughput.phases import RATES
from headworks.throughput.protocol import Estimate, Work
from headworks.throughput.query import Query, settle

if TYPE_CHECKING:
    from headworks.scenario.chip import Chip

CHIPS_MAX = 64
"""Chips of one copy beyond which a chip is taken not to do a work."""


class Realised:
    """Rooflines with realised efficiencies, on the fewest chips that hold the model.

    A chip whose figures do not suffice, or on which the model of the work does not fit, falls back
    to its peak and bandwidth where it has those.
    """

    name = "realised efficiencies"

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self._fallback = PeakAndBandwidth()
        self._asked = lru_cache(maxsize=1024)(self._estimate)

    def tokens_per_s(self, chip: Chip, work: Work) -> Estimate | None:
        """Return the tokens per second of one chip on a work; None where it cannot be told."""
        if lacks(chip):
            return self._fallback.tokens_per_s(chip, work)
        return self._asked(_Same(chip), work)

    def _estimate(self, same: _Same, work: Work) -> Estimate | None:
        chip = same.chip
        query = Query(
            _id_of(chip),
            chip,
            model(work.model),
            work.phase,
            work.precision,
            input_tokens=work.input_tokens,
            output_tokens=work.output_tokens,
        )
        try:
            layout = settle(query, count=1).layout
            if layout.chips > CHIPS_MAX:
                return self._fallback.tokens_per_s(chip, work)
            placed = query.on(layout, work.batch if work.phase == "decode" else None)
            answer = ask(placed)
        except InputError:
            return self._fallback.tokens_per_s(chip, work)
        found = answer.interval(RATES[work.phase])
        return Estimate(found.p5, found.med, found.p95, answer.bound_by)


class _Same:
    """A chip by what it is, since records of equal content need not be one object."""

    def __init__(self, chip: Chip) -> None:
        self.chip = chip
        self._key = chip.model_dump_json()

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._key == other._key


def _id_of(chip: Chip) -> str:
    """Return the catalogue's id of a chip, under which its own constants stand, or its name."""
    try:
        return catalogue().chip_id(chip.name)
    except UnknownName:
        return chip.name
