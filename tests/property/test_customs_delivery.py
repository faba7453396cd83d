"""Usage files that come twice, late and out of order leave what in-order delivery leaves.

The sender follows its own book, a plain dictionary, from which each file's totals come; so what the
ledger posts is held against an independent count as well.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headworks.errors import LedgerError
from headworks.ledger.importing import import_usage
from tests.unit.ledger.customs.customs_story import Story, as_csv, records, total, use

LICENSED = {("sim", "1"): 500, ("sim", "3"): 200}


class Sender:
    """Customs: draws, corrects and undoes at random, and reports in files of a few rows."""

    def __init__(self, seed: int, files: int) -> None:
        self.luck = random.Random(seed)  # noqa: S311 - a simulation
        self.drawn: dict[str, tuple[str, int, str]] = {}
        """What stands: line, quantity and day by declaration."""
        self.count = 0
        self.files = [self._file(run) for run in range(1, files + 1)]

    def left(self, line: str) -> int:
        """Return what is left of a line."""
        return LICENSED["sim", line] - sum(n for at, n, _ in self.drawn.values() if at == line)

    def _file(self, run: int) -> str:
        rows = [row for _ in range(self.luck.randint(0, 6)) if (row := self._row())]
        totals = [
            total(size - self.left(line), licence=licence, line=line)
            for (licence, line), size in LICENSED.items()
        ]
        return as_csv(records(run, *rows, *totals))

    def _row(self) -> dict[str, Any] | None:
        kind = self.luck.choice("OOOLLACM")
        on = f"2026-02-{self.luck.randint(1, 14):02}"
        if kind in "OL":
            line = self.luck.choice("13")
            if not self.left(line):
                return None
            quantity = self.luck.randint(1, min(90, self.left(line)))
            self.count += 1
            name = f"26CN{self.count:04}"
            self.drawn[name] = (line, quantity, on)
            return use(kind, name, licence="sim", line=line, quantity=quantity, on=on)
        if not self.drawn:
            return None
        name = self.luck.choice(sorted(self.drawn))
        line, quantity, day = self.drawn[name]
        if kind == "M":
            return use(kind, name, licence="sim", line=line, quantity=0, on=on)
        if kind == "C":
            del self.drawn[name]
            return use(kind, name, licence="sim", line=line, quantity=quantity, on=on)
        right = self.luck.randint(1, min(90, quantity + self.left(line)))
        self.drawn[name] = (line, right, day)
        return use(kind, name, licence="sim", line=line, quantity=right, on=day)


def begun() -> Story:
    """Return a ledger with a licence to simulate on."""
    story = Story()
    story.licence("sim", {line: quantity for (_, line), quantity in LICENSED.items()})
    return story


def sums(story: Story) -> dict[str, tuple[int, int, int]]:
    """Return what each account has, and what went in and out of it."""
    return {
        one.account.name: (one.balance, one.debits_posted, one.credits_posted)
        for one in story.ledger.balances()
    }


def deliver(story: Story, files: list[str], order: list[int], folder: Path) -> int:
    """Deliver files in an order; what is refused is delivered again until all are in."""
    waiting, refusals = list(order), 0
    while waiting:
        later = []
        for number in waiting:
            path = folder / "usage.csv"
            path.write_text(files[number], encoding="utf-8")
            try:
                import_usage(story.ledger, path, actor="customs")
            except LedgerError as error:
                if "missing" not in str(error):
                    raise
                later.append(number)
                refusals += 1
        assert len(later) < len(waiting), "no file of the queue could be taken"
        waiting = later
    return refusals


def shuffled(files: int, seed: int) -> list[int]:
    """Return an order with every file at least once, many twice, none where it belongs."""
    luck = random.Random(seed)  # noqa: S311 - a simulation
    order = [*range(files), *luck.choices(range(files), k=files)]
    luck.shuffle(order)
    return order


def hold_the_same(seed: int, files: int, folder: Path) -> int:
    sender = Sender(seed, files)
    straight, crooked = begun(), begun()
    deliver(straight, sender.files, list(range(files)), folder)
    refusals = deliver(crooked, sender.files, shuffled(files, seed), folder)
    assert sums(straight) == sums(crooked)
    for line in ("1", "3"):
        assert straight.balance(f"line:sim:{line}") == sender.left(line)
    assert straight.ledger.records("discrepancy") == {}
    drawn = {
        name: (body["line"], body["quantity"], body["on"])
        for name, body in crooked.ledger.records("declaration").items()
        if not body["undone"]
    }
    assert drawn == sender.drawn
    assert straight.ledger.verify().head == crooked.ledger.verify().head
    assert crooked.ledger.verify().sound
    return refusals


def test_delivery_twice_late_and_out_of_order_ends_where_delivery_in_order_does(
    tmp_path: Path,
) -> None:
    assert sum(hold_the_same(seed, 8, tmp_path) for seed in range(3)) > 0


@pytest.mark.slow
@settings(max_examples=12)
@given(seed=st.integers(0, 2**32), files=st.integers(1, 10))
def test_any_delivery_ends_where_delivery_in_order_does(
    seed: int, files: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hold_the_same(seed, files, tmp_path_factory.mktemp("files"))
