"""A toy app behind the real edge and the real protocol, on a real socket, and a client that sends bytes as they are."""

import contextlib
import http.client
import json
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.routing import iter_route_contexts
from starlette.types import Scope

from app.http import guard, problems
from app.http.guard import accepts_json, read_body
from app.http.middleware import Edge
from app.http.protocol import Protocol
from app.kit.errors import (
    Duplicate,
    InvalidToken,
    MalformedJson,
    NotAcceptable,
    NotAuthenticated,
    NotFound,
    StaleVersion,
    Unavailable,
    UnsupportedMediaType,
)
from app.kit.lists import MAX_IMPORT_BYTES

TOKEN = "good"
HOST = "crickets.test"
ORIGIN = "https://app.example"
CLIENT = "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a"
PRIVATE = "hunter2"
LARGE = 30_000_000
STANDING = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}


class Lost(Exception):
    """What a database driver might raise."""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    closed: bool

    @property
    def problem(self) -> Any:
        return json.loads(self.body)


@dataclass
class Service:
    """A running server; `stored` is what its POSTs and DELETEs left behind."""

    port: int
    app: FastAPI
    stored: list[str] = field(default_factory=list)


async def authorized(request: Request) -> None:
    header = request.headers.get("authorization", "")
    if not header.startswith("Bearer ") and header != "Bearer":
        raise NotAuthenticated
    if header != f"Bearer {TOKEN}":
        raise InvalidToken
    if not accepts_json(request.headers.get("accept")):
        raise NotAcceptable


async def json_body(request: Request) -> Any:
    if request.headers.get("content-type", "").replace(" ", "") not in {
        "application/json",
        "application/json;charset=utf-8",
    }:
        raise UnsupportedMediaType
    if request.headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedMediaType
    imports = request.scope["path"] == "/v1/imports"
    raw = await read_body(request, MAX_IMPORT_BYTES if imports else guard.BODY_LIMIT)
    try:
        return json.loads(raw)
    except ValueError:
        raise MalformedJson from None


async def many() -> dict[str, Any]:
    return {"items": [], "next_cursor": None}


async def create(request: Request) -> Response:
    body = await json_body(request)
    request.app.state.stored.append(request.scope["path"])
    return Response(json.dumps(body)[:100], 201, media_type="application/json")


async def one(client_id: str) -> dict[str, Any]:
    if client_id != CLIENT:
        raise NotFound
    return {"id": client_id}


async def change(request: Request) -> dict[str, Any]:
    await json_body(request)
    guard.check_tags(request.scope)
    if request.headers.get("if-match") != '"1"':
        raise StaleVersion(headers={"ETag": '"1"'})
    return {}


async def remove(request: Request) -> Response:
    request.app.state.stored.append("deleted")
    return Response(status_code=204)


async def boom(what: str) -> Response:
    if what == "lost":
        raise Lost(PRIVATE)
    if what == "taken":
        raise Duplicate(extras={"existing_id": CLIENT, "status": "ignored"})
    raise RuntimeError(PRIVATE)


async def typed(number: UUID, limit: int) -> Response:
    return Response(f"{number}{limit}")


async def page() -> Response:
    return Response("<p>", headers={"Cache-Control": "max-age=60"}, media_type="text/html")


async def large() -> Response:
    return Response(b"x" * LARGE)


async def cut() -> StreamingResponse:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"begun"
        raise RuntimeError(PRIVATE)

    return StreamingResponse(pieces())


def toy(stored: list[str]) -> FastAPI:
    """Return an app in which every path has one route a method, as ours has."""
    rooms = APIRouter(prefix="/v1", dependencies=[Depends(authorized)])
    rooms.add_api_route("/clients", many, methods=["GET"])
    rooms.add_api_route("/clients", create, methods=["POST"])
    rooms.add_api_route("/imports", create, methods=["POST"])
    rooms.add_api_route("/clients/{client_id}", one, methods=["GET"])
    rooms.add_api_route("/clients/{client_id}", change, methods=["PATCH"])
    rooms.add_api_route("/clients/{client_id}", remove, methods=["DELETE"])
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.stored = stored
    app.include_router(rooms)
    for endpoint in (page, large, cut):
        app.add_api_route(f"/{endpoint.__name__}", endpoint, methods=["GET"])
    app.add_api_route("/boom/{what}", boom, methods=["GET"])
    app.add_api_route("/typed/{number}", typed, methods=["GET"])
    return app


