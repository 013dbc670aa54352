"""GET and PATCH /v1/interactions/{id}: reading one, and correcting it."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.support import build
from tests.support.api import Api, Clock
from tests.support.database import Database

WHEN = "2026-03-02T10:00:00Z"


@pytest.fixture
def opportunity(api: Api) -> str:
    return str(build.opportunity(api)["id"])


@pytest.fixture
def interview(api: Api, opportunity: str) -> dict[str, Any]:
    more = {"ends_at": "2026-03-02T11:00:00Z", "stage": "screening", "summary": "First words"}
    return build.interaction(api, opportunity, "interview", WHEN, **more)


def patch(api: Api, record: dict[str, Any], *, version: int | None = 1, **changes: Any) -> Any:
    return api.patch(f"/v1/interactions/{record['id']}", changes, version=version)


def fault(response: Any) -> tuple[str, str]:
    assert response.status_code == 422, response.text
    first = response.json()["errors"][0]
    return first["pointer"], first["code"]


def assessment(api: Api, opportunity: str) -> Any:
    return api.ok(api.get(f"/v1/opportunities/{opportunity}/assessment"))


class TestReading:
    def test_an_unchanged_one_is_not_sent_twice(self, api: Api, interview: dict[str, Any]) -> None:
        url = f"/v1/interactions/{interview['id']}"
        assert api.get(url, headers={"If-None-Match": '"1"'}).status_code == 304
        assert api.ok(api.get(url, headers={"If-None-Match": '"2"'})) == interview

    def test_one_unknown_foreign_or_of_a_deleted_opportunity_is_not_there(
        self, api: Api, stranger: Api, opportunity: str, interview: dict[str, Any]
    ) -> None:
        foreign = build.interaction(stranger, build.opportunity(stranger)["id"], "note", WHEN)
        assert api.delete(f"/v1/opportunities/{opportunity}").status_code == 204
        for hidden in (uuid4(), foreign["id"], interview["id"]):
            url = f"/v1/interactions/{hidden}"
            assert api.get(url).status_code == 404
            assert api.patch(url, {"summary": "x"}, version=1).status_code == 404
            assert api.delete(url).status_code == 404


class TestChanging:
    def test_every_field_but_the_id(self, api: Api, clock: Clock, interview: dict[str, Any]) -> None:
        clock.forward(hours=1)
        changes = {
            "kind": "meeting",
            "occurred_at": "2026-03-03T10:00:00.000000Z",
            "ends_at": "2026-03-03T10:30:00.000000Z",
            "arranged_at": "2026-03-01T10:00:00.000000Z",
            "reply_by": "2026-03-30",
            "stage": "interviewing",
            "channel": "phone",
            "summary": "Other words",
            "contact_id": build.contact(api)["id"],
            "visibility": "coaches",
        }
        response = patch(api, interview, **changes)
        changed = api.ok(response)
        assert changed == {**interview, **changes, "version": 2, "updated_at": "2026-03-16T13:00:00.000000Z"}
        assert response.headers["ETag"] == '"2"'
        assert api.ok(api.get(f"/v1/interactions/{interview['id']}")) == changed

    def test_null_clears(self, api: Api, interview: dict[str, Any]) -> None:
        changed = api.ok(patch(api, interview, ends_at=None, stage=None, summary=None))
        assert (changed["ends_at"], changed["stage"], changed["summary"]) == (None, None, None)

    @pytest.mark.parametrize("field", ["kind", "occurred_at", "visibility"])
    def test_some_cannot_be_cleared(self, api: Api, interview: dict[str, Any], field: str) -> None:
        assert fault(patch(api, interview, **{field: None})) == (f"/{field}", "not-nullable")

    @pytest.mark.parametrize("field", ["id", "opportunity_id", "recorded_at", "recorded_by", "voided_at", "version"])
    def test_the_servers_fields_are_not_known(self, api: Api, interview: dict[str, Any], field: str) -> None:
        response = api.patch(f"/v1/interactions/{interview['id']}", {field: interview[field]}, version=1)
        assert fault(response) == (f"/{field}", "unknown-field")

    def test_nothing_is_not_a_change(self, api: Api, interview: dict[str, Any]) -> None:
        assert fault(patch(api, interview)) == ("", "empty")

    def test_no_effect_keeps_the_version_and_leaves_no_trace(
        self, api: Api, database: Database, interview: dict[str, Any]
    ) -> None:
        same = patch(api, interview, kind="interview", occurred_at="2026-03-02T11:00:00+01:00", summary="First words")
        assert api.ok(same) == interview
        actions = database.fetch("select action from audit_event where resource_id = $1", interview["id"])
        assert [entry["action"] for entry in actions] == ["interaction.record"]

    def test_the_record_must_make_sense_as_a_whole(self, api: Api, interview: dict[str, Any]) -> None:
        assert fault(patch(api, interview, occurred_at="2026-03-02T12:00:00Z")) == ("/ends_at", "order")
        assert fault(patch(api, interview, arranged_at="2026-03-02T10:00:01Z")) == ("/arranged_at", "order")
        assert fault(patch(api, interview, kind="request")) == ("/ends_at", "unknown-field")
        both = patch(api, interview, kind="note").json()["errors"]
        assert [error["pointer"] for error in both] == ["/ends_at", "/stage"]
        assert api.ok(patch(api, interview, kind="note", ends_at=None, stage=None))["kind"] == "note"

    def test_a_contact_must_be_one_of_the_practice(self, api: Api, stranger: Api, interview: dict[str, Any]) -> None:
        foreign = build.contact(stranger)["id"]
        assert fault(patch(api, interview, contact_id=foreign)) == ("/contact_id", "unknown-reference")

    def test_needs_the_version(self, api: Api, interview: dict[str, Any]) -> None:
        assert patch(api, interview, version=None, summary="x").status_code == 428
        stale = patch(api, interview, version=2, summary="x")
        assert (stale.status_code, stale.headers["ETag"]) == (412, '"1"')
        api.ok(patch(api, interview, summary="x"))
        assert patch(api, interview, summary="y").status_code == 412

    def test_the_status_follows(self, api: Api, opportunity: str, interview: dict[str, Any]) -> None:
        assert assessment(api, opportunity)["status"] == "follow_up_overdue"
        api.ok(patch(api, interview, occurred_at="2026-03-12T10:00:00Z", ends_at=None))
        assert assessment(api, opportunity)["silent_since"] == "2026-03-12T10:00:00.000000Z"
        api.ok(patch(api, interview, version=2, kind="request"))
        assert assessment(api, opportunity)["status"] == "your_move"
        api.ok(patch(api, interview, version=3, reply_by="2026-03-19"))
        assert assessment(api, opportunity)["next_action"]["due_on"] == "2026-03-19"
        api.ok(patch(api, interview, version=4, stage="offer"))
        assert assessment(api, opportunity)["stage"] == "offer"


class TestFormerValues:
    def test_are_kept_for_each_version(self, api: Api, database: Database, interview: dict[str, Any]) -> None:
        second = api.ok(patch(api, interview, summary="Second words"))
        api.ok(patch(api, interview, version=2, occurred_at="2026-03-01T10:00:00Z", visibility="coaches"))
        rows = database.fetch(
            "select * from interaction_revision where interaction_id = $1 order by version", interview["id"]
        )
        assert [(row["version"], json.loads(row["former"])) for row in rows] == [(1, interview), (2, second)]
        assert {(row["replaced_by_type"], str(row["replaced_by_id"])) for row in rows} == {("member", api.member_id)}

    def test_the_audit_names_the_fields(self, api: Api, database: Database, interview: dict[str, Any]) -> None:
        api.ok(patch(api, interview, summary="Second words", kind="interview", stage="final_round"))
        found = database.fetch(
            "select changed_fields from audit_event where resource_id = $1 and action = 'interaction.update'",
            interview["id"],
        )
        assert [entry["changed_fields"] for entry in found] == [["stage", "summary"]]

    def test_a_refused_change_keeps_nothing(self, api: Api, database: Database, interview: dict[str, Any]) -> None:
        patch(api, interview, arranged_at="2026-03-09T10:00:00Z")
        patch(api, interview, version=7, summary="x")
        count = "select count(*) from interaction_revision where interaction_id = $1"
        assert database.value(count, interview["id"]) == 0


class TestMeetingsMoved:
    def test_a_meeting_moved_into_the_future_counts_as_arranged_when_it_was_recorded(self, api: Api) -> None:
        role = build.opportunity(api)["id"]
        met = build.interaction(api, role, "interview", "2026-03-10T10:00:00Z")
        assert met["arranged_at"] is None
        path = f"/v1/interactions/{met['id']}"
        moved = api.ok(api.patch(path, {"occurred_at": "2026-03-20T10:00:00Z"}, version=1))
        assert moved["arranged_at"] == met["recorded_at"]
        assert api.ok(api.get(f"/v1/opportunities/{role}/assessment"))["status"] == "scheduled"

    def test_the_services_own_mark_goes_when_the_meeting_turns_out_to_have_been_earlier(self, api: Api) -> None:
        role = build.opportunity(api)["id"]
        met = build.interaction(api, role, "interview", "2026-03-20T10:00:00Z")
        path = f"/v1/interactions/{met['id']}"
        moved = api.ok(api.patch(path, {"occurred_at": "2026-03-10T10:00:00Z"}, version=1))
        assert moved["arranged_at"] is None
        noted = api.ok(api.patch(path, {"occurred_at": "2026-03-20T10:00:00Z", "kind": "note"}, version=2))
        assert noted["arranged_at"] is None

    def test_a_date_of_arrangement_that_the_caller_gave_is_for_the_caller_to_mend(self, api: Api) -> None:
        role = build.opportunity(api)["id"]
        met = build.interaction(api, role, "interview", "2026-03-14T10:00:00Z", arranged_at="2026-03-12T10:00:00Z")
        moved = api.patch(f"/v1/interactions/{met['id']}", {"occurred_at": "2026-03-11T10:00:00Z"}, version=1)
        assert api.ok(moved, 422)["errors"][0]["pointer"] == "/arranged_at"
