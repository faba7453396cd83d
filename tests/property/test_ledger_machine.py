"""Whatever is asked of a ledger in whatever order, it does what plain dictionaries do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from headworks.errors import LedgerError
from headworks.ledger.journal.account import Account
from headworks.ledger.journal.journal import Journal
from headworks.ledger.journal.replay import replayed
from headworks.ledger.journal.verification import verify
from tests.unit.ledger.build import Clock, event, move

if TYPE_CHECKING:
    from headworks.ledger.journal.event import Draft
    from headworks.ledger.journal.transfer import Transfer

NAMES = ("world", "a", "b", "c")
BOUNDS = {"world": (None, None), "a": (0, 50), "b": (0, None), "c": (-10, 20)}
names = st.sampled_from(NAMES)
amounts = st.integers(1, 60)


@dataclass
class Model:
    """A ledger of plain dictionaries, without any of the ledger's own code."""

    balance: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    bounds: dict[str, tuple[int | None, int | None]] = field(default_factory=lambda: dict(BOUNDS))
    held: dict[str, tuple[str, str, int, float]] = field(default_factory=dict)
    posted: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)

    def copy(self) -> Model:
        return Model(
            dict(self.balance), dict(self.bounds), dict(self.held), dict(self.posted),
            set(self.undone),
        )  # fmt: skip

    def outside(self) -> list[int]:
        """Return by how much each account is below its floor, and above its ceiling."""
        found = []
        for name, (floor, ceiling) in self.bounds.items():
            out = sum(amount for debit, _, amount, _ in self.held.values() if debit == name)
            into = sum(amount for _, credit, amount, _ in self.held.values() if credit == name)
            below = 0 if floor is None else floor - (self.balance[name] - out)
            above = 0 if ceiling is None else self.balance[name] + into - ceiling
            found += [max(0, below), max(0, above)]
        return found

    def moves(self, debit: str, credit: str, amount: int) -> None:
        self.balance[debit] -= amount
        self.balance[credit] += amount

    def does(self, one: Transfer, ends: float, before: Model) -> bool:
        """Do a transfer, and return whether it can be done: it leads no account further out."""
        outside = self.outside()
        can = self.tries(one, ends, before)
        return can and all(new <= old for new, old in zip(self.outside(), outside, strict=True))

    def tries(self, one: Transfer, ends: float, before: Model) -> bool:
        """Do a transfer whatever the bounds, and return whether it can be done."""
        if one.debit == one.credit:
            return False
        if one.kind == "pending":
            self.held[one.id] = (one.debit, one.credit, one.amount, ends)
            return True
        if one.holds and not self.ends(one):
            return False
        if one.reverses and not self.undoes(one, before):
            return False
        if one.kind in {"posted", "post"}:
            if not one.reverses:
                self.posted[one.id] = (one.debit, one.credit, one.amount)
            self.moves(one.debit, one.credit, one.amount)
        return True

    def ends(self, one: Transfer) -> bool:
        debit, credit, amount, _ = self.held.pop(one.holds, ("", "", 0, 0.0))
        fits = one.amount <= amount if one.kind == "post" else one.amount == amount
        return (debit, credit) == (one.debit, one.credit) and fits

    def undoes(self, one: Transfer, before: Model) -> bool:
        fresh = one.reverses not in self.undone
        self.undone.add(one.reverses)
        return fresh and before.posted.get(one.reverses) == (one.credit, one.debit, one.amount)


