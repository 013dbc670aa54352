"""Which opportunities a list holds."""

import uuid
from typing import Any

import pytest

from tests.support import build
from tests.support.api import Api, Clock

PATH = "/v1/opportunities"


def ids(api: Api, **params: Any) -> set[str]:
    items = api.walk(PATH, limit=2, **params)
    assert len({item["id"] for item in items}) == len(items)
    return {item["id"] for item in items}


@pytest.fixture
def log(api: Api, stranger: Api) -> dict[str, str]:
    """Return opportunities by the status they have now, and the same ones of a stranger as noise."""
    made = _log(api)
    _log(stranger)
    return made


def _log(api: Api) -> dict[str, str]:
    made = {}
    for status, kind, day in (
        ("waiting", "outreach", "2026-03-14"),
        ("follow_up_due", "outreach", "2026-03-10"),
        ("follow_up_overdue", "outreach", "2026-03-02"),
        ("ghosted", "outreach", "2026-01-02"),
        ("your_move", "request", "2026-03-14"),
        ("closed", "rejection", "2026-03-05"),
    ):
        made[status] = build.opportunity(api)["id"]
        build.interaction(api, made[status], kind, f"{day}T09:00:00Z")
    made["not_started"] = build.opportunity(api)["id"]
    return made


class TestItems:
    def test_an_item_is_what_reading_it_answers(self, api: Api, log: dict[str, str]) -> None:
        items = {item["id"]: item for item in api.walk(PATH)}
        assert set(items) == set(log.values())
        for status, opportunity_id in log.items():
            assert items[opportunity_id] == api.ok(api.get(f"{PATH}/{opportunity_id}"))
            assert items[opportunity_id]["assessment"]["status"] == status

    def test_the_ones_changed_last_come_first(self, api: Api, clock: Clock) -> None:
        made = []
        for _ in range(3):
            made.append(build.opportunity(api)["id"])
            clock.forward(minutes=1)
        api.ok(api.patch(f"{PATH}/{made[0]}", {"title": "Changed"}, version=1))
        assert [item["id"] for item in api.walk(PATH)] == [made[0], made[2], made[1]]

    def test_archived_clients_are_left_out_unless_named(self, api: Api) -> None:
        current, archived = build.client(api), build.client(api)
        shown, left_out = build.opportunity(api, current["id"]), build.opportunity(api, archived["id"])
        api.ok(api.patch(f"/v1/clients/{archived['id']}", {"archived": True}, version=1))
        assert ids(api) == {shown["id"]}
        assert ids(api, client_id=archived["id"]) == {left_out["id"]}
        assert ids(api, status="not_started") == {shown["id"]}
        assert api.get(f"{PATH}/{left_out['id']}").status_code == 200

    def test_an_assistant_sees_them_all(self, api: Api, log: dict[str, str]) -> None:
        assert ids(api.as_role("assistant")) == set(log.values())


