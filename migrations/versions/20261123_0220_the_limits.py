"""How often a credential, a practice, an address and an account may call: one row for each, counted in place.

The counts are Postgres's, so they are the same for every worker. They are worth a minute, hence UNLOGGED: nothing of
them is written to the log of the database or waits for a disk, and a crash forgives everybody. A bucket's name is a digest,
for an address or an e-mail would be personal data.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate_window",
        sa.Column("bucket", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name="pk_rate_window"),
        prefixes=["UNLOGGED"],
    )
    # Rewritten with each request: with room on its page a count needs no new index entry, and no vacuum soon.
    op.execute("ALTER TABLE rate_window SET (fillfactor = 50)")
    op.create_index("ix_rate_window_started_at", "rate_window", ["started_at"], unique=False)
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON rate_window TO app_auth")


def downgrade() -> None:
    op.drop_table("rate_window")
