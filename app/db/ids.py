"""Where new ids come from."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """Return a new UUIDv7 as a standard library UUID: ids of later records sort after earlier ones."""
    return UUID(int=uuid_utils.uuid7().int)
