"""What is read of an opportunity: its own columns, what hangs on it, and the step that holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, FromClause, Select, Uuid, and_, any_, bindparam, func, or_, select, true
from sqlalchemy.sql.selectable import LateralFromClause

from app.access import visibility
from app.db.base import instant
from app.db.scope import Row, ScopedSession
from app.db.tables import client, company, ghosting_step, interaction, opportunity, opportunity_contact
from app.experience.repository import learnt

PRACTICE: Any = bindparam("practice_id", type_=Uuid)
#: The instant of the assessment, and that of the stage, the outcome and the last activity: the same unless asked for.
AT: Any = bindparam("at", type_=instant)
NOW: Any = bindparam("now", type_=instant)

#: All that an answer says of the opportunity itself.
OWN_COLUMNS = tuple(c for c in opportunity.c if c.name not in {"practice_id", "title_key", "deleted_at"})
_SUMMARY = (
    *("status", "status_since", "status_until", "stage", "outcome"),
    *("wait", "silent_on", "action_kind", "action_due_on"),
)


def step(of: FromClause, at: Any, *, name: str) -> LateralFromClause:
    """Return the step of `of` that holds at an instant, looked up for each row.

    A look-up with a limit stays one. Were it a join, then of a practice that was filled since the last ANALYZE the
    planner might read every step anew for each opportunity, expecting a row or two of both (ADR 6).
    """
    mine = (ghosting_step.c.practice_id == PRACTICE, ghosting_step.c.opportunity_id == of.c.id)
    found = select(*(ghosting_step.c[column] for column in _SUMMARY)).where(*mine, spans(ghosting_step, at))
    # The order is that of the primary key, which makes its index the cheapest even where all tables look empty.
    return found.order_by(ghosting_step.c.seq.desc()).limit(1).lateral(name)


def spans(step: Any, at: Any) -> Any:
    """Return the condition that `step` holds at an instant."""
    return and_(step.c.starts_at <= at, or_(step.c.ends_at.is_(None), step.c.ends_at > at))


def contact_links(of: FromClause) -> Any:
    """Return the ids of the contacts, in their order."""
    link = opportunity_contact.c
    found = select(link.contact_id).where(link.practice_id == PRACTICE, link.opportunity_id == of.c.id)
    return func.array(found.order_by(link.position).scalar_subquery(), type_=ARRAY(Uuid))


def last_activity(of: FromClause) -> Any:
    """Return the instant of the newest interaction that the caller may know of, as of now."""
    act = interaction.c
    return (
        select(act.occurred_at)
        .where(
            act.practice_id == PRACTICE,
            act.opportunity_id == of.c.id,
            act.occurred_at <= NOW,
            act.voided_at.is_(None),
            visibility.interactions(act.visibility),
        )
        .order_by(act.occurred_at.desc())
        .limit(1)
        .scalar_subquery()
    )


def time_zone(of: FromClause) -> Any:
    """Return the zone of the client."""
    mine = (client.c.practice_id == PRACTICE, client.c.id == of.c.client_id)
    return select(client.c.time_zone).where(*mine).order_by(client.c.id).limit(1).scalar_subquery()


def _company_name(of: FromClause) -> Any:
    theirs = (company.c.practice_id == PRACTICE, company.c.id == of.c.company_id)
    return select(company.c.name).where(*theirs).order_by(company.c.id).limit(1).scalar_subquery()


def selected(of: FromClause, *, recalled: bool) -> Select[Any]:
    """Return the statement of whole answers about the opportunities in `of`.

    `recalled`: the assessment's instant is not now, so the present stage and outcome are those of another step.
    """
    shown = step(of, AT, name="shown")
    present = step(of, NOW, name="present") if recalled else shown
    joined = of.join(shown, true())
    return select(
        *(of.c[column.name] for column in OWN_COLUMNS),
        contact_links(of).label("contact_ids"),
        last_activity(of).label("last_activity_at"),
        _company_name(of).label("company_name"),
        time_zone(of).label("time_zone"),
        *(shown.c[name] for name in _SUMMARY),
        present.c.stage.label("stage_now"),
        present.c.outcome.label("outcome_now"),
        learnt(),
    ).select_from(joined.join(present, true()) if recalled else joined)


_SELECT = selected(opportunity, recalled=False).where(
    opportunity.c.practice_id == PRACTICE, opportunity.c.deleted_at.is_(None)
)
_BY_ID = _SELECT.where(opportunity.c.id == bindparam("id", type_=Uuid))
_FIND = visibility.each(lambda sight: _BY_ID.where(*visibility.clients(sight, opportunity.c.client_id)))
_MANY = _SELECT.where(opportunity.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
_FIND_MANY = visibility.each(lambda sight: _MANY.where(*visibility.clients(sight, opportunity.c.client_id)))


async def find(session: ScopedSession, *, opportunity_id: UUID, now: datetime, **known: Any) -> Row | None:
    """Return an opportunity with its step of `now`; None when it is hidden or there is none that the caller sees."""
    return (await visibility.run(session, _FIND, id=opportunity_id, at=now, now=now, **known)).mappings().one_or_none()


async def find_many(session: ScopedSession, *, ids: Sequence[UUID], now: datetime, **known: Any) -> Sequence[Row]:
    """Return those of these opportunities that the caller sees, as `find` does."""
    return (await visibility.run(session, _FIND_MANY, ids=list(ids), at=now, now=now, **known)).mappings().all()
