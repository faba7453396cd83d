"""A data set that is answered whole, from first questions to last answers, and what that costs.

Steady load is the middle of such a run. It begins with young answers, which attend to little, and
ends with a few long ones on chips that have nothing else to do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput.step import Engine, Tokens, step

if TYPE_CHECKING:
    from headworks.throughput.draws import Draws
    from headworks.throughput.serving import Load, Served

NODES = 8
"""Moments of the end at which steps are timed: with more, no rate moves by a thousandth."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """Questions that a run asks at once, all of them as often as it takes to run long enough."""

    questions: Draws | float
    """Questions of the set; of one copy of the model, its part of them."""
    seconds_min: float
    """Seconds that a run takes at least."""

    def shared(self, copies: Draws | float) -> DataSet:
        """Return the part of the set that one of several copies answers."""
        return replace(self, questions=self.questions / copies)


def steady_share(engine: Engine, load: Load, served: Served, data_set: DataSet) -> Draws:
    """Return the rate over a whole run as a share of the rate in its middle, shape `(draw,)`.

    An answer is taken to be as likely to end at each token, up to the longest. Of C that are under
    way when the last question is taken up, C S(u) then still are after u times the tokens that each
    has left on average; until the last has ended, steps are as quick as so few allow. At the
    beginning all answers are young, and age at the same pace.

    A run is as many whole sets as the shortest time asks for: on average half a set more than that
    takes, and one set at least.
    """
    left = load.met_tokens / 2.0
    running = np.maximum(served.running, 1.0)
    longest = engine.machine.constants["longest_answer_factor"] * load.output_tokens / left
    full = served.decode.total
    lost = _end(engine, load, running, longest) - _written(longest) * full
    young = _step_s(engine, running, load.input_tokens)
    extra = left * (lost - (full - young))
    once = data_set.questions / served.requests_per_s
    run = np.maximum(once + extra, data_set.seconds_min + once / 2.0)
    return 1.0 - extra / run


def _end(engine: Engine, load: Load, running: Draws | float, longest: Draws) -> Draws:
    """Return the seconds of the end, for each token that an answer has left on average."""
    left = load.met_tokens / 2.0
    seconds: Draws = engine.machine.zero
    for place, weight in zip(*_nodes(), strict=True):
        after = longest * place
        share = _under_way(after, longest)
        busy = -np.expm1(running * np.log1p(-share))
        alive = running * share / busy
        context = load.input_tokens + left * (1.0 + after)
        seconds = seconds + weight * longest * busy * _step_s(engine, alive, context)
    return seconds


def _step_s(engine: Engine, running: Draws | float, context: Draws | float) -> Draws:
    """Return the seconds of a step of so many answers at a context, shape `(draw,)`."""
    each = np.maximum(running / engine.layout.pp, 1.0)
    return step(engine, Tokens(decoded=each, context=context)).total


def _under_way(after: Draws, longest: Draws) -> Draws:
    """Return the share S of answers that are still under way: 1 at the start, 0 at the longest."""
    share: Draws = (np.exp(-after) - np.exp(-longest)) / -np.expm1(-longest)
    return share


def _written(longest: Draws) -> Draws:
    """Return what is written in the end, in the mean tokens left of all: the sum of S."""
    whole: Draws = 1.0 - longest / np.expm1(longest)
    return whole


@cache
def _nodes() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return places and weights of Gauss and Legendre on the line from 0 to 1."""
    places, weights = np.polynomial.legendre.leggauss(NODES)
    return tuple((1.0 + places) / 2.0), tuple(weights / 2.0)
