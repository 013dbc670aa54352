"""Companies in Postgres."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, Select, Text, Uuid, any_, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.access import visibility
from app.access.visibility import Sight
from app.db import keyset
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import company, contact, opportunity

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)

_COLUMNS = tuple(c for c in company.c if c.name not in {"practice_id", "name_key", "search_key"})
_SELECT = select(*_COLUMNS).where(company.c.practice_id == _PRACTICE)
_FIND = visibility.each(lambda sight: _SELECT.where(company.c.id == _ID, *visibility.companies(sight, company.c.id)))
_FIND_MANY = visibility.each(
    lambda sight: _SELECT.where(
        company.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))), *visibility.companies(sight, company.c.id)
    )
)
_LOCK = visibility.each(lambda sight: _FIND[sight].with_for_update())
_DELETE = delete(company).where(company.c.practice_id == _PRACTICE, company.c.id == _ID)
_USED = select(
    or_(*(exists().where(t.c.practice_id == _PRACTICE, t.c.company_id == _ID) for t in (opportunity, contact)))
)
_INSERT = insert(company).on_conflict_do_nothing(index_elements=["practice_id", "name_key"]).returning(company.c.id)
_NAMED = select(company.c.id, company.c.name_key).where(
    company.c.practice_id == _PRACTICE, company.c.name_key == any_(bindparam("name_keys", type_=ARRAY(Text)))
)
_MISSING = (
    func.unnest(
        bindparam("ids", type_=ARRAY(Uuid)),
        bindparam("names", type_=ARRAY(Text)),
        bindparam("name_keys", type_=ARRAY(Text)),
        bindparam("search_keys", type_=ARRAY(Text)),
    )
    .table_valued("id", "name", "name_key", "search_key")
    .render_derived("missing")
)
# In the order of the keys, so that two transactions that name the same companies never wait for each other in a ring.
_INSERT_ALL = (
    insert(company)
    .from_select(
        ["practice_id", "id", "name", "name_key", "search_key", "created_at", "updated_at"],
        select(
            _PRACTICE,
            _MISSING.c.id,
            _MISSING.c.name,
            _MISSING.c.name_key,
            _MISSING.c.search_key,
            bindparam("now", type_=instant).label("created_at"),
            bindparam("now", type_=instant).label("updated_at"),
        ).order_by(_MISSING.c.name_key),
    )
    .on_conflict_do_nothing(index_elements=["practice_id", "name_key"])
    .returning(company.c.id, company.c.name_key)
)

_SORT_KEYS: Mapping[str, Any] = {"name": company.c.search_key, "created_at": company.c.created_at}
_FILTERS: Mapping[str, Any] = {"q": func.strpos(company.c.search_key, bindparam("q")) > 0}


@lru_cache(maxsize=64)
def _list(sight: Sight, filters: frozenset[str], sort: str, *, started: bool) -> Select[Any]:
    seen = visibility.companies(sight, company.c.id)
    chosen = _SELECT.where(*seen, *(_FILTERS[name] for name in sorted(filters)))
    key = _SORT_KEYS[sort.removeprefix("-")]
    return keyset.ordered(chosen, key=key, ident=company.c.id, descending=sort.startswith("-"), started=started)


async def insert_company(session: ScopedSession, *, values: Mapping[str, Any]) -> bool:
    """Store a new company; False when its name is taken. An id that is taken raises through the primary key."""
    return (await session.run(_INSERT, **values)).scalar_one_or_none() is not None


async def insert_missing(session: ScopedSession, *, rows: Sequence[Mapping[str, Any]], now: Any) -> dict[str, UUID]:
    """Store companies (`id`, `name`, `name_key`, `search_key`); return the ids of those stored, by `name_key`."""
    columns = {f"{name}s": [row[name] for row in rows] for name in ("id", "name", "name_key", "search_key")}
    stored = (await session.run(_INSERT_ALL, **columns, now=now)).all()
    return {row.name_key: row.id for row in stored}


async def ids_by_name_key(session: ScopedSession, *, name_keys: Sequence[str]) -> dict[str, UUID]:
    """Return the ids of the companies so named, by `name_key`."""
    return {row.name_key: row.id for row in await session.run(_NAMED, name_keys=list(name_keys))}


async def find(session: ScopedSession, *, company_id: UUID) -> Row | None:
    """Return a company, or None when there is none that the caller sees."""
    return (await visibility.run(session, _FIND, id=company_id)).mappings().one_or_none()


async def find_many(session: ScopedSession, *, ids: Sequence[UUID]) -> Sequence[Row]:
    """Return those of these companies that the caller sees."""
    return (await visibility.run(session, _FIND_MANY, ids=list(ids))).mappings().all()


async def lock(session: ScopedSession, *, company_id: UUID) -> Row | None:
    """Return a company as `find` does, locked until the transaction ends."""
    return (await visibility.run(session, _LOCK, id=company_id)).mappings().one_or_none()


async def update_company(session: ScopedSession, *, company_id: UUID, values: Mapping[str, Any]) -> bool:
    """Change a locked company and count the change in its version; False when its new name is taken."""
    statement = (
        update(company)
        .where(company.c.practice_id == session.scope.practice_id, company.c.id == company_id)
        .values(**values, version=company.c.version + 1)
    )
    try:
        # Asking first would leave a gap for whoever takes the name in between, so the key itself is asked.
        async with session.begin_nested():
            await session.execute(statement)
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name != "uq_company_practice_id_name_key":
            raise
        return False
    return True


async def is_used(session: ScopedSession, *, company_id: UUID) -> bool:
    """Return whether anything in sight refers to a company; once that is locked nothing new can."""
    return bool((await session.run(_USED, id=company_id)).scalar_one())


async def delete_company(session: ScopedSession, *, company_id: UUID) -> None:
    """Remove a locked company to which nothing refers."""
    await session.run(_DELETE, id=company_id)


async def list_companies(
    session: ScopedSession, *, filters: Mapping[str, Any], sort: str, page: Mapping[str, Any]
) -> Sequence[Row]:
    """Return the rows of a page; `filters` holds q if it applies."""
    statement = _list(visibility.sight(session), frozenset(filters), sort, started="after_id" in page)
    found = await session.run(statement, **filters, **page, **visibility.parameters(session))
    return found.mappings().all()
