"""What a journal does is the same in every store: memory, a SQLite file, PostgreSQL."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from headworks.errors import LedgerError, UnknownName
from headworks.ledger.journal.account import AMOUNT_MAX, Account
from headworks.ledger.journal.event import GENESIS, Draft, Record, leaves_hash
from headworks.ledger.journal.journal import Journal, moment_text
from headworks.ledger.journal.verification import verify
from tests.unit.ledger.build import (
    ACCOUNTS,
    TODAY,
    Clock,
    balances,
    event,
    funded,
    move,
    post,
    state,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(place: str, clock: Clock) -> Iterator[Journal]:
    journal = funded(place, clock)
    yield journal
    journal.close()


@pytest.fixture(scope="module", params=["memory", "sqlite", "postgresql"])
def refusing(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Journal]:
    """A ledger that all tests meet which see that nothing of what it refuses is kept."""
    with contextlib.ExitStack() as stack:
        if request.param == "postgresql":
            place = stack.enter_context(request.getfixturevalue("postgres").database())
        elif request.param == "sqlite":
            place = str(tmp_path_factory.mktemp("refusing") / "ledger.db")
        else:
            place = request.param
        journal = funded(place, Clock())
        yield journal
        journal.close()


def test_an_account_opens_empty_and_as_it_was_given(journal: Journal) -> None:
    with journal.reading() as view:
        assert tuple(one.account for one in view.all_standings()) == ACCOUNTS
        assert view.standing("drawn").balance == 0
        assert view.account_names("w") == ["world", "window"]
        assert [one.account.name for one in view.all_standings("po")] == ["pool"]


def test_a_transfer_leaves_one_account_and_enters_the_other(journal: Journal) -> None:
    post(journal, "e", move("t", "pool", "drawn", 7))
    found = balances(journal)
    assert found["pool"] == (993, 993, 993)
    assert found["drawn"] == (7, 7, 7)
    assert sum(balance for balance, _, _ in found.values()) == 0


def test_an_event_says_who_when_by_which_right_and_why(journal: Journal, clock: Clock) -> None:
    clock.forward(hours=1)
    draft = Draft(
        "e", "waiver", "ann", "waiver.grant", "because of fog", "bob", dt.date(2026, 1, 2)
    )
    receipt = journal.append(draft)
    with journal.reading() as view:
        found = view.event("e")
        assert view.event("f") is None
    assert found is not None
    assert (found.seq, found.kind, found.actor, found.right) == (3, "waiver", "ann", "waiver.grant")
    assert (found.reason, found.second) == ("because of fog", "bob")
    assert (found.recorded_at, found.effective_on) == ("2026-01-31T13:00:00.000000Z", "2026-01-02")
    assert (receipt.seq, receipt.id, receipt.recorded_at) == (3, "e", found.recorded_at)
    assert (receipt.hash, receipt.repeated) == (found.hash.hex(), False)


def test_events_are_numbered_without_a_gap_and_chained(journal: Journal) -> None:
    post(journal, "e", move("t", "pool", "drawn", 1))
    with journal.reading() as view:
        events = list(view.events())
        head = view.head()
        assert [one.seq for one in view.events(after=1, until=2)] == [2]
    assert [one.seq for one in events] == [1, 2, 3]
    assert [one.previous for one in events] == [GENESIS, *(one.hash for one in events[:-1])]
    assert all(one.hash == one.sealed() for one in events)
    assert head == (3, events[-1].hash, events[-1].recorded_at)
    assert [one.last_transfer for one in events] == [0, 2, 3]
    assert events[0].transfers_hash == leaves_hash([])


def test_time_never_runs_backwards_in_the_record(journal: Journal, clock: Clock) -> None:
    clock.forward(days=-3)
    assert post(journal, "e").recorded_at == "2026-01-31T12:00:00.000000Z"
    clock.forward(days=4)
    assert post(journal, "f").recorded_at == "2026-02-01T12:00:00.000000Z"
    with journal.reading() as view:
        assert view.seq_at("2026-01-31T12:00:00.000000Z") == 3
        assert view.seq_at("2026-02-02") == 4
        assert view.seq_at("2026-01-01") == 0


def test_a_moment_of_another_zone_is_written_in_utc() -> None:
    zone = dt.timezone(dt.timedelta(hours=8))
    moment = dt.datetime(2026, 1, 31, 20, tzinfo=zone)
    assert moment_text(moment) == "2026-01-31T12:00:00.000000Z"
    with pytest.raises(LedgerError, match="2026-01-31 20:00:00 has no time zone"):
        moment_text(moment.replace(tzinfo=None))


# Holds.


def test_a_hold_binds_both_accounts_and_moves_nothing(journal: Journal) -> None:
    post(journal, "e", move("h", "pool", "line", 60, kind="pending"))
    found = balances(journal)
    assert found["pool"] == (1000, 940, 1000)
    assert found["line"] == (0, 0, 60)
    with pytest.raises(LedgerError, match="line may hold 100 units, holds 60, and 41 are to enter"):
        post(journal, "f", move("t", "pool", "line", 41))
    with pytest.raises(LedgerError, match="pool has 940 units left besides 60 that are held"):
        post(journal, "f", move("t", "pool", "drawn", 941))
    post(journal, "f", move("t", "pool", "line", 40), move("u", "pool", "drawn", 900))
    assert balances(journal)["pool"] == (60, 0, 60)


@pytest.mark.parametrize("amount", [60, 1, None])
def test_a_post_moves_all_or_a_part_and_frees_the_rest(
    journal: Journal, amount: int | None
) -> None:
    post(journal, "e", move("h", "pool", "line", 60, kind="pending"))
    with journal.reading() as view:
        hold = view.holds(["h", "none"])["h"]
    post(journal, "f", hold.end("post", amount=amount))
    moved = 60 if amount is None else amount
    assert balances(journal)["pool"] == (1000 - moved,) * 3
    assert balances(journal)["line"] == (moved,) * 3
    with journal.reading() as view:
        assert view.all_holds() == []


def test_a_void_frees_what_was_held(journal: Journal) -> None:
    before = balances(journal)
    post(journal, "e", move("h", "pool", "line", 60, kind="pending"))
    with journal.reading() as view:
        (hold,) = view.all_holds()
    post(journal, "f", hold.end("void", id="v"))
    assert balances(journal) == before


def test_a_hold_of_this_event_may_end_in_it(journal: Journal) -> None:
    held = move("h", "pool", "line", 60, kind="pending")
    post(journal, "e", held, move("p", "pool", "line", 20, kind="post", holds="h"))
    assert balances(journal)["line"] == (20, 20, 20)


def test_the_next_writer_frees_what_has_timed_out(journal: Journal, clock: Clock) -> None:
    before = balances(journal)
    for name, hours in (("late", 3), ("soon", 1)):
        ends = clock.text(hours=hours)
        post(journal, name, move(f"h-{name}", "pool", "line", 5, kind="pending", times_out_at=ends))
    clock.forward(minutes=59)
    with journal.writing() as turn:
        assert len(turn.all_holds()) == 2
    clock.forward(minutes=1)
    with journal.writing() as turn:
        assert [one.id for one in turn.all_holds()] == ["h-late"]
    with journal.reading() as view:
        found = view.event("timeout:5")
    assert found is not None
    assert (found.kind, found.actor, found.transfers) == ("hold.timeout", "clock", 1)
    assert found.recorded_at == "2026-01-31T13:00:00.000000Z"
    clock.forward(days=1)
    with journal.writing():
        pass
    assert balances(journal) == before


def test_a_time_out_frees_room_for_what_its_writer_wants(journal: Journal, clock: Clock) -> None:
    ends = clock.text(hours=1)
    post(journal, "e", move("h", "pool", "drawn", 1000, kind="pending", times_out_at=ends))
    with pytest.raises(LedgerError, match="pool has 0 units left"):
        post(journal, "f", move("t", "pool", "drawn", 1))
    clock.forward(hours=1)
    post(journal, "f", move("t", "pool", "drawn", 1000))
    assert balances(journal)["pool"] == (0, 0, 0)


# Linked transfers.


def test_linked_transfers_happen_all_or_not_at_all(journal: Journal) -> None:
    before = state(journal)
    with pytest.raises(LedgerError) as caught:
        post(
            journal, "e", move("a", "pool", "line", 60), move("b", "pool", "line", 60),
            move("c", "nowhere", "line", 1), opens=(Account("new", "units"),),
            records=(Record("party", "acme", {"name": "Acme"}),),
        )  # fmt: skip
    assert [(one.line, one.key) for one in caught.value.faults] == [(2, "b"), (3, "c")]
    assert state(journal) == before


def test_a_turn_that_fails_later_takes_back_what_it_recorded_before(journal: Journal) -> None:
    before = state(journal)
    first, second = (
        event("e", move("a", "pool", "line", 60)),
        event("f", move("b", "pool", "line", 60)),
    )
    with pytest.raises(LedgerError, match="give at most 40"), journal.writing() as turn:
        assert [turn.append(one).seq for one in (first, second)]
    assert state(journal) == before


def test_a_turn_may_record_several_events_and_read_its_own(journal: Journal) -> None:
    with journal.writing() as turn:
        turn.append(event("e", move("a", "pool", "line", 60)))
        assert turn.standing("line").balance == 60
        turn.append(event("f", move("b", "line", "drawn", 60), opens=(Account("x", "units"),)))
        turn.append(event("g", opens=(Account("y", "units"),)))
    assert balances(journal)["drawn"] == (60, 60, 60)
    with journal.reading() as view:
        numbers = [one.number for one in view.all_standings()]
    assert numbers == list(range(1, len(ACCOUNTS) + 3))


def test_an_order_that_passes_a_bound_is_refused_though_the_sum_would_not(
    journal: Journal,
) -> None:
    """Bounds hold after every single transfer, and not only at the end of an event."""
    forth, back = move("a", "pool", "line", 150), move("b", "line", "drawn", 100)
    with pytest.raises(LedgerError, match="line may hold 100 units, holds 0, and 150"):
        post(journal, "e", forth, back)
    post(journal, "e", move("a", "pool", "line", 100), back, move("c", "pool", "line", 50))
    assert balances(journal)["line"] == (50, 50, 50)


def test_the_sums_of_an_account_end_where_numbers_do(journal: Journal) -> None:
    """What every reader of JSON holds exactly; the store's own limit lies far beyond."""
    post(journal, "a", move("a", "world", "drawn", AMOUNT_MAX - 1_060))
    with pytest.raises(LedgerError) as caught:
        post(journal, "b", move("b", "world", "drawn", 20))
    (fault,) = caught.value.faults
    assert fault.message == (
        f"world counts up to {AMOUNT_MAX:,} units; {AMOUNT_MAX - 10:,} have left it or are to, and "
        "20 more would pass that (L17)"
    )
    post(journal, "b", move("b", "world", "drawn", 10))
    with pytest.raises(LedgerError, match="1 more would pass that"):
        post(journal, "c", move("c", "world", "pool", 1, kind="pending"))


