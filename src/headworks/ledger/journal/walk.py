"""The walk through an event's transfers, one after the other, that finds all that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from headworks.errors import Fault, did_you_mean, nearest
from headworks.ledger.journal.account import AMOUNT_MAX, Standing
from headworks.ledger.journal.transfer import ENDS, KINDS, Hold, Transfer

SHOWN_MAX = 100
"""Faults after which a walk ends: more would not be read."""
TEXT_MAX = 500


@dataclass(slots=True)
class Walk:
    """The state that transfers meet, moved along by each one that is sound."""

    standings: dict[str, Standing]
    """Accounts by name, as they stand; the walk moves their sums."""
    holds: dict[str, Hold]
    """Pending transfers that have not ended, by id."""
    reversible: dict[str, Transfer]
    """Posted transfers that contras name, by id, if there are such and none was undone before; the
    walk adds what it posts, and takes out what it undoes."""
    taken: set[str]
    """Ids of transfers that are recorded already."""
    effective_on: str
    """ISO day of the event."""
    now: str
    """Moment of recording, as UTC text."""
    faults: list[Fault] = field(default_factory=list)

    def go(self, transfers: Iterable[Transfer]) -> None:
        """Walk through the transfers; what is wrong with them is in `faults` afterwards."""
        for number, transfer in enumerate(transfers, start=1):
            if self.is_plain(transfer) or not (wrong := list(self.wrong(transfer))):
                self._move(transfer)
                self.taken.add(transfer.id)
                continue
            self.taken.add(transfer.id)
            self.faults += [
                Fault("transfers", number, transfer.id, message, remedy)
                for message, remedy in wrong
            ]
            if len(self.faults) >= SHOWN_MAX:
                return

    def is_plain(self, transfer: Transfer) -> bool:
        """Whether a transfer posts at once, on no days of its own, and nothing is wrong with it.

        Nearly all are so, and need no closer look; `wrong` says the same of them, more slowly.
        """
        amount, words = transfer.amount, transfer.id + transfer.code + transfer.reference
        giver, taker = self.standings.get(transfer.debit), self.standings.get(transfer.credit)
        if (
            giver is None
            or taker is None
            or giver is taker
            or type(amount) is not int
            or not 0 < amount <= AMOUNT_MAX
            or transfer.kind != "posted"
            or transfer.holds
            or transfer.reverses
            or transfer.times_out_at
            or transfer.id in self.taken
            or not (transfer.id and transfer.code)
            or len(words) > TEXT_MAX
            or not words.isprintable()
        ):
            return False
        gives, takes = giver.account, taker.account
        return (
            gives.unit == takes.unit
            and giver.debits_posted + giver.debits_pending + amount <= AMOUNT_MAX
            and taker.credits_posted + taker.credits_pending + amount <= AMOUNT_MAX
            and gives.open_from is gives.open_until is None
            and (
                gives.floor is None
                or giver.credits_posted - giver.debits_posted - giver.debits_pending - amount
                >= gives.floor
            )
            and (
                takes.ceiling is None
                or taker.credits_posted + taker.credits_pending - taker.debits_posted + amount
                <= takes.ceiling
            )
        )

    def wrong(self, transfer: Transfer) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with a transfer, each with the way out."""
        yield from wrong_words(transfer)
        amount = transfer.amount
        if type(amount) is not int or not 0 < amount <= AMOUNT_MAX:
            yield (
                f"{amount!r} is no amount: a whole number from 1 to {AMOUNT_MAX:,} is (L17)",
                "give the pool's smallest unit",
            )
            return
        if transfer.id in self.taken:
            yield f"a transfer {transfer.id!r} is recorded already (L5)", "give each its own id"
        giver, taker = self.standings.get(transfer.debit), self.standings.get(transfer.credit)
        if giver is None or taker is None:
            unknown = transfer.debit if giver is None else transfer.credit
            near = did_you_mean(nearest(unknown, self.standings))
            yield f"there is no account {unknown!r}{near}", "open it first, or mend the name"
            return
        if giver is taker:
            yield f"{transfer.debit} gives to itself (L1)", "name two accounts of one unit"
            return
        if giver.account.unit != taker.account.unit:
            yield (
                (
                    f"{transfer.debit} counts {giver.account.unit} and {transfer.credit} counts "
                    f"{taker.account.unit}: a transfer joins two accounts of one unit (L1)"
                ),
                "name two accounts of one unit",
            )
            return
        if transfer.kind in ENDS and transfer.holds:
            yield from self._wrong_end(transfer)
        elif transfer.reverses:
            yield from self._wrong_contra(transfer, giver)
        else:
            yield from self._out_of_days(transfer, giver)
            yield from _out_of_bounds(transfer, giver, taker)
        yield from _too_much(transfer, giver, taker)

    def _wrong_end(self, transfer: Transfer) -> Iterator[tuple[str, str]]:
        hold = self.holds.get(transfer.holds)
        if hold is None:
            yield (
                f"there is no open hold {transfer.holds!r}: it never was, or it has ended (L6)",
                "see `headworks ledger balance --holds`",
            )
            return
        if (hold.debit, hold.credit) != (transfer.debit, transfer.credit):
            yield f"the hold {hold.id!r} joins {hold.debit} and {hold.credit} (L6)", "name these"
        if transfer.amount > hold.amount or (
            transfer.kind != "post" and transfer.amount != hold.amount
        ):
            yield (
                (
                    f"the hold {hold.id!r} is of {hold.amount:,}, and {transfer.amount:,} are to "
                    f"be {'posted' if transfer.kind == 'post' else 'freed'} (L6)"
                ),
                "post at most what is held, or free all of it",
            )
        if transfer.kind == "post":
            if hold.times_out_at and hold.times_out_at <= self.now:
                yield f"the hold {hold.id!r} timed out at {hold.times_out_at} (L6)", "hold anew"
            yield from self._out_of_days(transfer, self.standings[hold.debit])

    def _wrong_contra(self, transfer: Transfer, giver: Standing) -> Iterator[tuple[str, str]]:
        undone = self.reversible.get(transfer.reverses)
        if undone is None:
            yield (
                (
                    f"there is no posted transfer {transfer.reverses!r} that could still be undone "
                    "(L8)"
                ),
                "name one that was posted, and not undone before",
            )
        elif (undone.debit, undone.credit, undone.amount) != (
            transfer.credit, transfer.debit, transfer.amount,
        ):  # fmt: skip
            yield (
                (
                    f"{undone.id!r} moved {undone.amount:,} from {undone.debit} to "
                    f"{undone.credit}, and its contra moves all of it back (L8)"
                ),
                "to correct a part, undo all and record what is right",
            )
        else:
            yield from _out_of_bounds(transfer, giver, self.standings[transfer.credit])

    def _out_of_days(self, transfer: Transfer, giver: Standing) -> Iterator[tuple[str, str]]:
        day = transfer.effective_on.isoformat() if transfer.effective_on else self.effective_on
        first, last = giver.account.open_from, giver.account.open_until
        name = giver.account.name
        if first is not None and day < first.isoformat():
            yield f"{name} opens on {first}, and this is of {day} (L10)", "wait for that day"
        elif last is not None and day >= last.isoformat():
            yield (
                f"{name} is closed since {last}, and this is of {day} (L10)",
                "what happened before that day may still be recorded under its own day",
            )

    def _move(self, transfer: Transfer) -> None:
        """Move the sums of both accounts."""
        giver, taker = self.standings[transfer.debit], self.standings[transfer.credit]
        amount = transfer.amount
        if transfer.kind == "pending":
            giver.debits_pending += amount
            taker.credits_pending += amount
            self.holds[transfer.id] = Hold(
                transfer.id, transfer.debit, transfer.credit, amount, transfer.times_out_at
            )
            return
        if transfer.holds:
            held = self.holds.pop(transfer.holds).amount
            giver.debits_pending -= held
            taker.credits_pending -= held
        if transfer.kind in {"posted", "post"}:
            giver.debits_posted += amount
            taker.credits_posted += amount
            if transfer.reverses:
                del self.reversible[transfer.reverses]
            else:
                self.reversible[transfer.id] = transfer


