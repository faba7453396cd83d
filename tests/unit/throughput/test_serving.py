"""Serving: Little's law, the limits of batching, and an independent simulation of the engine."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from headworks.throughput import model
from headworks.throughput.layout import Layout
from headworks.throughput.memory import requests_max
from headworks.throughput.serving import Load, serve
from headworks.throughput.step import Engine, Tokens, step
from tests.tiers import slow
from tests.unit.throughput.ideal import Book, a_chip, computing, engine, reading

if TYPE_CHECKING:
    from headworks.throughput.model_card import ModelCard

GROUPED, EXPERTS = model("llama-3.1-70b"), model("mixtral-8x7b")
ROOMY = {"memory_gb": 1e5}


@pytest.mark.parametrize("requests", [1, 16, 300, 5000])
@pytest.mark.parametrize("constants", [{}, {"admission_count": 5.0, "host_ms": 20.0}])
def test_requests_in_flight_are_throughput_times_their_stay(
    requests: float, constants: dict[str, float]
) -> None:
    """Little's law on the closed circle: the first token, and a step for each further one."""
    one = engine(GROUPED, a_chip(memory_gb=80.0), Layout(tp=4), constants=Book(**constants))
    served = serve(one, Load(1000, 200, requests))
    stay = served.ttft_s + 199 * served.tpot_s
    assert served.requests_per_s * stay == pytest.approx(requests)


def test_one_request_reads_the_weights_for_each_token() -> None:
    """141.1 GB less the embedding, at 4 TB/s: 34.7 ms; the context adds 0.33 MB a token."""
    served = serve(engine(GROUPED, reading(**ROOMY)), Load(1000, 100_000, 1))
    cache = 327_680 * (1000 + 50_000)
    assert served.decode.total[0] == pytest.approx((2 * 69.502e9 + cache) / 4e12, rel=0.002)
    assert served.decode.bound_by() == "bandwidth"


def test_a_prompt_takes_its_operations() -> None:
    """2 x 68.45e9 a token, attention 4 x 80 x 8192 x half of the prompt."""
    served = serve(engine(GROUPED, computing(**ROOMY)), Load(4096, 1, 1))
    operations = 4096 * (2 * 68.451e9 + 4 * 80 * 8192 * 2048) + 2 * 8192 * 128_256
    assert served.prompt.total[0] == pytest.approx(operations / 1000e12, rel=1e-4)


def test_where_only_arithmetic_counts_throughput_is_that_of_the_operations() -> None:
    """All requests together keep the chip at its peak, whatever their number."""
    load = Load(2000, 500, 256)
    served = serve(engine(GROUPED, computing(**ROOMY)), load)
    read = 2000 * (2 * 68.451e9 + 4 * 80 * 8192 * 1000) + 2 * 8192 * 128_256
    written = 500 * (2 * 69.502e9 + 4 * 80 * 8192 * (2000 + 250))
    assert served.requests_per_s[0] == pytest.approx(1000e12 / (read + written), rel=0.01)


def test_more_requests_than_fit_wait_for_their_turn() -> None:
    one = engine(GROUPED, a_chip(memory_gb=80.0), Layout(tp=4))
    room = requests_max(one, 1000 + 100)
    fits, waits, more = (serve(one, Load(1000, 200, room * n)) for n in (1.0, 2.0, 3.0))
    assert fits.running == pytest.approx(room)
    assert waits.running == more.running == pytest.approx(room)
    assert waits.requests_per_s[0] == pytest.approx(fits.requests_per_s[0])
    assert waits.tpot_s[0] == pytest.approx(fits.tpot_s[0])
    assert fits.ttft_s[0] < waits.ttft_s[0] < more.ttft_s[0]
    # Each further roomful of requests waits for one more turn of those that run.
    assert more.ttft_s[0] - waits.ttft_s[0] == pytest.approx(waits.turn_s[0])


def test_a_model_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Llama 3.1 70B does not fit on 1 chips"):
        serve(engine(GROUPED, a_chip(memory_gb=80.0)), Load(1000, 200, 1))


