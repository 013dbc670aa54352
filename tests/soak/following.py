"""Those who write as fast as they can, those who hold a transaction open, and those who follow the feed meanwhile."""

import asyncio
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx2 as httpx

Key = tuple[str, str]
KINDS = ("application", "employer_message", "note", "request", "reply", "interview")
_RENAME = "update contact set title = $2, version = version + 1 where id = $1"
#: An opportunity is left alone when it has so many interactions: each recomputation reads all of them.
_FULL = 600
_TIMEOUT = 60


@dataclass
class Writer:
    """Records batches, and changes single records, until its share of changes is done."""

    base: str
    credential: str
    number: int
    seed: int
    share: int
    client_id: str
    changes: int = 0
    requests: int = 0
    wrong: list[str] = field(default_factory=list)
    opportunities: dict[str, int] = field(default_factory=dict)
    interactions: dict[str, int] = field(default_factory=dict)

    def run(self) -> None:
        self.rng = random.Random(f"{self.seed} {self.number}")  # noqa: S311  # a schedule, no secret
        headers = {"Authorization": f"Bearer {self.credential}"}
        with httpx.Client(base_url=self.base, headers=headers, timeout=_TIMEOUT) as self.http:
            self._open()
            while self.changes < self.share and len(self.wrong) < 5:
                deed = self.rng.choices(["batch", "one", "change", "void", "open"], [10, 30, 45, 10, 5])[0]
                getattr(self, f"_{deed}")()

    def _open(self) -> None:
        body = {"client_id": self.client_id, "title": f"Title {self.requests}", "kind": "permanent"}
        firm = {"source": "applied", "company_name": f"Firm {self.rng.randrange(30)}"}
        made = self._sent("POST", "/v1/opportunities", body | firm)
        if made is not None:
            self.opportunities[made["id"]] = 0
            self.changes += 1

    def _batch(self) -> None:
        items = [self._entry() for _ in range(self.rng.randint(60, 300))]
        on = self._place(len(items))
        made = self._sent("POST", f"/v1/opportunities/{on}/interactions/batch", {"items": items})
        self._note(on, [] if made is None else made["items"])

    def _one(self) -> None:
        on = self._place(1)
        made = self._sent("POST", f"/v1/opportunities/{on}/interactions", self._entry())
        self._note(on, [] if made is None else [made])

    def _change(self) -> None:
        if self.interactions:
            ident = self.rng.choice(list(self.interactions))
            body = {"summary": f"Changed {self.requests}"}
            made = self._sent("PATCH", f"/v1/interactions/{ident}", body, {"If-Match": f'"{self.interactions[ident]}"'})
            if made is not None:
                self.interactions[ident] = made["version"]
                self.changes += 1

    def _void(self) -> None:
        if self.interactions:
            ident = self.rng.choice(list(self.interactions))
            self._sent("DELETE", f"/v1/interactions/{ident}", None)
            del self.interactions[ident]
            self.changes += 1

    def _place(self, room: int) -> str:
        fitting = [ident for ident, held in self.opportunities.items() if held + room <= _FULL]
        if not fitting:
            self._open()
            return next(reversed(self.opportunities))
        return self.rng.choice(fitting)

    def _entry(self) -> dict[str, Any]:
        when = f"2026-{self.rng.randint(1, 3):02}-{self.rng.randint(1, 28):02}T{self.rng.randrange(24):02}:00:00Z"
        visibility = "coaches" if self.rng.random() < 0.1 else "shared"
        return {"kind": self.rng.choice(KINDS), "occurred_at": when, "visibility": visibility}

    def _note(self, on: str, made: list[dict[str, Any]]) -> None:
        # A few are remembered, to be changed later.
        self.interactions |= {one["id"]: 1 for one in made[:5]}
        self.opportunities[on] += len(made)
        self.changes += len(made)

    def _sent(self, method: str, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        answer = self.http.request(method, path, json=body, headers=headers)
        self.requests += 1
        if answer.status_code not in {200, 201, 204}:
            self.wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
            return None
        return answer.json() if answer.content else None


@dataclass
class Holder:
    """Changes a contact in a transaction that it leaves open for a while, over and over."""

    url: str
    contact_id: str
    longest: float
    stop: threading.Event
    commits: int = 0
    rollbacks: int = 0

    def run(self) -> None:
        asyncio.run(self._hold())

    async def _hold(self) -> None:
        rng = random.Random(self.contact_id)  # noqa: S311  # a schedule, no secret
        connection = await asyncpg.connect(self.url)
        try:
            while not self.stop.is_set():
                transaction = connection.transaction()
                await transaction.start()
                await connection.execute(_RENAME, self.contact_id, f"Held {self.commits}")
                await asyncio.sleep(rng.random() * self.longest)
                if rng.random() < 0.2:
                    await transaction.rollback()
                    self.rollbacks += 1
                else:
                    await transaction.commit()
                    self.commits += 1
        finally:
            await connection.close()


@dataclass
class Follower:
    """Keeps a copy by the feed from an early token on, and counts what it is told more than once."""

    name: str
    base: str
    credential: str
    limit: int
    token: str | None = None
    copy: dict[Key, Any] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    seconds: float = 0.0

    def begin(self) -> "Follower":
        """Take the token of a practice in which hardly anything has happened."""
        with self._http() as http:
            while self._page(http):
                pass
        self.told.clear()
        return self

    def run(self, stop: threading.Event) -> None:
        """Follow until told to stop; what is there by then is not the end."""
        with self._http() as http:
            while not stop.is_set():
                if not self._page(http):
                    time.sleep(0.1)

    def finish(self) -> "Follower":
        """Follow to the end."""
        with self._http() as http:
            while self._page(http):
                pass
        return self

    def _http(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.credential}"}
        return httpx.Client(base_url=self.base, headers=headers, timeout=_TIMEOUT)

    def _page(self, http: httpx.Client) -> bool:
        began = time.monotonic()
        query = {"limit": str(self.limit)} | ({} if self.token is None else {"token": self.token})
        answer = http.get("/v1/changes", params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        self.seconds += time.monotonic() - began
        self.pages += 1
        for change in page["changes"]:
            self._take(change)
        self.token = page["next_token"]
        return bool(page["has_more"])

    def _take(self, change: dict[str, Any]) -> None:
        key = (change["type"], change["id"])
        self.told[change["op"]] += 1
        if change["op"] == "remove":
            self.copy.pop(key, None)
            return
        data = {name: value for name, value in change["data"].items() if name != "assessment"}
        # The assessment follows the clock, and is no part of what is held against other copies.
        self.told["again"] += self.copy.get(key) == data
        assert key not in self.copy or self.copy[key]["version"] <= data["version"], "a copy went back in time"
        self.copy[key] = data
