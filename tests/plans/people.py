"""Fourteen people and what a coach would tell them on several days: the article's four, and ten invented ones.

All of it happened before the clock of the tests (Monday, 2026-03-16, noon UTC), and is asked for as of other days too.
"""

from dataclasses import dataclass, field
from typing import Any

Acts = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Day:
    """What is expected at an instant: the action on each opportunity, and parts of the plan by their path."""

    as_of: str
    actions: dict[str, str | None]
    plan: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """Somebody: how they live, what happened on each of their opportunities, what they learn, and what is expected."""

    employment: str
    hours: int | None
    roles: dict[str, Acts]
    days: tuple[Day, ...]
    activities: tuple[dict[str, Any], ...] = ()
    without_contact: frozenset[str] = frozenset()
    source: str = "applied"


def many(count: int, *acts: tuple[Any, ...]) -> dict[str, Acts]:
    """Return the same story on many opportunities."""
    return {f"role {number}": acts for number in range(1, count + 1)}


ADVICE = "stay_active.suggestion.code"
LIVE = "stay_active.live_openings"
WINS = "stay_confident.wins.*.kind"
LOSSES = "stay_confident.losses.*.kind"
IDEAS = "credentials.suggestions.*.id"
LEAKS = "funnel.points_to"
BESIDE = ["volunteer", "professional_body", "learn_free", "learn_in_a_school", "publish", "mentor"]
AT_WORK = ["stretch_assignment", "job_crafting", "write_at_work"]

ARTICLE: dict[str, Person] = {
    "the freelance creative director": Person(
        "freelance", 15,
        {"gig": (
            ("request", "2026-01-12T09:00:00Z"), ("reply", "2026-01-12T10:00:00Z"),
            ("follow_up", "2026-01-19T15:00:00Z"),
        )},
        (
            Day("2026-01-12T09:30:00Z", {"gig": "reply"}, {LIVE: 1, ADVICE: "spread_out"}),
            Day("2026-01-15T12:00:00Z", {"gig": "stay_active"}, {WINS: []}),
            Day("2026-01-19T12:00:00Z", {"gig": "send_follow_up"}),
            Day("2026-01-21T12:00:00Z", {"gig": "stay_active"}, {WINS: ["followed_up_once"], LOSSES: []}),
            Day("2026-02-12T12:00:00Z", {"gig": "close_and_redirect"}, {
                LIVE: 0, ADVICE: "open_something", LOSSES: ["ghosted"], WINS: ["followed_up_once"],
                IDEAS: ["case_study_of_a_gig", *BESIDE[:4], "mentor"],
            }),
        ),
        source="recruiter",
    ),
    "the sought-after marketing executive": Person(
        "employed", 4,
        {"brand": (
            ("application", "2026-01-05T09:00:00Z"),
            ("interview", "2026-01-12T15:00:00Z", {"ends_at": "2026-01-12T16:00:00Z"}),
            ("thank_you", "2026-01-13T09:00:00Z"), ("follow_up", "2026-01-20T09:00:00Z"),
        )},
        (
            Day("2026-01-12T17:00:00Z", {"brand": "send_thank_you"}, {WINS: ["first_reply", "interview"]}),
            Day("2026-01-14T12:00:00Z", {"brand": "stay_active"}, {IDEAS: AT_WORK, ADVICE: "spread_out"}),
            Day("2026-01-19T12:00:00Z", {"brand": "send_follow_up"}),
            Day("2026-01-22T12:00:00Z", {"brand": "stay_active"},
                {WINS: ["followed_up_once", "first_reply", "interview", "thank_you_on_time"]}),
            Day("2026-02-13T12:00:00Z", {"brand": "close_and_redirect"},
                {LOSSES: ["ghosted"], WINS: ["followed_up_once"], ADVICE: "open_something"}),
        ),
    ),
    "the in-house designer": Person(
        "employed", 6,
        {"product": (
            ("application", "2025-11-10T09:00:00Z"), ("acknowledgement", "2025-11-10T09:05:00Z"),
            ("introduction", "2025-11-12T09:00:00Z"),
        )},
        (
            Day("2025-11-14T12:00:00Z", {"product": "stay_active"}, {LIVE: 1, WINS: []}),
            Day("2025-11-18T12:00:00Z", {"product": "send_follow_up"}, {"funnel.counts.introductions": 1}),
            Day("2025-12-15T12:00:00Z", {"product": "close_and_redirect"}, {LIVE: 0, LOSSES: ["ghosted"]}),
            # Months later it is no fresh loss any more; what is left is to begin something.
            Day("2026-03-01T12:00:00Z", {"product": "close_and_redirect"},
                {LOSSES: [], ADVICE: "open_something", IDEAS: AT_WORK, "stay_active.days_since_last_new": 111}),
        ),
    ),
    "the senior director of the final two": Person(
        "unemployed", 25,
        {"operations": (
            ("application", "2026-01-05T09:00:00Z"), ("interview", "2026-01-14T09:00:00Z"),
            ("thank_you", "2026-01-14T18:00:00Z"),
            ("employer_message", "2026-01-19T09:00:00Z", {"stage": "final_round"}),
        )},
        (
            Day("2026-01-22T12:00:00Z", {"operations": "stay_active"}, {
                ADVICE: "spread_out", IDEAS: BESIDE, "credentials.hours_left": 25,
                WINS: ["final_round", "first_reply", "interview", "thank_you_on_time"],
            }),
            Day("2026-01-26T12:00:00Z", {"operations": "send_follow_up"}, {LOSSES: []}),
            Day("2026-02-20T12:00:00Z", {"operations": "close_and_redirect"}, {LOSSES: ["ghosted"]}),
        ),
    ),
}  # fmt: skip

