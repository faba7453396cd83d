"""A kill in the middle of writing a file: what stood there is whole, and the next run succeeds.

Nobody can tidy up after `kill -9`: what had been written stays beside the file under a hidden name,
`.NAME.` and eight letters, which nothing reads. It may be deleted at any time after.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from headworks.scenario.whole_file import whole_file

pytestmark = pytest.mark.slow

OLD = "what stood there before"
PATIENCE_S = 120.0

COMMAND = """
import sys, time
from pathlib import Path
from headworks.cli.app import main

# The move that ends a write never comes, so that the kill always finds the file unfinished.
Path.replace = lambda *_: time.sleep(3600)
sys.argv = ["headworks", *sys.argv[1:]]
main()
"""
HALVES = """
import sys, time
from pathlib import Path
from headworks.scenario.whole_file import whole_file

with whole_file(sys.argv[1]) as part, part.open("w", encoding="utf-8") as file:
    file.write("x" * 5_000_000)
    file.flush()
    time.sleep(3600)
    file.write("y" * 5_000_000)
"""
FILES = {
    "report": ["forecast", "one-gate", "--paths", "50", "--no-binding", "--report"],
    "samples": ["forecast", "one-gate", "--paths", "20000", "--no-binding", "--samples"],
    "comparison": ["compare", "open-gates", "closed", "--paths", "20", "--report"],
}


def killed(script: str, target: Path, *arguments: str) -> Path:
    """Run a script until it has written some bytes beside the target, kill it, return that file."""
    known = set(target.parent.iterdir()) | {target}
    command = [sys.executable, "-c", script, *arguments, str(target)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
        end = time.monotonic() + PATIENCE_S
        while not any(path.stat().st_size for path in set(target.parent.iterdir()) - known):
            assert child.poll() is None, (child.stderr.read() if child.stderr else b"").decode()
            if time.monotonic() > end:
                child.kill()
                pytest.fail("nothing was written beside the target")
            time.sleep(0.001)
        child.kill()
    assert child.returncode == -signal.SIGKILL
    (left,) = set(target.parent.iterdir()) - known
    return left


def assert_is_left_alone(target: Path, left: Path) -> None:
    assert target.read_text(encoding="utf-8") == OLD
    assert re.fullmatch(rf"\.{target.name}\.\w{{8}}", left.name)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "target.html"
    path.write_text(OLD, encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", FILES)
def test_a_kill_while_a_command_writes_leaves_the_old_file_whole(target: Path, kind: str) -> None:
    left = killed(COMMAND, target, *FILES[kind])
    assert_is_left_alone(target, left)
    command = [sys.executable, "-m", "headworks", *FILES[kind], str(target)]
    subprocess.run(command, check=True, capture_output=True)
    if kind == "samples":
        assert len(pd.read_parquet(target).path.unique()) == 20_000
    else:
        assert target.read_text(encoding="utf-8").endswith("</html>\n")
    assert set(target.parent.iterdir()) == {target, left}


def test_a_kill_between_two_halves_leaves_the_old_file_whole(target: Path) -> None:
    left = killed(HALVES, target)
    assert_is_left_alone(target, left)
    assert 0 < left.stat().st_size <= 5_000_000
    with whole_file(target) as part:
        part.write_text("new", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "new"
    left.unlink()
    assert list(target.parent.iterdir()) == [target]


def test_a_kill_before_there_was_a_file_leaves_none(target: Path) -> None:
    target.unlink()
    killed(HALVES, target)
    assert not target.exists()


def test_runs_that_were_killed_do_not_meet(target: Path) -> None:
    """Each leaves a file of its own."""
    first, second = killed(HALVES, target), killed(HALVES, target)
    assert first != second
    assert set(target.parent.iterdir()) == {target, first, second}
    assert target.read_text(encoding="utf-8") == OLD
