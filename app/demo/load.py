"""Filling the demo practice through the services, in one transaction: it is there whole or not at all."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice
from uuid import NAMESPACE_URL, UUID, uuid5

from app.access.principal import Caller, Principal
from app.access.rights import scopes_of
from app.assessments.schemas import InteractionIn
from app.clients import service as clients
from app.clients.schemas import ClientIn
from app.companies.schemas import ContactIn
from app.companies.service import contacts, directory
from app.db.engine import Sessions, create_pool
from app.db.scope import Actor, Role, Scope, ScopedSession
from app.db.vocabulary import ContactRole, MemberRole
from app.demo import guidance, people, stories
from app.demo.people import Person
from app.demo.stories import Act, Story
from app.interactions import service as interactions
from app.kit import clock
from app.kit.zones import zone
from app.opportunities.schemas import OpportunityIn
from app.opportunities.service import records as opportunities
from app.practices import service as practices
from app.settings import Settings

PRACTICE_ID = uuid5(NAMESPACE_URL, "https://crickets.example/demo")
#: How many opportunities an ordinary client has; with the special ones there are more than 150.
_EACH = 13
_SCOPE = Scope(Role.TENANT, practice_id=PRACTICE_ID)


def load(settings: Settings) -> str:
    """Make sure that the demo practice is there and return a key of its owner.

    The key kept in the data directory is returned again while it is good; loading twice changes nothing.
    """
    kept = settings.data_dir / "demo-key"
    return asyncio.run(_load(settings, kept.read_text().strip() if kept.is_file() else None))


async def _load(settings: Settings, kept: str | None) -> str:
    pool = create_pool(settings)
    try:
        async with Sessions(pool)() as session:
            session.within(_SCOPE)
            key = await _key(session, kept, clock.read())
            await session.commit()
            return key
    finally:
        await pool.close()


async def _key(session: ScopedSession, kept: str | None, now: datetime) -> str:
    owner_id = await practices.owner_of(session)
    if owner_id is None:
        return await fill(session, now=now)
    if kept is not None and await practices.is_good_key(session, key=kept, now=now):
        return kept
    return await practices.add_key(session, member_id=owner_id, role=MemberRole.OWNER, name="Demo key", now=now)


async def fill(session: ScopedSession, *, now: datetime) -> str:
    """Make the practice of the session's scope with all its people, their stories ending at `now`; return a key."""
    name, email = people.OWNER
    founded = await practices.found(
        session, name=people.PRACTICE, owner_name=name, owner_email=email, time_zone=people.TIME_ZONE, now=now
    )
    coaches = [
        await practices.add_member(
            session, name=coach, email=address, role=MemberRole.COACH, time_zone=people.TIME_ZONE, now=now
        )
        for coach, address in people.COACHES
    ]
    titles, employers = list(stories.ORDINARY.items()), cycle(people.COMPANIES)
    for number, person in enumerate(people.PEOPLE):
        coach = Principal(founded.practice_id, Actor.COACH, coaches[number % 2], "", scopes_of(Actor.COACH))
        many = 0 if person.left_alone else _EACH
        chosen = [story for _, story in islice(cycle(titles), number * _EACH, number * _EACH + many)]
        caller = Caller(coach, now)
        client_id = await _client(session, caller, person, chosen, employers)
        if not person.left_alone:
            await guidance.add(session, caller=caller, client_id=client_id, time_zone=person.time_zone, number=number)
    return founded.api_key


async def _client(
    session: ScopedSession, caller: Caller, person: Person, ordinary: list[Story], employers: Iterator[str]
) -> UUID:
    draft = ClientIn(
        name=person.name,
        time_zone=person.time_zone,
        region=person.region,
        employment_status=person.employment_status,
        hours_free_per_week=person.hours_free,
        goals=[person.goal],
        target_titles=list(person.titles),
    )
    client = await clients.register(session, caller=caller, draft=draft)
    special = stories.SPECIAL.get(person.special or "", ())
    for number, story in enumerate((*special, *ordinary)):
        employer = next(employers)
        await _opportunity(session, caller, client.id, person, story, employer, number)
    return client.id


async def _opportunity(
    session: ScopedSession, caller: Caller, client_id: UUID, person: Person, story: Story, employer: str, number: int
) -> None:
    who, role = people.CONTACTS[number % len(people.CONTACTS)]
    known = [await _contact(session, caller, f"{who} of {employer} (demo)", role)] if story.contact else []
    draft = OpportunityIn(
        client_id=client_id,
        company_name=f"{employer} (demo)",
        title=person.titles[number % len(person.titles)],
        kind=person.kind,
        source=people.SOURCES[number % len(people.SOURCES)],
        contact_ids=known,
    )
    made = await opportunities.create(session, companies=directory, caller=caller, draft=draft)
    drafts = [_draft(act, person.time_zone, caller.now) for act in story.acts]
    if drafts:
        await interactions.record_many(session, caller=caller, opportunity_id=made["id"], drafts=drafts)


async def _contact(session: ScopedSession, caller: Caller, name: str, role: ContactRole) -> UUID:
    made = await contacts.register(session, caller=caller, draft=ContactIn(name=name, role=role))
    return made.id


def _draft(act: Act, time_zone: str, now: datetime) -> InteractionIn:
    today = now.astimezone(zone(time_zone)).replace(minute=0, second=0, microsecond=0)

    def on(day: int, hour: int) -> datetime:
        return (today + timedelta(days=day)).replace(hour=hour).astimezone(now.tzinfo)

    occurred = on(act.day, act.hour)
    # What is told of today has happened by now, whatever the hour in the client's zone.
    occurred = min(occurred, now) if act.day == 0 else occurred
    return InteractionIn(
        kind=act.kind,
        occurred_at=occurred,
        ends_at=occurred + timedelta(hours=act.hours_long) if act.hours_long else None,
        arranged_at=on(act.arranged, 12) if act.arranged is not None else None,
        reply_by=(today + timedelta(days=act.reply_by)).date() if act.reply_by is not None else None,
        stage=act.stage,
        summary=act.summary,
    )
