"""What the people of the demo make of the advice, and what they do beside their search; days count from today."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.access.principal import Caller
from app.actions.schemas import ActionIn, ActionQuery, DismissIn, SnoozeIn
from app.actions.service import decisions, lists, manual
from app.activities import service as activities
from app.activities.schemas import ActivityIn
from app.db.scope import ScopedSession
from app.db.vocabulary import ActionState, ActivityKind, ActivityStatus, Assignee
from app.kit.preconditions import IfMatch
from app.kit.zones import zone
from app.wins import service as wins
from app.wins.schemas import WinIn

_DECIDED = 3
_ANY_VERSION = IfMatch(None, required=False)


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that builds credentials, begun and finished on days from today."""

    kind: ActivityKind
    title: str
    status: ActivityStatus
    begun: int | None = None
    finished: int | None = None
    credential: str | None = None
    evidence_url: str | None = None


_TASKS = (
    ("Ask two former colleagues for an introduction", -1, Assignee.CLIENT),
    ("Look through the portfolio together", 0, Assignee.COACH),
    ("Rewrite the first line of the résumé", 4, Assignee.CLIENT),
    ("List ten companies worth a letter", None, Assignee.CLIENT),
)
_NOTED = (
    ("Told the story of the last project in two minutes", "Without notes, and it landed.", -3),
    ("Said no to a role that did not fit", None, -8),
    ("A former client offered to be a reference", None, -1),
)
_ACTIVITIES = (
    Activity(ActivityKind.COURSE, "Evening course in statistics", ActivityStatus.ACTIVE, -30),
    Activity(
        ActivityKind.CERTIFICATION,
        "Certificate in project work",
        ActivityStatus.DONE,
        -90,
        -12,
        "Certified in project work",
        "https://certificates.example/demo",
    ),
    Activity(ActivityKind.VOLUNTEERING, "Books of the neighbourhood association", ActivityStatus.PLANNED),
    Activity(ActivityKind.STRETCH_ASSIGNMENT, "Run the next team retreat", ActivityStatus.ACTIVE, -5),
    Activity(ActivityKind.PORTFOLIO, "Case study of the relaunch", ActivityStatus.DROPPED, -60),
)


async def add(session: ScopedSession, *, caller: Caller, client_id: UUID, time_zone: str, number: int) -> None:
    """Give a client of the demo something of everything, a little different for each `number`."""
    today = caller.now.astimezone(zone(time_zone)).date()
    for title, due, assignee in (_TASKS[number % 4], _TASKS[(number + 1) % 4]):
        draft = ActionIn(client_id=client_id, title=title, due_on=_on(today, due), assignee=assignee)
        await manual.add(session, caller=caller, draft=draft)
    title, note, day = _NOTED[number % 3]
    noticed = today + timedelta(days=day)
    await wins.note(
        session, caller=caller, draft=WinIn(client_id=client_id, title=title, note=note, occurred_on=noticed)
    )
    for activity in (_ACTIVITIES[number % 5], _ACTIVITIES[(number + 2) % 5]):
        await activities.plan(session, caller=caller, draft=_plan(client_id, activity, today))
    await _decide(session, caller, client_id, today)


async def _decide(session: ScopedSession, caller: Caller, client_id: UUID, today: date) -> None:
    """Take one piece of advice on, leave one for later, and dismiss one, out of what there is."""
    query = ActionQuery(client_id=client_id, state=[ActionState.OPEN], limit=200)
    found = await lists.search(session, query=query, after=None, at=caller.now)
    advised = [action.id for action in found.items if action.key is not None and action.due_on is not None]
    if len(advised) < _DECIDED:
        return
    later = SnoozeIn(until=today + timedelta(days=3))
    why = DismissIn(reason="Met somebody from there at a fair and will call instead.")
    taken, left, gone = advised[-_DECIDED:]
    await decisions.accept(session, caller=caller, action_id=taken, if_match=_ANY_VERSION)
    await decisions.snooze(session, caller=caller, action_id=left, body=later, if_match=_ANY_VERSION)
    await decisions.dismiss(session, caller=caller, action_id=gone, body=why, if_match=_ANY_VERSION)


def _plan(client_id: UUID, activity: Activity, today: date) -> ActivityIn:
    return ActivityIn(
        client_id=client_id,
        kind=activity.kind,
        title=activity.title,
        status=activity.status,
        started_on=_on(today, activity.begun),
        finished_on=_on(today, activity.finished),
        credential=activity.credential,
        evidence_url=activity.evidence_url,
    )


def _on(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)
