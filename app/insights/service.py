"""What the practice's own silences tell of an employer, or of a person there; for coaching, not for publication."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from app.access.principal import Caller
from app.db.scope import Row, ScopedSession
from app.ghosting.responsiveness import Case, ReplyDays, Share, of_all, reply_days
from app.ghosting.vocabulary import Wait
from app.ghosting.waits import Ending, Waited
from app.insights import repository
from app.insights.schemas import RepeatSilenceOut, ReplyDaysOut, ResponsivenessOut, ShareOut
from app.kit.errors import NotFound
from app.kit.zones import zone

#: Fewer clients than these could be recognised by somebody who does not see them all.
CROWD = 5
#: So many of them, or none, must be strangers to the reader: what is left when one's own are taken away is a crowd too.
STRANGERS = CROWD - 1
_YEARS = 2
_DIGITS = 4


async def company_responsiveness(session: ScopedSession, *, caller: Caller, company_id: UUID) -> ResponsivenessOut:
    """Return how a company has answered. Raise NotFound."""
    if not await repository.company_exists(session, company_id=company_id):
        raise NotFound
    since = _since(caller.now)
    cases = await _at_companies(session, [company_id], since=since, now=caller.now)
    suppressed = await _reveals(session, [cases.values()])
    return _answer(cases.values(), now=caller.now, since=since, suppressed=suppressed, company_id=company_id)


async def contact_responsiveness(session: ScopedSession, *, caller: Caller, contact_id: UUID) -> ResponsivenessOut:
    """Return how those have answered in whose opportunities a contact has part. Raise NotFound."""
    if not await repository.contact_exists(session, contact_id=contact_id):
        raise NotFound
    since, now = _since(caller.now), caller.now
    async with session.as_system():
        rows = await repository.with_contact(session, contact_id=contact_id, since=_midnight(since), now=now)
    cases = _cases(rows, now)
    # Whoever takes these numbers from the company's is left with the waits that others there had.
    companies = [] if repository.sees_everybody(session) else sorted({row["company_id"] for row in rows})
    beside = await _at_companies(session, companies, since=since, now=now) if companies else {}
    others = [case for key, case in beside.items() if key not in cases]
    suppressed = await _reveals(session, [cases.values(), others])
    return _answer(cases.values(), now=now, since=since, suppressed=suppressed, contact_id=contact_id)


_Key = tuple[UUID, datetime]


async def _at_companies(
    session: ScopedSession, company_ids: Sequence[UUID], *, since: date, now: datetime
) -> dict[_Key, Case]:
    async with session.as_system():
        rows = await repository.at_companies(session, company_ids=company_ids, since=_midnight(since), now=now)
    return _cases(rows, now)


def _cases(rows: Sequence[Row], now: datetime) -> dict[_Key, Case]:
    found = (((row["opportunity_id"], row["started_at"]), _case(row, now)) for row in rows)
    return {key: case for key, case in found if case is not None}


async def _reveals(session: ScopedSession, groups: Sequence[Collection[Case]]) -> bool:
    """Whether numbers of the first group would tell the caller of a person, alone or taken from one another."""
    if repository.sees_everybody(session):
        return False
    people = [{UUID(case.client) for case in group} for group in groups]
    if len(people[0]) < CROWD:
        return True
    seen = await repository.clients_seen(session, ids=sorted(set().union(*people)))
    return any(0 < len(clients - seen) < STRANGERS for clients in people)


def _since(now: datetime) -> date:
    today = now.date()
    leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - _YEARS, day=28 if leap_day else today.day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _answer(
    cases: Collection[Case], *, now: datetime, since: date, suppressed: bool, **about: UUID
) -> ResponsivenessOut:
    clients = {case.client for case in cases}
    numbers = dict.fromkeys(_NUMBERS) if suppressed else _numbers(list(cases), clients=len(clients))
    whose = {"company_id": None, "contact_id": None, **about, "as_of": now, "since": since}
    return ResponsivenessOut.model_construct(None, **whose, suppressed=suppressed, **numbers)


_NUMBERS = ("clients", "waits", "reply_days", "went_silent", "promises_kept", "repeat_silence")


def _case(row: Mapping[Any, Any], now: datetime) -> Case | None:
    """Return a wait as it stood at an instant; None where nothing had arrived."""
    began = (Wait(row["wait"]), row["started_at"], row["started_on"], row["promised_on"])
    over = row["ended_at"] is not None and row["ended_at"] <= now
    ending = Ending(row["ending"]) if over else None
    if ending is Ending.BOUNCE:
        return None
    waited = Waited(*began, row["ended_at"], row["ended_on"], ending) if over else Waited(*began)
    return Case(str(row["client_id"]), waited, now.astimezone(zone(row["time_zone"])).date())


def _numbers(cases: Sequence[Case], *, clients: int) -> dict[str, Any]:
    silent = [case for case in cases if case.fell_silent]
    return {
        "clients": clients,
        "waits": len(cases),
        "reply_days": _days(reply_days(cases)),
        "went_silent": _share(of_all(cases, lambda case: case.fell_silent)),
        "promises_kept": _share(of_all(cases, lambda case: case.kept_promise)),
        "repeat_silence": RepeatSilenceOut.model_construct(
            silences=len(silent), clients=len({case.client for case in silent})
        ),
    }


def _days(found: ReplyDays | None) -> ReplyDaysOut | None:
    if found is None:
        return None
    return ReplyDaysOut.model_construct(
        n=found.n, lower_quartile=found.lower_quartile, median=found.median, upper_quartile=found.upper_quartile
    )


def _share(found: Share | None) -> ShareOut | None:
    if found is None:
        return None
    bounds = {name: round(getattr(found, name), _DIGITS) for name in ("share", "low", "high")}
    return ShareOut.model_construct(count=found.count, n=found.n, **bounds)
