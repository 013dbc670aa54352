"""Sign-ins: a short access token, a refresh token that makes the next pair, and an end to all of them at once.

The tokens of one sign-in are a family. A refresh token that comes back after its use may have been stolen, and nobody
can tell by whom: the family ends. Only right after its use, and while what it was exchanged for lies unused, is it
taken for what it mostly is, the repetition of a request whose answer was lost: the same answer is given again.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.access import repository as credentials
from app.access import tokens
from app.access.tokens import Pair, Successors
from app.access.visit import Visit
from app.accounts.repository import sessions as repository
from app.accounts.schemas.auth import TokensOut
from app.db.ids import new_id
from app.db.scope import Row, ScopedSession
from app.db.vocabulary import MemberStatus, TokenKind
from app.kit.errors import AppError, ExpiredToken, InvalidToken

ACCESS_LIFE = timedelta(hours=1)
REFRESH_LIFE = timedelta(days=30)
GRACE = timedelta(seconds=30)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Presented:
    """A refresh token as it came in, and the sign-in it belongs to."""

    token: str
    session_id: UUID


async def begin(session: ScopedSession, *, login_id: UUID, now: datetime) -> TokensOut:
    """Begin a sign-in and return its first pair."""
    session_id = new_id()
    until = now + REFRESH_LIFE
    await repository.end_expired(session, login_id=login_id, now=now)
    values = {"id": session_id, "login_id": login_id, "created_at": now, "expires_at": until}
    await repository.insert_session(session, values=values)
    return await _issue(session, session_id=session_id, pair=tokens.new_pair(), now=now)


async def refresh(visit: Visit, *, token: str) -> TokensOut:
    """Exchange a refresh token. Raise InvalidToken or ExpiredToken."""
    async with visit.look() as session:
        found = await _find(session, token)
    if found is None or found["status"] != MemberStatus.ACTIVE:
        raise InvalidToken
    presented = Presented(token, found["session_id"])
    async with visit.inside(found["practice_id"]) as session:
        outcome = await _exchange(session, presented, successors=visit.successors, now=visit.now)
    if isinstance(outcome, AppError):  # raised only here, for what it left behind is to be committed
        raise outcome
    return outcome


async def is_unused(session: ScopedSession, answer: bytes) -> bool:
    """Say whether the pair in an answer waits for its first exchange: then a retry may be given it once more.

    Later the retry is what any reuse of the old token is, a sign of theft, with a key or without.
    """
    given = TokensOut.model_validate_json(answer)
    found = await _find(session, given.refresh_token)
    return found is not None and found["used_at"] is None


async def end(visit: Visit, *, token: str) -> None:
    """End the sign-in that a refresh token belongs to; nothing happens for any other text."""
    async with visit.look() as session:
        found = await _find(session, token)
    if found is not None:
        async with visit.inside(found["practice_id"]) as session:
            await repository.end(session, session_id=found["session_id"])


async def end_all(session: ScopedSession, *, login_id: UUID) -> None:
    """End every sign-in of a login."""
    await repository.end_all(session, login_id=login_id)


async def _find(session: ScopedSession, token: str) -> Row | None:
    return await credentials.find_login_token(session, token_hash=tokens.digest(token), kind=TokenKind.REFRESH)


async def _exchange(
    session: ScopedSession, presented: Presented, *, successors: Successors, now: datetime
) -> TokensOut | AppError:
    session_id, own = presented.session_id, tokens.digest(presented.token)
    if not await repository.lock(session, session_id=session_id):
        return InvalidToken()
    pair = successors.of(presented.token)
    hashes = [own, tokens.digest(pair.access), tokens.digest(pair.refresh)]
    stored = await repository.find_tokens(session, session_id=session_id, hashes=hashes)
    token = stored.get(own)
    if token is None:
        return InvalidToken()
    if token["expires_at"] <= now:
        return ExpiredToken()
    if token["used_at"] is None:
        await repository.use(session, session_id=session_id, token_id=token["id"], now=now, until=now + REFRESH_LIFE)
        return await _issue(session, session_id=session_id, pair=pair, now=now)
    access, successor = (stored.get(h) for h in hashes[1:])
    if access and successor and successor["used_at"] is None and now - token["used_at"] <= GRACE:
        return _answer(pair, access["expires_at"] - now)
    log.warning("a used refresh token came back: sign-in %s has ended", session_id)
    await repository.end(session, session_id=session_id)
    return InvalidToken()


async def _issue(session: ScopedSession, *, session_id: UUID, pair: Pair, now: datetime) -> TokensOut:
    lives = ((TokenKind.ACCESS, pair.access, ACCESS_LIFE), (TokenKind.REFRESH, pair.refresh, REFRESH_LIFE))
    rows = [
        {
            "id": new_id(),
            "session_id": session_id,
            "kind": kind,
            "token_hash": tokens.digest(token),
            "expires_at": now + life,
            "created_at": now,
        }
        for kind, token, life in lives
    ]
    await repository.insert_tokens(session, rows=rows)
    return _answer(pair, ACCESS_LIFE)


def _answer(pair: Pair, lasts: timedelta) -> TokensOut:
    return TokensOut(access_token=pair.access, expires_in=int(lasts.total_seconds()), refresh_token=pair.refresh)
