"""The policy over HTTP."""

import copy
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from app.assessments import service as assessments
from app.assessments.service import recompute
from app.db.scope import Role, Scope, ScopedSession
from app.ghosting.policy import DEFAULT_POLICY
from app.jobs import rebuild
from tests.support import build
from tests.support.api import Api, Clock
from tests.support.database import Database

FIELDS = (
    "waits",
    "promise_grace_business_days",
    "held_window_business_days",
    "undated_hold_days",
    "follow_up_rest_days",
    "thank_you_due_days",
    "thank_you_until_days",
    "skip_weekends",
)


def document(api: Api, **changes: Any) -> dict[str, Any]:
    """The document in force, with changes."""
    current = api.ok(api.get("/v1/policy"))
    return copy.deepcopy({name: current[name] for name in FIELDS}) | changes


def patient(api: Api) -> dict[str, Any]:
    """The document in force, but for applications, which are ghosted only after 90 days."""
    changed = document(api)
    changed["waits"]["application"]["ghosted_from_days"] = 90
    return changed


def applied(api: Api, clock: Clock, days_ago: int = 40) -> str:
    """An opportunity whose application lies some days back."""
    made = build.opportunity(api)["id"]
    build.interaction(api, made, "application", (clock.now - timedelta(days=days_ago)).isoformat())
    return str(made)


def verdict(api: Api, opportunity_id: str) -> tuple[str, int]:
    """The status as of now, and the version of the policy that it stands under."""

    async def look(session: ScopedSession) -> tuple[str, int]:
        found = await assessments.assess(
            session, opportunity_id=uuid.UUID(opportunity_id), as_of=api.house.clock.now, sees_coaches_only=True
        )
        return found["status"], found["policy_version"]

    seen: tuple[str, int] = api.house.within(tenant(api), look)
    return seen


def tenant(api: Api) -> Scope:
    return Scope(Role.TENANT, practice_id=uuid.UUID(api.practice_id))


class TestRead:
    def test_a_fresh_practice_has_the_built_in_policy_as_version_1(self, api: Api) -> None:
        response = api.get("/v1/policy")
        found = api.ok(response)
        assert response.headers["etag"] == '"1"'
        assert (found["version"], found["created_by"]) == (1, None)
        assert found["waits"]["application"]["typical_reply_days"] == 14
        assert found["undated_hold_days"] == DEFAULT_POLICY.undated_hold_days
        assert set(found) == {*FIELDS, "version", "created_at", "created_by"}

    def test_a_version_already_held_is_not_sent_again(self, api: Api) -> None:
        assert api.get("/v1/policy", headers={"If-None-Match": '"1"'}).status_code == 304
        assert api.get("/v1/policy", headers={"If-None-Match": '"2"'}).status_code == 200

    @pytest.mark.parametrize("role", ["admin", "coach", "assistant"])
    def test_every_member_reads_it(self, api: Api, role: str) -> None:
        member = api.as_role(role)
        for path in ("/v1/policy", "/v1/policy/versions", "/v1/policy/versions/1"):
            member.ok(member.get(path))


