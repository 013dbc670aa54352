"""Nobody takes the id of another person of the practice, and nobody who did would be taken for them."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.access import people
from tests.idempotency.keyed import PERSON, code, is_replay, post
from tests.support import build, doors
from tests.support.api import Api

TAKEN = (409, "id-taken")


def person(**fields: Any) -> dict[str, Any]:
    return {"name": "New Example", "email": doors.address(), "role": "coach", **fields}


class TestIds:
    def test_a_members_is_no_clients(self, api: Api) -> None:
        coach = api.as_role("coach")
        api.ok(api.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
        for ident in (coach.member_id, api.member_id, api.member_id.upper()):
            assert code(coach.post("/v1/clients", {**PERSON, "id": ident})) == TAKEN

    def test_a_clients_is_no_members_after_an_erasure_either(self, api: Api) -> None:
        client = build.client(api)["id"]
        admin = api.as_role("admin")
        assert code(admin.post("/v1/members", person(id=client))) == TAKEN
        api.ok(api.delete(f"/v1/clients/{client}"), 204)
        assert code(admin.post("/v1/members", person(id=client))) == TAKEN

    def test_those_of_other_practices_are_free(self, api: Api, stranger: Api) -> None:
        api.ok(api.post("/v1/clients", {**PERSON, "id": stranger.member_id}), 201)
        api.ok(api.post("/v1/members", person(id=build.client(stranger)["id"])), 201)

    def test_of_two_at_once_one_has_it(self, api: Api) -> None:
        for _ in range(5):
            ident = str(uuid.uuid4())
            acts = (("/v1/clients", {**PERSON, "id": ident}), ("/v1/members", person(id=ident)))
            with ThreadPoolExecutor(2) as pool:
                answers = list(pool.map(lambda act: api.post(*act), acts))
            assert sorted(answer.status_code for answer in answers) == [201, 409]


class TestCallers:
    """As in a practice where somebody had taken one before that was refused."""

    @pytest.fixture
    def twins(self, api: Api, monkeypatch: pytest.MonkeyPatch) -> tuple[Api, Api]:
        async def free(*_: object, **__: object) -> None:
            pass

        admin = api.as_role("admin")
        monkeypatch.setattr(people, "demand_free", free)
        build.client(api, id=admin.member_id)
        return admin, api.as_client(admin.member_id)

    def test_their_keys_are_their_own(self, twins: tuple[Api, Api]) -> None:
        member, client = twins
        body = {"picture": "client_search", "id": member.member_id}
        for one in twins:
            assert not is_replay(post(one, "/v1/picture-links", body))
            assert is_replay(post(one, "/v1/picture-links", body))
        assert member.ok(member.get("/v1/me"))["id"] == client.ok(client.get("/v1/me"))["id"]

    def test_so_are_their_cursors_and_tokens(self, twins: tuple[Api, Api]) -> None:
        member, client = twins
        for _ in range(2):
            build.opportunity(member, member.member_id)
        cursor = member.ok(member.get("/v1/opportunities", params={"limit": 1}))["next_cursor"]
        token = member.ok(member.get("/v1/changes"))["next_token"]
        more = {"limit": 1, "cursor": cursor}
        assert member.get("/v1/opportunities", params=more).status_code == 200
        assert code(client.get("/v1/opportunities", params=more)) == (400, "invalid-cursor")
        assert member.get("/v1/changes", params={"token": token}).status_code == 200
        assert code(client.get("/v1/changes", params={"token": token})) == (410, "sync-reset")
