"""What was a win until something took it back: a look at the time before still shows it.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# As in revision 0015: what there is was computed without these.
REBUILD = """
WITH made AS (
    INSERT INTO pgqueuer (priority, entrypoint, payload, headers, status)
    SELECT 0, 'rebuild', convert_to(jsonb_build_object('practice_id', id)::text, 'UTF8'), 'null', 'queued' FROM practice
    RETURNING id
)
INSERT INTO pgqueuer_log (job_id, status, entrypoint, priority) SELECT id, 'queued', 'rebuild', 0 FROM made"""


def upgrade() -> None:
    op.add_column("derived_win", sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True))
    _force("NO FORCE")
    op.execute("UPDATE ghosting_step SET rules_version = 0 WHERE seq = 0 AND ends_at IS NOT NULL")
    op.execute(REBUILD)
    _force("FORCE")


def downgrade() -> None:
    # Of those that were taken back the release before knows nothing.
    op.execute("ALTER TABLE derived_win NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM derived_win WHERE retracted_at IS NOT NULL")
    op.execute("ALTER TABLE derived_win FORCE ROW LEVEL SECURITY")
    op.drop_column("derived_win", "retracted_at")


def _force(how: str) -> None:
    for table in ("ghosting_step", "practice"):
        op.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY")
