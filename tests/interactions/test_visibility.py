"""Interactions for coaches only: they do not exist for assistants, but count for everybody."""

from typing import Any

import pytest

from tests.support import build
from tests.support.api import Api

WHEN = "2026-03-09T10:00:00Z"


@pytest.fixture
def opportunity(api: Api) -> str:
    return str(build.opportunity(api)["id"])


@pytest.fixture
def secret(api: Api, opportunity: str) -> dict[str, Any]:
    return build.interaction(api, opportunity, "interview", WHEN, visibility="coaches")


@pytest.fixture
def assistant(api: Api) -> Api:
    return api.as_role("assistant")


@pytest.mark.parametrize("role", ["admin", "coach"])
def test_coaches_and_admins_see_and_make_them(api: Api, opportunity: str, secret: dict[str, Any], role: str) -> None:
    colleague = api.as_role(role)
    assert colleague.ok(colleague.get(f"/v1/interactions/{secret['id']}")) == secret
    made = build.interaction(colleague, opportunity, "note", WHEN, visibility="coaches")
    assert made["recorded_by"] == {"type": "member", "id": colleague.member_id}
    found = colleague.walk(f"/v1/opportunities/{opportunity}/interactions")
    assert {one["id"] for one in found} == {secret["id"], made["id"]}


def test_for_an_assistant_they_are_not_there(opportunity: str, secret: dict[str, Any], assistant: Api) -> None:
    url = f"/v1/interactions/{secret['id']}"
    missing = assistant.get("/v1/interactions/01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a").json()
    for response in (assistant.get(url), assistant.patch(url, {"summary": "x"}, version=1), assistant.delete(url)):
        assert response.status_code == 404
        assert {**response.json(), "instance": ""} == {**missing, "instance": ""}
    for query in ("", "?include_voided=true", "?kind=interview"):
        found = assistant.ok(assistant.get(f"/v1/opportunities/{opportunity}/interactions{query}"))
        assert found == {"items": [], "next_cursor": None}


def test_an_assistant_cannot_make_one(api: Api, opportunity: str, assistant: Api) -> None:
    hidden = {"kind": "note", "occurred_at": WHEN, "visibility": "coaches"}
    path = f"/v1/opportunities/{opportunity}/interactions"
    one = assistant.post(path, hidden)
    assert (one.status_code, one.json()["errors"][0]["pointer"]) == (422, "/visibility")
    many = assistant.post(f"{path}/batch", {"items": [{**hidden, "visibility": "shared"}, hidden]})
    assert (many.status_code, many.json()["errors"][0]["pointer"]) == (422, "/items/1/visibility")
    shared = build.interaction(assistant, opportunity, "note", WHEN)
    turned = assistant.patch(f"/v1/interactions/{shared['id']}", {"visibility": "coaches"}, version=1)
    assert (turned.status_code, turned.json()["errors"][0]["code"]) == (422, "not-in-list")
    assert [one["visibility"] for one in api.walk(path)] == ["shared"]


def test_an_assistant_records_corrects_and_voids_shared_ones(api: Api, opportunity: str, assistant: Api) -> None:
    build.interaction(api, opportunity, "application", "2026-03-02T10:00:00Z", visibility="coaches")
    mine = build.interaction(assistant, opportunity, "employer_message", WHEN)
    # The assistant's word is judged together with what the assistant cannot see.
    assert api.ok(api.get(f"/v1/opportunities/{opportunity}/assessment"))["stage"] == "applied"
    coachs = build.interaction(api, opportunity, "note", WHEN)
    for record in (mine, coachs):
        url = f"/v1/interactions/{record['id']}"
        assert assistant.ok(assistant.patch(url, {"summary": "x"}, version=1))["version"] == 2
        assert assistant.delete(url).status_code == 204


def test_the_verdict_is_the_same_but_for_the_ids(
    api: Api, opportunity: str, secret: dict[str, Any], assistant: Api
) -> None:
    path = f"/v1/opportunities/{opportunity}/assessment"
    full, cut = api.get(path), assistant.get(path)
    assert secret["id"] in full.json()["next_action"]["interaction_ids"]
    assert secret["id"] not in cut.text
    assert _without_ids(full.json()) == cut.json()


def test_the_queue_is_the_same_but_for_the_ids(
    api: Api, opportunity: str, secret: dict[str, Any], assistant: Api
) -> None:
    full, cut = (who.get("/v1/queue", params={"scope": "practice"}) for who in (api, assistant))
    assert full.json()["items"][0]["next_action"]["interaction_ids"] == [secret["id"]]
    assert secret["id"] not in cut.text
    assert _without_ids(full.json()) == cut.json()


def test_shown_from_now_on(api: Api, opportunity: str, secret: dict[str, Any], assistant: Api) -> None:
    api.ok(api.patch(f"/v1/interactions/{secret['id']}", {"visibility": "shared"}, version=1))
    assert assistant.get(f"/v1/interactions/{secret['id']}").status_code == 200
    assert secret["id"] in assistant.get(f"/v1/opportunities/{opportunity}/assessment").text


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: [] if key == "interaction_ids" else _without_ids(item) for key, item in value.items()}
    return [_without_ids(item) for item in value] if isinstance(value, list) else value
