"""A practice that random devices write to: the one wire to the service, and what is really there behind it."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import asyncpg
import httpx2 as httpx

from tests.support import build
from tests.support.api import Api, House, new_practice
from tests.support.database import Database
from tests.sync.device import Key

ALLOWED = {200, 201, 204, 401, 403, 404, 409, 412, 422}
#: Records that exist for some callers of a practice and not for others.
_OF_A_CLIENT = {"client", "opportunity", "interaction", "next_action", "win", "development_activity"}
#: What can be deleted for good.
_DELETABLE = {"contact", "next_action", "win", "development_activity"}
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_FACTS = """
    with shown as (select id from opportunity where practice_id = $1 and deleted_at is null),
    entry as (
        select 'practice' as type, id, version, null::uuid as client, true as shared from practice where id = $1
        union all select 'member', id, version, null, true from member where practice_id = $1
        union all select 'client', id, version, id, true from client where practice_id = $1
        union all select 'company', id, version, null, true from company where practice_id = $1
        union all select 'contact', id, version, null, true from contact where practice_id = $1
        union all select 'opportunity', id, version, client_id, true
            from opportunity where practice_id = $1 and deleted_at is null
        union all select 'interaction', i.id, i.version, o.client_id, i.visibility = 'shared'
            from interaction i join opportunity o on (o.practice_id, o.id) = (i.practice_id, i.opportunity_id)
            where i.practice_id = $1 and o.deleted_at is null
        union all select 'next_action', id, version, client_id, true from next_action
            where practice_id = $1 and (opportunity_id is null or opportunity_id in (select id from shown))
        union all select 'win', id, version, client_id, true from win
            where practice_id = $1 and (opportunity_id is null or opportunity_id in (select id from shown))
        union all select 'development_activity', id, version, client_id, true
            from development_activity where practice_id = $1),
    own as (select id, company_id from opportunity where practice_id = $1 and client_id = $3 and deleted_at is null)
    select json_build_object(
        'records', (select json_agg(json_build_array(type, id, version, client, shared) order by type, id) from entry),
        'hidden', (select coalesce(json_agg(id order by id), '[]') from opportunity
            where practice_id = $1 and deleted_at is not null),
        'role', (select role from member where practice_id = $1 and id = $2),
        'access', (select coach_access from practice where id = $1),
        'assigned', (select coalesce(json_agg(client_id), '[]') from client_coach
            where practice_id = $1 and member_id = $2),
        'around', (select coalesce(json_agg(id), '[]') from (select company_id from own union
            select contact_id from opportunity_contact where opportunity_id in (select id from own)) known (id)),
        'audited', (select count(*) from audit_event where practice_id = $1))::text"""
_SAID = """
    select word, count(*) from (
        select name as word from client where practice_id = $1 union all
        select title from opportunity where practice_id = $1 union all
        select name from contact where practice_id = $1 union all
        select title from next_action where practice_id = $1 union all
        select title from win where practice_id = $1 union all
        select title from development_activity where practice_id = $1 union all
        select summary from interaction where practice_id = $1) said where word is not null group by word"""


class Line:
    """A connection to the database that stays open."""

    def __init__(self, database: Database) -> None:
        self._loop = asyncio.new_event_loop()
        self._connection = self._run(asyncpg.connect(database.url))

    def do(self, sql: str, *arguments: Any) -> None:
        self._run(self._connection.execute(sql, *arguments))

    def rows(self, sql: str, *arguments: Any) -> list[Any]:
        return list(self._run(self._connection.fetch(sql, *arguments)))

    def value(self, sql: str, *arguments: Any) -> Any:
        return self._run(self._connection.fetchval(sql, *arguments))

    def close(self) -> None:
        self._run(self._connection.close())
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(work)


@dataclass(eq=False)
class Request:
    """Something to be done, as it goes over the wire; the same again has the same key."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    key: str | None = None
    base: int | None = None
    #: The id that it brings along, and the texts that nothing else says.
    makes: str | None = None
    words: tuple[str, ...] = ()

    def headers(self) -> dict[str, str]:
        """Return the headers of C14 and C16."""
        found = {} if self.key is None else {"Idempotency-Key": self.key}
        return found if self.base is None else {**found, "If-Match": f'"{self.base}"'}


