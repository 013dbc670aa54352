"""The first practice, and what a caller may know of their own."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter

from app.access import tokens
from app.access.principal import Caller, Principal
from app.access.rights import scopes_of
from app.assessments.service import document_of
from app.db import ledger
from app.db.engine import Sessions, create_pool
from app.db.ids import new_id
from app.db.ledger import Doer
from app.db.scope import Actor, Role, Scope, ScopedSession
from app.db.vocabulary import ActorType, MemberRole, MemberStatus
from app.ghosting.policy import DEFAULT_POLICY
from app.kit import clock
from app.kit.fields import Email, Zone
from app.kit.keys import email_key
from app.kit.preconditions import IfMatch
from app.practices import repository
from app.practices.schemas import MeOut, PracticeName, PracticeOut, PracticePatch
from app.settings import Settings

KEY_LIFE = timedelta(days=90)
INVITATION_LIFE = timedelta(days=7)
_CHECKED = TypeAdapter(tuple[Email, Zone])


@dataclass(frozen=True, slots=True)
class Founded:
    """What the founder of a practice gets, the secrets for the only time."""

    practice_id: UUID
    member_id: UUID
    api_key: str
    invitation_token: str


async def read(session: ScopedSession) -> PracticeOut:
    """Return the caller's practice."""
    row = await repository.find(session)
    return PracticeOut.model_construct(**row)


async def read_many(session: ScopedSession, *, caller: Caller, ids: Sequence[UUID]) -> dict[UUID, PracticeOut]:
    """Return, by id, those of the practices that are the caller's: one, or none."""
    return {ident: await read(session) for ident in ids if ident == caller.principal.practice_id}


async def change(session: ScopedSession, *, caller: Caller, patch: PracticePatch, if_match: IfMatch) -> PracticeOut:
    """Change the caller's practice."""
    row = await repository.lock(session)
    if_match.check(row["version"])
    changes = {name: value for name, value in patch.changes().items() if row[name] != value}
    if not changes:
        return PracticeOut.model_construct(**row)
    await repository.update_practice(session, values={**changes, "updated_at": caller.now})
    await ledger.record(
        session,
        by=caller.doer,
        now=caller.now,
        action="practice.update",
        resource_type="practice",
        resource_id=row["id"],
        changed_fields=changes,
    )
    return await read(session)


async def who_am_i(session: ScopedSession, *, principal: Principal) -> MeOut:
    """Return what the credential stands for."""
    row = await repository.find(session)
    return MeOut.model_construct(
        type=ActorType.CLIENT if principal.is_client else ActorType.MEMBER,
        id=principal.id,
        name=principal.name,
        role=principal.role,
        scopes=sorted(principal.scopes),
        practice=PracticeName.model_construct(id=row["id"], name=row["name"]),
    )


async def found(
    session: ScopedSession, *, name: str, owner_name: str, owner_email: str, time_zone: str, now: datetime
) -> Founded:
    """Make a practice with its owner and the built-in policy; `session` is scoped to the practice that is to be."""
    practice_id = session.scope.practice_id
    if practice_id is None:
        raise ValueError("the scope must name the new practice")
    stamps = {"created_at": now, "updated_at": now}
    await repository.insert_into(session, "practice", id=practice_id, name=name, time_zone=time_zone, **stamps)
    document = document_of(DEFAULT_POLICY)
    await repository.insert_into(session, "policy", number=1, document=document, created_at=now, created_by=None)
    member_id = await add_member(
        session,
        name=owner_name,
        email=owner_email,
        role=MemberRole.OWNER,
        time_zone=time_zone,
        now=now,
    )
    api_key = await add_key(session, member_id=member_id, role=MemberRole.OWNER, name="First key", now=now)
    token = await _invite(session, member_id=member_id, now=now)
    by = Doer(ActorType.SYSTEM, None)
    await ledger.record(
        session, by=by, now=now, action="practice.create", resource_type="practice", resource_id=practice_id
    )
    return Founded(practice_id, member_id, api_key, token)


async def add_member(
    session: ScopedSession, *, name: str, email: str, role: MemberRole, time_zone: str, now: datetime
) -> UUID:
    """Add an active member and return their id."""
    member_id = new_id()
    await repository.insert_into(
        session,
        "member",
        id=member_id,
        name=name,
        email=email,
        email_key=email_key(email),
        role=role,
        time_zone=time_zone,
        status=MemberStatus.ACTIVE,
        created_at=now,
        updated_at=now,
    )
    return member_id


async def add_key(session: ScopedSession, *, member_id: UUID, role: MemberRole, name: str, now: datetime) -> str:
    """Give a member an API key with every scope of the role; the answer is the only copy of it."""
    key = tokens.new_api_key()
    await repository.insert_into(
        session,
        "api_key",
        id=new_id(),
        member_id=member_id,
        name=name,
        key_hash=tokens.digest(key),
        last4=key[-4:],
        scopes=sorted(scopes_of(Actor(role))),
        expires_at=now + KEY_LIFE,
        created_at=now,
        updated_at=now,
    )
    return key


async def owner_of(session: ScopedSession) -> UUID | None:
    """Return the first active owner of the session's practice; None when there is no such practice."""
    return await repository.owner(session)


async def is_good_key(session: ScopedSession, *, key: str, now: datetime) -> bool:
    """Tell whether `key` is one of the practice's that still opens the door."""
    return await repository.has_good_key(session, key_hash=tokens.digest(key), now=now)


async def first_practice(settings: Settings, *, name: str, owner_email: str, time_zone: str) -> dict[str, str]:
    """Make a practice from the command line, since there is no public sign-up (API.md, First practice)."""
    email, zone = _CHECKED.validate_python((owner_email, time_zone))
    pool = create_pool(settings)
    try:
        async with Sessions(pool)() as session:
            session.within(Scope(Role.TENANT, practice_id=new_id()))
            made = await found(
                session, name=name, owner_name=email, owner_email=email, time_zone=zone, now=clock.read()
            )
            await session.commit()
    finally:
        await pool.close()
    return {field: str(value) for field, value in dataclasses.asdict(made).items()}


async def _invite(session: ScopedSession, *, member_id: UUID, now: datetime) -> str:
    token = tokens.new_invitation_token()
    await repository.insert_into(
        session,
        "invitation",
        id=new_id(),
        member_id=member_id,
        token_hash=tokens.digest(token),
        expires_at=now + INVITATION_LIFE,
        created_at=now,
    )
    return token
