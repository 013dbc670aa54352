"""Interactions in Postgres; this room alone writes `interaction` and `interaction_revision`.

Lock order: the opportunity, then its interactions. Every statement that finds a record takes `own` (the client whose
login asks, null for members) and `sees_all` (whether interactions for coaches only exist for the caller).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.engine import RowMapping

from app.access.principal import Principal
from app.db import bulk, keyset
from app.db.scope import ScopedSession
from app.db.tables import contact, interaction, interaction_revision, opportunity, opportunity_contact
from app.db.vocabulary import Visibility

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)
_OWN: Any = bindparam("own", type_=Uuid)

_COLUMNS = tuple(c for c in interaction.c if c.name != "practice_id")
_IS_OWN = or_(_OWN.is_(None), opportunity.c.client_id == _OWN)
_SEEN = or_(bindparam("sees_all", type_=Boolean), interaction.c.visibility == Visibility.SHARED.value)
_OPPORTUNITY = select(opportunity.c.id).where(
    opportunity.c.practice_id == _PRACTICE, opportunity.c.deleted_at.is_(None), _IS_OWN
)
_FIND_OPPORTUNITY = _OPPORTUNITY.where(opportunity.c.id == bindparam("opportunity_id", type_=Uuid))
_LOCK_OPPORTUNITY = _FIND_OPPORTUNITY.with_for_update()
_LOCK_OPPORTUNITY_OF = _OPPORTUNITY.where(
    opportunity.c.id
    == select(interaction.c.opportunity_id)
    .where(interaction.c.practice_id == _PRACTICE, interaction.c.id == _ID, _SEEN)
    .scalar_subquery()
).with_for_update()
_SELECT = (
    select(*_COLUMNS)
    .join(
        opportunity,
        and_(opportunity.c.practice_id == interaction.c.practice_id, opportunity.c.id == interaction.c.opportunity_id),
    )
    .where(interaction.c.practice_id == _PRACTICE, opportunity.c.deleted_at.is_(None), _IS_OWN, _SEEN)
)
_FIND = _SELECT.where(interaction.c.id == _ID)
_LOCK = _FIND.with_for_update(of=interaction)
_OF_OPPORTUNITY = _SELECT.where(interaction.c.opportunity_id == bindparam("opportunity_id", type_=Uuid))
_INSERT = insert(interaction)
_KEEP = insert(interaction_revision)
_INSERT_IMPORTED = bulk.insert_rows(
    interaction,
    *("id", "opportunity_id", "kind", "occurred_at", "arranged_at", "stage", "summary", "visibility"),
    *("recorded_at", "recorded_by_type", "recorded_by_id", "version", "created_at", "updated_at"),
)
_ERASE = delete(interaction).where(
    interaction.c.practice_id == _PRACTICE, interaction.c.id == any_(bindparam("ids", type_=ARRAY(Uuid)))
)
_TIMELINES: Any = and_(
    interaction.c.practice_id == _PRACTICE,
    interaction.c.opportunity_id == any_(bindparam("opportunity_ids", type_=ARRAY(Uuid))),
)
_ERASE_TIMELINES = delete(interaction).where(_TIMELINES)
_ERASE_FORMER = delete(interaction_revision).where(
    interaction_revision.c.practice_id == _PRACTICE,
    interaction_revision.c.interaction_id.in_(select(interaction.c.id).where(_TIMELINES)),
)
#: What an edit replaces, all of it at once: the statement is always the same.
_EDITABLE = (
    *("kind", "occurred_at", "ends_at", "arranged_at", "reply_by", "stage"),
    *("channel", "summary", "contact_id", "visibility"),
)
# In an UPDATE parameters with the names of columns are what is set, so those that find the row have others.
_CHANGE = update(interaction).where(
    interaction.c.practice_id == bindparam("in_practice"), interaction.c.id == bindparam("ident")
)
_NEXT = {"version": interaction.c.version + 1, "updated_at": bindparam("now")}
_EDIT = _CHANGE.values({name: bindparam(f"new_{name}", type_=interaction.c[name].type) for name in _EDITABLE} | _NEXT)
_VOID = _CHANGE.values(voided_at=bindparam("now"), **_NEXT)
_KNOWN_CONTACTS = select(contact.c.id).where(
    contact.c.practice_id == _PRACTICE,
    contact.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
    or_(
        _OWN.is_(None),
        exists()
        .where(
            opportunity_contact.c.practice_id == contact.c.practice_id,
            opportunity_contact.c.contact_id == contact.c.id,
            opportunity.c.practice_id == opportunity_contact.c.practice_id,
            opportunity.c.id == opportunity_contact.c.opportunity_id,
            opportunity.c.client_id == _OWN,
        )
        .correlate(contact),
    ),
)
_FILTERS: Mapping[str, Any] = {
    "kinds": interaction.c.kind == any_(bindparam("kinds", type_=ARRAY(Text))),
    "current": interaction.c.voided_at.is_(None),
}


@lru_cache(maxsize=64)
def _list(filters: frozenset[str], *, descending: bool, started: bool) -> Select[Any]:
    chosen = _OF_OPPORTUNITY.where(*(_FILTERS[name] for name in sorted(filters)))
    key = interaction.c.occurred_at
    return keyset.ordered(chosen, key=key, ident=interaction.c.id, descending=descending, started=started)


def _view(who: Principal) -> dict[str, Any]:
    return {"own": who.id if who.is_client else None, "sees_all": who.sees_coaches_only}


async def opportunity_exists(session: ScopedSession, *, who: Principal, opportunity_id: UUID) -> bool:
    """Return whether the caller sees this opportunity."""
    found = await session.run(_FIND_OPPORTUNITY, opportunity_id=opportunity_id, **_view(who))
    return found.first() is not None


async def lock_opportunity(session: ScopedSession, *, who: Principal, opportunity_id: UUID) -> bool:
    """Lock an opportunity until the transaction ends; return whether the caller sees it."""
    found = await session.run(_LOCK_OPPORTUNITY, opportunity_id=opportunity_id, **_view(who))
    return found.first() is not None


async def find(session: ScopedSession, *, who: Principal, interaction_id: UUID) -> RowMapping | None:
    """Return an interaction, or None when there is none that the caller sees."""
    return (await session.run(_FIND, id=interaction_id, **_view(who))).mappings().one_or_none()


async def lock(session: ScopedSession, *, who: Principal, interaction_id: UUID) -> RowMapping | None:
    """Return an interaction as `find` does, its opportunity and itself locked until the transaction ends."""
    parent = await session.run(_LOCK_OPPORTUNITY_OF, id=interaction_id, **_view(who))
    if parent.first() is None:
        return None
    return (await session.run(_LOCK, id=interaction_id, **_view(who))).mappings().one_or_none()


async def known_contacts(session: ScopedSession, *, who: Principal, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return those of `ids` that are contacts which the caller sees."""
    found = await session.run(_KNOWN_CONTACTS, ids=list(ids), **_view(who))
    return frozenset(found.scalars())


