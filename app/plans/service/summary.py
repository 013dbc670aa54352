"""A client's search in numbers."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from app.access.principal import Caller
from app.coaching.active import WEEK_DAYS
from app.db.scope import ScopedSession
from app.kit.errors import NotFound
from app.plans import repository
from app.plans.schemas import ActivityCounts, StatusCounts, SummaryOut
from app.plans.service.facts import search_of, wins_of
from app.plans.service.rooms import Wins


async def summary(
    session: ScopedSession, *, wins: Wins, caller: Caller, client_id: UUID, as_of: datetime | None
) -> SummaryOut:
    """Return the numbers of a client's search as of an instant, by default now. Raise NotFound."""
    at = as_of or caller.now
    rows = await repository.counts(session, client_id=client_id, at=at, days=WEEK_DAYS)
    if not rows:
        raise NotFound
    search = search_of(rows, at=at)
    since = search.today - timedelta(days=WEEK_DAYS - 1)
    won = await wins.of_client(session, client_id=client_id, since=since, today=search.today, now=at)
    opened = [search.local(row["opened_at"]) for row in search.begun]
    return SummaryOut.model_construct(
        client_id=client_id,
        as_of=at,
        counts=StatusCounts(**Counter(row["status"] for row in search.rows)),
        since=since,
        activity=ActivityCounts.model_construct(
            new_openings=sum(day is not None and day >= since for day in opened),
            by_candidate=sum(row["by_candidate"] for row in search.rows),
            by_employer=sum(row["by_employer"] for row in search.rows),
            meetings=sum(row["by_both"] for row in search.rows),
        ),
        win_count=len(won),
        wins=wins_of(won),
    )
