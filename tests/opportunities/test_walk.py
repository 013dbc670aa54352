"""In which order a list comes, and that a walk through its pages is one and the same list."""

from itertools import pairwise
from typing import Any

import pytest

from tests.support import build
from tests.support.api import Api, Clock

PATH = "/v1/opportunities"
SORTS = ("updated_at", "created_at", "last_activity_at", "due_on", "silent_days", "title")


@pytest.fixture
def log(api: Api, stranger: Api, clock: Clock) -> dict[str, dict[str, Any]]:
    """Return opportunities by title: equal keys, missing ones, and zones in which the date differs."""
    east = build.client(api, time_zone="Pacific/Kiritimati")
    west = build.client(api, time_zone="Pacific/Pago_Pago")
    made: dict[str, dict[str, Any]] = {}
    for title, client, kind, happened in (
        ("Delta", east, "outreach", "2026-03-02T11:00:00Z"),
        ("alpha", west, "outreach", "2026-03-02T11:00:00Z"),
        ("Charlie", east, "request", "2026-03-12T12:00:00Z"),
        ("bravo", west, "rejection", "2026-03-01T12:00:00Z"),
        ("Bravo", west, "application", "2026-03-10T12:00:00Z"),
        ("Écho", east, None, None),
        ("Foxtrot", east, None, None),
    ):
        made[title] = build.opportunity(api, client["id"], title=title)
        if kind is not None and happened is not None:
            build.interaction(api, made[title]["id"], kind, happened)
        clock.forward(minutes=7)
    build.interaction(stranger, build.opportunity(stranger)["id"], "outreach", "2026-03-02T11:00:00Z")
    return made


def value(item: dict[str, Any], field: str) -> Any:
    """Return what the list is sorted by."""
    if field == "title":
        return item["title"].casefold().replace("é", "e")
    if field == "silent_days":
        return item["assessment"]["silent_days"]
    if field == "due_on":
        action = item["assessment"]["next_action"]
        return action and action["due_on"]
    return item[field]


@pytest.mark.parametrize("filters", [{}, {"as_of": "2026-03-20T11:00:00Z"}, {"status": ["waiting", "not_started"]}])
@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("field", SORTS)
def test_a_walk_delivers_each_item_once_in_order(
    api: Api, log: dict[str, dict[str, Any]], field: str, direction: str, filters: dict[str, Any]
) -> None:
    whole = api.walk(PATH, sort=direction + field, limit=200, **filters)
    assert api.walk(PATH, sort=direction + field, limit=2, **filters) == whole
    assert api.walk(PATH, sort=direction + field, limit=1, **filters) == whole
    assert len({item["id"] for item in whole}) == len(whole) > 2
    if "status" not in filters:
        assert len(whole) == len(log)
    given = [item for item in whole if value(item, field) is not None]
    assert whole[: len(given)] == given, "those without a value come last"
    for one, two in pairwise(given):
        low, high = (two, one) if direction else (one, two)
        assert value(low, field) <= value(high, field)
        if value(one, field) == value(two, field):
            assert one["id"] < two["id"]


def test_days_of_silence_are_those_of_the_clients_own_calendar(api: Api, log: dict[str, dict[str, Any]]) -> None:
    days = {item["title"]: item["assessment"]["silent_days"] for item in api.walk(PATH, sort="-silent_days", limit=2)}
    assert (days["Delta"], days["alpha"]) == (14, 14)
    later = api.walk(PATH, sort="-silent_days", limit=1, as_of="2026-03-17T10:30:00Z")
    assert [item["title"] for item in later[:2]] == ["Delta", "alpha"]
    assert [item["assessment"]["silent_days"] for item in later[:2]] == [15, 14]


def test_all_pages_show_the_instant_of_the_first(api: Api, clock: Clock, log: dict[str, dict[str, Any]]) -> None:
    whole = api.walk(PATH, sort="silent_days", limit=200)
    first = api.ok(api.get(PATH, params={"sort": "silent_days", "limit": 3}))
    clock.forward(days=9)
    rest = api.ok(api.get(PATH, params={"sort": "silent_days", "limit": 200, "cursor": first["next_cursor"]}))
    assert first["items"] + rest["items"] == whole
    assert len({item["assessment"]["as_of"] for item in whole}) == 1
    assert rest["next_cursor"] is None


def test_the_next_page_is_also_a_link(api: Api, log: dict[str, dict[str, Any]]) -> None:
    response = api.get(PATH, params={"limit": 2, "status": ["waiting", "not_started"]})
    linked = api.ok(api.get(response.links["next"]["url"]))
    again = {"limit": 2, "status": ["waiting", "not_started"], "cursor": response.json()["next_cursor"]}
    assert api.ok(api.get(PATH, params=again)) == linked


@pytest.mark.parametrize("params", [{"sort": "title"}, {"status": "waiting"}, {"as_of": "2026-03-01T00:00:00Z"}])
def test_a_cursor_belongs_to_its_list(
    api: Api, stranger: Api, log: dict[str, dict[str, Any]], params: dict[str, str]
) -> None:
    cursor = api.ok(api.get(PATH, params={"limit": 1}))["next_cursor"]
    assert api.ok(api.get(PATH, params={"cursor": cursor, **params}), 400)["code"] == "invalid-cursor"
    assert stranger.get(PATH, params={"cursor": cursor}).status_code == 400
    assert api.get(PATH, params={"cursor": cursor[:-2] + "AA"}).status_code == 400
    assert api.get(PATH, params={"cursor": cursor, "limit": 9}).status_code == 200


def test_what_is_deleted_or_made_meanwhile_disturbs_nothing_else(
    api: Api, log: dict[str, dict[str, Any]], clock: Clock
) -> None:
    first = api.ok(api.get(PATH, params={"sort": "title", "limit": 2}))
    seen = [item["title"] for item in first["items"]]
    assert seen[0] == "alpha"
    assert api.delete(f"{PATH}/{first['items'][-1]['id']}").status_code == 204
    build.opportunity(api, title="aaa")
    rest = api.ok(api.get(PATH, params={"sort": "title", "limit": 200, "cursor": first["next_cursor"]}))
    assert sorted(seen + [item["title"] for item in rest["items"]]) == sorted(log)
