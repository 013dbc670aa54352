"""After a new policy: the opportunities of a large practice, computed anew a few at a time."""

from datetime import datetime

from app.assessments import service as assessments
from app.db.scope import ScopedSession

#: As many as one short transaction recomputes: whoever writes to one of them meanwhile waits for less than a second.
CHUNK = 200


async def run(session: ScopedSession, *, now: datetime) -> int:  # noqa: ARG001  # every job is told the time
    """Recompute some of the opportunities that stand under a former policy; return how many there were."""
    return await assessments.reassess_outdated(session, at_most=CHUNK)
