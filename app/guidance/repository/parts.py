"""What the statements about a caseload share: rows of one shape, and look-ups that stay look-ups (ADR 6)."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Select, Text, Uuid, bindparam, case, func, literal, select, true

from app.db.base import instant
from app.db.tables import company, opportunity

PRACTICE: Any = bindparam("practice_id", type_=Uuid)
AT: Any = bindparam("at", type_=instant)


class Part(StrEnum):
    """What a row tells of a client."""

    PERSON = "person"
    OPENINGS = "openings"
    WIN = "win"
    TOUCH = "touch"
    AHEAD = "ahead"


def among(column: Any, ids: Select[Any]) -> Any:
    """Return the condition that a column is one of a set, which is hashed once."""
    return case((column.in_(ids), true())).is_not(None)


def document(**values: Any) -> Any:
    """Return values as one JSON object."""
    return func.jsonb_build_object(*(part for name, value in values.items() for part in (literal(name, Text), value)))


def part(name: Part, client_id: Any, /, **values: Any) -> Select[Any]:
    """Return rows that tell `values` of clients."""
    return select(
        literal(name.value, Text).label("part"), client_id.label("client_id"), document(**values).label("data")
    )


def company_name(of: Any) -> Any:
    """Return the name of the company that something is at."""
    theirs = (company.c.practice_id == PRACTICE, company.c.id == of.c.company_id)
    return select(company.c.name).where(*theirs).order_by(company.c.id).limit(1).scalar_subquery()


def owner(opportunity_id: Any, *columns: str) -> Any:
    """Look up the opportunity that something hangs on, unless it is hidden."""
    mine = (opportunity.c.practice_id == PRACTICE, opportunity.c.id == opportunity_id)
    found = select(*(opportunity.c[name] for name in ("client_id", *columns)))
    return found.where(*mine, opportunity.c.deleted_at.is_(None)).order_by(opportunity.c.id).limit(1).lateral("owner")
