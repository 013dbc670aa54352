"""The shape that every tenant table shares."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

#: Mark of a column that holds personal data: export, erasure and the logs go by it (ARCHITECTURE.md section 6, rule 8).
PERSONAL = {"personal": True}

instant = DateTime(timezone=True)

#: Text that sorts by code point, whatever collation the database has.
code_points = Text(collation="C")


def tenant_table(name: str, *items: SchemaItem) -> Table:
    """Return a table keyed `(practice_id, …)`; the caller gives the rest of the primary key among `items`."""
    practice = Column("practice_id", Uuid, ForeignKey("practice.id"), primary_key=True)
    return Table(name, metadata, practice, *items)


def record_table(name: str, *items: SchemaItem) -> Table:
    """Return a tenant table of versioned records: `id`, `version` (the ETag), `created_at` and `updated_at`."""
    return tenant_table(
        name,
        Column("id", Uuid, primary_key=True),
        *(item for item in items if isinstance(item, Column)),
        Column("version", Integer, nullable=False, server_default="1"),
        Column("created_at", instant, nullable=False),
        Column("updated_at", instant, nullable=False),
        *(item for item in items if not isinstance(item, Column)),
    )


def belongs_to(
    table: str, column: str, *, name: str | None = None, key: str = "id", goes_with_it: bool = False
) -> ForeignKeyConstraint:
    """Return the composite foreign key `(practice_id, column)`: a plain one would let another practice's rows in.

    With `goes_with_it` the row is deleted with the one it belongs to.
    """
    target = [f"{table}.practice_id", f"{table}.{key}"]
    return ForeignKeyConstraint(
        ["practice_id", column], target, name=name, ondelete="CASCADE" if goes_with_it else None
    )


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """Return the check that keeps a text column to the values of its enumeration."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=column)


def at_most(column: str, code_points: int) -> CheckConstraint:
    """Return the check that keeps a text column to its length in code points (API.md C5)."""
    return CheckConstraint(f"char_length({column}) <= {code_points}", name=f"{column}_length")


def values(enumeration: type[StrEnum]) -> tuple[str, ...]:
    """Return the wire values of an enumeration, for `one_of`."""
    return tuple(member.value for member in enumeration)
