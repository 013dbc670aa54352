"""What answers say about limits, and where a refusal stands among the others."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.limits.conftest import READ, WRITE
from tests.support import build
from tests.support.api import NOON, Api

ME = "/v1/me"
UNKNOWN = "01981d3c-5f0e-4c3a-9b1e-6a1d2f3c4b5a"


def told(response: Any) -> tuple[str, str]:
    return response.headers["ratelimit-policy"], response.headers["ratelimit"]


class TestHeaders:
    def test_they_tell_the_policy_and_what_is_left_of_it(self, api: Api) -> None:
        assert told(api.get(ME)) == (f'"read";q={READ};w=60', f'"read";r={READ - 1};t=60')
        api.house.clock.forward(seconds=12.3)
        assert told(api.get(ME)) == (f'"read";q={READ};w=60', f'"read";r={READ - 2};t=48')
        assert told(api.post("/v1/companies", {"name": "X"})) == (
            f'"write";q={WRITE};w=60',
            f'"write";r={WRITE - 1};t=60',
        )

    def test_a_reader_of_structured_fields_understands_them(self, api: Api) -> None:
        policy, left = told(api.get(ME))
        assert re.fullmatch(r'"[a-z]+";q=[0-9]+;w=[0-9]+', policy)
        assert re.fullmatch(r'"[a-z]+";r=[0-9]+;t=[0-9]+', left)

    @pytest.mark.parametrize(
        ("method", "path", "more", "status"),
        [
            ("GET", "/v1/clients/{id}", {"headers": {"If-None-Match": '"1"'}}, 304),
            ("GET", f"/v1/clients/{UNKNOWN}", {}, 404),
            ("GET", "/v1/clients?limit=0", {}, 422),
            ("GET", "/v1/clients", {"headers": {"Accept": "text/html"}}, 406),
            ("PATCH", "/v1/clients/{id}", {"json": {"name": "X"}}, 428),
            ("PATCH", "/v1/clients/{id}", {"json": {"name": "X"}, "headers": {"If-Match": '"9"'}}, 412),
            ("POST", "/v1/clients", {"content": b"<x/>", "headers": {"Content-Type": "text/xml"}}, 415),
            ("DELETE", "/v1/opportunities/{opportunity}", {}, 204),
        ],
    )
    def test_every_answer_to_a_known_caller_has_them(
        self, api: Api, method: str, path: str, more: dict[str, Any], status: int
    ) -> None:
        helper = api.as_role("admin")
        opportunity = build.opportunity(helper)
        target = path.replace("{id}", opportunity["client_id"]).replace("{opportunity}", opportunity["id"])
        response = api.request(method, target, **more)
        assert response.status_code == status
        assert told(response)[1].endswith("t=60")

    def test_nobody_else_gets_them(self, api: Api) -> None:
        nobody = Api(api.house, "crk_nonsense", api.practice_id, "", "owner")
        for response in (nobody.get(ME), api.house.client.get("/livez"), api.house.client.get("/v1/meta")):
            assert "ratelimit" not in response.headers


class TestRefusal:
    def exhausted(self, api: Api) -> Api:
        for _ in range(READ):
            api.get(ME)
        for _ in range(WRITE):
            api.post("/v1/companies", {})
        return api

    def test_it_is_a_problem_that_says_when_to_come_back(self, api: Api) -> None:
        self.exhausted(api)
        api.house.clock.now = NOON + timedelta(seconds=20.5)
        response = api.get(ME)
        assert response.status_code == 429
        assert response.headers["retry-after"] == "40"
        assert told(response) == (f'"read";q={READ};w=60', '"read";r=0;t=40')
        assert response.headers["content-type"] == "application/problem+json"
        body = response.json()
        assert (body["status"], body["code"], body["errors"]) == (429, "rate-limited", [])
        assert body["type"].endswith("/problems/rate-limited")

    def test_after_that_many_seconds_it_passes(self, api: Api) -> None:
        self.exhausted(api)
        api.house.clock.forward(seconds=int(api.get(ME).headers["retry-after"]))
        assert api.get(ME).status_code == 200

    @pytest.mark.parametrize(
        ("method", "path", "more"),
        [
            ("GET", "/v1/audit-events", {}),  # 403 for a coach
            ("GET", "/v1/clients?limit=0", {}),
            ("GET", f"/v1/clients/{UNKNOWN}", {}),
            ("POST", "/v1/clients", {"content": b"{", "headers": {"Content-Type": "text/xml"}}),
            ("PATCH", f"/v1/clients/{UNKNOWN}", {"json": {}}),
        ],
    )
    def test_it_comes_before_what_the_request_says(
        self, api: Api, method: str, path: str, more: dict[str, Any]
    ) -> None:
        coach = self.exhausted(api.as_role("coach"))
        assert coach.request(method, path, **more).status_code == 429

    @pytest.mark.parametrize(
        ("method", "path", "headers", "status"),
        [
            ("GET", "/v1/nothing", {}, 404),
            ("PUT", "/v1/me", {}, 405),
            ("GET", ME, {"If-Match": "1", "Host": ""}, 400),
        ],
    )
    def test_it_comes_after_framing_and_route(
        self, api: Api, method: str, path: str, headers: dict[str, str], status: int
    ) -> None:
        self.exhausted(api)
        assert api.request(method, path, headers=headers).status_code == status
