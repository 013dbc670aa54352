"""The practice over HTTP."""

from typing import Any

import pytest

from tests.support.api import Api, Clock
from tests.support.database import Database

BEFORE = {
    "name": "Example Coaching",
    "time_zone": "Europe/Berlin",
    "region": None,
    "coach_access": "practice",
    "weekly_target": 5,
}


def fields(practice: dict[str, Any]) -> dict[str, Any]:
    return {name: practice[name] for name in BEFORE}


def audited(database: Database, api: Api) -> list[tuple[str, list[str]]]:
    rows = database.fetch(
        "select action, changed_fields from audit_event where practice_id = $1 and action <> 'practice.create' "
        "order by occurred_at, id",
        api.practice_id,
    )
    return [(row["action"], row["changed_fields"]) for row in rows]


class TestRead:
    @pytest.mark.parametrize("role", ["admin", "coach", "assistant"])
    def test_every_member_reads_their_own(self, api: Api, stranger: Api, role: str) -> None:
        found = api.ok(api.as_role(role).get("/v1/practice"))
        assert found["id"] == api.practice_id != stranger.practice_id
        assert fields(found) == BEFORE


class TestChange:
    def test_what_is_sent_changes_and_all_else_stays(
        self, api: Api, stranger: Api, clock: Clock, database: Database
    ) -> None:
        clock.forward(minutes=5)
        response = api.patch("/v1/practice", {"region": "DE-BE", "coach_access": "assigned"}, version=1)
        changed = api.ok(response)
        assert fields(changed) == {**BEFORE, "region": "DE-BE", "coach_access": "assigned"}
        assert (changed["version"], response.headers["etag"]) == (2, '"2"')
        assert changed["updated_at"] == "2026-03-16T12:05:00.000000Z"
        assert changed["created_at"] == "2026-03-16T12:00:00.000000Z"
        assert changed == api.ok(api.get("/v1/practice"))
        assert audited(database, api) == [("practice.update", ["coach_access", "region"])]
        assert fields(stranger.ok(stranger.get("/v1/practice"))) == {**BEFORE, "name": "Other Coaching"}

    def test_an_admin_changes_it_too(self, api: Api) -> None:
        changed = api.ok(api.as_role("admin").patch("/v1/practice", {"name": "Renamed Coaching"}, version=1))
        assert changed["name"] == "Renamed Coaching"

    def test_a_cleared_region_counts_weekends_only(self, api: Api) -> None:
        api.ok(api.patch("/v1/practice", {"region": "US"}, version=1))
        assert api.ok(api.patch("/v1/practice", {"region": None}, version=2))["region"] is None

    def test_no_effective_change_is_no_new_version_and_no_event(
        self, api: Api, clock: Clock, database: Database
    ) -> None:
        clock.forward(minutes=5)
        same = api.ok(api.patch("/v1/practice", dict(BEFORE), version=1))
        assert (same["version"], same["updated_at"]) == (1, "2026-03-16T12:00:00.000000Z")
        assert audited(database, api) == []

    @pytest.mark.parametrize("role", ["coach", "assistant"])
    def test_others_may_not(self, api: Api, role: str) -> None:
        refused = api.as_role(role).patch("/v1/practice", {"name": "Taken Over"}, version=1)
        assert api.ok(refused, 403)["code"] == "forbidden-role"
        assert fields(api.ok(api.get("/v1/practice"))) == BEFORE

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("name", None, "not-nullable"),
            ("name", "", "empty"),
            ("name", "x" * 201, "too-long"),
            ("time_zone", "Mars/Olympus", "bad-time-zone"),
            ("time_zone", "europe/berlin", "bad-time-zone"),
            ("time_zone", None, "not-nullable"),
            ("region", "XX", "bad-region"),
            ("region", "DE-XX", "bad-region"),
            ("coach_access", "open", "not-in-list"),
            ("coach_access", None, "not-nullable"),
            ("weekly_target", 51, "out-of-range"),
            ("weekly_target", -1, "out-of-range"),
            ("weekly_target", None, "not-nullable"),
            ("id", "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b00", "unknown-field"),
            ("version", 2, "unknown-field"),
        ],
    )
    def test_a_bad_value_is_named_and_nothing_changes(self, api: Api, field: str, value: Any, code: str) -> None:
        problem = api.ok(api.patch("/v1/practice", {field: value}, version=1), 422)
        assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [(f"/{field}", code)]
        assert fields(api.ok(api.get("/v1/practice"))) == BEFORE

    def test_the_version_must_be_named_and_be_the_present_one(self, api: Api) -> None:
        assert api.ok(api.patch("/v1/practice", {"name": "New"}), 428)["code"] == "if-match-required"
        stale = api.patch("/v1/practice", {"name": "New"}, version=7)
        assert api.ok(stale, 412)["code"] == "version-mismatch"
        assert stale.headers["etag"] == '"1"'