class Ledger(RuleBasedStateMachine):
    """Asks a ledger and the model the same."""

    place = "memory"

    @initialize()
    def begin(self) -> None:
        self.clock = Clock()
        self.hours = 0.0
        self.model = Model()
        self.drafts: list[Draft] = []
        self.count = 0
        self.journal = Journal.create(self.place, clock=self.clock)
        opens = tuple(Account(name, "units", *BOUNDS[name]) for name in NAMES)
        self.journal.append(event("open", opens=opens))

    def new(self) -> str:
        self.count += 1
        return f"n{self.count}"

    def tell(self, *transfers: Transfer, ends: float = 1e9) -> None:
        """Tell both, and compare whether they do it."""
        self.free()
        told = self.model.copy()
        can = all(told.does(one, ends, self.model) for one in transfers)
        draft = event(self.new(), *transfers)
        if self.takes(draft, can=can):
            self.model = told
            self.drafts.append(draft)

    def takes(self, draft: Draft, *, can: bool) -> bool:
        """Return whether the ledger takes an event, which it must if it can be."""
        if can:
            receipt = self.journal.append(draft)
            assert not receipt.repeated
        else:
            with pytest.raises(LedgerError):
                self.journal.append(draft)
        return can

    def free(self) -> None:
        """Let the model free what has timed out, as the next writer does."""
        over = [name for name, (*_, ends) in self.model.held.items() if ends <= self.hours]
        for name in over:
            del self.model.held[name]

    @rule(parts=st.lists(st.tuples(names, names, amounts), min_size=1, max_size=4))
    def post(self, parts: list[tuple[str, str, int]]) -> None:
        self.tell(*(move(self.new(), *part) for part in parts))

    @rule(debit=names, credit=names, amount=amounts, hours=st.none() | st.integers(1, 5))
    def hold(self, debit: str, credit: str, amount: int, hours: int | None) -> None:
        ends = "" if hours is None else self.clock.text(hours=hours)
        one = move(self.new(), debit, credit, amount, kind="pending", times_out_at=ends)
        self.tell(one, ends=1e9 if hours is None else self.hours + hours)

    @rule(
        data=st.data(), kind=st.sampled_from(["post", "void", "timeout"]), less=st.integers(-1, 2)
    )
    def end(self, data: st.DataObject, kind: str, less: int) -> None:
        if not self.model.held:
            return
        name = data.draw(st.sampled_from(sorted(self.model.held)))
        debit, credit, amount, _ = self.model.held[name]
        if amount > less:
            self.tell(move(self.new(), debit, credit, amount - less, kind=kind, holds=name))

    @rule(data=st.data(), more=st.sampled_from([0, 0, 0, 1]))
    def undo(self, data: st.DataObject, more: int) -> None:
        if not self.model.posted:
            return
        name = data.draw(st.sampled_from(sorted(self.model.posted)))
        debit, credit, amount = self.model.posted[name]
        self.tell(move(self.new(), credit, debit, amount + more, reverses=name))

    @rule(name=names, floor=st.none() | st.integers(-20, 5), ceiling=st.none() | st.integers(0, 80))
    def rebound(self, name: str, floor: int | None, ceiling: int | None) -> None:
        self.free()
        self.model.bounds[name] = (floor, ceiling)
        account = Account(name, "units", floor, ceiling)
        assert self.takes(event(self.new(), rebounds=(account,)), can=True)

    @rule(data=st.data(), other=st.booleans())
    def repeat(self, data: st.DataObject, other: bool) -> None:
        if not self.drafts:
            return
        self.free()
        draft = data.draw(st.sampled_from(self.drafts))
        if other:
            changed = event(draft.id, *draft.transfers, reason="another")
            with pytest.raises(LedgerError, match="L5"):
                self.journal.append(changed)
        else:
            assert self.journal.append(draft).repeated

    @rule(hours=st.integers(1, 3))
    def wait(self, hours: int) -> None:
        self.hours += hours
        self.clock.forward(hours=hours)
        with self.journal.writing():
            self.free()

    @rule()
    def open_again(self) -> None:
        if self.place != "memory":
            self.journal.close()
            self.journal = Journal(self.place, clock=self.clock)

    @invariant()
    def both_stand_alike(self) -> None:
        self.free()
        with self.journal.reading() as view:
            standings = view.all_standings()
            held = {one.id: (one.debit, one.credit, one.amount) for one in view.all_holds()}
        assert {one.account.name: one.balance for one in standings} == self.model.balance
        # What has timed out stays until the next writer.
        assert held.items() >= {k: v[:3] for k, v in self.model.held.items()}.items()
        assert sum(one.balance for one in standings) == 0

    def teardown(self) -> None:
        if not hasattr(self, "journal"):
            return
        with self.journal.reading() as view:
            assert verify(view).sound
            again = replayed(view)
            assert [one.to_json() for one in again.standings.values()] == [
                one.to_json() for one in view.all_standings()
            ]
        self.journal.close()


def test_a_ledger_in_memory_does_what_dictionaries_do() -> None:
    run_state_machine_as_test(Ledger, settings=settings(max_examples=25, stateful_step_count=25))


@pytest.mark.slow
def test_a_ledger_in_memory_does_what_dictionaries_do_for_long() -> None:
    run_state_machine_as_test(Ledger, settings=settings(max_examples=60, stateful_step_count=50))


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_a_ledger_in_a_store_does_what_dictionaries_do(
    store: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    class Stored(Ledger):
        """Begins each time in a store of its own."""

        def begin_store(self) -> None:
            if store == "sqlite":
                self.place = str(tmp_path_factory.mktemp("machine") / "ledger.db")
            else:
                self.database = request.getfixturevalue("postgres").database()
                self.place = self.database.__enter__()

        @initialize()
        def begin(self) -> None:
            self.begin_store()
            super().begin()

        def teardown(self) -> None:
            super().teardown()
            if store == "postgresql" and hasattr(self, "database"):
                self.database.__exit__(None, None, None)

    examples = 15 if store == "sqlite" else 5
    run_state_machine_as_test(
        Stored, settings=settings(max_examples=examples, stateful_step_count=20)
    )