@dataclass
class World:
    """A practice with a coach and a client, both with a phone, and everything that is known of it from behind."""

    house: House
    line: Line
    effects: int = 0
    done: Counter[str] = field(default_factory=Counter)
    erased: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.words = (f"word {number}" for number in count(1))
        self.keys = (f"key-{number}" for number in count(1))
        self.owner = new_practice(self.house)
        self.coach = self.owner.as_role("coach")
        coached = {"coach_ids": [self.coach.member_id]}
        self.owner.ok(self.owner.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
        first, second = build.client(self.owner, **coached), build.client(self.owner, coach_ids=[])
        self.clients = [first["id"], second["id"]]
        #: Nobody but the slow colleague writes to it.
        self.slow_contact = build.contact(self.owner)["id"]
        role = build.opportunity(self.owner, first["id"], company_name="Firm 0", contact_ids=[self.slow_contact])
        for visibility in ("shared", "coaches"):
            build.interaction(self.owner, role["id"], "note", "2026-03-01T10:00:00Z", visibility=visibility)
        build.opportunity(self.owner, second["id"], company_name="Firm 1")
        self.login = self.owner.as_client(first["id"])
        #: By the credential: what its holder could see at some moment, or has made.
        self.seen: dict[str, set[Key]] = {self.coach.key: set(), self.login.key: set()}
        self.made: dict[str, set[str]] = {self.coach.key: set(), self.login.key: set()}
        self.types: dict[str, str] = {}
        self.whose: dict[str, str | None] = {}
        self._voided: set[str] = set()
        self._said: dict[str, str | None] = {}
        self._answers: dict[tuple[str, str, str], bytes] = {}
        self.look()
        self._before = self.facts["audited"]

    def send(self, api: Api, request: Request) -> httpx.Response:
        """Bring a request to the service and its answer back, and note what came of it."""
        if api.key in self.made and request.makes is not None:
            self.made[api.key].add(request.makes)
        answer = api.request(request.method, request.path, json=request.body, headers=request.headers())
        assert answer.status_code in ALLOWED, (request, answer.text)
        self._tally(api, request, answer)
        self.overheard(api, answer.text)
        return answer

    def ask(self, api: Api, path: str) -> httpx.Response:
        """Read something on behalf of a device."""
        answer = api.get(path)
        self.overheard(api, answer.text)
        return answer

    def look(self) -> None:
        """Look from behind who sees what now."""
        who = (self.owner.practice_id, self.coach.member_id, self.clients[0])
        self.facts = json.loads(self.line.value(_FACTS, *who))
        for type_, ident, _, client, _ in self.facts["records"]:
            self.types[ident], self.whose[ident] = type_, client
        for api in (self.coach, self.login):
            self.seen[api.key] |= self.visible(api).keys()

    def visible(self, api: Api) -> dict[Key, int]:
        """Return what there is for a caller now, with the versions; said without the service."""
        sees = self._coach_sees if api is self.coach else self._login_sees
        return {(r[0], r[1]): r[2] for r in self.facts["records"] if sees(*r)}

    def overheard(self, api: Api, text: str) -> None:
        """Assert that an answer to a device names nothing that its holder could never see."""
        named = {ident for ident in _UUID.findall(text) if self.types.get(ident) in _OF_A_CLIENT}
        allowed = {ident for _, ident in self.seen[api.key]} | self.made[api.key] if api.key in self.seen else named
        assert named <= allowed, (api.role, {(self.types[ident], ident) for ident in named - allowed})

    def demand_exactly_once(self) -> None:
        """Assert that each effect is there once, and nothing else is."""
        self.look()
        assert self.facts["audited"] - self._before == self.effects
        there = {row[0]: row[1] for row in self.line.rows(_SAID, self.owner.practice_id)}
        for word, ident in self._said.items():
            gone = self.whose.get(ident or "") in self.erased or self.types.get(ident or "") in _DELETABLE
            assert there.get(word, 0) == 1 or (gone and word not in there), word
        assert not {word for word in there if word.startswith("word ")} - self._said.keys()

    def _tally(self, api: Api, request: Request, answer: httpx.Response) -> None:
        is_replay = answer.headers.get("idempotent-replayed") == "true"
        self.done[f"{request.method} {'replayed' if is_replay else answer.status_code}"] += 1
        if answer.status_code >= 300:
            return
        if request.key is not None:
            place = (api.key, request.path, request.key)
            assert (place in self._answers) == is_replay
            assert self._answers.setdefault(place, answer.content) == answer.content
        if is_replay or not self._changed(request, answer):
            return
        self.effects += 1
        self.look()
        if request.method == "POST":
            self._note(api, request, answer)
        if request.method == "DELETE" and request.path.startswith("/v1/clients/"):
            self.erased.add(request.path.rsplit("/", 1)[-1])

    def _changed(self, request: Request, answer: httpx.Response) -> bool:
        if request.method in {"PATCH", "PUT"}:
            return answer.headers["etag"] != f'"{request.base}"'
        if request.method == "DELETE" and "/interactions/" in request.path:
            is_new = request.path not in self._voided
            self._voided.add(request.path)
            return is_new
        return True

    def _note(self, api: Api, request: Request, answer: httpx.Response) -> None:
        made = answer.json().get("items", [answer.json()])
        self._said |= {word: item["id"] for word, item in zip(request.words, made, strict=bool(request.words))}
        if api.key in self.made:
            self.made[api.key] |= {item["id"] for item in made}

    def _coach_sees(self, _: str, __: str, ___: int, client: str | None, shared: bool) -> bool:  # noqa: FBT001
        facts = self.facts
        wide = facts["access"] == "practice" or facts["role"] in {"owner", "admin"}
        return (client is None or wide or client in facts["assigned"]) and (shared or facts["role"] != "assistant")

    def _login_sees(self, type_: str, ident: str, _: int, client: str | None, shared: bool) -> bool:  # noqa: FBT001
        if client is not None:
            return client == self.clients[0] and shared
        return type_ == "practice" or ident in self.facts["around"]
