"""Lists by status pass over what has ended: most of a practice's steps have, and a list read them all (ADR 18).

Revision ID: 0021
Revises: 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NAME, KEY = "ix_ghosting_step_practice_id_status_ends_at", "(practice_id, status, ends_at)"
FORMER, FORMER_KEY = "ix_ghosting_step_practice_id_status_starts_at", "(practice_id, status, starts_at)"


def upgrade() -> None:
    op.execute(f"CREATE INDEX {NAME} ON ghosting_step {KEY} INCLUDE (starts_at, opportunity_id)")
    op.execute(f"DROP INDEX {FORMER}")


def downgrade() -> None:
    op.execute(f"CREATE INDEX {FORMER} ON ghosting_step {FORMER_KEY} INCLUDE (ends_at, opportunity_id)")
    op.execute(f"DROP INDEX {NAME}")
