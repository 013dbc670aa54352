"""POST /v1/opportunities/{id}/interactions: one thing that happened, or is arranged."""

from typing import Any
from uuid import uuid4

import pytest

from app.ghosting.vocabulary import MEETING_KINDS, STAGE_KINDS, Kind
from tests.support import build
from tests.support.api import Api, Clock
from tests.support.database import Database

YESTERDAY, TODAY, TOMORROW = "2026-03-15T10:00:00Z", "2026-03-16T12:00:00Z", "2026-03-17T10:00:00Z"
NOBODYS = "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a"
NOW = "2026-03-16T12:00:00.000000Z"


@pytest.fixture
def opportunity(api: Api) -> str:
    return str(build.opportunity(api)["id"])


def post(api: Api, opportunity: str, **body: Any) -> Any:
    body = {"kind": "note", "occurred_at": YESTERDAY, **body}
    return api.post(f"/v1/opportunities/{opportunity}/interactions", body)


def fault(response: Any) -> tuple[str, str]:
    assert response.status_code == 422, response.text
    first = response.json()["errors"][0]
    return first["pointer"], first["code"]


def test_answers_with_what_was_recorded_by_whom_and_when(api: Api, opportunity: str) -> None:
    contact = build.contact(api)["id"]
    body = {
        "kind": "interview",
        "occurred_at": "2026-03-15T10:00:00+01:00",
        "ends_at": YESTERDAY,
        "arranged_at": "2026-03-10T08:00:00.5Z",
        "reply_by": "2026-03-20",
        "stage": "final_round",
        "channel": "video",
        "summary": "Two rounds,\none day.",
        "contact_id": contact,
        "visibility": "coaches",
    }
    response = post(api, opportunity, **body)
    made = api.ok(response, 201)
    assert made == {
        **body,
        "occurred_at": "2026-03-15T09:00:00.000000Z",
        "ends_at": "2026-03-15T10:00:00.000000Z",
        "arranged_at": "2026-03-10T08:00:00.500000Z",
        "id": made["id"],
        "opportunity_id": opportunity,
        "recorded_at": NOW,
        "recorded_by": {"type": "member", "id": api.member_id},
        "voided_at": None,
        "version": 1,
        "created_at": NOW,
        "updated_at": NOW,
    }
    assert response.headers["ETag"] == '"1"'
    assert response.headers["Location"] == f"/v1/interactions/{made['id']}"
    assert api.ok(api.get(response.headers["Location"])) == made


def test_fields_left_out_are_null_and_shared(api: Api, opportunity: str) -> None:
    made = api.ok(post(api, opportunity), 201)
    unsaid = ("ends_at", "arranged_at", "reply_by", "stage", "channel", "summary", "contact_id", "voided_at")
    assert {made[name] for name in unsaid} == {None}
    assert made["visibility"] == "shared"


def test_takes_an_id_of_the_callers_own_once(api: Api, stranger: Api, opportunity: str) -> None:
    own = str(uuid4())
    assert api.ok(post(api, opportunity, id=own.upper()), 201)["id"] == own
    again = post(api, opportunity, id=own)
    assert (again.status_code, again.json()["code"]) == (409, "id-taken")
    assert [fault["pointer"] for fault in again.json()["errors"]] == ["/id"]
    elsewhere = build.opportunity(stranger)["id"]
    assert stranger.ok(post(stranger, elsewhere, id=own), 201)["id"] == own


@pytest.mark.parametrize("kind", sorted(MEETING_KINDS))
def test_a_meeting_ahead_counts_as_arranged_when_it_is_recorded(api: Api, opportunity: str, kind: str) -> None:
    assert api.ok(post(api, opportunity, kind=kind, occurred_at=TOMORROW), 201)["arranged_at"] == NOW
    unsaid = post(api, opportunity, kind=kind, occurred_at=TOMORROW, arranged_at=None)
    assert api.ok(unsaid, 201)["arranged_at"] == NOW
    said = post(api, opportunity, kind=kind, occurred_at=TOMORROW, arranged_at=YESTERDAY)
    assert api.ok(said, 201)["arranged_at"] == "2026-03-15T10:00:00.000000Z"


def test_a_meeting_past_or_just_now_and_any_other_kind_ahead_are_not_arranged(api: Api, opportunity: str) -> None:
    for kind, when in (("interview", YESTERDAY), ("meeting", TODAY), ("offer", TOMORROW)):
        assert api.ok(post(api, opportunity, kind=kind, occurred_at=when), 201)["arranged_at"] is None


@pytest.mark.parametrize("kind", sorted(set(Kind) - MEETING_KINDS))
@pytest.mark.parametrize("field", ["ends_at", "arranged_at"])
def test_only_meetings_end_or_are_arranged(api: Api, kind: str, field: str) -> None:
    # No opportunity is needed to find out: 422 comes before 404.
    assert fault(post(api, str(uuid4()), kind=kind, **{field: YESTERDAY})) == (f"/{field}", "unknown-field")


@pytest.mark.parametrize("kind", sorted(set(Kind) - STAGE_KINDS))
def test_a_stage_goes_with_some_kinds_only(api: Api, kind: str) -> None:
    assert fault(post(api, str(uuid4()), kind=kind, stage="screening")) == ("/stage", "unknown-field")


