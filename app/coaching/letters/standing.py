"""How it stands, in a sentence for whoever made an introduction."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from uuid import UUID

from app.ghosting.steps import Step
from app.ghosting.vocabulary import MEETING_KINDS, Kind, Outcome, ReasonCode, Stage, Status

#: By status, where whatever led to it may not be told.
STANDING: Mapping[Status, str] = MappingProxyType(
    {
        Status.NOT_STARTED: "I am about to write to them.",
        Status.YOUR_MOVE: "the next step is mine.",
        Status.SCHEDULED: "we are going to talk, and the date is set.",
        **dict.fromkeys(
            (Status.WAITING, Status.ON_HOLD, Status.FOLLOW_UP_DUE, Status.FOLLOW_UP_OVERDUE),
            "the next word is theirs, and I am in good spirits.",
        ),
        Status.BALL_IN_THEIR_COURT: "I have asked once how things are, and leave it with them now.",
        Status.GHOSTED: "I have not heard from them for a good while and am looking elsewhere meanwhile.",
    }
)
_UNANSWERED = "I have not heard back yet, and am in good spirits."
_ANSWERED = "they have what they asked me for, and the next word is theirs."
_MET = "we have met, and I am waiting to hear how it goes on."
#: By the act that began the silence.
SINCE: Mapping[Kind, str] = MappingProxyType(
    {
        **dict.fromkeys((Kind.APPLICATION, Kind.OUTREACH, Kind.INTRODUCTION, Kind.FOLLOW_UP), _UNANSWERED),
        Kind.CANDIDATE_MESSAGE: _UNANSWERED,
        **dict.fromkeys((Kind.REPLY, Kind.SUBMISSION), _ANSWERED),
        Kind.EMPLOYER_MESSAGE: "they have written to me, and the next word is theirs too.",
        Kind.HOLD: "they asked for time, and the next word is theirs.",
        **dict.fromkeys(MEETING_KINDS, _MET),
        Kind.NO_SHOW: "they did not make it to our appointment, and the next word is theirs.",
        Kind.VERBAL_OFFER: "they have told me of an offer, and I am waiting for it in writing.",
    }
)
#: By the act that named the date which is waited for.
HELD: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.HOLD: "they have asked for a little time.",
        **dict.fromkeys(MEETING_KINDS, "we have met, and they have told me by when I shall hear."),
        Kind.VERBAL_OFFER: SINCE[Kind.VERBAL_OFFER],
        Kind.EMPLOYER_MESSAGE: "they have told me by when I shall hear from them.",
        Kind.NO_SHOW: SINCE[Kind.NO_SHOW],
    }
)
#: By what the candidate owes.
OWED: Mapping[ReasonCode, str] = MappingProxyType(
    {
        ReasonCode.UNDELIVERED: "my last message did not reach them, and I am about to send it again.",
        ReasonCode.OFFER_OPEN: "they have made me an offer, and the answer is mine to give.",
        ReasonCode.REQUEST_OPEN: "they have come back to me, and the next step is mine.",
    }
)
ENDED: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.ACCEPTED: "they made me an offer, and I have accepted it!",
        Outcome.DECLINED: "after some thought I have declined.",
        Outcome.REJECTED: "in the end they decided for somebody else.",
        Outcome.WITHDRAWN: "after some thought I have withdrawn.",
        Outcome.POSITION_CLOSED: "the position has been closed.",
    }
)
_DECLINED_OFFER = "they made me an offer, and after some thought I have declined it."
_OPENINGS = frozenset(
    {
        ReasonCode.OPENER_SENT,
        ReasonCode.ANSWER_SENT,
        ReasonCode.EMPLOYER_WROTE,
        ReasonCode.MET,
        ReasonCode.OFFERED_VERBALLY,
    }
)
_UNUSED = frozenset({Status.WAITING, Status.FOLLOW_UP_DUE, Status.FOLLOW_UP_OVERDUE})


def standing(step: Step, told: Mapping[UUID, Kind]) -> str:
    """Say how it stands, in the client's words; `told` are the interactions that may be spoken of."""
    if step.outcome is not None:
        offered = step.outcome is Outcome.DECLINED and step.stage is Stage.OFFER
        return _DECLINED_OFFER if offered else ENDED[step.outcome]
    return _because(step, told) or STANDING[step.status]


def _because(step: Step, told: Mapping[UUID, Kind]) -> str | None:
    if step.status is Status.YOUR_MOVE:
        reason = step.reasons[0]
        return OWED[reason.code] if reason.interaction_ids[0] in told else None
    if step.status is Status.ON_HOLD:
        return _by_act(HELD, step, {ReasonCode.PROMISE_IN_FORCE}, told)
    return _by_act(SINCE, step, _OPENINGS, told) if step.status in _UNUSED else None


def _by_act(
    words: Mapping[Kind, str], step: Step, codes: Collection[ReasonCode], told: Mapping[UUID, Kind]
) -> str | None:
    """Choose the words by the act that a reason rests on; None where that may not be told."""
    kind = next((told.get(reason.interaction_ids[0]) for reason in step.reasons if reason.code in codes), None)
    return words.get(kind) if kind else None
