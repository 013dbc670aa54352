"""Contacts in Postgres."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, any_, bindparam, delete, exists, func, insert, or_, select, update

from app.access import visibility
from app.access.visibility import Sight
from app.db import keyset
from app.db.scope import Row, ScopedSession
from app.db.tables import company, contact, interaction, opportunity_contact

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)

_COLUMNS = tuple(c for c in contact.c if c.name not in {"practice_id", "name_key"})
_SELECT = select(*_COLUMNS).where(contact.c.practice_id == _PRACTICE)
_FIND = visibility.each(lambda sight: _SELECT.where(contact.c.id == _ID, *visibility.contacts(sight, contact.c.id)))
_FIND_MANY = visibility.each(
    lambda sight: _SELECT.where(
        contact.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))), *visibility.contacts(sight, contact.c.id)
    )
)
_LOCK = visibility.each(lambda sight: _FIND[sight].with_for_update())
_INSERT = insert(contact)
_DELETE = delete(contact).where(contact.c.practice_id == _PRACTICE, contact.c.id == _ID)
_USED = select(
    or_(
        *(
            exists().where(t.c.practice_id == _PRACTICE, t.c.contact_id == _ID)
            for t in (opportunity_contact, interaction)
        )
    )
)
_COMPANY_EXISTS = select(
    exists().where(company.c.practice_id == _PRACTICE, company.c.id == bindparam("company_id", type_=Uuid))
)

_SORT_KEYS: Mapping[str, Any] = {"name": contact.c.name_key, "created_at": contact.c.created_at}
_FILTERS: Mapping[str, Any] = {
    "q": func.strpos(contact.c.name_key, bindparam("q")) > 0,
    "company_id": contact.c.company_id == bindparam("company_id", type_=Uuid),
    "role": contact.c.role == bindparam("role"),
}


@lru_cache(maxsize=128)
def _list(sight: Sight, filters: frozenset[str], sort: str, *, started: bool) -> Select[Any]:
    seen = visibility.contacts(sight, contact.c.id)
    chosen = _SELECT.where(*seen, *(_FILTERS[name] for name in sorted(filters)))
    key = _SORT_KEYS[sort.removeprefix("-")]
    return keyset.ordered(chosen, key=key, ident=contact.c.id, descending=sort.startswith("-"), started=started)


async def insert_contact(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Store a new contact; an id that is taken raises through the primary key."""
    await session.run(_INSERT, **values)


async def company_exists(session: ScopedSession, *, company_id: UUID) -> bool:
    """Say whether the practice has a company of this id."""
    return bool((await session.run(_COMPANY_EXISTS, company_id=company_id)).scalar_one())


async def find(session: ScopedSession, *, contact_id: UUID) -> Row | None:
    """Return a contact, or None when there is none that the caller sees."""
    return (await visibility.run(session, _FIND, id=contact_id)).mappings().one_or_none()


async def find_many(session: ScopedSession, *, ids: Sequence[UUID]) -> Sequence[Row]:
    """Return those of these contacts that the caller sees."""
    return (await visibility.run(session, _FIND_MANY, ids=list(ids))).mappings().all()


async def lock(session: ScopedSession, *, contact_id: UUID) -> Row | None:
    """Return a contact as `find` does, locked until the transaction ends."""
    return (await visibility.run(session, _LOCK, id=contact_id)).mappings().one_or_none()


async def update_contact(session: ScopedSession, *, contact_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a locked contact and count the change in its version."""
    statement = (
        update(contact)
        .where(contact.c.practice_id == session.scope.practice_id, contact.c.id == contact_id)
        .values(**values, version=contact.c.version + 1)
    )
    await session.execute(statement)


async def is_used(session: ScopedSession, *, contact_id: UUID) -> bool:
    """Return whether anything in sight refers to a contact; once that is locked nothing new can."""
    return bool((await session.run(_USED, id=contact_id)).scalar_one())


async def delete_contact(session: ScopedSession, *, contact_id: UUID) -> None:
    """Remove a locked contact to which nothing refers."""
    await session.run(_DELETE, id=contact_id)


async def list_contacts(
    session: ScopedSession, *, filters: Mapping[str, Any], sort: str, page: Mapping[str, Any]
) -> Sequence[Row]:
    """Return the rows of a page; `filters` holds those of q, company_id and role that apply."""
    statement = _list(visibility.sight(session), frozenset(filters), sort, started="after_id" in page)
    found = await session.run(statement, **filters, **page, **visibility.parameters(session))
    return found.mappings().all()
