"""`GET /problems/{code}`: where the `type` of every problem leads."""

import pytest

from app.http import problems
from app.http.problem_pages import page
from tests.edge.target import Target
from tests.support.api import Api

CODES = sorted(problems._pages())


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page(api: Api, code: str) -> None:
    answer = api.house.client.get(f"/problems/{code}")
    api.house.contract.check(answer)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith(f"{code}\n=")
    assert len(answer.text.splitlines()) > 4
    head = api.house.client.head(f"/problems/{code}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(answer.content))


@pytest.mark.parametrize(
    "code", ["nothing", "NOT-FOUND", "not-found.html", "%3Cscript%3E", "..", "not-found%0A", "a" * 500]
)
def test_there_is_no_other(api: Api, code: str) -> None:
    answer = api.house.client.get(f"/problems/{code}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert page(code) is None


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("text/plain", 200),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 200),
        ("*/*", 200),
        ("text/*", 200),
        ("application/json", 406),
        ("text/plain;q=0, */*", 406),
        ("text/html", 406),
        ("image/png", 406),
    ],
)
def test_it_is_plain_text(api: Api, accept: str, status: int) -> None:
    assert api.house.client.get("/problems/not-found", headers={"Accept": accept}).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "lines", "body"),
    [
        ("GET", "/nothing", (), None),
        ("TRACE", "/v1/clients", (), None),
        ("GET", "/v1/clients", ("Authorization: Bearer x",), None),
        ("GET", "/v1/clients?limit=0", (), None),
        ("GET", "/v1/clients?cursor=x", (), None),
        ("POST", "/v1/clients", (), b"{"),
        ("GET", f"/{'a' * 9000}", (), None),
        ("GET", "/v1/clients", ("X A: b",), None),
    ],
)
def test_the_type_of_a_problem_can_be_fetched(
    target: Target, method: str, path: str, lines: tuple[str, ...], body: bytes | None
) -> None:
    problem = target.send(method, path, *lines, body=body).problem
    base, _, where = problem["type"].partition("/problems/")
    assert base == f"http://{target.host}"
    assert target.send("GET", f"/problems/{where}").body.startswith(problem["code"].encode())