def test_many_accounts_are_asked_for_in_parts(journal: Journal) -> None:
    names = [f"many-{number:04}" for number in range(1_100)]
    post(journal, "many", opens=tuple(Account(name, "units") for name in names))
    with journal.reading() as view:
        assert list(view.standings([*names, "none", *names])) == names
        assert view.standings([]) == {}
        assert view.newest("party", []) == {}


# Bounds that move.


def test_new_bounds_hold_from_now_on(journal: Journal) -> None:
    post(journal, "e", move("t", "pool", "line", 80))
    post(journal, "f", rebounds=(Account("line", "units", floor=-5, ceiling=80),))
    with pytest.raises(LedgerError, match="give at most 0"):
        post(journal, "g", move("u", "pool", "line", 1))
    post(journal, "g", move("u", "line", "drawn", 85))
    assert balances(journal)["line"] == (-5, -5, -5)


def test_new_bounds_and_a_transfer_that_needs_them_go_together(journal: Journal) -> None:
    wider = replace(ACCOUNTS[2], ceiling=500)
    post(journal, "e", move("t", "pool", "line", 500), rebounds=(wider,))
    assert balances(journal)["line"] == (500, 500, 500)


@pytest.mark.parametrize(
    ("account", "message"),
    [
        (Account("line", "tpp"), "there is no such account in tpp"),
        (Account("none", "units"), "there is no such account in units"),
    ],
)
def test_bounds_of_no_account_are_refused(journal: Journal, account: Account, message: str) -> None:
    post(journal, "e", move("t", "pool", "line", 80))
    before = state(journal)
    with pytest.raises(LedgerError) as caught:
        post(journal, "f", rebounds=(account,))
    (fault,) = caught.value.faults
    assert (fault.key, fault.message) == (account.name, message)
    assert state(journal) == before


