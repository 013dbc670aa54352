"""The sentences for people: why an action, why a status, and what may lie behind a silence (GHOSTING.md, section 6)."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from app.ghosting.steps import Step, silent_days
from app.ghosting.vocabulary import ActionKind, PossibleReason, ReasonCode, Source, Stage, Status, WaitingOn, WinKind

_MONTHS = (  # strftime would speak the language of the machine
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NORMAL_UNTIL_DAYS = 14  # the longest typical wait of section 5


def action_reason(step: Step, *, today: date) -> str:
    """Say in one sentence why the step's action is advised on the local date `today`; empty without an action."""
    return _SENTENCES[step.action.kind](step, today) if step.action else ""


def action_title(kind: ActionKind) -> str:
    """Say in one sentence what to do."""
    return _TITLES[kind]


def win_title(kind: WinKind, *, stage: Stage | None = None, finished: str = "") -> str:
    """Say in one sentence what went well; `stage` is how far it got, `finished` what was learned or made."""
    named = {"stage": _STAGES[stage] if stage else "", "finished": finished}
    return _WINS[kind].format_map(named)


def reason_text(code: ReasonCode) -> str:
    """Say in one sentence what a reason code means."""
    return _REASONS[code]


def possible_reasons(step: Step) -> tuple[tuple[PossibleReason, str], ...]:
    """List what may lie behind the silence, unranked, or nothing while the employer owes nothing (section 6)."""
    if step.waiting_on is not WaitingOn.EMPLOYER:
        return ()
    early = step.stage.rank < Stage.INTERVIEWING.rank
    return tuple((reason, text) for reason, text in _POSSIBLE.items() if not (early and reason in _LATE_ONLY))


def _day(day: date | None) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else "an open date"


def _due(step: Step) -> date | None:
    return step.action.due_on if step.action else None


def _is_late(step: Step, today: date) -> bool:
    due_on = _due(step)
    return due_on is not None and due_on < today


def _days(step: Step, today: date) -> str:
    """Put the length of the silence first; early on it says that nothing is wrong yet, unless something is."""
    count = silent_days(step, today) or 0
    length = "1 day" if count == 1 else f"{count} days"
    if step.reply_by is not None:
        return f"Their time ran out on {_day(step.reply_by)} without a word"
    if any(reason.code is ReasonCode.NOBODY_CAME for reason in step.reasons):
        since = f", and {length} later there is still no word" if count else ", and a word about it is theirs"
        return f"They did not come to your appointment{since}"
    if count == 0:
        return "The wait has only just begun, which is normal"
    if count <= _NORMAL_UNTIL_DAYS:
        return f"{length} without an answer is normal at this point"
    return f"{length} without an answer is long, though answers this late do happen"


def _make_contact(_step: Step, _today: date) -> str:
    return "Nothing has gone out yet: apply, write to somebody there, or ask for an introduction."


def _reply(step: Step, today: date) -> str:
    if _is_late(step, today):
        return f"Your answer was due on {_day(_due(step))}: send it now, because until then it is you they wait for."
    return f"They asked you for something: answer by {_day(_due(step))}, and the next word is theirs."


def _fix_contact(_step: Step, _today: date) -> str:
    return "Your last message never arrived: find an address that works and send it again."


def _answer_offer(step: Step, today: date) -> str:
    if _due(step) is None:
        return "A written offer is on the table without a deadline: accept, decline or negotiate while it is fresh."
    if _is_late(step, today):
        return f"They wanted your answer to the offer by {_day(_due(step))}: write today, even if only to ask for time."
    return f"A written offer is on the table: they want your answer by {_day(_due(step))}."


def _prepare(step: Step, today: date) -> str:
    if _due(step) == today:
        return "You meet them today: go through your examples and your questions once more."
    return f"You meet them on {_day(_due(step))}: prepare your examples and the questions you want to ask."


def _send_thank_you(step: Step, today: date) -> str:
    if _is_late(step, today):
        return "You have met and no thanks went out: a short note is still welcome today."
    return f"You have just met: send a short, personal thank-you by {_day(_due(step))}."


def _find_contact(step: Step, today: date) -> str:
    return f"{_days(step, today)}, and you know nobody there by name: find a person whom you could ask how it stands."


def _stay_active(step: Step, today: date) -> str:
    if step.status is Status.BALL_IN_THEIR_COURT:
        return (
            "Your one follow-up is sent and a second would not help: let them answer, keep your other options moving,"
            f" and call it ghosting if nothing has come by {_day(_due(step))}."
        )
    if _due(step) == step.opens_on:
        return f"{_days(step, today)}: keep your other options moving; a follow-up makes sense from {_day(_due(step))}."
    return f"{_days(step, today)}: keep your other options moving, and stop counting on this one on {_day(_due(step))}."


def _wait_for_promise(step: Step, _today: date) -> str:
    if step.action and step.action.source is Source.UNDATED_HOLD:
        return (
            f"They asked for time without naming a date, and silence up to {_day(step.reply_by)} is normal:"
            f" hold back until {_day(_due(step))}, then look at it again."
        )
    return (
        f"They have until {_day(step.reply_by)} and silence up to then is normal:"
        f" hold back until {_day(_due(step))}, then look at it again."
    )


def _send_follow_up(step: Step, today: date) -> str:
    if _is_late(step, today):
        return f"{_days(step, today)}: the best days for a follow-up are over, but one short, friendly note still pays."
    return f"{_days(step, today)}, and a nudge is now fair: send your one short, friendly one by {_day(_due(step))}."


