"""What the practice's own silences tell of an employer, or of a person there; for coaching, not for publication."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from app.access.principal import Caller
from app.db.scope import Row, ScopedSession
from app.ghosting.crowd import CROWD, Found, Readable, any_wait, told_apart
from app.ghosting.responsiveness import Case, ReplyDays, Share, of_all, reply_days
from app.ghosting.vocabulary import Wait
from app.ghosting.waits import Ending, Waited
from app.insights import repository
from app.insights.repository import Reader
from app.insights.schemas import RepeatSilenceOut, ReplyDaysOut, ResponsivenessOut, ShareOut
from app.kit.errors import NotFound
from app.kit.zones import zone

_YEARS = 2
_DIGITS = 4


async def company_responsiveness(session: ScopedSession, *, caller: Caller, company_id: UUID) -> ResponsivenessOut:
    """Return how a company has answered. Raise NotFound."""
    if not await repository.company_exists(session, company_id=company_id):
        raise NotFound
    since, reader = _since(caller.now), repository.reader(session)
    span = {"since": _midnight(since), "now": caller.now}
    async with session.as_system():
        found = _found(await repository.at_company(session, company_id=company_id, **span), caller.now)
        cases = [one.case for one in found]
        known = await _known(session, reader, cases)
    return _answer(Readable(cases, (cases,), known), now=caller.now, since=since, company_id=company_id)


async def contact_responsiveness(session: ScopedSession, *, caller: Caller, contact_id: UUID) -> ResponsivenessOut:
    """Return how those have answered in whose opportunities a contact has part. Raise NotFound."""
    if not await repository.contact_exists(session, contact_id=contact_id):
        raise NotFound
    since, reader = _since(caller.now), repository.reader(session)
    span = {"since": _midnight(since), "now": caller.now}
    async with session.as_system():
        rows = await repository.with_contact(session, contact_id=contact_id, to=reader, **span)
        found = _found(rows, caller.now)
        readable = await _beside(session, found, reader=reader, contact_id=contact_id, span=span)
    return _answer(readable, now=caller.now, since=since, contact_id=contact_id)


async def _beside(
    session: ScopedSession, found: Sequence[Found], *, reader: Reader, contact_id: UUID, span: dict[str, datetime]
) -> Readable:
    """Return what may be told of a contact's waits, as the numbers of others would lay bare what is in between."""
    cases = [one.case for one in found]
    if reader.sees_everybody:
        return Readable(cases)
    if len({case.client for case in cases}) < CROWD:
        return Readable(cases, (), frozenset())
    companies = sorted({one.company_id for one in found})
    parts: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for row in await repository.neighbours(session, company_ids=companies, to=reader, **span):
        parts[row["opportunity_id"]].add(row["contact_id"])
    rows = await repository.at_places(session, company_ids=companies, opportunity_ids=sorted(parts), **span)
    around = _found(rows, span["now"])
    known = await _known(session, reader, [one.case for one in around]) or frozenset()
    having_part = {opportunity_id: frozenset(people) for opportunity_id, people in parts.items()}
    return Readable(cases, told_apart(around, having_part, contact_id=contact_id, known=known), known)


async def _known(session: ScopedSession, reader: Reader, cases: Sequence[Case]) -> frozenset[str] | None:
    """Return those of the clients who are no strangers to the reader; None where nobody could be."""
    if reader.sees_everybody:
        return None
    ids = sorted({UUID(case.client) for case in cases})
    return frozenset(str(known) for known in await repository.clients_known(session, to=reader, ids=ids))


def _found(rows: Sequence[Row], now: datetime) -> list[Found]:
    found = ((row, _case(row, now)) for row in rows)
    return [Found(row["company_id"], row["opportunity_id"], case) for row, case in found if case is not None]


def _since(now: datetime) -> date:
    today = now.date()
    leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - _YEARS, day=28 if leap_day else today.day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _answer(readable: Readable, *, now: datetime, since: date, **about: UUID) -> ResponsivenessOut:
    suppressed = not readable.allows(any_wait)
    numbers = dict.fromkeys(_NUMBERS) if suppressed else _numbers(readable)
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
    waited = Waited(*began, *(row["ended_at"], row["ended_on"], ending, row["handed_on"]) if over else ())
    return Case(str(row["client_id"]), waited, now.astimezone(zone(row["time_zone"])).date())


def _numbers(readable: Readable) -> dict[str, Any]:
    """Return the numbers, each of them if those alone on whom it rests may be told of."""
    cases = readable.cases
    answers, promises = readable.allows(_is_answered), readable.allows(_is_promise_decided)
    silences = readable.allows(_is_silence_decided)
    return {
        "clients": len({case.client for case in cases}),
        "waits": len(cases),
        "reply_days": _days(reply_days(cases)) if answers else None,
        "went_silent": _share(of_all(cases, lambda case: case.fell_silent)) if silences else None,
        "promises_kept": _share(of_all(cases, lambda case: case.kept_promise)) if promises else None,
        "repeat_silence": _repeated(cases) if silences else None,
    }


def _is_answered(case: Case) -> bool:
    return case.is_answered


def _is_silence_decided(case: Case) -> bool:
    return case.fell_silent is not None


def _is_promise_decided(case: Case) -> bool:
    return case.kept_promise is not None


def _repeated(cases: Sequence[Case]) -> RepeatSilenceOut:
    silent = [case for case in cases if case.fell_silent]
    return RepeatSilenceOut.model_construct(silences=len(silent), clients=len({case.client for case in silent}))


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
