"""What a handler is given: the caller, a transaction in their practice, and their input, in the order of API.md C13.

FastAPI resolves a handler's parameters from left to right, after the route's own guard. So a handler lists its body or
query first, then the path id, then the session: 401, 403, 406/415/413/400, 422, 404, and only then a transaction.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel

from app.access import service as access
from app.access.limits import Meter
from app.access.passwords import Passwords
from app.access.principal import Caller, Principal
from app.access.tokens import Successors
from app.db.engine import Sessions
from app.db.scope import Role, Scope, ScopedSession
from app.http import limits, links, strict
from app.http.guard import accepts
from app.http.middleware import read_body
from app.kit.errors import NotAcceptable, NotAuthenticated, NotFound, UnsupportedMediaType
from app.kit.fields import parse_id
from app.kit.pages import CursorSigner, Position
from app.kit.ports import Offers, Port
from app.kit.post import Post
from app.kit.preconditions import IfMatch
from app.kit.seals import LinkSigner

M = TypeVar("M", bound=BaseModel)
P = TypeVar("P")

BODY_LIMIT = 256 * 1024
IMPORT_LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class House:
    """What the process shares between requests; built once by `create_app`."""

    sessions: Sessions
    signer: CursorSigner
    clock: Callable[[], datetime]
    base_url: str | None
    offers: Offers
    passwords: Passwords
    successors: Successors
    meter: Meter
    links: LinkSigner
    post: Post | None = None
    app_url: str | None = None

    @asynccontextmanager
    async def enter(self, scope: Scope) -> AsyncIterator[ScopedSession]:
        """Open a transaction in a scope, committed unless the block raises."""
        async with self.sessions() as session:
            yield session.within(scope)
            await session.commit()

    @asynccontextmanager
    async def look(self) -> AsyncIterator[ScopedSession]:
        """Open a read-only session before any tenant is known, for the service's own questions."""
        async with self.sessions() as session:
            yield session.within(Scope(Role.AUTH, read_only=True))


def house(request: Request) -> House:
    """Return the process's shared parts."""
    found: House = request.app.state.house
    return found


def filled(port: Port[P]) -> Callable[[Request], P]:
    """Return the dependency that gives a handler what another room does for its own."""

    def take(request: Request) -> P:
        return port.of(house(request).offers)

    return take


def request_id(request: Request) -> UUID | None:
    """Return the id that the edge gave this request."""
    value = request.scope.get("state", {}).get("request_id")
    return UUID(str(value)) if value else None


async def caller(request: Request) -> Caller:
    """Return who is calling, with the clock read once for the whole request. Raise NotAuthenticated."""
    here = house(request)
    now = here.clock()
    async with here.sessions() as session:
        principal = await _known(request, session.within(Scope(Role.AUTH)), now)
        await session.commit()
    writes = request.method != "GET"
    quota = await here.meter.spend(principal=principal, writes=writes, now=now)
    limits.tell(request.scope, quota)
    return Caller(principal, now, request_id(request))


async def _known(request: Request, session: ScopedSession, now: datetime) -> Principal:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return await access.authenticate(session, token=token.strip(), now=now)
    if request.scope["route"].endpoint.operation.linked:
        pairs = strict.query_pairs(request.scope["query_string"])
        if (held := links.opened(house(request).links, request.url.path, pairs)) is not None:
            return await access.admit(session, held=held, now=now)
    raise NotAuthenticated("Send the header Authorization: Bearer <key>.")


Calling = Annotated[Caller, Depends(caller)]


async def authorize(request: Request, who: Calling) -> None:
    """Refuse a caller without the right that the route declares, then what `expect` refuses of anybody."""
    who.principal.demand(request.scope["route"].endpoint.operation.right)
    await expect(request)


