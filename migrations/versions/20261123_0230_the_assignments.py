"""Coaches and assistants see the clients assigned to them, where the practice says so.

Whatever hangs on a client is seen by whoever sees the client. Who sees everybody's is asked once per statement, whole
inside a subselect, and by a function that the planner does not look into: for most callers nothing else is evaluated.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FUNCTIONS = {
    "current_member()": """
RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ select nullif(current_setting('app.member_id', true), '')::uuid $$""",
    # Without a known actor: nobody's.
    "sees_every_client()": """
RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    IF current_actor() IN ('coach', 'assistant') THEN
        RETURN EXISTS (SELECT FROM public.practice WHERE id = current_practice() AND coach_access = 'practice');
    END IF;
    RETURN coalesce(current_actor() IN ('owner', 'admin', 'system'), false);
END $$""",
    # The policy of client_coach asks this of client_coach itself: as the system, for this one look, every assignment of
    # the practice is seen and nothing is asked again. Setting that rules out parallel plans.
    "assigned_clients()": """
RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 50 AS $$
DECLARE
    caller text := current_actor();
BEGIN
    PERFORM set_config('app.actor', 'system', true);
    RETURN QUERY SELECT client_id FROM public.client_coach
    WHERE practice_id = current_practice() AND member_id = current_member();
    PERFORM set_config('app.actor', caller, true);
END $$""",
}
#: Tables with rows of one client, by the column that names the client.
OF_A_CLIENT = {"client": "id", "client_coach": "client_id", "opportunity": "client_id", "import_file": "client_id"}
#: Tables with rows that hang on one of these; interaction_revision hangs on interaction by its own policy.
OF_A_PARENT = {
    "opportunity_contact": ("opportunity", "opportunity_id"),
    "interaction": ("opportunity", "opportunity_id"),
    "ghosting_step": ("opportunity", "opportunity_id"),
    "import_row": ("import_file", "import_id"),
}
#: Where a client login's own policy asked for the opportunity, which now the restrictive one does.
ASKED_TWICE = ("opportunity_contact", "interaction", "ghosting_step")

SEES_ALL = "(select sees_every_client())"
IS_CLIENT = "(select current_actor() = 'client')"
OWN_OPPORTUNITY = (
    "exists (select from opportunity o where o.practice_id = {table}.practice_id and o.id = {table}.opportunity_id "
    "and o.client_id = (select current_client()))"
)


def upgrade() -> None:
    for name, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {name} {body}")
    for table, column in OF_A_CLIENT.items():
        theirs = f"{column} = (select current_client()) OR {column} IN (select assigned_clients())"
        # A client is stored before anybody can be assigned to it.
        check = " WITH CHECK (true)" if table == "client" else ""
        op.execute(
            f"CREATE POLICY assigned ON {table} AS RESTRICTIVE TO app_tenant USING ({SEES_ALL} OR {theirs}){check}"
        )
    for table, (parent, column) in OF_A_PARENT.items():
        seen = f"exists (select from {parent} p where p.practice_id = {table}.practice_id and p.id = {table}.{column})"
        op.execute(f"CREATE POLICY assigned ON {table} AS RESTRICTIVE TO app_tenant USING ({SEES_ALL} OR {seen})")
    for table in ASKED_TWICE:
        op.execute(f"ALTER POLICY own_rows ON {table} USING ({IS_CLIENT})")


def downgrade() -> None:
    for table in ASKED_TWICE:
        op.execute(f"ALTER POLICY own_rows ON {table} USING ({IS_CLIENT} AND {OWN_OPPORTUNITY.format(table=table)})")
    for table in (*OF_A_CLIENT, *OF_A_PARENT):
        op.execute(f"DROP POLICY assigned ON {table}")
    for name in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {name}")
