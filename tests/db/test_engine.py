"""The database URL as people write it."""

import asyncio
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.db.engine import Sessions, create_pool, dsn
from app.db.scope import NoScopeError, Role, Scope
from app.settings import Settings
from tests.support.database import Server


def query(url: str, statement: str, scope: Scope | None) -> Any:
    async def run() -> Any:
        pool = create_pool(Settings(database_url=SecretStr(url)))
        try:
            async with Sessions(pool)() as session:
                if scope is not None:
                    session.within(scope)
                return (await session.execute(text(statement))).scalar_one()
        finally:
            await pool.close()

    return asyncio.run(run())


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_every_usual_scheme_and_the_drivers_options_are_understood(
    server: Server, database_name: str, scheme: str
) -> None:
    url = server.url(database_name, "crickets_app").replace("postgresql://", f"{scheme}://")
    assert query(f"{url}?sslmode=prefer", "select current_user::text", Scope(Role.AUTH)) == "app_auth"


def test_another_database_is_not_understood() -> None:
    with pytest.raises(ValueError, match="postgresql"):
        dsn("mysql://localhost/x")


def test_a_session_that_was_not_told_for_whom_refuses_to_start(server: Server, database_name: str) -> None:
    with pytest.raises(NoScopeError):
        query(server.url(database_name, "crickets_app"), "select 1", None)