def test_what_a_new_bound_leaves_out_stands_and_can_only_go_back(journal: Journal) -> None:
    post(journal, "e", move("t", "pool", "line", 80), move("h", "pool", "line", 5, kind="pending"))
    post(journal, "f", rebounds=(Account("line", "units", floor=70, ceiling=60),))
    with pytest.raises(LedgerError, match=r"line may hold 60 units, holds 85, and 1 are to enter"):
        post(journal, "g", move("u", "pool", "line", 1))
    with pytest.raises(LedgerError, match="give at most 0"):
        post(journal, "g", move("u", "pool", "line", 1, kind="pending"))
    with pytest.raises(LedgerError, match=r"line has 10 units left, and 11 are to leave"):
        post(journal, "g", move("u", "line", "drawn", 11))
    # A part of what was held before stands; what it frees does not come back.
    post(journal, "g", move("p", "pool", "line", 3, kind="post", holds="h"))
    post(journal, "i", rebounds=(Account("line", "units", floor=0, ceiling=60),))
    post(journal, "j", move("v", "line", "drawn", 20))
    with pytest.raises(LedgerError, match="holds 63, and 1 are to enter"):
        post(journal, "k", move("w", "pool", "line", 1))
    post(journal, "k", move("x", "line", "drawn", 13), move("w", "pool", "line", 10))
    assert balances(journal)["line"] == (60, 60, 60)
    with journal.reading() as view:
        assert verify(view).sound


