"""What is stored opens nothing, and what is revoked is refused everywhere at once."""

import asyncpg
import pytest

from app.access import tokens
from tests.accounts.test_reset import forgot, token_in
from tests.support import doors
from tests.support.api import Api, House
from tests.support.database import Database, Server, with_connection
from tests.support.postbox import Postbox


def dump(database: Database) -> str:
    """Return every row of every table as text; bytes are in hexadecimal."""
    tables = database.fetch(
        "select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where c.relkind in ('r', 'p') and n.nspname = 'public'"
    )
    rows = [row["line"] for t in tables for row in database.fetch(f"select t::text as line from {t['name']} t")]
    return "\n".join(rows)


def test_a_dump_holds_no_token_of_any_kind(mailing: Api, postbox: Postbox, database: Database) -> None:
    _, member = doors.as_member(mailing)
    _, client = doors.as_client(mailing)
    issued = [mailing.key, doors.invite(mailing)["invitation_token"]]
    for made in (member, client):
        forgot(mailing, made["email"])
        again = doors.ask(mailing.house, "refresh", refresh_token=made["refresh_token"]).json()
        issued += [made[name] for name in ("invitation_token", "access_token", "refresh_token")]
        issued += [again["access_token"], again["refresh_token"], token_in(postbox.to(made["email"])[-1])]
    held = dump(database)
    assert {token[:4] for token in issued} == {"crk_", "cri_", "cra_", "crr_", "crp_"}
    for token in issued:
        body = token[4:]
        assert body not in held
        assert body.encode().hex() not in held
    found = [token for token in issued if tokens.digest(token).hex() in held]
    assert len(found) == len(issued), "their hashes are there, so the dump was a good one"
    assert doors.PASSWORD not in held


def test_the_tenants_role_cannot_read_a_passwords_hash(server: Server, database_name: str) -> None:
    async def look(connection: asyncpg.Connection) -> None:
        await connection.execute("set role app_tenant")
        await connection.fetch("select email from login")
        await connection.fetch("select password_hash from login")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        with_connection(server.url(database_name, "crickets_app"), look)


def test_before_a_tenant_is_known_nothing_of_a_client_but_the_name_can_be_read(
    server: Server, database_name: str
) -> None:
    async def look(connection: asyncpg.Connection) -> None:
        await connection.execute("set role app_auth")
        await connection.fetch("select name, login_status from client")
        await connection.fetch("select email from client")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        with_connection(server.url(database_name, "crickets_app"), look)


def test_a_second_worker_knows_at_once(api: Api, second_worker: House) -> None:
    def there(caller: Api) -> bool:
        return doors.works(Api(second_worker, caller.key, caller.practice_id, caller.member_id, caller.role))

    second_worker.clock.now = api.house.clock.now
    signed_out, tokens_of = doors.as_member(api)
    deactivated, member = doors.as_member(api)
    revoked, client = doors.as_client(api)
    assert there(signed_out)
    assert there(deactivated)
    assert there(revoked)
    doors.ask(api.house, "logout", refresh_token=tokens_of["refresh_token"])
    assert not there(signed_out)
    api.ok(api.post(f"/v1/members/{member['id']}/deactivate"))
    assert not there(deactivated)
    api.ok(api.delete(f"/v1/clients/{client['client_id']}/login"), 204)
    assert not there(revoked)


def test_a_second_worker_gives_the_same_answer_again(api: Api, second_worker: House) -> None:
    second_worker.clock.now = api.house.clock.now
    _, made = doors.as_member(api)
    answers = [
        doors.ask(house, "refresh", refresh_token=made["refresh_token"]).json() for house in (api.house, second_worker)
    ]
    assert answers[0] == answers[1]
