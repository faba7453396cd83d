"""One random history, kept period by period: what waits and what has passed at every gate."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.draws import Draws
from headworks.flow.period import step
from headworks.flow.recorder import STOCKS
from headworks.flow.run import CHUNK_PATHS_MIN
from headworks.flow.state import State
from headworks.flow.streams import Streams

if TYPE_CHECKING:
    from headworks.flow.balances import Balance
    from headworks.flow.delay import Delay
    from headworks.flow.network import Network

Floats: TypeAlias = NDArray[np.float64]


@dataclass(slots=True)
class History:
    """Everything that happens on one path; arrays have shape (moment, row).

    A moment is the end of a period; the first is the start.
    """

    net: Network
    draws: Draws
    state: State
    """The state at the end; only its first path is this one."""
    passed: dict[str, Floats] = field(default_factory=dict)
    """Units let through by gate, cumulative."""
    waiting: dict[str, Floats] = field(default_factory=dict)
    """Units waiting at goods gates; unused papers at paper gates."""
    under_way: dict[str, Floats] = field(default_factory=dict)
    """Units that a goods gate has let through and that are not at the next one; at paper gates,
    papers granted and not usable yet."""
    lapsed: dict[str, Floats] = field(default_factory=dict)
    """Papers lapsed by paper gate, cumulative."""
    revoked: dict[str, Floats] = field(default_factory=dict)
    """Papers revoked by paper gate, cumulative."""
    stocks: dict[str, Floats] = field(default_factory=dict)
    """Reported stocks by name, cumulative; rows are all lines."""

    def day(self, moment: int) -> dt.date:
        """Return the first day of the period that ended at a moment."""
        scenario = self.net.scenario
        return scenario.start + dt.timedelta(days=(moment - 1) * scenario.period_days)


def history(net: Network, seed: int, path: int, balances: tuple[Balance, ...] = ()) -> History:
    """Return one path of a scenario, the same as in any forecast with this seed."""
    draws = Draws(net.scenario, Streams(seed, path, CHUNK_PATHS_MIN))
    state = State(net, draws, balances)
    result = History(net, draws, state)
    moments: list[dict[tuple[str, str], Floats]] = [_now(state)]
    for period in range(net.scenario.periods):
        step(state, period)
        moments.append(_now(state))
    for kind, name in moments[0]:
        kept: dict[str, Floats] = getattr(result, kind)
        kept[name] = np.stack([moment[kind, name] for moment in moments])
    return result


def _now(state: State) -> dict[tuple[str, str], Floats]:
    found: dict[tuple[str, str], Floats] = {}
    for name, goods in state.goods.items():
        found["passed", name] = goods.passed[:, 0].copy()
        found["waiting", name] = goods.waiting[:, 0].copy()
        found["under_way", name] = _under_way(goods.under_way, len(goods.rows))
    for name, papers in state.papers.items():
        found["passed", name] = papers.granted[:, 0].copy()
        found["waiting", name] = papers.unused[:, 0].copy()
        found["under_way", name] = _under_way(papers.pending, len(papers.rows))
        found["lapsed", name] = papers.lapsed[:, 0].copy()
        found["revoked", name] = papers.revoked[:, 0].copy()
    for stock in STOCKS:
        found["stocks", stock] = state.stock(stock)[:, 0].copy()
    return found


def _under_way(delay: Delay | None, rows: int) -> Floats:
    return np.zeros(rows) if delay is None else delay.amount[:, 0].copy()
