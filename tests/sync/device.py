"""A device that keeps a copy of what a caller may read, by the change feed alone."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.support.api import Api
from tests.support.database import Database

Key = tuple[str, str]
#: Where a record of a type is read by its id; the practice is the caller's own.
PATHS = {
    "practice": "/v1/practice",
    "member": "/v1/members/{}",
    "client": "/v1/clients/{}",
    "company": "/v1/companies/{}",
    "contact": "/v1/contacts/{}",
    "opportunity": "/v1/opportunities/{}",
    "interaction": "/v1/interactions/{}",
    "next_action": "/v1/next-actions/{}",
    "win": "/v1/wins/{}",
    "development_activity": "/v1/development-activities/{}",
}
#: By what the ids of tests/support/build.py are called.
PLURALS = {kind: path.split("/")[2] for kind, path in PATHS.items() if kind not in {"practice", "member"}}
#: How many records of a type are read one by one to compare them.
_READ = 5


@dataclass
class Device:
    """What a caller has been told, page by page."""

    api: Api
    database: Database
    limit: int = 50
    token: str | None = None
    records: dict[Key, Any] = field(default_factory=dict)
    told: list[tuple[str, Key]] = field(default_factory=list)
    has_more: bool = True

    def page(self) -> list[dict[str, Any]]:
        """Take one page into the copy and return its changes."""
        query = {"limit": self.limit} | ({} if self.token is None else {"token": self.token})
        answer = self.api.ok(self.api.get("/v1/changes", params=query))
        self.token, self.has_more = answer["next_token"], answer["has_more"]
        changes: list[dict[str, Any]] = answer["changes"]
        assert len(changes) <= self.limit
        assert changes or not self.has_more
        for change in changes:
            key = (change["type"], change["id"])
            self.told.append((change["op"], key))
            if change["op"] == "upsert":
                assert change["version"] == change["data"]["version"]
                assert change["data"]["id"] == change["id"]
                self.records[key] = change["data"]
            else:
                assert change["data"] is change["version"] is None
                self.records.pop(key, None)
        return changes

    def catch_up(self) -> list[tuple[str, Key]]:
        """Follow to the end of what is over by now; return what was told on the way, in its order."""
        settle(self.database)
        before = len(self.told)
        while True:
            self.page()
            if not self.has_more:
                return self.told[before:]

    def has(self, kind: str, ident: str) -> bool:
        """Say whether a record is in the copy."""
        return (kind, ident) in self.records

    def agrees(self) -> None:
        """Assert that the copy is what the caller can read now: no more, no less, each record as reading it answers."""
        fresh = Device(self.api, self.database, limit=200)
        fresh.catch_up()
        assert self.records == fresh.records
        read: Counter[str] = Counter()
        for (kind, ident), record in self.records.items():
            read[kind] += 1
            if read[kind] <= _READ:
                assert record == self.api.ok(self.api.get(PATHS[kind].format(ident))), kind


def settle(database: Database) -> None:
    """Wait until every transaction that runs now is over, whoever's it is: the feed tells nothing beyond them."""
    now = database.value("select pg_snapshot_xmax(pg_current_snapshot())")
    patience = time.monotonic() + 20
    while time.monotonic() < patience:
        if database.value("select pg_snapshot_xmin(pg_current_snapshot()) from pg_sleep(0.002)") >= now:
            return
    raise AssertionError("some transaction does not end")


def told(changes: list[tuple[str, Key]], op: str) -> set[Key]:
    """Return what was told with `op`."""
    return {key for what, key in changes if what == op}
