"""When each kind of draft makes sense, what it tells, and whom it addresses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from app.coaching.letters.drafting import clipped, tidy
from app.coaching.letters.standing import standing
from app.coaching.vocabulary import DraftKind
from app.db.vocabulary import ContactRole
from app.drafts.service.ground import Ground, Person, Told
from app.ghosting.vocabulary import Kind, ReasonCode, Status, WaitingOn
from app.kit.errors import Conflict

_MOST_QUOTED = 160


class FollowUpUsed(Conflict):
    """409: a silence takes one nudge, and this one has had it."""

    code = "follow-up-used"
    title = "The one follow-up of this silence has gone out"


@dataclass(frozen=True, slots=True)
class Content:
    """What a draft tells, to whom, from when on it fits, and a word to whoever sends it."""

    facts: Mapping[str, str | None]
    to: Person | None
    hold_until: date | None = None
    hint: str | None = None


def content(kind: DraftKind, ground: Ground) -> Content:
    """Return what a draft tells. Raise Conflict where it makes no sense at present."""
    return _KINDS[kind](ground)


def _follow_up(ground: Ground) -> Content:
    step = ground.step
    if step.waiting_on is not WaitingOn.EMPLOYER:
        raise Conflict("There is nothing to follow up: it is not the employer who owes an answer.")
    early = step.opens_on is not None and ground.today < step.opens_on
    to = _counterpart(ground)
    hint = None
    if early and step.status is Status.ON_HOLD:
        hint = "Their time is not up yet: let it pass, and a day or two more, before you ask."
    elif early:
        hint = "It is too early: a silence of this length is normal. Let it lie until then."
    elif step.opens_on is None and to is None:
        hint = "Nobody there is known by name: find out first whom to address."
    return Content(ground.last_turn(), to, step.opens_on if early else None, hint)


def _thank_you(ground: Ground) -> Content:
    meetings = ground.meetings
    met = meetings.latest
    if ground.step.status is Status.CLOSED:
        raise Conflict("The process has ended, and thanks that look forward to a next step do not fit any more.")
    if met is None or met.over_at > ground.now:
        raise Conflict("There was no meeting yet for which to say thanks.")
    if met.stood_up:
        raise Conflict("Nobody came to the latest appointment, so there is nothing to say thanks for.")
    if meetings.thanks:
        raise Conflict(_thanked(ground, meetings.thanks[-1].id))
    late = meetings.late_from is not None and ground.now >= meetings.late_from
    hint = "Thanks count soon after a meeting, and these come late: keep them short." if late else None
    turn = ground.named((met.interaction.id,))
    return Content(ground.about(turn), _counterpart(ground, turn), None, hint)


def _thanked(ground: Ground, thanks: UUID) -> str:
    """Say when the thanks went out, as far as the caller may know of it."""
    sent = ground.named((thanks,))
    return f"Thanks for the latest meeting went out{f' on {ground.day(sent.at)}' if sent else ''} already."


def _reply(ground: Ground) -> Content:
    offered = _raised(ground, ReasonCode.OFFER_OPEN)
    asked = _raised(ground, ReasonCode.REQUEST_OPEN)
    if offered is None and asked is None:
        raise Conflict("Nothing has been asked that is still without an answer.")
    open_ids = [*(offered or ()), *(asked or ())]
    turn = ground.named(open_ids)
    hint = "Only your answer itself is still missing: add it first."
    if turn is None:
        return Content({}, _counterpart(ground), None, hint)
    if turn.summary:
        hint = f"{hint} What is noted of their words: “{clipped(tidy(turn.summary), _MOST_QUOTED)}”"
    due = turn.reply_by if turn.reply_by is not None and turn.reply_by >= ground.today else None
    when = "offered_on" if turn.kind is Kind.OFFER else "asked_on"
    facts = {when: ground.words(turn.at), "due_on": ground.words(due)}
    return Content(facts, _counterpart(ground, turn), None, hint)


def _closing_note(ground: Ground) -> Content:
    step = ground.step
    if step.waiting_on is not WaitingOn.EMPLOYER:
        raise Conflict("There is no silence to close: it is not the employer who owes an answer.")
    facts = ground.last_turn() | ground.about_the_meeting() | {"since": ground.words(step.silent_on)}
    if step.status is Status.GHOSTED:
        return Content(facts, _counterpart(ground))
    hint = "It is too early to give this one up; words like these end it for both sides."
    return Content(facts, _counterpart(ground), step.ghosted_on, hint)


def _introducer_note(ground: Ground) -> Content:
    introduced = ground.latest({Kind.INTRODUCTION})
    introducer = _introducer(ground, introduced)
    if introduced is None and introducer is None:
        raise Conflict("Nobody has made an introduction here: there is no such interaction, and no referrer is known.")
    met = introduced and ground.people.get(introduced.contact_id or introduced.id)
    step = ground.step
    facts: dict[str, str | None] = {
        "introduced_on": ground.words(introduced.at) if introduced else None,
        "introduced_to": met.name if met and met is not introducer else None,
        "standing": standing(step, {act.id: act.kind for act in ground.acts}),
        "hear": None if step.status is Status.CLOSED else "anything",
        "team": None,
    }
    hint = None if introducer else "Who made the introduction is not known by name: add them as a referrer."
    return Content(facts, introducer, None, hint)


def _raised(ground: Ground, code: ReasonCode) -> tuple[UUID, ...] | None:
    """Return what a reason rests on, None where it is none."""
    return next((reason.interaction_ids for reason in ground.step.reasons if reason.code is code), None)


def _introducer(ground: Ground, introduced: Told | None) -> Person | None:
    named = ground.people.get(introduced.contact_id) if introduced and introduced.contact_id else None
    if named is not None and named.role is ContactRole.REFERRER:
        return named
    return next((p for p in ground.people.values() if p.linked and p.role is ContactRole.REFERRER), None)


def _counterpart(ground: Ground, turn: Told | None = None) -> Person | None:
    """Return whom to address there: who took part in the turn, else in the latest one, else the first who is known."""
    acts = [*ground.acts, *([turn] if turn else [])]
    spoken = [p for act in reversed(acts) if act.contact_id and (p := ground.people.get(act.contact_id))]
    linked = [person for person in ground.people.values() if person.linked]
    return next((p for p in (*spoken, *linked) if p.role is not ContactRole.REFERRER), None)


_KINDS: Mapping[DraftKind, Callable[[Ground], Content]] = MappingProxyType(
    {
        DraftKind.FOLLOW_UP: _follow_up,
        DraftKind.THANK_YOU: _thank_you,
        DraftKind.REPLY: _reply,
        DraftKind.CLOSING_NOTE: _closing_note,
        DraftKind.INTRODUCER_NOTE: _introducer_note,
    }
)
