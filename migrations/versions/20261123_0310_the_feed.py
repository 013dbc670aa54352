"""What changed, for devices that were away: ids in the order in which transactions began, and who is told of them.

A row of `change` names a record, never what is in it; what a reader gets is fetched when they ask. A transaction that
began early may commit late, so readers stay below those still running: `(xid, seq)`, strictly under
`pg_snapshot_xmin`. Triggers write the rows (migrations/feed.py): nothing that changes a record can forget to.

A row is told to whoever saw the record right before or right after the change, so that "it is gone" says nothing to
anybody who never saw it. `change_reader` knows who sees whose records, and since when. There one's own practice in the
place of a member or a client stands for all of them.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import UserDefinedType
from typing_extensions import override

from migrations.feed import BODIES_V1, functions_v1
from migrations.readers import HELPERS_V1, READERS_V1, RECORDS_V1, SINCE_V1
from migrations.tenancy import protect_v1

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

#: What the triggers read, as the owner of the schema. Without a practice (a migration, a repair by hand) they read all
#: of it: each row leads to others of its own practice only.
READ = ("practice", "member", "client", "client_coach", "company", "opportunity", "opportunity_contact", "interaction")
MINE = "(select current_practice()) is null or {column} = (select current_practice())"
# For the locks that two of the triggers take.
LOCKED = ("practice", "company")

#: Whom the caller sees at all, now: a look at a set, before the look at when. Its own policies hold the practice.
SEEN = "select r.client_id from change_reader r where r.member_id in ((select current_member()), r.practice_id)"
FOR_CLIENTS = "(client_id = (select current_client()) and audience in ('all', 'client') or type = 'practice')"
TOLD = """
(select current_actor() = 'system')
or (shared or (select current_actor() in ('owner', 'admin', 'coach'))) and case
    when (select current_actor() = 'client') then true
    when member_id is not null then member_id = (select current_member())
    when audience = 'limited' then (select current_actor() in ('coach', 'assistant'))
    when audience = 'client' then false
    else client_id is null or (client_id in ({seen}) or practice_id in ({seen})) and exists (
        select from change_reader r where r.practice_id = change.practice_id
            and r.member_id in ((select current_member()), r.practice_id)
            and r.client_id in (change.client_id, r.practice_id)
            and (r.origin <> (select feed_origin()) or not pg_visible_in_snapshot(change.xid, r.since)))
end"""
#: Everybody who sees something sees it from now on, as far as the feed is concerned: it has nothing from before.
BACKFILL = """
INSERT INTO change_reader (practice_id, member_id, client_id)
SELECT id, id, id FROM practice WHERE coach_access = 'practice'
UNION ALL SELECT practice_id, id, practice_id FROM member WHERE role IN ('owner', 'admin')
UNION ALL SELECT practice_id, member_id, client_id FROM client_coach"""


class _Type(UserDefinedType[object]):
    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    @override
    def get_col_spec(self, **_: object) -> str:
        return self.name


def upgrade() -> None:
    _tables()
    for statement in (RECORDS_V1, *READERS_V1):
        op.execute(statement)
    for name, arguments in HELPERS_V1.items():
        op.execute(f"REVOKE EXECUTE ON FUNCTION {name}({arguments}) FROM PUBLIC")
    for table in READ:
        mine = MINE.format(column="id" if table == "practice" else "practice_id")
        op.execute(f"CREATE POLICY feed ON {table} FOR SELECT TO CURRENT_USER USING ({mine})")
    for table in LOCKED:
        mine = MINE.format(column="id" if table == "practice" else "practice_id")
        op.execute(f"CREATE POLICY feed_lock ON {table} FOR UPDATE TO CURRENT_USER USING ({mine}) WITH CHECK (false)")
    op.execute(BACKFILL)
    for statement in functions_v1(BODIES_V1):
        op.execute(statement)
    # A restore that puts the files of a server back leaves no other trace: whoever did it draws another number.
    op.execute("CREATE SEQUENCE change_generation AS bigint")
    op.execute("GRANT SELECT ON change_generation TO app_tenant")


def _tables() -> None:
    op.create_table(
        "change",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("xid", _Type("xid8"), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("audience", sa.Text(), server_default="all", nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("audience in ('all', 'limited', 'member', 'client')", name=op.f("ck_change_audience")),
        sa.PrimaryKeyConstraint("practice_id", "xid", "seq", name="pk_change"),
    )
    op.create_index(
        "ix_change_client",
        "change",
        ["practice_id", "client_id", "xid", "seq"],
        unique=False,
        postgresql_where=sa.text("client_id IS NOT NULL AND member_id IS NULL"),
    )
    op.create_index(
        "ix_change_practice",
        "change",
        ["practice_id", "xid", "seq"],
        unique=False,
        postgresql_where=sa.text("type = 'practice'"),
    )
    for statement in SINCE_V1:
        op.execute(statement)
    op.create_table(
        "change_reader",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("since", _Type("pg_snapshot"), server_default=sa.text("feed_since()"), nullable=False),
        sa.Column("origin", sa.Text(), server_default=sa.text("feed_origin()"), nullable=False),
        sa.PrimaryKeyConstraint("practice_id", "member_id", "client_id", name="pk_change_reader"),
    )
    protect_v1("change_reader", verbs=("SELECT",))
    own = "(select current_actor() = 'system') or member_id in ((select current_member()), practice_id)"
    op.execute(f"CREATE POLICY own ON change_reader AS RESTRICTIVE TO app_tenant USING ({own})")
    protect_v1("change", verbs=("SELECT",), client_rows=FOR_CLIENTS)
    op.execute(f"CREATE POLICY told ON change AS RESTRICTIVE TO app_tenant USING ({TOLD.format(seen=SEEN)})")
    for table in ("change", "change_reader"):
        mine = MINE.format(column="practice_id")
        op.execute(f"CREATE POLICY feed ON {table} TO CURRENT_USER USING ({mine}) WITH CHECK ({mine})")


def downgrade() -> None:
    op.execute("DROP SEQUENCE change_generation")
    for table, event in BODIES_V1:
        op.execute(f"DROP TRIGGER tell_{event} ON {table}")
        op.execute(f"DROP FUNCTION tell_{table}_{event}()")
    for table in LOCKED:
        op.execute(f"DROP POLICY feed_lock ON {table}")
    for table in READ:
        op.execute(f"DROP POLICY feed ON {table}")
    op.execute("DROP POLICY told ON change")
    op.drop_table("change_reader")
    op.execute("DROP FUNCTION feed_origin()")
    op.drop_table("change")
    for name, arguments in reversed(HELPERS_V1.items()):
        op.execute(f"DROP FUNCTION {name}({arguments})")
