"""Who is told what: each kind of caller, and what is told when somebody begins or ceases to see records."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support import build
from tests.support.api import Api
from tests.sync.device import PLURALS, Device, Key, told

Follow = Callable[[Api], Device]
OF_A_CLIENT = ("client", "opportunity", "interaction", "next_action", "win", "development_activity")


def keys(made: dict[str, str], *kinds: str) -> set[Key]:
    return {(kind, made[PLURALS[kind]]) for kind in kinds}


def version(api: Api, path: str) -> int:
    return int(api.ok(api.get(path))["version"])


def change(api: Api, path: str, body: dict[str, Any]) -> None:
    api.ok(api.patch(path, body, version=version(api, path)))


def assign(api: Api, client_id: str, *coaches: Api) -> None:
    change(api, f"/v1/clients/{client_id}", {"coach_ids": [coach.member_id for coach in coaches]})


def open_to(api: Api, access: str) -> None:
    change(api, "/v1/practice", {"coach_access": access})


def appoint(api: Api, member: Api, role: str) -> None:
    change(api, f"/v1/members/{member.member_id}", {"role": role})


@pytest.fixture
def theirs(api: Api) -> dict[str, str]:
    return build.everything(api, "Their Example")


@pytest.fixture
def others(api: Api) -> dict[str, str]:
    return build.everything(api, "Other Example")


@pytest.fixture(params=["coach", "assistant"])
def limited(api: Api, request: pytest.FixtureRequest) -> Api:
    """Somebody who sees assigned clients only."""
    open_to(api, "assigned")
    return api.as_role(request.param)


def secret(api: Api, made: dict[str, str], **fields: Any) -> str:
    note = build.interaction(api, made["opportunities"], "note", "2026-03-01T12:00:00Z", visibility="coaches", **fields)
    return str(note["id"])


class TestAssigned:
    def test_they_follow_their_clients_only(
        self, api: Api, limited: Api, theirs: dict[str, str], others: dict[str, str], follow: Follow
    ) -> None:
        assign(api, theirs["clients"], limited)
        device = follow(limited)
        assert keys(theirs, *PLURALS) <= device.records.keys()
        assert not keys(others, *OF_A_CLIENT) & device.records.keys()
        assert keys(others, "company", "contact") <= device.records.keys()
        for made in (theirs, others):
            change(api, f"/v1/opportunities/{made['opportunities']}", {"title": "Changed"})
            build.interaction(api, made["opportunities"], "rejection", "2026-03-10T12:00:00Z")
        changes = device.catch_up()
        assert {key for _, key in changes if key[0] == "opportunity"} == keys(theirs, "opportunity")
        assert len(changes) == 2
        device.agrees()

    def test_assignment_brings_all_of_a_client_and_its_end_takes_it(
        self, api: Api, limited: Api, theirs: dict[str, str], others: dict[str, str], follow: Follow
    ) -> None:
        bystander = follow(api.as_role("coach"))
        device = follow(limited)
        assign(api, theirs["clients"], limited)
        assert keys(theirs, *OF_A_CLIENT) == told(device.catch_up(), "upsert")
        device.agrees()
        assign(api, theirs["clients"])
        assert keys(theirs, *OF_A_CLIENT) == told(device.catch_up(), "remove")
        device.agrees()
        assert bystander.catch_up() == []

    def test_what_went_away_before_they_came_is_never_named(
        self, api: Api, limited: Api, theirs: dict[str, str], follow: Follow
    ) -> None:
        device = follow(limited)
        gone = build.opportunity(api, theirs["clients"])
        assert api.delete(f"/v1/opportunities/{gone['id']}").status_code == 204
        assign(api, theirs["clients"], limited)
        device.catch_up()
        device.agrees()
        assert ("opportunity", gone["id"]) not in {key for _, key in device.told}

    def test_what_went_away_while_they_saw_it_is_removed_although_they_left(
        self, api: Api, limited: Api, theirs: dict[str, str], follow: Follow
    ) -> None:
        assign(api, theirs["clients"], limited)
        device = follow(limited)
        assert api.delete(f"/v1/opportunities/{theirs['opportunities']}").status_code == 204
        assign(api, theirs["clients"])
        assert told(device.catch_up(), "remove") == keys(theirs, *OF_A_CLIENT)
        device.agrees()

    def test_leaving_and_coming_back_between_two_looks_loses_nothing(
        self, api: Api, limited: Api, theirs: dict[str, str], follow: Follow
    ) -> None:
        assign(api, theirs["clients"], limited)
        device = follow(limited)
        second = build.opportunity(api, theirs["clients"])
        assert api.delete(f"/v1/opportunities/{theirs['opportunities']}").status_code == 204
        assign(api, theirs["clients"])
        change(api, f"/v1/opportunities/{second['id']}", {"title": "Changed"})
        assign(api, theirs["clients"], limited)
        device.catch_up()
        assert device.records["opportunity", second["id"]]["title"] == "Changed"
        device.agrees()

    def test_an_erasure_is_told_to_the_coach(
        self, api: Api, limited: Api, theirs: dict[str, str], others: dict[str, str], follow: Follow
    ) -> None:
        assign(api, theirs["clients"], limited)
        device = follow(limited)
        for made in (theirs, others):
            assert api.delete(f"/v1/clients/{made['clients']}").status_code == 204
        assert keys(theirs, *OF_A_CLIENT) <= told(device.catch_up(), "remove")
        assert not keys(others, *OF_A_CLIENT) & {key for _, key in device.told}
        device.agrees()


class TestThePracticeOpensAndCloses:
    def test_closing_removes_and_opening_brings_back(
        self, api: Api, theirs: dict[str, str], others: dict[str, str], follow: Follow
    ) -> None:
        coach, assistant = api.as_role("coach"), api.as_role("assistant")
        hidden = secret(api, theirs)
        assign(api, others["clients"], coach, assistant)
        devices = [follow(coach), follow(assistant)]
        leader, client = follow(api), follow(api.as_client(theirs["clients"]))
        leader.catch_up()
        open_to(api, "assigned")
        for device in devices:
            assert told(device.catch_up(), "remove") >= keys(theirs, *OF_A_CLIENT)
            device.agrees()
        open_to(api, "practice")
        for device in devices:
            assert told(device.catch_up(), "upsert") >= keys(theirs, *OF_A_CLIENT)
            device.agrees()
        assert set(leader.catch_up()) == set(client.catch_up()) == {("upsert", ("practice", api.practice_id))}
        assert ("interaction", hidden) in {key for _, key in devices[0].told}
        assert ("interaction", hidden) not in {key for _, key in devices[1].told}

    def test_what_went_away_while_it_was_open_is_removed_after_it_closed(
        self, api: Api, theirs: dict[str, str], others: dict[str, str], follow: Follow
    ) -> None:
        coach = api.as_role("coach")
        device = follow(coach)
        assert api.delete(f"/v1/opportunities/{theirs['opportunities']}").status_code == 204
        assert api.delete(f"/v1/clients/{others['clients']}").status_code == 204
        open_to(api, "assigned")
        device.catch_up()
        device.agrees()

    def test_what_went_away_before_it_opened_is_never_named(
        self, api: Api, limited: Api, theirs: dict[str, str], follow: Follow
    ) -> None:
        device = follow(limited)
        assert api.delete(f"/v1/opportunities/{theirs['opportunities']}").status_code == 204
        for access in ("practice", "assigned", "practice"):
            open_to(api, access)
        device.catch_up()
        device.agrees()
        assert not keys(theirs, "opportunity", "interaction") & {key for _, key in device.told}


class TestRoles:
    @pytest.mark.parametrize("access", ["assigned", "practice"])
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("coach", "assistant"),
            ("assistant", "coach"),
            ("admin", "coach"),
            ("coach", "admin"),
            ("owner", "assistant"),
            ("assistant", "owner"),
            ("owner", "admin"),
        ],
    )
    def test_another_role_adds_and_removes_what_differs(
        self,
        api: Api,
        theirs: dict[str, str],
        others: dict[str, str],
        follow: Follow,
        access: str,
        before: str,
        after: str,
    ) -> None:
        open_to(api, access)
        member = api.as_role(before)
        assign(api, theirs["clients"], member)
        secret(api, theirs)
        secret(api, others)
        device = follow(member)
        # Some things go away between the last look and the change of role.
        gone = secret(api, theirs), build.opportunity(api, others["clients"])["id"]
        device.catch_up()
        assert api.delete(f"/v1/opportunities/{gone[1]}").status_code == 204
        change(api, f"/v1/interactions/{theirs['interactions']}", {"visibility": "coaches"})
        appoint(api, member, after)
        device.catch_up()
        device.agrees()

    def test_a_demotion_removes_what_was_erased_before_it(
        self, api: Api, theirs: dict[str, str], follow: Follow
    ) -> None:
        open_to(api, "assigned")
        member = api.as_role("admin")
        device = follow(member)
        assert api.delete(f"/v1/clients/{theirs['clients']}").status_code == 204
        appoint(api, member, "coach")
        assert keys(theirs, *OF_A_CLIENT) <= told(device.catch_up(), "remove")
        device.agrees()

    @pytest.mark.parametrize("access", [("practice", "assigned"), ("assigned", "practice")])
    def test_what_coaches_were_told_reaches_one_who_leads_by_now(
        self, api: Api, theirs: dict[str, str], others: dict[str, str], follow: Follow, access: tuple[str, str]
    ) -> None:
        open_to(api, access[0])
        member = api.as_role("coach")
        device = follow(member)
        assert api.delete(f"/v1/opportunities/{others['opportunities']}").status_code == 204
        open_to(api, access[1])
        appoint(api, member, "admin")
        device.catch_up()
        device.agrees()

    def test_nobody_else_hears_of_it(self, api: Api, theirs: dict[str, str], follow: Follow) -> None:
        open_to(api, "assigned")
        member, other = api.as_role("admin"), api.as_role("coach")
        devices = [follow(api), follow(other)]
        appoint(api, member, "coach")
        for device in devices:
            assert device.catch_up() == [("upsert", ("member", member.member_id))]


class TestBetweenCoaches:
    @pytest.fixture(params=["assistant", "client"])
    def reader(self, api: Api, theirs: dict[str, str], request: pytest.FixtureRequest) -> Api:
        return api.as_client(theirs["clients"]) if request.param == "client" else api.as_role("assistant")

    def test_it_is_never_named(self, api: Api, reader: Api, theirs: dict[str, str], follow: Follow) -> None:
        old = secret(api, theirs)
        device = follow(reader)
        new = secret(api, theirs)
        change(api, f"/v1/interactions/{old}", {"summary": "Changed"})
        assert api.delete(f"/v1/interactions/{new}").status_code == 204
        path = f"/v1/opportunities/{theirs['opportunities']}"
        assert api.delete(path).status_code == 204
        device.catch_up()
        api.ok(api.post(f"{path}/restore"))
        device.catch_up()
        device.agrees()
        assert not {("interaction", old), ("interaction", new)} & {key for _, key in device.told}

    def test_withdrawing_it_removes_it_and_sharing_brings_it(
        self, api: Api, reader: Api, theirs: dict[str, str], follow: Follow
    ) -> None:
        device, coach = follow(reader), follow(api)
        path = f"/v1/interactions/{theirs['interactions']}"
        change(api, path, {"visibility": "coaches"})
        assert told(device.catch_up(), "remove") == keys(theirs, "interaction")
        assert device.records["opportunity", theirs["opportunities"]]["last_activity_at"] is None
        assert told(coach.catch_up(), "remove") == set()
        device.agrees()
        change(api, path, {"visibility": "shared"})
        assert told(device.catch_up(), "upsert") == keys(theirs, "interaction", "opportunity")
        device.agrees()

    @pytest.mark.parametrize("then", ["reads", "loses the client", "loses all clients"])
    def test_what_came_and_went_while_they_were_an_assistant_is_never_named(
        self, api: Api, theirs: dict[str, str], follow: Follow, then: str
    ) -> None:
        member = api.as_role("coach")
        if then == "loses the client":
            open_to(api, "assigned")
            assign(api, theirs["clients"], member)
        known, device = secret(api, theirs), follow(member)
        appoint(api, member, "assistant")
        unknown = secret(api, theirs)
        path = f"/v1/opportunities/{theirs['opportunities']}"
        assert api.delete(path).status_code == 204
        appoint(api, member, "coach")
        if then == "loses the client":
            assign(api, theirs["clients"])
        elif then == "loses all clients":
            open_to(api, "assigned")
        changes = device.catch_up()
        assert ("remove", ("interaction", known)) in changes
        assert ("interaction", unknown) not in {key for _, key in changes}
        device.agrees()
        # Whoever was a coach all along is told.
        api.ok(api.post(f"{path}/restore"))
        open_to(api, "practice")
        device.catch_up()
        device.agrees()
        assert device.has("interaction", unknown)

    def test_what_was_gone_before_they_joined_is_never_named(
        self, api: Api, theirs: dict[str, str], follow: Follow
    ) -> None:
        old = follow(api.as_role("coach"))
        assert api.delete(f"/v1/opportunities/{theirs['opportunities']}").status_code == 204
        new = follow(api.as_role("coach"))
        open_to(api, "assigned")
        gone = {("remove", key) for key in keys(theirs, "opportunity", "interaction", "next_action")}
        assert gone <= set(old.catch_up())
        assert not gone & set(new.catch_up())
        new.agrees()


def test_nobody_is_called_by_the_id_that_stands_for_everybody(api: Api) -> None:
    person = {"id": api.practice_id, "name": "Example", "time_zone": "UTC", "employment_status": "employed"}
    member = {"id": api.practice_id, "name": "Example", "email": "all@example.com", "role": "coach"}
    for path, body in (("/v1/clients", person), ("/v1/members", member)):
        answer = api.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "id-taken")


class TestClients:
    @pytest.fixture
    def login(self, api: Api, theirs: dict[str, str]) -> Api:
        return api.as_client(theirs["clients"])

    def test_they_follow_their_own_search_only(
        self, api: Api, login: Api, theirs: dict[str, str], others: dict[str, str], follow: Follow
    ) -> None:
        change(api, f"/v1/contacts/{theirs['contacts']}", {"notes": "Between us"})
        device = follow(login)
        assert device.records.keys() == keys(theirs, *PLURALS) | {("practice", api.practice_id)}
        assert device.records["contact", theirs["contacts"]]["notes"] is None
        for kind, body in {"companies": {"domain": "example.com"}, "contacts": {"title": "Boss"}}.items():
            change(api, f"/v1/{kind}/{theirs[kind]}", body)
            change(api, f"/v1/{kind}/{others[kind]}", body)
        change(api, f"/v1/clients/{others['clients']}", {"goals": ["Rest"]})
        api.as_role("coach")
        assert set(device.catch_up()) == {("upsert", key) for key in keys(theirs, "company", "contact")}
        device.agrees()

    def test_companies_and_contacts_come_and_go_with_their_opportunities(
        self, api: Api, login: Api, theirs: dict[str, str], others: dict[str, str], follow: Follow
    ) -> None:
        device = follow(login)
        path = f"/v1/opportunities/{theirs['opportunities']}"
        change(api, path, {"company_id": others["companies"], "contact_ids": [others["contacts"]]})
        changes = device.catch_up()
        assert told(changes, "upsert") == keys(others, "company", "contact") | keys(theirs, "opportunity")
        assert told(changes, "remove") == keys(theirs, "company", "contact")
        device.agrees()
        assert api.delete(path).status_code == 204
        gone = keys(theirs, "opportunity", "interaction", "next_action") | keys(others, "company", "contact")
        assert told(device.catch_up(), "remove") == gone
        change(api, f"/v1/companies/{others['companies']}", {"domain": "example.com"})
        api.ok(api.post(f"{path}/restore"))
        assert told(device.catch_up(), "upsert") == gone | keys(theirs, "development_activity")
        device.agrees()

    def test_what_another_opportunity_still_needs_stays(
        self, api: Api, login: Api, theirs: dict[str, str], follow: Follow
    ) -> None:
        company, contact = theirs["companies"], theirs["contacts"]
        second = build.opportunity(api, theirs["clients"], company_id=company, contact_ids=[contact])
        device = follow(login)
        assert api.delete(f"/v1/opportunities/{second['id']}").status_code == 204
        changes = device.catch_up()
        assert told(changes, "remove") == {("opportunity", second["id"])}
        assert told(changes, "upsert") == keys(theirs, "company", "contact")
        device.agrees()
