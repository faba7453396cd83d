"""The story of January 2026 on PostgreSQL, told and asked through the command line."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.postgres import Postgres

pytestmark = pytest.mark.slow


class Line:
    """Commands against one ledger, each in a process of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "HEADWORKS_LEDGER": url}

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run a verb that ends with a code, and return what it prints, its errors last."""
        found = subprocess.run(
            [sys.executable, "-m", "headworks", "ledger", *arguments],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        said = found.stdout + found.stderr
        assert found.returncode == code, said
        assert "Traceback" not in said
        return said

    def post(self, action: str, actor: str, on: str, *fields: str) -> str:
        return self.run("post", action, *fields, "--actor", actor, "--on", on)


def test_the_story_is_played_and_asked(postgres: Postgres, tmp_path: Path) -> None:
    with postgres.database() as url:
        told = Line(url, tmp_path)
        _begins(told)
        _goes_on(told)
        _is_shown_to_be_right(told)


def _begins(told: Line) -> None:
    """Make the ledger, and import the story: once, however often it is sent."""
    assert "there is no ledger here" in told.run("balance", code=2)
    assert "with the administrator root" in told.run("init", "--administrator", "root")
    said = told.run("init", "--administrator", "root", code=2)
    assert "there is a ledger already" in said
    assert "--upgrade" not in said
    assert "3 licence.issue" in told.run("import", "january-2026")
    told.run("import", "january-2026")
    assert told.run("records", "proposal", "--state", "open").startswith("confirm-deepseek: open")
    left = {one["name"]: one["available"] for one in json.loads(told.run("balance", "--json"))}
    assert (left["line:cn-1:1"], left["line:cn-2:1"], left["line:cn-3:1"]) == (
        160_000, 130_000, 120_000,
    )  # fmt: skip
    assert "✗ status" in told.run("may-pass", "cn-1", "1", "20000", "--on", "2026-01-31", code=1)


def _goes_on(told: Line) -> None:
    """Take the next steps, of which one is refused."""
    told.post("licence.reinstate", "planning", "2026-02-02", "licence=cn-1")
    told.post(
        "pairing.earn", "planning", "2026-02-09", "condition=domestic-pairing", "party=bytedance",
        "chip=ascend-910c", "quantity=10000", "trigger=contract", "reference=order-1",
    )  # fmt: skip
    assert told.run("may-pass", "cn-1", "1", "20000", "--on", "2026-02-10").startswith("yes")
    told.post(
        "shipment.draw", "customs", "2026-02-16", "licence=cn-1", "line=1", "quantity=18000",
        "declaration=MRN-1",
    )  # fmt: skip
    draw = ("post", "shipment.draw", "licence=cn-1", "line=1", "declaration=MRN-2")
    said = told.run(
        *draw, "quantity=150000", "--actor", "customs", "--on", "2026-03-02", code=2
    )  # fmt: skip
    assert "the line has 142,000 units left, and 150,000 are to pass" in said
    told.post("proposal.agree", "commerce", "2026-01-30", "proposal=confirm-deepseek")
    assert "confirmed: deepseek 10,000" in told.run("round", "show", "deepseek")
    assert "142,000 left, 0 reserved, 18,000 drawn" in told.run("licence", "show", "cn-1")


def _is_shown_to_be_right(told: Line) -> None:
    """Ask for the state, the proofs and the tables."""
    state = json.loads(told.run("state", "--as-of", "2026-03-02", "--json"))
    stages = {one["stage"]: one["units"] for one in state["rows"] if one["company"] == "bytedance"}
    assert stages == {"unused": 142_000, "drawn": 18_000, "cleared": 18_000}
    found = json.loads(told.run("verify", "--json"))
    assert (found["sound"], found["bad"], found["differences"]) == (True, None, [])
    proof = json.loads(told.run("checkpoint", "--prove", "confirm-first", "--json"))
    assert proof["event"] == "confirm-first"
    told.run("export", "tables", "--format", "csv")
    with (told.folder / "tables" / "events.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == found["events"]
    told.run("export", "ledger.beancount", "--format", "beancount")
    assert "18000" in (told.folder / "ledger.beancount").read_text("utf-8")
