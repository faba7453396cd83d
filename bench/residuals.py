"""Residuals: how far predictions lie off cases that were left out of the fit.

What the physics leaves out is measured, not guessed: all cases of a chip are left out, the rest is
fitted, and the spread is chosen so that nine of ten of the left-out errors lie within. That holds
what differs between chips beside what differs between cases of one. A chip with many cases has a
narrower spread of its own, for which families of models, and single cases, are left out.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from bench.fit import SHOWN_SIGMAS, Fit, Name, fit, left_out
from headworks.throughput.accuracy import Prediction
from headworks.throughput.answer import RESIDUALS
from headworks.throughput.cards import model
from headworks.throughput.constants import ANY, Meaning
from headworks.throughput.split import family

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from headworks.throughput.case import Case

LEAST = 0.04
"""Spread that no residual goes below: two runs of one set-up differ by as much."""
FEW = 8
"""Chips, and families, with fewer cases than this are left out together."""
MANY = 40
"""Cases from which a chip has residuals of its own."""
FOLDS = 5
SHARE = 0.9


def constant_of(case: Case) -> str:
    """Return the name of the constant that spreads a case's figure."""
    kind = "experts" if model(case.model).experts else "dense"
    return f"{RESIDUALS[case.metric][0]}_{kind}_residual_log"


def residuals(cases: Sequence[Case]) -> dict[Name, float]:
    """Return the residuals, by constant and scope.

    Those of scope `any` come from chips left out whole, as a chip is that nobody has measured; no
    chip counts for more than `FEW` errors, so that one with hundreds of cases does not rule, and
    no chip that nobody has measured is told more closely than those with many cases.
    Chips with many cases have their own, from cases left out one in `FOLDS` or from families left
    out on all chips, whichever is wider: what is asked may be about a model of a new family, which
    nobody has measured on another chip either. A figure with fewer than `FEW` errors has none here,
    and keeps the one it has.
    """
    start = fit(cases)
    chips = _grouped(cases, lambda case: case.chip)
    spreads = _left_out(cases, chips, start, most=FEW)
    found = {(name, ANY): needed(rows) for name, rows in spreads.items()}
    counts = Counter(case.chip for case in cases)
    known = [chip for chip, count in counts.items() if count >= MANY]
    of_known = [case for case in cases if case.chip in known]
    families = _grouped(cases, lambda case: family(case.model))
    folds = [of_known[first::FOLDS] for first in range(FOLDS)]
    new = _left_out(cases, families, start, chips=known)
    for name, rows in _left_out(cases, folds, start).items():
        value = max(needed(rows), needed(new.get(name, rows)))
        found |= {(name, chip): value for chip in known}
        found[name, ANY] = max(found.get((name, ANY), 0.0), value)
    return found


def _grouped(cases: Sequence[Case], name: Callable[[Case], str]) -> list[list[Case]]:
    """Return cases by name, those of names with few cases in one group."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[name(case)].append(case)
    small = [case for group in groups.values() if len(group) < FEW for case in group]
    large = [group for group in groups.values() if len(group) >= FEW]
    return [*large, small] if small else large


def _left_out(
    cases: Sequence[Case],
    groups: Sequence[Sequence[Case]],
    start: Fit,
    *,
    most: float = math.inf,
    chips: Collection[str] | None = None,
) -> dict[str, np.ndarray]:
    """Return the rows of errors of each residual, of groups left out one by one; see `needed`.

    A residual with fewer errors than `FEW` has no rows.

    Args:
        cases: All cases.
        groups: Those left out together.
        start: A fit to all cases.
        most: Errors for which a group counts at most.
        chips: Those whose errors count; None for all.
    """
    errors: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for group, said in left_out(cases, groups, bare, start):
        sizes = Counter(constant_of(case) for case in group)
        for case in group:
            if chips is not None and case.chip not in chips:
                continue
            found, name = said[case.case_id], constant_of(case)
            if isinstance(found, Prediction) and found.p5 and found.p95:
                # Intervals are not even about their middle, as shares end at 1.
                error = math.log(found.med / case.value)
                side = found.med / found.p5 if error > 0 else found.p95 / found.med
                counts = min(most / sizes[name], 1.0)
                errors[name].append((error, math.log(side) / SHOWN_SIGMAS, counts))
    return {name: np.array(rows) for name, rows in errors.items() if len(rows) >= FEW}


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


def unmeasured(book: Mapping[str, Meaning], chips: Collection[str]) -> dict[str, Meaning]:
    """Return a book in which chips have no residuals of their own, as if nobody measured them."""
    result = dict(book)
    for name, meaning in book.items():
        if name.endswith("_residual_log"):
            kept = {scope: one for scope, one in meaning.scopes.items() if scope not in chips}
            result[name] = meaning.model_copy(update={"scopes": kept})
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
