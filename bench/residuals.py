"""Residuals: how far predictions lie off cases that were left out of the fit.

What the physics leaves out is measured, not guessed, and by what is new about a question: runs,
families of models and chips are left out, the rest is fitted, and each spread is chosen so that
nine of ten of the left-out errors lie within.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from bench.fit import SHOWN_SIGMAS, Fit, Name, fit, left_out
from bench.parts import FEW, measured_in, parts, runs
from headworks.throughput.accuracy import Prediction
from headworks.throughput.answer import RESIDUALS
from headworks.throughput.cards import model
from headworks.throughput.constants import ANY, Meaning
from headworks.throughput.residual import New, names
from headworks.throughput.split import family

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


def residuals(cases: Sequence[Case]) -> dict[Name, float]:
    """Return the residuals, by constant and scope.

    Where nothing is new, they come from runs left out one in `FOLDS`, of chips and families that
    are measured; where the family is, from families left out on all chips, by their errors on
    measured chips; where the chip is, from chips left out, of which none counts for more than `FEW`
    errors, so that one with hundreds of cases does not rule. Where fewer than `FEW` errors are
    left, that of a new chip holds; a figure with fewer even so has none here, and keeps its own.
    """
    start = fit(cases)
    measured = measured_in(cases)

    def on_measured(case: Case) -> bool:
        return case.chip in measured.chips

    known = [one for one in cases if on_measured(one) and family(one.model) in measured.families]
    numbers = runs(known)
    chips = _spreads(cases, parts(cases, "chip"), start, most=FEW)
    families = _spreads(cases, parts(cases, "family"), start, counted=on_measured)
    single = _spreads(cases, parts(known, "fifth"), start, group=lambda case: numbers[case.case_id])
    found: dict[Name, float] = {}
    for case in cases:
        name = constant_of(case)
        if name in chips:
            found[name, ANY] = single.get(name, chips[name])
            found[constant_of(case, "family"), ANY] = families.get(name, chips[name])
            found[constant_of(case, "chip"), ANY] = chips[name]
    return found


def _spreads(
    cases: Sequence[Case],
    left: Sequence[Sequence[Case]],
    start: Fit,
    *,
    most: float = math.inf,
    counted: Callable[[Case], bool] = lambda _: True,
    group: Callable[[Case], int] | None = None,
) -> dict[str, float]:
    """Return the spread that each figure needs when parts of the cases are left out one by one.

    A figure with fewer errors than `FEW` has none.

    Args:
        cases: All cases.
        left: Those left out together.
        start: A fit to all cases.
        most: Errors for which a part counts at most.
        counted: Whether the error of a case counts.
        group: The number of the group whose effect a case has; that of its part if None.
    """
    errors: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    groups: dict[str, set[int]] = defaultdict(set)
    for number, (part, said) in enumerate(left_out(cases, left, bare, start)):
        sizes = Counter(constant_of(case) for case in part)
        for case in filter(counted, part):
            found, name = said[case.case_id], constant_of(case)
            if isinstance(found, Prediction) and found.p5 and found.p95:
                # Intervals are not even about their middle, as shares end at 1.
                error = math.log(found.med / case.value)
                side = found.med / found.p5 if error > 0 else found.p95 / found.med
                counts = min(most / sizes[name], 1.0)
                errors[name].append((error, math.log(side) / SHOWN_SIGMAS, counts))
                groups[name].add(number if group is None else group(case))
    return {
        name: of_new_group(needed(np.array(rows)), len(groups[name]))
        for name, rows in errors.items()
        if len(rows) >= FEW
    }


def of_new_group(spread: float, groups: int) -> float:
    """Return the spread of errors at a new group, from that at groups left out one by one.

    Assumed is that what is left out goes with the group (a chip, a family, a run), that groups'
    effects are independent draws of one variance s², and that a fit takes their mean. A group that
    is left out of n is then s² n / (n - 1) off the mean of the others, as its own effect and their
    mean vary; a new one s² (n + 1) / n off that of all n. The ratio of spreads is
    √(n² - 1) / n: 0.87 of two groups, 0.99 of ten. Of a single group no mean of others is known,
    and it stays as it is. No spread goes below `LEAST`.
    """
    ratio = math.sqrt(groups**2 - 1) / groups if groups > 1 else 1.0
    return round(max(spread * ratio, LEAST), 3)


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
