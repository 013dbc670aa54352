"""The table of the fold in words: under which condition a row applies, and what it does."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from app.ghosting import moves, rules
from app.ghosting.state import Hold
from app.ghosting.vocabulary import Status
from app.ghosting.windows import Window


class Said(NamedTuple):
    """A code for programs and a sentence for people."""

    code: str
    text: str


WHEN: Mapping[rules.Guard, Said] = MappingProxyType(
    {
        rules.always: Said("otherwise", "No earlier row of the table applied."),
        rules.offer_open: Said("offer_open", "A written offer was waiting for an answer."),
        rules.something_open: Said("something_open", "The candidate still owed an answer to a request or an offer."),
        rules.employer_has_ball: Said("employer_owed", "The employer owed an answer."),
        rules.employer_lacks_ball: Said("employer_owed_nothing", "The employer owed no answer."),
        rules.first_application: Said("first_application", "It was the first application since this was opened."),
        rules.came_back: Said("came_back", "The candidate's last act had come back undelivered."),
        rules.nobody_has_ball: Said("nobody_owed", "Nobody owed anything yet."),
    }
)
CLOSED = Said("closed", "The process was closed, and this does not open it again.")
CANCELLED = Said("cancelled", "The end of the process had struck this meeting from the diary.")

EFFECTS: Mapping[rules.Move, Said] = MappingProxyType(
    {
        moves.do_nothing: Said("nothing", "It changes neither whose turn it is nor any date."),
        moves.open_road: Said("asks", "The employer owes an answer from here on, and a silence begins to count."),
        moves.nudge: Said("nudges", "It is the one follow-up of this silence, unless that had been sent before."),
        moves.answer: Said("answers", "It settles what was asked; with nothing else open the employer is next."),
        moves.send_again: Said("repairs", "It replaces what came back, and the employer owes an answer again."),
        moves.word: Said("word", "A sign of life: the wait starts over, and a date that it names is waited for."),
        moves.bear_with_us: Said(
            "holds", "The employer asks for time: until the date that it gave, else for the usual days."
        ),
        moves.promise_and_owe: Said("owes", "The employer owes what comes next, by the date that it gave, if any."),
        moves.enter_in_diary: Said("diary", "A meeting goes into the diary; the open offer stays with the candidate."),
        moves.arrange: Said("arranges", "A meeting goes into the diary: until then nobody owes anything."),
        moves.meet_beside_offer: Said("meets_beside_offer", "They meet; the open offer stays with the candidate."),
        moves.meet: Said("meets", "They meet, and afterwards the employer owes what comes next."),
        moves.offer_by_word: Said("offers_by_word", "The employer owes in writing what it has said."),
        moves.settle_request: Said("settles_request", "What was asked is settled; the open offer stays as it is."),
        moves.ask: Said("requests", "The employer asks, so the candidate is next."),
        moves.make_offer: Said("offers", "A written offer is there, so the candidate is next."),
        moves.thank: Said("thanks", "The thank-you is out; it moves no clock."),
        moves.come_back: Said("returns", "It takes back what the candidate's last act did."),
        moves.close: Said("closes", "The process ends."),
    }
)
NO_EFFECT = EFFECTS[moves.do_nothing]


def status_rule(status: Status, dates: Window | None, promise: Hold | None) -> Said:
    """Return the rule by which this is the status; `dates` and `promise` are those of the silence that is running."""
    if promise is not None:
        after = _AFTER_THEIR_DATE if promise.promised_by.reply_by else _AFTER_OUR_DATE
        return after.get(status) or _RULES[status]
    if status is Status.WAITING and dates is not None and dates.shut:
        return _WAITING_WITHOUT_CONTACT
    return _RULES[status]


_WAITING_WITHOUT_CONTACT = Said(
    "no_window", "The employer owes an answer, and without a contact there is nobody to follow up with."
)
_AFTER_THEIR_DATE: Mapping[Status, Said] = MappingProxyType(
    {
        Status.ON_HOLD: Said("promise_counts", "The employer named a date, and that date with its grace is not over."),
        Status.WAITING: Said(
            "promise_over_no_window",
            "The promised date is over, and without a contact there is nobody to follow up with.",
        ),
        Status.GHOSTED: Said("silent_too_long_after_promise", "Too many days have passed since the promised date."),
    }
)
#: "Bear with us" without a date: the codes are those of the same rows, but nobody has promised anything.
_AFTER_OUR_DATE: Mapping[Status, Said] = MappingProxyType(
    {
        Status.ON_HOLD: Said(
            "promise_counts", "The employer asked for time without a date, and the days allowed for that are not over."
        ),
        Status.WAITING: Said(
            "promise_over_no_window",
            "The time that the employer asked for is over, and without a contact there is nobody to follow up with.",
        ),
        Status.GHOSTED: Said(
            "silent_too_long_after_promise", "Too many days have passed since the time that the employer asked for."
        ),
    }
)
_RULES: Mapping[Status, Said] = MappingProxyType(
    {
        Status.NOT_STARTED: Said("nobody_owes", "Nothing that counts has happened, so nobody owes anything."),
        Status.YOUR_MOVE: Said("candidate_owes", "Something is open that only the candidate can answer or repair."),
        Status.SCHEDULED: Said("meeting_ahead", "The employer is next, and a meeting is in the diary."),
        Status.CLOSED: Said("ended", "An act has ended the process, and none has opened it again."),
        Status.WAITING: Said("before_window", "The employer owes an answer, and the follow-up is not due yet."),
        Status.BALL_IN_THEIR_COURT: Said("follow_up_used", "The one follow-up is out, and its answer is waited for."),
        Status.FOLLOW_UP_DUE: Said("in_window", "The follow-up is unused and its window is open."),
        Status.FOLLOW_UP_OVERDUE: Said("after_window", "The follow-up is unused and its window has closed."),
        Status.GHOSTED: Said("silent_too_long", "Too many days have passed since the employer owes an answer."),
    }
)
