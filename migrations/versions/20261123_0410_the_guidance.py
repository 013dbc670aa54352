"""What people make of advice: decisions, their own actions, wins, and what builds credentials.

The id of a computed action follows from its opportunity and key, that of a derived win from what raised it. Whoever sees
a client sees these of the client, save for wins that rest on an interaction for coaches only.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import protect_v1

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# A UUID of version 8 from SHA-256, as RFC 9562 describes it: a server in FIPS mode has neither MD5 nor SHA-1.
DERIVED_ID = """
CREATE FUNCTION derived_id(practice uuid, about uuid, key text) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ select overlay(overlay(substr(encode(sha256(convert_to(
    practice::text || about::text || key, 'UTF8')), 'hex'), 1, 32) placing '8' from 13) placing '8' from 17)::uuid $$"""
# As enqueue_job of revision 0006 does it, for every practice at once.
REBUILD = """
WITH made AS (
    INSERT INTO pgqueuer (priority, entrypoint, payload, headers, status)
    SELECT 0, 'rebuild', convert_to(jsonb_build_object('practice_id', id)::text, 'UTF8'), 'null', 'queued' FROM practice
    RETURNING id
)
INSERT INTO pgqueuer_log (job_id, status, entrypoint, priority) SELECT id, 'queued', 'rebuild', 0 FROM made"""
SEEN = "(case when (select sees_every_client()) or {} then true end) is not null"
THEIRS = "client_id = (select current_client()) or client_id in (select assigned_clients())"
ON_SEEN = "opportunity_id in (select visible_opportunities())"
NOT_HIDDEN = (
    "(select current_actor() in ('owner', 'admin', 'coach', 'system')) or exists (select from interaction i "
    "where i.practice_id = derived_win.practice_id and i.id = derived_win.interaction_id)"
)
OF_A_CLIENT = ("next_action", "win", "development_activity")
OF_AN_OPPORTUNITY = ("action_decision", "derived_win", "activity_opportunity")
STAGES = "stage in ('lead', 'applied', 'screening', 'interviewing', 'final_round', 'offer')"
WINS = (
    "kind in ('first_reply', 'interview', 'final_round', 'offer', 'further_stage', 'thank_you_on_time', "
    "'followed_up_once', 'development_done', 'other')"
)


def upgrade() -> None:
    op.execute(DERIVED_ID)
    action_id = sa.Computed("derived_id(practice_id, opportunity_id, action_key)", persisted=True)
    op.add_column("ghosting_step", sa.Column("action_id", sa.Uuid(), action_id, nullable=True))
    _index("ghosting_step", "action_id")
    _actions()
    _wins()
    _activities()
    for table in OF_A_CLIENT:
        protect_v1(table, client_rows="client_id = (select current_client())")
        _restrict(table, "assigned", SEEN.format(THEIRS))
    for table in OF_AN_OPPORTUNITY:
        update = ("UPDATE",) if table == "action_decision" else ()
        protect_v1(table, verbs=("SELECT", "INSERT", *update, "DELETE"), client_rows="true")
        _restrict(table, "assigned", SEEN.format(ON_SEEN))
    _restrict("derived_win", "coaches_only", NOT_HIDDEN)
    _ask_for_wins()


def _restrict(table: str, policy: str, condition: str) -> None:
    op.execute(f"CREATE POLICY {policy} ON {table} AS RESTRICTIVE TO app_tenant USING ({condition})")


def downgrade() -> None:
    for table in (*OF_AN_OPPORTUNITY, *OF_A_CLIENT):
        op.drop_table(table)
    op.drop_index("ix_ghosting_step_practice_id_action_id", table_name="ghosting_step")
    op.drop_column("ghosting_step", "action_id")
    op.execute("DROP FUNCTION derived_id")


def _ask_for_wins() -> None:
    """Have what there is computed anew by the job that follows a new policy; until then its wins are missing."""
    _force("NO FORCE")
    # The first step of a timeline that has begun is over, so no answer tells of its number.
    op.execute("UPDATE ghosting_step SET rules_version = 0 WHERE seq = 0 AND ends_at IS NOT NULL")
    op.execute(REBUILD)
    _force("FORCE")


def _force(how: str) -> None:
    for table in ("ghosting_step", "practice"):
        op.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY")


def _actions() -> None:
    op.create_table(
        "next_action",
        *_ids("practice_id", "id", "client_id"),
        sa.Column("opportunity_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        *_decided("next_action"),
        *_stamps(),
        *_lengths("next_action", title=200),
        *_keys("next_action", client=True, opportunity=True),
    )
    _index("next_action", "client_id", "due_on")
    _index("next_action", "opportunity_id")
    op.create_index(
        "ix_next_action_undone",
        "next_action",
        ["practice_id", "due_on", "client_id"],
        postgresql_where=sa.text("state in ('open', 'snoozed')"),
    )
    op.create_table(
        "action_decision",
        *_ids("practice_id", "id", "opportunity_id"),
        sa.Column("action_key", sa.Text(), nullable=False),
        *_decided("action_decision"),
        *_stamps(),
        *_keys("action_decision", opportunity=True),
    )
    _index("action_decision", "opportunity_id")


def _wins() -> None:
    op.create_table(
        "derived_win",
        *_ids("practice_id", "opportunity_id"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("interaction_id", sa.Uuid(), nullable=False),
        sa.Column(
            "id",
            sa.Uuid(),
            sa.Computed(
                "derived_id(practice_id, opportunity_id, (kind || ':'::text) || interaction_id::text)", persisted=True
            ),
            nullable=False,
        ),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.CheckConstraint(STAGES, name="ck_derived_win_stage"),
        sa.CheckConstraint(WINS, name="ck_derived_win_kind"),
        *_keys("derived_win", "opportunity_id", "kind", "interaction_id", opportunity=True),
    )
    _index("derived_win", "id")
    op.create_table(
        "win",
        *_ids("practice_id", "id", "client_id"),
        sa.Column("opportunity_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        *_stamps(),
        *_lengths("win", note=2000, title=200),
        *_keys("win", client=True, opportunity=True),
    )
    _index("win", "client_id", "occurred_on")
    _index("win", "opportunity_id")


def _activities() -> None:
    op.create_table(
        "development_activity",
        *_ids("practice_id", "id", "client_id"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("started_on", "due_on", "finished_on")),
        sa.Column("hours_per_week", sa.SmallInteger(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("evidence_url", "credential", "notes")),
        *_stamps(),
        *_lengths("development_activity", credential=200, evidence_url=2048, notes=4000, title=200),
        sa.CheckConstraint(
            "kind in ('course', 'certification', 'skill', 'portfolio', 'volunteering', 'stretch_assignment', "
            "'job_crafting', 'networking', 'other')",
            name="ck_development_activity_kind",
        ),
        sa.CheckConstraint("status in ('planned', 'active', 'done', 'dropped')", name="ck_development_activity_status"),
        *_keys("development_activity", client=True),
    )
    _index("development_activity", "client_id")
    _index("development_activity", "created_at", "id")
    op.create_table(
        "activity_opportunity",
        *_ids("practice_id", "activity_id", "opportunity_id"),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        _belongs("activity_opportunity", "development_activity", "activity_id"),
        *_keys("activity_opportunity", "activity_id", "opportunity_id", opportunity=True),
    )
    _index("activity_opportunity", "opportunity_id")


def _decided(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("dismiss_reason", sa.Text(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_type", sa.Text(), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        *_lengths(table, dismiss_reason=2000),
        sa.CheckConstraint("assignee in ('client', 'coach')", name=f"ck_{table}_assignee"),
        sa.CheckConstraint("state in ('open', 'done', 'snoozed', 'dismissed')", name=f"ck_{table}_state"),
        sa.CheckConstraint("accepted_by_type in ('member', 'client', 'import')", name=f"ck_{table}_accepted_by_type"),
    ]


def _ids(*names: str) -> list[sa.schema.SchemaItem]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in names]


def _lengths(table: str, **most: int) -> list[sa.schema.SchemaItem]:
    return [
        sa.CheckConstraint(f"char_length({column}) <= {length}", name=f"ck_{table}_{column}_length")
        for column, length in most.items()
    ]


def _stamps() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_practice_id_{'_'.join(columns)}", table, ["practice_id", *columns])


def _belongs(table: str, other: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["practice_id", column], [f"{other}.practice_id", f"{other}.id"], name=f"fk_{table}_{other}"
    )


def _keys(table: str, *primary: str, client: bool = False, opportunity: bool = False) -> list[sa.schema.SchemaItem]:
    keys: list[sa.schema.SchemaItem] = [_belongs(table, "client", "client_id")] if client else []
    keys += [_belongs(table, "opportunity", "opportunity_id")] if opportunity else []
    return [
        *keys,
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=f"fk_{table}_practice"),
        sa.PrimaryKeyConstraint("practice_id", *(primary or ("id",)), name=f"pk_{table}"),
    ]
