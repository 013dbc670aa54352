"""Erasing a person: gone from every row, and nobody else with them."""

import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.db.base import metadata
from app.db.scope import Role, Scope, ScopedSession
from app.jobs import purge, rebuild
from tests.privacy import canaries
from tests.privacy.canaries import Person
from tests.support import build
from tests.support.api import Api, Clock
from tests.support.database import Database, Server

#: Where the bare ids of what was erased may still be found: who did what to which id, the reserved id itself, and
#: for 91 days what tells devices to forget it.
MAY_KEEP_IDS = {"audit_event", "change", "erased_client", "pgqueuer", "pgqueuer_log", "silence_change"}
PATHS = {
    "client": "/v1/clients/{}",
    "opportunity": "/v1/opportunities/{}",
    "hidden": "/v1/opportunities/{}",
    "contact": "/v1/contacts/{}",
    "interaction": "/v1/interactions/{}",
    "secret": "/v1/interactions/{}",
    "import": "/v1/imports/{}",
    "preview": "/v1/imports/{}",
}


@pytest.fixture
def mara(api: Api) -> Person:
    return canaries.settle(api)


def erase(api: Api, person: Person) -> None:
    api.ok(api.delete(f"/v1/clients/{person.id}"), 204)


class TestNothingIsLeft:
    def test_no_word_of_theirs_is_in_a_dump_and_every_word_of_others_is(
        self, api: Api, stranger: Api, server: Server, database: Database
    ) -> None:
        shared = {
            "contact": build.contact(api, name="canaryshared contact", notes="canaryshared notes")["id"],
            "company": api.ok(api.post("/v1/companies", {"name": "canaryshared firm"}), 201)["id"],
        }
        mara, other = canaries.settle(api, shared=shared), canaries.settle(api, shared=shared)
        theirs = canaries.settle(stranger)
        api.as_client(mara.id)
        _invite(api, mara)
        kept = "select about, sealed from kept_answer where practice_id = $1"
        assert all(row["sealed"] for row in database.fetch(kept, api.practice_id))
        before = canaries.dumped(server, database)
        assert all(trace in text for text in before for trace in (mara.mark, *mara.numbers))
        erase(api, mara)
        after = canaries.dumped(server, database)
        assert len(before) == len(after) > 0
        for former, text in zip(before, after, strict=True):
            assert [trace for trace in mara.traces if trace in text] == []
            for mark in (other.mark, theirs.mark, "canaryshared"):
                assert canaries.marks(text, mark) == canaries.marks(former, mark)
        emptied = [row["sealed"] is None for row in database.fetch(kept, api.practice_id)]
        assert emptied.count(True) == emptied.count(False), "every answer about the one, and none about the other"
        for person, their in ((other, api), (theirs, stranger)):
            for name, path in PATHS.items():
                if name != "hidden":
                    assert their.get(path.format(person.ids[name])).status_code == 200, name

    def test_no_row_of_theirs_is_left_in_any_table(self, api: Api, mara: Person, database: Database) -> None:
        api.as_client(mara.id)
        tables = canaries.hanging()
        count = "select count(*) from {} where {}"
        empty = [t for t, where in tables.items() if not database.value(count.format(t, where), mara.id)]
        # What a login can have besides is the business of its own tests; all of it hangs on the login.
        assert set(empty) <= {"invitation", "password_reset"}
        ids = {
            str(row["id"])
            for table, where in tables.items()
            if "id" in metadata.tables[table].c
            for row in database.fetch(f"select id from {table} where {where}", mara.id)
        }
        assert len(ids) > 10
        erase(api, mara)
        found = {
            name: ids & set(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text))
            for name, text in canaries.rows(database).items()
        }
        assert {name for name, some in found.items() if some} <= MAY_KEEP_IDS

    def test_whatever_they_had_is_not_there_any_more(self, api: Api, mara: Person) -> None:
        erase(api, mara)
        for name, path in PATHS.items():
            assert api.get(path.format(mara.ids[name])).status_code == 404, name
        opportunity = mara.ids["opportunity"]
        for path in (f"/v1/clients/{mara.id}/export", f"/v1/opportunities/{opportunity}/assessment"):
            assert api.get(path).status_code == 404
        for path in ("restore", "interactions"):
            body = {"kind": "note", "occurred_at": "2026-03-01T12:00:00Z"} if path == "interactions" else None
            assert api.post(f"/v1/opportunities/{opportunity}/{path}", body).status_code == 404
        for path in ("commit", "undo", "rows"):
            send = api.get if path == "rows" else api.post
            assert send(f"/v1/imports/{mara.ids['import']}/{path}").status_code == 404
        for path in ("clients", "opportunities", "contacts", "companies", "imports"):
            assert mara.mark not in json.dumps(api.walk(f"/v1/{path}", limit=200))
        draft = {"client_id": mara.id, "title": "T", "kind": "gig", "source": "other", "company_name": "C"}
        assert api.post("/v1/opportunities", draft).json()["code"] == "unknown-reference"

    def test_a_login_of_theirs_opens_nothing(self, api: Api, mara: Person) -> None:
        hers = api.as_client(mara.id)
        token = _invite(api, mara)
        assert hers.get("/v1/me").status_code == 200
        erase(api, mara)
        assert hers.get("/v1/me").status_code == 401
        accepted = api.post("/v1/auth/invitations/accept", {"token": token, "password": "Long enough 2026"})
        assert accepted.status_code == 401


