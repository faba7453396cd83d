"""Version 0001: the journal, with the triggers by which it guards itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from headworks.ledger.store.migrations.statements import run_statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables of the journal, and its triggers."""
    _head()
    _event()
    _account()
    _transfer()
    _hold()
    op.execute(
        sa.text(
            "INSERT INTO head (id, seq, hash, recorded_at) VALUES (1, 0, :zero, '')"
        ).bindparams(sa.bindparam("zero", bytes(32), sa.LargeBinary))
    )
    run_statements("v0001_journal")


def downgrade() -> None:
    """Take everything away: before the journal there is nothing."""
    run_statements("v0001_journal", down=True)
    for table in ("hold", "transfer", "account", "event", "head"):
        op.drop_table(table)


def _head() -> None:
    op.create_table(
        "head",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
        sa.CheckConstraint("id = 1", name="head_is_one_row"),
    )


def _event() -> None:
    words = ("id", "kind", "actor", "by_right", "second", "reason", "recorded_at", "effective_on")
    op.create_table(
        "event",
        sa.Column("seq", NUMBER, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in (*words, "body")),
        sa.Column("transfers", sa.Integer, nullable=False),
        sa.Column("last_transfer", sa.BigInteger, nullable=False),
        *(
            sa.Column(name, sa.LargeBinary, nullable=False)
            for name in ("transfers_hash", "previous", "hash")
        ),
        sa.UniqueConstraint("id", name="event_id_once"),
        sa.CheckConstraint("second <> actor", name="event_second_is_another"),
        sa.CheckConstraint(
            "second <> '' OR by_right NOT IN ('award.confirm', 'waiver.grant', 'licence.revoke')",
            name="event_by_two_persons",
        ),
    )


def _account() -> None:
    sums = ("debits_posted", "credits_posted", "debits_pending", "credits_pending")
    op.create_table(
        "account",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "unit")),
        *(sa.Column(name, sa.BigInteger) for name in ("floor", "ceiling")),
        *(sa.Column(name, sa.Text) for name in ("open_from", "open_until")),
        *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in sums),
        sa.Column("moved_by", sa.BigInteger, nullable=False, server_default="0"),
        sa.UniqueConstraint("name", name="account_name_once"),
        sa.CheckConstraint(
            "floor IS NULL OR credits_posted - debits_posted - debits_pending >= floor",
            name="account_is_not_overdrawn",
        ),
        sa.CheckConstraint(
            "ceiling IS NULL OR credits_posted + credits_pending - debits_posted <= ceiling",
            name="account_is_not_overfilled",
        ),
        sa.CheckConstraint(
            " AND ".join(f"{name} >= 0 AND {name} <= 4611686018427387904" for name in sums),
            name="account_sums_are_amounts",
        ),
    )


def _transfer() -> None:
    texts, optional = ("code", "effective_on", "reference"), ("holds", "times_out_at", "reverses")
    op.create_table(
        "transfer",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("debit", "credit", "amount")),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        *(sa.Column(name, sa.Text) for name in optional),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("id", name="transfer_id_once"),
        sa.CheckConstraint("debit <> credit", name="transfer_joins_two_accounts"),
        sa.CheckConstraint(
            "amount > 0 AND amount <= 9007199254740991", name="transfer_amount_in_range"
        ),
        sa.CheckConstraint(
            "kind = 'posted' AND holds IS NULL"
            " OR kind = 'pending' AND holds IS NULL AND reverses IS NULL"
            " OR kind IN ('post', 'void', 'timeout') AND holds IS NOT NULL AND reverses IS NULL",
            name="transfer_kind_says_what_it_does",
        ),
        sa.CheckConstraint(
            "times_out_at IS NULL OR kind = 'pending'", name="transfer_times_out_if_pending"
        ),
    )
    op.create_index("transfer_by_debit", "transfer", ["debit", "effective_on"])
    # Where nothing is reversed or ended, which is nearly always, these take no entry.
    for name, column in (("transfer_reversed_once", "reverses"), ("hold_ended_once", "holds")):
        given = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            name, "transfer", [column], unique=True, sqlite_where=given, postgresql_where=given
        )


def _hold() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("debit", "credit", "amount")),
        sa.Column("times_out_at", sa.Text),
    )
    op.create_index("hold_by_time", "hold", ["times_out_at"])
