"""A wait keeps the date that it was promised, also where a word in between hands the promise on to the next one.

A promise that was already over was handed on too, and counted nowhere. Which waits that were is known to the fold alone,
so the timelines with a promise are computed anew.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# The first step of a timeline that has begun is over, so no answer tells of its number.
OUTDATE = """
UPDATE ghosting_step s SET rules_version = 0
WHERE s.seq = 0 AND s.ends_at IS NOT NULL AND EXISTS (
    SELECT FROM interaction i
    WHERE i.practice_id = s.practice_id AND i.opportunity_id = s.opportunity_id
        AND i.reply_by IS NOT NULL AND i.voided_at IS NULL
)"""
# As enqueue_job of revision 0006 does it, for every practice that has such.
REBUILD = """
WITH made AS (
    INSERT INTO pgqueuer (priority, entrypoint, payload, headers, status)
    SELECT 0, 'rebuild', convert_to(jsonb_build_object('practice_id', id)::text, 'UTF8'), 'null', 'queued' FROM practice p
    WHERE EXISTS (SELECT FROM ghosting_step s WHERE s.practice_id = p.id AND s.seq = 0 AND s.rules_version = 0)
    RETURNING id
)
INSERT INTO pgqueuer_log (job_id, status, entrypoint, priority) SELECT id, 'queued', 'rebuild', 0 FROM made"""


def upgrade() -> None:
    op.add_column("silence", sa.Column("handed_on", sa.Boolean(), nullable=False, server_default=sa.false()))
    _force("NO FORCE")
    op.execute(OUTDATE)
    op.execute(REBUILD)
    _force("FORCE")


def downgrade() -> None:
    # As it was kept before: the wait that hands a promise on has none.
    op.execute("ALTER TABLE silence NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE silence SET promised_on = NULL WHERE handed_on")
    op.execute("ALTER TABLE silence FORCE ROW LEVEL SECURITY")
    op.drop_column("silence", "handed_on")


def _force(how: str) -> None:
    for table in ("ghosting_step", "interaction", "practice"):
        op.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY")
