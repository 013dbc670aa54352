"""A client's plan: stay active, stay confident, build credentials, and see where the funnel leaks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.access.principal import Caller
from app.coaching import active, confident, funnel
from app.coaching.active import ACTIVITY_DAYS, Concentration
from app.coaching.credentials import credentials
from app.coaching.funnel import Check
from app.db.scope import ScopedSession
from app.ghosting.vocabulary import Stage
from app.kit.errors import NotFound
from app.plans import repository
from app.plans.schemas import (
    ActiveOut,
    AdviceOut,
    ComparisonOut,
    ConcentrationOut,
    ConfidentCounts,
    ConfidentOut,
    CredentialIdea,
    CredentialsOut,
    FunnelCheck,
    FunnelCounts,
    FunnelOut,
    LossOut,
    PlanOut,
    UnderWay,
)
from app.plans.service.facts import Search, search_of, wins_of
from app.plans.service.rooms import Wins, Won


async def plan(
    session: ScopedSession, *, wins: Wins, caller: Caller, client_id: UUID, as_of: datetime | None
) -> PlanOut:
    """Return the plan of a client as of an instant, by default now. Raise NotFound."""
    at = as_of or caller.now
    rows = await repository.facts(session, client_id=client_id, at=at, activity_days=ACTIVITY_DAYS)
    if not rows:
        raise NotFound
    search = search_of(rows, at=at)
    since = confident.first_day(search.today)
    won = await wins.of_client(session, client_id=client_id, since=since, today=search.today, now=at)
    return PlanOut.model_construct(
        client_id=client_id,
        as_of=at,
        stay_active=_active(search, target=rows[0]["weekly_target"]),
        stay_confident=_confident(search, won),
        credentials=_credentials(search),
        funnel=_funnel(search),
    )


def _active(search: Search, *, target: int) -> ActiveOut:
    openings = search.openings()
    leads = len(search.rows) - len(search.begun)
    found = active.activity(openings, leads=leads, weekly_target=target, today=search.today)
    return ActiveOut.model_construct(
        live_openings=found.live,
        leads=found.leads,
        new_openings=found.new_this_week,
        weekly_target=found.weekly_target,
        last_new_on=found.last_new_on,
        days_since_last_new=found.days_since_last_new,
        concentration=_concentration(found.concentration),
        suggestion=AdviceOut.model_construct(code=found.advice, text=found.text, why=found.why, source=found.basis),
    )


def _concentration(found: Concentration | None) -> ConcentrationOut | None:
    if found is None:
        return None
    opening = found.opening
    return ConcentrationOut.model_construct(
        opportunity_id=opening.id,
        title=opening.title,
        company_name=opening.company_name,
        share=found.share,
        n=found.n,
    )


def _confident(search: Search, won: Sequence[Won]) -> ConfidentOut:
    lost = confident.losses(search.ended(), today=search.today)
    return ConfidentOut.model_construct(
        since=confident.first_day(search.today),
        counts=ConfidentCounts.model_construct(wins=len(won), losses=len(lost)),
        text=confident.encouragement(len(won), len(lost)),
        wins=wins_of(won),
        losses=[LossOut.model_validate(loss) for loss in lost[: confident.MOST_SHOWN]],
    )


def _credentials(search: Search) -> CredentialsOut:
    found = credentials(search.employment, search.hours_free, search.undertakings(), today=search.today)
    return CredentialsOut.model_construct(
        employment_status=search.employment,
        hours_free_per_week=search.hours_free,
        hours_left=found.hours_left,
        text=found.text,
        under_way=[
            UnderWay.model_construct(activity_id=u.id, kind=u.kind, title=u.title, status=status)
            for u, status in found.under_way
        ],
        suggestions=[
            CredentialIdea.model_construct(
                id=s.entry.id,
                kind=s.entry.kind,
                title=s.entry.title,
                why=s.entry.why,
                first_step=s.entry.first_step,
                hours_per_week=s.entry.hours_per_week,
                after_activity_id=s.after and s.after.id,
                source=s.entry.basis,
            )
            for s in found.suggestions
        ],
    )


def _funnel(search: Search) -> FunnelOut:
    tried = search.tried(since=search.today - timedelta(days=funnel.WINDOW_DAYS))
    got_to, checks = funnel.reached(tried), funnel.checks(tried)
    counts = {stage.value: n for stage, n in got_to.items() if stage is not Stage.LEAD}
    return FunnelOut.model_construct(
        counts=FunnelCounts(openings=len(tried), introductions=sum(t.introduced for t in tried), **counts),
        points_to=list(dict.fromkeys(check.points_to for check in checks if check.points_to is not None)),
        checks=[_check(check) for check in checks],
    )


def _check(check: Check) -> FunnelCheck:
    return FunnelCheck.model_construct(
        step=check.step,
        verdict=check.verdict,
        n=check.n,
        least_n=check.least,
        passed=check.passed,
        rate=check.rate,
        comparison=ComparisonOut.model_construct(basis=check.comparison, rate=check.compared_with, source=check.source),
        points_to=check.points_to,
        text=check.text,
    )
