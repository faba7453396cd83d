"""A prospect: a ledger as it will stand once the rows of a file so far are posted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from headworks.ledger.journal.account import Account, Standing
from headworks.ledger.journal.event import Record as Version
from headworks.ledger.journal.view import View

if TYPE_CHECKING:
    from headworks.ledger.journal.transfer import Hold, Transfer


class Prospect(View):
    """A view that asks the store for each thing once, and sees what is not yet posted.

    Rules that are written for a view hold for the rows of a file one after the other, and no row
    needs a query of its own.
    """

    def __init__(self, view: View) -> None:
        super().__init__(view.connection)
        self._view = view
        self._standings: dict[str, Standing] = {}
        self._absent: set[str] = set()
        self._records: dict[tuple[str, str], dict[str, Any] | None] = {}
        self._kinds: dict[str, dict[str, dict[str, Any]]] = {}
        self._transfers: dict[str, Transfer] = {}
        self._holds_known: dict[str, Hold | None] = {}
        self.changed: dict[tuple[str, str], Version] = {}
        """Records that are new, or have a new version, by kind and id."""
        self.opened: dict[str, Account] = {}
        """Accounts that are to be opened, by name."""

    def fork(self) -> Prospect:
        """Return a prospect that goes on from here, and leaves this one as it is."""
        other = Prospect(self._view)
        other._standings = {name: one.copy() for name, one in self._standings.items()}
        other._absent = set(self._absent)
        # What is only known is shared: either may learn more for both.
        other._records = self._records
        other._kinds = {kind: dict(found) for kind, found in self._kinds.items()}
        other._transfers, other._holds_known = self._transfers, dict(self._holds_known)
        other.changed, other.opened = dict(self.changed), dict(self.opened)
        return other

    def standings(self, names: Iterable[str]) -> dict[str, Standing]:
        """Return the accounts that there are among `names`, with what is not yet posted."""
        wanted = list(dict.fromkeys(names))
        new = [name for name in wanted if name not in self._standings and name not in self._absent]
        if new:
            found = self._view.standings(new)
            self._standings.update(found)
            self._absent.update(name for name in new if name not in found)
        return {name: self._standings[name] for name in wanted if name in self._standings}

    def all_standings(self, beginning: str = "") -> list[Standing]:
        """Return all accounts whose names begin so, with what is not yet posted."""
        stored = {one.account.name: one for one in self._view.all_standings(beginning)}
        opened = (name for name in self.opened if name.startswith(beginning))
        return [
            self._standings.setdefault(name, stored[name]) if name in stored
            else self._standings[name]
            for name in dict.fromkeys([*stored, *opened])
        ]  # fmt: skip

    def stored(self, names: Iterable[str]) -> dict[str, Standing]:
        """Return the accounts that there are among `names` as they stand now."""
        return self._view.standings(names)

    def find(self, kind: str, name: str) -> dict[str, Any] | None:
        """Return the newest version of a record, the file's own among them."""
        if (changed := self.changed.get((kind, name))) is not None:
            return changed.body
        if (kind, name) not in self._records:
            self._records[kind, name] = self._view.find(kind, name)
        return self._records[kind, name]

    def records(self, kind: str, *, until: int | None = None) -> dict[str, dict[str, Any]]:
        """Return the newest version of every record of a kind, the file's own among them."""
        if until is not None:
            return self._view.records(kind, until=until)
        if kind not in self._kinds:
            own = {name: one.body for (of, name), one in self.changed.items() if of == kind}
            self._kinds[kind] = {**self._view.records(kind), **own}
        return self._kinds[kind]

    def transfers(self, ids: Sequence[str]) -> list[Transfer]:
        """Return transfers in the order of `ids`, the file's own among them."""
        new = [name for name in ids if name not in self._transfers]
        if new:
            self._transfers.update((one.id, one) for one in self._view.transfers(new))
        return [self._transfers[name] for name in ids if name in self._transfers]

    def holds(self, ids: Iterable[str]) -> dict[str, Hold]:
        """Return the open holds among `ids`, without those that the file ends."""
        wanted = list(dict.fromkeys(ids))
        new = [name for name in wanted if name not in self._holds_known]
        if new:
            found = self._view.holds(new)
            self._holds_known.update((name, found.get(name)) for name in new)
        held = {name: self._holds_known[name] for name in wanted}
        return {name: one for name, one in held.items() if one is not None}

    def newest(self, kind: str, names: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return the newest versions of records, the file's own among them."""
        wanted = list(names)
        self.expect(kind, wanted)
        found = {name: self.find(kind, name) for name in wanted}
        return {name: body for name, body in found.items() if body is not None}

    def expect(self, kind: str, names: Iterable[str]) -> None:
        """Ask the store for many records of a kind at once."""
        wanted = sorted({name for name in names if (kind, name) not in self._records})
        found = self._view.newest(kind, wanted) if wanted else {}
        self._records.update(((kind, name), found.get(name)) for name in wanted)

    def put(self, kind: str, name: str, body: dict[str, Any]) -> None:
        """Give a record a new version."""
        self.changed[kind, name] = Version(kind, name, body)
        if kind in self._kinds:
            self._kinds[kind][name] = body

    def open(self, accounts: Iterable[Account]) -> None:
        """Open accounts, unless they are open."""
        for one in accounts:
            if one.name not in self.standings([one.name]):
                self.opened[one.name] = one
                self._absent.discard(one.name)
                self._standings[one.name] = Standing(one, 0)

    def post(self, transfer: Transfer) -> None:
        """Move the sums of a transfer's accounts, whatever their bounds, and end its hold."""
        self._transfers[transfer.id] = transfer
        held = self.holds([transfer.holds]).get(transfer.holds) if transfer.holds else None
        if held is not None:
            self._holds_known[transfer.holds] = None
            sums = self.standings((held.debit, held.credit))
            sums[held.debit].debits_pending -= held.amount
            sums[held.credit].credits_pending -= held.amount
        if transfer.kind in {"posted", "post"}:
            self.shift(transfer.debit, transfer.credit, transfer.amount)

    def take_back(self, transfer: Transfer) -> None:
        """Undo `post` of a transfer that ended no hold."""
        self.shift(transfer.credit, transfer.debit, transfer.amount)

    def shift(self, debit: str, credit: str, amount: int) -> None:
        """Move the sums of two accounts, if they are there, whatever their bounds."""
        giver, taker = self._standings.get(debit), self._standings.get(credit)
        if giver is None or taker is None:
            sums = self.standings((debit, credit))
            giver, taker = sums.get(debit), sums.get(credit)
        if giver is not None and taker is not None:
            giver.debits_posted += amount
            taker.credits_posted += amount

    def broken(self, names: Iterable[str]) -> Iterator[str]:
        """Yield which of some accounts are beyond their bounds."""
        for name, one in self.standings(names).items():
            floor, ceiling = one.account.floor, one.account.ceiling
            if floor is not None and one.available < floor:
                yield f"{name} would be overdrawn by {floor - one.available:,} (L2)"
            if ceiling is not None and one.expected > ceiling:
                yield f"{name} would be overfilled by {one.expected - ceiling:,} (L2)"
