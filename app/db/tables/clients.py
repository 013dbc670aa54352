"""The people coached, and who coaches them."""

from sqlalchemy import ARRAY, Boolean, CheckConstraint, Column, Index, Integer, SmallInteger, Text, Uuid

from app.db.base import PERSONAL, at_most, belongs_to, code_points, instant, one_of, record_table, tenant_table, values
from app.db.vocabulary import EmploymentStatus, LoginStatus

client = record_table(
    "client",
    Column("name", Text, nullable=False, info=PERSONAL),
    Column("name_key", code_points, nullable=False, info=PERSONAL),
    Column("email", Text, info=PERSONAL),
    Column("time_zone", Text, nullable=False, info=PERSONAL),
    Column("region", Text, info=PERSONAL),
    Column("employment_status", Text, nullable=False, info=PERSONAL),
    Column("hours_free_per_week", Integer, info=PERSONAL),
    Column("goals", ARRAY(Text), nullable=False, info=PERSONAL),
    Column("target_titles", ARRAY(Text), nullable=False, info=PERSONAL),
    Column("archived", Boolean, nullable=False),
    Column("login_status", Text, nullable=False, server_default=LoginStatus.NONE.value),
    at_most("name", 200),
    at_most("email", 254),
    one_of("employment_status", values(EmploymentStatus)),
    one_of("login_status", values(LoginStatus)),
    CheckConstraint("hours_free_per_week between 0 and 168", name="hours_free_per_week"),
    # The queue asks Postgres for the local date of every client: a zone that it does not know must not get in.
    CheckConstraint("timezone(time_zone, timestamptz '2000-01-01 00:00Z') is not null", name="time_zone_known"),
    # In the change feed the practice's own id stands for everybody.
    CheckConstraint("id <> practice_id", name="id_free"),
    Index(None, "practice_id", "created_at", "id"),
    Index(None, "practice_id", "name_key", "id"),
)

client_coach = tenant_table(
    "client_coach",
    Column("client_id", Uuid, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("position", SmallInteger, nullable=False),
    belongs_to("client", "client_id"),
    belongs_to("member", "member_id"),
    Index(None, "practice_id", "member_id", "client_id"),
)

#: The ids of those who were erased: nobody is stored under one of them again (docs/adr/0007).
erased_client = tenant_table(
    "erased_client",
    Column("id", Uuid, primary_key=True),
    Column("erased_at", instant, nullable=False),
)