def translate(exc: Exception) -> Unavailable | None:
    return Unavailable() if isinstance(exc, Lost) else None


def methods_of(app: FastAPI) -> Callable[[Scope], frozenset[str]]:
    """Return a function that lists what the routes support at a request's path; empty where there is no route."""
    table: list[tuple[re.Pattern[str], frozenset[str]]] = []

    def allowed(scope: Scope) -> frozenset[str]:
        if not table:
            table.extend(
                (context.path_regex, frozenset(context.methods))
                for context in iter_route_contexts(app.routes)
                if context.methods
            )
        path: str = scope["path"]
        found = frozenset[str]().union(*(methods for pattern, methods in table if pattern.match(path)))
        if "GET" in found:
            found |= {"HEAD"}
        return found | {"OPTIONS"} if found else found

    return allowed


def build(service_app: FastAPI, *, base_url: str | None = None, origins: tuple[str, ...] = (ORIGIN,)) -> Edge:
    methods = methods_of(service_app)
    problems.install(service_app, base_url=base_url, allowed_methods=methods, translate=translate)
    return Edge(service_app, base_url=base_url, allowed_origins=origins, allowed_methods=methods)


@contextlib.contextmanager
def running(
    protocol: type[Protocol] = Protocol, *, keep_alive: float = 5, base_url: str | None = None
) -> Iterator[Service]:
    stored: list[str] = []
    app = toy(stored)
    app.state.base_url = base_url
    config = uvicorn.Config(
        build(app, base_url=base_url),
        port=0,
        loop="uvloop",
        http=protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=cast("int", keep_alive),
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield Service(server.servers[0].sockets[0].getsockname()[1], app, stored)
    finally:
        server.should_exit = True
        thread.join(10)


class Wire:
    """A connection whose answers are read one after the other, however many came at once."""

    def __init__(self, sock: socket.socket) -> None:
        self.send = sock.sendall
        self.shutdown = sock.shutdown
        self.file = sock.makefile("rb")

    def makefile(self, _mode: str) -> "Wire":
        return self

    def read(self, count: int = -1) -> bytes:
        return self.file.read(count)

    def readline(self, limit: int = -1) -> bytes:
        return self.file.readline(limit)

    def close(self) -> None:
        """Stay open: an answer closes its file, but more may follow."""

    def is_closed(self) -> bool:
        return self.file.read(1) == b""

    def receive(self, method: str = "GET") -> Answer:
        """Read one answer; if it says that it is the last one, so it must be."""
        response = http.client.HTTPResponse(cast("socket.socket", self), method=method)
        response.begin()
        body = response.read()
        headers = {name.lower(): value for name, value in response.getheaders()}
        closed = headers.get("connection") == "close"
        assert not closed or self.is_closed()
        return Answer(response.status, headers, body, closed)


@contextlib.contextmanager
def connection(port: int) -> Iterator[Wire]:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire = Wire(sock)
        with wire.file:
            yield wire


def exchange(port: int, data: bytes, method: str = "GET") -> Answer:
    with connection(port) as wire:
        wire.send(data)
        return wire.receive(method)


def request(method: str, path: str, *lines: str, body: bytes | None = None, token: str | None = TOKEN) -> bytes:
    head = [f"{method} {path} HTTP/1.1", f"Host: {HOST}"]
    if token is not None:
        head.append(f"Authorization: Bearer {token}")
    head += lines
    if body is not None and not any(line.lower().startswith(("content-length", "transfer-enc")) for line in lines):
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, "", ""]).encode("latin-1") + (body or b"")


def assert_problem(answer: Answer, statuses: set[int]) -> None:
    """Whatever was refused: the status is expected and the document whole."""
    assert answer.status in statuses, (answer.status, answer.body)
    assert_standing(answer)
    if answer.status < 400:
        return
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.problem
    assert list(problem)[-7:] == ["type", "title", "status", "code", "detail", "instance", "errors"]
    assert problem["status"] == answer.status
    assert problem["type"].startswith("http://")
    assert problem["type"].endswith(f"/problems/{problem['code']}")
    assert problem["instance"] == f"urn:request:{answer.headers['request-id']}"


def assert_standing(answer: Answer) -> None:
    assert UUID(answer.headers["request-id"])
    assert "server" not in answer.headers
    for name, value in STANDING.items():
        assert answer.headers[name] == value
