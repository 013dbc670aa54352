"""How a route is declared: everything the contract says about an operation stands beside its handler.

`operation(...)` registers the handler and keeps the declaration; `spec.py` writes the OpenAPI document from it and
`deps.py` enforces its right. A route without a declaration stops the start-up.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from app.access.rights import Right
from app.db.scope import ScopedSession
from app.http import deps, visitors
from app.http.deprecation import Deprecated
from app.http.routes import Route
from app.kit.errors import AppError

Handler = TypeVar("Handler", bound=Callable[..., Awaitable[Response]])
#: Says whether the answer to a visitor, given once, may still be given again; asked as app_auth.
Stands = Callable[[ScopedSession, bytes], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Operation:
    """The contract of one route."""

    id: str
    method: str
    path: str
    tag: str
    right: Right
    status: int
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answer: type[BaseModel] | None
    raises: tuple[type[AppError], ...]
    versioned: bool
    media_type: str
    deprecated: Deprecated | None = None
    stands: Stands | None = None
    linked: bool = False

    @property
    def is_attempt(self) -> bool:
        """Whether anybody may try this, and it does something: then it is limited by the address it comes from."""
        return self.right is Right.PUBLIC and self.method != "GET"


def operation(
    router: APIRouter,
    method: str,
    path: str,
    *,
    id: str,  # noqa: A002  # OpenAPI's own word
    tag: str,
    right: Right,
    answer: type[BaseModel] | None,
    status: int = 200,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    raises: Sequence[type[AppError]] = (),
    versioned: bool = False,
    media_type: str = "application/json",
    deprecated: Deprecated | None = None,
    stands: Stands | None = None,
    linked: bool = False,
) -> Callable[[Handler], Handler]:
    """Register a handler as `method path`.

    `answer` is the model of the success answer (None: 204), `raises` the room's own errors, `versioned` whether the
    answer carries an ETag, `stands` what limits the replays of a visitor's answer, `linked` whether a signed link opens
    it too. The handler's docstring is the operation's summary and description.
    """
    declared = Operation(
        id,
        method,
        path,
        tag,
        right,
        status,
        body,
        query,
        answer,
        tuple(raises),
        versioned,
        media_type,
        deprecated,
        stands,
        linked,
    )

    def register(handler: Handler) -> Handler:
        handler.__dict__["operation"] = declared
        guards = [Depends(deps.expect if right is Right.PUBLIC else deps.authorize)]
        if declared.is_attempt:
            guards.insert(0, Depends(visitors.knock))
        router.add_api_route(
            path,
            handler,
            methods=[method],
            name=id,
            dependencies=guards,
            response_model=None,
            include_in_schema=False,
            route_class_override=Route,
        )
        return handler

    return register


def declared_on(route: Any) -> Operation | None:
    """Return the declaration of a route, None for one that has none."""
    found: Operation | None = getattr(getattr(route, "endpoint", None), "operation", None)
    return found


def declared(routes: Iterable[Any]) -> list[tuple[Operation, Any]]:
    """Return the declared routes with their declarations, in a stable order."""
    found = [(operation, route) for route in routes if (operation := declared_on(route)) is not None]
    return sorted(found, key=lambda pair: (pair[0].path, pair[0].method))