def test_days_of_an_account_move(journal: Journal, clock: Clock) -> None:
    post(journal, "e", rebounds=(replace(ACCOUNTS[4], open_until=dt.date(2026, 3, 1)),))
    clock.forward(days=20)
    post(journal, "f", move("t", "window", "drawn", 1))
    assert balances(journal)["window"] == (49, 49, 49)


# Repetitions.


def test_the_same_event_again_is_met_with_the_first_answer(journal: Journal, clock: Clock) -> None:
    transfers = move("t", "pool", "drawn", 7), move("u", "pool", "drawn", 1, effective_on=TODAY)
    first = post(journal, "e", *transfers)
    before = state(journal)
    clock.forward(days=2)
    again = post(journal, "e", *transfers)
    assert again == replace(first, repeated=True)
    assert state(journal) == before


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (event("e", move("t", "pool", "drawn", 8)), "transfers differs"),
        (event("e", move("t", "pool", "drawn", 7), reason="why"), "reason differs"),
        (event("e", move("t", "pool", "drawn", 7), second="bob"), "second differs"),
        (
            event("e", move("t", "pool", "drawn", 7), effective_on=dt.date(2026, 1, 30)),
            "effective_on, transfers differ",
        ),
        (event("e", move("t", "pool", "drawn", 7), opens=(Account("new", "x"),)), "body differs"),
        (event("e"), "transfers differs"),
        (
            Draft("e", "other", "eve", "test.dare", transfers=(move("t", "pool", "drawn", 7),)),
            "kind, actor, right differ",
        ),
    ],
)
def test_another_event_of_the_same_id_is_refused(
    journal: Journal, other: Draft, differs: str
) -> None:
    post(journal, "e", move("t", "pool", "drawn", 7))
    before = state(journal)
    with pytest.raises(LedgerError) as caught:
        journal.append(other)
    (fault,) = caught.value.faults
    assert fault.message == (
        f"recorded already at 2026-01-31T12:00:00.000000Z with other content (L5): {differs}"
    )
    assert state(journal) == before


