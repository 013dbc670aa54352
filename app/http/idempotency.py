"""Retries of a POST with the same Idempotency-Key: one effect, and one answer for all of them (API.md C16).

The claim on a key, the effect and the answer are one transaction. So a key is free again when the effect has been
rolled back, whoever died on the way, and whoever finds an answer knows that its effect is there.

Who may do a thing at all was asked before (C13): a replay is only for somebody who might send the request anew. What a
service asked besides, which only the body or the record tells, is kept with the answer and asked again.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from app.access import sights
from app.access.principal import Caller
from app.access.rights import Need, Scope
from app.db import answers
from app.db.scope import Actor, ScopedSession
from app.http.guard import read_body
from app.kit.errors import Conflict, KeyReused, NotFound, RequestInProgress
from app.kit.seals import Seal, Sealer

LIFE: Final = timedelta(days=7)
_HEADERS: Final = ("content-type", "etag", "location")
_DIGEST: Final = hashlib.sha256().digest_size
_UUID: Final = rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
#: Where an answer says of which records it speaks; in a string of somebody's the quotes are escaped.
_NAMED: Final = re.compile(rb'"(?:id|client_id|opportunity_id)":"(' + _UUID + rb')"')
_ANY: Final = re.compile(_UUID)


class Replay(Exception):
    """The request was answered before; it goes no further."""

    def __init__(self, response: Response, *, was_seen: bool, asked: Collection[Need]) -> None:
        super().__init__()
        self.response = response
        self.was_seen = was_seen
        self.asked = asked


async def replayed(_: Request, replay: Exception) -> Response:
    """Give the answer of a replay."""
    assert isinstance(replay, Replay)  # noqa: S101  # nothing else is sent here
    return replay.response


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that the request holds, and what the request is."""

    seal: Seal
    request: bytes
    path: str
    given: BaseModel | None

    def opened(self, sealed: bytes | None) -> Replay:
        """Return the replay of an answer. Raise KeyReused when it was given to other bytes."""
        text = None if sealed is None else self.seal.open(sealed)
        if text is None:
            # Erased, or sealed under a secret of the service that has been changed: never done twice, to be safe.
            raise _gone()
        if not hmac.compare_digest(text[:_DIGEST], self.request):
            raise KeyReused("Use a new Idempotency-Key for a request with another body.")
        head, _, body = text[_DIGEST:].partition(b"\n")
        # Answers from before this was noted have nothing after the third.
        status, headers, was_seen, *asked = json.loads(head)
        replay = Response(body, status, {**headers, "Idempotent-Replayed": "true"})
        return Replay(replay, was_seen=was_seen, asked=[_need(*each) for each in asked])

    def sealed(self, response: Response, *, is_seen: bool = True, asked: Collection[Need] = ()) -> bytes:
        """Return the answer as it is kept, whether the caller may look at its records, and what was asked of them."""
        headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
        needs = [[need.scope, sorted(need.roles), need.api_keys] for need in asked]
        head = json.dumps([response.status_code, headers, is_seen, *needs]).encode()
        return self.seal.close(self.request + head + b"\n" + bytes(response.body))

    def about(self, response: Response) -> frozenset[UUID]:
        """Return the records that the request or its answer names."""
        places = f"{self.path} {response.headers.get('location', '')}".lower().encode("utf-8", "surrogateescape")
        named = [*_ANY.findall(places), *_NAMED.findall(bytes(response.body))]
        return frozenset((*(UUID(found.decode()) for found in named), *_ids_in(self.given)))


def key_of(request: Request) -> bytes | None:
    """Return the Idempotency-Key of a POST, None for any other request; the edge has looked at its form."""
    if request.method != "POST":
        return None
    return next((value for name, value in request.scope["headers"] if name == b"idempotency-key"), None)