@pytest.mark.parametrize("kind", sorted(STAGE_KINDS))
def test_a_stage_goes_with_these_kinds(api: Api, opportunity: str, kind: str) -> None:
    assert api.ok(post(api, opportunity, kind=kind, stage="screening"), 201)["stage"] == "screening"


def test_a_field_that_does_not_apply_may_be_null(api: Api, opportunity: str) -> None:
    api.ok(post(api, opportunity, ends_at=None, arranged_at=None, stage=None), 201)


@pytest.mark.parametrize(
    ("field", "value"), [("ends_at", "2026-03-15T09:59:59.999999Z"), ("arranged_at", "2026-03-15T10:00:00.000001Z")]
)
def test_times_of_a_meeting_are_in_order(api: Api, opportunity: str, field: str, value: str) -> None:
    assert fault(post(api, opportunity, kind="meeting", **{field: value})) == (f"/{field}", "order")
    api.ok(post(api, opportunity, kind="meeting", **{field: YESTERDAY}), 201)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("kind", "phone_call", "not-in-list"),
        ("kind", None, "not-nullable"),
        ("occurred_at", "2026-03-15T10:00:00", "bad-date-time"),
        ("occurred_at", "1899-12-31T23:59:59Z", "bad-date-time"),
        ("reply_by", "2026-02-30", "bad-date"),
        ("channel", "telepathy", "not-in-list"),
        ("visibility", None, "not-nullable"),
        ("visibility", "everyone", "not-in-list"),
        ("summary", "", "not-visible"),
        ("summary", "x" * 10_001, "too-long"),
        ("contact_id", "me", "bad-format"),
        ("recorded_at", TODAY, "unknown-field"),
        ("opportunity_id", NOBODYS, "unknown-field"),
    ],
)
def test_refuses_what_it_cannot_keep(api: Api, opportunity: str, field: str, value: Any, code: str) -> None:
    assert fault(post(api, opportunity, **{field: value}))[0] == f"/{field}"
    if code != "not-visible":
        assert fault(post(api, opportunity, **{field: value}))[1] == code
    assert api.walk(f"/v1/opportunities/{opportunity}/interactions") == []


@pytest.mark.parametrize("when", ["1900-01-01T00:00:00Z", "2200-12-31T23:59:59.999999Z"])
def test_any_past_or_future_instant_is_accepted(api: Api, opportunity: str, when: str) -> None:
    api.ok(post(api, opportunity, kind="application", occurred_at=when), 201)
    status = api.ok(api.get(f"/v1/opportunities/{opportunity}/assessment", params={"as_of": when}))["status"]
    assert status == "waiting"


def test_a_contact_must_be_one_of_the_practice(api: Api, stranger: Api, opportunity: str) -> None:
    for unknown in (str(uuid4()), build.contact(stranger)["id"]):
        response = post(api, opportunity, contact_id=unknown)
        assert fault(response) == ("/contact_id", "unknown-reference")
        assert response.json()["code"] == "unknown-reference"


def test_the_contact_does_not_become_one_of_the_opportunity(api: Api, opportunity: str) -> None:
    api.ok(post(api, opportunity, contact_id=build.contact(api)["id"]), 201)
    assert api.ok(api.get(f"/v1/opportunities/{opportunity}"))["contact_ids"] == []


def test_an_opportunity_unknown_or_of_another_practice_is_not_there(api: Api, stranger: Api) -> None:
    for hidden in (str(uuid4()), build.opportunity(stranger)["id"]):
        response = post(api, hidden)
        assert (response.status_code, response.json()["code"]) == (404, "not-found")


def test_a_deleted_opportunity_takes_nothing(api: Api, opportunity: str) -> None:
    assert api.delete(f"/v1/opportunities/{opportunity}").status_code == 204
    assert post(api, opportunity).status_code == 404


def test_closed_and_ghosted_opportunities_go_on(api: Api, opportunity: str) -> None:
    def status() -> Any:
        return api.ok(api.get(f"/v1/opportunities/{opportunity}/assessment"))["status"]

    api.ok(post(api, opportunity, kind="outreach", occurred_at="2026-01-05T10:00:00Z"), 201)
    assert status() == "ghosted"
    api.ok(post(api, opportunity, kind="rejection", occurred_at="2026-03-14T10:00:00Z"), 201)
    assert status() == "closed"
    api.ok(post(api, opportunity, kind="request", occurred_at=YESTERDAY), 201)
    assert status() == "your_move"


def test_the_opportunity_keeps_its_version(api: Api, clock: Clock, opportunity: str) -> None:
    before = api.ok(api.get(f"/v1/opportunities/{opportunity}"))
    clock.forward(hours=1)
    api.ok(post(api, opportunity, kind="application"), 201)
    after = api.ok(api.get(f"/v1/opportunities/{opportunity}"))
    assert (after["version"], after["updated_at"]) == (before["version"], before["updated_at"])
    assert after["last_activity_at"] == "2026-03-15T10:00:00.000000Z"


def test_leaves_one_audit_entry_of_names(api: Api, database: Database, opportunity: str) -> None:
    made = api.ok(post(api, opportunity, id=str(uuid4()), summary="Secret words"), 201)
    entries = database.fetch("select * from audit_event where resource_id = $1", made["id"])
    assert [(e["action"], e["resource_type"], e["changed_fields"]) for e in entries] == [
        ("interaction.record", "interaction", ["kind", "occurred_at", "summary"])
    ]
    assert "Secret words" not in str(entries)
