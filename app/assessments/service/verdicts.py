"""Reading a verdict: one look-up of a stored step, put into words for the local date of the client."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from app.assessments import repository
from app.assessments.schemas import (
    ActionSummary,
    AssessmentOut,
    AssessmentSummary,
    FollowUp,
    HistoryItem,
    HistoryOut,
    NextAction,
    OutlookOut,
    PossibleReasonOut,
    ReasonOut,
)
from app.assessments.service.convert import policy_of, step_of
from app.db.scope import ScopedSession
from app.experience import service as experience
from app.ghosting import words
from app.ghosting.experience import Experiences
from app.ghosting.outlook import Outlook, outlook
from app.ghosting.policy import Policy
from app.ghosting.steps import WAITING_ON, Step, silent_days
from app.ghosting.vocabulary import Status, Wait
from app.kit.errors import NotFound
from app.kit.zones import zone

#: Any constant will do, but never another one: keys would change.
_VEIL = UUID("5d0cbe0e-0c3f-4a5e-9d5b-6d5a3c1b7f10")

#: Of a probability: what is told beyond that is noise.
_DIGITS = 4

Chooser = Callable[[Sequence[UUID]], list[UUID]]


async def assess(
    session: ScopedSession, *, opportunity_id: UUID, as_of: datetime, sees_coaches_only: bool
) -> AssessmentOut:
    """Return the verdict at an instant, the same for every reader save for ids the reader may not see."""
    known = experience.known(session)
    row = await repository.find_step(session, opportunity_id=opportunity_id, at=as_of, **known.parameters)
    if row is None:
        raise NotFound
    learnt = experience.learnt(session, row["learnt"], known=known)
    choose: Chooser = list
    if not sees_coaches_only:
        seen = await repository.seen_ids(session, opportunity_id=opportunity_id)

        def choose(ids: Sequence[UUID]) -> list[UUID]:
            return [i for i in ids if i in seen]

    today = as_of.astimezone(zone(row["time_zone"])).date()
    return verdict(
        step_of(row),
        opportunity_id=opportunity_id,
        as_of=as_of,
        today=today,
        policy_version=row["rules_version"],
        choose=choose,
        outlook=prospects(row, as_of=as_of, today=today, learnt=learnt),
    )


def verdict(
    step: Step,
    *,
    opportunity_id: UUID,
    as_of: datetime,
    today: date,
    policy_version: int,
    choose: Chooser = list,
    outlook: OutlookOut | None = None,
) -> AssessmentOut:
    """Return the answer that a step gives on the local date `today`; `choose` drops ids the reader may not see."""
    return AssessmentOut.model_construct(
        opportunity_id=opportunity_id,
        as_of=as_of,
        status=step.status,
        since=step.status_since,
        until=step.status_until,
        stage=step.stage,
        outcome=step.outcome,
        waiting_on=step.waiting_on,
        silent_since=step.silent_since,
        silent_days=silent_days(step, today),
        follow_up=FollowUp.model_construct(used=step.follow_up_used, opens_on=step.opens_on, closes_on=step.closes_on),
        reply_by=step.reply_by,
        ghost_kind=step.ghost_kind,
        was_ghosted=step.was_ghosted,
        possible_reasons=[
            PossibleReasonOut.model_construct(code=code, text=text) for code, text in words.possible_reasons(step)
        ],
        outlook=outlook,
        policy_version=policy_version,
        next_action=next_action(step, today=today, choose=choose),
        reasons=[
            ReasonOut.model_construct(
                code=reason.code, text=words.reason_text(reason.code), interaction_ids=choose(reason.interaction_ids)
            )
            for reason in step.reasons
        ],
    )


def next_action(step: Step, *, today: date, choose: Chooser = list) -> NextAction | None:
    """Return the advice of a step on the local date `today`; `choose` drops ids the reader may not see."""
    action = step.action
    if action is None:
        return None
    return NextAction.model_construct(
        kind=action.kind,
        due_on=action.due_on,
        reason=words.action_reason(step, today=today),
        key=_shown(action.key),
        source=action.source,
        interaction_ids=choose(action.interaction_ids),
        alternative=action.alternative,
    )


def _shown(key: str) -> str:
    """Veil the id inside a key: the key is the same for every reader, and not all may see the interaction."""
    kind, _, raised_by = key.partition(":")
    return f"{kind}:{uuid5(_VEIL, raised_by)}" if raised_by else kind


def prospects(row: Mapping[Any, Any], *, as_of: datetime, today: date, learnt: Experiences) -> OutlookOut | None:
    """Return the outlook of a silence at an instant, from the columns of its step; None where there is none."""
    if row["silent_on"] is None:
        return None
    days = max(0, (today - row["silent_on"]).days)
    place = {"company": str(row["company_id"]), "client": str(row["client_id"])}
    return _told(learnt.outlook(Wait(row["wait"]), days, **place, at=as_of))


def prospects_of(step: Step, *, today: date) -> OutlookOut | None:
    """Return the outlook of a silence of nobody in particular: that of the published waits."""
    days = silent_days(step, today)
    return None if days is None or step.wait is None else _told(outlook(step.wait, days))


def _told(found: Outlook) -> OutlookOut:
    return OutlookOut.model_construct(
        text=found.text, probability=round(found.probability, _DIGITS), n=found.n, basis=found.basis
    )


def summary(row: Mapping[Any, Any], *, as_of: datetime, time_zone: str, learnt: Experiences) -> AssessmentSummary:
    """Return the verdict in short from the columns of a stored step."""
    status = Status(row["status"])
    silent_on = row["silent_on"]
    today = as_of.astimezone(zone(time_zone)).date() if silent_on else None
    action = (
        ActionSummary.model_construct(kind=row["action_kind"], due_on=row["action_due_on"])
        if row["action_kind"]
        else None
    )
    return AssessmentSummary.model_construct(
        as_of=as_of,
        status=status,
        since=row["status_since"],
        until=row["status_until"],
        stage=row["stage"],
        outcome=row["outcome"],
        waiting_on=WAITING_ON[status],
        silent_days=max(0, (today - silent_on).days) if today else None,
        next_action=action,
        outlook=prospects(row, as_of=as_of, today=today, learnt=learnt) if today else None,
    )


async def status_history(session: ScopedSession, *, opportunity_id: UUID) -> HistoryOut:
    """Return the whole step function of an opportunity, from when it first left `not_started`."""
    runs = await repository.runs(session, opportunity_id=opportunity_id)
    if not runs:
        raise NotFound
    return HistoryOut(
        items=[_item(r["status"], r["status_since"], r["status_until"]) for r in runs if r["status_since"]]
    )


async def policy_in_force(session: ScopedSession) -> tuple[int, Policy]:
    """Return the number of the policy that answers are computed with, and the policy."""
    found = await repository.current_policy(session)
    return found.number, policy_of(found.document)


def history_of(steps: Sequence[Step]) -> list[HistoryItem]:
    """Return the runs of equal status of computed steps."""
    runs = dict.fromkeys((s.status, s.status_since, s.status_until) for s in steps)
    return [_item(status, since, until) for status, since, until in runs if since is not None]


def _item(status: str, since: datetime, until: datetime | None) -> HistoryItem:
    return HistoryItem.model_construct(status=Status(status), starts_at=since, ends_at=until)
