"""Every operation that changes or exports something, done once: it leaves exactly one entry, by which it is known."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2 as httpx
import pytest

from app.access import tokens
from app.accounts.repository import logins
from app.audit.schemas import ResourceType
from app.db.ids import new_id
from app.db.scope import Role, Scope, ScopedSession
from app.http.operation import Operation, declared_on
from app.http.spec_inputs import example
from tests.support import build, doors
from tests.support.api import Api, House
from tests.support.database import Database

Act = Callable[[], httpx.Response]
#: Reads that are to be told of all the same.
EXPORTS = {"exportClient"}
#: A sign-in that begins, goes on or ends changes no record of the practice; the others here store nothing.
SILENT = {
    *("createDraft", "createPictureLink", "createSimulation"),
    *("startLogin", "refreshLogin", "endLogin", "forgotPassword"),
}


def a_met_one(api: Api) -> str:
    """Make an opportunity on which there is a meeting to say thanks for, and return its id."""
    made = a_timeline(api)
    build.interaction(api, made, "interview", "2026-03-02T12:00:00Z")
    return made


def an_import(api: Api) -> str:
    """Preview an import that makes something, and return its id."""
    log = {"client_id": build.client(api)["id"], "content": "company,title,date applied\nA,B,2026-03-01\n"}
    return str(api.ok(api.post("/v1/imports", log), 201)["id"])


def committed(api: Api) -> str:
    made = an_import(api)
    api.ok(api.post(f"/v1/imports/{made}/commit"))
    return made


def a_timeline(api: Api) -> str:
    return str(build.opportunity(api)["id"])


def an_interaction(api: Api) -> str:
    return str(build.interaction(api, a_timeline(api), "interview", "2026-03-02T12:00:00Z")["id"])


def hidden(api: Api) -> str:
    made = a_timeline(api)
    api.ok(api.delete(f"/v1/opportunities/{made}"), 204)
    return made


def a_key(api: Api) -> str:
    login = api.signed_in()
    made = login.ok(login.post("/v1/api-keys", {"name": "Spare", "scopes": ["clients:read"]}), 201)
    return str(made["id"])


def an_invited_client(api: Api) -> str:
    return str(doors.invite_client(api)["client_id"])


def a_client_with_an_address(api: Api) -> str:
    return str(build.client(api, email=doors.address())["id"])


def a_reset(api: Api) -> str:
    """Let a member forget their password, and return the token that the letter would carry."""
    _, made = doors.as_member(api)
    token = tokens.new_reset_token()

    async def store(session: ScopedSession) -> None:
        login = await logins.of_member(session, member_id=uuid.UUID(made["id"]))
        assert login is not None
        now = api.house.clock.now
        values = {"id": new_id(), "login_id": login["id"], "token_hash": tokens.digest(token), "created_at": now}
        await logins.insert_reset(session, values={**values, "expires_at": now + timedelta(hours=1)})

    api.house.within(Scope(Role.TENANT, practice_id=uuid.UUID(api.practice_id)), store)
    return token


def an_action(api: Api) -> str:
    """Set an action on an opportunity by hand, and return its id."""
    made = build.opportunity(api)
    draft = {"client_id": made["client_id"], "opportunity_id": made["id"], "title": "Ask Kim"}
    return str(api.ok(api.post("/v1/next-actions", draft), 201)["id"])


def a_win(api: Api) -> str:
    draft = {"client_id": build.client(api)["id"], "title": "Slept well", "occurred_on": "2026-03-01"}
    return str(api.ok(api.post("/v1/wins", draft), 201)["id"])


def an_activity(api: Api) -> str:
    draft = {"client_id": build.client(api)["id"], "kind": "course", "title": "Evening course"}
    return str(api.ok(api.post("/v1/development-activities", draft), 201)["id"])


#: What must be there before an operation on `{id}` can do its work.
BEFORE: dict[str, Callable[[Api], str]] = {
    "updateClient": lambda api: str(build.client(api, employment_status="student")["id"]),
    "exportClient": lambda api: str(build.client(api)["id"]),
    "eraseClient": lambda api: str(build.client(api)["id"]),
    "inviteClient": a_client_with_an_address,
    "revokeClientLogin": an_invited_client,
    "updateCompany": lambda api: str(api.ok(api.post("/v1/companies", {"name": "Z"}), 201)["id"]),
    "deleteCompany": lambda api: str(api.ok(api.post("/v1/companies", {"name": "Z"}), 201)["id"]),
    "updateContact": lambda api: str(build.contact(api)["id"]),
    "deleteContact": lambda api: str(build.contact(api)["id"]),
    "updateOpportunity": a_timeline,
    "deleteOpportunity": a_timeline,
    "restoreOpportunity": hidden,
    "createInteraction": a_timeline,
    "createInteractions": a_timeline,
    "createDraft": a_met_one,
    "updateInteraction": an_interaction,
    "voidInteraction": an_interaction,
    "commitImport": an_import,
    "undoImport": committed,
    "updateMember": lambda api: str(doors.invite(api)["id"]),
    "deactivateMember": lambda api: str(doors.as_member(api)[1]["id"]),
    "inviteMember": lambda api: str(doors.invite(api)["id"]),
    "revokeApiKey": a_key,
    "rotateApiKey": a_key,
    **dict.fromkeys(("updateNextAction", "deleteNextAction", "acceptNextAction", "finishNextAction"), an_action),
    **dict.fromkeys(("snoozeNextAction", "dismissNextAction"), an_action),
    **dict.fromkeys(("updateWin", "deleteWin"), a_win),
    **dict.fromkeys(("updateDevelopmentActivity", "deleteDevelopmentActivity"), an_activity),
}
#: What must be said otherwise than in the example of the document, which names records that are not there.
INSTEAD: dict[str, Callable[[Api], dict[str, Any]]] = {
    "createContact": lambda api: {"company_id": api.ok(api.post("/v1/companies", {"name": "Z"}), 201)["id"]},
    "createOpportunity": lambda api: {"client_id": build.client(api)["id"], "contact_ids": [build.contact(api)["id"]]},
    "createImport": lambda api: {"client_id": build.client(api)["id"]},
    "createNextAction": lambda api: {"client_id": build.client(api)["id"]},
    "createWin": lambda api: {"client_id": build.client(api)["id"]},
    "createPictureLink": lambda api: {"id": a_timeline(api)},
    "createDevelopmentActivity": lambda api: {"client_id": build.client(api)["id"]},
    "snoozeNextAction": lambda _: {"until": "2026-03-20"},
    "startLogin": lambda api: {"email": doors.as_member(api)[1]["email"]},
    "refreshLogin": lambda api: {"refresh_token": doors.as_member(api)[1]["refresh_token"]},
    "endLogin": lambda api: {"refresh_token": doors.as_member(api)[1]["refresh_token"]},
    "forgotPassword": lambda api: {"email": doors.as_member(api)[1]["email"]},
    "resetPassword": lambda api: {"token": a_reset(api)},
    "acceptInvitation": lambda api: {"token": doors.invite(api)["invitation_token"]},
}
#: A field that is sent under one name and kept under another.
ALSO_CHANGED = {"updateOpportunity": {"company_id"}}
#: How each is known by its entry: the action, and the type of what it was done to.
KNOWN_BY = {
    "acceptInvitation": ("login.accept", "member"),
    "acceptNextAction": ("next_action.accept", "next_action"),
    "createDevelopmentActivity": ("development_activity.create", "development_activity"),
    "createNextAction": ("next_action.create", "next_action"),
    "createWin": ("win.create", "win"),
    "deleteDevelopmentActivity": ("development_activity.delete", "development_activity"),
    "deleteNextAction": ("next_action.delete", "next_action"),
    "deleteWin": ("win.delete", "win"),
    "dismissNextAction": ("next_action.dismiss", "next_action"),
    "finishNextAction": ("next_action.done", "next_action"),
    "snoozeNextAction": ("next_action.snooze", "next_action"),
    "updateDevelopmentActivity": ("development_activity.update", "development_activity"),
    "updateNextAction": ("next_action.update", "next_action"),
    "updateWin": ("win.update", "win"),
    "commitImport": ("import.commit", "import"),
    "createApiKey": ("api_key.create", "api_key"),
    "createClient": ("client.create", "client"),
    "createCompany": ("company.create", "company"),
    "createContact": ("contact.create", "contact"),
    "createImport": ("import.create", "import"),
    "createInteraction": ("interaction.record", "interaction"),
    "createInteractions": ("interaction.record", "opportunity"),
    "createMember": ("member.create", "member"),
    "createOpportunity": ("opportunity.create", "opportunity"),
    "deactivateMember": ("member.deactivate", "member"),
    "deleteCompany": ("company.delete", "company"),
    "deleteContact": ("contact.delete", "contact"),
    "deleteOpportunity": ("opportunity.delete", "opportunity"),
    "eraseClient": ("client.erase", "client"),
    "exportClient": ("client.export", "client"),
    "inviteClient": ("client.login_invite", "client"),
    "inviteMember": ("member.invite", "member"),
    "replacePolicy": ("policy.publish", "policy"),
    "resetPassword": ("login.password_reset", "member"),
    "restoreOpportunity": ("opportunity.restore", "opportunity"),
    "revokeApiKey": ("api_key.revoke", "api_key"),
    "revokeClientLogin": ("client.login_revoke", "client"),
    "rotateApiKey": ("api_key.rotate", "api_key"),
    "undoImport": ("import.undo", "import"),
    "updateClient": ("client.update", "client"),
    "updateCompany": ("company.update", "company"),
    "updateContact": ("contact.update", "contact"),
    "updateInteraction": ("interaction.update", "interaction"),
    "updateMember": ("member.update", "member"),
    "updateOpportunity": ("opportunity.update", "opportunity"),
    "updatePractice": ("practice.update", "practice"),
    "voidInteraction": ("interaction.void", "interaction"),
}


def nothing(api: Api) -> dict[str, Any]:
    return {}


def operations(house: House) -> dict[str, Operation]:
    found = [declared_on(route) for route in house.app.routes]
    return {op.id: op for op in found if op is not None and (op.method != "GET" or op.id in EXPORTS)}


def prepared(api: Api, op: Operation) -> Act:
    """Make everything that an operation needs, and return what does it, as a person who signed in."""
    target = BEFORE[op.id](api) if "{id}" in op.path else ""
    body = None if op.body is None else {**example(op.body), **INSTEAD.get(op.id, nothing)(api)}
    path, headers = op.path.replace("{id}", target), {}
    if op.method in {"PATCH", "PUT"}:
        headers["If-Match"] = api.get(path).headers["etag"]
    caller = api.signed_in()
    return lambda: caller.request(op.method, path, json=body, headers=dict(headers))


def entries(database: Database, api: Api) -> dict[uuid.UUID, dict[str, Any]]:
    found = database.fetch("select * from audit_event where practice_id = $1", uuid.UUID(api.practice_id))
    return {row["id"]: row for row in found}


def test_every_operation_that_changes_something_is_known_here(house: House) -> None:
    assert operations(house).keys() == KNOWN_BY.keys() | SILENT
    assert len(set(KNOWN_BY.values())) == len(KNOWN_BY), "two operations look the same in the audit log"
    assert {kind for _, kind in KNOWN_BY.values()} == set(ResourceType)


@pytest.mark.parametrize("name", sorted(KNOWN_BY))
def test_it_leaves_exactly_one_entry(api: Api, database: Database, name: str) -> None:
    op = operations(api.house)[name]
    act = prepared(api, op)
    before = entries(database, api).keys()
    answer = act()
    assert answer.is_success, answer.text
    new = [row for key, row in entries(database, api).items() if key not in before]
    assert [(row["action"], row["resource_type"]) for row in new] == [KNOWN_BY[name]]
    (entry,) = new
    assert entry["request_id"] == uuid.UUID(answer.headers["request-id"])
    assert entry["occurred_at"] == api.house.clock.now
    assert entry["actor_type"] == "member"
    if op.method in {"PATCH", "PUT"}:
        body = json.loads(answer.request.content)
        assert set(entry["changed_fields"]) <= set(body) | ALSO_CHANGED.get(name, set())
        assert entry["changed_fields"]


@pytest.mark.parametrize("name", sorted(SILENT))
def test_it_leaves_none(api: Api, database: Database, name: str) -> None:
    act = prepared(api, operations(api.house)[name])
    before = entries(database, api)
    assert act().is_success
    assert entries(database, api) == before


@pytest.mark.parametrize("name", sorted(name for name in KNOWN_BY if name.startswith(("update", "replace"))))
def test_a_change_to_what_is_there_already_leaves_none(api: Api, database: Database, name: str) -> None:
    op = operations(api.house)[name]
    first = prepared(api, op)()
    assert first.is_success, first.text
    before = entries(database, api)
    again = api.request(
        op.method,
        first.request.url.path,
        json=json.loads(first.request.content),
        headers={"If-Match": first.headers["etag"]},
    )
    assert (again.status_code, again.headers["etag"]) == (200, first.headers["etag"])
    assert entries(database, api) == before
