"""The fixed model lot by lot in SimPy, as one would write it for a single history.

The companies' orders are cut into lots, as many in all as asked for, each company's number in
proportion to its volume. Each lot is a process: it is ordered when half of it would have been
ordered, asks for its two papers, takes its units from the stock, and queues at the laboratory, at
customs and for installation. Gates serve first come, first served, once a week as the week ends. A
lot passes whole; what a gate has done for a part of a lot is kept for the next week.

A lot is never installed in part: each of the four queues that count units (rounds, stock,
laboratory, installation) holds on average half a lot that the fluid model would have let through.
By the horizon that may leave up to two lots fewer installed: of 160 lots, 1.6 % of the mean.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Generator
from typing import Any, TypeAlias

import numpy as np
import simpy
from numpy.typing import NDArray

from bench import fixed_model as model

Floats: TypeAlias = NDArray[np.float64]
Process: TypeAlias = Generator[Any, Any, None]

LOTS = 160
WEEK = 7.0
SERVED_AFTER = 0.001
"""Days between two gates on a week's last day, so that a lot can pass several in one week."""


def installed(paths: int, seed: int = 1, lots: int = LOTS) -> Floats:
    """Return the installed units of each path at the end, shape (path,)."""
    return np.array([History(np.random.default_rng([seed, n]), lots).done for n in range(paths)])


def lots_by_company(lots: int) -> list[int]:
    """Return how many lots each company has, by largest remainders and at least one."""
    whole = sum(model.ORDERS_PER_WEEK)
    exact = [lots * volume / whole for volume in model.ORDERS_PER_WEEK]
    found = [max(1, math.floor(number)) for number in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: found[n] - exact[n])
    for n in by_remainder[: lots - sum(found)]:
        found[n] += 1
    return found


class Desk:
    """A queue that is served with so many units at a time, in the order in which lots came."""

    def __init__(self, env: simpy.Environment) -> None:
        self._env = env
        self._queue: deque[tuple[float, simpy.Event]] = deque()
        self._served = 0.0  # units of the first lot

    def ask(self, units: float) -> simpy.Event:
        """Queue a lot; the event comes when all its units have been served."""
        event = self._env.event()
        self._queue.append((units, event))
        return event

    def serve(self, units: float) -> None:
        """Serve some units; what nobody asks for perishes."""
        while self._queue and units > 0:
            asked, event = self._queue[0]
            part = min(asked - self._served, units)
            self._served += part
            units -= part
            if self._served >= asked:
                self._queue.popleft()
                self._served = 0.0
                event.succeed()


class Office:
    """A gate that opens and shuts: it lets through what came before it last was open."""

    def __init__(
        self, env: simpy.Environment, rng: np.random.Generator, mean_open: float, mean_shut: float
    ) -> None:
        self._env, self._rng = env, rng
        self._queue: list[tuple[float, simpy.Event]] = []
        self._open = bool(rng.random() < model.OPEN_AT_START)
        self._last_open = -1.0
        env.process(self._sojourns(mean_open, mean_shut))

    def _sojourns(self, mean_open: float, mean_shut: float) -> Process:
        while True:
            yield self._env.timeout(self._rng.exponential(mean_open if self._open else mean_shut))
            if self._open:
                self._last_open = self._env.now
            self._open = not self._open

    def ask(self, came: float) -> simpy.Event:
        """Queue a lot that came at some moment; the event comes when it is let through."""
        event = self._env.event()
        self._queue.append((came, event))
        return event

    def serve(self) -> None:
        """Let all through that came by the last open moment."""
        last_open = self._env.now if self._open else self._last_open
        for came, event in self._queue:
            if came <= last_open:
                event.succeed()
        self._queue = [item for item in self._queue if item[0] > last_open]

    def leave(self, event: simpy.Event) -> None:
        """Take a lot out of the queue."""
        self._queue = [item for item in self._queue if item[1] is not event]


class History:
    """One random history, run to the end of the horizon."""

    def __init__(self, rng: np.random.Generator, lots: int) -> None:
        self._rng = rng
        self.env = env = simpy.Environment()
        self.done = 0.0
        self.licence = Office(env, rng, model.LICENCE_OPEN_DAYS, model.LICENCE_SHUT_DAYS)
        self.customs = Office(env, rng, model.CUSTOMS_OPEN_DAYS, model.CUSTOMS_SHUT_DAYS)
        self.approval, self.laboratory, self.installation = Desk(env), Desk(env), Desk(env)
        self.stock = simpy.Container(env, init=model.STOCK_INITIAL)
        horizon = WEEK * model.WEEKS
        for per_week, count in zip(model.ORDERS_PER_WEEK, lots_by_company(lots), strict=True):
            units = per_week * model.WEEKS / count
            for number in range(count):
                env.process(self._lot(units, horizon * (number + 0.5) / count))
        env.process(self._weeks())
        env.run(until=horizon + 1.0)

    def _lot(self, units: float, ordered: float) -> Process:
        env = self.env
        yield env.timeout(ordered)
        approved = self.approval.ask(units)
        yield self.licence.ask(env.now)
        yield env.timeout(model.LICENCE_LEAD_DAYS)
        yield approved
        yield self.stock.get(units)
        yield self.laboratory.ask(units)
        yield env.timeout(model.LAB_LEAD_DAYS)
        # Both papers are there, so export holds nothing up. It comes at some moment of the week.
        cleared = self.customs.ask(env.now - WEEK * self._rng.random())
        yield cleared | env.timeout(self._rng.exponential(model.CUSTOMS_PATIENCE_DAYS))
        if not cleared.triggered:
            self.customs.leave(cleared)
            return
        yield self.installation.ask(units)
        yield env.timeout(model.INSTALLATION_LEAD_DAYS)
        self.done += units

    def _weeks(self) -> Process:
        """Serve the gates in order as each week ends."""
        sigma = math.sqrt(math.log1p(model.STOCK_NOISE**2))
        low, high = model.ROUND_SIZE
        margin = (high - low) / 18  # beyond the 5th and the 95th percentile
        for week in range(model.WEEKS):
            yield self.env.timeout(WEEK * (week + 1) - self.env.now)
            noise = math.exp(sigma * self._rng.standard_normal() - sigma**2 / 2)
            self.stock.put(model.STOCK_PER_WEEK * noise)
            self.licence.serve()
            if week % model.ROUND_EVERY_WEEKS == 0:
                self.approval.serve(self._rng.uniform(low - margin, high + margin))
            yield self.env.timeout(SERVED_AFTER)
            self.laboratory.serve(model.LAB_PER_WEEK)
            yield self.env.timeout(SERVED_AFTER)
            self.customs.serve()
            yield self.env.timeout(SERVED_AFTER)
            self.installation.serve(model.INSTALLED_PER_WEEK)
