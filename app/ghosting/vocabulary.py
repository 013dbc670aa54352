"""The words of the engine (GHOSTING.md, sections 2 to 6): closed lists, and which kind may carry what."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What an interaction is. The order of declaration is the order of interactions of one instant."""

    APPLICATION = "application"
    OUTREACH = "outreach"
    INTRODUCTION = "introduction"
    EMPLOYER_MESSAGE = "employer_message"
    HOLD = "hold"
    INTERVIEW = "interview"
    MEETING = "meeting"
    NO_SHOW = "no_show"
    REQUEST = "request"
    VERBAL_OFFER = "verbal_offer"
    OFFER = "offer"
    REPLY = "reply"
    SUBMISSION = "submission"
    CANDIDATE_MESSAGE = "candidate_message"
    THANK_YOU = "thank_you"
    FOLLOW_UP = "follow_up"
    ACKNOWLEDGEMENT = "acknowledgement"
    NOTE = "note"
    BOUNCE = "bounce"
    REJECTION = "rejection"
    POSITION_CLOSED = "position_closed"
    WITHDRAWAL = "withdrawal"
    ACCEPTANCE = "acceptance"
    DECLINE = "decline"


class Actor(StrEnum):
    """Whose act an interaction is."""

    CANDIDATE = "candidate"
    EMPLOYER = "employer"
    BOTH = "both"
    NOBODY = "nobody"


class Stage(StrEnum):
    """Position in the hiring process, declared from the first to the last."""

    LEAD = "lead"
    APPLIED = "applied"
    SCREENING = "screening"
    INTERVIEWING = "interviewing"
    FINAL_ROUND = "final_round"
    OFFER = "offer"

    @property
    def rank(self) -> int:
        """0 for `lead` up to 5 for `offer`; comparing the words themselves would be alphabetical."""
        return STAGE_RANKS[self]


STAGE_RANKS: Mapping[Stage, int] = MappingProxyType({stage: rank for rank, stage in enumerate(Stage)})