def _out_of_bounds(
    transfer: Transfer, giver: Standing, taker: Standing
) -> Iterator[tuple[str, str]]:
    floor, ceiling = giver.account.floor, taker.account.ceiling
    amount = transfer.amount
    if floor is not None and giver.available - amount < floor:
        yield (
            (
                f"{giver.account.name} has {giver.available - floor:,} {giver.account.unit} left"
                f"{_pending(giver.debits_pending)}, and {amount:,} are to leave it (L2)"
            ),
            "take less, or free what is held",
        )
    if ceiling is not None and taker.expected + amount > ceiling:
        yield (
            (
                f"{taker.account.name} may hold {ceiling:,} {taker.account.unit}, holds "
                f"{taker.expected:,}, and {amount:,} are to enter it (L2)"
            ),
            f"give at most {max(0, ceiling - taker.expected):,}",
        )


def _too_much(transfer: Transfer, giver: Standing, taker: Standing) -> Iterator[tuple[str, str]]:
    """Yield that the sum of all that ever left or entered an account would grow too large."""
    sums = (
        (giver, "left it", giver.debits_posted + giver.debits_pending),
        (taker, "entered it", taker.credits_posted + taker.credits_pending),
    )
    for one, way, there in sums:
        if transfer.kind not in ENDS and there + transfer.amount > AMOUNT_MAX:
            yield (
                (
                    f"{one.account.name} counts up to {AMOUNT_MAX:,} {one.account.unit}; {there:,} "
                    f"have {way} or are to, and {transfer.amount:,} more would pass that (L17)"
                ),
                "count in a larger unit, or go on with another account",
            )


def _pending(amount: int) -> str:
    return f" besides {amount:,} that are held" if amount else ""


def wrong_words(transfer: Transfer) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the texts of a transfer."""
    words = transfer.id + transfer.code + transfer.reference
    long = len(words) > TEXT_MAX
    if not words.isprintable() or long or not (transfer.id and transfer.code):
        yield (
            (
                f"id {transfer.id[:40]!r}, code {transfer.code[:40]!r} and reference "
                f"{transfer.reference[:40]!r} must be printable text, id and code not empty, "
                f"at most {TEXT_MAX} letters together"
            ),
            "mend the text",
        )
    if transfer.kind not in KINDS:
        yield f"there is no kind {transfer.kind!r} of transfer", f"say one of {', '.join(KINDS)}"
    elif (transfer.kind in ENDS) != bool(transfer.holds):
        yield (
            (
                f"a transfer of kind {transfer.kind!r} "
                f"{'ends a' if transfer.kind in ENDS else 'ends no'} hold (L6)"
            ),
            "post, void or time out a hold, and name its id",
        )
    elif (transfer.times_out_at and transfer.kind != "pending") or (
        transfer.reverses and transfer.kind != "posted"
    ):
        yield "only what is pending times out, and only what is posted reverses", "drop it"
