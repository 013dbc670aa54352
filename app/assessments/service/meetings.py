"""The meetings of a timeline as the fold has them."""

from datetime import datetime
from uuid import UUID

from app.assessments.service.known import known
from app.db.scope import ScopedSession
from app.ghosting.meetings import NONE, Meetings, meetings


async def meetings_of(session: ScopedSession, *, opportunity_id: UUID, at: datetime) -> Meetings:
    """Return which meetings took place by an instant, and how it stands with the thanks for the latest.

    Whether the caller sees the opportunity, and which of these interactions, is for the caller to ask.
    """
    facts = await known(session, opportunity_id)
    return meetings(*facts, at=at) if facts else NONE
