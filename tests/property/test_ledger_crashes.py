"""A crash after any statement leaves the ledger as it was before, and a retry has one effect."""

from __future__ import annotations

import contextlib
import gc
import random
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
import sqlalchemy as sa

from headworks.ledger.journal.account import Account
from headworks.ledger.journal.event import Draft, Receipt, Record
from headworks.ledger.journal.verification import verify
from headworks.ledger.store.statement import Compiled, Statement
from tests.unit.ledger.build import ACCOUNTS, Clock, event, funded, move, post, state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headworks.ledger.journal.journal import Journal


class Crash(BaseException):
    """The process ends here."""


class Fuse:
    """Crashes the process between statements, after so many of them.

    Some go through SQLAlchemy, whose events tell of them; the others are told as their text is
    asked for, just before they run.
    """

    def __init__(self, journal: Journal) -> None:
        self.left: int | None = None
        self._journal = journal
        engine = journal._engine  # noqa: SLF001 - statements are counted past the journal
        sa.event.listen(engine, "after_cursor_execute", self._count)

    def append(self, draft: Draft) -> Receipt | None:
        """Return the answer to an event, or None after a crash, of which nothing is left."""
        receipt = None
        text_of = Statement._compiled  # noqa: SLF001 - statements are counted past the journal

        def counted(statement: Statement, connection: sa.Connection, size: int) -> Compiled:
            self._count()
            return text_of(statement, connection, size)

        with mock.patch.object(Statement, "_compiled", counted), contextlib.suppress(Crash):
            receipt = self._journal.append(draft)
        self.left = None
        gc.collect()  # cursors that the stack of the crash holds, as the end of a process does
        return receipt

    def _count(self, *_: Any) -> None:  # noqa: ANN401 - what a listener is given
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                raise Crash


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(kept_place: str, clock: Clock) -> Iterator[Journal]:
    journal = funded(kept_place, clock)
    yield journal
    journal.close()


def everything(clock: Clock) -> Draft:
    """Return an event that does all that an event can do."""
    return event(
        "e",
        move("t", "pool", "line", 10),
        move("h", "pool", "drawn", 5, kind="pending", times_out_at=clock.text(hours=9)),
        move("c", "window", "world", 50, reverses="fund-window"),
        move("p", "pool", "line", 20, kind="post", holds="held"),
        opens=(Account("new", "units"),),
        rebounds=(Account("line", "units", ceiling=200),),
        records=(Record("party", "acme", {"name": "Acme"}),),
    )


@pytest.mark.slow
def test_a_crash_after_any_statement_leaves_nothing_and_a_retry_does_it_once(
    journal: Journal, clock: Clock
) -> None:
    post(journal, "hold", move("held", "pool", "line", 30, kind="pending"))
    soon = clock.text(hours=1)
    post(journal, "soon", move("soon", "pool", "line", 1, kind="pending", times_out_at=soon))
    clock.forward(hours=2)
    before = state(journal)
    fuse = Fuse(journal)
    for number in range(1, 100):
        fuse.left = number
        receipt = fuse.append(everything(clock))
        if receipt is not None:
            break
        assert state(journal) == before
    else:
        pytest.fail("the event needs more statements than a ledger should")
    assert number > 10
    assert receipt.seq == 6, "after the time-out that it found"
    assert journal.append(everything(clock)).repeated
    with journal.reading() as view:
        assert view.standing("line").balance == 30
        assert verify(view).sound


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_simulated_run_of_crashes_and_clocks_ends_as_one_without_them(
    kept_place: str, seed: int
) -> None:
    """Each event is told until it is acknowledged, while the clock jumps and the process dies."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    clock = Clock()
    journal = funded(kept_place, clock)
    fuse = Fuse(journal)
    balance = dict.fromkeys((one.name for one in ACCOUNTS), 0) | {
        "world": -1050, "pool": 1000, "window": 50
    }  # fmt: skip
    told: list[Draft] = []
    for step in range(25):
        parts = [
            move(f"t{step}-{n}", "world", chance.choice(["drawn", "pool"]), chance.randint(1, 5))
            for n in range(chance.randint(0, 4))
        ]
        draft = event(f"e{step}", *parts)
        told.append(draft)
        while True:
            clock.forward(hours=chance.uniform(-3, 5))
            fuse.left = chance.choice([None, *range(1, 9)])
            if fuse.append(draft) is not None:
                break
        if chance.random() < 0.3:  # a message that comes again, late
            assert journal.append(chance.choice(told)).repeated
        for one in draft.transfers:
            balance[one.debit] -= one.amount
            balance[one.credit] += one.amount
    with journal.reading() as view:
        assert verify(view).sound
        assert {one.account.name: one.balance for one in view.all_standings()} == balance
        events = list(view.events())
    assert [one.id for one in events] == ["opening", "funding", *(one.id for one in told)]
    assert [one.recorded_at for one in events] == sorted(one.recorded_at for one in events)
    journal.close()
