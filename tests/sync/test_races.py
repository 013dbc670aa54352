"""Transactions that overlap: what commits late, and sight that changes while records do."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg
import pytest

from tests.support import build
from tests.support.api import Api
from tests.support.database import Database
from tests.sync.device import Device, told

Follow = Callable[[Api], Device]


class Writer:
    """A connection of its own, with one transaction that stays open until it is told to commit."""

    def __init__(self, database: Database) -> None:
        self._loop = asyncio.new_event_loop()
        self._connection = self._run(asyncpg.connect(database.url))
        self.do("begin")

    def do(self, sql: str, *arguments: Any) -> None:
        self._run(self._connection.execute(sql, *arguments))

    def commit(self) -> None:
        self.do("commit")

    def close(self) -> None:
        self._run(self._connection.close())
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(work)


@pytest.fixture
def writer(database: Database) -> Any:
    made: list[Writer] = []

    def begin() -> Writer:
        made.append(Writer(database))
        return made[-1]

    yield begin
    for one in made:
        one.close()


def look(device: Device) -> list[tuple[str, tuple[str, str]]]:
    """Follow to the end without waiting for those who are still writing."""
    before = len(device.told)
    while True:
        device.page()
        if not device.has_more:
            return device.told[before:]


def ids(*texts: str) -> list[uuid.UUID]:
    return [uuid.UUID(text) for text in texts]


def note(api: Api, made: dict[str, str]) -> str:
    """Record something on which nothing else depends, so that it can be removed behind the service."""
    return str(build.interaction(api, made["opportunities"], "note", "2026-03-01T12:00:00Z")["id"])


RENAME = "update contact set title = $2, version = version + 1 where id = $1"


def test_what_began_early_and_ends_late_is_not_lost(api: Api, follow: Follow, writer: Callable[[], Writer]) -> None:
    slow, quick = (build.contact(api)["id"] for _ in range(2))
    device = follow(api)
    early = writer()
    early.do(RENAME, uuid.UUID(slow), "Slow")
    for number in range(3):
        api.ok(api.patch(f"/v1/contacts/{quick}", {"title": f"Quick {number}"}, version=number + 1))
        # What has been written meanwhile waits for the one who began before.
        assert look(device) == []
        assert not device.has_more
    early.commit()
    changes = device.catch_up()
    assert changes == [("upsert", ("contact", slow)), ("upsert", ("contact", quick))]
    device.agrees()


def test_a_snapshot_taken_while_somebody_writes_is_followed_by_what_they_wrote(
    api: Api, database: Database, writer: Callable[[], Writer]
) -> None:
    contact = build.contact(api)["id"]
    early = writer()
    early.do(RENAME, uuid.UUID(contact), "Late")
    device = Device(api, database, limit=1)
    while device.has_more:
        device.page()
    assert device.records["contact", contact]["title"] is None
    early.commit()
    assert device.catch_up() == [("upsert", ("contact", contact))]
    device.agrees()


def test_records_that_change_behind_the_walk_are_told_again(api: Api, database: Database) -> None:
    made = build.everything(api, "Own Example")
    kept = [build.contact(api)["id"] for _ in range(5)]
    device = Device(api, database, limit=2)
    while ("contact", kept[0]) not in device.records:
        device.page()
    api.ok(api.patch(f"/v1/clients/{made['clients']}", {"goals": ["Rest"]}, version=1))
    new = build.client(api)["id"]
    lost = next(ident for kind, ident in device.records if kind == "contact")
    if lost == made["contacts"]:
        assert api.delete(f"/v1/opportunities/{made['opportunities']}").status_code == 204
    else:
        assert api.delete(f"/v1/contacts/{lost}").status_code == 204
    device.catch_up()
    assert device.has("client", new)
    device.agrees()


class TestAssignmentMeetsChange:
    """A coach is given a client, or loses one, while somebody else adds to the client's records or takes from them."""

    @pytest.fixture
    def coach(self, api: Api) -> Api:
        api.ok(api.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
        return api.as_role("coach")

    @pytest.fixture
    def made(self, api: Api) -> dict[str, str]:
        return build.everything(api, "Own Example")

    def assign(self, writer: Writer, api: Api, made: dict[str, str], coach: Api) -> None:
        row = ids(api.practice_id, made["clients"], coach.member_id)
        writer.do("insert into client_coach values ($1, $2, $3, 9)", *row)

    def dismiss(self, writer: Writer, coach: Api) -> None:
        writer.do("delete from client_coach where member_id = $1", uuid.UUID(coach.member_id))

    @pytest.mark.parametrize("first", ["assignment", "insertion"])
    def test_what_is_added_meanwhile_arrives(
        self, api: Api, coach: Api, made: dict[str, str], follow: Follow, writer: Callable[[], Writer], first: str
    ) -> None:
        device = follow(coach)
        assigning, adding = writer(), writer()

        def add() -> None:
            adding.do(
                "insert into interaction (practice_id, id, opportunity_id, kind, occurred_at, visibility, recorded_at, "
                "recorded_by_type, recorded_by_id, created_at, updated_at) "
                "values ($1, $2, $3, 'note', '2026-03-01Z', 'shared', now(), 'member', $4, now(), now())",
                *ids(api.practice_id, str(uuid.uuid4()), made["opportunities"], api.member_id),
            )

        steps = [lambda: self.assign(assigning, api, made, coach), add]
        for step in steps if first == "assignment" else reversed(steps):
            step()
        assigning.commit()
        look(device)
        adding.commit()
        device.catch_up()
        device.agrees()
        assert sum(kind == "interaction" for kind, _ in device.records) == 2

    @pytest.mark.parametrize("then", ["stays", "leaves"])
    def test_what_is_removed_meanwhile_goes(
        self, api: Api, coach: Api, made: dict[str, str], follow: Follow, writer: Callable[[], Writer], then: str
    ) -> None:
        gone = note(api, made)
        device = follow(coach)
        assigning, removing = writer(), writer()
        self.assign(assigning, api, made, coach)
        removing.do("delete from interaction where id = $1", uuid.UUID(gone))
        assigning.commit()
        # In a snapshot of now they have what is about to go.
        late = Device(coach, device.database)
        while late.has_more:
            late.page()
        assert late.has("interaction", gone)
        removing.commit()
        if then == "leaves":
            dismissing = writer()
            self.dismiss(dismissing, coach)
            dismissing.commit()
        for one in (device, late):
            one.catch_up()
            one.agrees()
        assert ("interaction", gone) in told(late.told, "remove")


def test_sight_that_ends_while_a_record_goes(api: Api, follow: Follow, writer: Callable[[], Writer]) -> None:
    gone = note(api, build.everything(api, "Own Example"))
    device = follow(api.as_role("coach"))
    removing, closing = writer(), writer()
    removing.do("delete from interaction where id = $1", uuid.UUID(gone))
    closing.do(
        "update practice set coach_access = 'assigned', version = version + 1 where id = $1", uuid.UUID(api.practice_id)
    )
    closing.commit()
    look(device)
    removing.commit()
    device.catch_up()
    device.agrees()
