"""What the employers' silences have been: the facts that a practice learns from (app/ghosting/waits.py)."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, Text, Uuid, false

from app.db.base import belongs_to, instant, one_of, tenant_table, values
from app.ghosting.vocabulary import Wait
from app.ghosting.waits import Ending

#: One row per wait of an opportunity that is not deleted, written with its steps. `client_id` and `company_id` are the
#: opportunity's, kept here so that sums over a practice ask one table.
silence = tenant_table(
    "silence",
    Column("opportunity_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("client_id", Uuid, nullable=False),
    Column("company_id", Uuid, nullable=False),
    Column("wait", Text, nullable=False),
    Column("started_at", instant, nullable=False),
    Column("started_on", Date, nullable=False),
    Column("promised_on", Date),
    Column("ended_at", instant),
    Column("ended_on", Date),
    Column("ending", Text),
    Column("handed_on", Boolean, nullable=False, server_default=false()),
    one_of("wait", values(Wait)),
    one_of("ending", values(Ending)),
    belongs_to("opportunity", "opportunity_id"),
    Index(None, "practice_id", "client_id"),
    Index(None, "practice_id", "company_id"),
)

#: Which transactions have changed the waits of which client: processes remember waits, and ask for what is new. It says
#: so of clients that have been erased too, for as long as some process may remember them.
silence_change = tenant_table(
    "silence_change",
    Column("client_id", Uuid, primary_key=True),
    Column("written", BigInteger, primary_key=True, autoincrement=False),
    Index(None, "practice_id", "written"),
)
