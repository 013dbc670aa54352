"""The demo practice: worth looking at on whatever day it is loaded."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from app.db.ids import new_id
from app.db.scope import Role, Scope, ScopedSession
from app.db.vocabulary import ActivityStatus
from app.demo import people
from app.demo.load import PRACTICE_ID, fill, load
from app.ghosting.vocabulary import Status, WinKind
from app.settings import Settings
from tests.support.api import Api, House
from tests.support.database import Database, Server

KEYS = "select count(*) from api_key where practice_id = $1"
DAYS = {
    "a Monday": datetime(2026, 3, 16, 9, tzinfo=UTC),
    "a Saturday night": datetime(2026, 7, 4, 23, 30, tzinfo=UTC),
    "Christmas": datetime(2026, 12, 25, 1, tzinfo=UTC),
}


def loaded(house: House, now: datetime) -> Api:
    practice_id = new_id()

    async def work(session: ScopedSession) -> str:
        return await fill(session, now=now)

    key = house.within(Scope(Role.TENANT, practice_id=practice_id), work)
    house.clock.now = now
    return Api(house, key, str(practice_id), "", "owner")


@pytest.mark.parametrize("now", DAYS.values(), ids=DAYS.keys())
def test_every_status_occurs_and_the_queue_has_work(house: House, clock: Any, now: datetime) -> None:
    api = loaded(house, now)
    listed = api.walk("/v1/opportunities", limit=200)
    assert len(listed) >= 150
    assert {item["assessment"]["status"] for item in listed} == {status.value for status in Status}
    people_listed = api.walk("/v1/clients")
    assert len(people_listed) == len(people.PEOPLE) >= 12
    assert len({coach for person in people_listed for coach in person["coach_ids"]}) == 2
    assert all("(demo)" in person["name"] for person in people_listed)
    queue = api.ok(api.get("/v1/queue", params={"scope": "practice", "limit": 200}))
    assert len(queue["items"]) > 20
    assert {item["next_action"]["kind"] for item in queue["items"]} >= {"custom", "send_follow_up", "reply"}
    actions = api.walk("/v1/next-actions", limit=200)
    assert {(action["origin"], action["state"]) for action in actions} >= {
        *(("computed", state) for state in ("open", "snoozed", "dismissed")),
        ("manual", "open"),
    }
    assert {win["kind"] for win in api.walk("/v1/wins", limit=200)} == {kind.value for kind in WinKind}
    radar = api.ok(api.get("/v1/radar", params={"scope": "practice"}))
    assert all(count for count in radar["counts"].values()), radar["counts"]
    assert radar["items"][0]["client"]["name"] == "Owen Castle (demo)"
    assert radar["week_ahead"]
    activities = api.walk("/v1/development-activities")
    assert {activity["status"] for activity in activities} == {status.value for status in ActivityStatus}


def test_the_articles_four_people_and_all_plans_are_worth_looking_at(house: House, clock: Any) -> None:
    api = loaded(house, DAYS["a Monday"])
    ids = {person["name"].split()[0]: person["id"] for person in api.walk("/v1/clients")}

    def oldest(name: str, count: int) -> list[str]:
        listed = api.walk("/v1/opportunities", client_id=ids[name], sort="created_at", limit=200)
        return [item["assessment"]["status"] for item in listed[:count]]

    # All of one client are made at one instant, so the first ones stand in the order of their ids, which is time.
    assert oldest("Felix", 3) == ["ghosted", "ball_in_their_court", "your_move"]
    assert oldest("Dana", 1) == ["ghosted"]
    assert oldest("Jonas", 1) == ["ghosted"]
    assert oldest("Priya", 1) == ["waiting"]

    plans = [api.ok(api.get(f"/v1/clients/{person['id']}/plan")) for person in api.walk("/v1/clients")]
    assert all(plan["credentials"]["suggestions"] for plan in plans)
    assert sum(not plan["stay_confident"]["wins"] for plan in plans) == 1  # of the one who is left alone
    assert {plan["stay_active"]["suggestion"]["code"] for plan in plans} >= {"reach_target", "keep_going"}
    assert [plan["funnel"]["points_to"] for plan in plans if plan["funnel"]["points_to"]] == [["interview_skill"]]


def test_loading_it_twice_changes_nothing_and_a_lost_key_is_replaced_by_another(
    server: Server, database: Database, database_name: str, tmp_path: Any
) -> None:
    settings = Settings(database_url=SecretStr(server.url(database_name, "crickets_app")), data_dir=tmp_path)
    kept = load(settings)
    (tmp_path / "demo-key").write_text(kept)
    count = "select count(*) from interaction where practice_id = $1"
    before = database.value(count, PRACTICE_ID), database.value(KEYS, PRACTICE_ID)
    assert load(settings) == kept
    assert (database.value(count, PRACTICE_ID), database.value(KEYS, PRACTICE_ID)) == before
    assert before[0] > 200
    (tmp_path / "demo-key").unlink()
    assert load(settings) != kept