def _close_and_redirect(step: Step, today: date) -> str:
    count = silent_days(step, today)
    last_try = " (one short follow-up would still be fair)" if step.action and step.action.alternative else ""
    return (
        f"After {count} days of silence stop waiting: close this one for yourself{last_try}"
        " and put the energy into something that answers."
    )


_SENTENCES: Mapping[ActionKind, Callable[[Step, date], str]] = MappingProxyType(
    {
        ActionKind.MAKE_CONTACT: _make_contact,
        ActionKind.REPLY: _reply,
        ActionKind.FIX_CONTACT: _fix_contact,
        ActionKind.ANSWER_OFFER: _answer_offer,
        ActionKind.PREPARE: _prepare,
        ActionKind.SEND_THANK_YOU: _send_thank_you,
        ActionKind.FIND_CONTACT: _find_contact,
        ActionKind.STAY_ACTIVE: _stay_active,
        ActionKind.WAIT_FOR_PROMISE: _wait_for_promise,
        ActionKind.SEND_FOLLOW_UP: _send_follow_up,
        ActionKind.CLOSE_AND_REDIRECT: _close_and_redirect,
    },
)

_TITLES: Mapping[ActionKind, str] = MappingProxyType(
    {
        ActionKind.MAKE_CONTACT: "Take the first step",
        ActionKind.REPLY: "Answer what they asked",
        ActionKind.FIX_CONTACT: "Find an address that works and send it again",
        ActionKind.ANSWER_OFFER: "Answer the offer",
        ActionKind.PREPARE: "Prepare for the meeting",
        ActionKind.SEND_THANK_YOU: "Send a thank-you",
        ActionKind.FIND_CONTACT: "Find somebody there to write to",
        ActionKind.STAY_ACTIVE: "Keep the other options moving",
        ActionKind.WAIT_FOR_PROMISE: "Hold back until their time is up",
        ActionKind.SEND_FOLLOW_UP: "Send the one follow-up",
        ActionKind.CLOSE_AND_REDIRECT: "Close it for yourself and look ahead",
    },
)
_STAGES: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.LEAD: "a lead",
        Stage.APPLIED: "an application",
        Stage.SCREENING: "the screening",
        Stage.INTERVIEWING: "the interviews",
        Stage.FINAL_ROUND: "the final round",
        Stage.OFFER: "an offer",
    },
)
_WINS: Mapping[WinKind, str] = MappingProxyType(
    {
        WinKind.FIRST_REPLY: "Somebody there answered",
        WinKind.INTERVIEW: "Reached an interview",
        WinKind.FINAL_ROUND: "Reached the final round",
        WinKind.OFFER: "Got an offer",
        WinKind.FURTHER_STAGE: "Further than ever before: {stage}",
        WinKind.THANK_YOU_ON_TIME: "Sent the thank-you in time",
        WinKind.FOLLOWED_UP_ONCE: "Followed up once, at the right time",
        WinKind.DEVELOPMENT_DONE: "Finished: {finished}",
        WinKind.OTHER: "A small success",
    },
)

_REASONS: Mapping[ReasonCode, str] = MappingProxyType(
    {
        ReasonCode.NOTHING_YET: "Nobody has written to anybody yet.",
        ReasonCode.OPENER_SENT: "The first step is made, so the employer owes an answer.",
        ReasonCode.ANSWER_SENT: "What the employer asked for is answered, so the next word is theirs.",
        ReasonCode.EMPLOYER_WROTE: "The employer wrote without asking anything, so it owes what comes next.",
        ReasonCode.MET: "The appointment has come, so the employer owes what comes next.",
        ReasonCode.OFFERED_VERBALLY: "An offer was made by word of mouth, so the employer owes it in writing.",
        ReasonCode.REQUEST_OPEN: "The employer asked for something and has no answer yet.",
        ReasonCode.OFFER_OPEN: "A written offer is waiting for an answer.",
        ReasonCode.UNDELIVERED: "The last message came back undelivered, so the employer does not know of it.",
        ReasonCode.MEETING_AHEAD: "A meeting is arranged, so nobody owes anything before it.",
        ReasonCode.PROMISE_IN_FORCE: "The employer asked for time, and that time, with a little patience, is not over.",
        ReasonCode.WINDOW_NOT_OPEN: "It is too early for a follow-up: a silence of this length is normal.",
        ReasonCode.WINDOW_OPEN: "Enough days have passed for the one follow-up of this silence.",
        ReasonCode.WINDOW_PASSED: "The best days for the follow-up have passed without one.",
        ReasonCode.CONTACT_MISSING: "Nobody there is known by name, so a follow-up would reach no one.",
        ReasonCode.FOLLOW_UP_USED: "The one follow-up of this silence has been sent.",
        ReasonCode.SILENCE_TOO_LONG: "The silence has lasted so long that it is not worth waiting any longer.",
        ReasonCode.PROCESS_ENDED: "The process has ended.",
        ReasonCode.NOBODY_CAME: "Nobody came to the appointment, so an apology or another date is theirs to send.",
    },
)

_POSSIBLE: Mapping[PossibleReason, str] = MappingProxyType(
    {
        PossibleReason.STILL_INTERVIEWING: "They may not have seen all candidates yet.",
        PossibleReason.SHORT_LISTED_NOT_FIRST: "They may like you and still be waiting for somebody else's answer.",
        PossibleReason.CONFIRMING_PAY: "They may want you and still have to get the money approved.",
        PossibleReason.OTHER_WORK_FIRST: "Something more urgent may have pushed the hiring aside.",
        PossibleReason.UNKNOWN: "It may be something that nobody outside can see.",
    },
)
_LATE_ONLY = frozenset({PossibleReason.SHORT_LISTED_NOT_FIRST, PossibleReason.CONFIRMING_PAY})
