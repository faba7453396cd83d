"""Pools on every path: what came in, what is left, what was booked, reserved, returned, lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.schedule import flow_weights, noise
from headworks.scenario.pool import Flow, FlowSharePool, RatePool, RoundsPool, StockPool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headworks.flow.draws import Draws
    from headworks.flow.line import Line
    from headworks.flow.placed import PlacedAwards
    from headworks.scenario.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]


class PoolState:
    """A rate, a stock or a moving cap; arrays have shape (cell, path), in the pool's unit.

    A pool has one cell, but a share of a flow has one per product. At all times
    start + inflow + returned = booked + reserved + left + perished.
    """

    def __init__(
        self, name: str, pool: RatePool | StockPool | FlowSharePool, scenario: Scenario,
        draws: Draws,
    ) -> None:  # fmt: skip
        self.name = name
        self.pool = pool
        self.cells = sorted(pool.products) if isinstance(pool, FlowSharePool) else [""]
        shape = (len(self.cells), draws.paths)
        self.start = np.zeros(shape)
        self.share = np.ones(draws.paths)
        if isinstance(pool, StockPool):
            self.start[0] = draws.number(f"pools.{name}.initial", pool.initial)
        elif isinstance(pool, FlowSharePool):
            self._start_cap(pool, scenario, draws)
        self.left = self.start.copy()
        self.booked, self.reserved, self.perished, self.inflow, self.returned = (
            np.zeros(shape) for _ in range(5)
        )
        self._factor: Floats | None = None
        """What diversions have left of the supply, shape (path,); None for all of it."""
        self._supply = self._supplies(scenario, draws)
        self._followed = np.zeros(shape)

    def _start_cap(self, pool: FlowSharePool, scenario: Scenario, draws: Draws) -> None:
        self.share = draws.number(f"pools.{self.name}.share", pool.share)
        for cell, chip in enumerate(self.cells):
            key = f"pools.{self.name}.products.{chip}.history"
            history = draws.number(key, pool.products[chip].history)
            self.start[cell] = self.share * history * unit_size(scenario, pool.unit, chip)

    def _supplies(self, scenario: Scenario, draws: Draws) -> list[Floats | None]:
        """Return what comes in by period, for each cell an array (period, path) or (period, 1).

        None stands for nothing.
        """
        pool = self.pool
        if not isinstance(pool, FlowSharePool):
            key = f"pools.{self.name}"
            factors = noise(key, pool.weekly_noise, scenario, draws)
            supply = _supply(key, pool.flow, scenario, draws)
            return [supply * factors if supply is not None and factors is not None else supply]
        result: list[Floats | None] = []
        for chip in self.cells:
            key = f"pools.{self.name}.products.{chip}"
            supply = _supply(key, pool.products[chip].flow, scenario, draws)
            scale = self.share * unit_size(scenario, pool.unit, chip)
            result.append(None if supply is None else supply * scale)
        return result

    @property
    def planned(self) -> Floats:
        """What it begins with and what comes in by the end, but for diversions, (cell, path)."""
        result = self.start.copy()
        for cell, supply in enumerate(self._supply):
            if supply is not None:
                result[cell] += supply.sum(axis=0)
        return result

    def fill(self, period: int, open_share: Floats | None) -> None:
        """Take in the supply of a period.

        A rate is worth its open share of the period; what it kept from the last period is gone. A
        stock accrues while its gate is shut. An opening's `while_shut` turns either round.

        Args:
            period: Number of the period.
            open_share: Share of the period that counts, shape (path,) or (1,); None for all.
        """
        for cell, supply in enumerate(self._supply):
            if supply is None:
                continue
            amount = supply[period]
            if self._factor is not None:
                amount = amount * self._factor
            self.inflow[cell] += amount
            if open_share is not None:
                lost = amount * (1.0 - open_share)
                self.perished[cell] += lost
                amount = amount - lost
            self.left[cell] += amount

    def follow(self, cell: int, amount: Floats) -> None:
        """Take in the cap's share of a reference flow that has reached `amount`, shape (path,)."""
        grown = np.maximum(amount * self.share - self._followed[cell], 0.0)
        self._followed[cell] += grown
        self.inflow[cell] += grown
        self.left[cell] += grown

    def spoil(self, share: Floats | None) -> None:
        """Let what is left of a rate perish at the end of a period, or a share of it, (path,)."""
        if share is None:
            self.perished += self.left
            self.left.fill(0.0)
            return
        lost = self.left * share
        self.perished += lost
        self.left -= lost

    def divert(self, share: Floats) -> None:
        """Lose a share of the stock left and of all later supply; shape (path,)."""
        lost = self.left * share
        self.left -= lost
        self.perished += lost
        left = 1.0 - share
        self._factor = left if self._factor is None else self._factor * left

    def book(self, cell: int, amount: Floats, *, reserve: bool = False) -> None:
        """Book (or only reserve) an amount of a cell, shape (path,)."""
        self.left[cell] -= amount
        (self.reserved if reserve else self.booked)[cell] += amount

    def settle(self, cell: int, amount: Floats) -> None:
        """Turn reserved into booked."""
        self.reserved[cell] -= amount
        self.booked[cell] += amount

    def release(self, cell: int, amount: Floats) -> None:
        """Give a reservation up: what was reserved is left again."""
        self.reserved[cell] -= amount
        self.left[cell] += amount

    def give_back(self, cell: int, amount: Floats) -> None:
        """Take back what was booked and has returned."""
        self.returned[cell] += amount
        self.left[cell] += amount


