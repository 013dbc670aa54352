"""GET /v1/opportunities/{id}/assessment and /status-history."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support import build
from tests.support.api import Api, Clock


@pytest.fixture
def opportunity(api: Api) -> str:
    """A contact is known, an interview on Monday, March 2nd; the clock stands at Monday the 16th."""
    named = {"contact_ids": [build.contact(api)["id"]]}
    found = str(build.opportunity(api, build.client(api, time_zone="Europe/Berlin")["id"], **named)["id"])
    build.interaction(api, found, "interview", "2026-03-02T10:00:00Z", ends_at="2026-03-02T11:00:00Z")
    return found


def assessment(api: Api, opportunity: str, **params: str) -> Any:
    return api.ok(api.get(f"/v1/opportunities/{opportunity}/assessment", params=params))


def history(api: Api, opportunity: str) -> Any:
    return api.ok(api.get(f"/v1/opportunities/{opportunity}/status-history"))["items"]


class TestAssessment:
    def test_says_where_things_stand_now(self, api: Api, clock: Clock, opportunity: str) -> None:
        said = assessment(api, opportunity)
        assert said["as_of"] == "2026-03-16T12:00:00.000000Z"
        assert said["opportunity_id"] == opportunity
        assert (said["status"], said["stage"], said["waiting_on"]) == ("follow_up_overdue", "interviewing", "employer")
        assert (said["silent_since"], said["silent_days"]) == ("2026-03-02T11:00:00.000000Z", 14)
        assert said["follow_up"] == {"used": False, "opens_on": "2026-03-09", "closes_on": "2026-03-09"}
        assert said["policy_version"] == 1
        clock.forward(days=30)
        assert assessment(api, opportunity)["status"] == "ghosted"

    @pytest.mark.parametrize(
        ("as_of", "status"),
        [
            ("1900-01-01T00:00:00Z", "not_started"),
            ("2026-03-02T09:59:59.999999Z", "not_started"),
            ("2026-03-02T10:00:00Z", "waiting"),
            ("2026-03-09T00:00:00%2B01:00", "follow_up_due"),
            ("2026-03-08T23:00:00Z", "follow_up_due"),
            ("2026-03-08T22:59:59.999999Z", "waiting"),
            ("2026-04-01T22:00:00Z", "ghosted"),
            ("2026-04-01T21:59:59.999999Z", "follow_up_overdue"),
            ("2200-12-31T23:59:59.999999Z", "ghosted"),
        ],
    )
    def test_holds_for_any_instant(self, api: Api, opportunity: str, as_of: str, status: str) -> None:
        said = api.ok(api.get(f"/v1/opportunities/{opportunity}/assessment?as_of={as_of}"))
        assert said["status"] == status
        assert said["since"] is None or said["since"] <= said["as_of"]
        assert said["until"] is None or said["as_of"] < said["until"]

    def test_before_anything_happened(self, api: Api) -> None:
        said = assessment(api, build.opportunity(api)["id"])
        assert (said["status"], said["since"], said["until"]) == ("not_started", None, None)
        assert said["next_action"]["kind"] == "make_contact"
        assert [reason["code"] for reason in said["reasons"]] == ["nothing_yet"]

    def test_has_no_advice_for_what_is_closed(self, api: Api, opportunity: str) -> None:
        build.interaction(api, opportunity, "rejection", "2026-03-10T10:00:00Z")
        said = assessment(api, opportunity)
        assert (said["status"], said["outcome"], said["next_action"]) == ("closed", "rejected", None)

    def test_names_the_interactions_it_rests_on(self, api: Api, opportunity: str) -> None:
        build.interaction(api, opportunity, "note", "2026-03-04T10:00:00Z")
        nudge = build.interaction(api, opportunity, "follow_up", "2026-03-09T10:00:00Z")["id"]
        said = assessment(api, opportunity)
        assert said["reasons"][0]["code"] == "follow_up_used"
        assert nudge in said["next_action"]["interaction_ids"]

    def test_the_key_of_an_action_is_stable_and_veiled(self, api: Api, opportunity: str) -> None:
        before = assessment(api, opportunity)["next_action"]
        build.interaction(api, opportunity, "note", "2026-03-04T10:00:00Z")
        after = assessment(api, opportunity)["next_action"]
        assert after == before
        assert before["key"].startswith("send_follow_up:")
        assert not any(i in before["key"] for i in before["interaction_ids"])

    def test_follows_contacts_and_calendar(self, api: Api, opportunity: str) -> None:
        plain = build.opportunity(api)
        build.interaction(api, plain["id"], "application", "2026-03-02T10:00:00Z")
        assert assessment(api, plain["id"])["next_action"]["kind"] == "find_contact"
        named = {"contact_ids": [build.contact(api)["id"]]}
        api.ok(api.patch(f"/v1/opportunities/{plain['id']}", named, version=1))
        assert assessment(api, plain["id"])["status"] == "follow_up_due"
        url = f"/v1/clients/{api.ok(api.get(f'/v1/opportunities/{opportunity}'))['client_id']}"
        api.ok(api.patch(url, {"time_zone": "Pacific/Kiritimati"}, version=1))
        assert assessment(api, opportunity)["silent_days"] == 14
        assert assessment(api, opportunity, as_of="2026-03-16T10:00:00Z")["silent_days"] == 14
        assert assessment(api, opportunity, as_of="2026-03-16T09:59:59Z")["silent_days"] == 13

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ("as_of=2026-03-16", "as_of"),
            ("as_of=2026-03-16T10:00:00", "as_of"),
            ("as_of=1899-12-31T23:59:59Z", "as_of"),
            ("as_of=2026-03-16T10:00:00Z&as_of=2026-03-16T10:00:00Z", "as_of"),
            ("at=now", "at"),
        ],
    )
    def test_unknown_instants_are_refused(self, api: Api, opportunity: str, query: str, name: str) -> None:
        response = api.get(f"/v1/opportunities/{opportunity}/assessment?{query}")
        assert response.status_code == 422
        assert [error["pointer"] for error in response.json()["errors"]] == [name]


class TestHistory:
    def test_tiles_all_time_from_the_first_start(self, api: Api, opportunity: str) -> None:
        build.interaction(api, opportunity, "follow_up", "2026-03-09T10:00:00Z")
        items = history(api, opportunity)
        assert [(item["status"], item["starts_at"][:16]) for item in items] == [
            ("waiting", "2026-03-02T10:00"),
            ("follow_up_due", "2026-03-08T23:00"),
            ("ball_in_their_court", "2026-03-09T10:00"),
            ("ghosted", "2026-04-01T22:00"),
        ]
        assert [item["ends_at"] for item in items] == [item["starts_at"] for item in items[1:]] + [None]

    def test_the_assessment_has_the_status_of_each_stretch(self, api: Api, opportunity: str) -> None:
        for item in history(api, opportunity):
            said = assessment(api, opportunity, as_of=item["starts_at"])
            assert (said["status"], said["since"], said["until"]) == tuple(item.values())

    def test_is_empty_before_the_start_and_after_a_change_of_mind(self, api: Api, opportunity: str) -> None:
        assert history(api, build.opportunity(api)["id"]) == []
        (only,) = api.walk(f"/v1/opportunities/{opportunity}/interactions")
        assert api.delete(f"/v1/interactions/{only['id']}").status_code == 204
        assert history(api, opportunity) == []

    def test_knows_no_parameters(self, api: Api, opportunity: str) -> None:
        response = api.get(f"/v1/opportunities/{opportunity}/status-history?as_of=2026-03-16T10:00:00Z")
        assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "unknown-parameter")


@pytest.mark.parametrize("view", ["assessment", "status-history"])
def test_an_opportunity_unknown_foreign_or_deleted_is_not_there(
    api: Api, stranger: Api, opportunity: str, view: str
) -> None:
    foreign = build.opportunity(stranger)["id"]
    assert api.delete(f"/v1/opportunities/{opportunity}").status_code == 204
    bodies = [api.get(f"/v1/opportunities/{hidden}/{view}") for hidden in (uuid4(), foreign, opportunity)]
    assert {response.status_code for response in bodies} == {404}
    assert len({str({**response.json(), "instance": ""}) for response in bodies}) == 1
    api.ok(api.post(f"/v1/opportunities/{opportunity}/restore"))
    api.ok(api.get(f"/v1/opportunities/{opportunity}/{view}"))
