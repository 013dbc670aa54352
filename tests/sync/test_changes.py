"""What is told of each kind of change, to somebody who sees all of the practice."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from app.db.scope import Role, Scope
from app.jobs import purge
from tests.support import build
from tests.support.api import Api, Clock
from tests.support.database import Database
from tests.sync.device import PLURALS, Device, Key, told

Follow = Callable[[Api], Device]


@pytest.fixture
def made(api: Api, stranger: Api) -> dict[str, str]:
    build.everything(stranger, "Noise Example")
    return build.everything(api, "Own Example")


def keys(made: dict[str, str], *kinds: str) -> set[Key]:
    return {(kind, made[PLURALS[kind]]) for kind in kinds}


def test_a_snapshot_holds_everything_and_nothing_of_others(api: Api, made: dict[str, str], follow: Follow) -> None:
    device = follow(api)
    assert device.records.keys() == {("practice", api.practice_id), ("member", api.member_id)} | keys(made, *PLURALS)
    device.agrees()


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("clients", {"goals": ["Rest"]}, {"client"}),
        ("clients", {"time_zone": "Asia/Tokyo"}, {"client", "opportunity"}),
        ("companies", {"domain": "example.com"}, {"company"}),
        ("companies", {"name": "Renamed Example"}, {"company", "opportunity"}),
        ("contacts", {"notes": "Called"}, {"contact"}),
        ("opportunities", {"title": "Other Example"}, {"opportunity"}),
        ("opportunities", {"contact_ids": []}, {"opportunity"}),
        ("interactions", {"summary": "Short"}, {"interaction"}),
        ("interactions", {"kind": "rejection"}, {"interaction", "opportunity"}),
        ("interactions", {"visibility": "coaches"}, {"interaction", "opportunity"}),
    ],
)
def test_a_change_tells_what_reads_differently_now(
    api: Api, made: dict[str, str], follow: Follow, path: str, body: dict[str, Any], expected: set[str]
) -> None:
    device = follow(api)
    api.ok(api.patch(f"/v1/{path}/{made[path]}", body, version=1))
    assert set(device.catch_up()) == {("upsert", key) for key in keys(made, *expected)}
    device.agrees()
    api.ok(api.patch(f"/v1/{path}/{made[path]}", body, version=2))  # once more changes nothing
    assert device.catch_up() == []


def test_new_records_come_with_what_they_change(api: Api, made: dict[str, str], follow: Follow) -> None:
    device = follow(api)
    met = build.interaction(api, made["opportunities"], "offer", "2026-03-12T12:00:00Z")
    assert told(device.catch_up(), "upsert") == {("interaction", met["id"]), *keys(made, "opportunity")}
    assert device.records["opportunity", made["opportunities"]]["stage"] == "offer"
    items = [{"kind": "note", "occurred_at": f"2026-03-{day:02}T12:00:00Z"} for day in range(1, 16)]
    api.ok(api.post(f"/v1/opportunities/{made['opportunities']}/interactions/batch", {"items": items}), 201)
    assert len(told(device.catch_up(), "upsert")) == 16
    build.everything(api, "Second Example")
    device.catch_up()
    device.agrees()


def test_a_voided_interaction_is_still_a_record(api: Api, made: dict[str, str], follow: Follow) -> None:
    device = follow(api)
    assert api.delete(f"/v1/interactions/{made['interactions']}").status_code == 204
    assert told(device.catch_up(), "upsert") == keys(made, "interaction", "opportunity")
    assert device.records["interaction", made["interactions"]]["voided_at"] is not None
    device.agrees()


def test_companies_and_contacts_go_for_good(api: Api, follow: Follow) -> None:
    company = api.ok(api.post("/v1/companies", {"name": "Short-lived Example"}), 201)["id"]
    contact = build.contact(api, company_id=company)["id"]
    device = follow(api)
    assert api.delete(f"/v1/contacts/{contact}").status_code == 204
    assert api.delete(f"/v1/companies/{company}").status_code == 204
    assert device.catch_up() == [("remove", ("contact", contact)), ("remove", ("company", company))]
    device.agrees()


def test_hiding_takes_the_timeline_along_and_restoring_brings_it_back(
    api: Api, made: dict[str, str], follow: Follow
) -> None:
    note = build.interaction(api, made["opportunities"], "note", "2026-03-01T12:00:00Z", visibility="coaches")
    device = follow(api)
    whole = keys(made, "opportunity", "interaction", "next_action") | {("interaction", note["id"])}
    helped = {("upsert", key) for key in keys(made, "development_activity")}  # by an opportunity less
    path = f"/v1/opportunities/{made['opportunities']}"
    assert api.delete(path).status_code == 204
    assert set(device.catch_up()) == {("remove", key) for key in whole} | helped
    device.agrees()
    # What changes while it is hidden tells nothing of it.
    api.ok(api.patch(f"/v1/companies/{made['companies']}", {"name": "Renamed Example"}, version=1))
    api.ok(api.patch(f"/v1/clients/{made['clients']}", {"time_zone": "Asia/Tokyo"}, version=1))
    assert set(device.catch_up()) == {("upsert", key) for key in keys(made, "company", "client")}
    api.ok(api.post(f"{path}/restore"))
    assert set(device.catch_up()) == {("upsert", key) for key in whole} | helped
    device.agrees()


def test_what_is_purged_was_gone_before(api: Api, made: dict[str, str], follow: Follow, clock: Clock) -> None:
    device = follow(api)
    assert api.delete(f"/v1/opportunities/{made['opportunities']}").status_code == 204
    assert told(device.catch_up(), "remove") == keys(made, "opportunity", "interaction", "next_action")
    clock.forward(days=31)
    scope = Scope(Role.TENANT, practice_id=UUID(api.practice_id))
    opportunity = UUID(made["opportunities"])
    done = api.house.within(scope, lambda s: purge.run(s, now=clock.now, opportunity_id=opportunity))
    assert done == 1
    assert device.catch_up() == []
    device.agrees()


def test_an_erasure_removes_everything_of_the_person(api: Api, made: dict[str, str], follow: Follow) -> None:
    device = follow(api)
    assert api.delete(f"/v1/clients/{made['clients']}").status_code == 204
    changes = device.catch_up()
    assert told(changes, "remove") >= keys(made, "client", "opportunity", "interaction")
    device.agrees()


def test_a_new_policy_tells_every_opportunity_once(api: Api, made: dict[str, str], follow: Follow) -> None:
    other = build.opportunity(api)["id"]
    device = follow(api)
    policy = api.get("/v1/policy")
    document = policy.json() | {"follow_up_rest_days": 9}
    for name in ("version", "created_at", "created_by"):
        document.pop(name)
    api.ok(api.put("/v1/policy", document, headers={"If-Match": policy.headers["etag"]}))
    assert set(device.catch_up()) == {("upsert", ("opportunity", o)) for o in (other, made["opportunities"])}
    device.agrees()


def test_an_import_and_its_undoing(api: Api, follow: Follow) -> None:
    person = build.client(api)["id"]
    device = follow(api)
    lines = "".join(f"Company {n},Title {n},2026-02-{n % 28 + 1:02}\n" for n in range(120))
    log = {"client_id": person, "content": "company,title,date applied\n" + lines}
    imported = api.ok(api.post("/v1/imports", log), 201)["id"]
    assert device.catch_up() == []  # a preview is no change
    api.ok(api.post(f"/v1/imports/{imported}/commit"))
    upserts = told(device.catch_up(), "upsert")
    assert {kind: sum(k == kind for k, _ in upserts) for kind in ("company", "opportunity", "interaction")} == {
        "company": 120,
        "opportunity": 120,
        "interaction": 120,
    }
    device.agrees()
    api.ok(api.post(f"/v1/imports/{imported}/undo"))
    device.catch_up()
    device.agrees()
    assert not [key for key in device.records if key[0] in {"opportunity", "interaction"}]


def test_members_and_the_practice_itself(api: Api, follow: Follow) -> None:
    device = follow(api)
    body = {"name": "New Example", "email": "new@example.com", "role": "coach"}
    member = api.ok(api.post("/v1/members", body), 201)["id"]
    api.ok(api.patch("/v1/practice", {"name": "Renamed Example"}, version=1))
    assert set(device.catch_up()) == {("upsert", ("member", member)), ("upsert", ("practice", api.practice_id))}
    api.ok(api.post(f"/v1/members/{member}/deactivate"))
    assert device.catch_up() == [("upsert", ("member", member))]
    assert device.records["member", member]["status"] == "deactivated"
    device.agrees()


def test_what_was_made_and_removed_between_two_looks_is_told_as_removed(api: Api, follow: Follow) -> None:
    device = follow(api)
    contact = build.contact(api)["id"]
    assert api.delete(f"/v1/contacts/{contact}").status_code == 204
    assert device.catch_up() == [("remove", ("contact", contact))]


def test_time_alone_tells_nothing(api: Api, made: dict[str, str], follow: Follow, clock: Clock) -> None:
    device = follow(api)
    status = device.records["opportunity", made["opportunities"]]["assessment"]["status"]
    clock.forward(days=40)
    assert device.catch_up() == []
    assert api.get(f"/v1/opportunities/{made['opportunities']}").json()["assessment"]["status"] != status
    assert device.records["opportunity", made["opportunities"]]["assessment"]["until"] is not None


def test_what_is_changed_behind_the_service_is_told_too(
    api: Api, made: dict[str, str], follow: Follow, database: Database
) -> None:
    device = follow(api)
    # As a migration or a repair does it: no practice is set.
    database.execute("update contact set title = 'Mended', version = 2 where id = $1", UUID(made["contacts"]))
    assert device.catch_up() == [("upsert", ("contact", made["contacts"]))]
    device.agrees()
