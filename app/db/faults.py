"""What Postgres refuses, in the product's words."""

import asyncpg

from app.db.pool import PoolTimeout
from app.kit.errors import AppError, Fault, IdTaken, InUse, Overloaded, RuleBroken, Unavailable, UnknownReference

#: What the driver, the pool and the network raise; each becomes an answer by `translate`.
RAISED: tuple[type[Exception], ...] = (PoolTimeout, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)

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
#: The policies that ask, at each statement, whom a coach or an assistant sees now (migration 0010), the one for former
#: versions by way of their interactions. The others break for nobody, unless by a defect of ours.
_OUT_OF_SIGHT = ('policy "assigned" for', 'policy "coaches_only" for table "interaction_revision"')
#: Neither is said by a state; the last is a statement prepared before a migration, which is forgotten by now.
_LOST = (asyncpg.InterfaceError, OSError, asyncpg.InvalidCachedStatementError)


def translate(error: Exception) -> AppError | None:
    """Return the documented error behind a database exception, or None when it is a defect of ours."""
    if isinstance(error, PoolTimeout):
        return Overloaded(headers={"Retry-After": "1"})
    if not isinstance(error, RAISED):
        return None
    state = getattr(error, "sqlstate", None) or ""
    if state.startswith(_PASSING) or isinstance(error, _LOST):
        return Unavailable(headers={"Retry-After": "1"})
    if state == asyncpg.InsufficientPrivilegeError.sqlstate and any(p in str(error) for p in _OUT_OF_SIGHT):
        # The practice has closed the client to the caller since they were let in: whoever asks again is told so.
        return Unavailable(headers={"Retry-After": "1"})
    return _refusal(state, getattr(error, "constraint_name", None) or "", str(error))


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
