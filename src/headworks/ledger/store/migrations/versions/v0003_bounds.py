"""Version 0003: accounts, bounds and records come by events alone, and bounds may be moved in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from headworks.ledger.store.migrations.statements import run_statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
DUE = ("opens", "rebounds", "records")
"""What of the last event is not yet written: accounts, bounds and records."""
WITHIN = {
    "account_is_not_overdrawn": (
        "floor IS NULL OR credits_posted - debits_posted - debits_pending >= floor"
    ),
    "account_is_not_overfilled": (
        "ceiling IS NULL OR credits_posted + credits_pending - debits_posted <= ceiling"
    ),
}
"""Checks that would keep an event from moving a bound past what is there."""
REPLACED: dict[str, dict[str, tuple[str, ...]]] = {
    "v0001_journal": {
        "sqlite": (
            "head_follows_events", "event_follows", "event_leads", "account_is_kept",
            "account_keeps_its_name", "account_opens_empty", "account_bounds_are_whole",
            "account_moves_by_transfers", "transfer_is_sound", "transfer_posts", "transfer_holds",
            "transfer_ends",
        ),
        "postgresql": (
            "event_follows", "event_is_whole", "account_opens_empty", "transfer_moves",
        ),
    },
    "v0002_records": {
        "sqlite": ("record_belongs_to_its_event",),
        "postgresql": ("record_belongs_to_its_event",),
    },
}  # fmt: skip
"""Triggers and functions that are made anew, or that a table which is made anew takes with it."""


def upgrade() -> None:
    """Let the head count what its event is still to write, and triggers hold the bounds."""
    dialect = op.get_bind().dialect.name
    for name in (name for names in REPLACED.values() for name in names[dialect]):
        op.get_bind().exec_driver_sql(
            f"DROP TRIGGER {name}" if dialect == "sqlite" else f"DROP FUNCTION {name}() CASCADE"
        )
    op.drop_index("transfer_by_debit", "transfer")
    for name in DUE:
        op.add_column("head", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    if dialect == "sqlite":
        _made_anew({})
    else:
        for name in WITHIN:
            op.drop_constraint(name, "account", type_="check")
    run_statements("v0003_bounds")


def downgrade() -> None:
    """Hold the bounds by checks again; an account that is outside of its own stops it."""
    dialect = op.get_bind().dialect.name
    run_statements("v0003_bounds", down=True)
    for name in DUE:
        op.drop_column("head", name)
    if dialect == "sqlite":
        _made_anew(WITHIN)
    else:
        for name, check in WITHIN.items():
            op.create_check_constraint(name, "account", check)
    op.create_index("transfer_by_debit", "transfer", ["debit", "effective_on"])
    for module, names in REPLACED.items():
        run_statements(module, only=names[dialect])


def _made_anew(checks: dict[str, str]) -> None:
    """Make SQLite's table of accounts with other checks, which it cannot change."""
    sums = ("debits_posted", "credits_posted", "debits_pending", "credits_pending")
    bounded = " AND ".join(f"{name} >= 0 AND {name} <= 4611686018427387904" for name in sums)
    op.create_table(
        "account_new",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "unit")),
        *(sa.Column(name, sa.BigInteger) for name in ("floor", "ceiling")),
        *(sa.Column(name, sa.Text) for name in ("open_from", "open_until")),
        *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in sums),
        sa.Column("moved_by", sa.BigInteger, nullable=False, server_default="0"),
        sa.UniqueConstraint("name", name="account_name_once"),
        *(sa.CheckConstraint(check, name=name) for name, check in checks.items()),
        sa.CheckConstraint(bounded, name="account_sums_are_amounts"),
    )
    op.get_bind().exec_driver_sql("INSERT INTO account_new SELECT * FROM account")
    op.drop_table("account")
    op.rename_table("account_new", "account")
