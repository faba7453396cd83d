"""A data set that is answered whole, from first questions to last answers, and what that costs.

Steady load is the middle of such a run. It begins with young answers, which attend to little, and
ends with a few long ones on chips that have nothing else to do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from headworks.throughput.serving import serve
from headworks.throughput.step import Engine, Tokens, step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from headworks.throughput.draws import Draws
    from headworks.throughput.serving import Load, Served

NODES = 8
"""Moments of the end at which steps are timed: with more, no rate moves by a thousandth."""

HALVINGS = 10
"""Steps of the search for the most requests that a run has questions for: to a thousandth of what
memory holds."""


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

    def asked(self, per_s: Draws, extra_s: Draws) -> Draws:
        """Return the questions of a run: whole sets, as many as the shortest time asks for.

        On average that is half a set more than the time takes, and one set at least.

        Args:
            per_s: Questions answered per second in the middle of the run.
            extra_s: Seconds that its two ends take beyond those that their questions take there.
        """
        lasting = per_s * (self.seconds_min - extra_s) + self.questions / 2.0
        asked: Draws = np.maximum(self.questions, lasting)
        return asked


def steady_share(engine: Engine, load: Load, served: Served, data_set: DataSet) -> Draws:
    """Return the rate over a whole run as a share of the rate in its middle, shape `(draw,)`."""
    extra = _extra_s(engine, load, served)
    middle = data_set.asked(served.requests_per_s, extra) / served.requests_per_s
    return middle / (middle + extra)


def at_most_asked(engine: Engine, load: Load, data_set: DataSet) -> Load:
    """Return the load with no more requests in flight than its run has questions.

    How many a run has hangs on how many are in flight, so that the most is searched for, from a
    whole set up. It is decided at the middle of every constant, as is what fits into memory.

    Raises:
        ValueError: Not one request fits into memory.
    """
    side_by_side = np.ndim(load.requests) > 0  # layouts, of which each has its own number

    def asked(requests: Draws | float) -> NDArray[np.bool_]:
        tried = replace(load, requests=requests)
        served = serve(engine, tried)
        found = data_set.asked(served.requests_per_s, _extra_s(engine, tried, served))
        return np.asarray(served.running <= (found if side_by_side else found[0]))

    all_asked = asked(load.requests)
    if np.all(all_asked):
        return load
    enough, above = np.minimum(load.requests, data_set.questions), load.requests
    for _ in range(HALVINGS):
        half = (enough + above) / 2.0
        holds = asked(half)
        enough, above = np.where(holds, half, enough), np.where(holds, above, half)
    most = np.where(all_asked, load.requests, enough)
    return replace(load, requests=most if side_by_side else float(most))


def _extra_s(engine: Engine, load: Load, served: Served) -> Draws:
    """Return the seconds that the ends of a run take beyond what their answers take in its middle.

    An answer is taken to be as likely to end at each token, up to the longest. Of C that are under
    way when the last question is taken up, C S(u) then still are after u times the tokens that each
    has left on average; until the last has ended, steps are as quick as so few allow. At the
    beginning all answers are young, and age at the same pace.

    Answers that are all alike end evenly, within the time of one. A turn that begins young ends
    old, so that they gain nothing at the beginning.
    """
    left = load.met_tokens / 2.0
    running = np.maximum(served.running, 1.0)
    factor = engine.machine.constants["longest_answer_factor"] if load.spread else 1.0
    longest = factor * load.output_tokens / left
    full = served.decode.total
    young = _step_s(engine, running, load.input_tokens) if load.spread else full
    lost = _end(engine, load, running, longest) - _written(longest, load.spread) * full
    extra: Draws = left * (lost - (full - young))
    return extra


def _end(engine: Engine, load: Load, running: Draws | float, longest: Draws | float) -> Draws:
    """Return the seconds of the end, for each token that an answer has left on average."""
    left = load.met_tokens / 2.0
    seconds: Draws = engine.machine.zero
    for place, weight in zip(*_nodes(), strict=True):
        after = longest * place
        share = _under_way(after, longest, load.spread)
        busy = -np.expm1(running * np.log1p(-share))
        alive = running * share / busy
        # Answers that end by chance leave others that age; of alike ones the oldest end first.
        aged = after if load.spread else after / 2.0
        context = load.input_tokens + left * (1.0 + aged)
        seconds = seconds + weight * longest * busy * _step_s(engine, alive, context)
    return seconds


def _step_s(engine: Engine, running: Draws | float, context: Draws | float) -> Draws:
    """Return the seconds of a step of so many answers at a context, shape `(draw,)`."""
    each = np.maximum(running / engine.layout.pp, 1.0)
    return step(engine, Tokens(decoded=each, context=context)).total


def _under_way(after: Draws | float, longest: Draws | float, spread: float) -> Draws | float:
    """Return the share S of answers that are still under way: 1 at the start, 0 at the longest."""
    if not spread:
        return 1.0 - after / longest
    share: Draws = (np.exp(-after) - np.exp(-longest)) / -np.expm1(-longest)
    return share


def _written(longest: Draws | float, spread: float) -> Draws | float:
    """Return what is written in the end, in the mean tokens left of all: the sum of S."""
    if not spread:
        return longest / 2.0
    whole: Draws = 1.0 - longest / np.expm1(longest)
    return whole


@cache
def _nodes() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return places and weights of Gauss and Legendre on the line from 0 to 1."""
    places, weights = np.polynomial.legendre.leggauss(NODES)
    return tuple((1.0 + places) / 2.0), tuple(weights / 2.0)