class TestPublish:
    def test_a_changed_document_is_a_new_version_and_recomputes_every_opportunity(
        self, api: Api, stranger: Api, clock: Clock
    ) -> None:
        mine, quiet, theirs = applied(api, clock), build.opportunity(api)["id"], applied(stranger, clock)
        assert verdict(api, mine) == ("ghosted", 1)
        clock.forward(minutes=1)
        response = api.put("/v1/policy", patient(api), version=1)
        made = api.ok(response)
        assert response.headers["etag"] == '"2"'
        assert (made["version"], made["created_by"]) == (2, api.member_id)
        assert made["created_at"] == "2026-03-16T12:01:00.000000Z"
        assert made["waits"]["application"]["ghosted_from_days"] == 90
        assert made == api.ok(api.get("/v1/policy"))
        assert verdict(api, mine)[0] != "ghosted"
        assert [verdict(api, i)[1] for i in (mine, quiet)] == [2, 2]
        assert verdict(stranger, theirs) == ("ghosted", 1)

    def test_opportunities_made_afterwards_stand_under_the_new_version(self, api: Api, clock: Clock) -> None:
        api.ok(api.put("/v1/policy", patient(api), version=1))
        assert verdict(api, applied(api, clock))[1] == 2

    def test_a_hidden_opportunity_is_recomputed_too_since_it_may_come_back(self, api: Api, clock: Clock) -> None:
        hidden = applied(api, clock)
        api.ok(api.delete(f"/v1/opportunities/{hidden}"), 204)
        api.ok(api.put("/v1/policy", patient(api), version=1))
        api.ok(api.post(f"/v1/opportunities/{hidden}/restore"))
        assert verdict(api, hidden)[1] == 2

    def test_equal_content_keeps_the_version_and_leaves_no_trace(self, api: Api, database: Database) -> None:
        response = api.put("/v1/policy", document(api), version=1)
        assert api.ok(response)["version"] == 1
        assert response.headers["etag"] == '"1"'
        assert audited(api, database) == []

    def test_what_was_in_force_before_can_be_published_again(self, api: Api) -> None:
        first = document(api)
        api.ok(api.put("/v1/policy", patient(api), version=1))
        assert api.ok(api.put("/v1/policy", first, version=2))["version"] == 3

    def test_the_audit_names_the_fields_that_changed(self, api: Api, database: Database) -> None:
        api.ok(api.put("/v1/policy", {**patient(api), "skip_weekends": False}, version=1))
        assert audited(api, database) == [("policy.publish", ["skip_weekends", "waits"], uuid.UUID(api.member_id))]

    def test_without_if_match_it_is_428_and_with_an_old_one_412(self, api: Api) -> None:
        changed = patient(api)
        assert api.put("/v1/policy", changed).status_code == 428
        api.ok(api.put("/v1/policy", changed, version=1))
        stale = api.put("/v1/policy", document(api, skip_weekends=False), version=1)
        assert (stale.status_code, stale.headers["etag"]) == (412, '"2"')
        equal = api.put("/v1/policy", changed, version=1)
        assert equal.status_code == 412

    @pytest.mark.parametrize("field", FIELDS)
    def test_every_field_is_required(self, api: Api, field: str) -> None:
        body = document(api)
        del body[field]
        faults = api.ok(api.put("/v1/policy", body, version=1), 422)["errors"]
        assert [(f["code"], f["pointer"]) for f in faults] == [("required", f"/{field}")]

    def test_waits_have_every_kind_and_no_other(self, api: Api) -> None:
        body = document(api)
        body["waits"]["lunch"] = body["waits"].pop("outreach")
        faults = api.ok(api.put("/v1/policy", body, version=1), 422)["errors"]
        found = {(f["code"], f["pointer"]) for f in faults}
        assert found == {("required", "/waits/outreach"), ("unknown-field", "/waits/lunch")}

    @pytest.mark.parametrize("field", ["version", "created_at", "created_by"])
    def test_a_field_that_the_server_sets_is_unknown_on_input(self, api: Api, field: str) -> None:
        faults = api.ok(api.put("/v1/policy", document(api, **{field: 1}), version=1), 422)["errors"]
        assert [(f["code"], f["pointer"]) for f in faults] == [("unknown-field", f"/{field}")]

    @pytest.mark.parametrize(
        ("row", "pointer"),
        [
            ({"follow_up_from_days": 8, "follow_up_until_days": 7}, "follow_up_until_days"),
            ({"follow_up_until_days": 31, "ghosted_from_days": 31}, "ghosted_from_days"),
        ],
    )
    def test_a_window_closes_after_it_opens_and_before_the_ghosting(
        self, api: Api, row: dict[str, int], pointer: str
    ) -> None:
        body = document(api)
        body["waits"]["contact"] |= row
        faults = api.ok(api.put("/v1/policy", body, version=1), 422)["errors"]
        assert [(f["code"], f["pointer"]) for f in faults] == [("order", f"/waits/contact/{pointer}")]

    @pytest.mark.parametrize(
        "changes",
        [
            {"undated_hold_days": 0},
            {"undated_hold_days": 366},
            {"promise_grace_business_days": 31},
            {"promise_grace_business_days": -1},
            {"thank_you_due_days": 3, "thank_you_until_days": 2},
            {"skip_weekends": 1},
            {"follow_up_rest_days": "7"},
            {"follow_up_rest_days": None},
        ],
    )
    def test_numbers_outside_their_ranges_are_refused(self, api: Api, changes: dict[str, Any]) -> None:
        assert api.put("/v1/policy", document(api, **changes), version=1).status_code == 422
        assert api.ok(api.get("/v1/policy"))["version"] == 1

    def test_whole_numbers_may_be_written_with_a_fraction_of_zero(self, api: Api) -> None:
        assert api.ok(api.put("/v1/policy", document(api, follow_up_rest_days=7.0), version=1))["version"] == 1

    @pytest.mark.parametrize("role", ["coach", "assistant"])
    def test_coaches_and_assistants_may_not(self, api: Api, role: str) -> None:
        assert api.ok(api.as_role(role).put("/v1/policy", patient(api), version=1), 403)["code"] == "forbidden-role"

    def test_of_two_at_once_one_wins_and_the_other_is_told_so(self, api: Api, clock: Clock) -> None:
        mine = applied(api, clock)
        bodies = [document(api, follow_up_rest_days=days) for days in (8, 9)]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda body: api.put("/v1/policy", body, version=1).status_code, bodies))
        assert sorted(answers) == [200, 412]
        assert verdict(api, mine)[1] == 2
        assert len(api.walk("/v1/policy/versions")) == 2


