"""Tasks that this process shares with others."""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import joblib
import numpy as np
import pytest
from joblib.externals.loky import ProcessPoolExecutor

from headworks.errors import InputError
from headworks.flow.executor import JoblibExecutor
from headworks.flow.memory import room
from headworks.flow.network import network
from headworks.flow.parts import Filling, split
from headworks.flow.process_pools import _idle, end, end_idle, interrupts_held
from headworks.flow.processes import shared_out
from headworks.flow.recorder import page, pairs
from headworks.flow.run import Task, run
from tests.unit.flow.build import day
from tests.unit.flow.worlds import lively

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG_S = 0.2
"""Seconds of a task that is long enough for others to take some beside it."""


PATIENCE_S = 60.0
"""Seconds after which nobody else will come."""


def met(where: Path, count: int = 2) -> int:
    """Wait until so many processes are at this place, and return which one this is."""
    (where / str(os.getpid())).touch()
    until = time.monotonic() + PATIENCE_S
    while len(list(where.iterdir())) < count:
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


def test_one_task_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headworks.flow.executor.shared_out", None)
    assert list(JoblibExecutor(2).map(abs, [-1])) == [1]
    assert list(JoblibExecutor(1).map(abs, [-1, -2])) == [1, 2]


def test_this_process_takes_what_is_left_while_another_is_busy(tmp_path: Path) -> None:
    """The second task ends elsewhere when all others have been done, which only this can do."""
    by = list(shared_out(last, [(number, tmp_path) for number in range(6)], 1))
    assert by[1] != os.getpid()
    assert [*by[:1], *by[2:]] == [os.getpid()] * 5


def last(task: tuple[int, Path]) -> int:
    number, where = task
    (where / str(number)).touch()
    until = time.monotonic() + PATIENCE_S
    while number == 1 and len(list(where.iterdir())) < 6:
        assert time.monotonic() < until, "nobody did the others"
        time.sleep(LONG_S / 20)
    return os.getpid()


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


def endless(task: tuple[int, Path]) -> None:
    """Interrupt the process that is given as soon as another is busy, with what does not end."""
    process, where = task
    if os.getpid() != process:
        (where / str(os.getpid())).touch()
        time.sleep(10 * PATIENCE_S)
    until = time.monotonic() + PATIENCE_S
    while not list(where.iterdir()):
        assert time.monotonic() < until, "nobody else came"
        time.sleep(LONG_S / 20)
    raise KeyboardInterrupt


def gone(process: int) -> bool:
    """Return whether a process ends within a while."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(LONG_S / 20)
    return False


def test_an_interrupt_ends_the_other_process_whatever_it_does(tmp_path: Path) -> None:
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(shared_out(endless, [(os.getpid(), tmp_path)] * 3, 1))
    assert time.monotonic() - begin < 2 * PATIENCE_S
    (other,) = tmp_path.iterdir()
    assert gone(int(other.name))
    assert list(shared_out(abs, [-1, -2], 1)) == [1, 2]


def interrupted(process: int) -> int:
    """Send an interrupt to another process from inside, which it does not get."""
    if os.getpid() != process:
        os.kill(os.getpid(), signal.SIGINT)
    return os.getpid()


def test_the_other_process_is_not_interrupted_itself() -> None:
    end_idle()
    try:
        here, *_ = shared_out(interrupted, [os.getpid()] * 3, 1)
    except KeyboardInterrupt:
        pytest.fail("it was interrupted, and this process with it")
    assert here == os.getpid()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


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


def test_a_process_that_was_killed_while_idle_is_not_asked(tmp_path: Path) -> None:
    _, there = shared_out(met, [tmp_path, tmp_path], 1)
    os.kill(there, signal.SIGKILL)
    time.sleep(5 * LONG_S)
    assert list(shared_out(abs, [-1, -2, -3], 1)) == [1, 2, 3]


class OnlyHere:
    """A function that can be sent and not received."""

    def __call__(self, number: int) -> int:
        return number

    def __reduce__(self) -> tuple[object, ...]:
        return int, ("no number",)


def test_a_process_that_cannot_begin_is_told() -> None:
    with pytest.raises(InputError, match="could not begin"):
        list(shared_out(OnlyHere(), [1, 2, 3], 1))


def nested(_: int) -> set[int]:
    return {os.getpid(), *JoblibExecutor(2).map(lambda _: os.getpid(), range(3))}


def test_another_process_starts_no_processes_of_its_own() -> None:
    _, there, *_ = shared_out(nested, range(2), 1)
    assert len(there) == 1
    assert os.getpid() not in there


def test_a_process_that_may_have_no_children_works_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)  # type: ignore[attr-defined] # noqa: SLF001
    with pytest.warns(UserWarning, match="setting n_jobs=1"):
        found = list(JoblibExecutor(2).map(lambda _: os.getpid(), range(3)))
    assert found == [os.getpid()] * 3


def test_what_joblib_runs_elsewhere_is_left_alone() -> None:
    """Its own processes are all of a program's: whoever changes their number waits for all."""
    half_read = joblib.Parallel(n_jobs=3, return_as="generator")(
        joblib.delayed(math.sqrt)(number) for number in range(60)
    )
    assert next(half_read) == 0
    assert list(shared_out(abs, [-1, -2, -3], 1)) == [1, 2, 3]
    assert len(list(half_read)) == 59
    assert joblib.Parallel(n_jobs=2)(joblib.delayed(abs)(-n) for n in range(3)) == [0, 1, 2]


