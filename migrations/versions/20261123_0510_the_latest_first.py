"""Lists begin with what was changed last: an index in just that order, ties included, so that nothing is sorted.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NAME = "ix_opportunity_practice_id_updated_at_id"


def upgrade() -> None:
    op.execute(f"DROP INDEX {NAME}")
    op.execute(f"CREATE INDEX {NAME} ON opportunity (practice_id, updated_at DESC, id)")


def downgrade() -> None:
    op.execute(f"DROP INDEX {NAME}")
    op.execute(f"CREATE INDEX {NAME} ON opportunity (practice_id, updated_at, id)")
