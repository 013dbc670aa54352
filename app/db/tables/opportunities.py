"""One role pursued by one client at one company. There is no status here: it is looked up in `ghosting_step`."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, SmallInteger, String, Text, Uuid, desc

from app.db.base import PERSONAL, at_most, belongs_to, code_points, instant, one_of, record_table, tenant_table, values
from app.db.vocabulary import OpportunityKind, OpportunitySource

opportunity = record_table(
    "opportunity",
    Column("client_id", Uuid, nullable=False),
    Column("company_id", Uuid, nullable=False),
    Column("title", Text, nullable=False, info=PERSONAL),
    Column("title_key", code_points, nullable=False, info=PERSONAL),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("url", Text, info=PERSONAL),
    Column("location", Text, info=PERSONAL),
    Column("requisition_id", Text, info=PERSONAL),
    Column("salary_min", BigInteger, info=PERSONAL),
    Column("salary_max", BigInteger, info=PERSONAL),
    Column("currency", String(3), info=PERSONAL),
    Column("deleted_at", instant),
    at_most("title", 200),
    at_most("url", 2048),
    at_most("location", 200),
    at_most("requisition_id", 100),
    one_of("kind", values(OpportunityKind)),
    one_of("source", values(OpportunitySource)),
    CheckConstraint("salary_min >= 0 and salary_max >= 0 and salary_min <= salary_max", name="salary"),
    CheckConstraint("currency is not null or (salary_min is null and salary_max is null)", name="salary_currency"),
    belongs_to("client", "client_id"),
    belongs_to("company", "company_id"),
    Index(None, "practice_id", "client_id"),
    Index(None, "practice_id", "company_id"),
    Index("ix_opportunity_practice_id_updated_at_id", "practice_id", desc("updated_at"), "id"),
    Index(None, "practice_id", "created_at", "id"),
)

opportunity_contact = tenant_table(
    "opportunity_contact",
    Column("opportunity_id", Uuid, primary_key=True),
    Column("contact_id", Uuid, primary_key=True),
    Column("position", SmallInteger, nullable=False),
    belongs_to("opportunity", "opportunity_id"),
    belongs_to("contact", "contact_id"),
    Index(None, "practice_id", "contact_id"),
)
