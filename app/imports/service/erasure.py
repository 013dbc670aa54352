"""What an erasure asks of this room; its audit entry is its own."""

from uuid import UUID

from app.db.scope import ScopedSession
from app.imports.repository import erasure as repository


async def erase_imports(session: ScopedSession, *, client_id: UUID) -> None:
    """Remove every import of a client: the files read for them, and what was found in each row."""
    await repository.erase_of_client(session, client_id=client_id)
