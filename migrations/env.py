"""How Alembic reaches the database: as the owner of the schema, one transaction for each revision."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

import app.db.tables  # noqa: F401  # fills the metadata
from app.db.base import metadata
from app.db.engine import DRIVER, dsn
from app.settings import Settings

#: Tables that a library brings along and looks after itself.
FOREIGN_TABLES = ("pgqueuer",)


def _url() -> str:
    given: str | None = context.config.attributes.get("url")
    settings = Settings()
    configured = settings.owner_database_url or settings.database_url
    if given is None and configured is None:
        raise SystemExit("set CRICKETS_OWNER_DATABASE_URL (or CRICKETS_DATABASE_URL), or call `crickets migrate`")
    return given or (configured.get_secret_value() if configured else "")


def _ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    return not (kind == "table" and name is not None and name.startswith(FOREIGN_TABLES))


def _run(connection: Connection) -> None:
    connection.execute(text("SET ROLE crickets_owner"))
    connection.execute(text("SET lock_timeout = '1s'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=False,
        include_object=_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _migrate() -> None:
    engine = create_async_engine(DRIVER, connect_args={"dsn": dsn(_url())})
    async with engine.connect() as connection:
        await connection.run_sync(_run)
    await engine.dispose()


_connection: Connection | None = context.config.attributes.get("connection")
if _connection is None:
    asyncio.run(_migrate())
else:
    _run(_connection)