class Outcome(StrEnum):
    """How an opportunity ended."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    POSITION_CLOSED = "position_closed"


class Status(StrEnum):
    """Where an opportunity stands (GHOSTING.md, section 4)."""

    NOT_STARTED = "not_started"
    YOUR_MOVE = "your_move"
    SCHEDULED = "scheduled"
    WAITING = "waiting"
    ON_HOLD = "on_hold"
    FOLLOW_UP_DUE = "follow_up_due"
    FOLLOW_UP_OVERDUE = "follow_up_overdue"
    BALL_IN_THEIR_COURT = "ball_in_their_court"
    GHOSTED = "ghosted"
    CLOSED = "closed"


class Wait(StrEnum):
    """What kind of answer the employer owes; each has its row in the policy (GHOSTING.md, section 5)."""

    APPLICATION = "application"
    OUTREACH = "outreach"
    INTRODUCTION = "introduction"
    CONTACT = "contact"
    ASSESSMENT = "assessment"
    SCREENING = "screening"
    INTERVIEWING = "interviewing"
    FINAL_ROUND = "final_round"
    VERBAL_OFFER = "verbal_offer"


class GhostKind(StrEnum):
    """After what the employer fell silent for good."""

    APPLICATION_UNANSWERED = "application_unanswered"
    OUTREACH_UNANSWERED = "outreach_unanswered"
    AFTER_CONTACT = "after_contact"
    AFTER_FINAL_ROUND = "after_final_round"
    AFTER_OFFER = "after_offer"


class WaitingOn(StrEnum):
    """Who owes the next word."""

    CANDIDATE = "candidate"
    EMPLOYER = "employer"
    NOBODY = "nobody"


class ActionKind(StrEnum):
    """What to do next (GHOSTING.md, section 6)."""

    MAKE_CONTACT = "make_contact"
    REPLY = "reply"
    FIX_CONTACT = "fix_contact"
    ANSWER_OFFER = "answer_offer"
    PREPARE = "prepare"
    SEND_THANK_YOU = "send_thank_you"
    FIND_CONTACT = "find_contact"
    STAY_ACTIVE = "stay_active"
    WAIT_FOR_PROMISE = "wait_for_promise"
    SEND_FOLLOW_UP = "send_follow_up"
    CLOSE_AND_REDIRECT = "close_and_redirect"


class ReasonCode(StrEnum):
    """Which rule led to a status."""

    NOTHING_YET = "nothing_yet"
    OPENER_SENT = "opener_sent"
    ANSWER_SENT = "answer_sent"
    EMPLOYER_WROTE = "employer_wrote"
    MET = "met"
    OFFERED_VERBALLY = "offered_verbally"
    REQUEST_OPEN = "request_open"
    OFFER_OPEN = "offer_open"
    UNDELIVERED = "undelivered"
    MEETING_AHEAD = "meeting_ahead"
    PROMISE_IN_FORCE = "promise_in_force"
    WINDOW_NOT_OPEN = "window_not_open"
    WINDOW_OPEN = "window_open"
    WINDOW_PASSED = "window_passed"
    CONTACT_MISSING = "contact_missing"
    FOLLOW_UP_USED = "follow_up_used"
    SILENCE_TOO_LONG = "silence_too_long"
    PROCESS_ENDED = "process_ended"
    NOBODY_CAME = "nobody_came"


class WinKind(StrEnum):
    """A small success: all but the last two follow from a timeline."""

    FIRST_REPLY = "first_reply"
    INTERVIEW = "interview"
    FINAL_ROUND = "final_round"
    OFFER = "offer"
    FURTHER_STAGE = "further_stage"
    THANK_YOU_ON_TIME = "thank_you_on_time"
    FOLLOWED_UP_ONCE = "followed_up_once"
    DEVELOPMENT_DONE = "development_done"
    OTHER = "other"


class PossibleReason(StrEnum):
    """Why an employer may be silent: the article's list in its order, never ranked."""

    STILL_INTERVIEWING = "still_interviewing"
    SHORT_LISTED_NOT_FIRST = "short_listed_not_first"
    CONFIRMING_PAY = "confirming_pay"
    OTHER_WORK_FIRST = "other_work_first"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Where an advice comes from: the coach's article, or a norm that fills its silence."""

    ARTICLE = "article"
    FIRST_STEP = "first_step"
    PROMPT_REPLY = "prompt_reply"
    DELIVERY_FIRST = "delivery_first"
    OFFER_DEADLINE = "offer_deadline"
    MEETING_PREPARATION = "meeting_preparation"
    NAMED_CONTACT = "named_contact"
    THEIR_OWN_DATE = "their_own_date"
    UNDATED_HOLD = "undated_hold"


ACTORS: Mapping[Kind, Actor] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                Kind.APPLICATION,
                Kind.OUTREACH,
                Kind.INTRODUCTION,
                Kind.REPLY,
                Kind.SUBMISSION,
                Kind.CANDIDATE_MESSAGE,
                Kind.THANK_YOU,
                Kind.FOLLOW_UP,
                Kind.WITHDRAWAL,
                Kind.ACCEPTANCE,
                Kind.DECLINE,
            ),
            Actor.CANDIDATE,
        ),
        **dict.fromkeys(
            (
                Kind.EMPLOYER_MESSAGE,
                Kind.REQUEST,
                Kind.HOLD,
                Kind.ACKNOWLEDGEMENT,
                Kind.BOUNCE,
                Kind.VERBAL_OFFER,
                Kind.OFFER,
                Kind.REJECTION,
                Kind.POSITION_CLOSED,
                Kind.NO_SHOW,
            ),
            Actor.EMPLOYER,
        ),
        Kind.INTERVIEW: Actor.BOTH,
        Kind.MEETING: Actor.BOTH,
        Kind.NOTE: Actor.NOBODY,
    },
)

OPENER_KINDS = frozenset({Kind.APPLICATION, Kind.OUTREACH, Kind.INTRODUCTION})
MEETING_KINDS = frozenset({Kind.INTERVIEW, Kind.MEETING})
STAGE_KINDS = (
    OPENER_KINDS
    | MEETING_KINDS
    | {Kind.EMPLOYER_MESSAGE, Kind.HOLD, Kind.REQUEST, Kind.SUBMISSION, Kind.VERBAL_OFFER, Kind.OFFER}
)
