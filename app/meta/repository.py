"""What the service asks of its own database."""

from sqlalchemy import text

from app.db.scope import Row, ScopedSession

_STATE = text(
    "select r.rolsuper or r.rolbypassrls or r.rolname = pg_get_userbyid(c.relowner) as too_mighty, "
    "(select version_num from alembic_version) as revision "
    "from pg_roles r, pg_class c where r.rolname = session_user and c.oid = 'practice'::regclass"
)


async def state(session: ScopedSession) -> Row:
    """Return `too_mighty` (row level security would not hold for this login) and the schema's `revision`."""
    return (await session.execute(_STATE)).mappings().one()
