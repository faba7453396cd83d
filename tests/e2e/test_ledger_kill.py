"""`kill -9` of a writer at any moment: what it acknowledged is there, and nothing is half there."""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import time

import pytest

from headworks.ledger.journal.journal import Journal
from headworks.ledger.journal.verification import verify
from tests.unit.ledger.build import Clock, funded
from tests.unit.ledger.writer import PARTS, draft, write

pytestmark = pytest.mark.slow

KILLS = {"sqlite": 170, "postgresql": 30}
SECONDS = {"sqlite": 0.15, "postgresql": 0.6}
"""Longest that a writer lives; to connect to a server takes some of it."""
# Forked from a process that has imported all that a writer needs, so that each begins at once.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.unit.ledger.writer"])


def killed(place: str, first: int, seconds: float) -> dict[int, str]:
    """Let a process write for a while, kill it, and return the hashes that it acknowledged."""
    ours, its = CONTEXT.Pipe(duplex=False)
    child = CONTEXT.Process(target=write, args=(place, first, its))
    child.start()
    its.close()
    answers = [ours.recv()]
    time.sleep(seconds)
    child.kill()
    child.join()
    with contextlib.suppress(EOFError, OSError):  # the last answer may be cut
        while True:
            answers.append(ours.recv())
    ours.close()
    return dict(answers[1:])


def test_a_killed_writer_loses_nothing_that_it_acknowledged(kept_place: str) -> None:
    chance = random.Random(1)  # noqa: S311 - moments of a test
    kind = "postgresql" if kept_place.startswith("postgresql") else "sqlite"
    funded(kept_place, Clock()).close()
    acknowledged: dict[int, str] = {}
    following, written = 0, 0
    for _ in range(KILLS[kind]):
        answers = killed(kept_place, following, chance.uniform(0, SECONDS[kind]))
        acknowledged |= answers
        journal = Journal(kept_place)
        # A writer whose client died may still be busy with its last event.
        with journal.writing() as view:
            seq, _, _ = view.head()
            written = seq - 2
            assert view.standing("drawn").balance == written * PARTS
        journal.close()
        # At most the event under way was recorded without having been acknowledged.
        assert len(answers) <= written - following <= len(answers) + 1
        following = written
    journal = Journal(kept_place)
    with journal.reading() as view:
        found = {one.id: one for one in view.events(after=2)}
        assert verify(view).sound
    assert list(found) == [f"e{number}" for number in range(written)]
    assert all(found[f"e{number}"].hash.hex() == kept for number, kept in acknowledged.items())
    assert len(acknowledged) > KILLS[kind] // 4
    if found[f"e{written - 1}"].effective_on == journal.today().isoformat():
        assert journal.append(draft(written - 1)).repeated
    journal.close()
