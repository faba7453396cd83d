"""Many writers at once: none overdraws, none is stuck, none is lost, each refusal says why."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from headworks.errors import LedgerError
from headworks.ledger.journal.journal import Journal
from headworks.ledger.journal.verification import verify
from tests.unit.ledger.build import Clock, funded, move, post

if TYPE_CHECKING:
    from pathlib import Path

    from tests.postgres import Postgres

pytestmark = pytest.mark.slow

WRITERS, ROUNDS = 32, 200
PROCESSES, EVENTS = 8, 40
STUCK_S = 280
WRITER = """
import sys
from headworks.ledger.journal.journal import Journal
from tests.unit.ledger.build import event, move

journal, name, count = Journal(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(count):
    one = f"{name}-{number}"
    journal.append(event(one, move(one, "world", "drawn", 1)))
"""


def test_writers_share_a_nearly_empty_account_and_never_overdraw_it(postgres: Postgres) -> None:
    """In each round all of them draw at once what is there for less than half of them."""
    with postgres.database() as url:
        journal = funded(url, Clock())
        post(journal, "empty", move("empty", "pool", "drawn", 1000))
        journals = [Journal(url, clock=Clock()) for _ in range(WRITERS)]
        together = threading.Barrier(WRITERS)

        def draw(writer: int, turn: int) -> str:
            name = f"w{writer}-{turn}"
            together.wait(STUCK_S)
            try:
                post(journals[writer], name, move(name, "pool", "drawn", 1 + writer % 3))
            except LedgerError as error:
                return str(error)
            return ""

        with ThreadPoolExecutor(WRITERS) as writers:
            for turn in range(ROUNDS):
                put = turn % 40
                if put:
                    post(journal, f"put-{turn}", move(f"put-{turn}", "world", "pool", put))
                said = list(writers.map(draw, range(WRITERS), [turn] * WRITERS))
                taken = sum(1 + one % 3 for one in range(WRITERS) if not said[one])
                with journal.reading() as view:
                    left = view.standing("pool").balance
                assert left >= 0
                refused = [(1 + one % 3, said[one]) for one in range(WRITERS) if said[one]]
                for amount, message in refused:
                    # The refused one asked for more than was left when its turn came.
                    found = re.search(r"pool has (\d+) units left, and (\d) are to leave", message)
                    assert found, message
                    assert int(found[1]) < int(found[2]) == amount
                    assert left < amount
                post(journal, f"rest-{turn}", *([move(f"r{turn}", "pool", "world", left)] if left
                                                else []))  # fmt: skip
                assert taken + left == put
        with journal.reading() as view:
            assert verify(view).sound
        for one in (*journals, journal):
            one.close()


def test_processes_share_a_file_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    journal = funded(str(path), Clock())
    command = [sys.executable, "-c", WRITER, str(path)]
    children = [
        subprocess.Popen([*command, f"p{number}", str(EVENTS)], stderr=subprocess.PIPE)
        for number in range(PROCESSES)
    ]
    said = [child.communicate(timeout=STUCK_S)[1].decode() for child in children]
    assert said == [""] * PROCESSES
    with journal.reading() as view:
        assert view.standing("drawn").balance == PROCESSES * EVENTS
        assert {one.id for one in view.events(after=2)} == {
            f"p{number}-{count}" for number in range(PROCESSES) for count in range(EVENTS)
        }
        assert verify(view).sound
    journal.close()


def test_a_writer_that_waits_too_long_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headworks.ledger.store.engine.PATIENCE_S", 0.1)
    path = tmp_path / "ledger.db"
    journal, other = funded(str(path), Clock()), Journal(path)
    with journal.writing():
        with pytest.raises(LedgerError) as caught:
            post(other, "e", move("t", "world", "drawn", 1))
        with other.reading() as view:
            assert view.standing("drawn").balance == 0
    assert str(caught.value) == f"{path}: other writers are busy with it\n    → try again"
    assert post(other, "e", move("t", "world", "drawn", 1)).seq == 3
    journal.close()
    other.close()
