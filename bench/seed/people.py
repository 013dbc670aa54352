"""The practices and everybody in them: few rows, written by the service itself or beneath its triggers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from app.db.engine import Sessions, create_pool
from app.db.scope import Role, Scope, ScopedSession
from app.db.vocabulary import MemberRole
from app.kit.keys import name_key, search_key
from app.practices import service as practices
from app.settings import Settings
from bench.seed.templates import PLACES

PRACTICES = 100
#: The practice with which databases are compared: the same rows in each of them.
COMPARED = 10_000
CLIENTS = 200
_EACH_CLIENT = COMPARED // CLIENTS
_OPPORTUNITIES_PER_COMPANY = 20


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice and who is in it; everybody has a key."""

    number: int
    id: UUID
    opportunities: int
    members: dict[str, UUID]
    keys: dict[str, str]

    @property
    def clients(self) -> Sequence[UUID]:
        """Return the ids of the clients; the zone of one is the fourth of its number."""
        many = max(len(PLACES), self.opportunities // _EACH_CLIENT)
        return [ident(2, self.number, n) for n in range(many)]

    @property
    def companies(self) -> Sequence[UUID]:
        """Return the ids of the employers, each of which has one contact of the same number."""
        return [ident(3, self.number, n) for n in range(max(1, self.opportunities // _OPPORTUNITIES_PER_COMPANY))]

    @property
    def contacts(self) -> Sequence[UUID]:
        """Return the ids of the contacts."""
        return [ident(4, self.number, n) for n in range(len(self.companies))]


def ident(kind: int, practice: int, number: int) -> UUID:
    """Return an id that says what it is of."""
    return UUID(f"01980000-{kind:04x}-7000-8{practice:03x}-{number:012x}")


def shares(total: int, practices: int = PRACTICES) -> list[int]:
    """Return how many opportunities each practice gets: the first always the same, the others the rest."""
    compared = min(COMPARED, total)
    rest, others = total - compared, practices - 1
    return [compared, *(rest // others + (n < rest % others) for n in range(others))]


async def found(url: str, *, parts: Sequence[int], now: datetime) -> list[Practice]:
    """Found practices through the service, one for each of the `parts`, which say how many opportunities it gets."""
    pool = create_pool(Settings(database_url=SecretStr(url), secret_key=SecretStr("unused")))
    made = []
    try:
        for number, opportunities in enumerate(parts):
            practice_id = ident(1, number, 0)
            async with Sessions(pool)() as session:
                session.within(Scope(Role.TENANT, practice_id=practice_id))
                made.append(await _found(session, practice_id, number, opportunities, now))
                await session.commit()
    finally:
        await pool.close()
    return made


async def _found(session: ScopedSession, practice_id: UUID, number: int, opportunities: int, now: datetime) -> Practice:
    email = f"owner{number}@example.com"
    owner = await practices.found(
        session,
        name=f"Example Coaching {number}",
        owner_name="Owner Example",
        owner_email=email,
        time_zone="Europe/Berlin",
        now=now,
    )
    coach = await practices.add_member(
        session,
        name="Coach Example",
        email=f"coach{number}@example.com",
        role=MemberRole.COACH,
        time_zone="Europe/Berlin",
        now=now,
    )
    key = await practices.add_key(session, member_id=coach, role=MemberRole.COACH, name="Benchmark", now=now)
    members, keys = {"owner": owner.member_id, "coach": coach}, {"owner": owner.api_key, "coach": key}
    return Practice(number, practice_id, opportunities, members, keys)


async def populate(connection: Any, made: Sequence[Practice], *, now: datetime) -> None:
    """Add clients, their coach, employers and contacts, beneath the triggers that tell the feed of them."""
    then = now - timedelta(days=365)
    stamps = {"version": 1, "created_at": then, "updated_at": then}
    for table, rows in (
        ("client", [row | stamps for practice in made for row in _clients(practice)]),
        ("client_coach", [row for practice in made for row in _coached(practice)]),
        ("company", [row | stamps for practice in made for row in _companies(practice)]),
        ("contact", [row | stamps for practice in made for row in _contacts(practice)]),
    ):
        names = list(rows[0])
        records = ([row[name] for name in names] for row in rows)
        await connection.copy_records_to_table(table, records=records, columns=names)


def _clients(practice: Practice) -> list[dict[str, Any]]:
    return [
        {
            "practice_id": practice.id,
            "id": client,
            "name": f"Client Example {n}",
            "name_key": search_key(f"Client Example {n}"),
            "time_zone": PLACES[n % len(PLACES)][0],
            "region": PLACES[n % len(PLACES)][1],
            "employment_status": "unemployed",
            "goals": [],
            "target_titles": [],
            "archived": False,
            "login_status": "none",
        }
        for n, client in enumerate(practice.clients)
    ]


def _coached(practice: Practice) -> list[dict[str, Any]]:
    of = {"practice_id": practice.id, "member_id": practice.members["coach"], "position": 0}
    return [{**of, "client_id": client} for client in practice.clients]


def _companies(practice: Practice) -> list[dict[str, Any]]:
    names = [f"Company Example {n}" for n in range(len(practice.companies))]
    return [
        {
            "practice_id": practice.id,
            "id": company,
            "name": name,
            "name_key": name_key(name),
            "search_key": search_key(name),
        }
        for name, company in zip(names, practice.companies, strict=True)
    ]


def _contacts(practice: Practice) -> list[dict[str, Any]]:
    return [
        {
            "practice_id": practice.id,
            "id": contact,
            "company_id": company,
            "name": f"Contact Example {n}",
            "name_key": search_key(f"Contact Example {n}"),
            "role": "recruiter",
        }
        for n, (company, contact) in enumerate(zip(practice.companies, practice.contacts, strict=True))
    ]
