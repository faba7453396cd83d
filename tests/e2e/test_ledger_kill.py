"""`kill -9` of a writer at any moment: what it acknowledged is there, and nothing is half there."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest

from headworks.ledger.journal.journal import Journal
from headworks.ledger.journal.verification import verify
from tests.unit.ledger.build import Clock, event, funded, move

pytestmark = pytest.mark.slow

KILLS = {"sqlite": 170, "postgresql": 30}
PARTS = 5
"""Transfers of one event."""
WRITER = """
import sys
from headworks.ledger.journal.journal import Journal
from tests.unit.ledger.build import event, move

journal, first = Journal(sys.argv[1]), int(sys.argv[2])
print("begun", flush=True)
for number in range(first, first + 10**6):
    parts = (move(f"t{number}-{part}", "world", "drawn", 1) for part in range(5))
    receipt = journal.append(event(f"e{number}", *parts))
    print(f"{number} {receipt.hash}", flush=True)
"""


def killed(place: str, first: int, seconds: float) -> dict[int, str]:
    """Let a process write for a while, kill it, and return the hashes that it acknowledged."""
    command = [sys.executable, "-c", WRITER, place, str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline() == b"begun\n", child.stderr.read().decode()
        time.sleep(seconds)
        child.kill()
        # What was printed whole was acknowledged; the last line may be cut.
        lines = child.stdout.read().decode().split("\n")[:-1]
    return {int(number): hashed for number, hashed in (line.split() for line in lines)}


def test_a_killed_writer_loses_nothing_that_it_acknowledged(kept_place: str) -> None:
    chance = random.Random(1)  # noqa: S311 - moments of a test
    kind = "postgresql" if kept_place.startswith("postgresql") else "sqlite"
    funded(kept_place, Clock()).close()
    acknowledged: dict[int, str] = {}
    following, written = 0, 0
    for _ in range(KILLS[kind]):
        acknowledged |= killed(kept_place, following, chance.uniform(0, 0.15))
        journal = Journal(kept_place)
        # A writer whose client died may still be busy with its last event.
        with journal.writing() as view:
            seq, _, _ = view.head()
            written = seq - 2
            assert view.standing("drawn").balance == written * PARTS
        journal.close()
        assert written >= len(acknowledged)
        # At most the event under way was recorded without having been acknowledged.
        assert written - following <= max(acknowledged, default=-1) + 2 - following
        following = written
    journal = Journal(kept_place)
    with journal.reading() as view:
        found = {one.id: one for one in view.events(after=2)}
        assert verify(view).sound
    assert list(found) == [f"e{number}" for number in range(written)]
    assert all(found[f"e{number}"].hash.hex() == kept for number, kept in acknowledged.items())
    assert len(acknowledged) > KILLS[kind]
    last = event(f"e{written - 1}", *(
        move(f"t{written - 1}-{part}", "world", "drawn", 1) for part in range(PARTS)
    ))  # fmt: skip
    if found[f"e{written - 1}"].effective_on == journal.today().isoformat():
        assert journal.append(last).repeated
    journal.close()
