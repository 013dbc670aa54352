"""Actions set by hand, noted wins and activities in the change feed; and since when each member has known what.

A coach who was an assistant in between hears of no interaction that came and went meanwhile between coaches, and who
joins a practice of nothing that was gone by then. So a row that stands for an older one says for which (`repeats`), and
`change_member` holds since when a member belongs to the practice and since when they know what coaches tell each other.

In `change_reader` the practice's own id stands for everybody, so that no client and no member may be called by it.

Who sees some clients only had every opportunity of the practice looked at for one interaction: now their own.

Revision ID: 0017
Revises: 0016
"""

from collections.abc import Collection

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import UserDefinedType
from typing_extensions import override

from migrations.feed import BODIES_V1, functions_v1
from migrations.feed_v2 import BODIES_V2, COACHES_ONLY_V2, LOST_V2, RECORDS_V2
from migrations.readers import READERS_V1, RECORDS_V1
from migrations.tenancy import protect_v1

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

#: What the triggers read from now on too, as the owner of the schema.
READ = ("next_action", "win", "development_activity", "activity_opportunity")
NAMED = ("client", "member")
MINE = "(select current_practice()) is null or practice_id = (select current_practice())"

SEEN = "select r.client_id from change_reader r where r.member_id in ((select current_member()), r.practice_id)"
KNOWN = """exists (
        select from change_member m where m.practice_id = change.practice_id
            and m.member_id = (select current_member()) and m.knows = '{what}'
            and (m.origin <> (select feed_origin()) or not pg_visible_in_snapshot({moment}, m.since)))"""
TOLD = """
(select current_actor() = 'system')
or (shared or (select current_actor() in ('owner', 'admin', 'coach')){between}) and case
    when (select current_actor() = 'client') then true
    when member_id is not null then member_id = (select current_member())
    when audience = 'limited' then {limited}
    when audience = 'client' then false
    else client_id is null or (client_id in ({seen}) or practice_id in ({seen})) and exists (
        select from change_reader r where r.practice_id = change.practice_id
            and r.member_id in ((select current_member()), r.practice_id)
            and r.client_id in (change.client_id, r.practice_id)
            and (r.origin <> (select feed_origin()) or not pg_visible_in_snapshot(change.xid, r.since)))
end"""
BETWEEN = " and " + KNOWN.format(what="coaches", moment="coalesce(change.repeats, change.xid)")
# What coaches and assistants were told is for those too who have become an owner or an admin since.
LIMITED = "(select current_actor() in ('coach', 'assistant'))"
PROMOTED = """exists (
        select from change_reader r where r.practice_id = change.practice_id and r.client_id = r.practice_id
            and r.member_id = (select current_member())
            and r.origin = (select feed_origin()) and pg_visible_in_snapshot(change.xid, r.since))"""
JOINED = "(repeats is null or {known})".format(known=KNOWN.format(what="practice", moment="change.repeats"))
#: A release that knows other types makes every device start again: nobody asks for rows from before.
BACKFILL = """
INSERT INTO change_member (practice_id, member_id, knows)
SELECT practice_id, id, 'practice' FROM member
UNION ALL SELECT practice_id, id, 'coaches' FROM member WHERE role <> 'assistant'"""

# Asked for by those only who do not see every client; the policy of opportunity has the last word all the same.
VISIBLE_V1 = """
CREATE OR REPLACE FUNCTION visible_opportunities() RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 500 AS $$
BEGIN
    RETURN QUERY SELECT id FROM public.opportunity WHERE practice_id = current_practice();
END $$"""
VISIBLE_V2 = """
CREATE OR REPLACE FUNCTION visible_opportunities() RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 500 AS $$
BEGIN
    IF sees_every_client() THEN
        RETURN QUERY SELECT id FROM public.opportunity WHERE practice_id = current_practice();
    ELSE
        RETURN QUERY SELECT id FROM public.opportunity WHERE practice_id = current_practice()
            AND client_id = ANY (ARRAY(SELECT assigned_clients() UNION ALL SELECT current_client()));
    END IF;
END $$"""