async def insert_interactions(session: ScopedSession, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store new interactions; an id that is taken raises through the primary key."""
    await session.run_many(_INSERT, rows)


async def insert_imported(session: ScopedSession, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store the interactions of an import, by the hundred."""
    await bulk.run(session, _INSERT_IMPORTED, rows)


async def erase(session: ScopedSession, *, ids: Sequence[UUID]) -> None:
    """Remove interactions that were never changed; a former version of one raises through its foreign key."""
    await session.run(_ERASE, ids=list(ids))


async def erase_timelines(session: ScopedSession, *, opportunity_ids: Sequence[UUID]) -> None:
    """Remove all interactions of opportunities and what they said before they were edited."""
    await session.run(_ERASE_FORMER, opportunity_ids=list(opportunity_ids))
    await session.run(_ERASE_TIMELINES, opportunity_ids=list(opportunity_ids))


async def keep_former(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Keep what a version of an interaction said."""
    await session.run(_KEEP, **values)


async def edit(session: ScopedSession, *, interaction_id: UUID, values: Mapping[str, Any], now: datetime) -> None:
    """Replace what a locked interaction says and count the change in its version."""
    said = {f"new_{name}": values[name] for name in _EDITABLE}
    where = {"in_practice": session.scope.practice_id, "ident": interaction_id}
    await session.execute(_EDIT, {**where, **said, "now": now})


async def void(session: ScopedSession, *, interaction_id: UUID, now: datetime) -> None:
    """Void a locked interaction and count the change in its version."""
    await session.execute(_VOID, {"in_practice": session.scope.practice_id, "ident": interaction_id, "now": now})


async def list_interactions(
    session: ScopedSession,
    *,
    who: Principal,
    opportunity_id: UUID,
    filters: Mapping[str, Any],
    descending: bool,
    page: Mapping[str, Any],
) -> Sequence[RowMapping]:
    """Return the rows of a page; `filters` holds `kinds` with a list and `current` as far as they apply."""
    statement = _list(frozenset(filters), descending=descending, started="after_id" in page)
    rows = await session.run(statement, opportunity_id=opportunity_id, **filters, **page, **_view(who))
    return rows.mappings().all()
