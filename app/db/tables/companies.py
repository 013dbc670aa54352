"""Employers and agencies, and the people met there."""

from sqlalchemy import Column, Index, Text, UniqueConstraint, Uuid

from app.db.base import PERSONAL, at_most, belongs_to, code_points, one_of, record_table, values
from app.db.vocabulary import ContactRole

company = record_table(
    "company",
    Column("name", Text, nullable=False),
    Column("name_key", code_points, nullable=False),
    Column("search_key", code_points, nullable=False),
    Column("domain", Text),
    at_most("name", 200),
    UniqueConstraint("practice_id", "name_key"),
    Index(None, "practice_id", "created_at", "id"),
)

contact = record_table(
    "contact",
    Column("company_id", Uuid),
    Column("name", Text, nullable=False, info=PERSONAL),
    Column("name_key", code_points, nullable=False, info=PERSONAL),
    Column("role", Text, nullable=False),
    Column("email", Text, info=PERSONAL),
    Column("phone", Text, info=PERSONAL),
    Column("title", Text, info=PERSONAL),
    Column("profile_url", Text, info=PERSONAL),
    Column("notes", Text, info=PERSONAL),
    at_most("name", 200),
    at_most("email", 254),
    at_most("phone", 32),
    at_most("title", 200),
    at_most("profile_url", 2048),
    at_most("notes", 4000),
    one_of("role", values(ContactRole)),
    belongs_to("company", "company_id"),
    Index(None, "practice_id", "company_id"),
    Index(None, "practice_id", "created_at", "id"),
    Index(None, "practice_id", "name_key", "id"),
)