class TestOthersKeepTheirs:
    def test_a_contact_that_another_log_names_stays(self, api: Api) -> None:
        log = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\nAda,Example,,,,,\n"
        first, second = build.client(api)["id"], build.client(api)["id"]
        for client_id in (first, second):
            made = api.ok(api.post("/v1/imports", {"client_id": client_id, "content": log}), 201)
            api.ok(api.post(f"/v1/imports/{made['id']}/commit"))
        (ada,) = api.walk("/v1/contacts")
        api.ok(api.delete(f"/v1/clients/{first}"), 204)
        assert api.walk("/v1/contacts") == [ada]
        api.ok(api.delete(f"/v1/clients/{second}"), 204)
        assert api.walk("/v1/contacts") == []

    def test_a_contact_that_another_interaction_names_stays_with_the_company(self, api: Api) -> None:
        company = api.ok(api.post("/v1/companies", {"name": "Kept"}), 201)["id"]
        contact = build.contact(api, company_id=company)["id"]
        erased = build.client(api)["id"]
        build.opportunity(api, erased, company_id=company, contact_ids=[contact])
        other = build.opportunity(api, company_name="Elsewhere")["id"]
        build.interaction(api, other, "introduction", "2026-03-01T12:00:00Z", contact_id=contact)
        api.ok(api.delete(f"/v1/clients/{erased}"), 204)
        assert api.get(f"/v1/contacts/{contact}").status_code == 200
        assert api.get(f"/v1/companies/{company}").status_code == 200

    def test_what_nobody_ever_used_stays(self, api: Api, mara: Person) -> None:
        contact, company = build.contact(api)["id"], api.ok(api.post("/v1/companies", {"name": "Unused"}), 201)["id"]
        erase(api, mara)
        assert api.get(f"/v1/contacts/{contact}").status_code == 200
        assert api.get(f"/v1/companies/{company}").status_code == 200


class TestAudit:
    def test_it_leaves_one_entry_that_holds_no_value(self, api: Api, mara: Person, database: Database) -> None:
        before = database.value("select count(*) from audit_event where practice_id = $1", api.practice_id)
        erase(api, mara)
        rows = database.fetch("select * from audit_event where practice_id = $1", api.practice_id)
        assert len(rows) == before + 1
        (entry,) = (row for row in rows if row["action"] == "client.erase")
        assert (entry["resource_type"], str(entry["resource_id"])) == ("client", mara.id)
        assert (entry["actor_type"], str(entry["actor_id"])) == ("member", api.member_id)
        assert entry["changed_fields"] == []

    def test_a_refused_erasure_leaves_none(self, api: Api, mara: Person, database: Database) -> None:
        assert api.as_role("coach").delete(f"/v1/clients/{mara.id}").status_code == 403
        assert api.delete(f"/v1/clients/{mara.id}", headers={"If-Match": '"9"'}).status_code == 412
        assert not database.value(
            "select count(*) from audit_event where action = 'client.erase' and resource_id = $1", mara.id
        )


