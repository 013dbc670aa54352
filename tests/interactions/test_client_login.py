"""What a client's own login may do. The services themselves are asked, which trust no edge."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from app.access.principal import Caller, Principal
from app.access.rights import scopes_of
from app.assessments.schemas import InteractionIn
from app.db.scope import Actor, ScopedSession
from app.guidance import service as guidance
from app.guidance.schemas import QueueQuery
from app.interactions import service
from app.interactions.schemas import InteractionPatch, InteractionQuery
from app.kit.errors import NotAllowed, NotFound, RuleBroken, UnknownReference
from app.kit.preconditions import IfMatch
from tests.support import build
from tests.support.api import Api, House

WHEN = "2026-03-09T10:00:00Z"
ANY = IfMatch(None, required=False)


class Login:
    """A client's login, its services called as the router would."""

    def __init__(self, house: House, api: Api, client_id: str) -> None:
        scopes = scopes_of(Actor.CLIENT)
        self.principal = Principal(UUID(api.practice_id), Actor.CLIENT, UUID(client_id), "Mara Example", scopes)
        self.caller = Caller(self.principal, house.clock.now)
        self.house = house

    def do(self, work: Callable[[ScopedSession], Awaitable[Any]]) -> Any:
        return self.house.within(self.principal.scope(), work)

    def record(self, opportunity: str, **body: Any) -> Any:
        draft = InteractionIn.model_validate_json(json.dumps({"kind": "note", "occurred_at": WHEN, **body}))
        given: dict[str, Any] = {"caller": self.caller, "opportunity_id": UUID(opportunity), "draft": draft}
        return self.do(lambda session: service.record(session, **given))

    def read(self, interaction: Any) -> Any:
        return self.do(lambda s: service.read(s, interaction_id=UUID(str(interaction))))

    def change(self, interaction: Any, **changes: Any) -> Any:
        patch = InteractionPatch.model_validate_json(json.dumps(changes))
        given: dict[str, Any] = {
            "caller": self.caller,
            "interaction_id": UUID(str(interaction)),
            "patch": patch,
            "if_match": ANY,
        }
        return self.do(lambda session: service.change(session, **given))

    def void(self, interaction: Any) -> None:
        given: dict[str, Any] = {"caller": self.caller, "interaction_id": UUID(str(interaction)), "if_match": ANY}
        self.do(lambda session: service.void(session, **given))

    def timeline(self, opportunity: str) -> list[UUID]:
        given: dict[str, Any] = {
            "caller": self.caller,
            "opportunity_id": UUID(opportunity),
            "query": InteractionQuery(),
            "after": None,
        }
        return [one.id for one in self.do(lambda session: service.timeline(session, **given)).items]

    def assess(self, opportunity: str) -> Any:
        asked: dict[str, Any] = {"caller": self.caller, "opportunity_id": UUID(opportunity), "as_of": None}
        return self.do(lambda session: guidance.assess(session, **asked))

    def history(self, opportunity: str) -> Any:
        return self.do(lambda session: guidance.status_history(session, opportunity_id=UUID(opportunity)))

    def queue(self, **query: Any) -> Any:
        asked = QueueQuery.model_validate_json(json.dumps(query))
        given: dict[str, Any] = {"caller": self.caller, "query": asked, "after": None, "at": self.caller.now}
        return self.do(lambda session: guidance.work(session, **given))


@pytest.fixture
def client_id(api: Api) -> str:
    return str(build.client(api)["id"])


@pytest.fixture
def own(api: Api, client_id: str) -> str:
    return str(build.opportunity(api, client_id)["id"])


@pytest.fixture
def others(api: Api) -> str:
    return str(build.opportunity(api)["id"])


@pytest.fixture
def login(house: House, api: Api, client_id: str) -> Login:
    return Login(house, api, client_id)


def test_records_corrects_and_voids_what_they_made(login: Login, api: Api, own: str) -> None:
    made = login.record(own, kind="application")
    assert (made.recorded_by.type, made.recorded_by.id) == ("client", login.principal.id)
    assert login.change(made.id, kind="outreach").version == 2
    assert api.ok(api.get(f"/v1/opportunities/{own}/assessment"))["status"] == "follow_up_due"
    login.void(made.id)
    assert api.ok(api.get(f"/v1/opportunities/{own}/assessment"))["status"] == "not_started"


def test_reads_but_does_not_change_what_others_made(login: Login, api: Api, own: str) -> None:
    coachs = build.interaction(api, own, "note", WHEN)["id"]
    assert login.read(coachs).recorded_by.type == "member"
    assert login.timeline(own) == [UUID(coachs)]
    with pytest.raises(NotAllowed):
        login.change(coachs, summary="x")
    with pytest.raises(NotAllowed):
        login.void(coachs)


def test_sees_nothing_of_what_is_for_coaches(login: Login, api: Api, own: str) -> None:
    hidden = build.interaction(api, own, "interview", WHEN, visibility="coaches")["id"]
    shared = build.interaction(api, own, "note", WHEN)["id"]
    assert login.timeline(own) == [UUID(shared)]
    for attempt in (login.read, login.void):
        with pytest.raises(NotFound):
            attempt(hidden)
    with pytest.raises(RuleBroken):
        login.record(own, visibility="coaches")
    said = login.assess(own)
    assert said["status"] == "follow_up_due"
    assert hidden not in json.dumps(said, default=str)


def test_their_word_is_judged_with_what_they_do_not_see(login: Login, api: Api, own: str) -> None:
    build.interaction(api, own, "request", "2026-03-08T10:00:00Z", visibility="coaches")
    login.record(own, kind="reply")
    reasons = api.ok(api.get(f"/v1/opportunities/{own}/assessment"))["reasons"]
    assert "answer_sent" in {reason["code"] for reason in reasons}


def test_other_clients_opportunities_are_not_there(login: Login, api: Api, others: str) -> None:
    theirs = build.interaction(api, others, "note", WHEN)["id"]
    for attempt, target in (
        (login.record, others),
        (login.assess, others),
        (login.history, others),
        (login.timeline, others),
        (login.read, theirs),
        (login.void, theirs),
    ):
        with pytest.raises(NotFound):
            attempt(target)


def test_names_contacts_of_own_opportunities_only(login: Login, api: Api, client_id: str, own: str) -> None:
    linked, unlinked = (build.contact(api)["id"] for _ in "ab")
    build.opportunity(api, client_id, contact_ids=[linked])
    assert str(login.record(own, contact_id=linked).contact_id) == linked
    with pytest.raises(UnknownReference):
        login.record(own, contact_id=unlinked)


def test_the_queue_is_their_own(login: Login, api: Api, own: str, others: str) -> None:
    for opportunity in (own, others):
        build.interaction(api, opportunity, "request", WHEN)
    queue = login.queue()
    assert [str(item["opportunity"]["id"]) for item in queue.page.items] == [own]
    assert queue.counts["your_move"] == 1


@pytest.mark.parametrize(
    "query", [{"scope": "mine"}, {"scope": "practice"}, {"coach_id": "01981d3c-5f0e-7c3a-9b1e-6a1d2f3c4b5a"}]
)
def test_the_queue_takes_no_scope_from_them(login: Login, query: dict[str, str]) -> None:
    with pytest.raises(NotAllowed):
        login.queue(**query)
