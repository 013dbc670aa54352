"""What the rules would say of a timeline that nobody lived: nothing is stored."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.access.principal import Caller
from app.assessments import service as assessments
from app.assessments.schemas import ActionAdvice, AssessmentOut, InteractionFields, VerdictOut, arranged
from app.db.scope import ScopedSession
from app.ghosting.history import at, history
from app.ghosting.policy import Policy
from app.ghosting.steps import Step
from app.ghosting.timeline import Interaction, Timeline
from app.guidance.schemas import (
    SimulatedAction,
    SimulatedAssessment,
    SimulatedReason,
    SimulationIn,
    SimulationOut,
)

_NOBODYS = UUID(int=0)


async def simulate(session: ScopedSession, *, caller: Caller, draft: SimulationIn) -> SimulationOut:
    """Return what would be said of a timeline under the practice's policy, or under the draft's own."""
    number, policy = await _policy(session, draft)
    calendar = assessments.calendar_of(draft.time_zone, draft.region)
    acts = tuple(_act(index, fields, caller.now) for index, fields in enumerate(draft.timeline))
    steps = history(Timeline(acts, draft.has_contact), policy, calendar)
    as_of = draft.as_of or caller.now
    step = at(steps, as_of)
    today = calendar.local_date(as_of)
    said = assessments.verdict(
        step,
        opportunity_id=_NOBODYS,
        as_of=as_of,
        today=today,
        policy_version=number,
        outlook=assessments.prospects_of(step, today=today),
    )
    retold = _retold(AssessmentOut.model_validate(said), step)
    return SimulationOut.model_construct(assessment=retold, history=assessments.history_of(steps))


async def _policy(session: ScopedSession, draft: SimulationIn) -> tuple[int, Policy]:
    if draft.policy is None:
        # The login of a client reads no policy, yet is told what it makes of a timeline, as of all of theirs.
        async with session.as_system():
            return await assessments.policy_in_force(session)
    return 0, assessments.policy_of(draft.policy.model_dump(mode="json"))


def _act(index: int, fields: InteractionFields, now: datetime) -> Interaction:
    """Return an entry as the engine knows it: its place stands in for the id, also to break ties by."""
    agreed = arranged(kind=fields.kind, occurred_at=fields.occurred_at, arranged_at=fields.arranged_at, now=now)
    return Interaction(
        UUID(int=index), fields.kind, fields.occurred_at, fields.ends_at, agreed, fields.reply_by, fields.stage
    )


def _retold(said: AssessmentOut, step: Step) -> SimulatedAssessment:
    """Say in numbers of entries what the verdict says in ids."""
    action = said.next_action and SimulatedAction.model_construct(
        **{name: getattr(said.next_action, name) for name in ActionAdvice.model_fields if name != "key"},
        key=_key(step),
        timeline_indexes=_indexes(said.next_action.interaction_ids),
    )
    reasons = [
        SimulatedReason.model_construct(code=r.code, text=r.text, timeline_indexes=_indexes(r.interaction_ids))
        for r in said.reasons
    ]
    return SimulatedAssessment.model_construct(
        opportunity_id=None,
        **{name: getattr(said, name) for name in VerdictOut.model_fields},
        next_action=action,
        reasons=reasons,
    )


def _indexes(ids: Sequence[UUID]) -> list[int]:
    return [i.int for i in ids]


def _key(step: Step) -> str:
    action = step.action
    if action is None or action.raised_by is None:
        return action.key if action else ""
    return f"{action.kind}:{action.raised_by.int}"
