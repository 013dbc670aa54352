"""Baseline (a): the same bytes for the same question with nothing around them: ASGI, asyncpg and orjson.

The same statement in the same transaction, for a caller that is looked up in a table of this process: no
authentication, no limits, no checks of what is asked.
"""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import orjson

from app.access.visibility import Sight
from app.assessments import repository as assessments
from app.db.scope import Actor
from app.db.vocabulary import Visibility
from app.experience import service as experience
from app.guidance import repository as guidance
from app.kit import clock
from app.kit.pages import CursorSigner, Position
from app.opportunities.repository import lists
from bench import bare_words, places, replayed
from bench.sql import Pool, Statement, prelude

_ASSESS = Statement(assessments._FIND[Sight.EVERYBODY])  # noqa: SLF001  # the service's very statement
_SHOWN = list(Visibility)
_TAKE = 50


class Caller:
    """Who a token stands for."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self.practice_id, self.member_id = UUID(told["practice_id"]), UUID(told["member_id"])
        self.actor = Actor(told["actor"])
        self.prelude = prelude(self.practice_id, self.member_id, self.actor)
        # What the service's memory of waits goes by.
        self.session: Any = SimpleNamespace(scope=SimpleNamespace(practice_id=self.practice_id, read_only=True))
        self.same = {
            "practice_id": self.practice_id,
            "shown": _SHOWN,
            "own_client": None,
            "assigned_to": self.member_id,
        }


class Bare:
    """The application: three kinds of answers, and the replays of recorded transactions."""

    def __init__(
        self, url: str, callers: Mapping[str, Mapping[str, str]], *, secret: str, recorded: str | None
    ) -> None:
        self.callers = {f"Bearer {token}".encode(): Caller(who) for token, who in callers.items()}
        self.pool = Pool(url)
        self.replays = replayed.load(recorded)
        self.signer = CursorSigner(secret.encode())

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await receive()
            await self.pool.open()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        headers = dict(scope["headers"])
        path: str = scope["path"]
        if path.startswith("/replay/"):
            await receive()
            body = await self.replays.run(self.pool, path)
        else:
            caller = self.callers[headers[b"authorization"]]
            at = headers.get(b"x-now")
            now = datetime.fromisoformat(at.decode()).astimezone(UTC) if at else clock.read()
            asked = dict(parse_qsl(scope["query_string"].decode()))
            body = await self.answer(path, asked, caller, now)
        head = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})

    async def answer(self, path: str, asked: dict[str, str], caller: Caller, now: datetime) -> bytes:
        """Return the bytes of an answer as of an instant."""
        if path == "/v1/opportunities":
            return await self._list(path, asked, caller, now)
        if path == "/v1/queue":
            return await self._queue(path, asked, caller, now)
        return await self._assessment(path, caller, now)

    async def _fetch(self, statement: Statement, caller: Caller, **given: Any) -> list[Any]:
        arguments = statement.arguments({**caller.same, **given})
        found: list[Any] = await self.pool.transaction(
            caller.prelude + statement.prelude, lambda c: c.fetch(statement.text, *arguments)
        )
        return found

    async def _assessment(self, path: str, caller: Caller, now: datetime) -> bytes:
        ident, known = UUID(path.split("/")[3]), experience.remembered(caller.session)
        (row,) = await self._fetch(_ASSESS, caller, opportunity_id=ident, at=now, **known.parameters)
        seen = experience.learnt(caller.session, _json(row["learnt"]), known=known)
        return orjson.dumps(bare_words.assessment(row, ident, now, seen))

    async def _list(self, path: str, asked: dict[str, str], caller: Caller, now: datetime) -> bytes:
        known = experience.remembered(caller.session)
        filters = {"status": [asked["status"]]} if "status" in asked else {}
        take = int(asked.get("limit", _TAKE))
        given = {**filters, "current_clients": True, "take": take + 1, "at": now, "now": now, **known.parameters}
        rows = await self._fetch(_listing(frozenset({*filters, "current_clients"})), caller, **given)
        news = next((row["learnt"] for row in rows if row["learnt"] is not None), None)
        seen = experience.learnt(caller.session, _json(news), known=known)
        kept = rows[:take]
        cursor = None
        if len(rows) > take:
            last = kept[-1]
            cursor = self._cursor(path, asked, caller, last["page_key"].isoformat(), str(last["id"]), now)
        items = [bare_words.opportunity(row, now, seen) for row in kept]
        return orjson.dumps({"items": items, "next_cursor": cursor})

    async def _queue(self, path: str, asked: dict[str, str], caller: Caller, now: datetime) -> bytes:
        coach = None if asked.get("scope") == "practice" else UUID(asked.get("coach_id", str(caller.member_id)))
        take = int(asked.get("limit", _TAKE))
        statement = _work(of_coach=coach is not None)
        rows = await self._fetch(statement, caller, coach_id=coach, at=now, take=take + 1)
        counts = _json(rows[0]["counts"]) or {}
        found = [row for row in rows if row["place_id"] is not None]
        items = [bare_words.work(row, rank) for rank, row in enumerate(found[:take], 1)]
        cursor = None
        if len(found) > take:
            last = found[take - 1]
            key = f"{take}|{last['bucket']}|{last['due']}|{last['patience']}"
            cursor = self._cursor(path, asked, caller, key, str(last["place_id"]), now)
        return orjson.dumps(bare_words.queue(counts, items, cursor, now))

    def _cursor(self, path: str, asked: dict[str, str], caller: Caller, key: str, ident: str, now: datetime) -> str:
        bound = sorted(pair for pair in asked.items() if pair[0] not in {"cursor", "limit"})
        binding = repr((str(caller.practice_id), str(caller.member_id), path, bound))
        return self.signer.seal(Position(key, ident, now), binding=binding)


def _json(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)


@lru_cache
def _listing(filters: frozenset[str]) -> Statement:
    return Statement(lists._list(Sight.EVERYBODY, filters, "-updated_at", recalled=False, started=False))  # noqa: SLF001


@lru_cache
def _work(*, of_coach: bool) -> Statement:
    return Statement(guidance._queue(Sight.EVERYBODY, of_coach=of_coach, started=False))  # noqa: SLF001


def create() -> Bare:
    """Return the application, for uvicorn."""
    callers = orjson.loads(os.environ["BENCH_CALLERS"])
    url, recorded = os.environ["CRICKETS_DATABASE_URL"], os.environ.get("BENCH_RECORDED")
    return Bare(url, callers, secret=places.SECRET, recorded=recorded)
