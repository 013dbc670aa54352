"""Interactions in Postgres; this room alone writes `interaction` and `interaction_revision`.

Lock order: the opportunity, then its interactions.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    column,
    delete,
    func,
    insert,
    select,
    true,
    update,
)

from app.access import visibility
from app.access.visibility import Sight
from app.db import bulk, keyset, taken
from app.db.scope import Row, ScopedSession
from app.db.tables import contact, interaction, interaction_revision, opportunity

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)

_COLUMNS = tuple(c for c in interaction.c if c.name != "practice_id")
_OPPORTUNITY_ID: Any = bindparam("opportunity_id", type_=Uuid)
_SEEN = visibility.interactions(interaction.c.visibility)
_OF_INTERACTION = (
    select(interaction.c.opportunity_id)
    .where(interaction.c.practice_id == _PRACTICE, interaction.c.id == _ID, _SEEN)
    .scalar_subquery()
)


def _opportunity(sight: Sight) -> Select[Any]:
    there = (opportunity.c.practice_id == _PRACTICE, opportunity.c.deleted_at.is_(None))
    return select(opportunity.c.id).where(*there, *visibility.clients(sight, opportunity.c.client_id))


def _select(sight: Sight) -> Select[Any]:
    of_it = opportunity.c.id == interaction.c.opportunity_id
    there = (interaction.c.practice_id == _PRACTICE, opportunity.c.deleted_at.is_(None), _SEEN)
    return (
        select(*_COLUMNS)
        .join(opportunity, and_(opportunity.c.practice_id == interaction.c.practice_id, of_it))
        .where(*there, *visibility.clients(sight, opportunity.c.client_id))
    )


_FIND_OPPORTUNITY = visibility.each(lambda sight: _opportunity(sight).where(opportunity.c.id == _OPPORTUNITY_ID))
_LOCK_OPPORTUNITY = visibility.each(lambda sight: _FIND_OPPORTUNITY[sight].with_for_update())
_LOCK_OPPORTUNITY_OF = visibility.each(
    lambda sight: _opportunity(sight).where(opportunity.c.id == _OF_INTERACTION).with_for_update()
)
_FIND = visibility.each(lambda sight: _select(sight).where(interaction.c.id == _ID))


def _many(sight: Sight) -> Select[Any]:
    """Look up each id in the key, then its opportunity: else the planner would begin with all opportunities."""
    wanted = (
        func.unnest(bindparam("ids", type_=ARRAY(Uuid)))
        .table_valued(column("id", Uuid), name="wanted")
        .render_derived()
    )
    its = (interaction.c.practice_id == _PRACTICE, interaction.c.id == wanted.c.id)
    one = select(*_COLUMNS).where(*its, _SEEN).offset(0).lateral("one")
    on = (opportunity.c.practice_id == _PRACTICE, opportunity.c.id == one.c.opportunity_id)
    there = select(opportunity.c.client_id).where(*on, opportunity.c.deleted_at.is_(None)).offset(0).lateral("there")
    found = select(*one.c).select_from(wanted).join(one, true()).join(there, true())
    return found.where(*visibility.clients(sight, there.c.client_id))


_FIND_MANY = visibility.each(_many)
_LOCK = visibility.each(lambda sight: _FIND[sight].with_for_update(of=interaction))
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
_CONTACTS = select(contact.c.id).where(
    contact.c.practice_id == _PRACTICE, contact.c.id == any_(bindparam("ids", type_=ARRAY(Uuid)))
)
_KNOWN_CONTACTS = visibility.each(lambda sight: _CONTACTS.where(*visibility.contacts(sight, contact.c.id)))
_FILTERS: Mapping[str, Any] = {
    "kinds": interaction.c.kind == any_(bindparam("kinds", type_=ARRAY(Text))),
    "current": interaction.c.voided_at.is_(None),
}


@lru_cache(maxsize=64)
def _list(sight: Sight, filters: frozenset[str], *, descending: bool, started: bool) -> Select[Any]:
    of_one = _select(sight).where(interaction.c.opportunity_id == _OPPORTUNITY_ID)
    chosen = of_one.where(*(_FILTERS[name] for name in sorted(filters)))
    key = interaction.c.occurred_at
    return keyset.ordered(chosen, key=key, ident=interaction.c.id, descending=descending, started=started)


async def opportunity_exists(session: ScopedSession, *, opportunity_id: UUID) -> bool:
    """Return whether the caller sees this opportunity."""
    return (await visibility.run(session, _FIND_OPPORTUNITY, opportunity_id=opportunity_id)).first() is not None


async def lock_opportunity(session: ScopedSession, *, opportunity_id: UUID) -> bool:
    """Lock an opportunity until the transaction ends; return whether the caller sees it."""
    return (await visibility.run(session, _LOCK_OPPORTUNITY, opportunity_id=opportunity_id)).first() is not None


async def find(session: ScopedSession, *, interaction_id: UUID) -> Row | None:
    """Return an interaction, or None when there is none that the caller sees."""
    return (await visibility.run(session, _FIND, id=interaction_id)).mappings().one_or_none()


async def find_many(session: ScopedSession, *, ids: Sequence[UUID]) -> Sequence[Row]:
    """Return those of these interactions that the caller sees."""
    return (await visibility.run(session, _FIND_MANY, ids=list(ids))).mappings().all()


async def lock(session: ScopedSession, *, interaction_id: UUID) -> Row | None:
    """Return an interaction as `find` does, its opportunity and itself locked until the transaction ends."""
    parent = await visibility.run(session, _LOCK_OPPORTUNITY_OF, id=interaction_id)
    if parent.first() is None:
        return None
    return (await visibility.run(session, _LOCK, id=interaction_id)).mappings().one_or_none()


async def known_contacts(session: ScopedSession, *, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return those of `ids` that are contacts which the caller sees."""
    return frozenset((await visibility.run(session, _KNOWN_CONTACTS, ids=list(ids))).scalars())


async def insert_interactions(
    session: ScopedSession, *, rows: Sequence[Mapping[str, Any]], places: Sequence[str]
) -> None:
    """Store new interactions, whose ids stand at `places` in the body. Raise IdTaken."""
    await taken.insert_rows(session, _INSERT, rows, into=interaction, places=places)


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
    await session.change(_EDIT, {**where, **said, "now": now})


async def void(session: ScopedSession, *, interaction_id: UUID, now: datetime) -> None:
    """Void a locked interaction and count the change in its version."""
    await session.change(_VOID, {"in_practice": session.scope.practice_id, "ident": interaction_id, "now": now})


async def list_interactions(
    session: ScopedSession,
    *,
    opportunity_id: UUID,
    filters: Mapping[str, Any],
    descending: bool,
    page: Mapping[str, Any],
) -> Sequence[Row]:
    """Return the rows of a page; `filters` holds `kinds` with a list and `current` as far as they apply."""
    sight, seen = visibility.sight(session), visibility.parameters(session)
    statement = _list(sight, frozenset(filters), descending=descending, started="after_id" in page)
    rows = await session.run(statement, opportunity_id=opportunity_id, **filters, **page, **seen)
    return rows.mappings().all()
