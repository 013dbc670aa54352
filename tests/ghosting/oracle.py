"""GHOSTING.md once more, naively: the answer at one instant, by replaying what happened up to it.

It shares no rule with app/ghosting: no steps, no boundaries, no first instants; only today's date is compared.
"""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from app.ghosting.policy import Policy
from app.ghosting.timeline import Interaction, Timeline

OPENERS = ("application", "outreach", "introduction")
ORDER = (
    *(*OPENERS, "employer_message", "hold", "interview", "meeting", "no_show", "arrangement"),
    *("request", "verbal_offer", "offer", "reply", "submission", "candidate_message", "thank_you", "follow_up"),
    *("acknowledgement", "note", "bounce", "rejection", "position_closed", "withdrawal", "acceptance", "decline"),
)
STAGES = ("lead", "applied", "screening", "interviewing", "final_round", "offer")
CLOSERS = {
    "rejection": "rejected",
    "position_closed": "position_closed",
    "withdrawal": "withdrawn",
    "acceptance": "accepted",
    "decline": "declined",
}
REOPENERS = (
    *OPENERS,
    "arrangement",
    "employer_message",
    "hold",
    "interview",
    "meeting",
    "request",
    "verbal_offer",
    "offer",
)
RISES = {"application": "applied", "interview": "interviewing", "verbal_offer": "offer", "offer": "offer"}
BY_STAGE = {stage: stage for stage in STAGES} | {"lead": "contact", "applied": "contact", "offer": "verbal_offer"}
BY_OWN_HAND = (*OPENERS, "reply", "submission", "candidate_message", "thank_you", "follow_up")
OWN_WAITS = {"submission": "assessment", "verbal_offer": "verbal_offer"} | {kind: kind for kind in OPENERS}


