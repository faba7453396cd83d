"""A kill in the middle of an import: all of the file is there afterwards, or nothing of it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from headworks.ledger.importing import import_usage
from headworks.ledger.ledger import Ledger
from tests.unit.ledger.customs.customs_story import Story, usage_csv, use

pytestmark = pytest.mark.slow

ROWS = 2_000
IMPORT = """
import sys
from headworks.ledger.importing import import_usage
from headworks.ledger.ledger import Ledger

ledger = Ledger(sys.argv[1])
print("open", flush=True)
import_usage(ledger, sys.argv[2], actor="customs")
print("done", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    story = Story(tmp_path / "ledger.db")
    story.licence("big", {"1": 1_000_000})
    story.ledger.close()
    return tmp_path / "ledger.db"


def test_a_kill_at_any_moment_leaves_all_of_the_file_or_nothing(
    place: Path, tmp_path: Path
) -> None:
    luck = random.Random(5)  # noqa: S311 - moments of kills
    seen, whole_s = set(), 0.0
    for run in range(1, 9):
        rows = (use(declaration=f"R{run}-{n}", licence="big", quantity=1) for n in range(ROWS))
        path = usage_csv(tmp_path, run, *rows)
        before = drawn(place)
        assert before == (run - 1) * ROWS
        # The first one is awaited, which tells how long one takes; the second is killed at once.
        began = time.monotonic()
        delay_s = {1: None, 2: 0.0}.get(run, luck.uniform(0, whole_s))
        acknowledged = killed(place, path, delay_s)
        whole_s = whole_s or time.monotonic() - began
        after = drawn(place)
        assert after in {before, before + ROWS}
        assert after == before + ROWS or not acknowledged
        seen.add(after == before)
        again = Ledger(place)
        done = import_usage(again, path, actor="customs")
        assert done.repeated == (after > before)
        again.close()
    assert seen == {True, False}


def killed(place: Path, path: Path, delay_s: float | None) -> bool:
    """Kill an import after a while, or once it is done; return whether it had acknowledged it."""
    with subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(place), str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        if delay_s is None:
            assert child.stdout.readline() == "done\n"
        else:
            time.sleep(delay_s)
        child.kill()
        said = child.stdout.read()
    assert child.returncode == -signal.SIGKILL
    return delay_s is None or "done" in said


def drawn(place: Path) -> int:
    """Return what was drawn in a sound ledger."""
    ledger = Ledger(place)
    assert ledger.verify().sound
    (found,) = ledger.balances("cleared:big:1")
    ledger.close()
    return found.balance
