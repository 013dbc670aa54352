"""Signing in, and a new password for whom has forgotten theirs.

Nothing here tells whether an address is known: each sign-in checks one password, if need be nobody's, and what is left
of a difference in time is evened out.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from app.access import tokens
from app.access.visit import Visit
from app.accounts.repository import logins, sessions
from app.accounts.schemas.auth import LoginIn, TokensOut
from app.accounts.service import letters
from app.accounts.service.errors import LoginFailed
from app.accounts.service.sessions import begin
from app.db import ledger
from app.db.ids import new_id
from app.db.ledger import Doer
from app.db.scope import Row
from app.db.vocabulary import ActorType, MemberStatus
from app.kit.errors import ExpiredToken, InvalidToken
from app.kit.keys import email_key
from app.kit.post import Letter

RESET_LIFE = timedelta(hours=1)
#: In seconds, more than the work takes: a refusal and a request for a reset end at multiples of these.
REFUSAL_STEP: Final = 0.1
FORGOT_STEP: Final = 0.25


async def sign_in(visit: Visit, *, draft: LoginIn) -> TokensOut:
    """Begin a sign-in. Raise LoginFailed.

    An address with logins in several practices signs in to the one it used last, unless `practice_id` names another:
    to try the password on each would take longer than on none.
    """
    async with visit.look() as session:
        key = email_key(draft.email)
        found = await logins.by_address(session, email_key=key, practice_id=draft.practice_id)
    login = next(iter(_open(found)), None)
    stored = None if login is None else login["password_hash"]
    matches = await visit.passwords.verify(draft.password, stored=stored)
    answer = await _let_in(visit, login, password=draft.password) if matches and login is not None else None
    if answer is None:
        await visit.even_out(REFUSAL_STEP)
        raise LoginFailed
    return answer


async def forgot(visit: Visit, *, email: str, mailed: bool, app_url: str | None) -> list[Letter]:
    """Return the letters by which an address may choose a new password, one for each practice it signs in to.

    Where no mail is configured nothing happens: a token that nobody is sent is of use to thieves only.
    """
    if not mailed:
        return []
    async with visit.look() as session:
        found = await logins.by_address(session, email_key=email_key(email), practice_id=None)
    written = [await _reset_letter(visit, login, app_url) for login in _open(found)]
    await visit.even_out(FORGOT_STEP)
    return written


async def reset(visit: Visit, *, token: str, password: str) -> None:
    """Change the password that the token was made for, and end every sign-in. Raise InvalidToken or ExpiredToken."""
    async with visit.look() as session:
        found = await logins.reset_by_hash(session, token_hash=tokens.digest(token))
    if found is None or found["status"] != MemberStatus.ACTIVE:
        raise InvalidToken
    if found["expires_at"] <= visit.now:
        raise ExpiredToken
    stored = await visit.passwords.hash(password)
    async with visit.inside(found["practice_id"]) as session:
        login_id = found["login_id"]
        await logins.hold(session, login_id=login_id)
        if not await logins.take_reset(session, reset_id=found["id"]):
            raise InvalidToken
        await logins.set_password(session, login_id=login_id, stored=stored, now=visit.now)
        await sessions.end_all(session, login_id=login_id)
        kind = ActorType.MEMBER if found["client_id"] is None else ActorType.CLIENT
        person_id = found["client_id"] or found["member_id"]
        await ledger.record(
            session,
            by=Doer(kind, person_id, None, visit.request_id),
            now=visit.now,
            action="login.password_reset",
            resource_type=kind.value,
            resource_id=person_id,
        )


async def _let_in(visit: Visit, login: Row, *, password: str) -> TokensOut | None:
    """Begin a sign-in with a password that was found to be right; None when it no longer is."""
    outdated = visit.passwords.is_outdated(login["password_hash"])
    rehashed = await visit.passwords.hash(password) if outdated else None
    async with visit.inside(login["practice_id"]) as session:
        known = {"login_id": login["id"], "now": visit.now}
        # The password may have been changed, or the login closed, while the hash was computed.
        if not await logins.note_sign_in(session, number=login["password_number"], rehashed=rehashed, **known):
            return None
        return await begin(session, **known)


def _open(found: Sequence[Row]) -> list[Row]:
    """Return the logins that a password opens, in their order."""
    # Clients and members are `active` by the same word.
    return [row for row in found if row["password_hash"] is not None and row["status"] == MemberStatus.ACTIVE]


async def _reset_letter(visit: Visit, login: Row, app_url: str | None) -> Letter:
    token = tokens.new_reset_token()
    values = {
        "id": new_id(),
        "login_id": login["id"],
        "token_hash": tokens.digest(token),
        "expires_at": visit.now + RESET_LIFE,
        "created_at": visit.now,
    }
    # A retry may make one more; what counts is the letter, which leaves after one answer only.
    async with visit.beside(login["practice_id"]) as session:
        await logins.insert_reset(session, values=values)
    return letters.reset(to=login["email"], practice=login["practice_name"], token=token, app_url=app_url)
