"""Accounts: units of one kind at one place, with the bounds that no posting may pass."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

AMOUNT_MAX = 2**53 - 1
"""Largest amount of one transfer and of one bound: what every reader of JSON holds exactly."""
DAY_LAST = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is opened: what is credited comes in, what is debited goes out.

    The balance is credits less debits. With a floor, the balance less pending debits stays at or
    above it; with a ceiling, the balance and pending credits stay at or below it. Both hold after
    every single transfer, and the database itself refuses what breaks them. An event may move a
    bound past what is there; from then on transfers can only lead back.
    """

    name: str
    unit: str
    """What is counted: `units`, `tpp`, `credits:h200`; a transfer joins accounts of one unit."""
    floor: int | None = 0
    """Least balance: 0 for what can be used up, minus a tolerance, None for a source of units."""
    ceiling: int | None = None
    """Largest balance, in the account's unit; None for no bound."""
    open_from: dt.date | None = None
    """First effective day on which it may be debited; None for any."""
    open_until: dt.date | None = None
    """First effective day on which it may be debited no more; None for no end."""

    def to_json(self) -> dict[str, Any]:
        """Return the account as the plain values that an event keeps."""
        plain = asdict(self)
        for key in ("open_from", "open_until"):
            day = plain[key]
            plain[key] = None if day is None else day.isoformat()
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Account:
        """Return an account from what an event keeps."""
        found = {key: plain[key] for key in (field.name for field in fields(cls))}
        for key in ("open_from", "open_until"):
            found[key] = None if found[key] is None else dt.date.fromisoformat(found[key])
        return cls(**found)


@dataclass(slots=True)
class Standing:
    """An account with what has been posted to it, and is pending on it."""

    account: Account
    number: int
    """Its key in the store."""
    debits_posted: int = 0
    credits_posted: int = 0
    debits_pending: int = 0
    credits_pending: int = 0

    @property
    def balance(self) -> int:
        """Credits less debits, without what is pending."""
        return self.credits_posted - self.debits_posted

    @property
    def available(self) -> int:
        """The balance less pending debits: what has neither left nor been reserved."""
        return self.balance - self.debits_pending

    @property
    def expected(self) -> int:
        """The balance with pending credits: what the ceiling is compared with."""
        return self.balance + self.credits_pending

    def to_json(self) -> dict[str, Any]:
        """Return the account and its sums as plain values."""
        return {
            **self.account.to_json(),
            "balance": self.balance,
            "available": self.available,
            "debits_posted": self.debits_posted,
            "credits_posted": self.credits_posted,
            "debits_pending": self.debits_pending,
            "credits_pending": self.credits_pending,
        }

    def copy(self) -> Standing:
        """Return a copy whose sums move by themselves."""
        return replace(self)
