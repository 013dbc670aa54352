"""Uploaded job-search logs.

Revision ID: 0005
Revises: "0004"
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import protect_v1

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_file",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("date_order", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.Column("warnings", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state in ('previewed', 'committed', 'undone')", name="ck_import_file_state"),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"], ["client.practice_id", "client.id"], name="fk_import_file_client"
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_import_file_practice"),
        sa.PrimaryKeyConstraint("practice_id", "id", name="pk_import_file"),
    )
    op.create_index("ix_import_file_practice_id_client_id", "import_file", ["practice_id", "client_id"], unique=False)
    op.create_index(
        "ix_import_file_practice_id_created_at_id", "import_file", ["practice_id", "created_at", "id"], unique=False
    )
    protect_v1("import_file")
    op.create_table(
        "import_row",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("opportunity_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("values", postgresql.JSONB(), nullable=False),
        sa.Column("source_status", sa.Text(), nullable=True),
        sa.Column("problems", postgresql.JSONB(), nullable=False),
        sa.Column("draft", postgresql.JSONB(), nullable=False),
        sa.Column("made", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("action in ('create', 'match', 'skip', 'error')", name="ck_import_row_action"),
        sa.ForeignKeyConstraint(
            ["practice_id", "import_id"],
            ["import_file.practice_id", "import_file.id"],
            name="fk_import_row_import_file",
        ),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name="fk_import_row_practice"),
        sa.PrimaryKeyConstraint("practice_id", "import_id", "number", name="pk_import_row"),
    )
    protect_v1("import_row")


def downgrade() -> None:
    op.drop_table("import_row")
    op.drop_table("import_file")