async def body_of(request: Request, limit: int) -> bytes:
    """Return the body, which can be read once only, and keep it where a retry may have to be known by it."""
    raw = await read_body(request, limit)
    if key_of(request) is not None:
        request.scope["state"]["body"] = raw
    return raw


def noted(request: Request, given: BaseModel) -> BaseModel:
    """Return what was read from the body, and note it: a visitor is known by nothing else."""
    request.scope["state"]["input"] = given
    return given


def given_to(request: Request) -> BaseModel | None:
    """Return what was read from the body, None where the operation reads none."""
    given: BaseModel | None = request.scope["state"].get("input")
    return given


def digest_of(request: Request) -> bytes:
    """Return the digest of what was sent, byte by byte: the query and the body."""
    query = hashlib.sha256(request.scope["query_string"]).digest()
    return hashlib.sha256(query + request.scope["state"].get("body", b"")).digest()


def kept(request: Request) -> Response | None:
    """Return the answer of the handler, None unless it is a success: nothing else is kept."""
    response: Response = request.scope["state"]["answer"]
    return response if response.status_code < 300 else None  # noqa: PLR2004  # the end of the successes


async def claim(request: Request, session: ScopedSession, *, who: Caller, sealer: Sealer) -> Claim | None:
    """Claim the key of a request in the transaction of its effect; None without one. Raise Replay."""
    key = key_of(request)
    if key is None:
        return None
    path: str = request.scope["path"]
    # A member is the same with another key of theirs or after signing in anew; so is a client.
    # One record has one path, however its id is spelled.
    place = f"{who.principal.practice_id} {who.principal.mark} {request.method} {path.lower()}"
    made = Claim(
        sealer.seal(key, place=place.encode("utf-8", "surrogateescape")), digest_of(request), path, given_to(request)
    )
    try:
        found = await answers.claim(session, digest=made.seal.name, lock=made.seal.number, now=who.now)
    except answers.Taken:
        raise in_progress() from None
    if found is not None:
        replay = made.opened(found.sealed)
        for need in replay.asked:
            who.principal.meet(need)
        # Deleted in the meantime is no reason to keep back what was done; out of the caller's sight is.
        if replay.was_seen and await sights.are_hidden(session, ids=found.about):
            raise NotFound if request.path_params else _gone()
        raise replay
    return made


async def keep(request: Request, session: ScopedSession, *, claimed: Claim | None, who: Caller) -> None:
    """Keep the answer under the key that was claimed."""
    if claimed is None or (response := kept(request)) is None:
        return
    about = claimed.about(response)
    # A coach may make a client for a colleague, and does not see it again; their retry is answered all the same.
    is_seen = not (session.scope.assigned_only and await sights.are_hidden(session, ids=about))
    await answers.keep(
        session,
        digest=claimed.seal.name,
        caller_id=who.principal.id,
        about=about,
        sealed=claimed.sealed(response, is_seen=is_seen, asked=who.asked),
        now=who.now,
        until=until(who.now),
    )


def in_progress() -> RequestInProgress:
    """Return what is said to somebody who asks again too soon."""
    return RequestInProgress("Send it again in a moment, with the same key.", headers={"Retry-After": "1"})


def _ids_in(given: object) -> Iterator[UUID]:
    """Give the ids in what was read from a body: its fields alone know them from words that look like one."""
    if isinstance(given, UUID):
        yield given
    elif isinstance(given, BaseModel):
        for _, value in given:
            yield from _ids_in(value)
    elif isinstance(given, list):
        for item in given:
            yield from _ids_in(item)


def _need(scope: str | None, roles: Collection[str], api_keys: bool) -> Need:  # noqa: FBT001  # as it was kept
    return Need(None if scope is None else Scope(scope), frozenset(map(Actor, roles)), api_keys)


def _gone() -> Conflict:
    return Conflict("What was asked for with this Idempotency-Key was done; its answer is not given any more.")


def until(now: datetime) -> datetime:
    """Return until when an answer of `now` is kept."""
    return now + LIFE
