"""How often a credential, a practice, an address and an account may call: one row for each, counted in place.

The counts are Postgres's, so they are the same for every worker. They are worth a minute, hence UNLOGGED: nothing of
them is written to the log of the database or waits for a disk, and a crash forgives everybody. A bucket's name is a digest,
for an address or an e-mail would be personal data.

Everybody who counts into a bucket waits for whoever counts into it just then. So counting is a function call and nothing
else, a transaction of its own that the service's login may make as it is: the wait lasts as long as the function runs,
and not until an event loop comes round to send a commit. Callers always take their own row first and the shared one then,
so they never wait in a circle.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# A window opens with its first request and lasts a minute. A clock that is a little behind counts into the open one; a
# window from further ahead is one of a clock that was set back since.
COUNT = """
CREATE FUNCTION rate_count(counted bytea, adds integer, moment timestamptz, OUT spent integer, OUT started_at timestamptz)
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.rate_window AS held (bucket, started_at, spent) VALUES (counted, moment, adds)
    ON CONFLICT (bucket) DO UPDATE SET
        spent = adds + CASE
            WHEN held.started_at > moment - interval '1 minute' AND held.started_at < moment + interval '1 minute'
            THEN held.spent ELSE 0 END,
        started_at = CASE
            WHEN held.started_at > moment - interval '1 minute' AND held.started_at < moment + interval '1 minute'
            THEN held.started_at ELSE moment END
    RETURNING held.spent, held.started_at INTO rate_count.spent, rate_count.started_at;
END $$"""
# What a caller has no place for is not counted for what it shares with others.
CALLER = """
CREATE FUNCTION rate_count_caller(
    own bytea, own_limit integer, shared bytea, moment timestamptz,
    OUT own_spent integer, OUT own_started_at timestamptz, OUT shared_spent integer, OUT shared_started_at timestamptz
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT spent, started_at INTO own_spent, own_started_at FROM public.rate_count(own, 1, moment);
    IF own_spent <= own_limit THEN
        SELECT spent, started_at INTO shared_spent, shared_started_at FROM public.rate_count(shared, 1, moment);
    END IF;
END $$"""
# Each attempt to sign in may leave three rows behind, and forgets up to ten that closed long ago.
VISITOR = """
CREATE FUNCTION rate_count_visitor(own bytea, moment timestamptz, OUT own_spent integer, OUT own_started_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT spent, started_at INTO own_spent, own_started_at FROM public.rate_count(own, 1, moment);
    DELETE FROM public.rate_window WHERE bucket IN (
        SELECT bucket FROM public.rate_window WHERE started_at < moment - interval '10 minutes'
        ORDER BY started_at LIMIT 10 FOR UPDATE SKIP LOCKED
    );
END $$"""
# Beyond its share an address adds nothing to an account, but is told what that holds.
ACCOUNT = """
CREATE FUNCTION rate_count_account(
    pair bytea, share integer, account bytea, moment timestamptz,
    OUT account_spent integer, OUT account_started_at timestamptz, OUT counted boolean
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    counted := (SELECT spent FROM public.rate_count(pair, 1, moment)) <= share;
    SELECT spent, started_at INTO account_spent, account_started_at FROM public.rate_count(account, counted::integer, moment);
END $$"""
DOORS = (
    "rate_count_caller(bytea, integer, bytea, timestamptz)",
    "rate_count_visitor(bytea, timestamptz)",
    "rate_count_account(bytea, integer, bytea, timestamptz)",
)


def upgrade() -> None:
    op.create_table(
        "rate_window",
        sa.Column("bucket", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name="pk_rate_window"),
        prefixes=["UNLOGGED"],
    )
    # Rewritten with each request: with room on its page a count needs no new index entry, and no vacuum soon.
    op.execute("ALTER TABLE rate_window SET (fillfactor = 50)")
    op.create_index("ix_rate_window_started_at", "rate_window", ["started_at"], unique=False)
    for function in (COUNT, CALLER, VISITOR, ACCOUNT):
        op.execute(function)
    op.execute("REVOKE EXECUTE ON FUNCTION rate_count(bytea, integer, timestamptz) FROM PUBLIC")
    for door in DOORS:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {door} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {door} TO crickets_app")


def downgrade() -> None:
    for function in (*DOORS, "rate_count(bytea, integer, timestamptz)"):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("rate_window")
