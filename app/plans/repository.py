"""All facts of one search as of an instant, in one statement: the person, what they have begun, what they learn."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Date,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.access import visibility
from app.access.visibility import Sight
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import client, company, development_activity, ghosting_step, interaction, opportunity, practice
from app.db.vocabulary import OpportunitySource
from app.ghosting.vocabulary import ACTORS, Actor, Kind, Outcome, Stage, Status

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_CLIENT: Any = bindparam("client_id", type_=Uuid)
_AT: Any = bindparam("at", type_=instant)
_step, _act, _activity = ghosting_step.c, interaction.c, development_activity.c

_OF_ACTOR: Mapping[Actor, list[str]] = {
    actor: [kind.value for kind in Kind if ACTORS[kind] is actor] for actor in Actor
}
_OWN_DOING = [*_OF_ACTOR[Actor.CANDIDATE], *_OF_ACTOR[Actor.BOTH]]
_KNOWN_SOMEBODY = [OpportunitySource.REFERRAL.value, OpportunitySource.NETWORKING.value]
_begun = ghosting_step.alias("begun_step").c
_rank = case({stage.value: stage.rank for stage in Stage}, value=_begun.stage)

#: Nobody has done anything for it, be it that it was struck off the list: what ends so has never been opened.
_IDLE = or_(
    _begun.status == Status.NOT_STARTED.value,
    and_(
        _begun.status == Status.CLOSED.value,
        _begun.stage == Stage.LEAD.value,
        _begun.outcome != Outcome.ACCEPTED.value,
    ),
)


def _local(at: Any) -> Any:
    """Return the client's local date at an instant."""
    return cast(func.timezone(client.c.time_zone, at), Date)


#: The step that holds, and all that began by then.
_HOLDS = and_(
    _step.practice_id == _PRACTICE,
    _step.opportunity_id == opportunity.c.id,
    _step.starts_at <= _AT,
    or_(_step.ends_at.is_(None), _step.ends_at > _AT),
)
_BEGUN = select(
    func.min(_begun.starts_at).filter(~_IDLE).label("opened_at"),
    func.min(_begun.starts_at).filter(_rank >= Stage.SCREENING.rank).label("spoken_at"),
    func.max(_rank).label("reached"),
    func.bool_or(_begun.stage == Stage.SCREENING.value).label("screened"),
).where(_begun.practice_id == _PRACTICE, _begun.opportunity_id == opportunity.c.id, _begun.starts_at <= _AT)


#: What the caller may know of on an opportunity, up to the instant.
_KNOWN = (
    _act.practice_id == _PRACTICE,
    _act.opportunity_id == opportunity.c.id,
    _act.voided_at.is_(None),
    _act.occurred_at <= _AT,
    visibility.interactions(_act.visibility),
)

_struck = ghosting_step.alias("struck").c
_no_show = interaction.alias("no_show")
_missed = _no_show.c
_later_meeting = interaction.alias("later_meeting")
_later = _later_meeting.c
#: No meeting that an ending had struck from the diary, nor one to which nobody came: the last before a no-show.
_TOOK_PLACE = or_(
    _act.kind.not_in(_OF_ACTOR[Actor.BOTH]),
    ~or_(
        exists().where(
            _struck.practice_id == _PRACTICE,
            _struck.opportunity_id == _act.opportunity_id,
            _struck.status == Status.CLOSED.value,
            _struck.starts_at >= _act.arranged_at,
            _struck.starts_at < _act.occurred_at,
        ),
        exists()
        .where(
            _missed.practice_id == _PRACTICE,
            _missed.opportunity_id == _act.opportunity_id,
            _missed.voided_at.is_(None),
            _missed.kind == Kind.NO_SHOW.value,
            _missed.occurred_at >= _act.occurred_at,
            _missed.occurred_at <= _AT,
            _local(_missed.occurred_at) == _local(func.coalesce(_act.ends_at, _act.occurred_at)),
            visibility.interactions(_missed.visibility),
            ~exists()
            .where(
                _later.practice_id == _PRACTICE,
                _later.opportunity_id == _act.opportunity_id,
                _later.voided_at.is_(None),
                _later.kind.in_(_OF_ACTOR[Actor.BOTH]),
                _later.occurred_at > _act.occurred_at,
                _later.occurred_at <= _missed.occurred_at,
            )
            .correlate_except(_later_meeting),
        )
        .correlate_except(_no_show),
    ),
)


