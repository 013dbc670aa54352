"""A replay is only for whoever might send the request anew, also where only body or record tells what it takes."""

from typing import Any

import pytest

from tests.access.callers import with_key
from tests.idempotency.keyed import code, is_replay, post
from tests.support import build, doors
from tests.support.api import Api
from tests.support.database import Database

KEYS = "/v1/api-keys"


@pytest.fixture
def admin(api: Api) -> Api:
    """An admin, signed in."""
    return api.as_role("admin").signed_in()


def made_key(api: Api, *scopes: str) -> dict[str, Any]:
    made: dict[str, Any] = api.ok(api.post(KEYS, {"name": "K", "scopes": [*scopes]}), 201)
    return made


class TestSecretsOfKeys:
    def test_a_weaker_key_is_not_handed_what_a_stronger_credential_was(self, admin: Api, database: Database) -> None:
        path = f"{KEYS}/{made_key(admin, 'policy:write', 'keys:manage')['id']}/rotate"
        weak = with_key(admin, database, ["keys:manage"])
        first = post(admin, path)
        assert first.status_code == 200
        for key in ("k", "other"):
            assert code(post(weak, path, key=key)) == (403, "insufficient-scope")
        # Nothing was done meanwhile, and who might do it still is answered: after signing in anew, and by another key.
        for strong in (admin, admin.signed_in(), with_key(admin, database, ["keys:manage", "policy:write"])):
            again = post(strong, path)
            assert is_replay(again)
            assert again.content == first.content

    def test_of_an_owners_key_only_an_owner_is_told_again(self, api: Api) -> None:
        path = f"{KEYS}/{made_key(api.signed_in(), 'clients:read')['id']}/rotate"
        other = api.as_role("owner").signed_in()
        assert post(other, path).status_code == 200
        api.ok(api.patch(f"/v1/members/{other.member_id}", {"role": "admin"}, version=1))
        assert code(post(other, path)) == (403, "forbidden-role")

    def test_nor_of_a_new_one_whoever_lost_a_scope_of_it(self, api: Api, admin: Api) -> None:
        body = {"name": "K", "scopes": ["practice:write"]}
        assert post(admin, KEYS, body).status_code == 201
        assert is_replay(post(admin, KEYS, body))
        api.ok(api.patch(f"/v1/members/{admin.member_id}", {"role": "coach"}, version=1))
        assert code(post(admin, KEYS, body)) == (403, "insufficient-scope")


class TestWhatTheBodyAsksFor:
    def test_an_interaction_sent_along(self, api: Api, database: Database) -> None:
        on = build.opportunity(api)
        task = {"client_id": on["client_id"], "opportunity_id": on["id"], "title": "Ask Kim"}
        path = f"/v1/next-actions/{api.ok(api.post('/v1/next-actions', task), 201)['id']}/done"
        body = {"interaction": {"kind": "note", "occurred_at": "2026-03-01T12:00:00Z"}}
        weak = with_key(api, database, ["guidance:write"])
        assert post(api, path, body).status_code == 200
        for key in ("k", "other"):
            assert code(post(weak, path, body, key=key)) == (403, "insufficient-scope")
        assert is_replay(post(api, path, body))

    def test_an_action_alone_is_for_any_key_that_may(self, api: Api, database: Database) -> None:
        task = {"client_id": build.client(api)["id"], "title": "Ask Kim"}
        path = f"/v1/next-actions/{api.ok(api.post('/v1/next-actions', task), 201)['id']}/done"
        assert post(api, path).status_code == 200
        assert is_replay(post(with_key(api, database, ["guidance:write"]), path))

    def test_an_owner_made_by_somebody_who_is_none_any_more(self, api: Api) -> None:
        other = api.as_role("owner")
        body = {"name": "New Example", "email": doors.address(), "role": "owner"}
        assert post(other, "/v1/members", body).status_code == 201
        api.ok(api.patch(f"/v1/members/{other.member_id}", {"role": "admin"}, version=1))
        assert code(post(other, "/v1/members", body)) == (403, "forbidden-role")
