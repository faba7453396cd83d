"""Residuals: how far predictions lie off cases that were left out of the fit.

What the physics leaves out is measured, not guessed, and by what is new about a question: set-ups,
families of models and chips are left out, the rest is fitted, and each spread is chosen so that
nine of ten of the left-out errors lie within.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bench.fit import SHOWN_SIGMAS, Fit, left_out
from bench.parts import counted_of, group_of, parts
from headworks.throughput.accuracy import Prediction
from headworks.throughput.cards import model
from headworks.throughput.constants import ANY
from headworks.throughput.residual import MEASURED_FROM, RESIDUALS, New, kind, names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bench.parts import What
    from headworks.throughput.case import Case
    from headworks.throughput.constants import Calibration
    from headworks.throughput.joint import Name

LEAST = 0.04
"""Spread that no residual goes below: two runs of one set-up differ by as much."""
SHARE = 0.9
FEWEST = 8
"""Errors of a figure from which a residual is found."""
MOST = 8
"""Errors for which a chip counts at most, so that one with hundreds of cases does not rule."""


def constant_of(case: Case, *new: New) -> str:
    """Return the name of the constant that spreads a case's figure where so much is new."""
    return names(f"{RESIDUALS[case.metric][0]}_{kind(model(case.model))}", new)[-1]


def residuals(cases: Sequence[Case], start: Fit) -> dict[Name, float]:
    """Return the residuals, by constant and scope.

    Where nothing is new, they come from set-ups left out one in `FOLDS`, by their errors on chips
    where the figure is measured, or on all if it is on none; where the family is, from families
    left out on all chips, by the same; where the chip is, from chips left out, of which none counts
    for more than `MOST` errors. Where fewer than `FEWEST` errors are left, that of a new chip
    holds; a figure with fewer even so has none here, and keeps its own.

    Args:
        cases: Those that the constants are fitted to.
        start: The fit to all of them.
    """

    def on_measured(case: Case) -> bool:
        runs = start.measured[counted_of(case)].chips
        return runs[case.chip] >= MEASURED_FROM or max(runs.values()) < MEASURED_FROM

    chips = _left_out(cases, "chip", start, most=MOST)
    families = _left_out(cases, "family", start, counts=on_measured)
    set_ups = _left_out(cases, "set-up", start, counts=on_measured)
    found: dict[Name, float] = {}
    for name, case in {constant_of(case): case for case in cases}.items():
        if name in chips:
            within = set_ups[name].spread if name in set_ups else None
            chip = chips[name].of_new_group(within)
            family = families[name].of_new_group(within) if name in families else chip
            found[name, ANY] = chip if within is None else within
            found[constant_of(case, "family"), ANY] = family
            found[constant_of(case, "chip"), ANY] = chip
    return found


@dataclass(frozen=True, slots=True)
class Group:
    """A chip, a family of models, or a set-up that was left out of a fit."""

    part: int
    """The part of the cases that it was left out with: small ones are left out together."""
    cases: int
    """Cases of the figure that it has, for which the fit weighs it."""
    counted: float
    """Errors for which it counts."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How far cases are off when their groups are left out."""

    spread: float
    """Spread that nine of ten of their errors need; see `needed`."""
    groups: tuple[Group, ...]

    def of_new_group(self, within: float | None) -> float:
        """Return the spread at a new group, which as a rule is less than at one left out of few.

        Assumed is that groups (chips, families) have effects of their own, independent draws of one
        variance s², of which a fit takes the mean, weighed by their cases, and that the cases of a
        group differ by the spread `within` besides. A new group is then `within`² + s² (1 + Σ w²)
        off, squared, where w are the weights; one that is left out the same by the weights of those
        that are not. So of what is beyond `within`, squared, a part is left: of n groups of equal
        weight (n² - 1) / n², 0.75 of two and 0.99 of ten. It is more than 1 where one group has
        nearly all cases. If nothing is left in the fit, no mean of others is known, and all of it
        stays; so it does where `within` is not known. No spread goes below `LEAST`.
        """
        if within is None:
            return max(self.spread, LEAST)
        between = max(self.spread**2 - within**2, 0.0)
        return round(max(math.sqrt(within**2 + self._share() * between), LEAST), 3)

    def _share(self) -> float:
        """Return the squared distance of a new group over that of those that are left out."""

        def squared(weights: Sequence[int]) -> float:
            return 1.0 + sum(weight**2 for weight in weights) / sum(weights) ** 2

        off = 0.0
        for group in self.groups:
            others = [other.cases for other in self.groups if other.part != group.part]
            if not others:
                return 1.0
            off += group.counted * squared(others)
        counted = sum(group.counted for group in self.groups)
        return squared([group.cases for group in self.groups]) * counted / off


