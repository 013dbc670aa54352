"""Which records of a type exist for the caller, in the order of their ids: what a snapshot walks through."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, Uuid, bindparam, exists, or_, select

from app.access import visibility
from app.access.visibility import Conditions, Sight
from app.db.scope import Actor, ScopedSession
from app.db.tables import (
    client,
    company,
    contact,
    development_activity,
    interaction,
    member,
    next_action,
    opportunity,
    practice,
    win,
)

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_Seen = Callable[[Sight, ColumnElement[Any]], Conditions]

#: The smallest of all ids: where a walk begins.
FIRST = UUID(int=0)


def _of(table: Table, seen: _Seen) -> Callable[[Sight], Select[Any]]:
    return lambda sight: select(table.c.id).where(table.c.practice_id == _PRACTICE, *seen(sight, table.c.id))


def _opportunities(sight: Sight) -> Select[Any]:
    here = (opportunity.c.practice_id == _PRACTICE, opportunity.c.deleted_at.is_(None))
    return select(opportunity.c.id).where(*here, *visibility.clients(sight, opportunity.c.client_id))


def _interactions(sight: Sight) -> Select[Any]:
    here = (interaction.c.practice_id == _PRACTICE, visibility.interactions(interaction.c.visibility))
    return select(interaction.c.id).where(*here, interaction.c.opportunity_id.in_(_opportunities(sight)))


def _of_clients(table: Table) -> Callable[[Sight], Select[Any]]:
    """Return what lists records of clients, but for those that are hidden with the opportunity that they are on."""
    here: tuple[ColumnElement[bool], ...] = (table.c.practice_id == _PRACTICE,)
    if "opportunity_id" in table.c:
        its = (opportunity.c.practice_id == _PRACTICE, opportunity.c.id == table.c.opportunity_id)
        here += (or_(table.c.opportunity_id.is_(None), exists().where(*its, opportunity.c.deleted_at.is_(None))),)
    return lambda sight: select(table.c.id).where(*here, *visibility.clients(sight, table.c.client_id))


def _everything(_: Sight, __: ColumnElement[Any]) -> Conditions:
    return ()


#: By the name of the type: what it is listed from, and the column of its ids. One entry for each type.
_LISTED: Mapping[str, tuple[Callable[[Sight], Select[Any]], ColumnElement[Any]]] = {
    "practice": (lambda _: select(practice.c.id).where(practice.c.id == _PRACTICE), practice.c.id),
    "member": (_of(member, _everything), member.c.id),
    "client": (_of(client, visibility.clients), client.c.id),
    "company": (_of(company, visibility.companies), company.c.id),
    "contact": (_of(contact, visibility.contacts), contact.c.id),
    "opportunity": (_opportunities, opportunity.c.id),
    "interaction": (_interactions, interaction.c.id),
    "next_action": (_of_clients(next_action), next_action.c.id),
    "win": (_of_clients(win), win.c.id),
    "development_activity": (_of_clients(development_activity), development_activity.c.id),
}
#: Types that no client's login can read.
_OF_MEMBERS = frozenset({"member"})


def _walked(build: Callable[[Sight], Select[Any]], ident: ColumnElement[Any]) -> Callable[[Sight], Select[Any]]:
    after: Any = bindparam("after", type_=Uuid)
    return lambda sight: build(sight).where(ident > after).order_by(ident).limit(bindparam("take"))


_WALKS = {name: visibility.each(_walked(build, ident)) for name, (build, ident) in _LISTED.items()}


async def ids(session: ScopedSession, *, kind: str, after: UUID, take: int) -> Sequence[UUID]:
    """Return the next ids of a type that exist for the caller."""
    if kind in _OF_MEMBERS and session.scope.actor is Actor.CLIENT:
        return ()
    return (await visibility.run(session, _WALKS[kind], after=after, take=take)).scalars().all()
