"""Coaches and assistants see the clients assigned to them, where the practice says so.

Whatever hangs on a client is seen by whoever sees the client. Whether that is everybody is asked once per statement,
whole inside a subselect; for most callers nothing else is evaluated. The functions are such as the planner does not look
into: what stands in a policy is planned again for each table of each statement.

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
    # Under the policy of opportunity itself.
    "visible_opportunities()": """
RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 500 AS $$
BEGIN
    RETURN QUERY SELECT id FROM public.opportunity WHERE practice_id = current_practice();
END $$""",
}
#: Tables with rows of one client, by the column that names the client.
OF_A_CLIENT = {"client": "id", "client_coach": "client_id", "opportunity": "client_id", "import_file": "client_id"}
#: Tables with rows of one opportunity; interaction_revision hangs on interaction by its own policy. Their policies for
#: client logins asked for the opportunity, which from now on the restrictive one does for everybody.
OF_AN_OPPORTUNITY = ("opportunity_contact", "interaction", "ghosting_step")
OF_AN_IMPORT = (
    "exists (select from import_file f where f.practice_id = import_row.practice_id and f.id = import_row.import_id)"
)

#: In this form the planner takes a condition for a matter of course, which for most callers it is, and not for a filter
#: that leaves it a row or two: the estimates stay what they were.
SEEN = "(case when (select sees_every_client()) or {} then true end) is not null"
IS_CLIENT = "(select current_actor() = 'client')"
OWN_OPPORTUNITY = (
    "exists (select from opportunity o where o.practice_id = {table}.practice_id and o.id = {table}.opportunity_id "
    "and o.client_id = (select current_client()))"
)


def upgrade() -> None:
    for name, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {name} {body}")
    for table, column in OF_A_CLIENT.items():
        theirs = f"{column} = (select current_client()) or {column} in (select assigned_clients())"
        # A client is stored before anybody can be assigned to it.
        check = " WITH CHECK (true)" if table == "client" else ""
        op.execute(
            f"CREATE POLICY assigned ON {table} AS RESTRICTIVE TO app_tenant USING ({SEEN.format(theirs)}){check}"
        )
    for table in OF_AN_OPPORTUNITY:
        seen = SEEN.format("opportunity_id in (select visible_opportunities())")
        op.execute(f"CREATE POLICY assigned ON {table} AS RESTRICTIVE TO app_tenant USING ({seen})")
        op.execute(f"ALTER POLICY own_rows ON {table} USING ({IS_CLIENT})")
    seen = SEEN.format(OF_AN_IMPORT)
    op.execute(f"CREATE POLICY assigned ON import_row AS RESTRICTIVE TO app_tenant USING ({seen})")


def downgrade() -> None:
    for table in OF_AN_OPPORTUNITY:
        op.execute(f"ALTER POLICY own_rows ON {table} USING ({IS_CLIENT} AND {OWN_OPPORTUNITY.format(table=table)})")
    for table in (*OF_A_CLIENT, *OF_AN_OPPORTUNITY, "import_row"):
        op.execute(f"DROP POLICY assigned ON {table}")
    for name in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {name}")
