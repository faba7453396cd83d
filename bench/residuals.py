"""Residuals: how far predictions lie off cases that were left out of the fit.

What the physics leaves out is measured, not guessed, and by what is new about a question: runs,
families of models and chips are left out, the rest is fitted, and each spread is chosen so that
nine of ten of the left-out errors lie within.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bench.fit import SHOWN_SIGMAS, Fit, Name, left_out
from bench.parts import FEW, measured_in, parts
from headworks.throughput.accuracy import Prediction
from headworks.throughput.answer import RESIDUALS
from headworks.throughput.cards import model
from headworks.throughput.constants import ANY, Meaning
from headworks.throughput.residual import New, names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from headworks.throughput.case import Case

LEAST = 0.04
"""Spread that no residual goes below: two runs of one set-up differ by as much."""
SHARE = 0.9


def constant_of(case: Case, *new: New) -> str:
    """Return the name of the constant that spreads a case's figure where so much is new."""
    kind = "experts" if model(case.model).experts else "dense"
    return names(RESIDUALS[case.metric][0], kind, new)[-1]


def residuals(cases: Sequence[Case], start: Fit) -> dict[Name, float]:
    """Return the residuals, by constant and scope.

    Where nothing is new, they come from runs left out one in `FOLDS`, of chips that are measured;
    where the family is, from families left out on all chips, by their errors on measured chips;
    where the chip is, from chips left out, of which none counts for more than `FEW` errors, so that
    one with hundreds of cases does not rule. Where fewer than `FEW` errors are left, that of a new
    chip holds; a figure with fewer even so has none here, and keeps its own.

    Args:
        cases: Those that the constants are fitted to.
        start: The fit to all of them.
    """
    measured = measured_in(cases)

    def on_measured(case: Case) -> bool:
        return case.chip in measured.chips

    chips = _left_out(cases, parts(cases, "chip"), start, most=FEW)
    families = _left_out(cases, parts(cases, "family"), start, counted=on_measured)
    runs = _left_out(cases, parts([*filter(on_measured, cases)], "fifth"), start)
    found: dict[Name, float] = {}
    for name, case in {constant_of(case): case for case in cases}.items():
        if name in chips:
            within = runs[name].spread if name in runs else 0.0
            chip = chips[name].of_new_group(within)
            family = families[name].of_new_group(within) if name in families else chip
            found[name, ANY] = within if name in runs else chip
            found[constant_of(case, "family"), ANY] = family
            found[constant_of(case, "chip"), ANY] = chip
    return found


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How far cases are off when their groups are left out one by one."""

    spread: float
    """Spread that nine of ten of their errors need; see `needed`."""
    groups: int

    def of_new_group(self, within: float) -> float:
        """Return the spread at a new group, which is less than at one that is left out of few.

        Assumed is that groups (chips, families) have effects of their own, independent draws of one
        variance s², of which a fit takes the mean, and that the cases of a group differ by the
        spread `within` besides. Left out of n, a case is then `within`² + s² n / (n - 1) off, as
        its group's effect and the mean of the others vary; one of a new group `within`² +
        s² (n + 1) / n. So of what is beyond `within`, squared, (n² - 1) / n² is left: 0.75 of two
        groups, 0.99 of ten. Of a single group no mean of others is known, and all of it is. No
        spread goes below `LEAST`.
        """
        share = 1.0 - self.groups**-2.0 if self.groups > 1 else 1.0
        between = max(self.spread**2 - within**2, 0.0)
        return round(max(math.sqrt(within**2 + share * between), LEAST), 3)


def _left_out(
    cases: Sequence[Case],
    left: Sequence[Sequence[Case]],
    start: Fit,
    *,
    most: float = math.inf,
    counted: Callable[[Case], bool] = lambda _: True,
) -> dict[str, LeftOut]:
    """Return how far each figure is off when parts of the cases are left out one by one.

    A figure with fewer errors than `FEW` is not there.

    Args:
        cases: All cases.
        left: Those left out together.
        start: A fit to all cases.
        most: Errors for which a part counts at most.
        counted: Whether the error of a case counts.
    """
    errors: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    groups = Counter[str]()
    for part, said in left_out(cases, left, bare, start):
        sizes = Counter(constant_of(case) for case in part)
        of_part = set[str]()
        for case in filter(counted, part):
            found, name = said[case.case_id], constant_of(case)
            if isinstance(found, Prediction) and found.p5 and found.p95:
                # Intervals are not even about their middle, as shares end at 1.
                error = math.log(found.med / case.value)
                side = found.med / found.p5 if error > 0 else found.p95 / found.med
                counts = min(most / sizes[name], 1.0)
                errors[name].append((error, math.log(side) / SHOWN_SIGMAS, counts))
                of_part.add(name)
        groups.update(of_part)
    return {
        name: LeftOut(needed(np.array(rows)), groups[name])
        for name, rows in errors.items()
        if len(rows) >= FEW
    }


def bare(found: Fit) -> dict[str, Meaning]:
    """Return the constants of a fit without what it leaves out."""
    return without_residuals(found.book())


def without_residuals(book: Mapping[str, Meaning]) -> dict[str, Meaning]:
    """Return a book in which nothing is left out, so that intervals are those of the constants."""
    return with_residuals(
        book,
        {
            (name, scope): 1e-9
            for name, meaning in book.items()
            if name.endswith("_residual_log")
            for scope in meaning.scopes
        },
    )


def with_residuals(book: Mapping[str, Meaning], values: Mapping[Name, float]) -> dict[str, Meaning]:
    """Return a book with other residuals; a scope that it lacks is taken from `any`."""
    result = dict(book)
    for (name, scope), value in values.items():
        scopes = result[name].scopes
        old = scopes.get(scope, scopes[ANY])
        fresh = type(old)(**{**old.model_dump(), "value": value})
        result[name] = result[name].model_copy(update={"scopes": {**scopes, scope: fresh}})
    return result


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
