"""Fit: the constants of throughput by least squares on measured cases.

The error of a case is the logarithm of prediction over value, softened against outliers, and each
constant is held to its prior. All constants are moved in one pass over the cases: every draw of a
query is the same query with another constant nudged, which gives the whole table of slopes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import cache, partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from bench.parts import measured_in
from headworks.errors import InputError
from headworks.throughput.accuracy import Answer, Prediction, answers
from headworks.throughput.answer import ask
from headworks.throughput.constants import Calibration, Constants, meanings, packaged
from headworks.throughput.draws import COUNT
from headworks.throughput.joint import Joint, Name
from headworks.throughput.machine import scopes
from headworks.throughput.predict import prediction, query_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from headworks.throughput.case import Case
    from headworks.throughput.constants import Measured
    from headworks.throughput.query import Query

Floats: TypeAlias = NDArray[np.float64]
NOISE = {"ttft_ms": 0.30, "tpot_ms": 0.12}
OTHER_NOISE = 0.20
"""Spread of the logarithm of a measurement about the truth, by metric: what other software, another
release of it, or another day makes of the same set-up."""
SOFT = 1.5
"""Errors beyond this many spreads count less and less."""
NUDGE = 1e-3
"""Change of a constant's logarithm by which slopes are taken."""
REACH = 3.5
"""Spreads of its prior that a constant may move by."""
NARROWEST = 0.03
"""Spread of a constant's logarithm that the fit does not go below, since the form is not exact."""
TOLERANCE = 1e-4
"""Relative change of errors or constants below which a fit is good enough: a hundredth of what is
left open."""
PROCESSES = 2
SHOWN_SIGMAS = 1.645


@dataclass(frozen=True)
class Fit:
    """Constants that were fitted."""

    names: tuple[Name, ...]
    log_values: Floats
    """Logarithm of each, shape `(constant,)`."""
    covariance: Floats
    """Covariance of the logarithms, shape `(constant, constant)`."""
    measured: Mapping[str, Measured]
    """Cases that they were fitted to: what there are few of is new to them."""

    @property
    def spread(self) -> Floats:
        """Standard deviation of each logarithm, shape `(constant,)`."""
        found: Floats = np.sqrt(np.diag(self.covariance))
        return found

    def percentiles(self) -> dict[Name, dict[str, float]]:
        """Return p5, med and p95 of each constant."""
        found = {}
        for name, log_value, spread in zip(self.names, self.log_values, self.spread, strict=True):
            wide = SHOWN_SIGMAS * max(spread, NARROWEST)
            high = 0.0 if name[0].endswith("_share") else math.inf
            found[name] = {
                "p5": _rounded(log_value - wide),
                "med": _rounded(min(log_value, high - 2e-3)),
                "p95": _rounded(min(log_value + wide, high - 1e-3)),
            }
        return found

    def joint(self) -> Joint:
        """Return how the constants hang together."""
        return Joint(self.names, self.covariance / np.outer(self.spread, self.spread))

    def calibration(self) -> Calibration:
        """Return the packaged constants with the fitted ones in their places."""
        book = dict(meanings())
        for (name, scope), moved in self.percentiles().items():
            old = book[name].scopes[scope]
            new = type(old)(**{**old.model_dump(), **moved})
            book[name] = book[name].model_copy(update={"scopes": {**book[name].scopes, scope: new}})
        return Calibration(book, self.measured, self.joint())


def _rounded(log_value: float) -> float:
    return float(f"{math.exp(log_value):.4g}")


Book: TypeAlias = Callable[[Fit], Calibration]


class Nudged(Constants):
    """Constants on as many draws as are fitted and one: each draw has another one nudged."""

    def __init__(self, names: tuple[str, ...], values: Mapping[Name, tuple[int, float]]) -> None:
        """Hold the place and the logarithm of each fitted constant."""
        super().__init__(packaged(), names, 1)
        self._values = values

    def __getitem__(self, name: str) -> Floats:
        """Return a constant on each draw, shape `(draw,)`."""
        place = self._values.get((name, self.scope(name)))
        if place is None:
            return super().__getitem__(name)
        number, log_value = place
        draws = np.full(len(self._values) + 1, log_value)
        draws[number + 1] += NUDGE
        nudged: Floats = np.exp(draws)
        return nudged


def fitted_names() -> tuple[Name, ...]:
    """Return the name and scope of each constant that the fit moves."""
    return tuple(
        (name, scope)
        for name, meaning in meanings().items()
        for scope, constant in meaning.scopes.items()
        if constant.fitted
    )


