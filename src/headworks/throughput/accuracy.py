"""Accuracy: how far predictions lie from measured cases, and how often intervals hold them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from statistics import fmean, median
from typing import TYPE_CHECKING, TypeAlias

from headworks.errors import InputError, UnknownName
from headworks.throughput.case import Case

if TYPE_CHECKING:
    import pandas as pd

BY = ("chip", "model", "phase", "metric")
"""The fields by which cases are grouped, unless others are named."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says of one case, in the unit of its metric."""

    p5: float | None
    """Lower end of the 90 % interval; None where the model gives no interval."""
    med: float
    p95: float | None
    """Upper end of the 90 % interval; None where the model gives no interval."""
    bound_by: str = ""
    """What binds: `compute`, `bandwidth`, `latency`, `network`, `memory`."""
    layout: str = field(default="", compare=False)
    """How the model is split, such as `TP8`; empty where a model does not tell."""
    remark: str = field(default="", compare=False)
    """Why that is not the layout that the case states; empty where it is."""


@dataclass(frozen=True, slots=True)
class NoPrediction:
    """A case that a model does not answer."""

    reason: str
    """Why, in words that are counted: alike for alike cases."""


Answer: TypeAlias = Prediction | NoPrediction
Grouping: TypeAlias = Sequence[str] | Mapping[str, Callable[[Case], object]]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The errors of one group of cases. Errors are shares of the measured value.

    The error of a case is (med − value) / value, its absolute error |med − value| / value.
    """

    group: Mapping[str, str]
    """What the cases have in common, by name; empty for all of them."""
    n: int
    """Cases that were answered: what the figures rest on."""
    n_unanswered: int
    reasons: Mapping[str, int]
    """Why cases were not answered, with their numbers, the most frequent first."""
    mape: float | None
    """Mean absolute error; None where nothing was answered, as are the others."""
    median_ape: float | None
    """Median absolute error."""
    bias: float | None
    """Mean error: above 0 where the model says too much."""
    median_bias: float | None
    """Median error."""
    coverage: float | None
    """Share of the measured values that lie in their intervals, ends included; None where no
    answer has one."""
    width: float | None
    """Mean width of the intervals, (p95 − p5) / med; None where no answer has one."""


def answers(
    cases: Iterable[Case], predict: Callable[[Case], Prediction | NoPrediction]
) -> dict[str, Answer]:
    """Return what `predict` says of each case, by case id; a refused input is a reason."""
    found: dict[str, Answer] = {}
    for case in cases:
        try:
            found[case.case_id] = predict(case)
        except InputError as error:
            found[case.case_id] = NoPrediction(error.faults[0].message)
    return found


def accuracy(
    cases: Iterable[Case], predictions: Mapping[str, Answer], by: Grouping = BY
) -> tuple[Accuracy, ...]:
    """Return the accuracy of each group of cases, sorted by group.

    Args:
        cases: Measured cases.
        predictions: What a model says of each, by case id; a missing one counts as unanswered.
        by: Names of fields of a case; or, by name, functions that tell a case's group. With
            nothing in it, all cases are one group.

    Raises:
        UnknownName: A case has no such field.
    """
    keys = _keys(by)
    groups: dict[tuple[str, ...], list[Case]] = {}
    for case in cases:
        found = tuple(_shown(key(case)) for key in keys.values())
        groups.setdefault(found, []).append(case)
    return tuple(
        _of_group(dict(zip(keys, group, strict=True)), groups[group], predictions)
        for group in sorted(groups)
    )


def table(rows: Iterable[Accuracy]) -> pd.DataFrame:
    """Return the rows as a pandas frame: the names of the group, then the figures."""
    import pandas as pd

    return pd.DataFrame([as_row(row) for row in rows])


def as_row(row: Accuracy) -> dict[str, object]:
    """Return one row as plain values, the names of the group first."""
    values = asdict(row)
    return {**values.pop("group"), **values}


def _keys(by: Grouping) -> dict[str, Callable[[Case], object]]:
    if isinstance(by, Mapping):
        return dict(by)
    known = [field.name for field in fields(Case)]
    for name in by:
        if name not in known:
            raise UnknownName("field of a case", name, known)
    return {name: _field(name) for name in by}


def _field(name: str) -> Callable[[Case], object]:
    def read(case: Case) -> object:
        return getattr(case, name)

    return read


def _shown(value: object) -> str:
    return "not stated" if value is None else str(value)


def _usable(answer: Answer) -> Answer:
    # One figure that is no number would take the means of its whole group with it.
    if isinstance(answer, Prediction) and not (math.isfinite(answer.med) and answer.med > 0):
        return NoPrediction("the figure is not a number above 0")
    return answer


def _of_group(
    group: Mapping[str, str], cases: Sequence[Case], predictions: Mapping[str, Answer]
) -> Accuracy:
    missing = NoPrediction("not asked")
    found = [(case.value, _usable(predictions.get(case.case_id, missing))) for case in cases]
    answered = [(value, one) for value, one in found if isinstance(one, Prediction)]
    reasons = Counter(one.reason for _, one in found if isinstance(one, NoPrediction))
    errors = [(one.med - value) / value for value, one in answered]
    sizes = [abs(error) for error in errors]
    inside: list[bool] = []
    widths: list[float] = []
    for value, one in answered:
        if one.p5 is not None and one.p95 is not None:
            inside.append(one.p5 <= value <= one.p95)
            widths.append((one.p95 - one.p5) / one.med)
    return Accuracy(
        group=group,
        n=len(answered),
        n_unanswered=len(found) - len(answered),
        reasons=dict(reasons.most_common()),
        mape=fmean(sizes) if sizes else None,
        median_ape=median(sizes) if sizes else None,
        bias=fmean(errors) if errors else None,
        median_bias=median(errors) if errors else None,
        coverage=fmean(inside) if inside else None,
        width=fmean(widths) if widths else None,
    )
