"""Tasks that this process shares with others."""

from __future__ import annotations

import os
import pickle
import signal
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from headworks.errors import InputError
from headworks.flow.executor import JoblibExecutor
from headworks.flow.memory import room
from headworks.flow.network import network
from headworks.flow.parts import Filling, split
from headworks.flow.processes import shared_out
from headworks.flow.recorder import page, pairs
from headworks.flow.run import Task, run
from tests.unit.flow.build import day
from tests.unit.flow.worlds import lively

if TYPE_CHECKING:
    from pathlib import Path

LONG_S = 0.2
"""Seconds of a task that is long enough for others to take some beside it."""


PATIENCE_S = 60.0
"""Seconds after which nobody else will come."""


def met(where: Path) -> int:
    """Wait until two processes are at this place, and return which one this is."""
    (where / str(os.getpid())).touch()
    until = time.monotonic() + PATIENCE_S
    while len(list(where.iterdir())) < 2:
        assert time.monotonic() < until, "nobody else came"
        time.sleep(LONG_S / 20)
    return os.getpid()


@pytest.mark.parametrize("others", [1, 2])
@pytest.mark.parametrize("count", [1, 2, 9])
def test_results_come_in_the_order_of_the_tasks(count: int, others: int) -> None:
    found = list(shared_out(abs, [-number for number in range(count)], others))
    assert found == list(range(count))


def test_this_process_works_while_another_does(tmp_path: Path) -> None:
    here, there = shared_out(met, [tmp_path, tmp_path], 1)
    assert here == os.getpid()
    assert there != here


def test_one_task_starts_no_process() -> None:
    (found,) = JoblibExecutor(2).map(lambda _: os.getpid(), [0])
    assert found == os.getpid()


def only_here(process: int) -> int:
    if os.getpid() != process:
        raise ValueError("elsewhere")
    time.sleep(LONG_S)
    return process


def never_here(process: int) -> int:
    if os.getpid() == process:
        raise ValueError("here")
    return process


@pytest.mark.parametrize(
    ("function", "message"), [(only_here, "elsewhere"), (never_here, "^here$")]
)
def test_what_a_task_raises_is_raised_wherever_it_ran(function: object, message: str) -> None:
    assert callable(function)
    with pytest.raises(ValueError, match=message):
        list(shared_out(function, [os.getpid()] * 6, 1))


def leave_a_mark(where: Path) -> None:
    time.sleep(LONG_S)
    where.touch()


def test_tasks_that_nobody_asks_for_any_more_are_not_begun(tmp_path: Path) -> None:
    marks = [tmp_path / str(number) for number in range(20)]
    results = shared_out(leave_a_mark, marks, 1)
    next(results)
    results.close()  # type: ignore[attr-defined] # it is a generator
    time.sleep(3 * LONG_S)
    begun = [mark for mark in marks if mark.exists()]
    assert marks[0] in begun
    assert len(begun) < len(marks) / 2


def ended(process: int) -> int:
    """End the process that this is called in, unless it is the one given."""
    if os.getpid() != process:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(LONG_S)
    return process


def test_a_process_that_is_killed_is_told_and_the_next_run_has_another() -> None:
    with pytest.raises(InputError, match="ended from outside") as told:
        list(shared_out(ended, [os.getpid()] * 9, 1))
    assert told.value.faults[0].remedy.endswith("executor `serial`")
    assert list(shared_out(abs, [-1, -2, -3], 1)) == [1, 2, 3]


def whole_task(paths: int) -> Task:
    net = network(lively(6))
    return Task(net, 1, 0, paths, (page(net, [day(41)], pairs(net)),), with_waiting=True)


def test_parts_find_the_same_where_they_belong_and_apart() -> None:
    whole = whole_task(1200)
    alone = run(whole)
    here = Filling(room(whole))
    there = Filling(room(whole))
    sent = pickle.loads(pickle.dumps(there))  # noqa: S301 - made one line above
    parts = split(whole)
    assert len(parts) > 1
    for part in parts:
        assert here(part) is None
        there.store(part, sent(part))
    for filling in (here, there):
        assert np.array_equal(filling.result.pages[0], alone.pages[0])
        assert np.array_equal(filling.result.waiting[0], alone.waiting[0])


def test_what_is_sent_of_a_result_does_not_grow_with_it() -> None:
    small, large = (len(pickle.dumps(Filling(room(whole_task(n))))) for n in (10, 1000))
    assert small == large
