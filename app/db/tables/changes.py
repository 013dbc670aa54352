"""What changed, for devices that were away, and who is told of it; the database alone writes both (migration 0013)."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Identity, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType
from typing_extensions import override

from app.db.base import instant, metadata, one_of


class Xid8(UserDefinedType[int]):
    """The number of a transaction, which never comes round again."""

    cache_ok = True

    @override
    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


class Snapshot(UserDefinedType[Any]):
    """Which transactions were over at some moment."""

    cache_ok = True

    @override
    def get_col_spec(self, **_: Any) -> str:
        return "pg_snapshot"


# So that reading the schema back knows them.
ischema_names.update({"xid8": Xid8, "pg_snapshot": Snapshot})

#: Ids and no personal data. Without a foreign key: nothing else writes here, and each row would pay for the look.
change = Table(
    "change",
    metadata,
    Column("practice_id", Uuid, primary_key=True),
    Column("xid", Xid8, primary_key=True, server_default=text("pg_current_xact_id()")),
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("type", Text, nullable=False),
    Column("resource_id", Uuid, nullable=False),
    # Whose record it is, or what it hangs on; null for what belongs to the whole practice.
    Column("client_id", Uuid),
    # For the audience `member`: who.
    Column("member_id", Uuid),
    # `all`: whoever saw the record around then; `limited`: coaches and assistants; `member`, `client`: that one.
    Column("audience", Text, nullable=False, server_default="all"),
    # Whether those may be told who know of shared interactions only.
    Column("shared", Boolean, nullable=False, server_default=text("true")),
    # The transaction of the row that this one stands for, when it is about what is gone already.
    Column("repeats", Xid8),
    Column("at", instant, nullable=False, server_default=text("now()")),
    one_of("audience", ("all", "limited", "member", "client")),
    Index(
        "ix_change_client",
        *("practice_id", "client_id", "xid", "seq"),
        postgresql_where=text("client_id IS NOT NULL AND member_id IS NULL"),
    ),
    Index("ix_change_practice", "practice_id", "xid", "seq", postgresql_where=text("type = 'practice'")),
)

#: Who sees whose records, and since when; the practice's own id in the place of a member or a client: all of them.
change_reader = Table(
    "change_reader",
    metadata,
    Column("practice_id", Uuid, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("client_id", Uuid, primary_key=True),
    Column("since", Snapshot, nullable=False, server_default=text("feed_since()")),
    # Which database `since` speaks of: in another one, restored from a dump, it says nothing.
    Column("origin", Text, nullable=False, server_default=text("feed_origin()")),
)

#: Since when a member belongs to the practice, and since when they know what is between coaches, while they do.
change_member = Table(
    "change_member",
    metadata,
    Column("practice_id", Uuid, primary_key=True),
    Column("member_id", Uuid, primary_key=True),
    Column("knows", Text, primary_key=True),
    Column("since", Snapshot, nullable=False, server_default=text("feed_since()")),
    Column("origin", Text, nullable=False, server_default=text("feed_origin()")),
    one_of("knows", ("practice", "coaches")),
)
