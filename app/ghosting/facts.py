"""What a step says apart from its times, and what it says while time alone changes nothing (GHOSTING.md, 4 and 6)."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from app.ghosting.made import made
from app.ghosting.state import Silence, State
from app.ghosting.steps import Action, Reason
from app.ghosting.terms import Terms, held
from app.ghosting.timeline import Interaction
from app.ghosting.vocabulary import ActionKind, GhostKind, Kind, Outcome, ReasonCode, Source, Stage, Status, Wait


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


#: What holds, and from when on.
Change = tuple[datetime, Facts]


class _Task(NamedTuple):
    """What is advised for a reason, and where from."""

    reason: ReasonCode
    kind: ActionKind
    source: Source


_REPAIR: Final = _Task(ReasonCode.UNDELIVERED, ActionKind.FIX_CONTACT, Source.DELIVERY_FIRST)
_DECIDE: Final = _Task(ReasonCode.OFFER_OPEN, ActionKind.ANSWER_OFFER, Source.OFFER_DEADLINE)
_REPLY: Final = _Task(ReasonCode.REQUEST_OPEN, ActionKind.REPLY, Source.PROMPT_REPLY)
_PREPARE: Final = _Task(ReasonCode.MEETING_AHEAD, ActionKind.PREPARE, Source.MEETING_PREPARATION)
_START: Final = _Task(ReasonCode.NOTHING_YET, ActionKind.MAKE_CONTACT, Source.FIRST_STEP)
_YOUR_MOVE: Final = Status.YOUR_MOVE
_SCHEDULED: Final = Status.SCHEDULED
_CLOSED: Final = Status.CLOSED
_ENDED: Final = ReasonCode.PROCESS_ENDED
_INTERVIEW: Final = Kind.INTERVIEW

OUTCOMES: Mapping[Kind, Outcome] = MappingProxyType(
    {
        Kind.REJECTION: Outcome.REJECTED,
        Kind.POSITION_CLOSED: Outcome.POSITION_CLOSED,
        Kind.WITHDRAWAL: Outcome.WITHDRAWN,
        Kind.ACCEPTANCE: Outcome.ACCEPTED,
        Kind.DECLINE: Outcome.DECLINED,
    },
)

NOT_STARTED: Final = Facts(
    Status.NOT_STARTED,
    Stage.LEAD,
    action=Action(_START.kind, None, (), None, _START.source, None),
    reasons=(Reason(_START.reason, ()),),
)


def settled_facts(state: State, terms: Terms) -> Facts:
    """Give what holds until the next act, where no running silence makes it depend on time."""
    if state.closed_by:
        return _closed(state, state.closed_by)
    if state.silence:
        return _scheduled(state, state.silence, terms)
    return _your_move(state, terms) if state.bounced or state.offer or state.request else NOT_STARTED


def _closed(state: State, closing: Interaction) -> Facts:
    return _settled(_CLOSED, state.stage, OUTCOMES[closing.kind], (made(Reason, (_ENDED, (closing.id,))),))


def _your_move(state: State, terms: Terms) -> Facts:
    """Give what the candidate owes: all of it as reasons, and as action what comes first."""
    bounced, offer, request = state.bounced, state.offer, state.request
    reasons: list[Reason] = []
    action: Action | None = None
    if bounced:
        ids = (bounced.bounce.id, bounced.act.id)
        reasons.append(made(Reason, (_REPAIR.reason, ids)))
        action = _advice(_REPAIR, bounced.bounce.on, ids)
    if offer:
        reasons.append(made(Reason, (_DECIDE.reason, (offer.id,))))
        action = action or _advice(_DECIDE, offer.interaction.reply_by, (offer.id,))
    if request:
        reasons.append(made(Reason, (_REPLY.reason, (request.id,))))
        due_on = request.interaction.reply_by or terms.next_business_day(request.on)
        action = action or _advice(_REPLY, due_on, (request.id,))
    reply_by = (offer and offer.interaction.reply_by) or (request and request.interaction.reply_by)
    return _settled(_YOUR_MOVE, state.stage, None, tuple(reasons), action, reply_by)


def _advice(task: _Task, due_on: date | None, ids: tuple[UUID, ...]) -> Action:
    return made(Action, (task.kind, due_on, ids, None, task.source, ids[0]))


def _scheduled(state: State, silence: Silence, terms: Terms) -> Facts:
    ahead = list(state.ahead.values())
    if len(ahead) > 1:
        ahead.sort(key=_diary_order)
    first = ahead[0]
    ids = tuple([meeting.id for meeting in ahead])
    due_on = terms.calendar.local_date(first.occurred_at)
    action = _advice(_PREPARE, due_on, (first.id,))
    hold = held(state, silence)
    return _settled(
        _SCHEDULED,
        state.stage,
        None,
        (made(Reason, (_PREPARE.reason, ids)),),
        action,
        hold and hold.until,
        used=state.follow_up is not None,
    )


def _settled(
    status: Status,
    stage: Stage,
    outcome: Outcome | None,
    reasons: tuple[Reason, ...],
    action: Action | None = None,
    reply_by: date | None = None,
    *,
    used: bool = False,
) -> Facts:
    said = (status, stage, outcome, None, None, None, used, None, None, None, reply_by, None, action, reasons)
    return made(Facts, said)


def _diary_order(meeting: Interaction) -> tuple[datetime, bool, UUID]:
    return meeting.occurred_at, meeting.kind is not _INTERVIEW, meeting.id
