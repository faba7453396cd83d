"""Orders: the dated want, limited by the need behind it, or released by papers."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.draws import Draws
from headworks.flow.network import Network
from headworks.flow.schedule import requested
from headworks.scenario.scenario import Scenario
from headworks.scenario.terms import Terms

Floats: TypeAlias = NDArray[np.float64]


class Orders:
    """What the lines want and order; arrays have shape (line, path), in units."""

    def __init__(self, net: Network, draws: Draws) -> None:
        scenario = net.scenario
        shape = (len(net.lines), draws.paths)
        self.wanted = np.zeros(shape)
        self.ordered = np.zeros(shape)
        self.needed = np.zeros(shape)
        """What would have been ordered by now if no order waited for a paper."""
        self._need = np.ones(shape)
        self._amounts: list[Floats] = []
        self._shares: list[Floats] = []
        self.reactions: list[tuple[int, str, Floats]] = []
        """Line, gate and the share ordered beforehand, for lines whose orders follow papers."""
        entries: dict[int, list[tuple[Floats, Floats]]] = {}
        factors = {chip: _will_to_buy(chip, terms, draws) for chip, terms in scenario.terms.items()}
        for number, line in enumerate(net.lines):
            want = scenario.companies[line.company].wants[line.chip]
            key = f"companies.{line.company}.wants.{line.chip}"
            self._need[number] = draws.number(f"{key}.need", want.need)
            self._need[number] *= factors.get(line.chip, 1.0)
            entries[number] = [
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
        self._stack(entries, scenario, shape)

    def _stack(
        self, entries: dict[int, list[tuple[Floats, Floats]]], scenario: Scenario,
        shape: tuple[int, int],
    ) -> None:  # fmt: skip
        """Lay the n-th entries of all lines side by side, so that a period is a few array sums."""
        for n in range(max((len(found) for found in entries.values()), default=0)):
            shares = np.zeros((scenario.periods, shape[0], 1))
            amounts = np.zeros(shape)
            for number, found in entries.items():
                if n < len(found):
                    shares[:, number, 0], amounts[number] = found[n]
            self._shares.append(shares)
            self._amounts.append(amounts)

    def begin(self, line: int, units: float) -> None:
        """Count units that a line already has as wanted, needed and ordered."""
        for stock in (self.wanted, self.ordered, self.needed):
            stock[line] += units

    def place(self, period: int, granted: dict[str, Floats]) -> Floats | None:
        """Place the orders of a period; return the new ones, shape (line, path), or None for none.

        Args:
            period: Number of the period.
            granted: Papers granted so far by gate, shape (all lines, path), as the period begins.
        """
        new: Floats | None = None
        for shares, amounts in zip(self._shares, self._amounts, strict=True):
            if shares[period].any():
                part = shares[period] * amounts
                new = part if new is None else new + part
        if new is not None:
            self.wanted += new
            new = new * self._need
            self.needed += new
        for line, gate, before in self.reactions:
            released = np.minimum(self.needed[line], before * self.needed[line] + granted[gate][line])
            if new is None:
                new = np.zeros_like(self.wanted)
            new[line] = np.maximum(released - self.ordered[line], 0.0)
        if new is not None:
            self.ordered += new
        return new


def _will_to_buy(chip: str, terms: Terms, draws: Draws) -> Floats:
    """Return the factor by which the terms of a chip scale the need for it, shape (path,)."""
    key = f"terms.{chip}"
    factor = np.ones(draws.paths)
    if terms.reference_price_usd is not None and terms.price_elasticity is not None:
        charges = sum(
            draws.number(f"{key}.charges.{name}", share) for name, share in terms.charges.items()
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
