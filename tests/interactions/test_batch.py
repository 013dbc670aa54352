"""POST /v1/opportunities/{id}/interactions/batch: all or nothing."""

from typing import Any
from uuid import uuid4

import httpx2 as httpx
import pytest

from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

WHEN = "2026-03-02T10:00:00Z"


@pytest.fixture
def opportunity(api: Api) -> str:
    return str(build.opportunity(api)["id"])


def item(kind: str = "note", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "occurred_at": WHEN, **more}


def post(api: Api, opportunity: str, *items: dict[str, Any]) -> Any:
    return api.post(f"/v1/opportunities/{opportunity}/interactions/batch", {"items": list(items)})


def recorded(api: Api, opportunity: str) -> list[Any]:
    return api.walk(f"/v1/opportunities/{opportunity}/interactions", limit=200)


def test_answers_in_the_order_of_the_request(api: Api, opportunity: str) -> None:
    own = str(uuid4())
    response = post(
        api,
        opportunity,
        item("rejection", occurred_at="2026-03-09T10:00:00Z"),
        item("application", id=own),
        item("meeting", occurred_at="2026-03-20T10:00:00Z"),
    )
    made = api.ok(response, 201)["items"]
    assert [one["kind"] for one in made] == ["rejection", "application", "meeting"]
    assert made[1]["id"] == own
    assert [one["arranged_at"] for one in made] == [None, None, "2026-03-16T12:00:00.000000Z"]
    assert response.headers["Location"] == f"/v1/opportunities/{opportunity}/interactions"
    then = {"as_of": "2026-03-10T10:00:00Z"}
    assert api.ok(api.get(f"/v1/opportunities/{opportunity}/assessment", params=then))["outcome"] == "rejected"
    assert sorted(recorded(api, opportunity), key=str) == sorted(made, key=str)


def test_takes_up_to_500(api: Api, opportunity: str) -> None:
    assert len(api.ok(post(api, opportunity, *[item()] * 500), 201)["items"]) == 500
    assert len(recorded(api, opportunity)) == 500


@pytest.mark.parametrize(("items", "code"), [([], "empty"), ([item()] * 501, "too-many")])
def test_an_empty_or_crowded_batch_is_refused(
    api: Api, opportunity: str, items: list[dict[str, Any]], code: str
) -> None:
    response = post(api, opportunity, *items)
    assert response.status_code == 422
    assert [(e["pointer"], e["code"]) for e in response.json()["errors"]] == [("/items", code)]


@pytest.mark.parametrize(
    ("bad", "field", "code"),
    [
        (item("nothing"), "kind", "not-in-list"),
        (item(stage="offer"), "stage", "unknown-field"),
        (item("interview", ends_at="2026-03-01T10:00:00Z"), "ends_at", "order"),
        (item(contact_id="01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a"), "contact_id", "unknown-reference"),
        ({"kind": "note"}, "occurred_at", "required"),
        (item(colour="red"), "colour", "unknown-field"),
    ],
)
def test_one_bad_item_is_pointed_at_and_refuses_all(
    api: Api, opportunity: str, bad: dict[str, Any], field: str, code: str
) -> None:
    response = post(api, opportunity, item(), item(), item(), bad)
    assert response.status_code == 422
    assert [(e["pointer"], e["code"]) for e in response.json()["errors"]] == [(f"/items/3/{field}", code)]
    assert recorded(api, opportunity) == []


def test_each_unknown_contact_is_pointed_at(api: Api, opportunity: str) -> None:
    known, unknown = build.contact(api)["id"], str(uuid4())
    response = post(api, opportunity, *(item(contact_id=i) for i in (unknown, known, unknown)))
    assert [e["pointer"] for e in response.json()["errors"]] == ["/items/0/contact_id", "/items/2/contact_id"]


def taken(response: httpx.Response) -> list[str]:
    problem = response.json()
    assert (response.status_code, problem["code"]) == (409, "id-taken")
    assert {fault["code"] for fault in problem["errors"]} <= {"id-taken"}
    return [fault["pointer"] for fault in problem["errors"]]


def owner_of(api: Api, opportunity: str) -> str:
    return str(api.ok(api.get(f"/v1/opportunities/{opportunity}"))["client_id"])


def test_ids_that_collide_are_taken(api: Api, opportunity: str) -> None:
    own = str(uuid4())
    inside = post(api, opportunity, item(id=own), item(), item(id=own))
    assert taken(inside) == ["/items/2/id"]
    assert recorded(api, opportunity) == []
    build.interaction(api, opportunity, "note", WHEN, id=own, visibility="coaches")
    fresh = str(uuid4())
    items = [item(), item(id=own), item(id=fresh), item(id=own.upper())]
    for who in (api, api.as_role("assistant"), api.as_client(owner_of(api, opportunity))):
        assert taken(post(who, opportunity, *items)) == ["/items/1/id", "/items/3/id"]
    assert len(recorded(api, opportunity)) == 1
    # A phone drops what is there already, and what is left goes in, under the same key.
    key = {"Idempotency-Key": "k"}
    path = f"/v1/opportunities/{opportunity}/interactions/batch"
    assert taken(api.post(path, {"items": items}, headers=key)) == ["/items/1/id", "/items/3/id"]
    api.ok(api.post(path, {"items": [items[0], items[2]]}, headers=key), 201)
    assert len(recorded(api, opportunity)) == 3


def test_no_more_than_twenty_are_named(api: Api, opportunity: str) -> None:
    items = [item(id=str(uuid4())) for _ in range(25)]
    api.ok(post(api, opportunity, *items), 201)
    assert len(taken(post(api, opportunity, *items))) == 20


def test_the_opportunity_must_be_there(api: Api, stranger: Api) -> None:
    for hidden in (str(uuid4()), build.opportunity(stranger)["id"]):
        assert post(api, hidden, item()).status_code == 404


def test_leaves_one_audit_entry_for_all(api: Api, database: Database, opportunity: str) -> None:
    api.ok(post(api, opportunity, item(summary="Words"), item("offer", stage="offer")), 201)
    entries = database.fetch(
        "select * from audit_event where action = 'interaction.record' and resource_id = $1", opportunity
    )
    assert [(e["resource_type"], e["changed_fields"]) for e in entries] == [
        ("opportunity", ["kind", "occurred_at", "stage", "summary"])
    ]
