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
from app.ghosting.policy import DEFAULT_POLICY
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
    hint = None
    if early and step.status is Status.ON_HOLD:
        hint = "They have asked for time: let it pass, and a day or two more, before you ask."
    elif early:
        hint = "It is too early: a silence of this length is normal. Let it lie until then."
    elif step.opens_on is None:
        hint = "Nobody there is known by name: find out first who would read it."
    return Content(ground.last_turn(), _counterpart(ground), step.opens_on if early else None, hint)


def _thank_you(ground: Ground) -> Content:
    met = ground.meeting()
    if met is None:
        raise Conflict("There was no meeting yet for which to say thanks.")
    thanked = ground.latest({Kind.THANK_YOU})
    if thanked is not None and thanked.at >= met.at:
        raise Conflict(f"Thanks for the latest meeting went out on {ground.day(thanked.at)} already.")
    late = (ground.today - ground.day(met.over_at)).days > DEFAULT_POLICY.thank_you_until_days
    hint = "Thanks count for a day or two after a meeting, and these come late: keep them short." if late else None
    return Content(ground.about_the_meeting(), _counterpart(ground, met), None, hint)


def _reply(ground: Ground) -> Content:
    offered = _raised(ground, ReasonCode.OFFER_OPEN)
    asked = _raised(ground, ReasonCode.REQUEST_OPEN)
    if offered is None and asked is None:
        raise Conflict("Nothing has been asked that is still without an answer.")
    open_ids = [*(offered or ()), *(asked or ())]
    turn = ground.named(open_ids)
    hint = "Put your answer in before you send it."
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
    facts = ground.about_the_meeting() | ground.last_turn() | {"since": ground.words(step.silent_on)}
    if step.status is Status.GHOSTED:
        return Content(facts, _counterpart(ground))
    hint = "It is too early to give this one up; a note like this ends it for both sides."
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
        "standing": standing(step.status, step.outcome),
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
