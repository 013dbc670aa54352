"""What an erasure leaves, and what an export may hold.

The id of an erased client stays taken, so that no device that still remembers the person brings them back under it. And
what an interaction said while it was for coaches only stays hidden after it has been shared: the wall so far looked at
the interaction as it is now, not at the former version, which an export shows for the first time. A client's own export
also tells how they sign in, so their login may read that.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import protect_v1

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


OWN_LOGIN = {
    "login": "client_id = (select current_client())",
    "invitation": "client_id = (select current_client())",
    "login_session": (
        "exists (select from login l where l.practice_id = login_session.practice_id "
        "and l.id = login_session.login_id and l.client_id = (select current_client()))"
    ),
}


def upgrade() -> None:
    op.create_table(
        "erased_client",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_erased_client_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_erased_client"),
    )
    protect_v1("erased_client", verbs=("SELECT", "INSERT"))
    op.execute(
        "CREATE POLICY shared_then ON interaction_revision AS RESTRICTIVE TO app_tenant "
        "USING (former ->> 'visibility' = 'shared' "
        "OR (select current_actor() IN ('owner', 'admin', 'coach', 'system')))"
    )
    for table, condition in OWN_LOGIN.items():
        op.execute(
            f"CREATE POLICY own_export ON {table} FOR SELECT TO app_tenant "
            f"USING ((select current_actor() = 'client') AND {condition})"
        )


def downgrade() -> None:
    for table in OWN_LOGIN:
        op.execute(f"DROP POLICY own_export ON {table}")
    op.execute("DROP POLICY shared_then ON interaction_revision")
    op.drop_table("erased_client")