def _left_out(
    cases: Sequence[Case],
    what: What,
    start: Fit,
    *,
    most: float = math.inf,
    counts: Callable[[Case], bool] = lambda _: True,
) -> dict[str, LeftOut]:
    """Return how far each figure is off when parts of the cases are left out one by one.

    A figure with fewer errors than `FEWEST` is not there.

    Args:
        cases: All cases.
        what: What is left out whole.
        start: A fit to all cases.
        most: Errors for which a part counts at most.
        counts: Whether the error of a case counts.
    """
    errors: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    groups: dict[str, list[Group]] = defaultdict(list)
    numbers = group_of(cases, what)
    left = left_out(cases, parts(cases, what), bare, start)
    for part, (together, said) in enumerate(left):
        sizes = Counter(map(constant_of, together))
        in_group = Counter((constant_of(case), numbers[case.case_id]) for case in together)
        off = Counter[tuple[str, str]]()
        for case in filter(counts, together):
            found, name = said[case.case_id], constant_of(case)
            if isinstance(found, Prediction) and found.p5 and found.p95:
                # Intervals are not even about their middle, as shares end at 1.
                error = math.log(found.med / case.value)
                side = found.med / found.p5 if error > 0 else found.p95 / found.med
                weight = min(most / sizes[name], 1.0)
                errors[name].append((error, math.log(side) / SHOWN_SIGMAS, weight))
                off[name, numbers[case.case_id]] += 1
        for (name, group), size in in_group.items():
            weight = min(most / sizes[name], 1.0)
            groups[name].append(Group(part, size, weight * off[name, group]))
    return {
        name: LeftOut(needed(np.array(rows)), tuple(groups[name]))
        for name, rows in errors.items()
        if len(rows) >= FEWEST
    }


def bare(found: Fit) -> Calibration:
    """Return a fit without what it leaves out, so that intervals are those of the constants."""
    whole = found.calibration()
    return with_residuals(
        whole,
        {
            (name, scope): 1e-9
            for name, meaning in whole.meanings.items()
            if name.endswith("_residual_log")
            for scope in meaning.scopes
        },
    )


def with_residuals(calibration: Calibration, values: Mapping[Name, float]) -> Calibration:
    """Return a calibration with other residuals; a scope that it lacks is taken from `any`."""
    book = dict(calibration.meanings)
    for (name, scope), value in values.items():
        scopes = book[name].scopes
        old = scopes.get(scope, scopes[ANY])
        fresh = type(old)(**{**old.model_dump(), "value": value})
        book[name] = book[name].model_copy(update={"scopes": {**scopes, scope: fresh}})
    return replace(calibration, meanings=book)


def needed(rows: np.ndarray) -> float:
    """Return the least spread with which intervals hold nine of ten of the values.

    Args:
        rows: Error of each case's logarithm, the spread that constants give it already on that
            side, and what the case counts, shape `(case, 3)`.
    """
    error, own, counts = rows.T
    for spread in np.arange(LEAST, 1.0, 0.005):
        within = np.abs(error) <= SHOWN_SIGMAS * np.hypot(own, spread)
        if np.average(within, weights=counts) >= SHARE:
            return float(round(spread, 3))
    return 1.0