class TestLargePractice:
    def test_until_the_job_has_come_answers_keep_the_old_version(
        self, api: Api, stranger: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch, database: Database
    ) -> None:
        monkeypatch.setattr(recompute, "BACKGROUND_FROM", 2)
        monkeypatch.setattr(rebuild, "CHUNK", 2)
        mine, theirs = [applied(api, clock) for _ in range(3)], applied(stranger, clock)
        api.ok(api.put("/v1/policy", patient(api), version=1))
        assert [verdict(api, i) for i in mine] == [("ghosted", 1)] * 3
        queued = (
            "select convert_from(payload, 'UTF8')::json ->> 'practice_id' from pgqueuer where entrypoint = 'rebuild'"
        )
        assert api.practice_id in [row["?column?"] for row in database.fetch(queued)]
        assert [rebuilt(api) for _ in range(3)] == [2, 1, 0]
        assert [verdict(api, i)[1] for i in mine] == [2, 2, 2]
        assert "ghosted" not in [verdict(api, i)[0] for i in mine]
        assert verdict(stranger, theirs) == ("ghosted", 1)

    def test_a_write_meanwhile_brings_its_opportunity_up_to_date(
        self, api: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(recompute, "BACKGROUND_FROM", 1)
        touched, untouched = applied(api, clock), applied(api, clock)
        api.ok(api.put("/v1/policy", patient(api), version=1))
        build.interaction(api, touched, "note", clock.now.isoformat())
        assert (verdict(api, touched)[1], verdict(api, untouched)[1]) == (2, 1)
        assert [rebuilt(api), rebuilt(api)] == [1, 0]

    def test_a_practice_of_just_that_size_is_done_at_once(
        self, api: Api, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(recompute, "BACKGROUND_FROM", 2)
        mine = [applied(api, clock) for _ in range(2)]
        api.ok(api.put("/v1/policy", patient(api), version=1))
        assert [verdict(api, i)[1] for i in mine] == [2, 2]


class TestVersions:
    def test_versions_are_listed_newest_first_and_each_once(self, api: Api, stranger: Api) -> None:
        for version in range(1, 5):
            api.ok(api.put("/v1/policy", document(api, follow_up_rest_days=10 + version), version=version))
        stranger.ok(stranger.put("/v1/policy", patient(stranger), version=1))
        for limit in (1, 2, 5, 200):
            assert [v["version"] for v in api.walk("/v1/policy/versions", limit=limit)] == [5, 4, 3, 2, 1]

    def test_a_version_published_during_a_walk_does_not_shift_it(self, api: Api) -> None:
        api.ok(api.put("/v1/policy", patient(api), version=1))
        page = api.ok(api.get("/v1/policy/versions", params={"limit": 1}))
        api.ok(api.put("/v1/policy", document(api, skip_weekends=False), version=2))
        rest = api.ok(api.get("/v1/policy/versions", params={"limit": 1, "cursor": page["next_cursor"]}))
        assert [v["version"] for v in page["items"] + rest["items"]] == [2, 1]
        assert rest["next_cursor"] is None

    def test_an_old_version_stays_as_it_was(self, api: Api) -> None:
        first = api.ok(api.get("/v1/policy"))
        api.ok(api.put("/v1/policy", patient(api), version=1))
        response = api.get("/v1/policy/versions/1")
        assert api.ok(response) == first
        assert response.headers["etag"] == '"1"'
        assert api.ok(api.get("/v1/policy/versions/2")) == api.ok(api.get("/v1/policy"))

    @pytest.mark.parametrize(
        "number", ["2", "0", "-1", "+1", "01", "1.0", "1e0", "%201", "x", "2147483648", "9" * 300, "%D9%A1"]
    )
    def test_unknown_and_malformed_numbers_are_the_same_404(self, api: Api, stranger: Api, number: str) -> None:
        stranger.ok(stranger.put("/v1/policy", patient(stranger), version=1))
        problem = api.ok(api.get(f"/v1/policy/versions/{number}"), 404)
        assert problem["code"] == "not-found"

    def test_a_cursor_of_another_practice_is_refused(self, api: Api, stranger: Api) -> None:
        api.ok(api.put("/v1/policy", patient(api), version=1))
        cursor = api.ok(api.get("/v1/policy/versions", params={"limit": 1}))["next_cursor"]
        problem = stranger.ok(stranger.get("/v1/policy/versions", params={"limit": 1, "cursor": cursor}), 400)
        assert problem["code"] == "invalid-cursor"


def audited(api: Api, database: Database) -> list[tuple[str, list[str], uuid.UUID]]:
    """What the audit log says of policies."""
    query = "select * from audit_event where practice_id = $1 and resource_type = 'policy' order by occurred_at"
    rows = database.fetch(query, uuid.UUID(api.practice_id))
    return [(row["action"], row["changed_fields"], row["actor_id"]) for row in rows]


def rebuilt(api: Api) -> int:
    """Let the job do one transaction's worth of its work."""

    async def work(session: ScopedSession) -> int:
        return await rebuild.run(session, now=api.house.clock.now)

    count: int = api.house.within(tenant(api), work)
    return count