async def expect(request: Request) -> None:
    """Refuse an Accept header that excludes the answer, and any parameter where the operation declares none."""
    declared = request.scope["route"].endpoint.operation
    if not accepts(request.headers.get("accept"), declared.media_type):
        raise NotAcceptable(f"The answer is {declared.media_type}, which the Accept header excludes.")
    if (
        declared.body is None
        and declared.method in {"POST", "DELETE"}
        and (raw := await read_body(request, BODY_LIMIT))
    ):
        strict.parse_body(Nothing, raw)
    if declared.query is None and request.scope["query_string"]:
        strict.parse_query(Nothing, strict.query_pairs(request.scope["query_string"]))


async def write_session(request: Request, who: Calling) -> AsyncIterator[ScopedSession]:
    """Yield the request's transaction and commit it before the answer leaves."""
    async with house(request).sessions() as session:
        yield session.within(who.principal.scope())
        await session.commit()


async def read_session(request: Request, who: Calling) -> AsyncIterator[ScopedSession]:
    """Yield a read-only snapshot: one answer is one state of the database."""
    async with house(request).sessions() as session:
        yield session.within(who.principal.scope(read_only=True))


WriteSession = Annotated[ScopedSession, Depends(write_session, scope="function")]
ReadSession = Annotated[ScopedSession, Depends(read_session, scope="function")]


def path_id(request: Request) -> UUID:
    """Return the id in the path; any text that is not one is simply not there."""
    found = parse_id(request.path_params["id"])
    if found is None:
        raise NotFound
    return found


PathId = Annotated[UUID, Depends(path_id)]


def if_match(request: Request) -> IfMatch:
    """Return the tags of If-Match, required where the method replaces (PATCH and PUT)."""
    header = request.headers.get("if-match")
    tags = None if header is None else tuple(tag.strip() for tag in header.split(","))
    return IfMatch(tags, required=request.method in {"PATCH", "PUT"})


Match = Annotated[IfMatch, Depends(if_match)]


class _BodyReader:
    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model

    async def __call__(self, request: Request) -> BaseModel:
        patch = request.method == "PATCH"
        if not strict.media_type_ok(request.headers.get("content-type"), patch=patch):
            raise UnsupportedMediaType("Send application/json in UTF-8.")
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise UnsupportedMediaType("Send the body without a Content-Encoding.")
        limit = IMPORT_LIMIT if request.url.path == "/v1/imports" else BODY_LIMIT
        return strict.parse_body(self.model, await read_body(request, limit))


class _QueryReader:
    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model

    async def __call__(self, request: Request) -> BaseModel:
        return strict.parse_query(self.model, strict.query_pairs(request.scope["query_string"]))


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a list request stands: after which item, evaluated at which instant, and what seals its cursors."""

    after: Position | None
    at: datetime
    binding: str


async def walk(request: Request, who: Calling) -> Walk:
    """Return the walk that the cursor continues, or a new one that starts now."""
    pairs = strict.query_pairs(request.scope["query_string"])
    bound = sorted(pair for pair in pairs if pair[0] not in {"cursor", "limit"})
    binding = repr((str(who.principal.practice_id), str(who.principal.id), request.url.path, bound))
    cursor = next((value for name, value in pairs if name == "cursor"), None)
    if cursor is None:
        return Walk(None, who.now, binding)
    position = house(request).signer.open(cursor, binding=binding)
    return Walk(position, position.at, binding)


Walking = Annotated[Walk, Depends(walk)]

if TYPE_CHECKING:
    Body = Annotated[M, None]
    Query = Annotated[M, None]
else:

    class Body:
        """`Body[Model]`: the strictly read body of the request."""

        def __class_getitem__(cls, model: type[BaseModel]) -> Any:
            return Annotated[model, Depends(_BodyReader(model))]

    class Query:
        """`Query[Model]`: the strictly read query of the request."""

        def __class_getitem__(cls, model: type[BaseModel]) -> Any:
            return Annotated[model, Depends(_QueryReader(model))]


class Nothing(BaseModel):
    """No parameter and no field at all, for operations that declare none."""

    model_config = {"extra": "forbid"}
