"""What a client's plan is made of, on the wire."""

from typing import Annotated

from pydantic import Field

from app.coaching.vocabulary import (
    ActiveAdvice,
    AdviceBasis,
    Comparison,
    FunnelStep,
    FunnelVerdict,
    LossKind,
    PointsTo,
)
from app.db.vocabulary import ActivityKind, ActivityStatus, EmploymentStatus, WinOrigin
from app.ghosting.vocabulary import WinKind
from app.kit import shown
from app.kit.fields import Day, Id
from app.kit.schema import Out


class RoleOut(Out):
    """An opportunity in short."""

    opportunity_id: Id
    title: shown.Name
    company_name: shown.Name


class ConcentrationOut(RoleOut):
    """On which one opportunity most of the client's own doing was spent."""

    share: float = Field(description="Of the applications, messages and meetings of the last 28 local days, 0 to 1.")
    n: shown.Count = Field(description="How many there were; below 5 nothing is said.")


class AdviceOut(Out):
    """One suggestion and why."""

    code: ActiveAdvice
    text: shown.Sentence
    why: shown.Sentence
    source: AdviceBasis


class ActiveOut(Out):
    """How much is open, and what would keep the search moving."""

    live_openings: shown.Count = Field(description="Begun, not ghosted, not closed.")
    leads: shown.Count = Field(description="Noted, but nobody has written yet.")
    new_openings: shown.Count = Field(
        description="Begun in the last seven local days, today included; not what was struck off the list."
    )
    weekly_target: shown.Count = Field(description="What the practice asks for in seven days; 0: nothing.")
    last_new_on: Day | None
    days_since_last_new: shown.Count | None
    concentration: ConcentrationOut | None
    suggestion: AdviceOut


class PlanWin(Out):
    """A win as the plan shows it."""

    id: Id
    kind: WinKind
    origin: WinOrigin
    title: shown.Name
    occurred_on: Day
    opportunity_id: Id | None


class LossOut(RoleOut):
    """What did not work out: turned down, the place gone, or silent for good. Own withdrawals are none."""

    kind: LossKind
    occurred_on: Day


class ConfidentCounts(Out):
    """How many there were, shown or not."""

    wins: shown.Count
    losses: shown.Count


class ConfidentOut(Out):
    """The wins of the last four weeks, and behind them what was lost; the newest first, at most 20 of each."""

    since: Day
    counts: ConfidentCounts
    text: shown.Sentence
    wins: Annotated[list[PlanWin], shown.Unlimited]
    losses: Annotated[list[LossOut], shown.Unlimited]


class UnderWay(Out):
    """A development activity that is planned or active."""

    activity_id: Id
    kind: ActivityKind
    title: shown.Name
    status: ActivityStatus


class CredentialIdea(Out):
    """A way of building a credential, from the catalogue."""

    id: shown.Slug = Field(description="Stable name of the catalogue's entry.")
    kind: ActivityKind = Field(description="What to plan it as among the development activities.")
    title: shown.Name
    why: shown.Sentence
    first_step: shown.Sentence
    hours_per_week: shown.Hours = Field(description="0: inside working hours.")
    after_activity_id: Id | None = Field(description="The finished activity that it builds on.")
    source: AdviceBasis


class CredentialsOut(Out):
    """What builds credentials meanwhile, by employment and hours free."""

    employment_status: EmploymentStatus
    hours_free_per_week: shown.Hours | None
    hours_left: shown.Hours = Field(
        description="Beside what is active; taken for granted where the client has not said."
    )
    text: shown.Sentence
    under_way: Annotated[list[UnderWay], shown.Unlimited]
    suggestions: Annotated[list[CredentialIdea], shown.Unlimited] = Field(
        description="The next one first, at most six."
    )


class FunnelCounts(Out):
    """How many openings of the last year ever got to each stage, and how many began through somebody known."""

    openings: shown.Count
    applied: shown.Count = Field(description="By an application, before any conversation.")
    screening: shown.Count
    interviewing: shown.Count
    final_round: shown.Count
    offer: shown.Count
    introductions: shown.Count


class ComparisonOut(Out):
    """What a share is held against."""

    basis: Comparison
    rate: float
    source: shown.Sentence


class FunnelCheck(Out):
    """A passage of the search: how many of those whose way is known got through."""

    step: FunnelStep
    verdict: FunnelVerdict
    n: shown.Count = Field(description="Got through, turned down or gone silent; those still open do not count.")
    least_n: shown.Count = Field(description="Below it nothing is said: `rate` is null, `verdict` is `too_few`.")
    passed: shown.Count
    rate: float | None
    comparison: ComparisonOut
    points_to: PointsTo | None = Field(description="Null unless it is a leak.")
    text: shown.Sentence


class FunnelOut(Out):
    """Where the search loses what it began; all passages in their order."""

    counts: FunnelCounts
    points_to: Annotated[list[PointsTo], shown.Unlimited] = Field(
        description="What the leaks point to, each once; empty: nothing stands out."
    )
    checks: Annotated[list[FunnelCheck], shown.Unlimited]
