"""The imports of a client who is erased."""

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, select

from app.db.scope import ScopedSession
from app.db.tables import import_file, import_row

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_THEIRS = (import_file.c.practice_id == _PRACTICE, import_file.c.client_id == bindparam("client_id", type_=Uuid))
_ERASE_ROWS = delete(import_row).where(
    import_row.c.practice_id == _PRACTICE, import_row.c.import_id.in_(select(import_file.c.id).where(*_THEIRS))
)
_ERASE = delete(import_file).where(*_THEIRS)


async def erase_of_client(session: ScopedSession, *, client_id: UUID) -> None:
    """Remove every import of a client with all of its rows."""
    await session.run(_ERASE_ROWS, client_id=client_id)
    await session.run(_ERASE, client_id=client_id)
