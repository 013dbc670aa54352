"""The change feed: who is told what when they begin or cease to see records. Append only, as all helpers are.

These run as the owner of the schema, called by the triggers of feed.py and by nobody else.
"""

#: What hangs on clients, as far as it is there for anybody. To be replaced as a whole when a type is added.
RECORDS_V1 = """
CREATE FUNCTION feed_records(practice uuid, clients uuid[])
RETURNS TABLE (type text, id uuid, client_id uuid, shared boolean) LANGUAGE sql STABLE AS $$
    SELECT 'client', c.id, c.id, true FROM public.client c WHERE c.practice_id = practice AND c.id = ANY (clients)
    UNION ALL
    SELECT 'opportunity', o.id, o.client_id, true FROM public.opportunity o
    WHERE o.practice_id = practice AND o.client_id = ANY (clients) AND o.deleted_at IS NULL
    UNION ALL
    SELECT 'interaction', i.id, o.client_id, i.visibility = 'shared'
    FROM public.opportunity o JOIN public.interaction i ON i.practice_id = o.practice_id AND i.opportunity_id = o.id
    WHERE o.practice_id = practice AND o.client_id = ANY (clients) AND o.deleted_at IS NULL
$$"""

SINCE_V1 = (
    # Numbers of transactions mean something in one server only: a dump that is restored elsewhere brings others along.
    """
CREATE FUNCTION feed_origin() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat_ws('.', (SELECT system_identifier FROM pg_control_system()),
        (SELECT oid FROM pg_database WHERE datname = current_database()), 'public.change'::regclass::oid)
$$""",
    # A snapshot in which this transaction itself is not over: what it still does belongs to what comes after.
    """
CREATE FUNCTION feed_since() RETURNS pg_snapshot LANGUAGE sql AS $$
    SELECT concat_ws(':', least(pg_snapshot_xmin(s), x), greatest(pg_snapshot_xmax(s)::text::bigint, x::text::bigint + 1),
        (SELECT string_agg(running::text, ',' ORDER BY running) FROM (
            SELECT pg_snapshot_xip(s)::text::bigint UNION SELECT x::text::bigint
            UNION SELECT generate_series(pg_snapshot_xmax(s)::text::bigint, x::text::bigint)) l (running)))::pg_snapshot
    FROM (SELECT pg_current_snapshot() AS s, pg_current_xact_id() AS x) moment
$$""",
)
#: Somebody begins or ceases to see searches. Who ceases is told, in one statement and so as of one moment, of what is
#: there and of what went away while they saw it: the rows about that are not for them any longer. `gone` null: anybody's;
#: `since` null: from ever.
READERS_V1 = (
    """
CREATE FUNCTION feed_everybody(practice uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(id), '{}') FROM public.client WHERE practice_id = practice
$$""",
    """
CREATE FUNCTION feed_gained(practice uuid, member uuid, clients uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.change (practice_id, type, resource_id, client_id, member_id, audience, shared)
    SELECT practice, r.type, r.id, r.client_id, nullif(member, practice),
        CASE WHEN member = practice THEN 'limited' ELSE 'member' END, r.shared
    FROM public.feed_records(practice, clients) r;
END $$""",
    """
CREATE FUNCTION feed_lost(practice uuid, member uuid, clients uuid[], gone uuid[], since pg_snapshot)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.change (practice_id, type, resource_id, client_id, member_id, audience, shared)
    SELECT practice, r.type, r.id, r.client_id, nullif(member, practice),
        CASE WHEN member = practice THEN 'limited' ELSE 'member' END, r.shared
    FROM public.feed_records(practice, clients) r
    UNION
    SELECT practice, c.type, c.resource_id, c.client_id, nullif(member, practice),
        CASE WHEN member = practice THEN 'limited' ELSE 'member' END, c.shared
    FROM public.change c
    WHERE c.practice_id = practice AND c.audience = 'all' AND c.client_id IS NOT NULL
        AND (gone IS NULL OR c.client_id = ANY (gone))
        AND (since IS NULL OR (c.xid >= pg_snapshot_xmin(since) AND NOT pg_visible_in_snapshot(c.xid, since)));
END $$""",
    # A coach becomes an assistant, or the other way round: what is between coaches appears, or goes.
    """
CREATE FUNCTION feed_coaches_only(practice uuid, member uuid, gained boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    clients uuid[];
    here text := public.feed_origin();
BEGIN
    SELECT array_agg(c.id) INTO clients FROM public.client c WHERE c.practice_id = practice AND EXISTS (
        SELECT FROM public.change_reader r WHERE r.practice_id = practice
            AND r.member_id IN (member, practice) AND r.client_id IN (c.id, practice));
    INSERT INTO public.change (practice_id, type, resource_id, client_id, member_id, audience, shared)
    SELECT practice, r.type, r.id, r.client_id, member, 'member', true
    FROM public.feed_records(practice, clients) r WHERE NOT r.shared
    UNION
    SELECT practice, c.type, c.resource_id, c.client_id, member, 'member', true
    FROM public.change c
    WHERE NOT gained AND c.practice_id = practice AND NOT c.shared AND CASE
        WHEN c.member_id IS NOT NULL THEN c.member_id = member
        WHEN c.audience = 'limited' THEN true
        ELSE EXISTS (SELECT FROM public.change_reader r WHERE r.practice_id = practice
            AND r.member_id IN (member, practice) AND r.client_id IN (c.client_id, practice)
            AND (r.origin <> here OR NOT pg_visible_in_snapshot(c.xid, r.since))) END;
END $$""",
    # In passing, a few at a time: a token that is older than 90 days is refused. The settings keep it in the index, the
    # planner would rather sort all rows of a practice to find the first.
    """
CREATE FUNCTION feed_forget(practice uuid, moment timestamptz, at_most integer) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
    oldest timestamptz;
BEGIN
    SELECT c.at INTO oldest FROM public.change c WHERE c.practice_id = practice ORDER BY c.xid, c.seq LIMIT 1;
    IF oldest < moment - interval '91 days' THEN
        DELETE FROM public.change WHERE (practice_id, xid, seq) IN (
            SELECT l.practice_id, l.xid, l.seq FROM (
                SELECT c.practice_id, c.xid, c.seq, c.at FROM public.change c
                WHERE c.practice_id = practice ORDER BY c.xid, c.seq LIMIT at_most FOR UPDATE SKIP LOCKED) l
            WHERE l.at < moment - interval '91 days');
    END IF;
END $$""",
)
HELPERS_V1 = {
    "feed_since": "",
    "feed_records": "uuid, uuid[]",
    "feed_everybody": "uuid",
    "feed_gained": "uuid, uuid, uuid[]",
    "feed_lost": "uuid, uuid, uuid[], uuid[], pg_snapshot",
    "feed_coaches_only": "uuid, uuid, boolean",
    "feed_forget": "uuid, timestamptz, integer",
}
