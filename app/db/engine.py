"""The connection pool, and the one message that opens a transaction inside a tenant."""

from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from typing_extensions import override

from app.db.scope import ScopedSession
from app.settings import Settings

Sessions = async_sessionmaker[ScopedSession]


class ScopedConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg ships no types
    """An asyncpg connection that sends the tenancy preamble in the same message as BEGIN: one round trip, not four."""

    prelude = ""

    @override
    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> Any:
        if not args and query.startswith("BEGIN"):
            query, self.prelude = f"{query} {self.prelude}", ""
        return await super().execute(query, *args, timeout=timeout)


#: The driver reads the whole URL by itself, options such as sslmode included.
DRIVER = "postgresql+asyncpg://"


def dsn(url: str) -> str:
    """Return `url` (any postgres:// or postgresql:// form) as the driver reads it."""
    scheme, _, rest = url.partition("://")
    if scheme.split("+")[0] not in {"postgres", "postgresql"}:
        raise ValueError("the database URL must start with postgresql://")
    return f"postgresql://{rest}"


def create_engine(settings: Settings) -> AsyncEngine:
    """Return the pool of the service login; nothing connects until the first session."""
    if settings.database_url is None:
        raise ValueError("CRICKETS_DATABASE_URL is not set")
    connect_args: dict[str, Any] = {
        "dsn": dsn(settings.database_url.get_secret_value()),
        "connection_class": ScopedConnection,
        "server_settings": {"application_name": "crickets", "jit": "off", "enable_seqscan": "off", "timezone": "UTC"},
        "timeout": 5,
    }
    if settings.db_pooler == "transaction":
        connect_args |= {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
    return create_async_engine(
        DRIVER,
        pool_size=settings.db_pool_size,
        max_overflow=0,
        pool_timeout=2,
        pool_use_lifo=True,
        connect_args=connect_args,
    )


def create_counts(engine: AsyncEngine) -> AsyncEngine:
    """Return the pool again for calls that are transactions of their own and need no tenant: `access/windows.py`."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def create_sessions(engine: AsyncEngine) -> Sessions:
    """Return the factory of sessions; each needs a `Scope` before its first statement."""
    return async_sessionmaker(engine, class_=ScopedSession, expire_on_commit=False, autoflush=False)