def test_fixed_waits_lengthen_the_first_token_and_nothing_else() -> None:
    free, waits = (
        serve(engine(GROUPED, a_chip(**ROOMY), constants=book), Load(1000, 200, 8))
        for book in (Book(), Book(host_ms=30.0))
    )
    assert waits.ttft_s[0] - free.ttft_s[0] == pytest.approx(0.030)
    assert waits.tpot_s[0] == free.tpot_s[0]


def test_stages_multiply_throughput_and_leave_a_requests_time() -> None:
    """Four stages with four times the requests: each step takes as long, four are under way."""
    one, four = (
        serve(engine(GROUPED, a_chip(**ROOMY), Layout(pp=pp)), Load(1000, 200, 16 * pp))
        for pp in (1, 4)
    )
    assert four.tpot_s[0] == pytest.approx(one.tpot_s[0], rel=0.01)
    assert four.requests_per_s[0] == pytest.approx(4 * one.requests_per_s[0], rel=0.01)


def test_every_draw_is_served_by_itself() -> None:
    shares = np.array([1.0, 0.5])
    both = serve(
        engine(GROUPED, a_chip(**ROOMY), constants=Book(2, weight_stream_share=shares), count=2),
        Load(1000, 200, 8),
    )
    for draw, share in enumerate(shares):
        alone = serve(
            engine(GROUPED, a_chip(**ROOMY), constants=Book(weight_stream_share=share)),
            Load(1000, 200, 8),
        )
        assert both.tpot_s[draw] == pytest.approx(alone.tpot_s[0])
        assert both.ttft_s[draw] == pytest.approx(alone.ttft_s[0])


StepTime = Callable[[int, float, int], float]
"""Seconds of a step by requests that write a token, their mean context, and prompts read."""


@dataclass
class Request:
    """One request of the simulation."""

    sent: float
    written: int = 0
    length: int = 0
    """Tokens that it asks for."""
    times: list[float] = field(default_factory=list)
    """When each token came out."""


@dataclass
class Simulated:
    """What users of the simulated engine saw."""

    tpot_s: float
    ttft_s: float
    requests_per_s: float
    in_flight: float


def simulate(
    time_of: StepTime,
    *,
    read: int,
    written: int,
    requests: int,
    places: int,
    turns: int = 8,
    even: bool = True,
) -> Simulated:
    """Return what users see of an engine that batches continuously, request by request.

    Before every step, free places go to those who wait longest. In the step, whoever is new has
    its prompt read and gets its first token; all others get one more. Who has all its tokens is
    replaced by a new request at once. At the start all are somewhere in their work by chance.
    Where answers are not `even`, each is as likely to end at every token, so that their lengths
    spread by about their mean.
    """
    dice = random.Random(1)  # noqa: S311 - chance of a simulation

    def request(sent: float, begun: int = 0) -> Request:
        length = written if even else 2 + int(dice.expovariate(1 / (written - 1.5)))
        return Request(sent, begun if even else 0, length)

    running = [request(0.0, dice.randrange(1, written)) for _ in range(min(places, requests))]
    waiting = [request(0.0) for _ in range(requests - len(running))]
    done: list[Request] = []
    clock = 0.0
    while len(done) < turns * requests:
        while waiting and len(running) < places:
            running.append(waiting.pop(0))
        old = [one for one in running if one.written]
        context = sum(read + one.written for one in old) / len(old) if old else 0.0
        clock += time_of(len(old), context, len(running) - len(old))
        for one in running:
            one.written += 1
            one.times.append(clock)
        ended = [one for one in running if one.written >= one.length]
        running = [one for one in running if one.written < one.length]
        waiting += [request(clock) for _ in ended]
        done += ended
    settled = [one for one in done if len(one.times) == one.length and one.sent > clock / 4]
    begin, end = min(one.sent for one in settled), clock
    later = [one for one in done if one.times[-1] > begin]
    gaps = [(one.times[-1] - one.times[0]) / (one.length - 1) for one in settled]
    stays = [one.times[-1] - one.sent for one in settled]
    rate = len(later) / (end - begin)
    return Simulated(
        float(np.mean(gaps)),
        float(np.mean([one.times[0] - one.sent for one in settled])),
        rate,
        rate * float(np.mean(stays)),
    )


def steps_of(one: Engine, read: int) -> StepTime:
    """Return the times of an engine's steps, as the formulas take them."""

    def time_of(old: int, context: float, new: int) -> float:
        return float(step(one, Tokens(old, context, new * read, read)).total[0])

    return time_of