def test_maps_that_are_under_way_together_do_not_wait_for_each_other() -> None:
    one, two = shared_out(abs, range(9), 2), shared_out(abs, range(6), 1)
    taken = [(next(one), next(two)) for _ in range(6)]
    assert taken == [(number, number) for number in range(6)]
    with ThreadPoolExecutor(2) as threads:
        more = threads.map(lambda others: list(shared_out(abs, range(50), others)), [2, 1])
    assert list(more) == [list(range(50))] * 2
    assert [*one, *two] == [6, 7, 8]


def test_idle_processes_are_found_again_and_can_be_ended(tmp_path: Path) -> None:
    places = [tmp_path / name for name in "ab"]
    for place in places:
        place.mkdir()
    end_idle()
    (_, first), (_, second) = (shared_out(met, [place, place], 1) for place in places)
    assert first == second
    end_idle()
    assert gone(first)


def test_idle_processes_are_not_taken_where_more_are_asked_for(tmp_path: Path) -> None:
    end_idle()
    assert list(shared_out(abs, [-1, -2], 1)) == [1, 2]
    found = list(shared_out(partial(met, count=3), [tmp_path] * 3, 2))
    assert len(set(found)) == 3


@pytest.fixture
def heard() -> Iterator[None]:
    """Let interrupts be heard, which whoever started this may have had ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_an_interrupt_is_held_and_then_comes() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), interrupts_held():  # noqa: PT012
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(LONG_S)
        done.append("all of it")
    assert done == ["all of it"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("heard")
def test_an_interrupt_as_a_task_is_handed_out_leaves_no_busy_process_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    end_idle()
    submit = ProcessPoolExecutor.submit

    def interrupted_submit(self: object, *call: object) -> object:
        future = submit(self, *call)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(LONG_S)
        return future

    monkeypatch.setattr(ProcessPoolExecutor, "submit", interrupted_submit)
    with pytest.raises(KeyboardInterrupt):
        list(shared_out(leave_a_mark, [tmp_path / str(number) for number in range(4)], 1))
    assert not _idle


def test_interrupts_that_are_ignored_stay_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts_held():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(LONG_S)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_what_a_fork_finds_is_not_lent() -> None:
    end_idle()
    assert list(shared_out(abs, [-1, -2], 1)) == [1, 2]
    (lent,) = _idle
    _idle[0] = replace(lent, process=lent.process + 1)
    assert list(shared_out(abs, [-1, -2], 1)) == [1, 2]
    assert [one.process for one in _idle] == [os.getpid()]
    end(lent)


def test_where_the_system_starts_no_more_this_process_does_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    end_idle()

    def none_left(*_: object) -> None:
        raise OSError(24, "too many open files")

    monkeypatch.setattr(ProcessPoolExecutor, "submit", none_left)
    assert list(shared_out(abs, [-1, -2, -3], 1)) == [1, 2, 3]
    assert not _idle


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell")
def test_no_other_process_gets_interrupts_from_the_first_on_and_when_started_again() -> None:
    program = """
import re, time
from pathlib import Path
import headworks.flow.process_pools as pools
from headworks.flow.processes import shared_out
pools.IDLE_S = 0.3

def blocked(_):
    time.sleep(0.5)
    status = Path("/proc/self/status").read_text()
    return bool(int(re.search("SigBlk:\\s*(\\w+)", status)[1], 16) & 2)

for _ in range(2):
    print(*list(shared_out(blocked, range(2), 1)))
    time.sleep(1.5)
"""
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["False", "True"] * 2


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


def test_parts_that_a_fork_runs_come_back_as_those_of_any_other_process() -> None:
    """A fork has a copy of the result, so that what it wrote there would be lost."""
    whole = whole_task(1200)
    mine = Filling(room(whole))
    forked = replace(mine, process=mine.process + 1)
    for part in split(whole):
        found = forked(part)
        assert found is not None
        assert not mine.result.pages[0][..., part.first_path].any()
        mine.store(part, found)
    assert np.array_equal(mine.result.pages[0], run(whole).pages[0])


def test_what_is_sent_of_a_result_does_not_grow_with_it() -> None:
    small, large = (len(pickle.dumps(Filling(room(whole_task(n))))) for n in (10, 1000))
    assert small == large
