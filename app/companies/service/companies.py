"""Companies: one record for each name, whatever its case and spacing."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from app.access.principal import Caller
from app.companies.repository import companies as repository
from app.companies.schemas import CompanyIn, CompanyOut, CompanyPatch, CompanyQuery
from app.db import keyset, ledger
from app.db.ids import new_id
from app.db.scope import Row, ScopedSession
from app.kit.errors import Duplicate, InUse, NotFound
from app.kit.keys import name_key, search_key
from app.kit.pages import Page, Position
from app.kit.preconditions import IfMatch


async def register(session: ScopedSession, *, caller: Caller, draft: CompanyIn) -> CompanyOut:
    """Enter a company. Raise Duplicate, with the id of the one that has the name."""
    company_id = draft.id or new_id()
    stamps = {"id": company_id, "created_at": caller.now, "updated_at": caller.now}
    values = {**draft.model_dump(exclude={"id"}), **_keys(draft.name), **stamps}
    if not await repository.insert_company(session, values=values):
        raise await _duplicate(session, draft.name)
    await _record(session, caller, "create", company_id, draft.model_fields_set - {"id"})
    return await read(session, company_id=company_id)


async def read(session: ScopedSession, *, company_id: UUID) -> CompanyOut:
    """Return a company. Raise NotFound."""
    row = await repository.find(session, company_id=company_id)
    if row is None:
        raise NotFound
    return _out(row)


async def read_many(session: ScopedSession, *, caller: Caller, ids: Sequence[UUID]) -> dict[UUID, CompanyOut]:  # noqa: ARG001  # as other rooms have it
    """Return, by id, those of these companies that the caller sees."""
    return {row["id"]: _out(row) for row in await repository.find_many(session, ids=ids)}


async def change(
    session: ScopedSession, *, caller: Caller, company_id: UUID, patch: CompanyPatch, if_match: IfMatch
) -> CompanyOut:
    """Change a company. Raise Duplicate where another one has the new name."""
    row = await _locked(session, company_id)
    if_match.check(row["version"])
    changes = {name: value for name, value in patch.changes().items() if row[name] != value}
    if not changes:
        return _out(row)
    keys = _keys(changes["name"]) if "name" in changes else {}
    values = {**changes, **keys, "updated_at": caller.now}
    if not await repository.update_company(session, company_id=company_id, values=values):
        raise await _duplicate(session, changes["name"])
    await _record(session, caller, "update", company_id, changes)
    return await read(session, company_id=company_id)


async def remove(session: ScopedSession, *, caller: Caller, company_id: UUID, if_match: IfMatch) -> None:
    """Remove a company that nothing refers to, hidden records included. Raise InUse."""
    row = await _locked(session, company_id)
    if_match.check(row["version"])
    # Asked first: the foreign keys would wait for whoever holds an opportunity, and these for the company.
    async with session.as_system():
        if await repository.is_used(session, company_id=company_id):
            raise InUse
    await repository.delete_company(session, company_id=company_id)
    await _record(session, caller, "delete", company_id)


async def search(
    session: ScopedSession, *, query: CompanyQuery, after: Position | None, caller: Caller
) -> Page[CompanyOut]:
    """Return a page of the companies that match."""
    filters: dict[str, Any] = {} if query.q is None else {"q": search_key(query.q)}
    page = keyset.parameters(after, query.limit)
    rows = await repository.list_companies(session, filters=filters, sort=query.sort, page=page)
    return keyset.cut(rows, limit=query.limit, at=caller.now, item=_out)


async def _locked(session: ScopedSession, company_id: UUID) -> Row:
    row = await repository.lock(session, company_id=company_id)
    if row is None:
        raise NotFound
    return row


async def _duplicate(session: ScopedSession, name: str) -> Duplicate:
    existing = (await repository.ids_by_name_key(session, name_keys=[name_key(name)])).get(name_key(name))
    extras = {} if existing is None else {"existing_id": str(existing)}
    return Duplicate("A company of this name is there already; use that one.", extras=extras)


async def _record(
    session: ScopedSession, caller: Caller, verb: str, company_id: UUID, changed: Iterable[str] = ()
) -> None:
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action=f"company.{verb}",
        resource_type="company",
        resource_id=company_id,
        changed_fields=changed,
    )


def _keys(name: str) -> dict[str, str]:
    return {"name_key": name_key(name), "search_key": search_key(name)}


def _out(row: Row) -> CompanyOut:
    return CompanyOut.model_construct(**{name: row[name] for name in CompanyOut.model_fields})
