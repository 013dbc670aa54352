"""What the login of a client sees and does (API.md, opportunity: K); each wall alone is tried in tests/tenancy."""

import json
import uuid
from typing import Any

import pytest

from app.access.principal import Caller, Principal
from app.access.rights import scopes_of
from app.companies.service import directory
from app.db.scope import Actor, ScopedSession
from app.kit.errors import NotFound, UnknownReference
from app.kit.preconditions import IfMatch
from app.opportunities.schemas import OpportunityIn, OpportunityPatch, OpportunityQuery
from app.opportunities.service import records, removal, search
from tests.support import build
from tests.support.api import Api
from tests.support.database import Database

NO_MATCH = IfMatch(None, required=False)


@pytest.fixture
def login(api: Api) -> Caller:
    """Return the caller that a client's login would be."""
    client_id = uuid.UUID(build.client(api)["id"])
    principal = Principal(
        uuid.UUID(api.practice_id), Actor.CLIENT, client_id, "Client Example", scopes_of(Actor.CLIENT)
    )
    return Caller(principal, api.house.clock.now)


def draft(client_id: Any, **fields: Any) -> OpportunityIn:
    body = {"client_id": str(client_id), "title": "Own", "kind": "gig", "source": "other", **fields}
    return OpportunityIn.model_validate_json(json.dumps(body))


def create(api: Api, login: Caller, body: OpportunityIn) -> Any:
    async def work(session: ScopedSession) -> Any:
        return await records.create(session, companies=directory, caller=login, draft=body)

    return api.house.within(login.principal.scope(), work)


def test_it_opens_changes_hides_and_restores_its_own(api: Api, login: Caller, database: Database) -> None:
    build.opportunity(api, company_name="Acme")
    made = create(api, login, draft(login.principal.id, company_name="ACME"))
    assert made["company_name"] == "Acme"

    async def work(session: ScopedSession) -> Any:
        patch = OpportunityPatch.model_validate_json('{"title": "Changed", "company_name": "Bolt"}')
        match = IfMatch(('"1"',), required=True)
        changed = await records.change(
            session, companies=directory, caller=login, opportunity_id=made["id"], patch=patch, if_match=match
        )
        await removal.hide(session, caller=login, opportunity_id=made["id"], if_match=NO_MATCH)
        return changed, await removal.restore(session, caller=login, opportunity_id=made["id"], if_match=NO_MATCH)

    changed, restored = api.house.within(login.principal.scope(), work)
    assert (changed["title"], changed["company_name"]) == ("Changed", "Bolt")
    assert (restored["version"], restored["title"]) == (4, "Changed")
    assert api.ok(api.get(f"/v1/opportunities/{made['id']}"))["company_name"] == "Bolt"
    actors = database.fetch("select distinct actor_type from audit_event where resource_id = $1", made["id"])
    assert [row["actor_type"] for row in actors] == ["client"]


def test_nothing_else_exists_for_it(api: Api, login: Caller) -> None:
    own = create(api, login, draft(login.principal.id, company_name="Acme"))
    build.interaction(api, str(own["id"]), "note", "2026-03-10T09:00:00Z", visibility="coaches")
    other = uuid.UUID(build.opportunity(api)["id"])

    async def work(session: ScopedSession) -> Any:
        for attempt in (
            lambda: records.read(session, caller=login, opportunity_id=other),
            lambda: removal.hide(session, caller=login, opportunity_id=other, if_match=NO_MATCH),
            lambda: removal.restore(session, caller=login, opportunity_id=other, if_match=NO_MATCH),
        ):
            with pytest.raises(NotFound):
                await attempt()
        return await search.search(session, query=OpportunityQuery(), after=None, now=login.now)

    found = api.house.within(login.principal.scope(), work)
    assert [item["id"] for item in found.items] == [own["id"]]
    assert found.items[0]["last_activity_at"] is None


def test_it_may_name_only_what_it_sees(api: Api, login: Caller) -> None:
    other = build.opportunity(api, contact_ids=[build.contact(api)["id"]])
    body = draft(other["client_id"], company_id=other["company_id"], contact_ids=other["contact_ids"])
    with pytest.raises(UnknownReference) as refused:
        create(api, login, body)
    assert [fault.pointer for fault in refused.value.faults] == ["/client_id", "/company_id", "/contact_ids/0"]
