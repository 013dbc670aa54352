"""Uploaded job-search logs: what was found in each row, and what was made of it."""

from sqlalchemy import ARRAY, Column, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from app.db.base import PERSONAL, belongs_to, one_of, record_table, tenant_table, values
from app.db.vocabulary import ImportState, RowAction

import_file = record_table(
    "import_file",
    Column("client_id", Uuid, nullable=False),
    Column("format", Text, nullable=False),
    Column("date_order", Text),
    Column("state", Text, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("warnings", ARRAY(Text), nullable=False, info=PERSONAL),
    one_of("state", values(ImportState)),
    belongs_to("client", "client_id"),
    Index(None, "practice_id", "created_at", "id"),
    Index(None, "practice_id", "client_id"),
)

#: `draft` is what the reader found (the plan of the commit); `made` lists what the commit made, for the undo.
import_row = tenant_table(
    "import_row",
    Column("import_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("action", Text, nullable=False),
    Column("opportunity_id", Uuid),
    Column("contact_id", Uuid),
    Column("values", JSONB, nullable=False, info=PERSONAL),
    Column("source_status", Text, info=PERSONAL),
    Column("problems", JSONB, nullable=False, info=PERSONAL),
    Column("draft", JSONB, nullable=False, info=PERSONAL),
    Column("made", JSONB, nullable=False),
    one_of("action", values(RowAction)),
    belongs_to("import_file", "import_id"),
)
