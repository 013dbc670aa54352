"""What was answered to requests that named a key, so that a retry is answered the same and does nothing.

An answer may hold secrets and personal data: it is sealed by the service with a key that is made, among other things, of
the caller's own Idempotency-Key, which is not here. What is here besides is a digest to find it by, until when it is kept,
and of which records it speaks, so that an erasure finds it.

Whoever claims a key holds a lock on it until the transaction ends, the effect and the answer with it. The claim is a
function because the look must come after the lock: a single statement would look at what was there before it waited.

Visitors, who sign in or reset a password, have no practice yet; their answers are behind the door of app_auth.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import protect_v1

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# `is_there` with no `sealed`: it was done, and what was answered has been erased.
CLAIM = """
CREATE FUNCTION claim_answer(
    practice uuid, digest bytea, lock bigint, moment timestamptz,
    OUT is_free boolean, OUT is_there boolean, OUT about uuid[], OUT sealed bytea
) LANGUAGE plpgsql AS $$
BEGIN
    is_there := false;
    is_free := pg_try_advisory_xact_lock(lock);
    IF is_free THEN
        SELECT true, kept.about, kept.sealed INTO is_there, claim_answer.about, claim_answer.sealed
        FROM public.kept_answer kept
        WHERE kept.practice_id = practice AND kept.key_digest = digest AND kept.kept_until > moment;
        is_there := coalesce(is_there, false);
    END IF;
END $$"""
CLAIM_OF_VISITOR = """
CREATE FUNCTION claim_visitor_answer(
    digest bytea, lock bigint, moment timestamptz, OUT is_free boolean, OUT sealed bytea
) LANGUAGE plpgsql AS $$
BEGIN
    is_free := pg_try_advisory_xact_lock(lock);
    IF is_free THEN
        SELECT kept.sealed INTO claim_visitor_answer.sealed
        FROM public.visitor_answer kept WHERE kept.key_digest = digest AND kept.kept_until > moment;
    END IF;
END $$"""


def upgrade() -> None:
    op.create_table(
        "kept_answer",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("key_digest", sa.LargeBinary(), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_kept_answer_practice"),
        sa.PrimaryKeyConstraint("practice_id", "key_digest", name="pk_kept_answer"),
    )
    op.create_index("ix_kept_answer_practice_id_kept_until", "kept_answer", ["practice_id", "kept_until"], unique=False)
    protect_v1("kept_answer", client_rows="caller_id = (select current_client())")
    op.create_table(
        "visitor_answer",
        sa.Column("key_digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_digest", name="pk_visitor_answer"),
    )
    op.create_index("ix_visitor_answer_kept_until", "visitor_answer", ["kept_until"], unique=False)
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON visitor_answer TO app_auth")
    op.execute(CLAIM)
    op.execute(CLAIM_OF_VISITOR)


def downgrade() -> None:
    op.execute("DROP FUNCTION claim_visitor_answer(bytea, bigint, timestamptz)")
    op.execute("DROP FUNCTION claim_answer(uuid, bytea, bigint, timestamptz)")
    op.drop_table("visitor_answer")
    op.drop_table("kept_answer")
