"""Contacts: the people on the employer's side, and those who know them."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from app.access.principal import Caller
from app.companies.repository import contacts as repository
from app.companies.schemas import ContactIn, ContactOut, ContactPatch, ContactQuery
from app.db import keyset, ledger
from app.db.ids import new_id
from app.db.scope import Row, ScopedSession
from app.kit.errors import Fault, InUse, NotFound, UnknownReference
from app.kit.keys import search_key
from app.kit.pages import Page, Position
from app.kit.preconditions import IfMatch


async def register(session: ScopedSession, *, caller: Caller, draft: ContactIn) -> ContactOut:
    """Enter a contact."""
    contact_id = draft.id or new_id()
    await _demand_company(session, draft.company_id)
    stamps = {"id": contact_id, "created_at": caller.now, "updated_at": caller.now}
    values = {**draft.model_dump(exclude={"id"}), "name_key": search_key(draft.name), **stamps}
    await repository.insert_contact(session, values=values)
    await _record(session, caller, "create", contact_id, draft.model_fields_set - {"id"})
    return await read(session, caller=caller, contact_id=contact_id)


async def read(session: ScopedSession, *, caller: Caller, contact_id: UUID) -> ContactOut:
    """Return a contact. Raise NotFound."""
    row = await repository.find(session, contact_id=contact_id)
    if row is None:
        raise NotFound
    return _out(row, caller=caller)


async def read_many(session: ScopedSession, *, caller: Caller, ids: Sequence[UUID]) -> dict[UUID, ContactOut]:
    """Return, by id, those of these contacts that the caller sees."""
    rows = await repository.find_many(session, ids=ids)
    return {row["id"]: _out(row, caller=caller) for row in rows}


async def change(
    session: ScopedSession, *, caller: Caller, contact_id: UUID, patch: ContactPatch, if_match: IfMatch
) -> ContactOut:
    """Change a contact."""
    row = await _locked(session, contact_id)
    if_match.check(row["version"])
    changes = {name: value for name, value in patch.changes().items() if row[name] != value}
    if not changes:
        return _out(row, caller=caller)
    await _demand_company(session, changes.get("company_id"))
    keys = {"name_key": search_key(changes["name"])} if "name" in changes else {}
    values = {**changes, **keys, "updated_at": caller.now}
    await repository.update_contact(session, contact_id=contact_id, values=values)
    await _record(session, caller, "update", contact_id, changes)
    return await read(session, caller=caller, contact_id=contact_id)


async def remove(session: ScopedSession, *, caller: Caller, contact_id: UUID, if_match: IfMatch) -> None:
    """Remove a contact that nothing refers to, hidden records included. Raise InUse."""
    row = await _locked(session, contact_id)
    if_match.check(row["version"])
    # Asked first: the foreign keys would wait for whoever holds an opportunity, and these for the contact.
    async with session.as_system():
        if await repository.is_used(session, contact_id=contact_id):
            raise InUse
    await repository.delete_contact(session, contact_id=contact_id)
    await _record(session, caller, "delete", contact_id)


async def search(
    session: ScopedSession, *, query: ContactQuery, after: Position | None, caller: Caller
) -> Page[ContactOut]:
    """Return a page of the contacts that match."""
    names = ("company_id", "role")
    filters: dict[str, Any] = {name: value for name in names if (value := getattr(query, name)) is not None}
    if query.q is not None:
        filters["q"] = search_key(query.q)
    page = keyset.parameters(after, query.limit)
    rows = await repository.list_contacts(session, filters=filters, sort=query.sort, page=page)
    return keyset.cut(rows, limit=query.limit, at=caller.now, item=partial(_out, caller=caller))


async def _locked(session: ScopedSession, contact_id: UUID) -> Row:
    row = await repository.lock(session, contact_id=contact_id)
    if row is None:
        raise NotFound
    return row


async def _demand_company(session: ScopedSession, company_id: UUID | None) -> None:
    if company_id is None or await repository.company_exists(session, company_id=company_id):
        return
    words = "The practice has no company of this id."
    raise UnknownReference(faults=[Fault("body", "/company_id", "unknown-reference", words)])


async def _record(
    session: ScopedSession, caller: Caller, verb: str, contact_id: UUID, changed: Iterable[str] = ()
) -> None:
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action=f"contact.{verb}",
        resource_type="contact",
        resource_id=contact_id,
        changed_fields=changed,
    )


def _out(row: Row, *, caller: Caller) -> ContactOut:
    shown = {name: row[name] for name in ContactOut.model_fields}
    if caller.principal.is_client:
        shown["notes"] = None
    return ContactOut.model_construct(**shown)
