"""Who may look at kept answers, sealed as they are: asked of Postgres in plain SQL."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.db.scope import Actor, Role, Scope
from app.kit.seals import Sealer
from tests.idempotency.keyed import NOTE, PERSON, post
from tests.support import build
from tests.support.api import Api
from tests.support.database import Server, with_connection


@pytest.fixture
def count(server: Server, database_name: str) -> Any:
    """Return what counts the rows of a table that a scope sees."""

    def seen(scope: Scope, table: str) -> Any:
        async def look(connection: Any) -> Any:
            async with connection.transaction():
                await connection.execute(scope.prelude().removeprefix("; "))
                return await connection.fetchval(f"select count(*) from {table}")

        return with_connection(server.url(database_name, "crickets_app"), look)

    return seen


def test_a_practice_has_its_own_and_a_client_those_given_to_them(api: Api, stranger: Api, count: Any) -> None:
    person = build.client(api)["id"]
    path = f"/v1/opportunities/{build.opportunity(api, person)['id']}/interactions"
    for caller in (api, api.as_client(person)):
        api.ok(post(caller, path, NOTE), 201)
    api.ok(post(stranger, "/v1/clients", PERSON), 201)
    practice = UUID(api.practice_id)
    assert count(Scope(Role.TENANT, Actor.OWNER, practice), "kept_answer") == 2
    assert count(Scope(Role.TENANT, Actor.CLIENT, practice, client_id=UUID(person)), "kept_answer") == 1
    assert count(Scope(Role.TENANT, Actor.CLIENT, practice, client_id=UUID(int=1)), "kept_answer") == 0


@pytest.mark.parametrize(("role", "table"), [(Role.TENANT, "visitor_answer"), (Role.AUTH, "kept_answer")])
def test_neither_door_leads_to_the_others_answers(count: Any, role: Role, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        count(Scope(role), table)


class TestSeals:
    def test_only_the_word_and_the_secret_open_it(self) -> None:
        seal = Sealer(b"secret").seal(b"word", place=b"place")
        closed = seal.close(b"text")
        assert Sealer(b"secret").seal(b"word", place=b"place").open(closed) == b"text"
        assert closed != seal.close(b"text")
        others = [(b"other", b"word", b"place"), (b"secret", b"other", b"place"), (b"secret", b"word", b"other")]
        for secret, word, place in others:
            assert Sealer(secret).seal(word, place=place).open(closed) is None
        assert seal.open(closed[:-1] + bytes([closed[-1] ^ 1])) is None

    def test_where_something_could_be_guessed_the_name_takes_the_secret_too(self) -> None:
        ours, theirs = Sealer(b"ours"), Sealer(b"theirs")
        assert ours.seal(b"w", place=b"p").name == theirs.seal(b"w", place=b"p").name
        assert ours.hidden_seal(b"w", place=b"p").name != theirs.hidden_seal(b"w", place=b"p").name
        assert ours.seal(b"wp", place=b"").name != ours.seal(b"w", place=b"p").name
        assert "secret" not in repr(Sealer(b"secret").seal(b"w", place=b"p"))
