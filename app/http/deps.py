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
from app.http import bodies, idempotency, limits, links, strict
from app.http.guard import accepts, bearer, check_tags, header
from app.http.house import House, house
from app.kit.errors import NotAcceptable, NotAllowed, NotAuthenticated, NotFound, Unavailable
from app.kit.fields import parse_id
from app.kit.pages import Position
from app.kit.ports import Port
from app.kit.preconditions import IfMatch
from app.kit.signatures import Pass

M = TypeVar("M", bound=BaseModel)
P = TypeVar("P")


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
    if token := bearer(request.scope):
        return await access.authenticate(here.meter, token=token, writes=writes, now=now)
    if request.scope["route"].endpoint.operation.linked:
        pairs = strict.query_pairs(request.scope["query_string"])
        if (held := links.opened(here.links, request.url.path, pairs)) is not None:
            async with here.look() as session:
                principal = await access.admit(session, held=held, now=now)
            return principal, await here.meter.spend(principal=principal, writes=writes, now=now)
    raise NotAuthenticated("Send the header Authorization: Bearer <key>.")


Calling = Annotated[Caller, Depends(caller)]


async def held(request: Request, who: Calling) -> Pass:
    """Return what a link stands on that the caller makes now. Raise InvalidToken."""
    async with house(request).look() as session:
        return await access.hold(session, who=who.principal, token=bearer(request.scope), now=who.now)


Held = Annotated[Pass, Depends(held)]


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
    if declared.body is not None:
        return
    raw = await bodies.sent(request, may_be_missing=True) if declared.method in {"POST", "DELETE"} else b""
    check_tags(request.scope)
    if raw:
        strict.parse_body(Nothing, raw)
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
        may_be_missing: bool = getattr(self.model, "may_be_missing", False)
        raw = await bodies.sent(request, may_be_missing=may_be_missing)
        check_tags(request.scope)
        found = strict.parse_body(self.model, raw) if raw or not may_be_missing else self.model()
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
    binding = repr((str(who.principal.practice_id), who.principal.mark, request.scope["path"].lower(), bound))
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