def _happened(*more: Any) -> Any:
    """Count what the caller may know of on an opportunity, up to the instant."""
    return select(func.count()).select_from(interaction).where(*_KNOWN, _TOOK_PLACE, *more).scalar_subquery()


def _lately(days: str, kinds: Sequence[str]) -> Any:
    """Count what happened on the last local dates, today included."""
    count: Any = bindparam(days, type_=Integer)
    # No date is further from an instant than this, and few instants are left to be dated.
    near = _act.occurred_at > _AT - func.make_interval(0, 0, 0, count + 2)
    return _happened(near, _local(_act.occurred_at) > _local(_AT) - count, _act.kind.in_(kinds))


_INTRODUCED = or_(
    opportunity.c.source.in_(_KNOWN_SOMEBODY), exists().where(*_KNOWN, _act.kind == Kind.INTRODUCTION.value)
)
_APPLIED = select(func.min(_act.occurred_at)).where(*_KNOWN, _act.kind == Kind.APPLICATION.value).scalar_subquery()
_THEIRS = and_(
    opportunity.c.practice_id == client.c.practice_id,
    opportunity.c.client_id == client.c.id,
    opportunity.c.deleted_at.is_(None),
)
_WHERE = and_(company.c.practice_id == opportunity.c.practice_id, company.c.id == opportunity.c.company_id)
_PERSON = (client.c.id.label("client_id"), client.c.time_zone, client.c.employment_status, client.c.hours_free_per_week)
_ROLE = (*(opportunity.c[n] for n in ("id", "title", "kind", "created_at")), company.c.name.label("company_name"))
_STANDS = (_step.status, _step.status_since, _step.stage, _step.outcome)
_FIELDS = ("id", "kind", "title", "status", "started_on", "finished_on", "hours_per_week", "created_at")


def _learning() -> Any:
    """Return the activities of the client as one document, on the first row only."""
    document = func.jsonb_build_object(*(part for name in _FIELDS for part in (literal(name, Text), _activity[name])))
    theirs = (
        select(func.coalesce(func.jsonb_agg(document), cast(literal("[]", Text), JSONB)))
        .where(_activity.practice_id == _PRACTICE, _activity.client_id == client.c.id)
        .scalar_subquery()
    )
    return case((func.row_number().over(order_by=opportunity.c.id) == 1, theirs)).label("activities")


def _rows(sight: Sight, *columns: Any) -> Select[Any]:
    begun = _BEGUN.lateral("begun")
    reached = (begun.c.opened_at, begun.c.spoken_at, cast(begun.c.reached, Integer).label("reached"), begun.c.screened)
    return (
        select(*_PERSON, *_ROLE, *_STANDS, *reached, *columns)
        .select_from(client)
        .outerjoin(opportunity, _THEIRS)
        .outerjoin(company, _WHERE)
        .outerjoin(ghosting_step, _HOLDS)
        .outerjoin(begun, true())
        .where(client.c.practice_id == _PRACTICE, client.c.id == _CLIENT, *visibility.clients(sight, client.c.id))
        .order_by(opportunity.c.id)
    )


def _facts(sight: Sight) -> Select[Any]:
    target = select(practice.c.weekly_target).where(practice.c.id == _PRACTICE).scalar_subquery()
    return _rows(
        sight,
        target.label("weekly_target"),
        _lately("activity", _OWN_DOING).label("acts"),
        _INTRODUCED.label("introduced"),
        _APPLIED.label("applied_at"),
        _learning(),
    )


def _counted(sight: Sight) -> Select[Any]:
    named = ((actor, f"by_{actor.value}") for actor in (Actor.CANDIDATE, Actor.EMPLOYER, Actor.BOTH))
    return _rows(sight, *(_lately("week", _OF_ACTOR[actor]).label(name) for actor, name in named))


_FACTS = visibility.each(_facts)
_COUNTS = visibility.each(_counted)


async def facts(session: ScopedSession, *, client_id: UUID, at: datetime, activity_days: int) -> Sequence[Row]:
    """Return a row for each opportunity of the client, one with a null `id` without any; none: nothing to see.

    The first row carries the client's `activities`.
    """
    parameters = {"client_id": client_id, "at": at, "activity": activity_days}
    return (await visibility.run(session, _FACTS, **parameters)).mappings().all()


async def counts(session: ScopedSession, *, client_id: UUID, at: datetime, days: int) -> Sequence[Row]:
    """Return a row for each opportunity of the client with what happened on the last local dates, as `facts` does."""
    parameters = {"client_id": client_id, "at": at, "week": days}
    return (await visibility.run(session, _COUNTS, **parameters)).mappings().all()
