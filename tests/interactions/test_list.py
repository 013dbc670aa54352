"""GET /v1/opportunities/{id}/interactions: the timeline."""

from typing import Any
from uuid import uuid4

import pytest

from tests.support import build
from tests.support.api import Api


def path(opportunity: str) -> str:
    return f"/v1/opportunities/{opportunity}/interactions"


def ids(items: list[Any]) -> list[str]:
    return [one["id"] for one in items]


@pytest.fixture
def opportunity(api: Api, stranger: Api) -> str:
    """An opportunity among others that must not show."""
    client = build.client(api)["id"]
    found = str(build.opportunity(api, client)["id"])
    build.interaction(api, build.opportunity(api, client)["id"], "note", "2026-03-03T10:00:00Z")
    build.interaction(stranger, build.opportunity(stranger)["id"], "note", "2026-03-03T10:00:00Z")
    return found


def test_is_in_order_of_occurrence_then_id(api: Api, opportunity: str) -> None:
    late = build.interaction(api, opportunity, "offer", "2026-03-09T10:00:00Z")["id"]
    twins = sorted(
        build.interaction(api, opportunity, "note", "2026-03-05T10:00:00Z", id=str(uuid4()))["id"] for _ in "ab"
    )
    early = build.interaction(api, opportunity, "application", "2026-03-02T10:00:00Z")["id"]
    assert ids(api.walk(path(opportunity))) == [early, *twins, late]
    assert ids(api.walk(path(opportunity), sort="-occurred_at")) == [late, *twins, early]


@pytest.mark.parametrize("sort", ["occurred_at", "-occurred_at"])
def test_pages_deliver_everything_once(api: Api, opportunity: str, sort: str) -> None:
    items = [{"kind": "note", "occurred_at": f"2026-03-0{1 + n % 3}T10:00:00Z"} for n in range(11)]
    made = api.ok(api.post(f"{path(opportunity)}/batch", {"items": items}), 201)["items"]
    walked = api.walk(path(opportunity), sort=sort, limit=2)
    assert walked == api.walk(path(opportunity), sort=sort, limit=200)
    assert sorted(ids(walked)) == sorted(ids(made))


def test_a_walk_survives_what_is_recorded_meanwhile(api: Api, opportunity: str) -> None:
    for day in (2, 4, 6, 8):
        build.interaction(api, opportunity, "note", f"2026-03-0{day}T10:00:00Z")
    first = api.ok(api.get(path(opportunity), params={"limit": 2}))
    build.interaction(api, opportunity, "note", "2026-03-01T10:00:00Z")
    rest = api.ok(api.get(path(opportunity), params={"limit": 2, "cursor": first["next_cursor"]}))
    assert [one["occurred_at"][:10] for one in rest["items"]] == ["2026-03-06", "2026-03-08"]
    assert rest["next_cursor"] is None


def test_a_cursor_belongs_to_its_opportunity_and_filters(api: Api, opportunity: str) -> None:
    for day in (2, 4, 6):
        build.interaction(api, opportunity, "note", f"2026-03-0{day}T10:00:00Z")
    cursor = api.ok(api.get(path(opportunity), params={"limit": 1}))["next_cursor"]
    other = build.opportunity(api)["id"]
    for where, more in ((opportunity, {"kind": "note"}), (opportunity, {"sort": "-occurred_at"}), (other, {})):
        response = api.get(path(where), params={"limit": 1, "cursor": cursor, **more})
        assert (response.status_code, response.json()["code"]) == (400, "invalid-cursor")


def test_kinds_are_alternatives(api: Api, opportunity: str) -> None:
    kinds = ["application", "note", "interview", "reply"]
    for n, kind in enumerate(kinds, 1):
        build.interaction(api, opportunity, kind, f"2026-03-0{n}T10:00:00Z")
    found = api.ok(api.get(f"{path(opportunity)}?kind=reply&kind=application"))["items"]
    assert [one["kind"] for one in found] == ["application", "reply"]
    assert api.ok(api.get(f"{path(opportunity)}?kind=offer"))["items"] == []
    assert len(api.walk(path(opportunity), kind=["reply", "note", "interview"], limit=1)) == 3


def test_voided_ones_show_only_when_asked_for(api: Api, opportunity: str) -> None:
    kept = build.interaction(api, opportunity, "note", "2026-03-02T10:00:00Z")["id"]
    void = build.interaction(api, opportunity, "note", "2026-03-03T10:00:00Z")["id"]
    assert api.delete(f"/v1/interactions/{void}").status_code == 204
    assert ids(api.walk(path(opportunity))) == [kept]
    assert ids(api.walk(path(opportunity), include_voided="false")) == [kept]
    both = api.walk(path(opportunity), include_voided="true")
    assert [one["voided_at"] for one in both] == [None, "2026-03-16T12:00:00.000000Z"]


def test_an_opportunity_without_any_has_an_empty_list(api: Api, opportunity: str) -> None:
    assert api.ok(api.get(path(opportunity))) == {"items": [], "next_cursor": None}


def test_an_opportunity_unknown_foreign_or_deleted_is_not_there(api: Api, stranger: Api, opportunity: str) -> None:
    foreign = build.opportunity(stranger)["id"]
    build.interaction(stranger, foreign, "note", "2026-03-02T10:00:00Z")
    build.interaction(api, opportunity, "note", "2026-03-02T10:00:00Z")
    assert api.delete(f"/v1/opportunities/{opportunity}").status_code == 204
    for hidden in (str(uuid4()), foreign, opportunity):
        assert api.get(path(hidden)).status_code == 404


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("kind=call", "kind"),
        ("sort=kind", "sort"),
        ("include_voided=1", "include_voided"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("status=x", "status"),
        ("sort=occurred_at&sort=occurred_at", "sort"),
    ],
)
def test_unknown_filters_are_named(api: Api, opportunity: str, query: str, name: str) -> None:
    response = api.get(f"{path(opportunity)}?{query}")
    assert response.status_code == 422
    assert [e["pointer"] for e in response.json()["errors"]] == [name]
