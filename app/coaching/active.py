"""Staying active: how much is open, how much hangs on one job, and what to do about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from uuid import UUID

from app.coaching.vocabulary import ActiveAdvice, AdviceBasis

#: Over how many days, today included, new openings are counted against the weekly target.
WEEK_DAYS = 7
#: Over how many days activity is asked how much of it went to one job.
ACTIVITY_DAYS = 28
#: Below so many acts nothing is said of where they went.
LEAST_ACTS = 5
#: From which share on a search hangs on one job.
DREAM_JOB_SHARE = 0.6
#: After how many days without anything new a search has gone dry.
DRY_DAYS = 7
#: For how many days an accepted offer is the end of the matter.
LANDED_DAYS = 60


@dataclass(frozen=True, slots=True)
class Opening:
    """One opportunity as staying active sees it: since when it runs, and what was done for it lately.

    `awaits_client` is true while the next step is the client's; `landed_on` is when it ended the search.
    """

    id: UUID
    title: str
    company_name: str
    opened_on: date | None
    is_live: bool
    awaits_client: bool = False
    landed_on: date | None = None
    acts: int = 0


@dataclass(frozen=True, slots=True)
class Concentration:
    """The opening to which most of the recent activity went, which share of it, and of how many acts."""

    opening: Opening
    share: float
    n: int


@dataclass(frozen=True, slots=True)
class Activity:
    """How active a search is on a local date, and the one thing to do about it."""

    live: int
    leads: int
    new_this_week: int
    weekly_target: int
    last_new_on: date | None
    days_since_last_new: int | None
    concentration: Concentration | None
    advice: ActiveAdvice
    text: str
    why: str
    basis: AdviceBasis


@dataclass(frozen=True, slots=True)
class _Seen:
    live: tuple[Opening, ...]
    leads: int
    new: int
    target: int
    quiet_days: int | None
    most: Concentration | None
    landed: Opening | None


def activity(openings: Sequence[Opening], *, leads: int, weekly_target: int, today: date) -> Activity:
    """Say how active a search is; `leads` are ideas on which nothing has happened yet."""
    opened = sorted(o.opened_on for o in openings if o.opened_on is not None)
    last = opened[-1] if opened else None
    since = today - timedelta(days=WEEK_DAYS - 1)
    landed = [o for o in openings if o.landed_on and (today - o.landed_on).days <= LANDED_DAYS]
    seen = _Seen(
        live=tuple(o for o in openings if o.is_live),
        leads=leads,
        new=sum(day >= since for day in opened),
        target=weekly_target,
        quiet_days=None if last is None else (today - last).days,
        most=_concentration(openings),
        landed=landed[0] if landed else None,
    )
    advice = next(code for code, applies in _RULES.items() if applies(seen))
    hangs_on = _hangs_on(seen)
    awaited = advice is ActiveAdvice.SPREAD_OUT and hangs_on is not None and hangs_on.awaits_client
    text, why, basis = _AWAITED if awaited else _WORDS[advice]
    return Activity(
        live=len(seen.live),
        leads=leads,
        new_this_week=seen.new,
        weekly_target=weekly_target,
        last_new_on=last,
        days_since_last_new=seen.quiet_days,
        concentration=seen.most,
        advice=advice,
        text=text.format_map(_named(seen)),
        why=why,
        basis=basis,
    )


def _concentration(openings: Sequence[Opening]) -> Concentration | None:
    total = sum(opening.acts for opening in openings)
    if total < LEAST_ACTS:
        return None
    most = max(openings, key=lambda opening: (opening.acts, opening.id))
    return Concentration(most, round(most.acts / total, 4), total)


def _hangs_on(seen: _Seen) -> Opening | None:
    if len(seen.live) == 1:
        return seen.live[0]
    return seen.most.opening if seen.most else None


def _hangs_on_one(seen: _Seen) -> bool:
    most = seen.most
    return len(seen.live) == 1 or (most is not None and most.opening.is_live and most.share >= DREAM_JOB_SHARE)


#: The first that applies is the advice.
_RULES: Mapping[ActiveAdvice, Callable[[_Seen], bool]] = MappingProxyType(
    {
        ActiveAdvice.LANDED: lambda seen: seen.landed is not None,
        ActiveAdvice.START_A_LEAD: lambda seen: not seen.live and seen.leads > 0,
        ActiveAdvice.OPEN_SOMETHING: lambda seen: not seen.live,
        ActiveAdvice.SPREAD_OUT: _hangs_on_one,
        ActiveAdvice.START_NEW: lambda seen: seen.quiet_days is not None and seen.quiet_days >= DRY_DAYS,
        ActiveAdvice.REACH_TARGET: lambda seen: seen.new < seen.target,
        ActiveAdvice.KEEP_GOING: lambda _: True,
    }
)

_Words = tuple[str, str, AdviceBasis]
_WORDS: Mapping[ActiveAdvice, _Words] = MappingProxyType(
    {
        ActiveAdvice.LANDED: (
            "An offer is accepted: tell those who are still waiting for a word, and enjoy it.",
            "Whoever hears it from you remembers it well, and the next search begins with them.",
            AdviceBasis.NORM,
        ),
        ActiveAdvice.START_A_LEAD: (
            "Nothing is open at the moment, but {leads} on the list: take the first step on one of them this week.",
            "An idea that nobody has heard of cannot be answered.",
            AdviceBasis.ARTICLE,
        ),
        ActiveAdvice.OPEN_SOMETHING: (
            "Nothing is open at the moment: apply somewhere, or ask somebody for a conversation, this week.",
            "As long as nothing is open no good news can come, and silence elsewhere weighs twice.",
            AdviceBasis.ARTICLE,
        ),
        ActiveAdvice.SPREAD_OUT: (
            "Much hangs on {most}: begin something else beside it before you hear from them.",
            "However well it looks, nobody outside can see whether and when they decide.",
            AdviceBasis.ARTICLE,
        ),
        ActiveAdvice.START_NEW: (
            "The last new opening was {quiet} ago: start one this week.",
            "What is begun today is what can be answered in two or three weeks.",
            AdviceBasis.ARTICLE,
        ),
        ActiveAdvice.REACH_TARGET: (
            "{new} of {target} new openings in the last seven days: {missing} more would reach what was agreed.",
            "A steady number is in your hands; whether an employer answers is not.",
            AdviceBasis.NORM,
        ),
        ActiveAdvice.KEEP_GOING: (
            "{live} open and {new} new in the last seven days: keep this pace.",
            "Several irons in the fire make each single silence easier to bear.",
            AdviceBasis.ARTICLE,
        ),
    }
)
#: Where one should spread out, and it is not they who have to be waited for.
_AWAITED: _Words = (
    "With {most} the next step is yours: take it in good time, and keep something else open until all is settled.",
    "Nothing is settled before it is signed, and whoever can choose answers with a clear head.",
    AdviceBasis.NORM,
)


def _named(seen: _Seen) -> dict[str, str]:
    hangs_on = _hangs_on(seen)
    return {
        "leads": _counted(seen.leads, "idea is", "ideas are"),
        "live": str(len(seen.live)),
        "most": f"{hangs_on.title} at {hangs_on.company_name}" if hangs_on else "",
        "missing": str(max(0, seen.target - seen.new)),
        "new": str(seen.new),
        "quiet": _counted(seen.quiet_days or 0, "day", "days"),
        "target": str(seen.target),
    }


def _counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
