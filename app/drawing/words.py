"""What the pictures call things."""

from collections.abc import Mapping
from types import MappingProxyType

from app.ghosting.vocabulary import Kind, Stage, Status

KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.APPLICATION: "Application",
        Kind.OUTREACH: "Outreach",
        Kind.INTRODUCTION: "Introduction",
        Kind.EMPLOYER_MESSAGE: "Message",
        Kind.HOLD: "Bear with us",
        Kind.INTERVIEW: "Interview",
        Kind.MEETING: "Meeting",
        Kind.NO_SHOW: "No-show",
        Kind.REQUEST: "Request",
        Kind.VERBAL_OFFER: "Verbal offer",
        Kind.OFFER: "Offer",
        Kind.REPLY: "Reply",
        Kind.SUBMISSION: "Submission",
        Kind.CANDIDATE_MESSAGE: "Message",
        Kind.THANK_YOU: "Thank-you",
        Kind.FOLLOW_UP: "Follow-up",
        Kind.ACKNOWLEDGEMENT: "Receipt",
        Kind.NOTE: "Note",
        Kind.BOUNCE: "Undelivered",
        Kind.REJECTION: "Rejection",
        Kind.POSITION_CLOSED: "Position closed",
        Kind.WITHDRAWAL: "Withdrawal",
        Kind.ACCEPTANCE: "Acceptance",
        Kind.DECLINE: "Decline",
    }
)
STATUSES: Mapping[Status, str] = MappingProxyType(
    {
        Status.NOT_STARTED: "Not started",
        Status.YOUR_MOVE: "Your move",
        Status.SCHEDULED: "Scheduled",
        Status.WAITING: "Waiting",
        Status.ON_HOLD: "On hold",
        Status.FOLLOW_UP_DUE: "Follow-up due",
        Status.FOLLOW_UP_OVERDUE: "Follow-up overdue",
        Status.BALL_IN_THEIR_COURT: "Ball in their court",
        Status.GHOSTED: "Ghosted",
        Status.CLOSED: "Closed",
    }
)
STAGES: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.LEAD: "Openings",
        Stage.APPLIED: "Applied",
        Stage.SCREENING: "Screening",
        Stage.INTERVIEWING: "Interviewing",
        Stage.FINAL_ROUND: "Final round",
        Stage.OFFER: "Offer",
    }
)
