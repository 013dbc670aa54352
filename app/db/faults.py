"""What Postgres refuses, in the product's words."""

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.kit.errors import AppError, Fault, IdTaken, InUse, Overloaded, RuleBroken, Unavailable, UnknownReference

#: What the driver, the pool and the network raise; each becomes an answer by `translate`.
RAISED: tuple[type[Exception], ...] = (DBAPIError, PoolTimeout, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)

#: Nothing was changed and the same request may succeed later.
_PASSING = (
    "08",  # connection exceptions
    "40",  # deadlock, serialization failure
    "53",  # out of memory, connections or disk
    "55P03",  # lock timeout
    "57",  # statement timeout, shutdown, crash
    "25P03",  # idle in transaction too long
)
_UNKNOWN_ZONE = "22023"


def translate(error: Exception) -> AppError | None:
    """Return the documented error behind a database exception, or None when it is a defect of ours."""
    if isinstance(error, PoolTimeout):
        return Overloaded(headers={"Retry-After": "1"})
    cause = _driver_error(error)
    if cause is None:
        return None
    state = getattr(cause, "sqlstate", None) or ""
    if state.startswith(_PASSING) or isinstance(cause, asyncpg.InterfaceError | OSError):
        return Unavailable(headers={"Retry-After": "1"})
    return _refusal(state, getattr(cause, "constraint_name", None) or "", str(cause))


def _driver_error(error: Exception) -> BaseException | None:
    bare: BaseException = error
    if isinstance(error, DBAPIError) and error.orig is not None:
        bare = error.orig.__cause__ or error.orig
    return bare if isinstance(bare, asyncpg.PostgresError | asyncpg.InterfaceError | OSError) else None


def _refusal(state: str, constraint: str, message: str) -> AppError | None:
    if state == asyncpg.UniqueViolationError.sqlstate and constraint.startswith("pk_"):
        return IdTaken()
    if state == asyncpg.CheckViolationError.sqlstate and constraint.endswith("_id_free"):
        return IdTaken()  # by the practice itself
    if state == asyncpg.ForeignKeyViolationError.sqlstate:
        # One code serves both directions; under row level security only the message tells which.
        return InUse() if message.startswith("update or delete") else UnknownReference()
    if state == _UNKNOWN_ZONE:
        fault = Fault("body", "/time_zone", "bad-time-zone", "The database does not know this time zone.")
        return RuleBroken(faults=[fault])
    return None
