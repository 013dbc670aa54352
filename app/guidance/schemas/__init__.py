"""Verdicts on request, today's work, and what-if on the wire (API.md, assessment, queue and simulation)."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from app.assessments.schemas import (
    ActionAdvice,
    AssessmentOut,
    HistoryItem,
    HistoryOut,
    InteractionFields,
    NextAction,
    PolicyDocument,
    VerdictOut,
)
from app.db.vocabulary import NextActionKind
from app.ghosting.vocabulary import ActionKind, ReasonCode, Status
from app.kit import shown
from app.kit.fields import Day, Id, Instant, Items, Region, Whole, Zone
from app.kit.lists import ListQuery
from app.kit.schema import In, Out
from app.kit.shown import Shown

MAX_TIMELINE = 500
_INDEX = Shown(Whole(0, MAX_TIMELINE - 1))
TimelineIndexes = Annotated[list[Annotated[int, _INDEX]], Shown(maxItems=MAX_TIMELINE)]


class AsOfQuery(In):
    """For which instant the answer holds."""

    as_of: Instant | None = Field(
        default=None, description="Default: now. Earlier: what is now known about then. Later: if nobody writes."
    )


class QueueScope(StrEnum):
    """Whose clients the queue is about."""

    MINE = "mine"
    PRACTICE = "practice"


class QueueQuery(ListQuery):
    """Whose work to list, and for when."""

    not_for_clients: ClassVar[frozenset[str]] = frozenset({"coach_id", "scope"})

    as_of: Instant | None = Field(default=None, description="The instant whose work is listed; default: now.")
    coach_id: Id | None = Field(default=None, description="The clients of this coach; not together with `scope`.")
    scope: QueueScope | None = Field(
        default=None, description="Whose clients: `mine` (the default) the caller's, `practice` everybody's."
    )


class QueueClient(Out):
    """Whose search it is about."""

    id: Id
    name: shown.Name


class QueueOpportunity(Out):
    """Which opportunity it is about."""

    id: Id
    title: shown.Name
    company_name: shown.Name


class ByHand(StrEnum):
    """Where an action comes from that no rule advises."""

    SET_BY_HAND = "set_by_hand"


class TaskOut(Out):
    """An action that somebody has set by hand, in the shape of an advised one."""

    kind: Literal[NextActionKind.CUSTOM]
    due_on: Day
    reason: shown.Sentence = Field(description="Its title.")
    key: shown.Key
    source: ByHand
    interaction_ids: Annotated[list[Id], shown.Unlimited]
    alternative: ActionKind | None = Field(description="Always null: nothing else is advised.")


class WorkCode(StrEnum):
    """Why something stands where it does in the queue."""

    OWN_MOVE = "own_move"
    MEETING_SOON = "meeting_soon"
    THANKS_DUE = "thanks_due"
    FOLLOW_UP_DUE = "follow_up_due"
    FOLLOW_UP_OVERDUE = "follow_up_overdue"
    GHOSTED_LATELY = "ghosted_lately"
    CONTACT_TO_FIND = "contact_to_find"
    SET_BY_HAND = "set_by_hand"


class Why(Out):
    """Why an item stands where it stands."""

    place: Annotated[int, Shown(Whole(1, 7))] = Field(description="The kind of work, the most pressing first.")
    code: WorkCode
    text: shown.Sentence


class QueueItem(Out):
    """One thing to do on the client's local date, or late already."""

    rank: shown.Place = Field(description="The place in the whole queue, from 1 on.")
    client: QueueClient
    opportunity: QueueOpportunity | None = Field(description="Null for an action of the client's own.")
    status: Status | None = Field(description="Null without an opportunity, as are `since` and `silent_days`.")
    since: Instant | None
    silent_days: shown.Count | None
    next_action: NextAction | TaskOut
    action_id: Id = Field(description="The `id` of the next action, to decide about it.")
    overdue_days: shown.Count = Field(description="Local days since `due_on`; 0 before it, on it and without one.")
    why: Why


