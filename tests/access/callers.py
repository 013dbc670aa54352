"""Every kind of caller there is; keys are written straight into the database, whatever the service would allow."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from app.access import tokens
from app.db.ids import new_id
from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

MEMBER_ROLES = ("owner", "admin", "coach", "assistant")


def with_key(
    api: Api,
    database: Database,
    scopes: Iterable[str],
    *,
    expires_at: datetime | None = None,
    revoked_at: datetime | None = None,
) -> Api:
    """Return the API as the same member with a key of exactly these scopes."""
    secret, now = tokens.new_api_key(), api.house.clock.now
    database.execute(
        "insert into api_key (practice_id, id, member_id, name, key_hash, last4, scopes, expires_at, revoked_at, "
        "created_at, updated_at) values ($1, $2, $3, 'Test', $4, $5, $6, $7, $8, $9, $9)",
        UUID(api.practice_id),
        new_id(),
        UUID(api.member_id),
        _hash(secret),
        secret[-4:],
        sorted(scopes),
        expires_at or now + timedelta(days=90),
        revoked_at,
        now,
    )
    return Api(api.house, secret, api.practice_id, api.member_id, api.role)


def signed_in(api: Api, *, age: timedelta = timedelta(0)) -> Api:
    """Return the API as the same member with an access token that was issued `age` ago."""
    return _then(api, age, api.signed_in)


def as_client(api: Api, client_id: str | None = None, *, age: timedelta = timedelta(0)) -> Api:
    """Return the API as a client of the practice (a new one unless one is given) with an access token."""
    client = client_id or build.client(api)["id"]
    found = _then(api, age, lambda: api.as_client(client))
    return Api(found.house, found.key, found.practice_id, client, "client")


def _then(api: Api, age: timedelta, act: Callable[[], Api]) -> Api:
    now = api.house.clock.now
    api.house.clock.now = now - age
    try:
        return act()
    finally:
        api.house.clock.now = now


def sign_out(api: Api, database: Database) -> None:
    """End the sign-in that an access token belongs to."""
    database.execute(
        "delete from login_session s using login_token t "
        "where t.practice_id = s.practice_id and t.session_id = s.id and t.token_hash = $1",
        _hash(api.key),
    )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
