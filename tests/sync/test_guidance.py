"""What people make of advice, in the feed: actions set by hand, noted wins, and what builds credentials."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support import build
from tests.support.api import Api
from tests.sync.device import PATHS, Device, Key, told

Follow = Callable[[Api], Device]
KINDS = ("next_action", "win", "development_activity")
CHANGED: dict[str, dict[str, Any]] = {
    "next_action": {"due_on": "2026-04-01"},
    "win": {"note": "At last"},
    "development_activity": {"status": "active"},
}


@pytest.fixture
def role(api: Api) -> dict[str, Any]:
    build.everything(api, "Noise Example")
    return build.opportunity(api)


def make(api: Api, kind: str, role: dict[str, Any], *, on_it: bool = True) -> Key:
    """Make a record of a kind for the client of an opportunity."""
    requests = build.guided(role["client_id"], role["id"] if on_it else None)
    method, path, body = next(one for one in requests if one[1] == PATHS[kind].removesuffix("/{}"))
    return kind, api.ok(api.request(method, path, json=body), 201)["id"]


@pytest.mark.parametrize("who", ["owner", "assistant", "client"])
def test_they_come_change_and_go(api: Api, role: dict[str, Any], follow: Follow, who: str) -> None:
    reader = api.as_client(role["client_id"]) if who == "client" else api.as_role(who)
    device = follow(reader)
    keys = {make(reader, kind, role, on_it=on_it) for kind in KINDS for on_it in (True, False)}
    assert set(device.catch_up()) == {("upsert", key) for key in keys}
    for kind, ident in keys:
        reader.ok(reader.patch(PATHS[kind].format(ident), CHANGED[kind], version=1))
    assert set(device.catch_up()) == {("upsert", key) for key in keys}
    device.agrees()
    for kind, ident in keys:
        assert reader.delete(PATHS[kind].format(ident)).status_code == 204
    assert set(device.catch_up()) == {("remove", key) for key in keys}
    device.agrees()


@pytest.mark.parametrize("kind", ["next_action", "win"])
def test_what_moves_to_another_opportunity_is_hidden_with_that_one(
    api: Api, role: dict[str, Any], follow: Follow, kind: str
) -> None:
    other = build.opportunity(api, role["client_id"])
    key = make(api, kind, role)
    device = follow(api)
    api.ok(api.patch(PATHS[kind].format(key[1]), {"opportunity_id": other["id"]}, version=1))
    assert device.catch_up() == [("upsert", key)]
    assert api.delete(f"/v1/opportunities/{role['id']}").status_code == 204
    assert device.catch_up() == [("remove", ("opportunity", role["id"]))]
    assert api.delete(f"/v1/opportunities/{other['id']}").status_code == 204
    assert told(device.catch_up(), "remove") == {("opportunity", other["id"]), key}
    device.agrees()


def test_who_may_not_see_the_client_is_told_of_nothing(api: Api, role: dict[str, Any], follow: Follow) -> None:
    api.ok(api.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
    others = [api.as_role("coach"), api.as_client(build.client(api)["id"])]
    devices = [follow(other) for other in others]
    keys = [make(api, kind, role) for kind in KINDS]
    for kind, ident in keys:
        assert api.delete(PATHS[kind].format(ident)).status_code == 204
    assert [device.catch_up() for device in devices] == [[], []]


def test_a_decision_is_told_of_actions_set_by_hand_only(api: Api, role: dict[str, Any], follow: Follow) -> None:
    build.interaction(api, role["id"], "interview", "2026-03-15T12:00:00Z")
    kind, ident = make(api, "next_action", role)
    device = follow(api)
    listed = api.ok(api.get("/v1/next-actions", params={"opportunity_id": role["id"]}))["items"]
    assert {item["origin"] for item in listed} == {"manual", "computed"}
    for item in listed:
        api.ok(api.post(f"/v1/next-actions/{item['id']}/dismiss", {"reason": "Later"}))
    # What is advised goes with the clock: reading it tells, and the assessment says until when.
    assert device.catch_up() == [("upsert", (kind, ident))]
    assert device.records[kind, ident]["state"] == "dismissed"


def test_what_is_snoozed_until_a_date_is_told_when_the_client_moves(
    api: Api, role: dict[str, Any], follow: Follow
) -> None:
    kind, ident = make(api, "next_action", role)
    awake = make(api, "next_action", role, on_it=False)
    api.ok(api.post(f"/v1/next-actions/{ident}/snooze", {"until": "2026-03-17"}))
    device = follow(api)
    # There it is the next day already.
    api.ok(api.patch(f"/v1/clients/{role['client_id']}", {"time_zone": "Pacific/Kiritimati"}, version=1))
    changes = device.catch_up()
    assert ("upsert", (kind, ident)) in changes
    assert awake not in {key for _, key in changes}
    assert device.records[kind, ident]["state"] == "open"
    device.agrees()
