"""What is worked out at the start: which calls a request to a route takes, and which route it is for."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Annotated, Any

import pytest
from fastapi import Depends, Request, Response, params
from fastapi.security import HTTPBearer
from pydantic import SecretStr
from starlette.routing import Match

from app import main
from app.http.plan import Plan, PlanError
from app.http.routes import Route, Service, Table
from app.settings import Settings


def request() -> Request:
    return Request({"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"", "state": {}})


def told(said: list[str]) -> dict[str, Any]:
    """Return dependencies of every kind, which say when they are asked and when they end."""

    def guard(request: Request) -> None:
        said.append("guard")

    async def shared(request: Request) -> str:
        said.append("shared")
        return "shared"

    class Reader:
        async def __call__(self, request: Request, known: Annotated[str, Depends(shared)]) -> str:
            said.append(f"reader of {known}")
            return "read"

    async def outer(request: Request, known: Annotated[str, Depends(shared)]) -> AsyncIterator[str]:
        said.append("outer begins")
        try:
            yield "outer"
        except ValueError:
            said.append("outer is told")
            raise
        said.append(f"outer ends after {request.scope['state']['answer'].status_code}")

    async def inner(held: Annotated[str, Depends(outer, scope="function")]) -> AsyncIterator[str]:
        said.append("inner begins")
        yield f"inner of {held}"
        said.append("inner ends")

    return {"guard": guard, "shared": shared, "reader": Reader(), "outer": outer, "inner": inner}


def planned(said: list[str], *, fails: bool = False) -> Plan:
    known = told(said)

    async def handler(
        read: Annotated[str, Depends(known["reader"])],
        request: Request,
        held: Annotated[str, Depends(known["inner"], scope="function")],
        shared: Annotated[str, Depends(known["shared"])],
    ) -> Response:
        said.append(f"handler: {read}, {held}, {shared}, {request.method}")
        if fails:
            raise ValueError
        return Response(status_code=204)

    return Plan(handler, [Depends(known["guard"])])


_ORDER = ["guard", "shared", "reader of shared", "outer begins", "inner begins"]
_ORDER += ["handler: read, inner of outer, shared, GET"]


def test_steps_go_from_left_to_right_each_once_and_end_in_the_opposite_order() -> None:
    said: list[str] = []
    response = asyncio.run(planned(said).answer(request()))
    assert response.status_code == 204
    assert said == [*_ORDER, "inner ends", "outer ends after 204"]


def test_what_yields_is_told_of_a_refusal() -> None:
    said: list[str] = []
    with pytest.raises(ValueError):  # noqa: PT011  # the handler's own
        asyncio.run(planned(said, fails=True).answer(request()))
    assert said == [*_ORDER, "outer is told"]


def test_a_step_that_refuses_is_the_last_one() -> None:
    said: list[str] = []
    known = told(said)

    def refuses(request: Request) -> None:
        raise LookupError

    async def handler(
        no: Annotated[None, Depends(refuses)], held: Annotated[str, Depends(known["outer"], scope="function")]
    ) -> Response:
        raise AssertionError

    with pytest.raises(LookupError):
        asyncio.run(Plan(handler, [Depends(known["guard"])]).answer(request()))
    assert said == ["guard"]


async def _yields(request: Request) -> AsyncIterator[int]:
    yield 1


def _yields_at_once(request: Request) -> Iterator[int]:
    yield 1


def _plain(request: Request) -> int:
    return 1


async def _late(held: Annotated[int, Depends(_yields)]) -> Response:
    return Response()


async def _in_a_thread(held: Annotated[int, Depends(_yields_at_once, scope="function")]) -> Response:
    return Response()


async def _again(held: Annotated[int, Depends(_plain, use_cache=False)]) -> Response:
    return Response()


async def _secured(held: Annotated[Any, params.Security(HTTPBearer())]) -> Response:
    return Response()


async def _of_the_query(limit: int) -> Response:
    return Response()


async def _with_a_default(request: Request, limit: int = 1) -> Response:
    return Response()


async def _of_both(held: Annotated[int, Depends(_plain), Depends(_yields)]) -> Response:
    return Response()


def _blocking(request: Request) -> Response:
    return Response()


@pytest.mark.parametrize(
    "handler", [_late, _in_a_thread, _again, _secured, _of_the_query, _with_a_default, _of_both, _blocking]
)
def test_what_no_request_could_give_stops_the_start(handler: Callable[..., Any]) -> None:
    with pytest.raises(PlanError):
        Plan(handler)


@pytest.fixture(scope="module")
def served() -> Service:
    return main.create_app(Settings(environment="test", database_url=SecretStr("postgresql://nobody@127.0.0.1/none")))


IDENT = "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a"
ODD = (
    *("", "/", "//", "/v1", "/v1/", "/v1/clients/", "/v1/clients//export", "/v1/nothing", "v1/clients"),
    *("/docs", "/docs/start.js", "/docs/assets", "/v1/clients/{id}", "/v1/clients/{id}/", "/v1/clients/a b"),
    *("/v1/policy/versions/x/y", "/%7Bid%7D"),
)


def test_the_table_finds_what_the_patterns_of_all_routes_find(served: Service) -> None:
    table = Table(served.routes)
    patterns: list[Any] = [route for route in served.routes if route not in table.others]
    paths = {route.path.replace("{id}", ident) for route in patterns for ident in (IDENT, "export", "x:y")}
    for path in sorted({*paths, *ODD}):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"):
            scope = {"type": "http", "path": path, "method": method}
            matches = [(route, *route.matches(scope)) for route in patterns]
            fits = [(route, more["path_params"]) for route, match, more in matches if match is Match.FULL]
            assert table.find(path, method) == (fits[0] if fits else (None, {})), path
            supported = [route.methods for route, match, _ in matches if match is not Match.NONE]
            assert set(table.at(path)) == set().union(*supported)


def test_of_two_routes_that_fit_the_first_one_wins() -> None:
    async def handler(request: Request) -> Response:
        return Response()

    paths = ("/a/{id}", "/a/b", "/{x}/b/c", "/a/{id}/c")
    routes = [Route(path, handler, methods=["GET"]) for path in paths]
    assert Table(routes).find("/a/b", "GET") == (routes[0], {"id": "b"})
    assert Table(routes[::-1]).find("/a/b", "GET") == (routes[1], {})
    assert Table(routes).find("/a/b/c", "GET") == (routes[2], {"x": "a"})
    assert Table(routes).find("/a/b/c", "POST") == (None, {})


def test_all_that_is_declared_is_planned_and_in_the_table(served: Service) -> None:
    assert [type(route).__name__ for route in served.table.others] == ["Mount"]
    undeclared = {getattr(route, "path", "") for route in served.routes if not isinstance(route, Route)}
    assert undeclared == {"/docs", "/docs/start.js", "/docs/assets"}
