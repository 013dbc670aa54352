"""Companies by name, within the change of another room; and what a client login sees of companies and contacts."""

import asyncio
import uuid
from typing import Any

import pytest

from app.access.principal import Caller, Principal
from app.access.rights import scopes_of
from app.companies.service import directory
from app.db.scope import Actor, Role, Scope, ScopedSession
from app.kit.ports import Port, offers
from tests.support import build
from tests.support.api import Api
from tests.support.database import Database


def caller(api: Api, *, client_id: str | None = None) -> Caller:
    role = Actor.CLIENT if client_id else Actor.OWNER
    who = uuid.UUID(client_id or api.member_id)
    return Caller(Principal(uuid.UUID(api.practice_id), role, who, "Example", scopes_of(role)), api.house.clock.now)


def everything(api: Api) -> Scope:
    """Return the view of the whole practice: what a caller does not see now, the code keeps from them."""
    return Scope(Role.TENANT, practice_id=uuid.UUID(api.practice_id))


class TestFindOrCreate:
    def test_names_are_found_or_made_once_and_without_a_trace_of_their_own(
        self, api: Api, stranger: Api, database: Database
    ) -> None:
        known = api.ok(api.post("/v1/companies", {"name": "Acme"}), 201)["id"]
        api.ok(stranger.post("/v1/companies", {"name": "Bolt"}), 201)
        names = ["ACME ", "Bolt", "bolt", "Cyd"]

        async def work(session: ScopedSession) -> Any:
            return await directory.find_or_create_all(session, names=names, caller=caller(api))

        found = api.house.within(everything(api), work)
        assert str(found.ids["ACME "]) == known
        assert found.ids["Bolt"] == found.ids["bolt"]
        assert found.made == {found.ids["Bolt"], found.ids["Cyd"]}
        assert sorted(c["name"] for c in api.walk("/v1/companies")) == ["Acme", "Bolt", "Cyd"]
        written = database.value("select count(*) from audit_event where resource_type = 'company'")
        again = api.house.within(everything(api), work)
        assert (again.ids, again.made) == (found.ids, frozenset())
        assert database.value("select count(*) from audit_event where resource_type = 'company'") == written

    def test_whoever_comes_second_waits_and_finds_the_first_ones(self, api: Api) -> None:
        house, who = api.house, caller(api)

        async def race() -> tuple[Any, Any]:
            sessions = house.app.state.house.sessions
            async with sessions() as first, sessions() as second:
                first.within(who.principal.scope())
                second.within(who.principal.scope())
                made = await directory.find_or_create(first, name="Acme", caller=who)
                waiting = asyncio.ensure_future(directory.find_or_create(second, name="acme", caller=who))
                # The second is inside its insert, behind the first one's uncommitted row.
                done, _ = await asyncio.wait([waiting], timeout=0.3)
                assert not done
                await first.commit()
                found = await waiting
                await second.commit()
                return made, found

        assert house.client.portal is not None
        made, found = house.client.portal.call(race)
        assert made == found
        assert len(api.walk("/v1/companies")) == 1

    def test_two_that_rename_to_one_name_do_not_both_succeed(self, api: Api) -> None:
        ids = [api.ok(api.post("/v1/companies", {"name": name}), 201)["id"] for name in ("A", "B")]
        answers = [api.patch(f"/v1/companies/{i}", {"name": "Same"}, version=1).status_code for i in ids]
        assert answers == [200, 409]


class TestClientLogin:
    @pytest.fixture
    def own(self, api: Api) -> dict[str, str]:
        """Return a client with an opportunity, its company and its contact, among others they must not see."""
        client, contact = build.client(api), build.contact(api, name="Known", notes="For members only.")
        made = build.opportunity(api, client["id"], company_name="Own", contact_ids=[contact["id"]])
        other = build.contact(api, name="Unknown")
        build.opportunity(api, company_name="Other", contact_ids=[other["id"]])
        gone = build.opportunity(api, client["id"], company_name="Gone", contact_ids=[other["id"]])
        assert api.delete(f"/v1/opportunities/{gone['id']}").status_code == 204
        return {"client": client["id"], "company": made["company_id"], "contact": contact["id"], "other": other["id"]}

    def test_only_companies_and_contacts_of_own_opportunities_exist(self, api: Api, own: dict[str, str]) -> None:
        login = api.as_client(own["client"])
        company = login.ok(login.get(f"/v1/companies/{own['company']}"))
        person = login.ok(login.get(f"/v1/contacts/{own['contact']}"))
        assert (company["name"], person["name"], person["notes"]) == ("Own", "Known", None)
        assert login.walk("/v1/companies") == [company]
        assert login.walk("/v1/contacts") == [person]

    def test_the_contact_of_somebody_else_is_not_found(self, api: Api, own: dict[str, str]) -> None:
        assert api.as_client(own["client"]).get(f"/v1/contacts/{own['other']}").status_code == 404


class TestPorts:
    def test_a_port_gives_what_it_was_filled_with(self) -> None:
        port: Port[str] = Port("word")
        assert port.of(offers(port.filled_by("cricket"))) == "cricket"

    def test_a_port_is_filled_once(self) -> None:
        port: Port[str] = Port("word")
        with pytest.raises(ValueError, match="twice"):
            offers(port.filled_by("a"), port.filled_by("b"))
