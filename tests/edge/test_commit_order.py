"""A 2xx means committed: an answer waits for the commit, and a commit that fails is never acknowledged."""

import uuid

from sqlalchemy import text

from app.db.scope import Role, Scope, ScopedSession
from tests.support import api as support
from tests.support import build
from tests.support import database as databases
from tests.support.database import Database, Server

_REFUSES_AT_COMMIT = """
create function refuse() returns trigger language plpgsql as $$
begin
  if new.name = 'Refused Example' then raise exception 'refused at commit' using errcode = '40001'; end if;
  return null;
end $$;
create constraint trigger refuse_at_commit after insert or update on client
  deferrable initially deferred for each row execute function refuse();
"""


def test_a_commit_that_fails_never_answers_2xx_and_leaves_nothing(server: Server) -> None:
    name = "commit_order"
    databases.clone(server, name)
    try:
        behind = Database(server.url(name))
        behind.execute(_REFUSES_AT_COMMIT)
        with support.running(server.url(name, "crickets_app")) as house:
            api = support.new_practice(house)
            own, fine = str(uuid.uuid4()), build.client(api)
            body = {"id": own, "name": "Refused Example", "time_zone": "UTC", "employment_status": "employed"}
            response = api.post("/v1/clients", body)
            assert response.status_code == 503
            assert response.json()["code"] == "unavailable"
            assert "retry-after" in response.headers
            assert api.get(f"/v1/clients/{own}").status_code == 404
            changed = api.patch(f"/v1/clients/{fine['id']}", {"name": "Refused Example"}, version=1)
            assert changed.status_code == 503
            assert api.ok(api.get(f"/v1/clients/{fine['id']}")) == fine
        refused = "select count(*) from audit_event where resource_id = $1"
        assert behind.value(refused, uuid.UUID(own)) == 0
    finally:
        databases.drop(server, name)


def test_a_write_behind_a_get_is_an_error_of_the_database(api: support.Api, database: Database) -> None:
    # GET runs READ ONLY: the database itself says so.
    async def state(session: ScopedSession) -> str:
        return str((await session.execute(text("show transaction_read_only"))).scalar_one())

    scope = Scope(Role.TENANT, practice_id=uuid.UUID(api.practice_id), read_only=True)
    assert api.house.within(scope, state) == "on"
