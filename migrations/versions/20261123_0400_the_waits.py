"""What a practice learns from: the waits of each opportunity.

Waits are written together with the steps, by the same computation. Those of timelines that are there already are read
off their steps, which lack a wait that was answered within the instant it began (a sheet with dates only has such); the
next change of such a timeline computes its waits anew.

What a practice has learnt is the same for every reader, also for one who sees a single client. So `practice_waits` runs
as the owner; the service makes sums of what it returns and shows nothing else. It is asked with every verdict, for the
waits of those clients only whose waits have changed since a snapshot of which the asking process remembers everything.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import protect_v1

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WAITS = (
    "'application', 'outreach', 'introduction', 'contact', 'assessment', 'screening', 'interviewing', 'final_round', "
    "'verbal_offer'"
)
SEEN = (
    "(case when (select sees_every_client()) or opportunity_id in (select visible_opportunities()) then true end) "
    "is not null"
)
MINE = "practice_id = (select current_practice())"
# A number that is not of this cluster, as after a restore, is older than everything.
NEWS = """
CREATE FUNCTION practice_waits(remembered text) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    practice uuid := public.current_practice();
    known pg_snapshot := remembered::pg_snapshot;
    people uuid[];
    waits json;
BEGIN
    IF known IS NULL THEN
        SELECT json_agg(json_build_array(client_id, company_id, wait, started_at, started_on, ended_at, ended_on, ending))
        INTO waits FROM public.silence WHERE practice_id = practice;
    ELSE
        people := ARRAY(
            SELECT DISTINCT client_id FROM public.silence_change
            WHERE practice_id = practice AND written >= pg_snapshot_xmin(known)::text::bigint
                AND NOT pg_visible_in_snapshot(written::text::xid8, known)
                AND (
                    written < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
                    OR written = pg_current_xact_id_if_assigned()::text::bigint
                )
        );
        IF people = '{}' THEN
            RETURN NULL;
        END IF;
        SELECT json_agg(json_build_array(client_id, company_id, wait, started_at, started_on, ended_at, ended_on, ending))
        INTO waits FROM public.silence WHERE practice_id = practice AND client_id = ANY (people);
    END IF;
    RETURN json_build_object(
        'now', now(),
        'snapshot', pg_current_snapshot(),
        'people', to_json(people),
        'zones', (
            SELECT json_object_agg(id, time_zone) FROM public.client
            WHERE practice_id = practice AND (people IS NULL OR id = ANY (people))
        ),
        'waits', waits
    );
END $$"""
# Of steps in which the employer owes an answer, neighbours with the same beginning are one wait.
BACKFILL = """
WITH run AS (
    SELECT practice_id, opportunity_id, wait, silent_since, silent_on, min(starts_at) AS started_at,
        CASE WHEN bool_and(ends_at IS NOT NULL) THEN max(ends_at) END AS ended_at
    FROM ghosting_step WHERE silent_since IS NOT NULL
    GROUP BY practice_id, opportunity_id, wait, silent_since, silent_on
), ended AS (
    SELECT run.*, (
        SELECT CASE
            WHEN bool_or(i.kind IN ('interview', 'meeting', 'employer_message', 'request', 'verbal_offer', 'offer',
                'rejection', 'position_closed')) THEN 'reply'
            WHEN bool_or(i.kind = 'bounce') THEN 'bounce'
            WHEN bool_or(i.kind = 'hold') THEN 'hold'
            WHEN bool_or(i.kind = 'no_show') THEN 'no_show'
            ELSE 'candidate' END
        FROM interaction i
        WHERE i.practice_id = run.practice_id AND i.opportunity_id = run.opportunity_id AND i.voided_at IS NULL
            AND (i.occurred_at = run.ended_at OR i.arranged_at = run.ended_at)
    ) AS ending
    FROM run
)
INSERT INTO silence (practice_id, opportunity_id, seq, client_id, company_id, wait, started_at, started_on, ended_at,
    ended_on, ending)
SELECT e.practice_id, e.opportunity_id,
    row_number() OVER (PARTITION BY e.practice_id, e.opportunity_id ORDER BY e.started_at) - 1,
    o.client_id, o.company_id, e.wait, e.started_at, e.silent_on, e.ended_at,
    CASE WHEN e.ended_at IS NOT NULL THEN greatest(timezone(c.time_zone, e.ended_at)::date, e.silent_on) END,
    CASE WHEN e.ended_at IS NOT NULL THEN e.ending END
FROM ended e
JOIN opportunity o ON o.practice_id = e.practice_id AND o.id = e.opportunity_id AND o.deleted_at IS NULL
JOIN client c ON c.practice_id = o.practice_id AND c.id = o.client_id"""


def upgrade() -> None:
    op.create_table(
        "silence",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("wait", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.CheckConstraint(f"wait in ({WAITS})", name="ck_silence_wait"),
        sa.CheckConstraint("ending in ('reply', 'hold', 'no_show', 'candidate', 'bounce')", name="ck_silence_ending"),
        sa.ForeignKeyConstraint(
            ["practice_id", "opportunity_id"],
            ["opportunity.practice_id", "opportunity.id"],
            name="fk_silence_opportunity",
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_silence_practice"),
        sa.PrimaryKeyConstraint("practice_id", "opportunity_id", "seq", name="pk_silence"),
    )
    op.create_index("ix_silence_practice_id_client_id", "silence", ["practice_id", "client_id"], unique=False)
    op.create_index("ix_silence_practice_id_company_id", "silence", ["practice_id", "company_id"], unique=False)
    op.create_table(
        "silence_change",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("written", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_silence_change_practice"),
        sa.PrimaryKeyConstraint("practice_id", "client_id", "written", name="pk_silence_change"),
    )
    op.create_index("ix_silence_change_practice_id_written", "silence_change", ["practice_id", "written"], unique=False)
    _fill()
    protect_v1("silence", verbs=("SELECT", "INSERT", "DELETE"), client_rows="true")
    op.execute(f"CREATE POLICY assigned ON silence AS RESTRICTIVE TO app_tenant USING ({SEEN})")
    # Nobody is shown these; they are written by the computation of waits, for whom every client is there.
    protect_v1("silence_change")
    op.execute(
        "CREATE POLICY computed ON silence_change AS RESTRICTIVE TO app_tenant "
        "USING ((select current_actor() = 'system') OR (select sees_every_client()))"
    )
    for table in ("silence", "silence_change", "client"):
        op.execute(f"CREATE POLICY learning ON {table} FOR SELECT TO CURRENT_USER USING ({MINE})")
    op.execute(NEWS)
    op.execute("REVOKE EXECUTE ON FUNCTION practice_waits FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION practice_waits TO app_tenant")


def _fill() -> None:
    # Under FORCE the owner would find nothing to read from.
    tables = ("client", "ghosting_step", "interaction", "opportunity")
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(BACKFILL)
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("DROP FUNCTION practice_waits")
    op.execute("DROP POLICY learning ON client")
    op.drop_table("silence_change")
    op.drop_table("silence")
