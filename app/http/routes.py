"""Which route a request is for, and what stands between the edge and that route (docs/adr/0017)."""

import re
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.routing import Route as PlainRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from app.http.plan import Plan
from app.kit.errors import NotFound, WrongMethod


class Route(APIRoute):
    """A route whose parameters are resolved at the start."""

    plan: Plan

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        self.plan = Plan(self.endpoint, self.dependencies)
        return self.plan.answer


class _Ending(NamedTuple):
    """A route that ends in a place."""

    number: int
    route: PlainRoute
    names: tuple[str, ...]


class _Place:
    """A segment of paths: what may follow, and the routes that end here, by method."""

    __slots__ = ("any", "ending", "named")

    def __init__(self) -> None:
        self.named: dict[str, _Place] = {}
        self.any: _Place | None = None
        self.ending: dict[str, _Ending] = {}

    def beyond(self, segment: str) -> "_Place":
        if not segment.startswith("{"):
            return self.named.setdefault(segment, _Place())
        self.any = self.any or _Place()
        return self.any


class Table:
    """Routes by the segments of their paths: a few look-ups, however many there are.

    Of two that fit the one registered first wins, as in a list of patterns. What is more than plain segments and
    parameters of one segment stays in such a list.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._root = _Place()
        self.others: list[BaseRoute] = []
        for number, route in enumerate(routes):
            if isinstance(route, PlainRoute) and _is_of_segments(route.path):
                self._add(number, route)
            else:
                self.others.append(route)

    def _add(self, number: int, route: PlainRoute) -> None:
        place, segments = self._root, _segments(route.path)
        for segment in segments:
            place = place.beyond(segment)
        names = tuple(segment.strip("{}") for segment in segments if segment.startswith("{"))
        for method in route.methods or ():
            place.ending.setdefault(method, _Ending(number, route, names))

    def find(self, path: str, method: str) -> tuple[PlainRoute | None, dict[str, str]]:
        """Return the route for a request and its parameters."""
        found = [(place.ending[method], given) for place, given in self._places(path) if method in place.ending]
        if not found:
            return None, {}
        ending, given = found[0] if len(found) == 1 else min(found, key=lambda each: each[0].number)
        return ending.route, dict(zip(ending.names, given, strict=True)) if given else {}

    def at(self, path: str) -> dict[str, PlainRoute]:
        """Return all routes at a path, by method."""
        endings = [place.ending for place, _ in self._places(path)]
        return {method: ending.route for at_one in endings for method, ending in at_one.items()}

    def _places(self, path: str) -> list[tuple[_Place, tuple[str, ...]]]:
        """Return where a path ends, mostly in one place, with the segments that are parameters there."""
        reached: list[tuple[_Place, tuple[str, ...]]] = [(self._root, ())]
        for segment in _segments(path):
            ahead = []
            for place, given in reached:
                if (named := place.named.get(segment)) is not None:
                    ahead.append((named, given))
                if place.any is not None and segment:
                    ahead.append((place.any, (*given, segment)))
            reached = ahead
        return reached


def _segments(path: str) -> list[str]:
    return path.split("/")[1:]


def _is_of_segments(path: str) -> bool:
    return all(re.fullmatch(r"[^{}]*|{\w+}", segment) for segment in _segments(path))


class Service(FastAPI):
    """The application, with less between the edge and a route.

    Of the layers that FastAPI puts around every request none is needed here: the edge is the last line for whatever
    goes wrong, no body is read as a form, and no dependency outlives its answer.
    """

    @cached_property
    def table(self) -> Table:
        """Where requests go; made when the first one comes, at the latest."""
        return Table(self.routes)

    def allowed(self, scope: Scope) -> frozenset[str]:
        """Return what the routes support at a request's path; empty where there is no route."""
        found = frozenset(self.table.at(scope["path"]))
        if "GET" in found:
            found |= {"HEAD"}
        return found | {"OPTIONS"} if found else found

    @override
    def build_middleware_stack(self) -> ASGIApp:
        handlers = {kind: handle for kind, handle in self.exception_handlers.items() if kind is not Exception}
        app: ASGIApp = _Dispatch(self, handlers)
        for layer in reversed(self.user_middleware):
            app = layer.cls(app, *layer.args, **layer.kwargs)
        return app


class _Dispatch:
    """Gives a request to its route, and what the route refuses to what words it."""

    def __init__(self, app: Service, handlers: Mapping[Any, Any]) -> None:
        self._app = app
        self._table = app.table
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app.router(scope, receive, send)
            return
        request = Request(scope, receive, send)
        try:
            route, given = self._table.find(scope["path"], scope["method"])
            if not isinstance(route, Route):
                await self._other(route, scope)(scope, receive, send)
                return
            scope["route"], scope["path_params"] = route, given
            response = await route.plan.answer(request)
        except Exception as exc:  # noqa: BLE001  # what nobody here can word is raised again
            response = await self._refusal(request, exc)
        await response(scope, receive, send)

    def _other(self, route: PlainRoute | None, scope: Scope) -> ASGIApp:
        """Return what serves a page of the documentation. Raise NotFound and WrongMethod."""
        for candidate in (route, *self._table.others):
            match, more = candidate.matches(scope) if candidate else (Match.NONE, {})
            if candidate and match is Match.FULL:
                scope.update(more)
                return candidate.handle
        if not (known := self._table.at(scope["path"])):
            raise NotFound
        scope["route"] = next(iter(known.values()))
        raise WrongMethod(headers={"allow": ", ".join(sorted(self._app.allowed(scope)))})

    async def _refusal(self, request: Request, exc: Exception) -> Response:
        handle = next((self._handlers[kind] for kind in type(exc).__mro__ if kind in self._handlers), None)
        if handle is None:
            raise exc
        response: Response = await handle(request, exc)
        # One that is raised again and again would hold on to every request that it has ended.
        exc.__traceback__ = None
        return response
