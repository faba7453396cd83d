"""What companies ask a round for: the flow's own claims at the moment of the round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headworks.flow.draws import Draws
from headworks.flow.network import network
from headworks.flow.period import step
from headworks.flow.run import CHUNK_PATHS_MIN, chunk_paths
from headworks.flow.state import State
from headworks.flow.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headworks.flow.network import Network
    from headworks.planning.problem import Floats
    from headworks.scenario.scenario import Scenario

Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a round is asked for."""

    by_company: Mapping[str, float]
    """Mean over the paths on which the round takes place, in the pool's unit; 0 where there is no
    such path."""
    held: Bools
    """Whether it takes place, shape (path,)."""

    @property
    def takes_place(self) -> float:
        """Share of the paths on which it does."""
        return float(self.held.mean())


def claimed(scenario: Scenario, pool: str, name: str, paths: int, seed: int) -> Claimed:
    """Return what the companies of a scenario ask a round for before its horizon ends.

    A claim is what the flow shares the round among: units yet to pass the gate that draws the
    paper, less papers that are unused or pending, cut to admission, eligibility and ceilings.
    """
    net = network(scenario)
    gates = [gate for gate in net.papers.values() if gate.gate.pool == pool]
    companies = sorted({net.lines[row].company for gate in gates for row in gate.rows.lines})
    total, held = np.zeros(len(companies)), np.zeros(paths, bool)
    width = chunk_paths(len(net.lines))
    for start in range(0, paths, width):
        wanted = min(width, paths - start)
        streams = Streams(seed, start, max(wanted, CHUNK_PATHS_MIN))
        asked, done = _asked(net, streams, pool, name, companies)
        total += asked[:, :wanted].sum(axis=1)
        held[start : start + wanted] = done[:wanted]
    mean = total / max(int(held.sum()), 1)
    return Claimed(dict(zip(companies, map(float, mean), strict=True)), held)


def _asked(
    net: Network, streams: Streams, pool: str, name: str, companies: list[str]
) -> tuple[Floats, Bools]:
    """Return the claims of companies, shape (company, path), and where it took place, (path,)."""
    state = State(net, Draws(net.scenario, streams))
    result = np.zeros((len(companies), streams.paths))
    if pool not in state.rounds:
        return result, np.zeros(streams.paths, bool)
    record = next(one for one in state.rounds[pool].rounds if one.name == name)
    for period in range(net.scenario.periods):
        step(state, period)
    group = next(one for one in state.paper_groups if one.rounds is state.rounds[pool])
    lines = [line for papers in group.papers for line in papers.lines]
    if record.asked is not None:
        for line, units in zip(lines, record.asked, strict=True):
            result[companies.index(line.company)] += units
    return result, record.done.astype(np.bool_)
