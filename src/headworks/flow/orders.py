"""Orders: the dated want, limited by the need behind it, or released by papers, or by a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.schedule import requested

if TYPE_CHECKING:
    from collections.abc import Callable

    from headworks.flow.draws import Draws
    from headworks.flow.network import Network
    from headworks.flow.placed import PlacedOrders
    from headworks.scenario.terms import Terms

Floats: TypeAlias = NDArray[np.float64]


class Orders:
    """What the lines want and order; arrays have shape (line, path), in units.

    Stocks follow from the number of periods gone by, so they are worked out when they are asked
    for; only orders that wait for papers have a memory.
    """

    def __init__(self, net: Network, draws: Draws, plan: PlacedOrders | None = None) -> None:
        scenario = net.scenario
        shape = (len(net.lines), draws.paths)
        self._placed = 0
        self._known: dict[str, Floats] = {}
        self._before = np.zeros(shape)
        self._need = np.ones(shape)
        self._entries: list[_Entry] = []
        self.reactions: list[tuple[int, str, Floats]] = []
        """Line, gate and the share ordered beforehand, for lines whose orders follow papers."""
        requests: dict[int, list[tuple[Floats, Floats]]] = {}
        factors = {chip: _will_to_buy(chip, terms, draws) for chip, terms in scenario.terms.items()}
        self._plan = plan
        planned = () if plan is None else plan.lines
        self._planned = np.zeros((len(planned), 1))
        """What a plan has ordered up to now, shape (line of the plan, path)."""
        for number, line in enumerate(net.lines):
            if number in planned:
                requests[number] = []
                continue
            want = scenario.companies[line.company].wants[line.chip]
            key = f"companies.{line.company}.wants.{line.chip}"
            self._need[number] = draws.number(f"{key}.need", want.need)
            self._need[number] *= factors.get(line.chip, 1.0)
            requests[number] = [
                (
                    requested(request, scenario),
                    line.share * draws.number(f"{key}.schedule.{n}.units", request.units),
                )
                for n, request in enumerate(want.schedule)
            ]
            if want.reaction is not None:
                name = f"{key}.reaction.before_share"
                before = draws.number(name, want.reaction.before_share)
                self.reactions.append((number, want.reaction.after, before))
        for n in range(max((len(found) for found in requests.values()), default=0)):
            self._entries.append(_entry(requests, n, self._need))
        self._following = [line for line, _, _ in self.reactions]
        self._followed = np.zeros((len(self._following), draws.paths))

    def begin(self, line: int, units: float) -> None:
        """Count units that a line already has as wanted, needed and ordered."""
        self._before[line] += units
        self._known.clear()

    @property
    def wanted(self) -> Floats:
        """The stated want up to now; do not write to it."""
        return self._once("wanted", lambda: self._sum(lambda entry: entry.amounts))

    @property
    def needed(self) -> Floats:
        """What would have been ordered by now if none waited for a paper; do not write to it."""
        return self._once("needed", lambda: self._sum(lambda entry: entry.needs))

    @property
    def ordered(self) -> Floats:
        """What has been ordered up to now; do not write to it."""
        return self._once("ordered", self._ordered)

    def _ordered(self) -> Floats:
        if not self._following:
            return self.needed
        result = self.needed.copy()
        result[self._following] = self._before[self._following] + self._followed
        return result

    def _sum(self, of: Callable[[_Entry], Floats]) -> Floats:
        result = self._before.copy()
        for entry in self._entries:
            result += entry.until[self._placed] * of(entry)
        if self._plan is not None:
            result[list(self._plan.lines)] += self._planned
        return result

    def _once(self, name: str, work_out: Callable[[], Floats]) -> Floats:
        """Return a stock that is worked out once a period."""
        if name not in self._known:
            self._known[name] = work_out()
        return self._known[name]

    def place(self, period: int, granted: dict[str, Floats]) -> Floats | None:
        """Place the orders of a period; return the new ones, shape (line, path), or None for none.

        Do not write to what is returned.

        Args:
            period: Number of the period.
            granted: Papers granted so far by gate, shape (all lines, path), as the period begins.
        """
        new: Floats | None = None
        for entry in self._entries:
            part = entry.placed(period)
            if part is not None:
                new = part if new is None else new + part
        if self._plan is not None and self._plan.units[period].any():
            new = np.zeros_like(self._before) if new is None else new.copy()
            new[list(self._plan.lines)] += self._plan.units[period]
            self._planned = self._planned + self._plan.units[period]
        self._placed = period + 1
        self._known.clear()
        if not self._following:
            return new
        new = np.zeros_like(self._before) if new is None else new.copy()
        needed = self.needed - self._before
        for row, (line, gate, before) in enumerate(self.reactions):
            free = before * needed[line] + granted[gate][line]
            more = np.maximum(np.minimum(needed[line], free) - self._followed[row], 0.0)
            self._followed[row] += more
            new[line] = more
        return new


@dataclass(slots=True)
class _Entry:
    """The n-th requests of all lines, laid side by side."""

    within: Floats
    """Share of each line's request that is wanted within a period, shape (period, line, 1)."""
    until: Floats
    """The same up to some number of periods, shape (period + 1, line, 1)."""
    amounts: Floats
    """Units of each line's request, shape (line, path)."""
    needs: Floats
    """What of them is needed, shape (line, path)."""
    _last: tuple[bytes, Floats | None] = (b"", None)
    """The shares that were placed last, and the units."""

    def placed(self, period: int) -> Floats | None:
        """Return what is needed of the part that falls within a period; None for nothing."""
        shares = self.within[period].tobytes()
        if shares != self._last[0]:  # a want that builds up evenly has equal parts
            within = self.within[period]
            self._last = shares, within * self.needs if within.any() else None
        return self._last[1]


def _entry(requests: dict[int, list[tuple[Floats, Floats]]], n: int, need: Floats) -> _Entry:
    periods = next(len(found[0][0]) for found in requests.values() if found)
    within = np.zeros((periods, need.shape[0], 1))
    amounts = np.zeros_like(need)
    for number, found in requests.items():
        if n < len(found):
            within[:, number, 0], amounts[number] = found[n]
    until = np.concatenate([np.zeros((1, *within.shape[1:])), np.cumsum(within, axis=0)])
    return _Entry(within, until, amounts, amounts * need)


def _will_to_buy(chip: str, terms: Terms, draws: Draws) -> Floats:
    """Return the factor by which the terms of a chip scale the need for it, shape (path,)."""
    key = f"terms.{chip}"
    factor = np.ones(draws.paths)
    if terms.reference_price_usd is not None and terms.price_elasticity is not None:
        charges = sum(
            draws.number(f"{key}.charges.{name}", share)
            for name, share in sorted(terms.charges.items())
        )
        landed = draws.number(f"{key}.price_usd", terms.price_usd) * (1.0 + charges)
        reference = draws.number(f"{key}.reference_price_usd", terms.reference_price_usd)
        elasticity = draws.number(f"{key}.price_elasticity", terms.price_elasticity)
        factor = np.minimum((landed / reference) ** -elasticity, 1.0)
    if terms.prepayment is not None and terms.prepayment_deterrence is not None:
        prepaid = draws.number(f"{key}.prepayment", terms.prepayment)
        deterrence = draws.number(f"{key}.prepayment_deterrence", terms.prepayment_deterrence)
        factor = factor * (1.0 - prepaid * deterrence)
    return factor
