"""The audit log as a chain of hashes, which grows at its end and nowhere else.

Every entry becomes a link: `audit_link.hash` is the SHA-256 of the link before, the number, and the entry in a form
that has one reading only; `audit_head` says how long the chain is, so that a cut tail is missed. Whoever changes, removes
or swaps entries behind our back breaks the chain, and `crickets verify-audit` says where.

A deferred trigger appends the link during the commit, when the transaction waits for nothing any more: writers of one
practice queue for the moment of the commit only, and no lock is ever taken after this one. It runs as the owner: the
service may read the chain but not forge it. `app/audit` computes the same hashes in Python, from the rows alone.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import protect_v1

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# `5:hello,` and `-,`: text and null can be told apart, and no text can look like the end of itself.
NETSTRING = """
CREATE FUNCTION audit_netstring(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    select coalesce(octet_length(value) || ':' || value || ',', '-,')
$$"""
# PL/pgSQL, because it keeps its plans: the same in SQL takes five times as long.
BODY = """
CREATE FUNCTION audit_body(entry audit_event) RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    fields text := '';
    field text;
BEGIN
    FOREACH field IN ARRAY entry.changed_fields LOOP
        fields := fields || public.audit_netstring(field);
    END LOOP;
    RETURN convert_to(
        public.audit_netstring(entry.practice_id::text)
        || public.audit_netstring(entry.id::text)
        || public.audit_netstring(((extract(epoch from entry.occurred_at) * 1000000)::bigint)::text)
        || public.audit_netstring(entry.actor_type)
        || public.audit_netstring(entry.actor_id::text)
        || public.audit_netstring(entry.api_key_id::text)
        || public.audit_netstring(entry.action)
        || public.audit_netstring(entry.resource_type)
        || public.audit_netstring(entry.resource_id::text)
        || public.audit_netstring(fields)
        || public.audit_netstring(entry.request_id::text),
        'UTF8');
END $$"""
APPEND = """
CREATE FUNCTION audit_append(entry audit_event) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    body bytea := public.audit_body(entry);
    made public.audit_head;
BEGIN
    INSERT INTO public.audit_head AS former (practice_id, seq, hash)
    VALUES (entry.practice_id, 1, sha256(decode(repeat('00', 32), 'hex') || int8send(1) || body))
    ON CONFLICT (practice_id) DO UPDATE SET
        seq = former.seq + 1,
        hash = sha256(former.hash || int8send(former.seq + 1) || body)
    RETURNING former.practice_id, former.seq, former.hash INTO made;
    INSERT INTO public.audit_link (practice_id, seq, event_id, hash)
    VALUES (entry.practice_id, made.seq, entry.id, made.hash);
END $$"""
CHAIN = """
CREATE FUNCTION chain_audit_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM public.audit_append(NEW);
    RETURN NULL;
END $$"""
REFUSE = """
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log only grows' USING ERRCODE = 'insufficient_privilege';
END $$"""

ON_GROWTH = """
CREATE CONSTRAINT TRIGGER chain AFTER INSERT ON audit_event DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION chain_audit_event()"""
ON_CHANGE = """
CREATE TRIGGER only_grows BEFORE {verbs} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"""
ON_HEAD = """
CREATE TRIGGER one_by_one BEFORE UPDATE ON audit_head FOR EACH ROW
WHEN (NEW.practice_id <> OLD.practice_id OR NEW.seq <> OLD.seq + 1) EXECUTE FUNCTION refuse_audit_change()"""
TRIGGERS = (
    ON_GROWTH,
    ON_CHANGE.format(table="audit_event", verbs="UPDATE OR DELETE OR TRUNCATE"),
    ON_CHANGE.format(table="audit_link", verbs="UPDATE OR DELETE OR TRUNCATE"),
    ON_CHANGE.format(table="audit_head", verbs="DELETE OR TRUNCATE"),
    ON_HEAD,
)
# Entries from before there was a chain, in the order in which they are listed.
BACKFILL = """
DO $$
DECLARE
    entry audit_event;
BEGIN
    FOR entry IN
        SELECT practice_id, id, occurred_at, actor_type, actor_id, api_key_id, action, resource_type, resource_id,
            changed_fields, request_id
        FROM audit_event ORDER BY practice_id, occurred_at, id
    LOOP
        PERFORM audit_append(entry);
    END LOOP;
END $$"""


def upgrade() -> None:
    _tables()
    for function in (NETSTRING, BODY, APPEND, CHAIN, REFUSE):
        op.execute(function)
    op.execute("REVOKE EXECUTE ON FUNCTION audit_append, chain_audit_event FROM PUBLIC")
    # Under FORCE the owner would find no entry at all, and succeed in chaining none.
    op.execute("ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY")
    op.execute(BACKFILL)
    op.execute("ALTER TABLE audit_event FORCE ROW LEVEL SECURITY")
    for table in ("audit_head", "audit_link"):
        protect_v1(table, verbs=("SELECT",))
        # The trigger's function is the owner's; the wall around the practice holds for it too.
        mine = "practice_id = (select current_practice())"
        op.execute(f"CREATE POLICY chain ON {table} TO CURRENT_USER USING ({mine}) WITH CHECK ({mine})")
    for trigger in TRIGGERS:
        op.execute(trigger)


def _tables() -> None:
    op.create_table(
        "audit_head",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_audit_head_practice"),
        sa.PrimaryKeyConstraint("practice_id", name="pk_audit_head"),
    )
    # Each commit writes this row anew: with room on its page no index has to follow.
    op.execute("ALTER TABLE audit_head SET (fillfactor = 50)")
    op.create_table(
        "audit_link",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_audit_link_practice"),
        sa.PrimaryKeyConstraint("practice_id", "seq", name="pk_audit_link"),
    )
    op.create_index("ix_audit_event_actor", "audit_event", ["practice_id", "actor_id", "occurred_at"], unique=False)
    # A record is asked for by its id, with its type or without.
    op.drop_index("ix_audit_event_resource", "audit_event")
    _index_resources(["practice_id", "resource_id", "occurred_at"])


def _index_resources(columns: list[str]) -> None:
    op.create_index("ix_audit_event_resource", "audit_event", columns, unique=False)


def downgrade() -> None:
    op.execute("DROP TRIGGER chain ON audit_event")
    op.execute("DROP TRIGGER only_grows ON audit_event")
    op.drop_index("ix_audit_event_actor", "audit_event")
    op.drop_index("ix_audit_event_resource", "audit_event")
    _index_resources(["practice_id", "resource_type", "resource_id", "occurred_at"])
    op.drop_table("audit_link")
    op.drop_table("audit_head")
    for function in (
        "refuse_audit_change()",
        "chain_audit_event()",
        "audit_append(audit_event)",
        "audit_body(audit_event)",
        "audit_netstring(text)",
    ):
        op.execute(f"DROP FUNCTION {function}")
