"""Whom a caller sees: the one place that decides which records of a practice exist for them.

Row level security says the same once more underneath (migration 0010); each of the two must hold alone.

A statement that finds records comes in one variant for each kind of sight, made by `each` and run by `run`: a condition
that is not always in force spoils the plans of those whom it is not meant for.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    exists,
    select,
    true,
)

from app.db.scope import Actor, Result, ScopedSession
from app.db.tables import client_coach, opportunity, opportunity_contact
from app.db.vocabulary import CoachAccess, Visibility

Made = TypeVar("Made")
Conditions = tuple[ColumnElement[bool], ...]

#: The roles for which interactions marked `coaches` exist.
COACHES = frozenset({Actor.OWNER, Actor.ADMIN, Actor.COACH})
_ALL, _SHARED = list(Visibility), [Visibility.SHARED]
_ASSIGNABLE = frozenset({Actor.COACH, Actor.ASSISTANT})

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_OWN: Any = bindparam("own_client", type_=Uuid)
_assignment = client_coach.alias("assignment")
_ASSIGNED = select(_assignment.c.client_id).where(
    _assignment.c.practice_id == _PRACTICE, _assignment.c.member_id == bindparam("assigned_to", type_=Uuid)
)


class Sight(StrEnum):
    """Whose search a caller sees, with all that hangs on it."""

    EVERYBODY = "everybody"
    ASSIGNED = "assigned"
    OWN = "own"


def assigned_only(role: Actor, coach_access: str) -> bool:
    """Say whether a member of this role sees assigned clients only, as the practice has it."""
    return role in _ASSIGNABLE and coach_access != CoachAccess.PRACTICE


def sight(session: ScopedSession) -> Sight:
    """Return whose search exists for the caller; everybody's for what the service does on its own."""
    scope = session.scope
    if session.widened or scope.actor is Actor.SYSTEM:
        return Sight.EVERYBODY
    if scope.actor is Actor.CLIENT:
        return Sight.OWN
    return Sight.ASSIGNED if scope.assigned_only else Sight.EVERYBODY


def parameters(session: ScopedSession) -> dict[str, Any]:
    """Return what the conditions of this module compare with."""
    scope = session.scope
    all_of_them = session.widened or scope.actor is Actor.SYSTEM or scope.actor in COACHES
    return {
        "shown": _ALL if all_of_them else _SHARED,
        "own_client": scope.client_id,
        "assigned_to": scope.member_id,
    }


def each(build: Callable[[Sight], Made]) -> Mapping[Sight, Made]:
    """Return the variants of a statement."""
    return MappingProxyType({sight: build(sight) for sight in Sight})


async def run(session: ScopedSession, statement: Mapping[Sight, Select[Any]], /, **values: Any) -> Result:
    """Execute the variant of a statement that is meant for the caller."""
    return await session.run(statement[sight(session)], **values, **parameters(session))


def clients(sight: Sight, client_id: ColumnElement[Any]) -> Conditions:
    """Return the conditions that the caller sees the client of this id; none for one who sees all of them."""
    if sight is Sight.OWN:
        return (client_id == _OWN,)
    # A look-up in a set that the planner takes for a matter of course (ADR 11): as a join, or as a filter of its own,
    # it would make it expect a row or two, and read everything again for each of them.
    return (case((client_id.in_(_ASSIGNED), true())).is_not(None),) if sight is Sight.ASSIGNED else ()


def companies(sight: Sight, company_id: ColumnElement[Any]) -> Conditions:
    """Return the conditions that the caller sees the company: clients see the employers of their opportunities."""
    return _of_own(sight, opportunity, opportunity.c.company_id == company_id)


def contacts(sight: Sight, contact_id: ColumnElement[Any]) -> Conditions:
    """Return the conditions that the caller sees the contact: clients see the people on their opportunities."""
    links = opportunity_contact.join(
        opportunity,
        (opportunity.c.practice_id == opportunity_contact.c.practice_id)
        & (opportunity.c.id == opportunity_contact.c.opportunity_id),
    )
    here = opportunity_contact.c.practice_id == _PRACTICE
    return _of_own(sight, links, here & (opportunity_contact.c.contact_id == contact_id))


def interactions(visibility: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that an interaction of this visibility exists for the caller."""
    return visibility == any_(bindparam("shown", type_=ARRAY(Text)))


def _of_own(sight: Sight, source: FromClause, of: ColumnElement[bool]) -> Conditions:
    if sight is not Sight.OWN:
        return ()
    own = (opportunity.c.practice_id == _PRACTICE, opportunity.c.client_id == _OWN, opportunity.c.deleted_at.is_(None))
    return (exists().select_from(source).where(*own, of),)
