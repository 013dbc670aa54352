"""Logins in Postgres. Whatever reads a password's hash runs as app_auth; the tenant's role cannot."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Update, Uuid, bindparam, delete, func, insert, select, update

from app.db.scope import Row, ScopedSession
from app.db.tables import client, login, member, password_reset, practice

_PRACTICE: Any = bindparam("practice_id", type_=Uuid)
_ID: Any = bindparam("id", type_=Uuid)
_STATUS = func.coalesce(member.c.status, client.c.login_status).label("status")
_HERE = (login.c.practice_id == _PRACTICE, login.c.id == _ID)

# As app_auth, in any practice.
_PEOPLE = (
    login.outerjoin(member, (member.c.practice_id == login.c.practice_id) & (member.c.id == login.c.member_id))
    .outerjoin(client, (client.c.practice_id == login.c.practice_id) & (client.c.id == login.c.client_id))
    .join(practice, practice.c.id == login.c.practice_id)
)
_BY_ADDRESS = (
    select(
        login.c.practice_id,
        login.c.id,
        login.c.email,
        login.c.password_hash,
        login.c.password_number,
        practice.c.name.label("practice_name"),
        _STATUS,
    )
    .select_from(_PEOPLE)
    .where(login.c.email_key == bindparam("email_key"))
    .order_by(func.coalesce(login.c.last_used_at, login.c.created_at).desc(), login.c.id)
)
_IN_PRACTICE = _BY_ADDRESS.where(login.c.practice_id == _PRACTICE)
_RESET_BY_HASH = (
    select(
        password_reset.c.practice_id,
        password_reset.c.id,
        password_reset.c.login_id,
        password_reset.c.expires_at,
        login.c.member_id,
        login.c.client_id,
        _STATUS,
    )
    .select_from(
        _PEOPLE.join(
            password_reset,
            (password_reset.c.practice_id == login.c.practice_id) & (password_reset.c.login_id == login.c.id),
        )
    )
    .where(password_reset.c.token_hash == bindparam("token_hash"))
)

# Inside a practice.
_OF_MEMBER = select(login.c.id, login.c.email, login.c.email_key).where(
    login.c.practice_id == _PRACTICE, login.c.member_id == _ID
)
_OF_CLIENT = select(login.c.id, login.c.email, login.c.email_key).where(
    login.c.practice_id == _PRACTICE, login.c.client_id == _ID
)
_TAKEN = (
    select(func.coalesce(login.c.member_id, login.c.client_id).label("id"))
    .where(login.c.practice_id == _PRACTICE, login.c.email_key == bindparam("email_key"))
    .union_all(
        select(member.c.id).where(member.c.practice_id == _PRACTICE, member.c.email_key == bindparam("email_key"))
    )
)
_INSERT = insert(login)
_HOLD = select(login.c.id).where(*_HERE).with_for_update()
_DELETE = delete(login).where(*_HERE)
_INSERT_RESET = insert(password_reset)
_FORGET_RESETS = delete(password_reset).where(
    password_reset.c.practice_id == _PRACTICE, password_reset.c.login_id == bindparam("login_id", type_=Uuid)
)
_TAKE_RESET = (
    delete(password_reset)
    .where(password_reset.c.practice_id == _PRACTICE, password_reset.c.id == _ID)
    .returning(password_reset.c.id)
)


async def by_address(session: ScopedSession, *, email_key: str, practice_id: UUID | None) -> Sequence[Row]:
    """Return the logins of an address, the one last used first; `session` runs as app_auth."""
    if practice_id is None:
        found = await session.execute(_BY_ADDRESS, {"email_key": email_key})
    else:
        found = await session.execute(_IN_PRACTICE, {"email_key": email_key, "practice_id": practice_id})
    return found.mappings().all()


async def reset_by_hash(session: ScopedSession, *, token_hash: bytes) -> Row | None:
    """Return the reset with this hash and whose it is, or None; `session` runs as app_auth."""
    return (await session.execute(_RESET_BY_HASH, {"token_hash": token_hash})).mappings().one_or_none()


async def of_member(session: ScopedSession, *, member_id: UUID) -> Row | None:
    """Return the login of a member, or None."""
    return (await session.run(_OF_MEMBER, id=member_id)).mappings().one_or_none()


async def of_client(session: ScopedSession, *, client_id: UUID) -> Row | None:
    """Return the login of a client, or None."""
    return (await session.run(_OF_CLIENT, id=client_id)).mappings().one_or_none()


async def holders_of(session: ScopedSession, *, email_key: str) -> frozenset[UUID]:
    """Return the members and clients of the practice who sign in, or will, with an address."""
    return frozenset((await session.run(_TAKEN, email_key=email_key)).scalars())


async def insert_login(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Store a new login."""
    await session.run(_INSERT, **values)


async def hold(session: ScopedSession, *, login_id: UUID) -> None:
    """Lock a login until the transaction ends; what hangs on it is locked after it."""
    await session.run(_HOLD, id=login_id)


async def delete_login(session: ScopedSession, *, login_id: UUID) -> None:
    """Remove a login; its sign-ins and resets go with it."""
    await session.run(_DELETE, id=login_id)


async def readdress(session: ScopedSession, *, login_id: UUID, email: str, email_key: str, now: datetime) -> None:
    """Give a login another address, and make void what was sent to the former one."""
    statement = _change(session, login_id).values(email=email, email_key=email_key, updated_at=now)
    await session.execute(statement)
    await session.run(_FORGET_RESETS, login_id=login_id)


async def set_password(session: ScopedSession, *, login_id: UUID, stored: str, now: datetime) -> None:
    """Store the hash of a new password; resets that were asked for before are void."""
    number = login.c.password_number + 1
    statement = _change(session, login_id).values(password_hash=stored, password_number=number, updated_at=now)
    await session.execute(statement)
    await session.run(_FORGET_RESETS, login_id=login_id)


async def note_sign_in(
    session: ScopedSession, *, login_id: UUID, number: int, now: datetime, rehashed: str | None
) -> bool:
    """Hold a login and note its use; False when it is gone or has another password than number `number`."""
    values: dict[str, Any] = {"last_used_at": now} | ({"password_hash": rehashed} if rehashed else {})
    statement = _change(session, login_id).where(login.c.password_number == number).values(**values)
    return (await session.execute(statement.returning(login.c.id))).first() is not None


async def insert_reset(session: ScopedSession, *, values: Mapping[str, Any]) -> None:
    """Store a reset; it replaces the former ones of its login."""
    await session.run(_FORGET_RESETS, login_id=values["login_id"])
    await session.run(_INSERT_RESET, **values)


async def take_reset(session: ScopedSession, *, reset_id: UUID) -> bool:
    """Use a reset up; False when somebody else did."""
    return (await session.run(_TAKE_RESET, id=reset_id)).first() is not None


def _change(session: ScopedSession, login_id: UUID) -> Update:
    return update(login).where(login.c.practice_id == session.scope.practice_id, login.c.id == login_id)
