"""Data sets that are answered whole: solved by hand, and an independent simulation of a run."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from headworks.throughput import model
from headworks.throughput.data_set import DataSet, at_most_asked, steady_share
from headworks.throughput.layout import Layout
from headworks.throughput.serving import Load, serve
from headworks.throughput.step import Engine, Tokens, step
from tests.unit.throughput.ideal import INSTANT, Book, engine, reading

GROUPED = model("llama-3.1-8b")
ROOMY = {"memory_gb": 1e5}


def share_of(one: Engine, load: Load, questions: float, seconds_min: float = 0.0) -> float:
    served = serve(one, load)
    return float(steady_share(one, load, served, DataSet(questions, seconds_min))[0])


def fixed_steps(longest: float = 10.0) -> Engine:
    """Return an engine of which each step takes a millisecond, whatever it does."""
    chip = reading(memory_bandwidth_gb_per_s=INSTANT, **ROOMY)
    return engine(GROUPED, chip, constants=Book(step_us=1000.0, longest_answer_factor=longest))


@pytest.mark.parametrize("requests", [1, 2, 16, 100])
def test_the_last_of_many_ends_after_the_sum_of_a_harmonic_row(requests: int) -> None:
    """Of C answers that are as likely to end at each token the last ends after L (1 + ... + 1/C).

    C such answers that are written at the pace of the middle would take L steps.
    """
    written, questions = 100.0, 1000.0
    load = Load(10, written, requests, spread=1.0)
    steady_s = questions / float(serve(fixed_steps(), load).requests_per_s[0])
    extra_s = 1e-3 * written * (sum(1 / n for n in range(1, requests + 1)) - 1)
    expected = steady_s / (steady_s + extra_s)
    assert share_of(fixed_steps(), load, questions) == pytest.approx(expected, rel=3e-3)


def test_no_end_lasts_longer_than_the_longest_answer() -> None:
    """Where nearly all are under way nearly to the end, it takes as long as the longest."""
    load = Load(10, 100.0, 1e9, spread=1.0)
    for longest in (2.0, 5.0):
        one = fixed_steps(longest)
        steady_s = 1e10 / float(serve(one, load).requests_per_s[0])
        written = 1 - longest / np.expm1(longest)
        expected = steady_s / (steady_s + 0.1 * (longest - written))
        assert share_of(one, load, 1e10) == pytest.approx(expected, rel=1e-3)


def test_the_longer_a_run_the_less_its_ends_count() -> None:
    one, load = fixed_steps(), Load(10, 100, 64, spread=1.0)
    shares = [share_of(one, load, questions) for questions in (100, 1000, 10_000, 1e7)]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0, abs=1e-4)
    # What is asked for a second time, to last long enough, comes to the same.
    longer = [share_of(one, load, 100, seconds) for seconds in (0, 1, 10, 1000)]
    assert longer == sorted(longer)
    assert longer[0] == shares[0]


def test_a_set_is_asked_whole() -> None:
    """A set that lasts a second is asked 10 times and a half, on average, to last 10 seconds."""
    one, load = fixed_steps(), Load(10, 100, 64, spread=1.0)
    per_s = float(serve(one, load).requests_per_s[0])
    assert share_of(one, load, per_s, 10.0) == pytest.approx(
        share_of(one, load, 10.5 * per_s), abs=0.01
    )


def test_copies_answer_a_part_of_the_set_each() -> None:
    assert DataSet(4388, 660).shared(4) == DataSet(1097, 660)
    shared = DataSet(4388, 660).shared(np.array([1.0, 2.0])).questions
    assert list(np.asarray(shared)) == [4388, 2194]


@pytest.mark.parametrize("requests", [2, 100])
def test_answers_that_are_all_alike_end_within_the_time_of_one(requests: int) -> None:
    """Of C that have between nothing and all left to write, half of C L steps are written in L.

    No longest answer is longer than the others, whatever the constant of other answers says.
    """
    written, questions = 100.0, 1000.0
    load = Load(10, written, requests)
    for longest in (2.0, 10.0):
        one = fixed_steps(longest)
        steady_s = questions / float(serve(one, load).requests_per_s[0])
        # The last of C has C / (C + 1) of an answer left: the expected largest of C even parts.
        last_s = 1e-3 * written * requests / (requests + 1)
        expected = steady_s / (steady_s + last_s - 1e-3 * written / 2)
        assert share_of(one, load, questions) == pytest.approx(expected, rel=3e-3)


def test_a_simulation_of_answers_that_are_all_alike_agrees() -> None:
    """From a middle whose answers have written even parts, step by step to the end of the last."""
    read, written, places, questions = 1, 400, 200, 300
    one = engine(GROUPED, reading(**ROOMY), constants=Book(step_us=300.0))
    running = [place * written // places for place in range(places)]
    waiting, clock = questions, 0.0
    while running:
        context = read + sum(running) / len(running)
        clock += float(step(one, Tokens(len(running), context)).total[0])
        running = [done + 1 for done in running if done + 1 < written]
        new = min(waiting, places - len(running))
        running, waiting = running + [0] * new, waiting - new
    load = Load(read, written, places)
    # Those under way at the beginning have half of an answer left, on average.
    middle_s = (questions + places / 2) / float(serve(one, load).requests_per_s[0])
    once_s = questions / float(serve(one, load).requests_per_s[0])
    extra_s = once_s * (1 / share_of(one, load, questions) - 1)
    assert middle_s + extra_s == pytest.approx(clock, rel=0.01)
    assert extra_s > 0.05 * clock


@pytest.mark.parametrize(("requests", "questions"), [(8, 100.0), (500, 100.0), (500, 450.0)])
def test_no_more_are_under_way_than_are_asked(requests: int, questions: float) -> None:
    """A set that is asked once: a run of one question more would last as long as it must."""
    one, load = fixed_steps(), Load(10, 100.0, requests, spread=1.0)
    found = at_most_asked(one, load, DataSet(questions, 0.0))
    assert found.requests == min(requests, questions)
    long = at_most_asked(one, load, DataSet(questions, 1e6))
    assert long.requests == requests


def test_where_a_run_hangs_on_how_many_are_under_way_the_most_is_taken() -> None:
    """More at once end later, so that the shortest time asks for fewer: 5,000 would be too many."""
    one, load, whole = fixed_steps(), Load(10, 100.0, 5000, spread=1.0), DataSet(100.0, 0.8)

    def asked(requests: float) -> float:
        at = replace(load, requests=requests)
        per_s = serve(one, at).requests_per_s
        steady_s = whole.questions / per_s
        # The share of a set that is asked once tells what its ends take.
        extra_s = steady_s * (1 / share_of(one, at, 100.0) - 1)
        return float(whole.asked(per_s, extra_s)[0])

    found = float(at_most_asked(one, load, whole).requests)
    assert 100 < found < 5000
    assert found <= asked(found)
    assert found + 10 > asked(found + 10)
    assert asked(5000) < 5000


def test_layouts_side_by_side_have_their_own_number() -> None:
    one, load = fixed_steps(), Load(10, 100.0, np.array([500.0, 50.0]), spread=1.0)
    found = at_most_asked(one, load, DataSet(np.array([100.0, 400.0]), 0.0))
    assert list(np.asarray(found.requests)) == [100.0, 50.0]


def test_every_draw_has_its_own_longest_answer() -> None:
    lengths = np.array([3.0, 5.0, 7.0])
    chip = reading(**ROOMY)
    load = Load(10, 100, 64, spread=1.0)
    many = engine(
        GROUPED, chip, Layout(tp=2), constants=Book(3, longest_answer_factor=lengths), count=3
    )
    found = steady_share(many, load, serve(many, load), DataSet(500, 0))
    for draw, longest in enumerate(lengths):
        one = engine(GROUPED, chip, Layout(tp=2), constants=Book(longest_answer_factor=longest))
        assert found[draw] == pytest.approx(share_of(one, load, 500))


def simulated_s(
    one: Engine, *, read: int, written: float, places: int, questions: int, longest: float
) -> float:
    """Return the seconds of a run that answers all questions, request by request."""
    dice = random.Random(1)  # noqa: S311 - chance of a simulation
    most = int(longest * written)
    lengths = [min(1 + int(dice.expovariate(1 / written)), most) for _ in range(questions)]
    running: list[list[int]] = []
    clock = 0.0
    while lengths or running:
        old = len(running)
        context = sum(read + done for done, _ in running) / old if old else 0.0
        while lengths and len(running) < places:
            running.append([0, lengths.pop()])
        new = len(running) - old
        clock += float(step(one, Tokens(old, context, new * read, read)).total[0])
        running = [[done + 1, length] for done, length in running if done + 1 < length]
    return clock


@pytest.mark.parametrize(("questions", "fixed_us"), [(600, 0.0), (1500, 300.0)])
def test_a_simulation_of_a_run_agrees(questions: int, fixed_us: float) -> None:
    """A sixth of the rate and more is lost, and the rest is within a few hundredths."""
    read, written, places, longest = 50, 200.0, 200, 5.0
    book = Book(longest_answer_factor=longest, step_us=fixed_us)
    one = engine(GROUPED, reading(**ROOMY), constants=book)
    load = Load(read, written, places, spread=1.0)
    seen = questions / simulated_s(
        one, read=read, written=written, places=places, questions=questions, longest=longest
    )
    steady = float(serve(one, load).requests_per_s[0])
    found = steady * share_of(one, load, questions)
    assert found == pytest.approx(seen, rel=0.04)
    assert steady > 1.15 * seen


def test_young_answers_are_written_faster() -> None:
    """Where only the cache is read, a run without an end to speak of is faster than its middle."""
    one = engine(GROUPED, reading(**ROOMY), constants=Book(longest_answer_factor=0.1))
    load = Load(10, 1000, 1000, spread=1.0)
    assert share_of(one, load, 2000) > 1.0
