"""Version 0002: versions of parties, licences and the like, made again from the events."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from headworks.ledger.store.migrations.statements import run_statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CHUNK = 500


def upgrade() -> None:
    """Make the table of records, and fill it with what the events say."""
    record = op.create_table(
        "record",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, sa.ForeignKey("event.seq"), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", "seq"),
    )
    op.create_index("record_by_event", "record", ["seq"])
    rows = op.get_bind().execute(sa.text("SELECT seq, body FROM event ORDER BY seq"))
    for part in rows.partitions(CHUNK):
        found = [
            {"kind": kind, "id": name, "seq": seq, "body": _canonical(body)}
            for seq, text in part
            for kind, name, body in json.loads(text).get("records", ())
        ]
        if found:
            op.get_bind().execute(record.insert(), found)
    run_statements("v0002_records")


def downgrade() -> None:
    """Take the table away; the events still say all that was in it."""
    run_statements("v0002_records", down=True)
    op.drop_table("record")


def _canonical(body: object) -> str:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
