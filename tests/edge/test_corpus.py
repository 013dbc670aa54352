"""Every entry of the hostile corpus against the real application on the shipped protocol (API.md section 7)."""

import asyncio
import base64
import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from pydantic import SecretStr

from app.http.protocol import Protocol
from app.main import create_app
from app.practices import service as practices
from app.settings import Settings
from tests.edge.served import exchange
from tests.support.database import Database, Server

CORPUS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("bad-input.json").read_text())
REPEAT = re.compile(r"\{\{REPEAT:(.*):(\d+)\}\}", re.DOTALL)
CLIENT = {"name": "Ana Example", "time_zone": "UTC", "employment_status": "employed"}
WRITES = {"POST": "POST", "PATCH": "PATCH", "PUT": "PUT"}


@dataclass
class Target:
    """The service under fire, and one of its practices."""

    port: int
    token: str
    client_id: str
    opportunity_id: str

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def send(self, method: str, path: str, *lines: str, body: bytes = b"") -> tuple[int, bytes]:
        """Send one request as bytes and return the status and the body of the answer."""
        head = [f"{method} {path} HTTP/1.1", f"Host: {self.host}"]
        names = {line.split(":")[0].lower() for line in lines}
        if "authorization" not in names:
            head.append(f"Authorization: Bearer {self.token}")
        if body or method in WRITES:
            head.append(f"Content-Length: {len(body)}")
            if "content-type" not in names:
                head.append("Content-Type: application/json")
        if method in {"PATCH", "PUT"} and "if-match" not in names:
            head.append('If-Match: "1"')
        data = "\r\n".join([*head, *lines, "Connection: close", "", ""]).encode("latin-1") + body
        answer = exchange(self.port, data, method)
        return answer.status, answer.body


@pytest.fixture(scope="module")
def target(server: Server, database_name: str) -> Iterator[Target]:
    settings = Settings(
        environment="test",
        database_url=SecretStr(server.url(database_name, "crickets_app")),
        secret_key=SecretStr("only-for-tests"),
    )
    app = create_app(settings)
    config = uvicorn.Config(
        app, port=0, http=Protocol, ws="none", log_config=None, access_log=False, proxy_headers=False,
        server_header=False, timeout_keep_alive=10,
    )  # fmt: skip
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.005)
    try:
        yield _furnished(running.servers[0].sockets[0].getsockname()[1], settings)
    finally:
        running.should_exit = True
        thread.join(10)


def _furnished(port: int, settings: Settings) -> Target:
    made = asyncio.run(
        practices.first_practice(settings, name="P", owner_email="o@example.com", time_zone="Europe/Berlin")
    )
    target = Target(port, made["api_key"], "", "")
    _, body = target.send("POST", "/v1/clients", body=json.dumps(CLIENT).encode())
    target.client_id = json.loads(body)["id"]
    draft = {"client_id": target.client_id, "company_name": "A", "title": "T", "kind": "gig", "source": "other"}
    _, body = target.send("POST", "/v1/opportunities", body=json.dumps(draft).encode())
    target.opportunity_id = json.loads(body)["id"]
    return target


def filled(entry: dict[str, Any], target: Target) -> bytes:
    """Return the input of an entry with its placeholders filled in."""
    if "input_b64" in entry:
        raw = base64.b64decode(entry["input_b64"])
    else:
        text = entry["input"]
        while (found := REPEAT.search(text)) is not None:
            # The last count closes the placeholder, the first opening brace before it begins it.
            begin = text.rfind("{{REPEAT:", 0, found.end())
            inner = REPEAT.fullmatch(text[begin : found.end()])
            assert inner is not None
            text = text[:begin] + inner[1] * int(inner[2]) + text[found.end() :]
        raw = text.encode("latin-1" if entry["where"] in {"header", "raw"} else "utf-8")
    length = len(raw.partition(b"\r\n\r\n")[2])
    values = {
        b"{{TOKEN}}": target.token.encode(),
        b"{{HOST}}": target.host.encode(),
        b"{{CLIENT_ID}}": target.client_id.encode(),
        b"{{LENGTH}}": str(length).encode(),
    }
    for name, value in values.items():
        raw = raw.replace(name, value)
    return raw


def fire(entry: dict[str, Any], target: Target) -> tuple[int, bytes]:
    """Send an entry the way its `where` says."""
    raw, where = filled(entry, target), entry["where"]
    if where == "raw":
        answer = exchange(target.port, raw)
        return answer.status, answer.body
    if where == "query":
        return target.send("GET", "/v1/opportunities?" + raw.decode("latin-1"))
    if where == "path":
        return target.send("GET", raw.decode("latin-1"))
    if where == "header":
        return fire_header(entry["note"], raw.decode("latin-1").split("\n"), target)
    return fire_body(entry["note"], where, raw, target)


def fire_header(note: str, lines: list[str], target: Target) -> tuple[int, bytes]:
    """Send header lines with the request that the note names."""
    if note.startswith("PATCH"):
        return target.send("PATCH", f"/v1/clients/{target.client_id}", *lines, body=b'{"hours_free_per_week": 1}')
    if note.startswith("POST"):
        return target.send("POST", "/v1/clients", *lines, body=json.dumps(CLIENT).encode())
    return target.send("GET", "/v1/clients", *lines)


def fire_body(note: str, where: str, raw: bytes, target: Target) -> tuple[int, bytes]:
    """Send a body, or one value in a body that is otherwise fine."""
    path = "/v1/clients"
    if where == "text":
        raw = b'{"name": %s, "time_zone": "UTC", "employment_status": "employed"}' % raw
    elif where == "integer":
        raw = b'{"hours_free_per_week": %s, "name": "A", "time_zone": "UTC", "employment_status": "employed"}' % raw
    elif where == "datetime":
        path = f"/v1/opportunities/{target.opportunity_id}/interactions"
        raw = b'{"kind": "note", "occurred_at": %s}' % raw
    elif note.startswith("POST /v1/"):
        path = note.split(":", maxsplit=1)[0].removeprefix("POST ").replace("{id}", target.opportunity_id)
    return target.send("POST", path, body=raw)


@pytest.mark.parametrize("entry", CORPUS, ids=[entry["id"] for entry in CORPUS])
def test_hostile_input_gets_the_expected_answer(entry: dict[str, Any], target: Target, database: Database) -> None:
    before = database.value("select count(*) from audit_event")
    status, body = fire(entry, target)
    assert status in entry["expect"], (entry["note"], status, body[:300])
    if status >= 400:
        assert json.loads(body)["status"] == status
        assert database.value("select count(*) from audit_event") == before, "a refused input stored something"
