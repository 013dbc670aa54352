"""The caseload in one statement: parts of one shape, each client's facts in several of them, put together by `part`.

Parts are no joins on purpose: of a practice that was filled since the last ANALYZE the planner expects a row or two,
and would read one part anew for each row of another (ADR 6).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Date, Select, Uuid, and_, bindparam, func, or_, select, true, union_all

from app.access import visibility
from app.access.visibility import Sight
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import client, client_coach, ghosting_step, opportunity, silence
from app.ghosting.vocabulary import Outcome, Status
from app.guidance.repository.latest import touches, wins
from app.guidance.repository.parts import AT, PRACTICE, Part, among, company_name, document, owner, part

_step = ghosting_step.c

#: What next week is asked for: whose window opens, whose closes unused, and who is silent for good.
AHEAD = (Status.FOLLOW_UP_DUE, Status.FOLLOW_UP_OVERDUE, Status.GHOSTED)
_LIVE = tuple(s.value for s in Status if s not in {Status.NOT_STARTED, Status.GHOSTED, Status.CLOSED})


def _chosen(sight: Sight, *, of_coach: bool) -> CTE:
    coached = select(client_coach.c.client_id).where(
        client_coach.c.practice_id == PRACTICE, client_coach.c.member_id == bindparam("coach_id", type_=Uuid)
    )
    names = ("id", "name", "time_zone", "employment_status", "created_at")
    found = select(*(client.c[name] for name in names)).where(
        client.c.practice_id == PRACTICE,
        client.c.archived.is_(False),
        *visibility.clients(sight, client.c.id),
        *((among(client.c.id, coached),) if of_coach else ()),
    )
    return found.cte("people").prefix_with("MATERIALIZED")


def _standing(people: CTE) -> CTE:
    """Return where every opportunity stands, and when it had begun."""
    mine = (_step.practice_id == PRACTICE, _step.opportunity_id == opportunity.c.id)
    holds = and_(_step.starts_at <= AT, or_(_step.ends_at.is_(None), _step.ends_at > AT))
    names = ("status", "status_since", "outcome", "silent_on", "reply_by")
    found = select(*(_step[name] for name in names)).where(*mine, holds)
    held = found.order_by(_step.seq.desc()).limit(1).lateral("held")
    # The first step of a timeline lasts until something happens.
    begun = select(_step.ends_at).where(*mine, _step.seq == 0).order_by(_step.seq).limit(1).scalar_subquery()
    return (
        select(
            *(opportunity.c[name] for name in ("id", "client_id", "title", "kind", "company_id")),
            *held.c,
            begun.label("begun"),
        )
        .select_from(opportunity.join(held, true()))
        .where(
            opportunity.c.practice_id == PRACTICE,
            opportunity.c.deleted_at.is_(None),
            among(opportunity.c.client_id, select(people.c.id)),
        )
        .cte("standing")
        .prefix_with("MATERIALIZED")
    )


def _openings(standing: CTE) -> Select[Any]:
    it = standing.c
    # What "bear with us" without a date is measured by is our guess, and no promise.
    its = (silence.c.practice_id == PRACTICE, silence.c.opportunity_id == it.id, silence.c.promised_on == it.reply_by)
    passed = or_(silence.c.ended_on.is_(None), silence.c.ended_on > silence.c.promised_on)
    waited = select(silence.c.seq).where(*its, passed).order_by(silence.c.seq).limit(1).scalar_subquery()
    lately = and_(it.status == Status.GHOSTED.value, it.status_since > bindparam("ghosted_after", type_=instant))
    broken = and_(
        it.silent_on.is_not(None),
        it.status != Status.ON_HOLD.value,
        it.reply_by >= bindparam("promised_after", type_=Date),
        waited.is_not(None),
    )
    over = it.status.in_((Status.GHOSTED.value, Status.CLOSED.value))
    named = {"id": it.id, "title": it.title, "company_name": company_name(standing)}
    return part(
        Part.OPENINGS,
        it.client_id,
        openings=func.count(),
        live=func.count().filter(it.status.in_(_LIVE)),
        begun=func.min(it.begun).filter(it.begun <= AT),
        ended=func.max(it.status_since).filter(over),
        accepted=func.jsonb_agg(document(kind=it.kind, at=it.status_since)).filter(
            it.outcome == Outcome.ACCEPTED.value
        ),
        ghosted=func.jsonb_agg(document(**named, at=it.status_since)).filter(lately),
        promised=func.jsonb_agg(document(**named, on=it.reply_by)).filter(broken),
    ).group_by(it.client_id)


def _ahead(people: CTE) -> Select[Any]:
    """Return what changes in the days ahead if nobody writes, from the steps that begin then."""
    begins = select(*(_step[name] for name in ("opportunity_id", "seq", "status", "starts_at"))).where(
        _step.practice_id == PRACTICE,
        _step.status.in_([status.value for status in AHEAD]),
        _step.starts_at > AT,
        _step.starts_at < bindparam("before", type_=instant),
        _step.starts_at == _step.status_since,
    )
    # They end later still, or never: two stretches of the index, whose order is the end's (ADR 18).
    begun = union_all(begins.where(_step.ends_at > AT), begins.where(_step.ends_at.is_(None))).subquery("begins")
    its = begun.c
    former = ghosting_step.alias("former").c
    mine = (former.practice_id == PRACTICE, former.opportunity_id == its.opportunity_id)
    previous = (
        select(former.status).where(*mine, former.seq == its.seq - 1).order_by(former.seq).limit(1).scalar_subquery()
    )
    of = owner(its.opportunity_id, "title", "company_id")
    return (
        part(
            Part.AHEAD,
            of.c.client_id,
            id=its.opportunity_id,
            title=of.c.title,
            company_name=company_name(of),
            former=previous,
            status=its.status,
            at=its.starts_at,
        )
        .select_from(begun.join(of, true()))
        .where(among(of.c.client_id, select(people.c.id)))
    )


@lru_cache(maxsize=16)
def _radar(sight: Sight, *, of_coach: bool, forecast: bool) -> Any:
    people = _chosen(sight, of_coach=of_coach)
    standing = _standing(people)
    it = people.c
    about = {name: it[name] for name in ("name", "time_zone", "employment_status", "created_at")}
    person = part(Part.PERSON, it.id, **about)
    parts = (person, _openings(standing), wins(people), touches(people))
    return union_all(*parts, *((_ahead(people),) if forecast else ()))


async def radar(
    session: ScopedSession,
    *,
    coach_id: UUID | None,
    at: datetime,
    ghosted_days: int,
    promised_days: int,
    ahead_days: int | None,
) -> Sequence[Row]:
    """Return rows of `part`, `client_id` and `data`: of what each part tells, see the functions above.

    With `coach_id` only this coach's clients are in scope, of those whom the caller sees; days are counted generously,
    since local dates differ. Without `ahead_days` nothing is told of what is to come.
    """
    statement = _radar(visibility.sight(session), of_coach=coach_id is not None, forecast=ahead_days is not None)
    parameters: Mapping[str, Any] = {
        "coach_id": coach_id,
        "at": at,
        "ghosted_after": at - timedelta(ghosted_days + 2),
        "promised_after": date.fromordinal(max(1, at.date().toordinal() - promised_days - 2)),
        "before": at + timedelta((ahead_days or 0) + 2),
    }
    return (await session.run(statement, **parameters, **visibility.parameters(session))).mappings().all()