@pytest.mark.parametrize(
    ("card", "read", "written", "requests"),
    [
        (GROUPED, 1000, 200, 16),
        slow(GROUPED, 1000, 200, 64),
        slow(GROUPED, 4000, 100, 32),
        slow(GROUPED, 100, 400, 128),
        (EXPERTS, 1000, 200, 32),
        slow(EXPERTS, 500, 300, 128),
        (GROUPED, 1000, 16, 64),  # more than one prompt in each step
        slow(EXPERTS, 1000, 16, 256),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_a_simulation_of_the_engine_agrees(
    card: ModelCard, read: int, written: int, requests: int
) -> None:
    """With fixed lengths and phases by chance, what users see is within a few hundredths."""
    one = engine(card, a_chip(**ROOMY), constants=Book(step_us=500.0, layer_us=20.0))
    served = serve(one, Load(read, written, requests))
    seen = simulate(
        steps_of(one, read), read=read, written=written, requests=requests, places=requests
    )
    assert seen.in_flight == pytest.approx(requests, rel=0.02)
    assert served.tpot_s[0] == pytest.approx(seen.tpot_s, rel=0.03)
    assert served.requests_per_s[0] == pytest.approx(seen.requests_per_s, rel=0.03)


@pytest.mark.parametrize("crowd", [1.5, slow(3.0)])
def test_a_simulation_with_too_few_places_agrees(crowd: float) -> None:
    read, written = 1000, 200
    card, chip = GROUPED, a_chip(memory_gb=80.0)
    one = engine(card, chip, Layout(tp=4), constants=Book(step_us=500.0))
    places = int(requests_max(one, read + written / 2))
    requests = int(places * crowd)
    served = serve(one, Load(read, written, requests))
    seen = simulate(
        steps_of(one, read), read=read, written=written, requests=requests, places=places, turns=6
    )
    assert served.tpot_s[0] == pytest.approx(seen.tpot_s, rel=0.03)
    assert served.requests_per_s[0] == pytest.approx(seen.requests_per_s, rel=0.06)
    assert served.ttft_s[0] == pytest.approx(seen.ttft_s, rel=0.12)


def test_long_answers_are_met_more_often_than_they_are_asked_for() -> None:
    """Of lengths 100 and 300, asked for alike, 3 of 4 tokens are of the longer: 250 on average."""
    lengths = np.array([100.0, 300.0])
    spread = float(lengths.std() / lengths.mean())
    assert Load(1000, 200, 8, spread).met_tokens == pytest.approx(0.25 * 100 + 0.75 * 300)
    assert Load(1000, 200, 8).met_tokens == 200


def test_a_simulation_of_answers_that_differ_agrees() -> None:
    """Where a third of a step is reading the cache, alike answers would be a fifth quicker."""
    read, written, requests = 50, 400, 200
    one = engine(model("llama-3.1-8b"), reading(**ROOMY))
    seen = simulate(
        steps_of(one, read),
        read=read, written=written, requests=requests, places=requests, turns=6, even=False,
    )  # fmt: skip
    differ, alike = (serve(one, Load(read, written, requests, spread)) for spread in (1.0, 0.0))
    assert differ.requests_per_s[0] == pytest.approx(seen.requests_per_s, rel=0.04)
    assert alike.requests_per_s[0] > 1.1 * seen.requests_per_s


def test_fewer_answers_that_differ_fit_at_once() -> None:
    """Room is held for what a request writes that is met at work: twice the mean."""
    one = engine(GROUPED, a_chip(memory_gb=80.0), Layout(tp=4))
    alike, differ = (serve(one, Load(0.001, 2000, 1e6, spread)) for spread in (0.0, 1.0))
    assert differ.running == pytest.approx(alike.running / 2)


def test_a_request_of_one_token_takes_its_prompt() -> None:
    """All requests are read in each step, and the next ones wait for it."""
    one = engine(GROUPED, computing(**ROOMY))
    served = serve(one, Load(2000, 1, 32))
    assert served.requests_per_s[0] == pytest.approx(1 / served.prompt.total[0], rel=0.05)
    assert served.requests_per_s[0] * served.ttft_s[0] == pytest.approx(32)
