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
from app.access.limits import Quota
from app.access.principal import Caller, Principal
from app.db.scope import ScopedSession
from app.http import idempotency, limits, links, strict
from app.http.guard import accepts, check_tags, header, is_bare
from app.http.house import House, house
from app.kit.errors import NotAcceptable, NotAllowed, NotAuthenticated, NotFound, Unavailable, UnsupportedMediaType
from app.kit.fields import parse_id
from app.kit.lists import MAX_IMPORT_BYTES
from app.kit.pages import Position
from app.kit.ports import Port
from app.kit.preconditions import IfMatch

M = TypeVar("M", bound=BaseModel)
P = TypeVar("P")

BODY_LIMIT = 256 * 1024
IMPORT_LIMIT = MAX_IMPORT_BYTES


def filled(port: Port[P]) -> Callable[[Request], P]:
    """Return the dependency that gives a handler what another room does for its own."""

    def take(request: Request) -> P:
        return port.of(house(request).offers)

    return take


def request_id(request: Request) -> UUID | None:
    """Return the id that the edge gave this request."""
    value = request.scope.get("state", {}).get("request_id")
    return UUID(str(value)) if value else None


def asked(request: Request) -> list[tuple[str, str]]:
    """Return the parameters of the query, read once however many look at them. Raise RuleBroken."""
    state: dict[str, Any] = request.scope["state"]
    if "query" not in state:
        state["query"] = strict.query_pairs(request.scope["query_string"])
    found: list[tuple[str, str]] = state["query"]
    return found


async def caller(request: Request) -> Caller:
    """Return who is calling, with the clock read once for the whole request. Raise NotAuthenticated."""
    here = house(request)
    now = here.clock()
    principal, quota = await _known(request, here, writes=request.method != "GET", now=now)
    limits.tell(request.scope, quota)
    return Caller(principal, now, request_id(request))


async def _known(request: Request, here: House, *, writes: bool, now: datetime) -> tuple[Principal, Quota]:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return await access.authenticate(here.meter, token=token.strip(), writes=writes, now=now)
    if request.scope["route"].endpoint.operation.linked:
        pairs = strict.query_pairs(request.scope["query_string"])
        if (held := links.opened(here.links, request.url.path, pairs)) is not None:
            async with here.look() as session:
                principal = await access.admit(session, held=held, now=now)
            return principal, await here.meter.spend(principal=principal, writes=writes, now=now)
    raise NotAuthenticated("Send the header Authorization: Bearer <key>.")


Calling = Annotated[Caller, Depends(caller)]


async def authorize(request: Request, who: Calling) -> None:
    """Refuse a caller without the right that the route declares, then what `expect` refuses of anybody."""
    declared = request.scope["route"].endpoint.operation
    who.principal.demand(declared.right)
    if who.principal.is_client and declared.query is not None:
        named = {name for name, _ in asked(request)}
        if refused := sorted(named & getattr(declared.query, "not_for_clients", frozenset())):
            raise NotAllowed(f"What you see is your own: leave {' and '.join(refused)} out.")
    await expect(request)


async def expect(request: Request) -> None:
    """Refuse an Accept header that excludes the answer, and any parameter where the operation declares none."""
    declared = request.scope["route"].endpoint.operation
    if not accepts(header(request.scope, b"accept"), declared.media_type):
        raise NotAcceptable
    if declared.body is None:
        check_tags(request.scope)
    if (
        declared.body is None
        and declared.method in {"POST", "DELETE"}
        and (raw := await idempotency.body_of(request, BODY_LIMIT))
    ):
        strict.parse_body(Nothing, raw)
    if declared.body is None:
        _expect_no_query(request)


def _expect_no_query(request: Request) -> None:
    if request.scope["route"].endpoint.operation.query is None and request.scope["query_string"]:
        strict.parse_query(Nothing, asked(request))


async def write_session(request: Request, who: Calling) -> AsyncIterator[ScopedSession]:
    """Yield the request's transaction, with its key and its answer; commit it before that leaves."""
    here = house(request)
    async with here.sessions() as session:
        session.within(who.principal.scope())
        claimed = await idempotency.claim(request, session, who=who, sealer=here.sealer)
        try:
            yield session
        except NotFound:
            if request.path_params:
                raise
            # The path names nothing: what was just made is out of the caller's sight, and is undone.
            raise Unavailable(headers={"Retry-After": "1"}) from None
        await idempotency.keep(request, session, claimed=claimed, who=who)
        await session.commit()


async def read_session(request: Request, who: Calling) -> AsyncIterator[ScopedSession]:
    """Yield a read-only snapshot: one answer is one state of the database."""
    if idempotency.key_of(request) is not None:  # a question by POST: its answer is to be kept
        async with asynccontextmanager(write_session)(request, who) as session:
            yield session
        return
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
        if getattr(self.model, "may_be_missing", False) and is_bare(request.scope):
            _expect_no_query(request)
            return idempotency.noted(request, self.model())
        if not strict.media_type_ok(request.headers.get("content-type"), patch=patch):
            raise UnsupportedMediaType("Send application/json in UTF-8.")
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise UnsupportedMediaType("Send the body without a Content-Encoding.")
        limit = IMPORT_LIMIT if request.scope["path"] == "/v1/imports" else BODY_LIMIT
        raw = await idempotency.body_of(request, limit)
        check_tags(request.scope)
        found = strict.parse_body(self.model, raw)
        # After the body, which may be refused as such (400); a parameter only for what it says (422).
        _expect_no_query(request)
        return idempotency.noted(request, found)


class _QueryReader:
    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model

    async def __call__(self, request: Request) -> BaseModel:
        return strict.parse_query(self.model, asked(request))


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a list request stands: after which item, evaluated at which instant, and what seals its cursors."""

    after: Position | None
    at: datetime
    binding: str


async def walk(request: Request, who: Calling) -> Walk:
    """Return the walk that the cursor continues, or a new one that starts now."""
    pairs = asked(request)
    bound = sorted(pair for pair in pairs if pair[0] not in {"cursor", "limit"})
    binding = repr((str(who.principal.practice_id), str(who.principal.id), request.scope["path"], bound))
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
