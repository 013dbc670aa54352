"""What an erasure asks of this room; its audit entry is its own."""

from collections.abc import Sequence
from uuid import UUID

from app.companies.repository import erasure as repository
from app.db.scope import ScopedSession


async def erase_unused(session: ScopedSession, *, contact_ids: Sequence[UUID], company_ids: Sequence[UUID]) -> None:
    """Remove those of the contacts and then those of the companies that nobody else's records refer to."""
    await repository.erase_unused_contacts(session, ids=contact_ids)
    await repository.erase_idle_companies(session, ids=company_ids)
