"""The closed lists of what is drafted and planned."""

from enum import StrEnum


class DraftKind(StrEnum):
    """What a draft is for."""

    THANK_YOU = "thank_you"
    FOLLOW_UP = "follow_up"
    REPLY = "reply"
    CLOSING_NOTE = "closing_note"
    INTRODUCER_NOTE = "introducer_note"


class DraftChannel(StrEnum):
    """By which road a draft is meant to go out: those of an interaction's channels that carry words."""

    EMAIL = "email"
    MESSAGE = "message"
    PHONE = "phone"
    LETTER = "letter"


class Tone(StrEnum):
    """How a draft is to sound."""

    WARM = "warm"
    NEUTRAL = "neutral"
    BRIEF = "brief"


class AdviceBasis(StrEnum):
    """Whose words a piece of advice goes back to: the coach's article, or a norm of the house."""

    ARTICLE = "article"
    NORM = "norm"


class ActiveAdvice(StrEnum):
    """What would keep a search moving."""

    LANDED = "landed"
    OPEN_SOMETHING = "open_something"
    START_A_LEAD = "start_a_lead"
    SPREAD_OUT = "spread_out"
    START_NEW = "start_new"
    REACH_TARGET = "reach_target"
    KEEP_GOING = "keep_going"


class LossKind(StrEnum):
    """How something was lost."""

    REJECTED = "rejected"
    POSITION_CLOSED = "position_closed"
    GHOSTED = "ghosted"


class FunnelStep(StrEnum):
    """A passage of the search at which some get lost."""

    APPLICATION_TO_SCREEN = "application_to_screen"
    SCREEN_TO_INTERVIEW = "screen_to_interview"
    INTERVIEW_TO_OFFER = "interview_to_offer"
    INTRODUCTIONS = "introductions"


class PointsTo(StrEnum):
    """What a leak points to."""

    RESUME_AND_PROFILE = "resume_and_profile"
    INTERVIEW_SKILL = "interview_skill"
    NETWORK = "network"


class FunnelVerdict(StrEnum):
    """What can be said of a passage."""

    TOO_FEW = "too_few"
    FINE = "fine"
    LEAK = "leak"


class Comparison(StrEnum):
    """What a share is held against."""

    BENCHMARK = "benchmark"
    OWN_EARLIER_HALF = "own_earlier_half"
