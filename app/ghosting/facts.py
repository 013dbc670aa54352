"""What a step says apart from its times, and what it says while time alone changes nothing (GHOSTING.md, 4 and 6)."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from app.ghosting.state import Event, Silence, State
from app.ghosting.steps import Action, Reason
from app.ghosting.timeline import Interaction
from app.ghosting.vocabulary import ActionKind, GhostKind, Kind, Outcome, ReasonCode, Source, Stage, Status, Wait
from app.ghosting.windows import Terms, held


class Facts(NamedTuple):
    """All of a step but its bounds and `was_ghosted`; a tuple, because neighbours are compared all the time."""

    status: Status
    stage: Stage
    outcome: Outcome | None = None
    wait: Wait | None = None
    silent_since: datetime | None = None
    silent_on: date | None = None
    follow_up_used: bool = False
    opens_on: date | None = None
    closes_on: date | None = None
    ghosted_on: date | None = None
    reply_by: date | None = None
    ghost_kind: GhostKind | None = None
    action: Action | None = None
    reasons: tuple[Reason, ...] = ()


_OUTCOMES: Mapping[Kind, Outcome] = MappingProxyType(
    {
        Kind.REJECTION: Outcome.REJECTED,
        Kind.POSITION_CLOSED: Outcome.POSITION_CLOSED,
        Kind.WITHDRAWAL: Outcome.WITHDRAWN,
        Kind.ACCEPTANCE: Outcome.ACCEPTED,
        Kind.DECLINE: Outcome.DECLINED,
    },
)

NOT_STARTED = Facts(
    Status.NOT_STARTED,
    Stage.LEAD,
    action=Action(ActionKind.MAKE_CONTACT, None, f"{ActionKind.MAKE_CONTACT}:start", (), None, Source.FIRST_STEP),
    reasons=(Reason(ReasonCode.NOTHING_YET, ()),),
)


def settled_facts(state: State, terms: Terms) -> Facts:
    """Give what holds until the next act, where no running silence makes it depend on time."""
    if state.closed_by:
        return _closed(state, state.closed_by)
    if state.silence:
        return _scheduled(state, state.silence, terms)
    return _your_move(state, terms) if state.bounced or state.offer or state.request else NOT_STARTED


def _closed(state: State, closing: Interaction) -> Facts:
    reasons = (Reason(ReasonCode.PROCESS_ENDED, (closing.id,)),)
    return Facts(Status.CLOSED, state.stage, outcome=_OUTCOMES[closing.kind], reasons=reasons)


def _your_move(state: State, terms: Terms) -> Facts:
    reasons = []
    actions = []
    if state.bounced:
        bounce = state.bounced.bounce
        ids = (bounce.interaction.id, state.bounced.act.id)
        reasons.append(Reason(ReasonCode.UNDELIVERED, ids))
        actions.append(_task(ActionKind.FIX_CONTACT, bounce, bounce.on, Source.DELIVERY_FIRST, ids))
    if state.offer:
        reasons.append(Reason(ReasonCode.OFFER_OPEN, (state.offer.interaction.id,)))
        due_on = state.offer.interaction.reply_by
        actions.append(_task(ActionKind.ANSWER_OFFER, state.offer, due_on, Source.OFFER_DEADLINE))
    if state.request:
        reasons.append(Reason(ReasonCode.REQUEST_OPEN, (state.request.interaction.id,)))
        due_on = state.request.interaction.reply_by or _next_business_day(state.request.on, terms)
        actions.append(_task(ActionKind.REPLY, state.request, due_on, Source.PROMPT_REPLY))
    asked = [event.interaction.reply_by for event in (state.offer, state.request) if event]
    return Facts(
        Status.YOUR_MOVE,
        state.stage,
        reply_by=next((day for day in asked if day), None),
        action=actions[0],
        reasons=tuple(reasons),
    )


def _next_business_day(day: date, terms: Terms) -> date:
    return terms.calendar.add_business_days(day, 1, skip_weekends=terms.policy.skip_weekends)


def _task(
    kind: ActionKind,
    event: Event,
    due_on: date | None,
    source: Source,
    ids: tuple[UUID, ...] = (),
) -> Action:
    raised_by = event.interaction.id
    return Action(kind, due_on, f"{kind}:{raised_by}", ids or (raised_by,), None, source)


def _scheduled(state: State, silence: Silence, terms: Terms) -> Facts:
    ahead = sorted(state.ahead.values(), key=_diary_order)
    first = ahead[0]
    due_on = terms.calendar.local_date(first.occurred_at)
    hold = held(state, silence)
    return Facts(
        Status.SCHEDULED,
        state.stage,
        follow_up_used=state.follow_up is not None,
        reply_by=hold.until if hold else None,
        action=Action(
            ActionKind.PREPARE,
            due_on,
            f"{ActionKind.PREPARE}:{first.id}",
            (first.id,),
            None,
            Source.MEETING_PREPARATION,
        ),
        reasons=(Reason(ReasonCode.MEETING_AHEAD, tuple(meeting.id for meeting in ahead)),),
    )


def _diary_order(meeting: Interaction) -> tuple[datetime, bool, UUID]:
    return meeting.occurred_at, meeting.kind is not Kind.INTERVIEW, meeting.id
