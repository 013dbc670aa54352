"""Companies by their name, for the rooms that name one: found, or made within the change that names it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from app.access.principal import Caller
from app.companies.repository import companies as repository
from app.db.ids import new_id
from app.db.scope import ScopedSession
from app.kit.keys import name_key, search_key


@dataclass(frozen=True, slots=True)
class Named:
    """The ids of companies by the names asked for, and which of these had to be made."""

    ids: dict[str, UUID]
    made: frozenset[UUID]


async def find_or_create(session: ScopedSession, *, name: str, caller: Caller) -> UUID:
    """Return the company of this name, made if there is none; the audit entry is the caller's own."""
    return (await find_or_create_all(session, names=[name], caller=caller)).ids[name]


async def find_or_create_all(session: ScopedSession, *, names: Collection[str], caller: Caller) -> Named:
    """Return the companies of these names, at most three statements for any number of them."""
    spellings: dict[str, str] = {}
    for name in names:
        spellings.setdefault(name_key(name), name)
    # A client login may name a company that it cannot see yet: the company of its opportunity it is about to see.
    async with session.as_system():
        known = await repository.ids_by_name_key(session, name_keys=list(spellings))
        made = await _make(session, {k: v for k, v in spellings.items() if k not in known}, caller)
        known |= made
        if len(known) < len(spellings):  # somebody else was quicker with some
            known |= await repository.ids_by_name_key(session, name_keys=[k for k in spellings if k not in known])
    return Named({name: known[name_key(name)] for name in names}, frozenset(made.values()))


async def _make(session: ScopedSession, missing: dict[str, str], caller: Caller) -> dict[str, UUID]:
    if not missing:
        return {}
    rows = [
        {"id": new_id(), "name": name, "name_key": key, "search_key": search_key(name)} for key, name in missing.items()
    ]
    return await repository.insert_missing(session, rows=rows, now=caller.now)
