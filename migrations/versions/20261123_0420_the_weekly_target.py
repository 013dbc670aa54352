"""How many new openings a practice asks of each of its clients in a week; a plan measures by it, 0 asks for none.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("practice", sa.Column("weekly_target", sa.SmallInteger(), server_default="5", nullable=False))
    op.create_check_constraint("ck_practice_weekly_target", "practice", "weekly_target between 0 and 50")


def downgrade() -> None:
    op.drop_column("practice", "weekly_target")