# Contras.


def test_a_contra_undoes_a_transfer_once(journal: Journal) -> None:
    before = balances(journal)
    post(journal, "e", move("t", "pool", "drawn", 7))
    post(journal, "f", move("c", "drawn", "pool", 7, reverses="t"))
    assert balances(journal) == before
    for name, undone in (("again", "t"), ("of-contra", "c"), ("of-none", "x")):
        debit, credit = ("drawn", "pool") if undone != "c" else ("pool", "drawn")
        with pytest.raises(LedgerError) as caught:
            post(journal, name, move(name, debit, credit, 7, reverses=undone))
        assert caught.value.faults[0].message == (
            f"there is no posted transfer {undone!r} that could still be undone (L8)"
        )


def test_a_contra_moves_all_of_it_back(journal: Journal) -> None:
    post(journal, "e", move("t", "pool", "drawn", 7))
    for debit, credit, amount in (("drawn", "pool", 6), ("pool", "drawn", 7), ("drawn", "line", 7)):
        with pytest.raises(LedgerError) as caught:
            post(journal, "f", move("c", debit, credit, amount, reverses="t"))
        assert caught.value.faults[0].message == (
            "'t' moved 7 from pool to drawn, and its contra moves all of it back (L8)"
        )


def test_a_contra_passes_no_bound_but_the_days(journal: Journal, clock: Clock) -> None:
    """What was recorded by mistake is undone when it is found, though the account has closed."""
    post(journal, "e", move("t", "pool", "window", 7))
    clock.forward(days=10)
    post(journal, "f", move("c", "window", "pool", 7, reverses="t"))
    post(journal, "g", move("v", "pool", "drawn", 5))
    post(journal, "h", move("w", "drawn", "world", 5))
    with pytest.raises(LedgerError, match="drawn has 0 units left, and 5 are to leave it"):
        post(journal, "i", move("x", "drawn", "pool", 5, reverses="v"))


def test_a_contra_of_a_post_undoes_what_was_posted(journal: Journal) -> None:
    held = move("h", "pool", "line", 60, kind="pending")
    post(journal, "e", held, move("p", "pool", "line", 20, kind="post", holds="h"))
    with pytest.raises(LedgerError, match="there is no posted transfer 'h'"):
        post(journal, "f", move("c", "line", "pool", 60, reverses="h"))
    post(journal, "f", move("c", "line", "pool", 20, reverses="p"))
    assert balances(journal)["line"] == (0, 0, 0)


def test_two_contras_of_one_transfer_in_one_event_are_one_too_many(journal: Journal) -> None:
    post(journal, "e", move("t", "pool", "drawn", 7), move("u", "pool", "drawn", 7))
    with pytest.raises(LedgerError, match="could still be undone"):
        post(
            journal, "f", move("a", "drawn", "pool", 7, reverses="t"),
            move("b", "drawn", "pool", 7, reverses="t"),
        )  # fmt: skip


# What cannot be.

