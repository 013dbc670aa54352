"""A device that writes all day and, whatever happens on the way, sends each request until it is answered."""

import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx2 as httpx

KINDS = ("application", "employer_message", "interview", "follow_up", "note", "request", "reply")
_PAUSE = 0.05
#: What may be answered to somebody who should simply ask again.
_AGAIN = {503, "request-in-progress"}
#: How often which is done, of a hundred; the last two have no key and are repeated by what they say.
_DEEDS = {"client": 9, "opportunity": 13, "interaction": 54, "batch": 12, "patch": 7, "void": 5}


class GaveUpError(Exception):
    """The time is over."""


@dataclass
class Device:
    """One writer with a credential of its own, and what it knows to be there."""

    base: str
    credential: str
    number: int
    seed: int
    share: int
    shared_opportunity: str
    stop: threading.Event
    keyed: int = 0
    clients: dict[str, tuple[str, int]] = field(default_factory=dict)
    opportunities: dict[str, tuple[str, str]] = field(default_factory=dict)
    interactions: dict[str, tuple[str, str | None, int, bool]] = field(default_factory=dict)
    actions: Counter[str] = field(default_factory=Counter)
    seen: Counter[Any] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Write until the share is done."""
        self.rng = random.Random(f"{self.seed} {self.number}")  # noqa: S311  # a schedule, no secret
        with httpx.Client(base_url=self.base, timeout=20) as self.http:
            try:
                while self.keyed < self.share:
                    self._one()
            except GaveUpError:
                self.wrong.append(f"device {self.number} was not done: {self.keyed} of {self.share}")

    def _one(self) -> None:
        deed = self.rng.choices(list(_DEEDS), list(_DEEDS.values()))[0]
        if not self.clients:
            deed = "client"
        elif not self.opportunities and deed != "client":
            deed = "opportunity"
        elif not self.interactions and deed in {"patch", "void"}:
            deed = "interaction"
        getattr(self, f"_{deed}")()

    def _client(self) -> None:
        name = self._word()
        made = self._post("/v1/clients", {"name": name, "time_zone": "Europe/Berlin", "employment_status": "employed"})
        self.clients[made["id"]] = (name, 1)
        self.actions["client.create"] += 1

    def _opportunity(self) -> None:
        title, client_id = self._word(), self.rng.choice(list(self.clients))
        draft = {"client_id": client_id, "title": title, "kind": "permanent", "source": "applied"}
        made = self._post("/v1/opportunities", {**draft, "company_name": f"Firm {self.rng.randrange(40)}"})
        self.opportunities[made["id"]] = (title, client_id)
        self.actions["opportunity.create"] += 1

    def _interaction(self) -> None:
        on, entry = self._place(), self._entry()
        self._note(on, self._post(f"/v1/opportunities/{on}/interactions", entry))
        self.actions["interaction.record"] += 1

    def _batch(self) -> None:
        on, entries = self._place(), [self._entry() for _ in range(self.rng.randint(2, 6))]
        for made in self._post(f"/v1/opportunities/{on}/interactions/batch", {"items": entries})["items"]:
            self._note(on, made)
        self.actions["interaction.record"] += 1

    def _patch(self) -> None:
        """Change a record: a stale version after a cut means that the change is there already."""
        if self.rng.random() < 0.5:
            own, (_, version) = self.rng.choice(list(self.clients.items()))
            name = self._word()
            self._change(f"/v1/clients/{own}", {"name": name}, version)
            self.clients[own] = (name, version + 1)
            self.actions["client.update"] += 1
            return
        own, (on, _, version, void) = self.rng.choice(list(self.interactions.items()))
        if not void:
            summary = self._word()
            self._change(f"/v1/interactions/{own}", {"summary": summary}, version)
            self.interactions[own] = (on, summary, version + 1, False)
            self.actions["interaction.update"] += 1

    def _void(self) -> None:
        own, (on, summary, version, void) = self.rng.choice(list(self.interactions.items()))
        self._sent("DELETE", f"/v1/interactions/{own}", expected=204)
        self.interactions[own] = (on, summary, version + (not void), True)
        self.actions["interaction.void"] += not void

    def _change(self, path: str, body: dict[str, Any], version: int) -> None:
        answer = self._sent("PATCH", path, json=body, expected=200, headers={"If-Match": f'"{version}"'})
        if answer.status_code == 412:
            now = self._sent("GET", path, expected=200)
            if now.headers["etag"] != f'"{version + 1}"' or not body.items() <= now.json().items():
                self.wrong.append(f"{path} was changed by nobody we know")

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        key = str(uuid.UUID(int=self.rng.getrandbits(128)))
        answer = self._sent("POST", path, json=body, expected=201, headers={"Idempotency-Key": key})
        self.keyed += 1
        self.seen["replayed"] += answer.headers.get("idempotent-replayed") == "true"
        return answer.json()

    def _sent(self, method: str, path: str, *, expected: int, **more: Any) -> httpx.Response:
        """Send a request until it is answered for good."""
        headers = {"Authorization": f"Bearer {self.credential}", **more.pop("headers", {})}
        uncertain = False
        while not self.stop.is_set():
            try:
                answer = self.http.request(method, path, headers=headers, **more)
            except httpx.TransportError as error:
                self.seen[type(error).__name__] += 1
                uncertain = True
                time.sleep(_PAUSE)
                continue
            self.seen[answer.status_code] += 1
            if self._is_final(answer, expected, uncertain=uncertain):
                return answer
            uncertain = True
            time.sleep(_PAUSE)
        raise GaveUpError

    def _is_final(self, answer: httpx.Response, expected: int, *, uncertain: bool) -> bool:
        status = answer.status_code
        if status == expected or (status == 412 and uncertain):
            return True
        code = answer.json().get("code") if status >= 400 else None
        if not _AGAIN & {status, code}:
            self.wrong.append(f"{answer.request.method} {answer.request.url.path}: {status} {answer.text[:300]}")
        return False

    def _place(self) -> str:
        return self.shared_opportunity if self.rng.random() < 0.1 else self.rng.choice(list(self.opportunities))

    def _entry(self) -> dict[str, Any]:
        day, hour = self.rng.randint(1, 28), self.rng.randint(0, 23)
        instant = f"2026-{self.rng.randint(1, 12):02d}-{day:02d}T{hour:02d}:00:00Z"
        return {"kind": self.rng.choice(KINDS), "occurred_at": instant, "summary": self._word()}

    def _note(self, on: str, made: dict[str, Any]) -> None:
        self.interactions[made["id"]] = (on, made["summary"], 1, False)

    def _word(self) -> str:
        """Return a text that nothing else holds: what is there twice was done twice."""
        return f"d{self.number} {self.rng.getrandbits(64):016x}"