class QueueCounts(Out):
    """How many open opportunities have each status; closed ones are not open and have no number."""

    not_started: shown.Count = 0
    your_move: shown.Count = 0
    scheduled: shown.Count = 0
    waiting: shown.Count = 0
    on_hold: shown.Count = 0
    follow_up_due: shown.Count = 0
    follow_up_overdue: shown.Count = 0
    ball_in_their_court: shown.Count = 0
    ghosted: shown.Count = 0


class QueuePage(Out):
    """A page of the queue."""

    as_of: Instant
    counts: QueueCounts
    items: Annotated[list[QueueItem], shown.Paged]
    next_cursor: shown.NextCursor | None

    example: ClassVar[dict[str, Any]] = {
        "as_of": "2026-03-09T12:00:00.000000Z",
        "counts": dict.fromkeys(QueueCounts.model_fields, 0) | {"follow_up_due": 1, "waiting": 3},
        "items": [
            {
                "rank": 1,
                "client": {"id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b10", "name": "Mara Example"},
                "opportunity": {
                    "id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a",
                    "title": "Head of Design",
                    "company_name": "Example Works",
                },
                "status": "follow_up_due",
                "since": "2026-03-09T00:00:00.000000Z",
                "silent_days": 7,
                "next_action": AssessmentOut.example["next_action"],
                "action_id": "5f0e7c3a-9b1e-8a1d-8f3c-4b5a01981d3c",
                "overdue_days": 0,
                "why": {
                    "place": 4,
                    "code": "follow_up_due",
                    "text": "The window for the one follow-up is open. It is due today. 7 days of silence so far.",
                },
            }
        ],
        "next_cursor": None,
    }


class SimulationIn(In):
    """A made-up timeline to be judged."""

    time_zone: Zone = Field(description="The zone in which every date is read.")
    region: Region | None = Field(default=None, description="Holiday calendar; null counts weekends only.")
    has_contact: bool = Field(default=True, description="Whether somebody at the employer is known by name.")
    timeline: Annotated[list[InteractionFields], Items(MAX_TIMELINE)]
    policy: PolicyDocument | None = Field(default=None, description="Other waiting periods than the practice's.")
    as_of: Instant | None = Field(default=None, description="The instant to be judged at; default: now.")

    example: ClassVar[dict[str, Any]] = {
        "time_zone": "Europe/Berlin",
        "region": "DE-BE",
        "timeline": [
            {"kind": "application", "occurred_at": "2026-02-20T09:00:00Z"},
            {"kind": "interview", "occurred_at": "2026-03-02T12:00:00Z", "ends_at": "2026-03-02T13:00:00Z"},
        ],
        "as_of": "2026-03-09T12:00:00Z",
    }


class SimulatedAction(ActionAdvice):
    """The advised next step, why, and the entries of the timeline that it rests on."""

    timeline_indexes: TimelineIndexes


class SimulatedReason(Out):
    """A rule that led here."""

    code: ReasonCode
    text: shown.Sentence
    timeline_indexes: TimelineIndexes


class SimulatedAssessment(VerdictOut):
    """The verdict on a made-up timeline: of no opportunity, resting on entries that are counted from 0."""

    opportunity_id: Id | None = Field(description="Null: there is no opportunity.")
    policy_version: Annotated[int, Shown(Whole(0))] = Field(
        description="The practice's version; 0 with a policy of the request's own."
    )
    next_action: SimulatedAction | None
    reasons: Annotated[list[SimulatedReason], Shown(maxItems=len(ReasonCode))]


class SimulationOut(Out):
    """What would be said of the timeline, at the instant and over all time."""

    assessment: SimulatedAssessment
    history: Annotated[list[HistoryItem], shown.Unlimited]

    example: ClassVar[dict[str, Any]] = {
        "assessment": {
            **AssessmentOut.example,
            "opportunity_id": None,
            "next_action": {
                **{k: v for k, v in AssessmentOut.example["next_action"].items() if k != "interaction_ids"},
                "key": "send_follow_up:1",
                "timeline_indexes": [1],
            },
            "reasons": [
                {"code": "window_open", "text": "The time for the one follow-up has come.", "timeline_indexes": [1]}
            ],
        },
        "history": HistoryOut.example["items"],
    }
