"""What a scenario's numbers rest on: every value with its kind, its width and its source.

Records are recognised by their fields, so that nothing here depends on how a scenario is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headworks.report.numbers import exact

if TYPE_CHECKING:
    from headworks.flow.result import Forecast

POOL_UNIT = "amount"
"""Unit of an amount that counts in the unit of its pool."""

PLANS_ONLY = ("planning",)
"""The part of a scenario that only plans use."""

KINDS = ("stated", "derived", "estimated", "assumed")
_EVIDENCE = {"kind", "source", "formula", "method", "reason"}


@dataclass(frozen=True, slots=True)
class Basis:
    """One value of the scenario and where it comes from."""

    key: str
    """Dotted path of the key in the scenario."""
    kind: str
    value: str
    """The value in words: a number, or the range from the 5th to the 95th percentile."""
    unit: str
    why: str
    """Reason, method, formula or pinpoint, as the file gives it."""
    source: str
    """Name of the source; empty where there is none."""
    width: float
    """Relative width from 0 (a point) to 1 (an end of the range is zero, or the signs differ)."""

    @property
    def is_chip(self) -> bool:
        """Whether it describes a chip, not the scenario."""
        return self.key.startswith("chips.")


def bases(forecast: Forecast) -> list[Basis]:
    """Return every value that the forecast rests on and that carries evidence, in its order."""
    return [_basis(path, value) for path, value in _rested_on(forecast) if _is(value)]


def counts(found: list[Basis]) -> dict[str, int]:
    """Return how many values there are of each kind, in the order of `KINDS`."""
    return {kind: sum(basis.kind == kind for basis in found) for kind in KINDS}


def weightiest(found: list[Basis], number: int) -> list[list[Basis]]:
    """Return the assumed and estimated values with the widest ranges, the widest first.

    Values of the same name and range, such as one share for many companies, stand together.
    """
    soft = [b for b in found if b.kind in {"assumed", "estimated"} and not b.is_chip]
    ranked = sorted(soft, key=lambda basis: (-basis.width, basis.key))
    alike: dict[tuple[str, str], list[Basis]] = {}
    for basis in ranked:
        alike.setdefault((basis.key.rpartition(".")[2], basis.value), []).append(basis)
    return list(alike.values())[:number]


def gate_sources(forecast: Forecast, gate: str) -> list[str]:
    """Return the sources that a gate and its pool rest on, the most cited first."""
    pool = forecast.scenario.gates[gate].pool
    places = (f"gates.{gate}.", f"pools.{pool}.")
    cited = [basis.source for basis in bases(forecast) if basis.key.startswith(places)]
    named = {source for source in cited if source}
    return sorted(named, key=lambda source: (-cited.count(source), source))


def sources_used(forecast: Forecast) -> dict[str, int]:
    """Return the sources that the scenario names, with how often; instruments' sources too."""
    scenario = forecast.scenario
    found: dict[str, int] = {}
    for _, value in _rested_on(forecast):
        if source := _get(value, "source"):
            found[source] = found.get(source, 0) + 1
        instrument = scenario.catalogue.instruments.get(_get(value, "below") or "")
        for _, dated in _walk(instrument, ()):
            if source := _get(dated, "source"):
                found[source] = found.get(source, 0) + 1
    return found


def _rested_on(forecast: Forecast) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield every record of the scenario but those that only plans use, with its key path."""
    return ((path, value) for path, value in _walk(forecast.scenario, ()) if path[:1] != PLANS_ONLY)


def _walk(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield every record inside a value with its key path."""
    fields = getattr(type(value), "model_fields", None)
    if isinstance(fields, Mapping):
        yield path, value
        for name in fields:
            yield from _walk(getattr(value, name), (*path, str(name).removesuffix("_")))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _walk(item, (*path, str(number)))


def _is(value: object) -> bool:
    return set(getattr(type(value), "model_fields", ())) >= _EVIDENCE


def _get(value: object, name: str) -> str | None:
    """Return a field that is a text, or None."""
    found = getattr(value, name, None)
    return found if isinstance(found, str) else None


def _basis(path: tuple[str, ...], value: Any) -> Basis:  # noqa: ANN401 - known by its fields
    unit = getattr(value, "unit", "")
    parts = (value.reason, value.method, value.formula, value.at)
    return Basis(
        key=".".join(path),
        kind=value.kind,
        value=_in_words(value),
        unit=unit if unit != POOL_UNIT else "",
        why="; ".join(part for part in parts if part),
        source=value.source or "",
        width=_width(value),
    )


def _in_words(value: object) -> str:
    point = getattr(value, "value", None)
    if point is not None:
        return exact(point) if isinstance(point, int | float) else str(point)
    low, high = getattr(value, "p5", None), getattr(value, "p95", None)
    if low is not None and high is not None:
        return f"{exact(low)} to {exact(high)}"
    values, weights = getattr(value, "values", None), getattr(value, "probabilities", None)
    if values and weights:
        pairs = zip(values, weights, strict=False)
        return ", ".join(f"{exact(v)} ({exact(100 * w)} %)" for v, w in pairs)
    split = getattr(value, "shares", None) or {}
    return ", ".join(f"{name} {exact(100 * share)} %" for name, share in split.items())


def _width(value: object) -> float:
    low, high = getattr(value, "p5", None), getattr(value, "p95", None)
    values = getattr(value, "values", None)
    if isinstance(values, list) and values:
        low, high = values[0], values[-1]
    if low is None or high is None:
        return 0.0
    scale = abs(low) + abs(high)
    return min((high - low) / scale, 1.0) if scale > 0 else 0.0
