"""What an erasure asks of this room; its audit entry is its own."""

from uuid import UUID

from app.actions.repository import writes
from app.db.scope import ScopedSession


async def erase_of_client(session: ScopedSession, *, client_id: UUID) -> None:
    """Remove every action of a client, and every decision about the computed ones."""
    await writes.erase_of_client(session, client_id=client_id)


async def erase_of_opportunity(session: ScopedSession, *, opportunity_id: UUID) -> None:
    """Remove every action on an opportunity that is about to be removed, and every decision."""
    await writes.erase_of_opportunity(session, opportunity_id=opportunity_id)
