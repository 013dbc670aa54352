"""Where new ids come from."""

from uuid import UUID

import uuid_utils

_DERIVED = 8


def is_derived(ident: UUID) -> bool:
    """Say whether an id may be one that the database derived: no other way of making ids here has this version."""
    return ident.version == _DERIVED


def new_id() -> UUID:
    """Return a new UUIDv7 as a standard library UUID: ids of later records sort after earlier ones."""
    return UUID(int=uuid_utils.uuid7().int)