class TestFilters:
    def test_status_picks_one_or_several(self, api: Api, log: dict[str, str]) -> None:
        for status, opportunity_id in log.items():
            assert ids(api, status=status) == {opportunity_id}, status
        assert ids(api, status=["waiting", "ghosted"]) == {log["waiting"], log["ghosted"]}
        assert ids(api, status="scheduled") == set()

    def test_status_follows_the_clock(self, api: Api, clock: Clock, log: dict[str, str]) -> None:
        clock.forward(days=5)
        assert ids(api, status="follow_up_due") == {log["waiting"]}
        assert ids(api, status="waiting") == set()

    def test_as_of_judges_the_status_and_not_the_stage(self, api: Api, log: dict[str, str]) -> None:
        then = "2026-03-03T00:00:00Z"
        assert ids(api, status="waiting", as_of=then) == {log["follow_up_overdue"]}
        assert ids(api, status="closed", as_of=then) == set()
        assert ids(api, outcome="rejected", as_of=then) == {log["closed"]}
        assert ids(api, outcome="rejected", status="not_started", as_of=then) == {log["closed"]}
        (item,) = api.walk(PATH, outcome="rejected", as_of=then)
        assert (item["outcome"], item["assessment"]["outcome"]) == ("rejected", None)
        assert (item["assessment"]["status"], item["assessment"]["as_of"]) == ("not_started", then[:-1] + ".000000Z")
        assert item["last_activity_at"] == "2026-03-05T09:00:00.000000Z"
        assert log["waiting"] in ids(api, status="ghosted", as_of="2026-06-01T00:00:00+02:00")

    def test_stage_and_outcome_pick_one_or_several(self, api: Api, stranger: Api) -> None:
        met, offered, closed = (build.opportunity(api)["id"] for _ in range(3))
        for caller, opportunity_id in ((api, met), (stranger, build.opportunity(stranger)["id"])):
            build.interaction(caller, opportunity_id, "interview", "2026-03-10T09:00:00Z")
        build.interaction(api, offered, "offer", "2026-03-10T09:00:00Z")
        build.interaction(api, closed, "withdrawal", "2026-03-10T09:00:00Z")
        assert ids(api, stage="interviewing") == {met}
        assert ids(api, stage=["interviewing", "offer"]) == {met, offered}
        assert ids(api, stage="lead") == {closed}
        assert ids(api, outcome="withdrawn") == {closed}
        assert ids(api, outcome=["withdrawn", "accepted"]) == {closed}
        assert ids(api, outcome="accepted") == set()
        assert ids(api, stage="offer", status="your_move", sort="due_on") == {offered}
        assert ids(api, stage="offer", status="waiting") == set()

    def test_client_company_and_coach(self, api: Api, stranger: Api) -> None:
        coach = api.as_role("coach").member_id
        client = build.client(api, coach_ids=[api.member_id, coach])
        other = build.client(api)
        found = build.opportunity(api, client["id"], company_name="Acme")
        build.opportunity(api, other["id"], company_name="Bolt")
        build.opportunity(stranger, company_name="Acme")
        assert ids(api, client_id=client["id"]) == {found["id"]}
        assert ids(api, company_id=found["company_id"]) == {found["id"]}
        assert ids(api, coach_id=coach) == {found["id"]}
        assert len(ids(api, coach_id=api.member_id)) == 2
        assert ids(api, coach_id=coach, client_id=other["id"]) == set()
        for name, value in (("client_id", client["id"]), ("company_id", found["company_id"]), ("coach_id", coach)):
            assert ids(stranger, **{name: value}) == set()

    def test_q_finds_part_of_title_or_company(self, api: Api, stranger: Api) -> None:
        by_title = build.opportunity(api, title="Señor Developer 100%", company_name="Acme")["id"]
        by_company = build.opportunity(api, title="Designer", company_name="Señorita_ GmbH")["id"]
        build.opportunity(api, title="Senior Developer", company_name="Bolt")
        build.opportunity(stranger, title="Señor Developer 100%", company_name="Señorita_ GmbH")
        assert ids(api, q="SENOR") == {by_title, by_company}
        assert ids(api, q="100%") == {by_title}
        assert ids(api, q="ta_ g") == {by_company}
        assert ids(api, q="acme") == {by_title}
        assert ids(api, q="senor", status="closed") == set()

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("status=bored", "not-in-list"),
            ("stage=applied&stage=none", "not-in-list"),
            ("as_of=yesterday", "bad-date-time"),
            ("as_of=2026-03-01T00:00:00Z&as_of=2026-03-01T00:00:00Z", "repeated-parameter"),
            ("client_id=1", "bad-format"),
            ("sort=client_id", "not-in-list"),
            ("sort=status", "not-in-list"),
            ("limit=0", "out-of-range"),
            ("limit=201", "out-of-range"),
            ("limit=5.0", "wrong-type"),
            ("q=", "empty"),
            (f"q={'x' * 101}", "too-long"),
            ("archived=true", "unknown-parameter"),
        ],
    )
    def test_bad_queries_are_named(self, api: Api, query: str, code: str) -> None:
        problem = api.ok(api.get(f"{PATH}?{query}"), 422)
        assert [fault["code"] for fault in problem["errors"]] == [code]
        assert problem["errors"][0]["in"] == "query"

    def test_ids_that_name_nothing_find_nothing(self, api: Api) -> None:
        build.opportunity(api)
        for name in ("client_id", "company_id", "coach_id"):
            assert ids(api, **{name: str(uuid.uuid4())}) == set()
