"""GET /v1/next-actions: the advice of every opportunity and what people have set, as one list."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.ghosting.vocabulary import ActionKind
from tests.actions.test_manual import PATH, task
from tests.guidance.test_queue import IDLE, STORIES, tell
from tests.support import build
from tests.support.api import Api

# The clock stands at Monday, 2026-03-16, noon UTC.
FOLLOW_UP_DUE = (("employer_message", "2026-03-09T10:00:00Z"),)


@pytest.fixture
def client_id(api: Api) -> str:
    return str(build.client(api)["id"])


def listed(api: Api, **params: Any) -> Any:
    return api.walk(PATH, **params)


class TestAdvice:
    def test_is_that_of_every_assessment(self, api: Api, stranger: Api, client_id: str) -> None:
        told = [tell(api, client_id, story) for story in (*STORIES.values(), *IDLE.values())]
        tell(stranger, build.client(stranger)["id"], FOLLOW_UP_DUE)
        found = {item["opportunity_id"]: item for item in listed(api, limit=3)}
        assert len(found) == len(told) - 1  # a closed one advises nothing
        kinds = set()
        for opportunity in told:
            advice = api.ok(api.get(f"/v1/opportunities/{opportunity}/assessment"))["next_action"]
            item = found.get(opportunity)
            if advice is None:
                assert item is None
                continue
            assert item is not None
            same = ("kind", "due_on", "key", "reason")
            assert {name: item[name] for name in same} == {name: advice[name] for name in same}
            assert (item["origin"], item["state"], item["version"], item["client_id"]) == (
                *("computed", "open", 1),
                client_id,
            )
            assert (item["created_at"], item["updated_at"], item["assignee"]) == (None, None, "client")
            assert UUID(item["id"]).version == 8
            kinds.add(item["kind"])
            assert item["title"]
        assert len(kinds) >= 9 > len(kinds - {kind.value for kind in ActionKind})

    def test_says_which_interaction_it_amounts_to(self, api: Api, client_id: str) -> None:
        tell(api, client_id, FOLLOW_UP_DUE)
        tell(api, client_id, STORIES["thank_you"])
        tell(api, client_id, STORIES["your_move"])
        tell(api, client_id, ())
        found = {item["kind"]: item["interaction_kind"] for item in listed(api)}
        assert found == {
            "send_follow_up": "follow_up",
            "send_thank_you": "thank_you",
            "reply": "reply",
            "make_contact": None,
        }

    def test_keeps_its_id_while_the_key_is_the_same(self, api: Api, client_id: str) -> None:
        opportunity = tell(api, client_id, FOLLOW_UP_DUE)
        (first,) = listed(api)
        build.interaction(api, opportunity, "note", "2026-03-10T10:00:00Z")
        api.house.clock.forward(days=5)
        (later,) = listed(api)
        assert (later["id"], later["key"]) == (first["id"], first["key"])
        build.interaction(api, opportunity, "employer_message", "2026-03-20T10:00:00Z")
        (other,) = listed(api)
        assert other["id"] != first["id"]
        assert api.get(f"{PATH}/{first['id']}").status_code == 404
        assert api.ok(api.get(f"{PATH}/{other['id']}")) == other

    def test_cannot_be_edited(self, api: Api, stranger: Api, client_id: str) -> None:
        tell(api, client_id, FOLLOW_UP_DUE)
        path = f"{PATH}/{listed(api)[0]['id']}"
        for response in (api.patch(path, {"title": "T"}, version=1), api.delete(path)):
            assert (response.status_code, response.json()["code"]) == (409, "derived")
        assert api.patch(path, {"title": "T"}).status_code == 428
        assert api.patch(path, {"title": "T"}, version=2).status_code == 412
        assert stranger.patch(path, {"title": "T"}, version=1).status_code == stranger.delete(path).status_code == 404


class TestOrderAndFilters:
    @pytest.fixture
    def made(self, api: Api, stranger: Api, client_id: str) -> list[Any]:
        for number in range(3):
            task(api, client_id, title=f"No {number}", due_on=f"2026-03-1{number}")
            task(api, client_id, title=f"Undated {number}")
            tell(api, client_id, FOLLOW_UP_DUE)
            tell(api, client_id, ())
        task(stranger, build.client(stranger)["id"])
        return list(listed(api))

    def test_is_by_date_then_by_id_with_the_undated_last(self, made: list[Any]) -> None:
        places = [(item["due_on"] or date.max.isoformat(), item["id"]) for item in made]
        assert places == sorted(places)
        assert len(made) == 12

    def test_pages_deliver_each_once(self, api: Api, made: list[Any]) -> None:
        for limit in (1, 5, 12, 13):
            assert listed(api, limit=limit) == made, limit

    def test_pages_stay_at_the_instant_of_the_first(self, api: Api, made: list[Any]) -> None:
        first = api.ok(api.get(PATH, params={"limit": 4}))
        api.house.clock.forward(days=60)
        rest = api.ok(api.get(PATH, params={"limit": 200, "cursor": first["next_cursor"]}))
        assert [item["id"] for item in first["items"] + rest["items"]] == [item["id"] for item in made]

    def test_filters_narrow(self, api: Api, client_id: str, made: list[Any]) -> None:
        other = build.opportunity(api)
        extra = task(api, other["client_id"], opportunity_id=other["id"], due_on="2026-03-11")
        assert {item["id"] for item in listed(api, opportunity_id=other["id"])} > {extra["id"]}
        assert listed(api, client_id=client_id) == made
        early = [item for item in made if item["due_on"] and item["due_on"] < "2026-03-12"]
        assert listed(api, client_id=client_id, due_before="2026-03-12") == early
        assert len(early) == 2
        api.ok(api.post(f"{PATH}/{extra['id']}/dismiss", {}))
        assert [item["id"] for item in listed(api, state=["dismissed", "done"])] == [extra["id"]]
        assert extra["id"] not in {item["id"] for item in listed(api, state="open")}
        assert len(listed(api, state="open")) == len(made) + 1

    def test_archived_clients_only_when_named(self, api: Api, client_id: str, made: list[Any]) -> None:
        api.ok(api.patch(f"/v1/clients/{client_id}", {"archived": True}, version=1))
        assert listed(api) == []
        assert listed(api, client_id=client_id) == made
        named = made[-1]["opportunity_id"] or made[0]["opportunity_id"]
        assert named is None or listed(api, opportunity_id=named)
        assert api.ok(api.get(f"{PATH}/{made[0]['id']}")) == made[0]

    @pytest.mark.parametrize("query", ["state=late", "due_before=tomorrow", "client_id=me", "kind=reply"])
    def test_unknown_parameters_are_refused(self, api: Api, query: str) -> None:
        assert api.get(f"{PATH}?{query}").status_code == 422


def test_leaves_hidden_interactions_unnamed(api: Api, client_id: str) -> None:
    opportunity = build.opportunity(api, client_id)["id"]
    raised = build.interaction(
        api, opportunity, "request", "2026-03-13T10:00:00Z", visibility="coaches", summary="Hidden"
    )
    hers = api.as_client(client_id)
    response = hers.get(PATH)
    assert response.json()["items"] == listed(api)
    assert raised["id"] not in response.text
    assert "Hidden" not in response.text