class TestOutcomes:
    def test_once_more_there_is_nobody(self, api: Api, mara: Person) -> None:
        erase(api, mara)
        assert api.delete(f"/v1/clients/{mara.id}").status_code == 404

    def test_the_id_stays_taken(self, api: Api, stranger: Api, mara: Person) -> None:
        erase(api, mara)
        body = {"id": mara.id, "name": "Again", "time_zone": "UTC", "employment_status": "student"}
        answer = api.post("/v1/clients", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "id-taken")
        assert api.get(f"/v1/clients/{mara.id}").status_code == 404
        api.ok(stranger.post("/v1/clients", body), 201)

    def test_if_match_is_honoured(self, api: Api, mara: Person) -> None:
        stale = api.delete(f"/v1/clients/{mara.id}", headers={"If-Match": '"2"'})
        assert (stale.status_code, stale.headers["etag"]) == (412, '"1"')
        assert api.delete(f"/v1/clients/{mara.id}", headers={"If-Match": '"1"'}).status_code == 204

    @pytest.mark.parametrize("role", ["coach", "assistant"])
    def test_only_owners_and_admins_may(self, api: Api, mara: Person, role: str) -> None:
        answer = api.as_role(role).delete(f"/v1/clients/{mara.id}")
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden-role")
        api.ok(api.as_role("admin").delete(f"/v1/clients/{mara.id}"), 204)

    def test_not_even_the_client_themselves(self, api: Api, mara: Person) -> None:
        assert api.as_client(mara.id).delete(f"/v1/clients/{mara.id}").status_code == 403
        assert api.get(f"/v1/clients/{mara.id}").status_code == 200

    def test_another_practices_client_is_not_there(self, api: Api, stranger: Api, mara: Person) -> None:
        assert stranger.delete(f"/v1/clients/{mara.id}").status_code == 404
        assert api.get(f"/v1/opportunities/{mara.ids['opportunity']}").status_code == 200

    def test_someone_who_has_nothing_yet_can_be_erased(self, api: Api) -> None:
        made = build.client(api)["id"]
        api.ok(api.delete(f"/v1/clients/{made}"), 204)
        assert api.get(f"/v1/clients/{made}").status_code == 404


class TestMeanwhile:
    def test_jobs_that_wait_for_their_records_find_nothing_to_do(self, api: Api, clock: Clock, mara: Person) -> None:
        erase(api, mara)
        clock.forward(days=31)

        async def work(session: ScopedSession) -> Any:
            hidden = uuid.UUID(mara.ids["hidden"])
            purged = await purge.run(session, now=clock.now, opportunity_id=hidden)
            return purged, await rebuild.run(session, now=clock.now)

        scope = Scope(Role.TENANT, practice_id=uuid.UUID(api.practice_id))
        assert api.house.within(scope, work) == (0, 0)

    def test_whoever_writes_at_the_same_time_comes_before_or_after(self, api: Api) -> None:
        for _ in range(4):
            client_id = build.client(api)["id"]
            opportunity = build.opportunity(api, client_id)["id"]
            log = {"client_id": client_id, "content": "company,title,date applied\nAcme,Tester,2026-03-01\n"}
            made = api.ok(api.post("/v1/imports", log), 201)["id"]
            note = {"kind": "note", "occurred_at": "2026-03-01T12:00:00Z"}
            draft = {"client_id": client_id, "title": "T", "kind": "gig", "source": "other", "company_name": "Acme"}
            writes: list[tuple[str, str, Any]] = [
                ("POST", f"/v1/opportunities/{opportunity}/interactions", note),
                ("POST", "/v1/opportunities", draft),
                ("POST", f"/v1/imports/{made}/commit", None),
                ("DELETE", f"/v1/clients/{client_id}", None),
                ("POST", "/v1/imports", log),
                ("GET", f"/v1/clients/{client_id}/export", None),
            ]
            with ThreadPoolExecutor(len(writes)) as pool:
                answers = list(pool.map(lambda w: api.request(w[0], w[1], json=w[2]).status_code, writes))
            # 503: two that waited for each other; nothing was changed, and the same request succeeds later.
            assert set(answers) <= {200, 201, 204, 404, 422, 503}, answers
            if answers[3] == 503:
                api.ok(api.delete(f"/v1/clients/{client_id}"), 204)
            assert api.get(f"/v1/clients/{client_id}").status_code == 404
            assert api.walk("/v1/opportunities", client_id=client_id) == []
            assert api.walk("/v1/imports") == []


def _invite(api: Api, person: Person) -> str:
    """Have an invitation to sign in under way, at their own address, and return its token."""
    return str(api.ok(api.post(f"/v1/clients/{person.id}/login"), 201)["invitation_token"])
