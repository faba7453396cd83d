"""The tables as queries see them; the migrations make them, and a test holds both equal."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

METADATA = MetaData()
SUMS = ("debits_posted", "credits_posted", "debits_pending", "credits_pending")

head = Table(
    "head",
    METADATA,
    Column("id", Integer, CheckConstraint("id = 1", name="head_is_one_row"), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("recorded_at", Text, nullable=False),
    *(
        Column(name, Integer, nullable=False, server_default="0")
        for name in ("opens", "rebounds", "records")
    ),
)
"""The last event: the row that every writer locks first, so that the order has no gap. It counts
what its event is still to write, so that no account, bound or record comes without one."""

event = Table(
    "event",
    METADATA,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    # `right` alone is a word of SQL.
    Column("by_right", Text, nullable=False),
    Column("second", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("effective_on", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("transfers", Integer, nullable=False),
    Column("last_transfer", BigInteger, nullable=False),
    Column("transfers_hash", LargeBinary, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("id", name="event_id_once"),
    CheckConstraint("second <> actor", name="event_second_is_another"),
    CheckConstraint(
        "second <> '' OR by_right NOT IN ('award.confirm', 'waiver.grant', 'licence.revoke')",
        name="event_by_two_persons",
    ),
)

account = Table(
    "account",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("floor", BigInteger),
    Column("ceiling", BigInteger),
    Column("open_from", Text),
    Column("open_until", Text),
    Column("debits_posted", BigInteger, nullable=False, server_default="0"),
    Column("credits_posted", BigInteger, nullable=False, server_default="0"),
    Column("debits_pending", BigInteger, nullable=False, server_default="0"),
    Column("credits_pending", BigInteger, nullable=False, server_default="0"),
    # Number of the last transfer that moved the sums: no other may move them, and none twice.
    Column("moved_by", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("name", name="account_name_once"),
    CheckConstraint(
        " AND ".join(f"{name} >= 0 AND {name} <= 4611686018427387904" for name in SUMS),
        name="account_sums_are_amounts",
    ),
)

transfer = Table(
    "transfer",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("id", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("debit", BigInteger, nullable=False),
    Column("credit", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("effective_on", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("holds", Text),
    Column("times_out_at", Text),
    Column("reverses", Text),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("id", name="transfer_id_once"),
    CheckConstraint("debit <> credit", name="transfer_joins_two_accounts"),
    CheckConstraint("amount > 0 AND amount <= 9007199254740991", name="transfer_amount_in_range"),
    CheckConstraint(
        "kind = 'posted' AND holds IS NULL"
        " OR kind = 'pending' AND holds IS NULL AND reverses IS NULL"
        " OR kind IN ('post', 'void', 'timeout') AND holds IS NOT NULL AND reverses IS NULL",
        name="transfer_kind_says_what_it_does",
    ),
    CheckConstraint(
        "times_out_at IS NULL OR kind = 'pending'", name="transfer_times_out_if_pending"
    ),
    Index(
        "transfer_reversed_once",
        "reverses",
        unique=True,
        sqlite_where=text("reverses IS NOT NULL"),
        postgresql_where=text("reverses IS NOT NULL"),
    ),
    Index(
        "hold_ended_once",
        "holds",
        unique=True,
        sqlite_where=text("holds IS NOT NULL"),
        postgresql_where=text("holds IS NOT NULL"),
    ),
)
"""Transfers, numbered through: those of an event are the last `transfers` up to its
`last_transfer`. Triggers check accounts and event, so that no foreign key is looked up twice."""

hold = Table(
    "hold",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("debit", BigInteger, nullable=False),
    Column("credit", BigInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("times_out_at", Text),
    Index("hold_by_time", "times_out_at"),
)
"""Pending transfers that have not ended; written by triggers alone."""

record = Table(
    "record",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("seq", BigInteger, ForeignKey("event.seq"), primary_key=True),
    Column("body", Text, nullable=False),
    Index("record_by_event", "seq"),
)
"""Every version of what is no account, newest by `seq`."""
