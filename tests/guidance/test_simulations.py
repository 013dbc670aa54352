"""POST /v1/simulations: what the rules would say."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from tests.guidance.player import Player
from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

TIMELINE = [
    {"kind": "application", "occurred_at": "2026-02-20T09:00:00Z"},
    {"kind": "interview", "occurred_at": "2026-03-09T12:00:00Z", "ends_at": "2026-03-09T13:00:00Z"},
]


def post(api: Api, **body: Any) -> Any:
    return api.post("/v1/simulations", {"time_zone": "UTC", "timeline": TIMELINE, **body})


def simulate(api: Api, **body: Any) -> Any:
    return api.ok(post(api, **body))


def test_answers_as_if_it_had_happened(api: Api) -> None:
    found = simulate(api)
    said = found["assessment"]
    assert (said["opportunity_id"], said["as_of"]) == (None, "2026-03-16T12:00:00.000000Z")
    assert (said["status"], said["silent_days"], said["policy_version"]) == ("follow_up_due", 7, 1)
    assert said["next_action"]["kind"] == "send_follow_up"
    assert (said["next_action"]["key"], said["next_action"]["timeline_indexes"]) == ("send_follow_up:1", [1])
    assert [reason["timeline_indexes"] for reason in said["reasons"]] == [[1], [1]]
    assert [item["status"] for item in found["history"]][-2:] == ["follow_up_overdue", "ghosted"]
    assert found["history"][-1]["ends_at"] is None


def test_stores_nothing(api: Api, database: Database) -> None:
    tables = ("opportunity", "interaction", "ghosting_step", "audit_event")

    def stored() -> list[int]:
        return [database.value(f"select count(*) from {t} where practice_id = $1", api.practice_id) for t in tables]

    before = stored()
    simulate(api)
    assert stored() == before


def test_equals_what_is_said_of_the_same_recorded(ageless: Api) -> None:
    api = ageless
    for seed in range(4):
        player = Player(api, Random(seed))  # noqa: S311
        player.play(8)
        recorded = api.walk(f"{player.path}/interactions", limit=200)
        # Ids decide between acts of one instant, and places stand in for ids.
        recorded.sort(key=lambda one: one["id"])
        fields = ("kind", "occurred_at", "ends_at", "arranged_at", "reply_by", "stage", "channel", "summary")
        body = {
            **player.where,
            "has_contact": player.has_contact,
            "timeline": [{name: one[name] for name in fields if one[name] is not None} for one in recorded],
        }
        # The clock stands at the last move, before which no meeting can be recorded as arranged by default.
        found = simulate(api, **body)
        if not any(one["kind"] in {"interview", "meeting"} and one["arranged_at"] is None for one in recorded):
            assert found["history"] == api.ok(api.get(f"{player.path}/status-history"))["items"], f"seed {seed}"
            said = api.ok(api.get(f"{player.path}/assessment"))
            # A made-up timeline learns from nobody.
            shared = said.keys() - {"opportunity_id", "next_action", "reasons", "outlook"}
            assert {name: found["assessment"][name] for name in shared} == {name: said[name] for name in shared}


def test_an_empty_timeline_has_not_started(api: Api) -> None:
    found = simulate(api, timeline=[])
    assert found["history"] == []
    assert found["assessment"]["status"] == "not_started"
    assert found["assessment"]["next_action"]["timeline_indexes"] == []


def test_reads_dates_in_the_zone_and_region(api: Api) -> None:
    """Friday, May 1st, is a holiday in Berlin: a window that would open on it opens on Monday."""
    timeline = [{"kind": "employer_message", "occurred_at": "2026-04-26T22:30:00Z"}]

    def opens(**where: str) -> Any:
        said = simulate(api, timeline=timeline, as_of="2026-04-29T12:00:00Z", **where)["assessment"]
        return said["follow_up"]["opens_on"], said["silent_days"]

    assert opens(time_zone="UTC") == ("2026-05-01", 3)
    assert opens(time_zone="UTC", region="DE-BE") == ("2026-05-04", 3)
    assert opens(time_zone="Europe/Berlin") == ("2026-05-04", 2)


def test_without_a_contact_an_application_has_no_window(api: Api) -> None:
    for has_contact, status in ((True, "follow_up_overdue"), (False, "waiting")):
        found = simulate(api, timeline=TIMELINE[:1], has_contact=has_contact)
        assert found["assessment"]["status"] == status


def test_holds_for_any_instant(api: Api) -> None:
    for as_of, status in (("1900-01-01T00:00:00Z", "not_started"), ("2200-12-31T00:00:00Z", "ghosted")):
        assert simulate(api, as_of=as_of)["assessment"]["status"] == status


def test_a_meeting_ahead_counts_as_arranged_now(api: Api) -> None:
    timeline = [*TIMELINE, {"kind": "meeting", "occurred_at": "2026-03-20T12:00:00Z"}]
    found = simulate(api, timeline=timeline)
    assert found["assessment"]["status"] == "scheduled"
    assert found["assessment"]["next_action"]["timeline_indexes"] == [2]
    assert {
        "status": "scheduled",
        "starts_at": "2026-03-16T12:00:00.000000Z",
        "ends_at": "2026-03-20T12:00:00.000000Z",
    } in (found["history"])
    long_agreed = [*TIMELINE, {**timeline[-1], "arranged_at": "2026-03-10T12:00:00Z"}]
    assert simulate(api, timeline=long_agreed, as_of="2026-03-11T12:00:00Z")["assessment"]["status"] == "scheduled"


class TestPolicy:
    @pytest.fixture
    def patient(self, api: Api) -> dict[str, Any]:
        policy = api.ok(api.get("/v1/policy"))
        document = {name: policy[name] for name in policy if name not in {"version", "created_at", "created_by", "id"}}
        rows = {w: {**r, "follow_up_from_days": 20, "follow_up_until_days": 21} for w, r in document["waits"].items()}
        return {**document, "waits": rows}

    def test_of_the_requests_own_has_no_version(self, api: Api, patient: dict[str, Any]) -> None:
        said = simulate(api, policy=patient)["assessment"]
        assert (said["status"], said["policy_version"]) == ("waiting", 0)

    def test_of_the_practice_by_default(self, api: Api, patient: dict[str, Any]) -> None:
        api.ok(api.put("/v1/policy", patient, version=1))
        said = simulate(api, policy=None)["assessment"]
        assert (said["status"], said["policy_version"]) == ("waiting", 2)

    def test_is_held_to_the_rules_of_policies(self, api: Api, patient: dict[str, Any]) -> None:
        patient["waits"]["contact"]["follow_up_until_days"] = 3
        error = post(api, policy=patient).json()["errors"][0]
        assert (error["pointer"], error["code"]) == ("/policy/waits/contact/follow_up_until_days", "order")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"time_zone": "Mars/Base"}, "/time_zone", "bad-time-zone"),
        ({"region": "XX"}, "/region", "bad-region"),
        ({"has_contact": None}, "/has_contact", "not-nullable"),
        ({"timeline": None}, "/timeline", "not-nullable"),
        ({"timeline": [TIMELINE[0]] * 501}, "/timeline", "too-many"),
        ({"timeline": [{"kind": "note"}]}, "/timeline/0/occurred_at", "required"),
        ({"timeline": [*TIMELINE, {**TIMELINE[0], "stage": "nowhere"}]}, "/timeline/2/stage", "not-in-list"),
        ({"timeline": [{**TIMELINE[1], "arranged_at": "2026-03-10T12:00:00Z"}]}, "/timeline/0/arranged_at", "order"),
        ({"timeline": [{**TIMELINE[0], "ends_at": "2026-03-10T12:00:00Z"}]}, "/timeline/0/ends_at", "unknown-field"),
        ({"timeline": [{**TIMELINE[0], "visibility": "shared"}]}, "/timeline/0/visibility", "unknown-field"),
        ({"timeline": [{**TIMELINE[0], "contact_id": None}]}, "/timeline/0/contact_id", "unknown-field"),
        ({"timeline": [{**TIMELINE[0], "id": None}]}, "/timeline/0/id", "unknown-field"),
        ({"as_of": "tomorrow"}, "/as_of", "bad-date-time"),
        ({"client_id": None}, "/client_id", "unknown-field"),
    ],
)
def test_refuses_what_could_not_be_recorded(api: Api, body: dict[str, Any], pointer: str, code: str) -> None:
    response = post(api, **body)
    assert response.status_code == 422
    assert [(error["pointer"], error["code"]) for error in response.json()["errors"]] == [(pointer, code)]


def test_judges_five_hundred_entries(api: Api) -> None:
    timeline = [{**TIMELINE[n % 2], "summary": "Words"} for n in range(500)]
    assert simulate(api, timeline=timeline)["assessment"]["status"] == "follow_up_due"


def test_every_reader_may_ask(api: Api) -> None:
    assert simulate(api.as_role("assistant")) == simulate(api)


def test_what_is_recorded_at_once_is_judged_together(api: Api) -> None:
    opportunity = build.opportunity(api)["id"]
    items = [{"kind": k, "occurred_at": f"2026-03-{d:02}T10:00:00Z"} for d, k in enumerate(_KINDS, 1)]
    with ThreadPoolExecutor(len(items)) as pool:
        list(pool.map(lambda item: build.interaction(api, opportunity, **item), items))
    recorded = api.ok(api.get(f"/v1/opportunities/{opportunity}/status-history"))["items"]
    assert recorded == simulate(api, timeline=items, has_contact=False)["history"]


_KINDS = ("outreach", "employer_message", "request", "reply", "interview", "thank_you", "hold", "follow_up")
