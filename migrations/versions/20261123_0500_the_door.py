"""Who is calling, and how often lately: one call instead of two transactions.

The credential is looked up, its use noted and, if it is good, the request counted, in a transaction of its own that the
service's login makes as it is (see revision 0009). Whether to let the caller in is decided by the service, which is
told all that it needs for that; here is decided only what is counted.

Credentials are closed to the owner of the schema like every table of a practice, and other functions run as the owner
as well, but within a practice. So policies open the credentials while no practice is set, as the policies of the feed do
with the people whom they belong to (revision 0013).

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Callers take the row of their key, their own window and the shared one, in this order, and so never wait in a circle.
# A bucket is named by a digest of its kind and its owner, as the service names the others (app/access/limits.py).
DOOR = """
CREATE FUNCTION admit_caller(
    secret bytea, is_key boolean, kind text, own_limit integer, moment timestamptz,
    OUT practice_id uuid, OUT api_key_id uuid, OUT login_id uuid, OUT member_id uuid, OUT client_id uuid,
    OUT name text, OUT role text, OUT status text, OUT coach_access text, OUT scopes text[],
    OUT expires_at timestamptz, OUT revoked_at timestamptz,
    OUT own_spent integer, OUT own_started_at timestamptz, OUT shared_spent integer, OUT shared_started_at timestamptz
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    last_used_at timestamptz;
BEGIN
    IF is_key THEN
        SELECT k.practice_id, k.id, m.id, m.name, m.role, m.status, p.coach_access, k.scopes,
            k.expires_at, k.revoked_at, k.last_used_at
        INTO practice_id, api_key_id, member_id, name, role, status, coach_access, scopes,
            expires_at, revoked_at, last_used_at
        FROM public.api_key k
        JOIN public.member m ON m.practice_id = k.practice_id AND m.id = k.member_id
        JOIN public.practice p ON p.id = k.practice_id
        WHERE k.key_hash = secret;
    ELSE
        SELECT l.practice_id, l.id, l.member_id, l.client_id, coalesce(m.name, c.name), m.role,
            coalesce(m.status, c.login_status), p.coach_access, t.expires_at
        INTO practice_id, login_id, member_id, client_id, name, role, status, coach_access, expires_at
        FROM public.login_token t
        JOIN public.login_session s ON s.practice_id = t.practice_id AND s.id = t.session_id
        JOIN public.login l ON l.practice_id = s.practice_id AND l.id = s.login_id
        JOIN public.practice p ON p.id = l.practice_id
        LEFT JOIN public.member m ON m.practice_id = l.practice_id AND m.id = l.member_id
        LEFT JOIN public.client c ON c.practice_id = l.practice_id AND c.id = l.client_id
        WHERE t.token_hash = secret AND t.kind = 'access';
    END IF;
    IF practice_id IS NULL OR status IS DISTINCT FROM 'active' OR revoked_at IS NOT NULL OR expires_at <= moment THEN
        RETURN;
    END IF;
    IF is_key AND (last_used_at IS NULL OR moment - last_used_at > interval '1 minute') THEN
        UPDATE public.api_key k SET last_used_at = moment
        WHERE k.practice_id = admit_caller.practice_id AND k.id = api_key_id
            AND (k.last_used_at IS NULL OR moment - k.last_used_at > interval '1 minute');
    END IF;
    IF own_limit IS NULL THEN
        RETURN;
    END IF;
    SELECT spent, started_at INTO own_spent, own_started_at FROM public.rate_count(
        substr(sha256(convert_to(kind, 'UTF8') || '\\x00' || uuid_send(coalesce(api_key_id, login_id))), 1, 16), 1, moment
    );
    IF own_spent <= own_limit THEN
        SELECT spent, started_at INTO shared_spent, shared_started_at FROM public.rate_count(
            substr(sha256('practice\\000' || uuid_send(practice_id)), 1, 16), 1, moment
        );
    END IF;
END $$"""
SIGNATURE = "admit_caller(bytea, boolean, text, integer, timestamptz)"
#: What the call reads besides practices, members and clients.
READ = ("api_key", "login", "login_session", "login_token")
OUTSIDE = "(select current_practice()) is null"


def upgrade() -> None:
    op.execute(DOOR)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO crickets_app")
    for table in READ:
        op.execute(f"CREATE POLICY door ON {table} FOR SELECT TO CURRENT_USER USING ({OUTSIDE})")
    # That a key was used.
    op.execute(
        f"CREATE POLICY door_note ON api_key FOR UPDATE TO CURRENT_USER USING ({OUTSIDE}) WITH CHECK ({OUTSIDE})"
    )


def downgrade() -> None:
    op.execute("DROP POLICY door_note ON api_key")
    for table in READ:
        op.execute(f"DROP POLICY door ON {table}")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