class Days:
    def __init__(self, zone: Any, holidays: Any, *, skip: bool) -> None:
        self.zone, self.holidays, self.skip = zone, holidays, skip

    def of(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def business(self, day: date) -> bool:
        return not self.skip or (day.isoweekday() <= 5 and day not in self.holidays)

    def roll(self, day: date) -> date:
        return day if self.business(day) else self.roll(day + timedelta(1))

    def nth(self, day: date, n: int) -> date:
        while n:
            day += timedelta(1)
            n -= self.business(day)
        return day


def arranged(i: Interaction) -> bool:
    return i.kind in ("interview", "meeting") and i.arranged_at is not None and i.arranged_at < i.occurred_at


def replay(timeline: Timeline, policy: Policy, days: Days, now: datetime) -> Any:
    acts = [(i.occurred_at, ORDER.index(i.kind), i.id.int, str(i.kind), i) for i in timeline.interactions]
    acts += [
        (i.arranged_at, ORDER.index("arrangement"), i.id.int, "arrangement", i)
        for i in timeline.interactions
        if arranged(i) and i.arranged_at
    ]
    s = SimpleNamespace(ball="nobody", request=None, offer=None, s0=None, hold=None, nudged=None, wait=None)
    s.__dict__.update(stage="lead", outcome=None, ahead=[], bounce=None, latest=None, applied=False, met=None)
    s.__dict__.update(thanked=[], stood_up=False, undated=timedelta(policy.undated_hold_days), struck=set())
    for at, _, _, what, i in sorted(acts):
        if at <= now:
            one(s, at, what, i, days)
    return s


def one(s: Any, at: datetime, what: str, i: Interaction, days: Days) -> None:
    struck_out = what in ("interview", "meeting") and i.id in s.struck
    if struck_out or (s.ball == "closed" and what not in REOPENERS):
        return
    if i.stage and what != "arrangement":
        s.stage = str(i.stage)
    elif what in RISES:
        s.stage = max(s.stage, RISES[what], key=STAGES.index)
    if what in BY_OWN_HAND:
        s.latest = {"did": None, "id": i.id}
    act(s, at, what, i, days)
    s.applied = s.applied or what == "application"
    s.stood_up = s.stood_up or what == "no_show"


def employer(s: Any, at: datetime, what: str, i: Interaction, days: Days) -> None:
    s.s0 = i.ends_at if what in ("interview", "meeting") and i.ends_at else at
    s.ball, s.d0, s.nudged, s.outcome, s.bounce, s.latest = "employer", days.of(s.s0), None, None, None, None
    s.wait = OWN_WAITS.get(what) or BY_STAGE[s.stage]


# One long "if" in the order of the page's table: here that is the point.
def act(s: Any, at: datetime, what: str, i: Interaction, days: Days) -> None:  # noqa: C901, PLR0912, PLR0915
    def passes(settled: Any = None, wait: str | None = None) -> None:
        employer(s, at, what, i, days)
        s.wait = wait or s.wait
        s.latest = {"did": "passed", "id": i.id, "settled": settled, "wait": s.wait}

    def counts_as_follow_up() -> None:
        if s.nudged is None:
            s.nudged = days.of(at)
            s.latest = {"did": "nudged", "id": i.id}

    def again() -> None:
        s.request = s.offer = None
        passes(s.bounce["settled"], s.bounce["wait"])

    if what in ("employer_message", "hold", "no_show"):
        if s.request or s.offer:
            return
        if i.reply_by:
            s.hold = i.reply_by
        elif what == "hold":
            s.hold = days.of(at) + s.undated
        elif what == "no_show":
            s.hold = None
        employer(s, at, what, i, days)
    elif what == "arrangement":
        s.request = s.hold = None
        s.ahead.append(i)
        if not s.offer:
            employer(s, at, what, i, days)
    elif what in ("interview", "meeting", "verbal_offer"):
        s.request = None
        if what != "verbal_offer":
            s.met, s.thanked, s.stood_up = i, [], False
            s.ahead = [m for m in s.ahead if m.id != i.id]
        if not s.offer:
            s.hold = i.reply_by
            employer(s, at, what, i, days)
    elif what in ("request", "offer"):
        setattr(s, what, (i, days.of(at)))
        s.hold = s.nudged = s.outcome = s.bounce = None
        s.ball = "candidate"
    elif what in OPENERS:
        if s.offer:
            return
        if s.ball != "employer" or what == "introduction" or (what == "application" and not s.applied):
            was, s.request = s.request, None
            passes(was and ("request", was))
        elif what == "outreach":
            counts_as_follow_up()
    elif what in ("reply", "submission"):
        if s.ball == "employer":
            return
        settled = "request" if s.request else "offer"
        was = getattr(s, settled)
        setattr(s, settled, None)
        if not s.offer:
            passes(was and (settled, was))
    elif what == "follow_up":
        if s.ball == "employer":
            counts_as_follow_up()
        elif s.bounce:
            again()
        elif s.ball == "nobody":
            passes(None, "outreach")
    elif what == "candidate_message":
        if s.bounce:
            again()
    elif what == "thank_you":
        s.thanked.append(i.id)
        s.latest = {"did": "thanked", "id": i.id}
    elif what == "bounce" and s.ball == "employer" and s.latest:
        undo, s.latest = s.latest, None
        if undo["did"] == "nudged":
            s.nudged = None
        elif undo["did"] == "thanked":
            s.thanked.remove(undo["id"])
        elif undo["did"] == "passed":
            s.ball, s.nudged, s.outcome = "candidate", None, None
            s.bounce = undo | {"on": days.of(at)}
            if undo["settled"]:
                setattr(s, *undo["settled"])
    elif what in CLOSERS:
        s.ball, s.outcome, s.applied = "closed", CLOSERS[what], False
        s.request = s.offer = s.hold = s.nudged = s.bounce = s.met = s.latest = None
        s.struck |= {m.id for m in s.ahead}
        s.ahead = []


def answer(timeline: Timeline, policy: Policy, zone: Any, holidays: Any, now: datetime) -> dict[str, Any]:
    days = Days(zone, holidays, skip=policy.skip_weekends)
    s = replay(timeline, policy, days, now)
    names = ("silent_since", "opens_on", "closes_on", "ghosted_on", "alternative", "due_on", "ghost_kind")
    found: dict[str, Any] = dict.fromkeys(names)
    found |= {"stage": s.stage, "outcome": s.outcome, "follow_up_used": s.nudged is not None}
    if s.ball == "closed":
        return found | {"status": "closed", "action": None}
    if s.ball == "nobody":
        return found | {"status": "not_started", "action": "make_contact"}
    if s.ball == "candidate":
        return found | {"status": "your_move"} | asked(s, days)
    if s.ahead:
        due_on = days.of(min(m.occurred_at for m in s.ahead))
        return found | {"status": "scheduled", "action": "prepare", "due_on": due_on}
    return found | silence(s, policy, days, now, has_contact=timeline.has_contact)


def asked(s: Any, days: Days) -> dict[str, Any]:
    if s.bounce:
        return {"action": "fix_contact", "due_on": s.bounce["on"]}
    if s.offer:
        return {"action": "answer_offer", "due_on": s.offer[0].reply_by}
    return {"action": "reply", "due_on": s.request[0].reply_by or days.nth(s.request[1], 1)}


def silence(s: Any, policy: Policy, days: Days, now: datetime, *, has_contact: bool) -> dict[str, Any]:
    row, d0, today = policy.waits[s.wait], s.d0, days.of(now)
    held = s.hold is not None and s.hold >= d0
    ghosted_on = (s.hold if held else d0) + timedelta(row.ghosted_from_days)
    if s.nudged:
        ghosted_on = max(ghosted_on, s.nudged + timedelta(policy.follow_up_rest_days))
    hunt = d0 + timedelta(row.follow_up_from_days)
    opens = days.roll(hunt)
    closes = max(opens, days.roll(d0 + timedelta(row.follow_up_until_days)))
    if held:
        opens = days.roll(days.nth(s.hold, policy.promise_grace_business_days) + timedelta(1))
        closes = days.nth(opens, policy.held_window_business_days)
        ghosted_on = max(ghosted_on, opens)
    window = has_contact or not row.follow_up_needs_contact
    if today >= ghosted_on:
        status = "ghosted"
    elif held and today < opens:
        status = "on_hold"
    elif s.nudged:
        status = "ball_in_their_court"
    elif not window or today < opens:
        status = "waiting"
    else:
        status = "follow_up_due" if today <= closes else "follow_up_overdue"
    return {
        "status": status,
        "silent_since": s.s0,
        "opens_on": opens if window else None,
        "closes_on": closes if window else None,
        "ghosted_on": ghosted_on,
    } | advice(s, policy, days, now, SimpleNamespace(**locals()))


def advice(s: Any, policy: Policy, days: Days, now: datetime, w: Any) -> dict[str, Any]:
    if s.met and w.status in ("waiting", "on_hold", "ball_in_their_court"):
        over = s.met.ends_at or s.met.occurred_at
        last = days.of(over) + timedelta(policy.thank_you_until_days)
        if over <= now and w.today <= last and not s.thanked and not s.stood_up:
            return {"action": "send_thank_you", "due_on": days.of(over) + timedelta(policy.thank_you_due_days)}
    if w.status == "waiting":
        action = "find_contact" if not w.window and w.today >= w.hunt else "stay_active"
        return {"action": action, "due_on": w.opens if w.window and w.opens < w.ghosted_on else w.ghosted_on}
    if w.status == "on_hold":
        return {"action": "wait_for_promise", "due_on": w.opens}
    if w.status == "ball_in_their_court":
        return {"action": "stay_active", "due_on": w.ghosted_on}
    if w.status != "ghosted":
        return {"action": "send_follow_up", "due_on": w.closes}
    kinds = {"application": "application_unanswered", "outreach": "outreach_unanswered"}
    kinds |= {"final_round": "after_final_round", "verbal_offer": "after_offer"}
    return {
        "action": "close_and_redirect",
        "due_on": w.ghosted_on,
        "alternative": "send_follow_up" if w.window and not s.nudged else None,
        "ghost_kind": kinds.get(s.wait, "after_contact"),
    }
