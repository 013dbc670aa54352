"""DELETE /v1/interactions/{id}: the record stays and counts for nothing."""

from typing import Any

import pytest

from tests.support import build
from tests.support.api import Api, Clock
from tests.support.database import Database


@pytest.fixture
def opportunity(api: Api) -> str:
    return str(build.opportunity(api)["id"])


@pytest.fixture
def rejection(api: Api, opportunity: str) -> dict[str, Any]:
    build.interaction(api, opportunity, "application", "2026-03-12T10:00:00Z")
    return build.interaction(api, opportunity, "rejection", "2026-03-13T10:00:00Z")


def void(api: Api, record: dict[str, Any], **headers: str) -> Any:
    return api.delete(f"/v1/interactions/{record['id']}", headers=headers)


def status(api: Api, opportunity: str) -> Any:
    return api.ok(api.get(f"/v1/opportunities/{opportunity}/assessment"))["status"]


def test_the_status_is_as_if_it_had_never_been(api: Api, opportunity: str, rejection: dict[str, Any]) -> None:
    assert status(api, opportunity) == "closed"
    assert void(api, rejection).status_code == 204
    assert status(api, opportunity) == "waiting"


def test_it_stays_readable_and_says_when(api: Api, clock: Clock, rejection: dict[str, Any]) -> None:
    clock.forward(minutes=5)
    void(api, rejection)
    now = "2026-03-16T12:05:00.000000Z"
    found = api.ok(api.get(f"/v1/interactions/{rejection['id']}"))
    assert found == {**rejection, "voided_at": now, "updated_at": now, "version": 2}


def test_again_changes_nothing(api: Api, clock: Clock, database: Database, rejection: dict[str, Any]) -> None:
    void(api, rejection)
    before = api.ok(api.get(f"/v1/interactions/{rejection['id']}"))
    clock.forward(days=1)
    assert void(api, rejection).status_code == 204
    assert api.ok(api.get(f"/v1/interactions/{rejection['id']}")) == before
    found = database.fetch(
        "select action, changed_fields from audit_event where resource_id = $1 order by id", rejection["id"]
    )
    assert [(e["action"], e["changed_fields"]) for e in found][1:] == [("interaction.void", ["voided_at"])]


def test_a_version_is_honoured_if_sent(api: Api, rejection: dict[str, Any]) -> None:
    stale = void(api, rejection, **{"If-Match": '"2"'})
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"1"')
    assert void(api, rejection, **{"If-Match": '"1"'}).status_code == 204


def test_a_voided_one_cannot_be_changed(api: Api, rejection: dict[str, Any]) -> None:
    void(api, rejection)
    for changes in ({"summary": "x"}, {"kind": "rejection"}):
        response = api.patch(f"/v1/interactions/{rejection['id']}", changes, version=2)
        assert (response.status_code, response.json()["code"]) == (409, "voided")
    assert api.patch(f"/v1/interactions/{rejection['id']}", {"summary": "x"}, version=1).status_code == 412


def test_its_id_stays_taken(api: Api, opportunity: str, rejection: dict[str, Any]) -> None:
    void(api, rejection)
    body = {"id": rejection["id"], "kind": "note", "occurred_at": "2026-03-13T10:00:00Z"}
    assert api.post(f"/v1/opportunities/{opportunity}/interactions", body).status_code == 409


def test_it_does_not_count_as_activity(api: Api, opportunity: str, rejection: dict[str, Any]) -> None:
    void(api, rejection)
    found = api.ok(api.get(f"/v1/opportunities/{opportunity}"))
    assert (found["last_activity_at"], found["outcome"]) == ("2026-03-12T10:00:00.000000Z", None)
