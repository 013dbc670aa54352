"""Row level security for migrations. Append only: a released revision must mean the same for ever.

Every tenant table gets one restrictive policy (the practice) and permissive ones for each kind of caller; a restrictive
policy alone lets nothing through. Conditions on the caller stand whole inside a subselect, `(select current_actor() IN …)`:
evaluated once, and not taken by the planner for a filter that few rows pass.
"""

from collections.abc import Sequence

from alembic import op

MEMBERS = "('owner', 'admin', 'coach', 'assistant', 'system')"


def protect_v1(
    table: str,
    *,
    verbs: Sequence[str] = ("SELECT", "INSERT", "UPDATE", "DELETE"),
    client_rows: str | None = None,
    practice_column: str = "practice_id",
) -> None:
    """Close `table` to all but its practice.

    `verbs` are granted to app_tenant; `client_rows` is the condition under which a client login sees (and may write) a
    row, None when it never does.
    """
    mine = f"{practice_column} = (select current_practice())"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY practice ON {table} AS RESTRICTIVE TO app_tenant USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY members ON {table} TO app_tenant USING ((select current_actor() IN {MEMBERS}))")
    if client_rows is not None:
        op.execute(
            f"CREATE POLICY own_rows ON {table} TO app_tenant "
            f"USING ((select current_actor() = 'client') AND {client_rows})"
        )
    op.execute(f"GRANT {', '.join(verbs)} ON {table} TO app_tenant")
    # Without statistics the planner takes every practice for a two-hundredth of the table. With them it takes one that
    # has just been filled for a single row, and reads all its rows again for each of them until the next ANALYZE.
    op.execute(f"ALTER TABLE {table} ALTER COLUMN {practice_column} SET STATISTICS 0")


def unlock_for_auth_v1(table: str) -> None:
    """Let app_auth, which works before a tenant is known, read `table`."""
    op.execute(f"CREATE POLICY auth ON {table} TO app_auth USING (true)")
    op.execute(f"GRANT SELECT ON {table} TO app_auth")


def backfill(table: str, statement: str) -> None:
    """Run a data change on a protected table: under FORCE the owner sees no rows and would succeed in changing none."""
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    changed = op.get_bind().exec_driver_sql(statement).rowcount
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    if changed == 0:
        raise RuntimeError(f"the backfill of {table} changed no row")