_LOST = "feed_lost(uuid, uuid, uuid[], uuid[], pg_snapshot)"
_COACHES_ONLY, _MORE = "feed_coaches_only(uuid, uuid, boolean{})", ", pg_snapshot"


class _Type(UserDefinedType[object]):
    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    @override
    def get_col_spec(self, **_: object) -> str:
        return self.name


def upgrade() -> None:
    op.add_column("change", sa.Column("repeats", _Type("xid8"), nullable=True))
    _table()
    told = f"({LIMITED} or {PROMOTED}) and {JOINED}"
    op.execute(f"ALTER POLICY told ON change USING ({TOLD.format(seen=SEEN, between=BETWEEN, limited=told)})")
    for table in READ:
        op.execute(f"CREATE POLICY feed ON {table} FOR SELECT TO CURRENT_USER USING ({MINE})")
    for name in NAMED:
        op.execute(f"ALTER TABLE {name} ADD CONSTRAINT ck_{name}_id_free CHECK (id <> practice_id)")
    _take_away(BODIES_V1.keys() & BODIES_V2.keys())
    for statement in functions_v1(BODIES_V2):
        op.execute(statement)
    _write_anew(_COACHES_ONLY.format(""), COACHES_ONLY_V2, _COACHES_ONLY.format(_MORE))
    _write_anew(_LOST, LOST_V2, _LOST)
    op.execute(RECORDS_V2)
    op.execute(BACKFILL)
    op.execute(VISIBLE_V2)


def _table() -> None:
    op.create_table(
        "change_member",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("knows", sa.Text(), nullable=False),
        sa.Column("since", _Type("pg_snapshot"), server_default=sa.text("feed_since()"), nullable=False),
        sa.Column("origin", sa.Text(), server_default=sa.text("feed_origin()"), nullable=False),
        sa.CheckConstraint("knows in ('practice', 'coaches')", name=op.f("ck_change_member_knows")),
        sa.PrimaryKeyConstraint("practice_id", "member_id", "knows", name="pk_change_member"),
    )
    protect_v1("change_member", verbs=("SELECT",))
    own = "(select current_actor() = 'system') or member_id = (select current_member())"
    op.execute(f"CREATE POLICY own ON change_member AS RESTRICTIVE TO app_tenant USING ({own})")
    op.execute(f"CREATE POLICY feed ON change_member TO CURRENT_USER USING ({MINE}) WITH CHECK ({MINE})")


def _take_away(places: Collection[tuple[str, str]]) -> None:
    for table, event in sorted(places):
        op.execute(f"DROP TRIGGER tell_{event} ON {table}")
        op.execute(f"DROP FUNCTION tell_{table}_{event}()")


def _write_anew(gone: str, statement: str, made: str) -> None:
    op.execute(f"DROP FUNCTION {gone}")
    op.execute(statement)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {made} FROM PUBLIC")


def downgrade() -> None:
    op.execute(VISIBLE_V1)
    op.execute(RECORDS_V1.replace("CREATE", "CREATE OR REPLACE", 1))
    former = {
        name: text for text in READERS_V1 for name in ("feed_lost(", "feed_coaches_only(") if f"FUNCTION {name}" in text
    }
    _write_anew(_LOST, former["feed_lost("], _LOST)
    _write_anew(_COACHES_ONLY.format(_MORE), former["feed_coaches_only("], _COACHES_ONLY.format(""))
    _take_away(BODIES_V2)
    for statement in functions_v1({place: BODIES_V1[place] for place in BODIES_V2 if place in BODIES_V1}):
        op.execute(statement)
    for name in NAMED:
        op.execute(f"ALTER TABLE {name} DROP CONSTRAINT ck_{name}_id_free")
    for table in READ:
        op.execute(f"DROP POLICY feed ON {table}")
    op.execute(f"ALTER POLICY told ON change USING ({TOLD.format(seen=SEEN, between='', limited=LIMITED)})")
    op.drop_table("change_member")
    op.drop_column("change", "repeats")