INVENTED: dict[str, Person] = {
    "the student with ideas only": Person(
        "student", 20, {"lab": (), "institute": ()},
        (
            # Written down on the day of the tests: before it, nothing was there.
            Day("2026-03-01T12:00:00Z", {"lab": "make_contact"}, {"stay_active.leads": 0, ADVICE: "open_something"}),
            Day("2026-03-17T12:00:00Z", {"lab": "make_contact", "institute": "make_contact"},
                {"stay_active.leads": 2, ADVICE: "start_a_lead", IDEAS: BESIDE[:5]}),
        ),
    ),
    "the analyst with an offer": Person(
        "underemployed", None,
        {"data": (("interview", "2026-03-02T09:00:00Z"),
                  ("offer", "2026-03-10T09:00:00Z", {"reply_by": "2026-03-20"}))},
        (
            Day("2026-03-03T12:00:00Z", {"data": "send_thank_you"}),
            Day("2026-03-12T12:00:00Z", {"data": "answer_offer"},
                {WINS: ["offer", "interview"], IDEAS: [*AT_WORK[:2], *BESIDE[:3], "publish"],
                 ADVICE: "spread_out", "stay_active.suggestion.source": "norm"}),
            Day("2026-06-12T12:00:00Z", {"data": "answer_offer"}, {LOSSES: [], LIVE: 1}),
        ),
    ),
    "the accountant who has landed": Person(
        "employed", 2,
        {
            "bank": (("application", "2026-02-02T09:00:00Z"), ("offer", "2026-02-16T09:00:00Z"),
                     ("acceptance", "2026-02-20T09:00:00Z")),
            "shop": (("application", "2026-02-03T09:00:00Z"), ("withdrawal", "2026-02-21T09:00:00Z")),
        },
        (
            Day("2026-02-10T12:00:00Z", {"bank": "send_follow_up", "shop": "send_follow_up"}, {LIVE: 2}),
            Day("2026-02-22T12:00:00Z", {"bank": None, "shop": None}, {LIVE: 0, ADVICE: "landed", LOSSES: []}),
            Day("2026-06-01T12:00:00Z", {"bank": None}, {ADVICE: "open_something"}),
        ),
    ),
    "the engineer of many applications": Person(
        "unemployed", 3, many(20, ("application", "2026-01-05T09:00:00Z")),
        (
            Day("2026-01-06T12:00:00Z", {"role 1": "stay_active"},
                {LIVE: 20, ADVICE: "keep_going", LEAKS: ["network"], "stay_active.new_openings": 20}),
            Day("2026-01-13T12:00:00Z", {"role 1": "find_contact"}, {ADVICE: "start_new"}),
            Day("2026-02-10T12:00:00Z", {"role 20": "close_and_redirect"}, {
                LEAKS: ["resume_and_profile", "network"], "funnel.checks.0.n": 20, "funnel.checks.0.rate": 0,
                "funnel.checks.1.verdict": "too_few", "stay_confident.counts.losses": 20,
                IDEAS: ["professional_body", "mentor", "publish"],
            }),
        ),
        without_contact=frozenset(many(20)),
    ),
    "the teacher who is never called back": Person(
        "employed", 9,
        many(4, ("application", "2026-01-05T09:00:00Z"), ("meeting", "2026-01-12T09:00:00Z", {"stage": "screening"}),
             ("rejection", "2026-01-20T09:00:00Z")),
        (
            Day("2026-01-14T12:00:00Z", {"role 1": "send_thank_you"}, {LEAKS: []}),
            Day("2026-01-15T12:00:00Z", {"role 1": "stay_active"}, {LEAKS: [], "funnel.checks.1.verdict": "too_few"}),
            Day("2026-01-21T12:00:00Z", {"role 1": None}, {
                LEAKS: ["interview_skill"], "funnel.checks.1.verdict": "leak", "funnel.checks.1.n": 4,
                "funnel.checks.0.verdict": "too_few", LOSSES: ["rejected"] * 4,
                IDEAS: [*AT_WORK[:2], *BESIDE[:3], "publish"],
            }),
        ),
    ),
    "the lawyer of many interviews": Person(
        "employed", 0,
        many(4, ("application", "2026-01-05T09:00:00Z"), ("interview", "2026-01-12T09:00:00Z"),
             ("rejection", "2026-01-20T09:00:00Z")),
        (
            Day("2026-01-13T12:00:00Z", {"role 4": "send_thank_you"}, {LEAKS: [], "stay_confident.counts.wins": 8}),
            Day("2026-01-21T12:00:00Z", {"role 4": None}, {
                LEAKS: ["interview_skill"], "funnel.checks.2.verdict": "leak", "funnel.checks.1.n": 0, IDEAS: AT_WORK,
            }),
        ),
    ),
    "the networker at a good pace": Person(
        "freelance", 10,
        many(8, ("outreach", "2026-03-12T09:00:00Z")),
        (
            Day("2026-03-11T12:00:00Z", {"role 1": "make_contact"}, {LIVE: 0, ADVICE: "open_something"}),
            Day("2026-03-13T12:00:00Z", {"role 1": "stay_active"}, {
                ADVICE: "keep_going", "stay_active.new_openings": 8, "stay_active.concentration.share": 0.125,
                "funnel.checks.3.verdict": "fine", "funnel.counts.introductions": 8,
            }),
            Day("2026-03-18T12:00:00Z", {"role 1": "send_follow_up"}, {ADVICE: "keep_going"}),
            Day("2026-03-19T12:00:00Z", {"role 1": "send_follow_up"}, {ADVICE: "start_new"}),
        ),
        source="networking",
    ),
    "the baker who has learnt to code": Person(
        "unemployed", 12, {"studio": (("application", "2026-03-09T09:00:00Z"),),
                           "agency": (("application", "2026-03-10T09:00:00Z"),)},
        (
            Day("2026-03-11T12:00:00Z", {"studio": "stay_active"}, {
                "credentials.under_way.*.status": ["active"], "credentials.hours_left": 8, ADVICE: "reach_target",
                IDEAS: ["volunteer", "professional_body", "learn_free", "publish", "mentor"],
            }),
            Day("2026-03-16T12:00:00Z", {"studio": "send_follow_up"}, {
                WINS: ["development_done"], "credentials.under_way": [], "credentials.hours_left": 12,
                IDEAS: ["real_work_with_the_skill", *BESIDE[:3], "mentor", "publish"],
            }),
        ),
        activities=(
            {"kind": "course", "title": "Evening course in coding", "status": "done", "hours_per_week": 4,
             "started_on": "2026-02-01", "finished_on": "2026-03-14"},
        ),
    ),
    "the manager who was asked for patience": Person(
        "employed", 5,
        {"plant": (("interview", "2026-02-02T09:00:00Z"), ("thank_you", "2026-02-02T18:00:00Z"),
                   ("hold", "2026-02-06T09:00:00Z", {"reply_by": "2026-02-20"}))},
        (
            Day("2026-02-10T12:00:00Z", {"plant": "wait_for_promise"}, {LIVE: 1}),
            Day("2026-02-25T12:00:00Z", {"plant": "send_follow_up"}, {ADVICE: "spread_out"}),
            Day("2026-04-01T12:00:00Z", {"plant": "close_and_redirect"}, {LOSSES: ["ghosted"]}),
        ),
    ),
    "the editor of two irons": Person(
        "freelance", 6,
        {
            "press": (("outreach", "2026-03-02T09:00:00Z"), ("bounce", "2026-03-02T09:01:00Z")),
            "archive": (
                ("application", "2026-03-03T09:00:00Z"), ("application", "2026-03-03T10:00:00Z"),
                ("reply", "2026-03-04T09:00:00Z"), ("candidate_message", "2026-03-04T10:00:00Z"),
                ("interview", "2026-03-14T09:00:00Z", {"arranged_at": "2026-03-05T09:00:00Z"}),
            ),
        },
        (
            Day("2026-03-05T12:00:00Z", {"press": "fix_contact", "archive": "prepare"}, {
                "stay_active.concentration.share": 0.8, "stay_active.concentration.n": 5, ADVICE: "spread_out",
                WINS: ["first_reply"],
            }),
            Day("2026-03-14T12:00:00Z", {"archive": "send_thank_you"}, {WINS: ["interview", "first_reply"]}),
        ),
    ),
}  # fmt: skip

PEOPLE = {**ARTICLE, **INVENTED}
