"""Clashes: why a problem has no plan, as the smallest set of things that cannot hold together.

A deletion filter (Chinneck and Dravnieks 1991, Locating minimal infeasible constraint sets): each
group of constraints is taken away in turn and stays away if the rest still clashes. What is left
clashes, and would not without any one of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from headworks.errors import Fault, InputError
from headworks.planning.programme.extensive import extensive_form
from headworks.planning.solve.clash_words import group_words, only_budget, unbounded_words
from headworks.planning.solve.highs import Model
from headworks.planning.solve.outcome import Outcome

if TYPE_CHECKING:
    from headworks.planning.problem import Floats, Integers, Problem
    from headworks.planning.programme.extensive import Extensive

FAMILIES = ("ceiling", "pool", "pairing", "power", "response", "lead", "served", "budget")
"""Constraints that may be taken away, those first that are the least news; others are definitions,
such as running totals, without which nothing has a meaning."""
CLASHES_MAX = 10
"""Clashes that are told at once."""


@dataclass(frozen=True, slots=True)
class Group:
    """Constraints that are taken away together."""

    name: str
    """Name of the constraint, or of the columns whose upper bounds they are."""
    entry: tuple[int, ...]
    """Numbers along its axes: of the first one, and for budgets of the year."""
    rows: Integers
    columns: Integers


def explain(problem: Problem, outcome: Outcome) -> InputError:
    """Return the error that says why there is no plan.

    Args:
        problem: The problem.
        outcome: How its solver ended.
    """
    if outcome is Outcome.LIMIT:
        remedy = "give more time, or fewer outlooks"
        return InputError([Fault("plan", 0, "", "no plan was found in the time given", remedy)])
    if outcome is Outcome.UNBOUNDED:
        return InputError([_unbounded(problem)])
    clashes = find_clashes(problem)
    if not clashes:
        message = "no plan could be computed, though nothing clashes"
        remedy = "check the units of amounts and prices, which differ by many powers of ten"
        return InputError([Fault("plan", 0, "", message, remedy)])
    return InputError(sorted(_fault(problem, clash) for clash in clashes))


def find_clashes(problem: Problem) -> list[list[Group]]:
    """Return sets of constraints, each the smallest that cannot hold together.

    The first outlook that clashes by itself is looked into alone; only where none does, all are
    taken together.
    """
    single = [_alone(problem, number) for number in range(len(problem.outlooks))]
    for candidate in (*single, problem):
        found = _Filter(extensive_form(candidate)).clashes()
        if found:
            return found
    return []


def _alone(problem: Problem, number: int) -> Problem:
    outlook = replace(problem.outlooks[number], probability=1.0)
    return replace(problem, outlooks=(outlook,))


class _Filter:
    """One model whose constraints are taken away and put back."""

    def __init__(self, form: Extensive) -> None:
        linear = replace(form.linear, cost=np.zeros(len(form.linear.cost)))
        self._linear = linear
        self._model = Model(linear, method="simplex", presolve=False)
        self._groups = _groups(form)
        self._none = np.zeros(0, np.int64)

    def clashes(self) -> list[list[Group]]:
        """Return every clash that has no constraint in common with another."""
        found: list[list[Group]] = []
        while self._clashes() and len(found) < CLASHES_MAX:
            left = self._families()
            clash = []
            for group in left:
                self._take(group)
                if not self._clashes():
                    self._put(group)
                    clash.append(group)
            if not clash:  # definitions clash among themselves
                return found
            found.append(clash)
            told = {id(group) for group in clash}
            self._groups = [group for group in self._groups if id(group) not in told]
            for group in self._groups:
                self._put(group)
            for group in clash:
                self._take(group)
        return found

    def _families(self) -> list[Group]:
        """Take away whole families first, and return the groups of those that are needed."""
        needed: list[Group] = []
        for name in dict.fromkeys(group.name for group in self._groups):
            family = [group for group in self._groups if group.name == name]
            for group in family:
                self._take(group)
            if not self._clashes():
                for group in family:
                    self._put(group)
                needed += family
        return needed

    def _clashes(self) -> bool:
        return self._model.solve().outcome is Outcome.INFEASIBLE

    def _take(self, group: Group) -> None:
        free = np.full(len(group.rows), np.inf)
        self._model.bound_rows(group.rows, -free, free)
        lower = self._linear.lower[group.columns]
        self._model.bound_columns(group.columns, lower, np.full(len(lower), np.inf))

    def _put(self, group: Group) -> None:
        rows, columns, linear = group.rows, group.columns, self._linear
        self._model.bound_rows(rows, linear.row_lower[rows], linear.row_upper[rows])
        self._model.bound_columns(columns, linear.lower[columns], linear.upper[columns])


def _groups(form: Extensive) -> list[Group]:
    """Return the groups of all outlooks, in the order in which they are taken away."""
    none = np.zeros(0, np.int64)
    limits = ("build", "order", "later", "rented")
    groups = [Group(name, (), none, _columns(form, name)) for name in limits]
    for family in FAMILIES:
        found: dict[tuple[int, ...], list[Integers]] = {}
        for part, rows in zip(form.parts, form.rows, strict=True):
            matrix = part.matrix
            which = matrix.names.index(family)
            start = rows.start + matrix.spans()[family].start
            at = np.unravel_index(matrix.kept[which], matrix.shapes[which])
            keys = _keys(family, at)
            numbers = start + np.arange(len(matrix.kept[which]))
            for key in np.unique(keys, axis=1).T:
                same = np.all(keys == key[:, np.newaxis], axis=0)
                found.setdefault(tuple(int(one) for one in key), []).append(numbers[same])
        groups += [
            Group(family, key, np.concatenate(rows), none) for key, rows in sorted(found.items())
        ]
    return groups


def _keys(family: str, at: tuple[Integers, ...]) -> Integers:
    """Return the part of each row's place that tells groups of a family apart."""
    if family in {"budget", "served"}:  # company and year, company and work
        return np.stack(at[:2])
    return np.stack([at[1]]) if family == "response" else np.stack([at[0]])


def _columns(form: Extensive, name: str) -> Integers:
    if name == "rented":
        blocks = [
            part.stage["rented"].ravel() + span.start
            for part, span in zip(form.parts, form.columns, strict=True)
        ]
        return np.concatenate(blocks)
    return form.programme.decided[name].number.ravel()


def _fault(problem: Problem, clash: list[Group]) -> Fault:
    alone = only_budget(problem, clash[0].entry) if [g.name for g in clash] == ["budget"] else None
    if alone is not None:
        return Fault("plan", 0, "", *alone)
    words = [group_words(problem, group.name, group.entry) for group in clash]
    message = "these cannot hold together: " + "; ".join(words)
    return Fault("plan", 0, "", message, "ease one of them")


def _unbounded(problem: Problem) -> Fault:
    form = extensive_form(problem)
    model = Model(form.linear, method="simplex", presolve=False)
    model.solve()
    ray = model.direction()
    return Fault("plan", 0, "", *unbounded_words(problem, form.programme, _decided(form, ray)))


def _decided(form: Extensive, ray: Floats | None) -> Floats:
    count = form.programme.decided.columns.count
    return np.zeros(count) if ray is None else ray[:count]
