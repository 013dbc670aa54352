"""What is known, as a draft sees it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from app.assessments.service import step_of
from app.coaching.letters.drafting import day_in_words
from app.db.scope import Row
from app.db.vocabulary import ContactRole
from app.ghosting.meetings import Meetings
from app.ghosting.steps import Step
from app.ghosting.vocabulary import ACTORS, MEETING_KINDS, Actor, Kind
from app.kit.zones import zone

#: Under which field the date of a turn is told, where it is the latest one of these.
_TURNS: Mapping[Kind, str] = MappingProxyType(
    {
        **dict.fromkeys(MEETING_KINDS, "met_on"),
        **dict.fromkeys((Kind.REPLY, Kind.SUBMISSION), "answered_on"),
        **dict.fromkeys((Kind.EMPLOYER_MESSAGE, Kind.HOLD), "they_wrote_on"),
        Kind.NO_SHOW: "missed_on",
        Kind.VERBAL_OFFER: "told_on",
        Kind.APPLICATION: "applied_on",
        Kind.INTRODUCTION: "introduced_on",
        Kind.OUTREACH: "wrote_on",
    }
)
_MEETINGS = {Kind.INTERVIEW: "interview", Kind.MEETING: "conversation"}


@dataclass(frozen=True, slots=True)
class Told:
    """A shared turn of the timeline; `over_at` is when a meeting ended, else when it was."""

    id: UUID
    kind: Kind
    at: datetime
    over_at: datetime
    reply_by: date | None
    contact_id: UUID | None
    summary: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """A contact whom the caller may know of."""

    id: UUID
    name: str
    role: ContactRole
    linked: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that a draft may rest on, now; `acts` from the earliest to the latest.

    `meetings` knows of all of them: only what is among `acts` too may be told.
    """

    row: Row
    now: datetime
    today: date
    step: Step
    acts: Sequence[Told]
    people: Mapping[UUID, Person]
    meetings: Meetings

    def day(self, at: datetime) -> date:
        """Return the client's local date at an instant."""
        return at.astimezone(zone(self.row["time_zone"])).date()

    def words(self, when: datetime | date | None) -> str | None:
        """Return a day as it is written in a letter."""
        if when is None:
            return None
        return day_in_words(self.day(when) if isinstance(when, datetime) else when, today=self.today)

    def latest(self, kinds: Collection[Kind]) -> Told | None:
        """Return the latest turn of one of these kinds."""
        return next((act for act in reversed(self.acts) if act.kind in kinds), None)

    def named(self, ids: Collection[UUID]) -> Told | None:
        """Return the latest of these turns that is shared."""
        return next((act for act in reversed(self.acts) if act.id in ids), None)

    def about(self, met: Told | None) -> dict[str, str | None]:
        """Tell of a meeting."""
        return {"met_on": self.words(met.at), "meeting": _MEETINGS[met.kind]} if met else {}

    def about_the_meeting(self) -> dict[str, str | None]:
        """Tell of the latest meeting that took place and is over."""
        held = (act for act in reversed(self.acts) if act.id in self.meetings.held and act.over_at <= self.now)
        return self.about(next(held, None))

    def last_turn(self) -> dict[str, str | None]:
        """Tell of the latest turn that a nudge can come back to, and of a date that they named with theirs."""
        turn = next((act for act in reversed(self.acts) if self._is_turn(act)), None)
        if turn is None:
            return {}
        told = self.about(turn) if turn.kind in MEETING_KINDS else {_TURNS[turn.kind]: self.words(turn.at)}
        instead = {"instead": "another date"} if turn.kind is Kind.NO_SHOW else {}
        return told | instead | self._promise(turn)

    def _is_turn(self, act: Told) -> bool:
        if act.kind in MEETING_KINDS:
            return act.id in self.meetings.held and act.over_at <= self.now
        return act.kind in _TURNS

    def _promise(self, turn: Told) -> dict[str, str | None]:
        theirs = ACTORS[turn.kind] in {Actor.EMPLOYER, Actor.BOTH}
        over = turn.reply_by is not None and turn.reply_by < self.today
        return {"promised_on": self.words(turn.reply_by)} if theirs and over else {}


def ground_of(row: Row, *, meetings: Meetings, now: datetime) -> Ground:
    """Return what a row tells."""
    acts = sorted((_told(act) for act in row["acts"] or ()), key=lambda act: (act.at, act.id))
    people = sorted(row["people"] or (), key=_place)
    known = {
        UUID(p["id"]): Person(UUID(p["id"]), p["name"], ContactRole(p["role"]), p["position"] is not None)
        for p in people
    }
    return Ground(row, now, now.astimezone(zone(row["time_zone"])).date(), step_of(row), acts, known, meetings)


def _place(person: Mapping[str, Any]) -> tuple[bool, int, str]:
    return person["position"] is None, person["position"] or 0, person["id"]


def _told(act: Mapping[str, Any]) -> Told:
    at = datetime.fromisoformat(act["occurred_at"])
    return Told(
        id=UUID(act["id"]),
        kind=Kind(act["kind"]),
        at=at,
        over_at=datetime.fromisoformat(act["ends_at"]) if act["ends_at"] else at,
        reply_by=date.fromisoformat(act["reply_by"]) if act["reply_by"] else None,
        contact_id=UUID(act["contact_id"]) if act["contact_id"] else None,
        summary=act["summary"],
    )
