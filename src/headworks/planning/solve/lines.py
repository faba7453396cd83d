"""Lines below the cost of outlooks: of all companies together, or of each, given shared prices.

What an outlook costs is the sum over companies of what each costs at the prices of the shared
pools and ceilings, less prices × amounts. Each term depends on the decisions of one company alone
and on how much of the shared amounts it is allotted, so that a line below each term is worth more
than one below the sum: lines of companies that were found at different decisions can be combined.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse

    from headworks.planning.problem import Floats, Integers, Problem
    from headworks.planning.programme.programme import Programme
    from headworks.planning.solve.companies import Members
    from headworks.planning.solve.recourse import Answer, OutlookRows

ALL = -1
"""Company of a line that is below the cost of all."""
SHARED = ("ceiling", "pool")
"""Constraints that companies share."""

Parts = list[tuple[int, float, "Answer"]]
"""Outlooks of a group by number, with their share of it and what each answers."""


@dataclass(frozen=True, slots=True)
class Line:
    """cost ≥ level + Σ slope × decided − Σ price × allotted, of a group of outlooks."""

    group: int
    company: int
    column: Integers
    """Decided columns that the cost changes with."""
    slope: Floats
    level: float
    made_of: tuple[tuple[int, float, Integers, Floats], ...]
    """Outlook, share, rows that have a price, and their prices, of each answer in it."""
    allotted: tuple[tuple[int, int, float], ...] = ()
    """Outlook, shared row, and price of what the company is allotted of it, times the share."""


def whole_line(group: int, parts: Parts) -> Line:
    """Return the line that the answers of outlooks make together, by their shares."""
    slope = sum(share * answer.slope for _, share, answer in parts)
    level = sum(share * answer.level for _, share, answer in parts)
    made_of = tuple(_made_of(number, share, answer.rows) for number, share, answer in parts)
    return _line(group, ALL, np.asarray(slope), float(level), made_of)


def _line(
    group: int,
    company: int,
    slope: Floats,
    level: float,
    made_of: tuple[tuple[int, float, Integers, Floats], ...],
) -> Line:
    column = np.flatnonzero(slope)
    return Line(group, company, column, slope[column], level, made_of)


def _made_of(number: int, share: float, prices: Floats) -> tuple[int, float, Integers, Floats]:
    at = np.flatnonzero(prices)
    return number, share, at, prices[at]


class Split:
    """Whose columns and rows are whose.

    Args:
        programme: The programme.
        rows: Rows of its outlooks.
    """

    def __init__(self, programme: Programme, rows: list[OutlookRows]) -> None:
        problem, matrix = programme.problem, rows[0].part.matrix
        self.count = len(problem.companies)
        self._rows = rows
        blocks = programme.decided.columns.blocks
        self._decided = _owners(problem, [(one.axes, one.number.shape) for one in blocks])
        blocks = rows[0].part.stage.columns.blocks
        self._column = _owners(problem, [(one.axes, one.number.shape) for one in blocks])
        self._row = _owners(problem, list(zip(matrix.axes, matrix.shapes, strict=True)))
        self.shared = np.flatnonzero(self._row == ALL)
        self._use: sparse.csr_array = matrix.recourse[self.shared]

    def amount(self, outlook: int, row: int) -> float:
        """Return how much there is of what a shared row shares out."""
        return float(self._rows[outlook].part.matrix.upper[row])

    def priced(self, number: int, answer: Answer) -> Integers:
        """Return the shared rows of an outlook that have a price, where there is any amount.

        Of nothing, companies are allotted nothing, whatever its price; what has no limit has none.
        """
        amount = self._rows[number].part.matrix.upper[self.shared]
        some = (answer.rows[self.shared] != 0) & (amount > 0) & np.isfinite(amount)
        found: Integers = self.shared[some]
        return found

    def lines(self, group: int, parts: Parts, decided: Floats) -> list[Line]:
        """Return the line of each company; what does not depend on decisions is left out.

        Args:
            group: Number of the group.
            parts: Answers of its outlooks.
            decided: Where they were given.
        """
        slope = np.asarray(sum(share * answer.slope for _, share, answer in parts))
        level = -self._sum(self._decided, slope * decided)
        allotted = []
        for number, share, answer in parts:
            level += share * self._costs(number, answer, decided)
            allotted += [
                (number, int(row), share * -float(answer.rows[row]))
                for row in self.priced(number, answer)
            ]
        found = []
        for company in range(self.count):
            own = self._row == company
            made_of = tuple(
                _made_of(number, share, np.where(own, answer.rows, 0.0))
                for number, share, answer in parts
            )
            of_company = np.where(self._decided == company, slope, 0.0)
            line = _line(group, company, of_company, float(level[company]), made_of)
            found.append(replace(line, allotted=tuple(allotted)))
        return found

    def _costs(self, number: int, answer: Answer, decided: Floats) -> Floats:
        """Return what each company costs in an outlook, with what it uses at shared prices."""
        costs = self._rows[number].part.costs
        prices = -answer.rows[self.shared]
        each = (costs.recourse + self._use.T @ prices) * answer.columns
        return self._sum(self._column, each) + self._sum(self._decided, costs.decided * decided)

    def _sum(self, owner: Integers, value: Floats) -> Floats:
        found: Floats = np.bincount(owner, weights=value, minlength=self.count).astype(np.float64)
        return found


def _owners(problem: Problem, blocks: list[tuple[tuple[str, ...], tuple[int, ...]]]) -> Integers:
    """Return the company of each entry of blocks; `ALL` for what is of none."""
    of = {
        "line": problem.company,
        "site": problem.sites.company,
        "berth": problem.company[problem.berths.line],
        "company": np.arange(len(problem.companies)),
        "ratio": np.array([ratio.company for ratio in problem.ratios], np.int64),
    }
    found = [np.zeros(0, np.int64)]
    for axes, shape in blocks:
        owner = np.full(shape, ALL)
        for place, axis in enumerate(axes):
            if axis in of:
                owner = np.moveaxis(owner, place, -1)
                owner[...] = of[axis]
                owner = np.moveaxis(owner, -1, place)
        found.append(owner.ravel())
    return np.concatenate(found)


class Moved:
    """Lines of a company that was planned alone, moved to the programme of all.

    Args:
        programme: The programme of all.
        rows: Rows of one of its outlooks.
        own: What belongs to the company.
    """

    def __init__(self, programme: Programme, rows: OutlookRows, own: Members) -> None:
        matrix = rows.part.matrix
        blocks = programme.decided.columns.blocks
        self._company = own.company
        self._column = _taken([(one.axes, one.number.shape) for one in blocks], own)
        self._row = _taken(list(zip(matrix.axes, matrix.shapes, strict=True)), own)

    def line(self, line: Line, constant: float) -> Line:
        """Return a line; what the company had to itself counts as its allotment.

        Args:
            line: The line.
            constant: Cost in it that does not depend on decisions.
        """
        made_of = tuple(
            (number, share, self._row[at], price) for number, share, at, price in line.made_of
        )
        return replace(
            line,
            company=self._company,
            column=self._column[line.column],
            level=line.level - constant,
            made_of=made_of,
        )


def _taken(blocks: list[tuple[tuple[str, ...], tuple[int, ...]]], own: Members) -> Integers:
    """Return the numbers, among entries of blocks of all, of those of a company, in its order."""
    found, start = [np.zeros(0, np.int64)], 0
    for axes, shape in blocks:
        number = start + np.arange(int(np.prod(shape))).reshape(shape)
        for place, axis in enumerate(axes):
            if axis in own.at:
                number = np.take(number, own.at[axis], axis=place)
        found.append(number.ravel())
        start += int(np.prod(shape))
    return np.concatenate(found)
