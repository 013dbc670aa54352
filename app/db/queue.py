"""Work for later, put down in the transaction that asks for it: a rollback takes it back."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Interval, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import JSONB

from app.db.scope import ScopedSession

# The tenant has no right on the queue. The function is let in, and adds the practice of the transaction by itself.
_ENQUEUE = select(
    func.enqueue_job(bindparam("job", type_=Text), bindparam("ids", type_=JSONB), bindparam("after", type_=Interval))
)


async def enqueue(session: ScopedSession, job: str, *, after: timedelta = timedelta(0), **ids: UUID) -> None:
    """Ask for `job` (one that `app/jobs/runner.py` knows), once this transaction is committed and `after` has passed.

    A job is told ids and never data: by the time it runs, the data are what they are then.
    """
    payload = {name: str(value) for name, value in ids.items()}
    await session.execute(_ENQUEUE, {"job": job, "ids": payload, "after": after})
