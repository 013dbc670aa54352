"""Ids of what is derived are nobody's to choose, and where two have one all the same, both can be told apart."""

from typing import Any

import pytest

from app.actions.repository import writes as actions
from app.wins.repository import writes as wins
from tests.actions.test_list import FOLLOW_UP_DUE
from tests.actions.test_manual import task
from tests.guidance.test_queue import tell
from tests.support import build
from tests.support.api import Api

ACTIONS, WINS = "/v1/next-actions", "/v1/wins"


@pytest.fixture
def client_id(api: Api) -> str:
    return str(build.client(api)["id"])


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when advice or a win comes to have an id that somebody computed beforehand."""

    async def never(*_: object, **__: object) -> bool:
        return False

    monkeypatch.setattr(actions, "is_advised", never)
    monkeypatch.setattr(wins, "is_of_derived", never)


def refused(api: Api, path: str, body: dict[str, Any]) -> None:
    assert api.ok(api.post(path, body), 409)["code"] == "id-taken"


def advised(api: Api, client_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return some advice, and an action that would have its place."""
    on = tell(api, client_id, FOLLOW_UP_DUE)
    (advice,) = api.walk(ACTIONS, opportunity_id=on)
    own = {"client_id": client_id, "opportunity_id": on, "title": "My own text"}
    return advice, {**own, "id": advice["id"], "due_on": advice["due_on"]}


def won(api: Api, client_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    tell(api, client_id, (("interview", "2026-02-09T10:00:00Z"),))
    win = next(win for win in api.walk(WINS) if win["kind"] == "interview")
    return win, {"client_id": client_id, "title": "Mine", "id": win["id"], "occurred_on": win["occurred_on"]}


class TestTaken:
    def test_by_advice(self, api: Api, stranger: Api, client_id: str) -> None:
        advice, body = advised(api, client_id)
        for who in (api, api.as_client(client_id), api.as_role("assistant")):
            refused(who, ACTIONS, body)
        assert api.walk(ACTIONS) == [advice]
        task(stranger, build.client(stranger)["id"], id=advice["id"])

    def test_by_advice_of_another_time_and_by_what_was_decided(self, api: Api, client_id: str) -> None:
        advice, body = advised(api, client_id)
        api.ok(api.post(f"{ACTIONS}/{advice['id']}/dismiss"))
        build.interaction(api, body["opportunity_id"], "employer_message", "2026-03-16T11:00:00Z")
        assert advice["id"] not in {item["id"] for item in api.walk(ACTIONS)}
        refused(api, ACTIONS, body)

    def test_by_a_win(self, api: Api, stranger: Api, client_id: str) -> None:
        win, body = won(api, client_id)
        before = api.walk(WINS)
        for who in (api, api.as_client(client_id)):
            refused(who, WINS, body)
        assert api.walk(WINS) == before
        api.ok(stranger.post(WINS, {**body, "client_id": build.client(stranger)["id"], "id": win["id"]}), 201)

    def test_by_what_was_learned(self, api: Api, client_id: str) -> None:
        course = {"client_id": client_id, "kind": "course", "title": "Accounting", "status": "done"}
        api.ok(api.post("/v1/development-activities", {**course, "finished_on": "2026-03-02"}), 201)
        (win,) = api.walk(WINS)
        refused(api, WINS, {"client_id": client_id, "title": "T", "id": win["id"], "occurred_on": "2026-03-02"})

    def test_other_ids_of_that_version_are_free(self, api: Api, client_id: str) -> None:
        own = "01981d3c-5f0e-8c3a-9b1e-6a1d2f3c4b5a"
        assert task(api, client_id, id=own)["id"] == own
        body = {"client_id": client_id, "title": "T", "id": own, "occurred_on": "2026-03-02"}
        assert api.ok(api.post(WINS, body), 201)["id"] == own


@pytest.mark.usefixtures("unasked")
class TestTwins:
    @pytest.mark.parametrize(("path", "make"), [(ACTIONS, advised), (WINS, won)])
    def test_both_are_listed_and_ones_own_can_be_changed_and_removed(
        self, api: Api, client_id: str, path: str, make: Any
    ) -> None:
        derived, body = make(api, client_id)
        before = api.walk(path)
        own = api.ok(api.post(path, body), 201)
        assert own["title"] == body["title"]
        for limit in (1, 2, 50):
            found = api.walk(path, limit=limit)
            assert len(found) == len(before) + 1
            assert [item for item in found if item["id"] == own["id"]] == [derived, own]
        at = f"{path}/{own['id']}"
        assert api.ok(api.get(at)) == own
        assert api.ok(api.patch(at, {"title": "Other words"}, version=1))["title"] == "Other words"
        api.ok(api.delete(at), 204)
        assert api.walk(path) == before
        assert api.ok(api.get(at)) == derived