def fit(cases: Sequence[Case], start: Fit | None = None) -> Fit:
    """Return the constants fitted to cases; one that no case depends on keeps its prior.

    Args:
        cases: Measured cases.
        start: A fit to nearly the same cases, from which few steps are left; the priors if None.
    """
    names = fitted_names()
    priors = np.log([meanings()[name].scopes[scope].prior or [] for name, scope in names])
    middle, width = priors[:, 1], (priors[:, 2] - priors[:, 0]) / (2 * SHOWN_SIGMAS)
    queries = [(case, query) for case in cases if (query := _placed(case)) is not None]
    noise = np.array([NOISE.get(case.metric, OTHER_NOISE) for case, _ in queries])
    latest: dict[bytes, tuple[Floats, Floats]] = {}

    def both(values: Floats) -> tuple[Floats, Floats]:
        key = values.tobytes()
        if key not in latest:
            latest.clear()
            errors = _errors(queries, names, values)
            slopes = (errors[:, 1:] - errors[:, :1]) / NUDGE
            latest[key] = (
                np.concatenate([errors[:, 0] / noise, (values - middle) / width]),
                np.concatenate([slopes / noise[:, None], np.diag(1.0 / width)]),
            )
        return latest[key]

    def errors_at(values: Floats) -> Floats:
        return both(values)[0]

    def slopes_at(values: Floats) -> Floats:
        return both(values)[1]

    found = least_squares(
        errors_at,
        middle if start is None else start.log_values,
        jac=slopes_at,
        bounds=(middle - REACH * width, np.minimum(middle + REACH * width, _tops(names, middle))),
        loss="soft_l1",
        f_scale=SOFT,
        ftol=TOLERANCE,
        xtol=TOLERANCE,
        max_nfev=40,
    )
    errors, slopes = both(found.x)
    # What counts less for its size says less of the constants too.
    weights = 1.0 / np.sqrt(1.0 + (errors / SOFT) ** 2)
    information = slopes.T @ (weights[:, np.newaxis] * slopes)
    return Fit(
        names, found.x, np.asarray(np.linalg.inv(information), np.float64), measured_in(cases)
    )


def _tops(names: Sequence[Name], middle: Floats) -> Floats:
    """Return the logarithm that each constant may not pass: a share may not exceed 1."""
    tops = [0.0 if name.endswith("_share") else math.inf for name, _ in names]
    top: Floats = np.maximum(np.array(tops), middle + 1e-6)
    return top


@cache
def _placed(case: Case) -> Query | None:
    """Return the query of a case on the layout that is stated or best; None where none fits."""
    try:
        return query_of(case)
    except InputError:
        return None


def _errors(queries: Iterable[tuple[Case, Query]], names: Sequence[Name], values: Floats) -> Floats:
    """Return the logarithm of prediction over value, shape `(case, draw)`."""
    places = {name: (number, values[number]) for number, name in enumerate(names)}
    known: dict[tuple[object, ...], dict[str, Floats]] = {}
    rows = []
    for case, query in queries:
        if (key := _key(query)) not in known:
            constants = Nudged(scopes_of(query), places)
            known[key] = ask(replace(query, constants=constants), count=1).figures
        figure = known[key][case.metric]
        rows.append(np.log(np.broadcast_to(figure, len(names) + 1) / case.value))
    return np.array(rows)


def _key(query: Query) -> tuple[object, ...]:
    """Return what tells a query from others, chip and model by name."""
    named = {"chip": query.chip_id, "card": query.card.name}
    return tuple(named.get(one.name, getattr(query, one.name)) for one in fields(query))


def scopes_of(query: Query) -> tuple[str, ...]:
    """Return the scopes of a query's constants, narrowest first."""
    return scopes(query.chip_id, query.chip, query.software)


def predictions(cases: Iterable[Case], calibration: Calibration) -> dict[str, Answer]:
    """Return what the model says of cases under a calibration, by case id."""

    def one(case: Case) -> Prediction:
        query = query_of(case)
        own = Constants(calibration, scopes_of(query), COUNT)
        return prediction(replace(query, constants=own), case.metric)

    return answers(cases, one)


def shipped() -> Fit:
    """Return the constants of the package, which are fitted to all of its cases."""
    names = fitted_names()
    middles = [meanings()[name].scopes[scope].median for name, scope in names]
    return Fit(names, np.log(middles), np.eye(len(names)) * NARROWEST**2, packaged().measured)


def left_out(
    cases: Sequence[Case], groups: Sequence[Sequence[Case]], book: Book, start: Fit
) -> Iterator[tuple[Sequence[Case], dict[str, Answer]]]:
    """Yield each group with what the model says of it when fitted to all cases but the group.

    What the other cases do not measure is new to the model.

    Args:
        cases: All cases.
        groups: Some of them each.
        book: Returns the calibration of a fit with which its group is predicted.
        start: The fit to all cases.
    """
    one = partial(_left_out, tuple(cases), start, book)
    with ProcessPoolExecutor(PROCESSES) as processes:
        yield from zip(groups, processes.map(one, groups), strict=True)


def _left_out(
    cases: Sequence[Case], start: Fit, book: Book, group: Sequence[Case]
) -> dict[str, Answer]:
    chosen = {case.case_id for case in group}
    rest = [case for case in cases if case.case_id not in chosen]
    return predictions(group, book(fit(rest, start)))
