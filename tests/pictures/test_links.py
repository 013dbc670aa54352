"""Links that show a picture where no header can be sent: to whom, to what, and for how long."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2 as httpx
import pytest

from tests.access import callers
from tests.pictures.svg import Picture
from tests.support import api as support
from tests.support import build, doors
from tests.support.api import Api
from tests.support.database import Database

BASE = "http://testserver"


@pytest.fixture
def role(api: Api) -> dict[str, Any]:
    made = build.opportunity(api, title="Head of Design")
    build.interaction(api, made["id"], "application", "2026-03-02T09:00:00Z")
    return made


def link(api: Api, role: dict[str, Any], picture: str = "opportunity_timeline", **more: Any) -> str:
    target = role["client_id"] if picture == "client_search" else role["id"]
    made = api.ok(api.post("/v1/picture-links", {"picture": picture, "id": target, **more}))
    assert made["url"].startswith(f"{BASE}/v1/")
    return str(made["url"])


def shown(api: Api, url: str, **more: Any) -> httpx.Response:
    """Open a link as an image of a page does: without a credential."""
    answer: httpx.Response = api.house.client.get(url, **more)
    api.house.contract.check(answer)
    return answer


def code(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text[:80]
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("picture", ["opportunity_timeline", "client_search"])
def test_a_link_shows_the_picture_without_a_credential(api: Api, role: dict[str, Any], picture: str) -> None:
    url = link(api, role, picture)
    answer = shown(api, url, headers={"Accept": "image/*"})
    assert answer.status_code == 200
    assert answer.content == api.get(urlsplit(url).path).content
    assert api.key not in url
    assert "ratelimit" in answer.headers


def test_a_link_holds_for_its_instant(api: Api, role: dict[str, Any]) -> None:
    url = link(api, role, as_of="2026-05-01T14:00:00+02:00")
    assert "as of 1 May 2026" in Picture(shown(api, url).content).desc
    query = dict(parse_qsl(urlsplit(url).query))
    assert query["as_of"] == "2026-05-01T12:00:00.000000Z"


def test_a_link_ends_after_ten_minutes(api: Api, role: dict[str, Any]) -> None:
    made = api.ok(api.post("/v1/picture-links", {"picture": "opportunity_timeline", "id": role["id"]}))
    assert made["expires_at"] == "2026-03-16T12:10:00.000000Z"
    api.house.clock.forward(minutes=9, seconds=59)
    assert shown(api, made["url"]).status_code == 200
    api.house.clock.forward(seconds=1)
    assert code(shown(api, made["url"])) == (401, "expired-token")


def test_a_link_opens_nothing_but_what_it_was_made_for(api: Api, role: dict[str, Any]) -> None:
    url = link(api, role, as_of="2026-04-01T12:00:00Z")
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    other = build.opportunity(api, role["client_id"])["id"]
    sealed = query["link"]
    tampered = [
        url.replace(role["id"], other),
        url.replace(f"opportunities/{role['id']}/timeline", f"clients/{role['client_id']}/search"),
        f"{parts.path}?{urlencode({**query, 'as_of': '2026-04-02T12:00:00Z'})}",
        f"{parts.path}?{urlencode({'link': sealed})}",
        f"{parts.path}?{urlencode({**query, 'theme': 'dark'})}",
        f"{parts.path}?{urlencode({**query, 'link': sealed[:-1]})}",
        f"{parts.path}?{urlencode({**query, 'link': 'A' * len(sealed)})}",
        f"{parts.path}?{urlencode({**query, 'link': sealed[:24] + 'x' + sealed[25:]})}",
        f"{parts.path}?{urlencode({**query, 'link': 'ü'})}",
        f"{parts.path}?{urlencode({**query, 'link': ''})}",
    ]
    for address in tampered:
        assert code(shown(api, address)) == (401, "invalid-token"), address
    assert code(shown(api, parts.path)) == (401, "unauthenticated")
    elsewhere = f"/v1/opportunities/{role['id']}?link={sealed}"
    assert code(shown(api, elsewhere)) == (401, "unauthenticated")
    assert shown(api, url).status_code == 200


def test_a_cursor_is_no_link(api: Api, role: dict[str, Any]) -> None:
    build.opportunity(api)
    cursor = api.ok(api.get("/v1/opportunities", params={"limit": 1}))["next_cursor"]
    path = urlsplit(link(api, role)).path
    assert code(shown(api, f"{path}?link={cursor}")) == (401, "invalid-token")


def test_a_link_ends_with_the_key_it_was_made_with(api: Api, role: dict[str, Any], database: Database) -> None:
    key = callers.with_key(api, database, ["guidance:read"])
    url = link(key, role)
    assert shown(api, url).status_code == 200
    database.execute("update api_key set scopes = '{clients:read}' where last4 = $1", key.key[-4:])
    assert code(shown(api, url)) == (403, "insufficient-scope")
    now = api.house.clock.now
    database.execute("update api_key set revoked_at = $2 where last4 = $1", key.key[-4:], now)
    assert code(shown(api, url)) == (401, "invalid-token")
    short = callers.with_key(api, database, ["guidance:read"], expires_at=now + timedelta(minutes=5))
    url = link(short, role)
    api.house.clock.forward(minutes=5)
    assert code(shown(api, url)) == (401, "expired-token")


def test_a_link_ends_with_the_member(api: Api, role: dict[str, Any]) -> None:
    for leaving in (api.as_role("coach"), api.as_login("assistant")):
        url = link(leaving, role)
        assert shown(api, url).status_code == 200
        api.ok(api.post(f"/v1/members/{leaving.member_id}/deactivate"))
        assert code(shown(api, url)) == (401, "invalid-token")


def test_a_link_ends_with_the_secret_that_its_key_had(api: Api, role: dict[str, Any]) -> None:
    person = api.signed_in()
    made = person.ok(person.post("/v1/api-keys", {"name": "Frames", "scopes": ["guidance:read"]}), 201)
    url = link(replace(api, key=made["key"]), role)
    assert shown(api, url).status_code == 200
    rotated = person.ok(person.post(f"/v1/api-keys/{made['id']}/rotate"))
    assert code(shown(api, url)) == (401, "invalid-token")
    assert shown(api, link(replace(api, key=rotated["key"]), role)).status_code == 200


def test_a_link_ends_with_the_sign_in_it_was_made_in(api: Api, role: dict[str, Any], database: Database) -> None:
    who = api.as_login("coach")
    elsewhere = who.signed_in()
    url, other = link(who, role), link(elsewhere, role)
    assert shown(api, url).status_code == 200
    callers.sign_out(who, database)
    assert code(shown(api, url)) == (401, "invalid-token")
    assert shown(api, other).status_code == 200, "another sign-in of the same person goes on"
    callers.sign_out(elsewhere, database)
    assert shown(api, link(who.signed_in(), role)).status_code == 200
    for ended in (url, other):
        assert code(shown(api, ended)) == (401, "invalid-token"), "signing in again brings no link back"


def test_a_link_outlives_the_access_token_of_its_sign_in(api: Api, role: dict[str, Any]) -> None:
    member = api.as_role("coach")
    who = callers.signed_in(member, age=timedelta(minutes=55))
    url = link(who, role)
    api.house.clock.forward(minutes=6)
    assert who.get("/v1/me").status_code == 401
    assert shown(api, url).status_code == 200, "the sign-in goes on: its next token is a request away"


def test_a_link_sees_what_its_holder_sees_now(api: Api, role: dict[str, Any], database: Database) -> None:
    build.interaction(api, role["id"], "offer", "2026-03-12T09:00:00Z", visibility="coaches")
    coach = api.as_login("coach")
    url = link(coach, role)
    assert "Offer" in Picture(shown(api, url).content).desc
    member = uuid.UUID(coach.member_id)
    database.execute("update member set role = 'assistant' where id = $1", member)
    assert "Offer" not in Picture(shown(api, url).content).desc
    api.ok(api.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
    assert code(shown(api, url)) == (404, "not-found")
    version = api.ok(api.get(f"/v1/clients/{role['client_id']}"))["version"]
    api.ok(api.patch(f"/v1/clients/{role['client_id']}", {"coach_ids": [coach.member_id]}, version=version))
    assert shown(api, url).status_code == 200
    api.ok(api.delete(f"/v1/opportunities/{role['id']}"), 204)
    assert code(shown(api, url)) == (404, "not-found")


def test_a_client_links_to_their_own_search_only(api: Api, role: dict[str, Any]) -> None:
    build.interaction(api, role["id"], "offer", "2026-03-12T09:00:00Z", visibility="coaches")
    client, other = api.as_client(role["client_id"]), build.opportunity(api)
    assert "Offer" not in Picture(shown(api, link(client, role)).content).desc
    assert shown(api, link(client, role, "client_search")).status_code == 200
    for picture, target in (("opportunity_timeline", other["id"]), ("client_search", other["client_id"])):
        refused = client.post("/v1/picture-links", {"picture": picture, "id": target})
        assert code(refused) == (422, "unknown-reference")
        assert refused.json()["errors"][0]["pointer"] == "/id"


def test_a_client_whose_login_is_revoked_has_no_link(api: Api) -> None:
    client, made = doors.as_client(api)
    role = build.opportunity(api, made["client_id"])
    url = link(client, role)
    assert shown(api, url).status_code == 200
    api.ok(api.delete(f"/v1/clients/{made['client_id']}/login"), 204)
    assert code(shown(api, url)) == (401, "invalid-token")


def test_another_practice_makes_no_link(api: Api, stranger: Api, role: dict[str, Any]) -> None:
    for picture in ("opportunity_timeline", "client_search"):
        target = role["client_id"] if picture == "client_search" else role["id"]
        assert code(stranger.post("/v1/picture-links", {"picture": picture, "id": target})) == (
            422,
            "unknown-reference",
        )
    assert code(api.post("/v1/picture-links", {"picture": "opportunity_timeline", "id": role["client_id"]}))[0] == 422
    assert code(api.post("/v1/picture-links", {"picture": "portrait", "id": role["id"]}))[0] == 422


def test_a_bearer_token_is_looked_at_first(api: Api, stranger: Api, role: dict[str, Any]) -> None:
    url = link(api, role)
    assert stranger.get(url).status_code == 404
    assert api.get(f"{urlsplit(url).path}?link=anything").status_code == 200


def test_a_link_counts_against_the_limits_of_its_holder(database: Database) -> None:
    with support.running(database.url.replace("postgres@", "crickets_app@"), limit_read=2) as house:
        api = support.new_practice(house)
        url = link(api, build.opportunity(api))
        answers = [shown(api, url).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