@dataclass(slots=True, eq=False)
class RoundState:
    """One round on every path."""

    name: str
    due: NDArray[np.int64]
    """Period in which it is decided, shape (path,); after the last one where not confirmed."""
    size: Floats
    """Volume, shape (path,), in the pool's unit; 0 where it is not confirmed."""
    earliest: int
    """First period in which it is due on any path."""
    when: NDArray[np.int64]
    """Period in which it took place, shape (path,); -1 while it has not."""
    shares: Mapping[str, float | Floats] | None = None
    """Shares of the companies that are named, the same on all paths or of shape (path,); where
    there are none the gate's rule shares it among all."""
    asked: Floats | None = None
    """What lines asked it for when it took place, shape (row, path), in the pool's unit; rows are
    those of the gates that share it, one gate after the other. None while it has not on any."""

    @property
    def done(self) -> Bools:
        """Whether it has taken place, shape (path,)."""
        return self.when >= 0


class RoundsState:
    """Volumes released in rounds; what is carried goes into the next round."""

    def __init__(self, name: str, pool: RoundsPool, scenario: Scenario, draws: Draws) -> None:
        self.pool = pool
        self.carried = np.zeros(draws.paths)
        self.inflow, self.booked, self.perished = (np.zeros(draws.paths) for _ in range(3))
        self.rounds: list[RoundState] = []
        for round_id in sorted(pool.rounds, key=lambda key: (pool.rounds[key].on, key)):
            record = pool.rounds[round_id]
            key = f"pools.{name}.rounds.{round_id}"
            days = np.full(draws.paths, draws.days(record.on))
            if record.delay_days is not None:
                days += draws.number(f"{key}.delay_days", record.delay_days, day=record.on)
            size = draws.number(f"{key}.size", record.size, day=record.on)
            confirmed = draws.happens(f"{key}.confirmed", record.confirmed, day=record.on)
            due = np.maximum(np.floor(days / scenario.period_days), 0.0).astype(np.int64)
            due = np.where(confirmed, due, scenario.periods)  # what is carried passes it by
            never = np.full(draws.paths, -1)
            self.rounds.append(
                RoundState(
                    round_id, due, np.where(confirmed, size, 0.0), int(due.min()), never,
                    None if record.shares is None else record.shares.shares,
                )
            )  # fmt: skip
        self._open = self.rounds

    def place(self, awards: PlacedAwards) -> None:
        """Share a round out as a plan does."""
        (record,) = [one for one in self.rounds if one.name == awards.round]
        record.shares = awards.shares
        record.size = record.size * awards.volume

    def due(self, period: int) -> list[RoundState]:
        """Return the rounds, in order, that may take place on some path in a period."""
        begun = [record for record in self._open if record.earliest <= period]
        over = [record for record in begun if record.done.all()]
        if over:
            self._open = [record for record in self._open if record not in over]
        return [record for record in begun if record not in over]


def _supply(key: str, flow: Sequence[Flow], scenario: Scenario, draws: Draws) -> Floats | None:
    """Return the amount of a flow in each period, (period, path) or (period, 1); None for none."""
    if not flow:
        return None
    amounts = np.stack(
        [
            draws.number(
                f"{key}.flow.{number}.amount", entry.amount, day=max(entry.from_, draws.start)
            )
            for number, entry in enumerate(flow)
        ]
    )
    if all(entry.amount.is_certain for entry in flow):
        amounts = amounts[:, :1]
    weights = flow_weights(flow, scenario)
    supply = np.zeros((scenario.periods, amounts.shape[1]))
    for number in range(len(flow)):  # not a matrix product: its rounding would depend on the chunk
        supply += weights[number][:, None] * amounts[number]
    return supply


def unit_size(scenario: Scenario, unit: str, chip: str) -> float:
    """Return what one unit of a chip takes from a pool, in the pool's unit."""
    record = scenario.chips[chip]
    if unit == "tpp":
        return float(record.tpp or 0.0)
    if unit == "mw":
        if record.tdp_w is None or scenario.power_overhead is None:
            message = f"chip {chip!r} has no power figure"
            raise ValueError(message)
        return record.tdp_w.median * scenario.power_overhead.median / 1e6
    return 1.0


def unit_sizes(scenario: Scenario, unit: str, lines: Sequence[Line]) -> Floats:
    """Return what one unit of each line takes from a pool, shape (line, 1)."""
    return np.array([unit_size(scenario, unit, line.chip) for line in lines])[:, None]
