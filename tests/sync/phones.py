"""A phone: a copy that follows the feed, edits that wait for a network, and what the network makes of them."""

from dataclasses import dataclass, field, replace
from typing import Any

import httpx2 as httpx

from tests.support.api import Api
from tests.support.database import Database
from tests.sync.deeds import DEEDS, View
from tests.sync.device import PLURALS, Device, Key
from tests.sync.world import Request, World

#: How often an edit is sent while all goes well: once, and once more for each time that the record is found changed.
_TRIES = 4
#: The types of records by what they are called in paths.
_MADE = {plural: type_ for type_, plural in PLURALS.items()}


@dataclass
class Phone:
    """The device of a member or a client."""

    world: World
    api: Api
    database: Database
    queue: list[Request] = field(default_factory=list)
    #: Requests that are still somewhere on their way, or will come a second time.
    late: list[Request] = field(default_factory=list)
    backups: list[tuple[str | None, dict[Key, Any]]] = field(default_factory=list)
    #: What it has removed, and could restore.
    removed: list[str] = field(default_factory=list)
    is_locked_out: bool = False

    def __post_init__(self) -> None:
        self.device = Device(self.api, self.database)
        self.backups.append((None, {}))

    def jot(self, deed: str, pick: int, *, coin: bool) -> None:
        """Do something, as far as the phone is concerned: it knows its copy and what it has not sent yet."""
        records: dict[str, list[tuple[str, int]]] = {}
        for (type_, ident), data in self.device.records.items():
            # Whoever wrote to what the slow colleague holds would wait for them.
            if ident != self.world.slow_contact:
                records.setdefault(type_, []).append((ident, data["version"]))
        for own in self.queue:
            if own.makes is not None:
                records.setdefault(_MADE[own.path.rsplit("/", 1)[-1]], []).append((own.makes, 1))
        view = View(self.world.words, records, self.removed, pick, coin)
        made = DEEDS[deed](view)
        if made is not None:
            self.queue.append(made)

    def send(self, pick: int, fate: str) -> None:
        """Try one of the edits that wait; `fate` says what the network does with it."""
        ready = [one for one in self.queue if not self._waits(one)]
        if not ready or self.is_locked_out:
            return
        edit = ready[pick % len(ready)]
        if fate in {"delayed", "echoed"}:
            self.late.append(replace(edit))
        if fate in {"dropped", "delayed"}:
            return
        answer = self.world.send(self.api, edit)
        if fate == "twice":
            answer = self.world.send(self.api, edit)
        if fate != "unanswered":
            self._settle(edit, answer)

    def arrive(self, pick: int) -> None:
        """Let something come through that was on its way; nobody waits for the answer any more."""
        if self.late:
            self.world.send(self.api, self.late.pop(pick % len(self.late)))

    def sync(self, limit: int, pages: int, fate: str) -> None:
        """Follow the feed for some pages, the last of which may get lost, or be kept without its token."""
        for _ in range(pages):
            if self.is_locked_out:
                return
            token, records = self.device.token, dict(self.device.records)
            self.page(limit)
            # A phone that has no token yet has no copy either: nobody would tell it what is gone.
            if fate == "unanswered" or (fate == "unnoted" and token is None):
                self.device.token, self.device.records = token, records
            elif fate == "unnoted":
                self.device.token = token
            self.backups.append((self.device.token, dict(self.device.records)))
            if not self.device.has_more:
                return

    def page(self, limit: int) -> None:
        """Take one page; a phone whose credential has ended forgets everything."""
        self.device.limit = limit
        if self.world.erased & set(self.world.clients[:1]) and self.api is self.world.login:
            assert self.api.get("/v1/changes").status_code == 401
            self.lock_out()
            return
        before = len(self.device.told)
        self.device.page()
        told, seen = self.device.told[before:], self.world.seen[self.api.key]
        named = {key for _, key in told if key not in seen}
        assert not named, (self.api.role, named)

    def rewind(self, pick: int, *, copy_too: bool) -> None:
        """Go back to an old token: with the copy of then, as from a backup, or with the one of now."""
        place = pick % len(self.backups)
        token, records = self.backups[place]
        self.device.token, self.device.has_more = token, True
        # Without a token everything is told, but not what is gone: such a copy begins empty.
        if copy_too or token is None:
            self.device.records = dict(records)
            del self.backups[place + 1 :]  # what came after is of no use to a copy of then

    def drain(self) -> None:
        """Let everything through, in the order in which it was done; who finds a record changed looks and redoes."""
        while self.late:
            self.arrive(0)
        while self.queue and not self.is_locked_out:
            edit = self.queue[0]
            for _ in range(_TRIES):
                if edit in self.queue and not self.is_locked_out:
                    self._settle(edit, self.world.send(self.api, edit))
            assert self.is_locked_out or edit not in self.queue, edit

    def finish(self) -> None:
        """Follow to the end."""
        self.device.has_more = True
        while self.device.has_more:
            self.page(200)

    def lock_out(self) -> None:
        self.is_locked_out, self.device.has_more = True, False
        self.queue.clear()
        self.device.records.clear()

    def _waits(self, edit: Request) -> bool:
        """Say whether an edit speaks of a record that the service has not been told of."""
        text = f"{edit.path} {edit.body}"
        return any(own.makes in text for own in self.queue if own is not edit and own.makes is not None)

    def _settle(self, edit: Request, answer: httpx.Response) -> None:
        if answer.status_code == 401:
            self.lock_out()
        elif answer.status_code == 412:
            self._redo(edit)
        else:
            self.queue.remove(edit)
            if answer.status_code == 204 and "/opportunities/" in edit.path:
                self.removed.append(edit.path.rsplit("/", 1)[-1])

    def _redo(self, edit: Request) -> None:
        """Look at the record as it is now: what was to be done may be there, not yet, or pointless."""
        found = self.world.ask(self.api, edit.path)
        now = found.json()
        is_there = edit.body is not None and edit.body.items() <= now.items()
        if found.status_code != 200 or is_there or now.get("voided_at") is not None:
            self.queue.remove(edit)
        else:
            edit.base = now["version"]