HELD = {"kind": "pending", "times_out_at": "2026-01-31T13:00:00.000000Z"}
NO_AMOUNT = f"is no amount: a whole number from 1 to {AMOUNT_MAX:,} is (L17)"
REFUSED = {
    "overdraw": (
        [move("t", "pool", "drawn", 1001)],
        "pool has 1,000 units left, and 1,001 are to leave it (L2)",
    ),
    "above the ceiling": (
        [move("t", "pool", "line", 101)],
        "line may hold 100 units, holds 0, and 101 are to enter it (L2)",
    ),
    "unknown debit": (
        [move("t", "pol", "drawn", 1)],
        "there is no account 'pol'",
    ),
    "unknown credit": (
        [move("t", "pool", "draw", 1)],
        "there is no account 'draw'",
    ),
    "other unit": (
        [move("t", "pool", "tpp", 1)],
        "pool counts units and tpp counts tpp: a transfer joins two accounts of one unit (L1)",
    ),
    "itself": (
        [move("t", "pool", "pool", 1)],
        "pool gives to itself (L1)",
    ),
    "float": ([move("t", "pool", "drawn", 1.0)], f"1.0 {NO_AMOUNT}"),  # type: ignore[arg-type]
    "bool": ([move("t", "pool", "drawn", True)], f"True {NO_AMOUNT}"),
    "text": ([move("t", "pool", "drawn", "1")], f"'1' {NO_AMOUNT}"),  # type: ignore[arg-type]
    "zero": ([move("t", "pool", "drawn", 0)], f"0 {NO_AMOUNT}"),
    "negative": ([move("t", "pool", "drawn", -1)], f"-1 {NO_AMOUNT}"),
    "huge": ([move("t", "world", "pool", AMOUNT_MAX + 1)], f"{AMOUNT_MAX + 1} {NO_AMOUNT}"),
    "before its days": (
        [move("t", "window", "drawn", 1, effective_on=dt.date(2026, 1, 9))],
        "window opens on 2026-01-10, and this is of 2026-01-09 (L10)",
    ),
    "after its days": (
        [move("t", "window", "drawn", 1, effective_on=dt.date(2026, 2, 1))],
        "window is closed since 2026-02-01, and this is of 2026-02-01 (L10)",
    ),
    "id of before": (
        [move("fund-pool", "world", "pool", 1)],
        "a transfer 'fund-pool' is recorded already (L5)",
    ),
    "id twice": (
        [move("t", "world", "pool", 1), move("t", "world", "pool", 1)],
        "a transfer 't' is recorded already (L5)",
    ),
    "end of nothing": (
        [move("t", "pool", "line", 1, kind="post", holds="h")],
        "there is no open hold 'h': it never was, or it has ended (L6)",
    ),
    "end twice": (
        [
            move("h", "pool", "line", 1, **HELD),
            move("t", "pool", "line", 1, kind="void", holds="h"),
            move("u", "pool", "line", 1, kind="post", holds="h"),
        ],
        "there is no open hold 'h': it never was, or it has ended (L6)",
    ),
    "end of more": (
        [
            move("h", "pool", "line", 5, **HELD),
            move("t", "pool", "line", 6, kind="post", holds="h"),
        ],
        "the hold 'h' is of 5, and 6 are to be posted (L6)",
    ),
    "void of a part": (
        [
            move("h", "pool", "line", 5, **HELD),
            move("t", "pool", "line", 4, kind="void", holds="h"),
        ],
        "the hold 'h' is of 5, and 4 are to be freed (L6)",
    ),
    "end elsewhere": (
        [
            move("h", "pool", "line", 5, **HELD),
            move("t", "pool", "drawn", 5, kind="post", holds="h"),
        ],
        "the hold 'h' joins pool and line (L6)",
    ),
    "post after its time": (
        [
            move("h", "pool", "line", 5, kind="pending", times_out_at="2026-01-31"),
            move("t", "pool", "line", 5, kind="post", holds="h"),
        ],
        "the hold 'h' timed out at 2026-01-31 (L6)",
    ),
    "post after its days": (
        [
            move("h", "window", "line", 5, **HELD),
            move(
                "t", "window", "line", 5, kind="post", holds="h",
                effective_on=dt.date(2026, 2, 1),
            ),
        ],
        "window is closed since 2026-02-01, and this is of 2026-02-01 (L10)",
    ),
    "void without a hold": (
        [move("t", "pool", "line", 1, kind="void")],
        "a transfer of kind 'void' ends a hold (L6)",
    ),
    "hold in what ends none": (
        [move("t", "pool", "line", 1, holds="h")],
        "a transfer of kind 'posted' ends no hold (L6)",
    ),
    "unknown kind": (
        [move("t", "pool", "line", 1, kind="lent")],
        "there is no kind 'lent' of transfer",
    ),
    "time of what is posted": (
        [move("t", "pool", "line", 1, times_out_at="2026-02-01")],
        "only what is pending times out, and only what is posted reverses",
    ),
    "contra that is held": (
        [move("t", "pool", "world", 1000, kind="pending", reverses="fund-pool")],
        "only what is pending times out, and only what is posted reverses",
    ),
    "line break": (
        [move("t\n", "pool", "line", 1)],
        (
            "id 't\\n', code 'move' and reference '' must be printable text, id and code not empty,"
            " at most 500 letters together"
        ),
    ),
    "empty code": (
        [move("t", "pool", "line", 1, code="")],
        (
            "id 't', code '' and reference '' must be printable text, id and code not empty, at"
            " most 500 letters together"
        ),
    ),
    "long reference": (
        [move("t", "pool", "line", 1, reference="x" * 500)],
        (
            f"id 't', code 'move' and reference {'x' * 40!r} must be printable text, id and code "
            "not empty, at most 500 letters together"
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_with_its_reason(refusing: Journal, case: str) -> None:
    transfers, message = REFUSED[case]
    before = state(refusing)
    with pytest.raises(LedgerError) as caught:
        post(refusing, "e", *transfers)
    last = caught.value.faults[-1]
    assert (last.file, last.line, last.key) == ("transfers", len(transfers), transfers[-1].id)
    assert last.message == message
    assert last.remedy
    assert len(caught.value.faults) == 1
    assert state(refusing) == before


def test_a_name_that_is_nearly_right_is_offered(journal: Journal) -> None:
    with pytest.raises(LedgerError, match=r"no account 'widow'; did you mean window\?"):
        post(journal, "e", move("t", "widow", "drawn", 1), move("u", "window", "drawn", 1))


def test_an_unknown_account_is_told_with_those_that_there_are(journal: Journal) -> None:
    with journal.reading() as view, pytest.raises(UnknownName, match=r"did you mean pool\?"):
        view.standing("pol")


@pytest.mark.parametrize(
    ("change", "messages"),
    [
        ({"id": ""}, ["id is empty"]),
        ({"actor": "", "right": ""}, ["actor is empty", "right is empty"]),
        ({"kind": "a\nb"}, ["kind must be printable text of at most 500 letters"]),
        ({"reason": "x" * 501}, ["reason must be printable text of at most 500 letters"]),
        ({"actor": None}, ["actor must be printable text of at most 500 letters"]),
        ({"second": "ann"}, ["ann is both persons, where two must agree (L16)"]),
    ],
)
def test_words_of_an_event_are_checked(
    refusing: Journal, change: dict[str, str], messages: list[str]
) -> None:
    before = state(refusing)
    with pytest.raises(LedgerError) as caught:
        refusing.append(replace(event("e"), **change))  # type: ignore[arg-type]
    assert [one.message for one in caught.value.faults] == messages
    assert state(refusing) == before


@pytest.mark.parametrize("right", ["award.confirm", "waiver.grant", "licence.revoke"])
def test_some_rights_need_two_persons(journal: Journal, right: str) -> None:
    before = state(journal)
    with pytest.raises(LedgerError, match=f"{right} needs two persons, and ann alone"):
        journal.append(Draft("e", "test", "ann", right))
    assert state(journal) == before
    journal.append(Draft("e", "test", "ann", right, second="bob"))


def test_an_account_opens_once(journal: Journal) -> None:
    with pytest.raises(LedgerError, match="account: pool: the account is open already"):
        post(journal, "e", opens=(Account("pool", "units"),))
    with pytest.raises(LedgerError, match="account: new: the account is open already"):
        post(journal, "e", opens=(Account("new", "units"), Account("new", "units")))


@pytest.mark.parametrize(
    ("account", "message"),
    [
        (
            Account("new", "units", floor=1),
            "it opens with nothing, which its own bounds would not allow (L2)",
        ),
        (
            Account("new", "units", ceiling=-1),
            "it opens with nothing, which its own bounds would not allow (L2)",
        ),
        (
            Account("new", "units", floor=0.5),  # type: ignore[arg-type]
            f"floor 0.5 is no bound: a whole number within ±{AMOUNT_MAX:,} is, or none (L17)",
        ),
        (
            Account("new", "units", ceiling=AMOUNT_MAX + 1),
            (
                f"ceiling {AMOUNT_MAX + 1} is no bound: a whole number within ±{AMOUNT_MAX:,} is,"
                " or none (L17)"
            ),
        ),
        (
            Account("new\n", "units"),
            "name and unit must be printable text, not empty, at most 500 letters",
        ),
        (
            Account("new", ""),
            "name and unit must be printable text, not empty, at most 500 letters",
        ),
    ],
)
def test_an_account_that_cannot_be_is_not_opened(
    refusing: Journal, account: Account, message: str
) -> None:
    before = state(refusing)
    with pytest.raises(LedgerError) as caught:
        post(refusing, "e", opens=(account,))
    (fault,) = caught.value.faults
    assert fault.message == message
    assert state(refusing) == before


def test_at_most_a_hundred_faults_are_told(journal: Journal) -> None:
    with pytest.raises(LedgerError) as caught:
        post(journal, "e", *(move(f"t{n}", "pool", "drawn", 0) for n in range(150)))
    assert len(caught.value.faults) == 100


def test_the_largest_amount_passes(journal: Journal) -> None:
    """Between accounts that have moved nothing yet, since sums end where amounts do."""
    opens = Account("source", "units", floor=None), Account("sink", "units")
    post(journal, "e", move("t", "source", "sink", AMOUNT_MAX), opens=opens)
    assert balances(journal)["source"][0] == -AMOUNT_MAX
    assert balances(journal)["sink"][0] == AMOUNT_MAX


# Records.


def test_a_record_has_versions_of_which_the_newest_counts(journal: Journal) -> None:
    first, second = {"name": "Acme", "share": [1, 3]}, {"name": "Acme 株式会社"}
    post(journal, "e", records=(Record("party", "acme", first), Record("party", "b", {})))
    post(journal, "f", records=(Record("party", "acme", second),))
    with journal.reading() as view:
        assert view.record("party", "acme") == second
        assert view.find("party", "none") is None
        assert view.find("licence", "acme") is None
        assert view.ids("party") == ["acme", "b"]
        assert view.records("party") == {"acme": second, "b": {}}
        assert view.records("party", until=3) == {"acme": first, "b": {}}
        assert view.records("party", until=2) == {}
        assert view.versions("party", "acme") == [(3, first), (4, second)]
        with pytest.raises(UnknownName, match="there is no company 'acne'; did you mean acme"):
            view.record("party", "acne", thing="company")


def test_a_large_event_is_recorded_in_the_order_in_which_it_was_given(journal: Journal) -> None:
    transfers = [move(f"t{n}", "world", "drawn", n + 1) for n in range(2_345)]
    post(journal, "e", *transfers)
    assert balances(journal)["drawn"][0] == 2_345 * 2_346 // 2
    assert post(journal, "e", *transfers).repeated
    with pytest.raises(LedgerError, match="transfers differs"):
        post(journal, "e", *reversed(transfers))
