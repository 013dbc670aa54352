"""What is said of a second follow-up in one silence, whether it was recorded as one or became one."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from app.assessments import service as assessments
from app.db.scope import ScopedSession
from app.ghosting.vocabulary import Kind

#: What may be one: outreach counts as a follow-up while the employer owes an answer.
_NUDGES = {Kind.FOLLOW_UP, Kind.OUTREACH}


async def warned_of(
    session: ScopedSession, *, opportunity_id: UUID, rows: Iterable[Mapping[Any, Any]]
) -> dict[UUID, dict[str, Any]]:
    """Return, by id, what to say of those of an opportunity's interactions that are a second one."""
    nudges = [row["id"] for row in rows if row["kind"] in _NUDGES]
    if not nudges:
        return {}
    told = await assessments.follow_up_warnings(session, opportunity_id=opportunity_id, ids=nudges)
    return {ident: {"warnings": [warning]} for ident, warning in told.items()}
