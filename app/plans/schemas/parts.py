"""What a client's plan is made of, on the wire."""

from pydantic import Field

from app.coaching.vocabulary import (
    ActiveAdvice,
    Basis,
    Comparison,
    FunnelStep,
    FunnelVerdict,
    LossKind,
    PointsTo,
)
from app.db.vocabulary import ActivityKind, ActivityStatus, EmploymentStatus, WinOrigin
from app.ghosting.vocabulary import WinKind
from app.kit.fields import Day, Id
from app.kit.schema import Out


class RoleOut(Out):
    """An opportunity in short."""

    opportunity_id: Id
    title: str
    company_name: str


class ConcentrationOut(RoleOut):
    """On which one opportunity most of the client's own doing was spent."""

    share: float = Field(description="Of the applications, messages and meetings of the last 28 days, 0 to 1.")
    n: int = Field(description="How many there were; below 5 nothing is said.")


class AdviceOut(Out):
    """One suggestion and why."""

    code: ActiveAdvice
    text: str
    why: str
    source: Basis


class ActiveOut(Out):
    """How much is open, and what would keep the search moving."""

    live_openings: int = Field(description="Begun, not ghosted, not closed.")
    leads: int = Field(description="Noted, but nobody has written yet.")
    new_openings: int = Field(description="Begun in the last seven local days, today included.")
    weekly_target: int = Field(description="What the practice asks for in seven days; 0: nothing.")
    last_new_on: Day | None
    days_since_last_new: int | None
    concentration: ConcentrationOut | None
    suggestion: AdviceOut


class PlanWin(Out):
    """A win in short."""

    id: Id
    kind: WinKind
    origin: WinOrigin
    title: str
    occurred_on: Day
    opportunity_id: Id | None


class LossOut(RoleOut):
    """What did not work out: turned down, the place gone, or silent for good. Own withdrawals are none."""

    kind: LossKind
    occurred_on: Day


class ConfidentCounts(Out):
    """How many there were, shown or not."""

    wins: int
    losses: int


class ConfidentOut(Out):
    """The wins of the last four weeks, and behind them what was lost; the newest first, at most 20 of each."""

    since: Day
    counts: ConfidentCounts
    text: str
    wins: list[PlanWin]
    losses: list[LossOut]


class UnderWay(Out):
    """A development activity that is planned or active."""

    activity_id: Id
    kind: ActivityKind
    title: str
    status: ActivityStatus


class CredentialIdea(Out):
    """A way of building a credential, from the catalogue."""

    id: str = Field(description="Stable name of the catalogue's entry.")
    kind: ActivityKind = Field(description="What to plan it as among the development activities.")
    title: str
    why: str
    first_step: str
    hours_per_week: int = Field(description="0: inside working hours.")
    after_activity_id: Id | None = Field(description="The finished activity that it builds on.")
    source: Basis


class CredentialsOut(Out):
    """What builds credentials meanwhile, by employment and hours free."""

    employment_status: EmploymentStatus
    hours_free_per_week: int | None
    hours_left: int = Field(description="Beside what is active; taken for granted where the client has not said.")
    under_way: list[UnderWay]
    suggestions: list[CredentialIdea] = Field(description="The next one first, at most six.")


class FunnelCounts(Out):
    """How many openings of the last year ever got to each stage, and how many began through somebody known."""

    openings: int
    applied: int
    screening: int
    interviewing: int
    final_round: int
    offer: int
    introductions: int


class ComparisonOut(Out):
    """What a share is held against."""

    basis: Comparison
    rate: float
    source: str


class FunnelCheck(Out):
    """A passage of the search: how many of those whose way is known got through."""

    step: FunnelStep
    verdict: FunnelVerdict
    n: int = Field(description="Got through, turned down or gone silent; those still open do not count.")
    least_n: int = Field(description="Below it nothing is said: `rate` is null, `verdict` is `too_few`.")
    passed: int
    rate: float | None
    comparison: ComparisonOut
    points_to: PointsTo | None = Field(description="Null unless it is a leak.")
    text: str


class FunnelOut(Out):
    """Where the search loses what it began; all passages in their order."""

    counts: FunnelCounts
    points_to: list[PointsTo] = Field(description="What the leaks point to, each once; empty: nothing stands out.")
    checks: list[FunnelCheck]
