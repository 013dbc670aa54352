"""What is on its way out says so: in the document and on every answer, refusals included."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar

import pytest
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from starlette.types import Scope

from app import main
from app.access.rights import Right
from app.http import reply
from app.http.deprecation import Deprecated, DeprecationError, notices
from app.http.deps import PathId, Query
from app.http.operation import declared, operation
from app.kit.errors import Duplicate
from app.kit.fields import Line
from tests.support.api import Api, House, new_practice, running
from tests.support.database import Server

SINCE, SUNSET = date(2027, 1, 1), date(2027, 7, 1)
DEPRECATION, GONE = "@1798761600", "Thu, 01 Jul 2027 00:00:00 GMT"
OLD_WORD = Deprecated(SINCE, SUNSET, "the parameter `q`")


class OldOut(BaseModel):
    """A thing."""

    example: ClassVar[dict[str, Any]] = {"name": "A"}
    name: str


class OldQuery(BaseModel):
    word: Annotated[str, Line(100)] | None = Field(None, description="A word.", json_schema_extra=OLD_WORD.mark)
    q: Annotated[str, Line(100)] | None = Field(None, description="Text.")


def old_room() -> APIRouter:
    router = APIRouter()
    more: dict[str, Any] = {"tag": "clients", "right": Right.READ_CLIENTS, "answer": OldOut, "raises": (Duplicate,)}

    @operation(
        router, "GET", "/v1/people/{id}", id="readPerson", query=OldQuery,
        deprecated=Deprecated(SINCE, SUNSET, "getClient"), **more,
    )  # fmt: skip
    async def read_person(query: Query[OldQuery], id_: PathId) -> Response:
        """Read a person.

        As before.
        """
        if query.q == "taken":
            raise Duplicate
        return reply.document(OldOut(name="A"))

    @operation(
        router, "POST", "/v1/people", id="addPerson", deprecated=Deprecated(SINCE, SUNSET, "Nothing comes after it."),
        **more,
    )  # fmt: skip
    async def add_person() -> Response:
        """Add a person.

        As before.
        """
        raise RuntimeError

    return router


@pytest.fixture(scope="module")
def old(house: House, server: Server, database_name: str) -> Iterator[House]:
    assert house, "that of all other tests is built first, without this room"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main, "ROUTERS", (*main.ROUTERS, old_room()))
        with running(server.url(database_name, "crickets_app")) as another:
            yield another


@pytest.fixture
def caller(old: House) -> Api:
    return new_practice(old)


ID = "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a"


def assert_told(answer: Any, name: str, *more: str) -> None:
    assert answer.headers.get_list("deprecation") == [DEPRECATION]
    assert answer.headers.get_list("sunset") == [GONE]
    about = f'<http://testserver/docs#/clients/{name}>; rel="deprecation"; type="text/html"'
    assert answer.headers.get_list("link") == [about, *more]


SUCCESSOR = f'<http://testserver/v1/clients/{ID}>; rel="successor-version"'
REFUSALS: list[tuple[int, str, dict[str, str], str]] = [
    (200, f"/v1/people/{ID}", {}, SUCCESSOR),
    (404, "/v1/people/x%3E%22%2Cy", {}, '<http://testserver/v1/clients/x%3E%22%2Cy>; rel="successor-version"'),
    (406, f"/v1/people/{ID}", {"accept": "text/csv"}, SUCCESSOR),
    (401, f"/v1/people/{ID}", {"Authorization": "Bearer crk_wrong"}, SUCCESSOR),
    (400, f"/v1/people/{ID}", {"authorization": "a second one"}, SUCCESSOR),
    (422, f"/v1/people/{ID}?unknown=1", {}, SUCCESSOR),
    (409, f"/v1/people/{ID}?q=taken", {}, SUCCESSOR),
    (414, f"/v1/people/{ID}?q={'q' * 9000}", {}, SUCCESSOR),
    (431, f"/v1/people/{ID}", {"x-long": "x" * 17_000}, SUCCESSOR),
]


@pytest.mark.parametrize(("status", "path", "headers", "link"), REFUSALS, ids=lambda value: str(value)[:12])
def test_every_answer_says_that_it_is_on_its_way_out(
    caller: Api, status: int, path: str, headers: dict[str, str], link: str
) -> None:
    answer = caller.get(path, headers=headers)
    assert answer.status_code == status
    assert_told(answer, "readPerson", link)


def test_head_says_what_get_says_and_an_unexpected_failure_says_it_too(caller: Api, old: House) -> None:
    assert_told(caller.request("HEAD", f"/v1/people/{ID}"), "readPerson", SUCCESSOR)
    answer = old.client.post("/v1/people", headers={"authorization": f"Bearer {caller.key}"})
    assert answer.status_code == 500
    assert_told(answer, "addPerson")


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/clients"), ("PUT", "/v1/people"), ("OPTIONS", "/v1/people")])
def test_what_stays_says_nothing(caller: Api, method: str, path: str) -> None:
    assert not {"deprecation", "sunset", "link"} & set(caller.request(method, path).headers)


def test_the_document_marks_it_and_promises_the_headers_on_every_answer(old: House) -> None:
    part = old.contract.document["paths"]["/v1/people/{id}"]["get"]
    assert part["deprecated"] is True
    words = "Deprecated since 2027-01-01, gone from 2027-07-01 on. Instead: "
    assert f"{words}use `getClient`." in part["description"]
    for answer in part["responses"].values():
        assert {"Deprecation", "Sunset", "Link"} <= set(answer["headers"])
    word, q = (p for p in part["parameters"] if p["in"] == "query")
    assert word["deprecated"] is True
    assert word["description"] == f"A word. {words}the parameter `q`."
    assert "deprecated" not in q
    stays = old.contract.document["paths"]["/v1/clients"]["get"]
    assert "deprecated" not in stays
    shared = [old.contract.resolved(answer).get("headers", {}) for answer in stays["responses"].values()]
    assert not any("Sunset" in headers for headers in shared)


def test_the_served_document_deprecates_nothing_unannounced(house: House) -> None:
    assert '"Sunset"' not in str(house.contract.document["components"]["headers"])


def test_callers_get_half_a_year() -> None:
    assert Deprecated(date(2027, 1, 1), date(2027, 6, 30), "x")
    with pytest.raises(DeprecationError, match="179 days"):
        Deprecated(date(2027, 1, 1), date(2027, 6, 29), "x")
    with pytest.raises(DeprecationError, match="instead"):
        Deprecated(date(2027, 1, 1), date(2028, 1, 1), "")


def test_a_successor_exists() -> None:
    routes = declared(old_room().routes)
    with pytest.raises(DeprecationError, match="getClient, which does not exist"):
        notices(routes, base_url=None)
    find = notices([pair for pair in routes if pair[0].id != "readPerson"], base_url="https://api.example/")
    scope: Scope = {"type": "http", "method": "POST", "path": "/v1/people", "headers": []}
    assert dict(find(scope))[b"link"].startswith(b"<https://api.example/docs#/")
