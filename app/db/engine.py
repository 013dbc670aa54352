"""The connection pool of the service login, and the sessions over it."""

from dataclasses import dataclass

from app.db.pool import Pool
from app.db.scope import ScopedSession
from app.settings import Settings

#: What SQLAlchemy is told where it opens connections itself: the driver reads the whole URL, sslmode and all.
DRIVER = "postgresql+asyncpg://"


@dataclass(frozen=True, slots=True)
class Sessions:
    """Makes sessions; each needs a `Scope` before its first statement."""

    pool: Pool

    def __call__(self) -> ScopedSession:
        """Return a new session; nothing is sent, and no connection taken, before its first statement."""
        return ScopedSession(self.pool)


def dsn(url: str) -> str:
    """Return `url` (any postgres:// or postgresql:// form) as the driver reads it."""
    scheme, _, rest = url.partition("://")
    if scheme.split("+")[0] not in {"postgres", "postgresql"}:
        raise ValueError("the database URL must start with postgresql://")
    return f"postgresql://{rest}"


def create_pool(settings: Settings) -> Pool:
    """Return the pool of the service login; nothing connects until the first session."""
    if settings.database_url is None:
        raise ValueError("CRICKETS_DATABASE_URL is not set")
    return Pool(
        dsn(settings.database_url.get_secret_value()),
        size=settings.db_pool_size,
        keeps_sessions=settings.db_pooler != "transaction",
        application_name="crickets",
        jit="off",
        enable_seqscan="off",
        timezone="UTC",
    )
