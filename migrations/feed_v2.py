"""The change feed with what people make of advice, and with what each member has known since when. Append only."""

from collections.abc import Mapping

from migrations.feed import BODIES_V1
from migrations.readers import RECORDS_V1


def _spelt(text: str, words: Mapping[str, str]) -> str:
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return text


# Whether the opportunity of the row `n` (`o`, `a`), if it is on one, is not hidden; looked up as in feed.py.
_LOOK = (
    "LEFT JOIN LATERAL (SELECT true AS shown FROM public.opportunity p WHERE p.practice_id = @R.practice_id "
    "AND p.id = @R.opportunity_id AND p.deleted_at IS NULL OFFSET 0) look_@R ON true"
)
_SHOWN = "(@R.opportunity_id IS NULL OR look_@R.shown)"
_WORDS = {
    f"@{name}_{row.upper()}": text.replace("@R", row)
    for row in "noa"
    for name, text in (("LOOK", _LOOK), ("SHOWN", _SHOWN))
}

_LINKED = """
    @TELL SELECT DISTINCT i.practice_id, 'development_activity', i.activity_id, w.client_id, true
    FROM @ROWS i @OPPORTUNITY;"""
#: What is on an opportunity, or on none; `@KIND` is the name of the table and of the type.
_ON_OPPORTUNITIES = {
    "insert": """
    @TELL SELECT n.practice_id, '@KIND', n.id, n.client_id, true FROM new_rows n @LOOK_N WHERE @SHOWN_N;""",
    "update": """
    @TELL SELECT n.practice_id, '@KIND', n.id, n.client_id, true
    @BOTH @LOOK_N @LOOK_O WHERE o.version <> n.version AND (@SHOWN_N OR @SHOWN_O);""",
    "delete": """
    @TELL SELECT o.practice_id, '@KIND', o.id, o.client_id, true FROM old_rows o @LOOK_O WHERE @SHOWN_O;""",
}
_ALONG = """
        @TELL SELECT n.practice_id, '@KIND', a.id, n.client_id, true
        @BOTH CROSS JOIN LATERAL (SELECT q.id FROM public.@KIND q
            WHERE q.practice_id = n.practice_id AND q.opportunity_id = n.id OFFSET 0) a
        WHERE (o.deleted_at IS NULL) <> (n.deleted_at IS NULL);"""
_HIDDEN_ALONG = """@ALONG_ACTIONS@ALONG_WINS
        @TELL SELECT DISTINCT n.practice_id, 'development_activity', a.activity_id, n.client_id, true
        @BOTH CROSS JOIN LATERAL (SELECT q.activity_id FROM public.activity_opportunity q
            WHERE q.practice_id = n.practice_id AND q.opportunity_id = n.id OFFSET 0) a
        WHERE (o.deleted_at IS NULL) <> (n.deleted_at IS NULL);
    END IF;"""
_ROLES = BODIES_V1["member", "update"]
_FORMER = {
    "@JOINS": BODIES_V1["member", "insert"],
    "@SIGHT": _ROLES[: _ROLES.index("        IF one.coaches <> one.knew_coaches")],
    "@CLIENT": BODIES_V1["client", "update"],
    "@HIDING": BODIES_V1["opportunity", "update"].rpartition("\n    END IF;")[0],
    "@ALONG_ACTIONS": _ALONG.replace("@KIND", "next_action"),
    "@ALONG_WINS": _ALONG.replace("@KIND", "win"),
}
_BODIES: Mapping[tuple[str, str], str] = {
    ("member", "insert"): """@JOINS
    INSERT INTO public.change_member (practice_id, member_id, knows)
    SELECT practice_id, id, 'practice' FROM new_rows
    UNION ALL SELECT practice_id, id, 'coaches' FROM new_rows WHERE role <> 'assistant';""",
    ("member", "update"): """@SIGHT        IF one.coaches AND NOT one.knew_coaches THEN
            INSERT INTO public.change_member (practice_id, member_id, knows) VALUES (one.practice, one.id, 'coaches');
            PERFORM public.feed_coaches_only(one.practice, one.id, true, null);
        ELSIF one.knew_coaches AND NOT one.coaches THEN
            DELETE FROM public.change_member
            WHERE practice_id = one.practice AND member_id = one.id AND knows = 'coaches' RETURNING @SINCE INTO seen;
            PERFORM public.feed_coaches_only(one.practice, one.id, false, seen);
        END IF;
    END LOOP;""",
    # What is snoozed opens on a date of the client's own zone.
    ("client", "update"): """@CLIENT
    @TELL SELECT n.practice_id, 'next_action', a.id, n.id, true
    @BOTH CROSS JOIN LATERAL (SELECT q.practice_id, q.id, q.opportunity_id FROM public.next_action q
        WHERE q.practice_id = n.practice_id AND q.client_id = n.id AND q.state = 'snoozed' OFFSET 0) a
    @LOOK_A WHERE o.time_zone <> n.time_zone AND @SHOWN_A;""",
    ("opportunity", "update"): f"@HIDING{_HIDDEN_ALONG}",
    **{("next_action", event): body.replace("@KIND", "next_action") for event, body in _ON_OPPORTUNITIES.items()},
    **{("win", event): body.replace("@KIND", "win") for event, body in _ON_OPPORTUNITIES.items()},
    ("development_activity", "insert"): """
    @TELL SELECT practice_id, 'development_activity', id, client_id, true FROM new_rows;""",
    ("development_activity", "update"): """
    @TELL SELECT n.practice_id, 'development_activity', n.id, n.client_id, true @BOTH WHERE o.version <> n.version;""",
    ("development_activity", "delete"): """
    @TELL SELECT practice_id, 'development_activity', id, client_id, true FROM old_rows;""",
    ("activity_opportunity", "insert"): _LINKED.replace("@ROWS", "new_rows"),
    ("activity_opportunity", "delete"): _LINKED.replace("@ROWS", "old_rows"),
}
#: What is new, and what takes the place of the bodies of the first version.
BODIES_V2 = {place: _spelt(body, {**_FORMER, **_WORDS}) for place, body in _BODIES.items()}

_OF_CLIENTS = """
    UNION ALL
    SELECT '@KIND', a.id, a.client_id, true FROM public.@KIND a
    WHERE a.practice_id = practice AND a.client_id = ANY (clients) AND (a.opportunity_id IS NULL OR EXISTS (
        SELECT FROM public.opportunity o
        WHERE o.practice_id = practice AND o.id = a.opportunity_id AND o.deleted_at IS NULL))"""
_ACTIVITIES = """
    UNION ALL
    SELECT 'development_activity', a.id, a.client_id, true FROM public.development_activity a
    WHERE a.practice_id = practice AND a.client_id = ANY (clients)
$$"""
RECORDS_V2 = "".join(
    [
        RECORDS_V1.rpartition("\n$$")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
        *(_OF_CLIENTS.replace("@KIND", kind) for kind in ("next_action", "win")),
        _ACTIVITIES,
    ]
)

#: As before, but a row that stands for an older one says for which: who did not know of that by then is not told.
#: Of several the last: who did not know of that one knew of none.
LOST_V2 = """
CREATE FUNCTION feed_lost(practice uuid, member uuid, clients uuid[], gone uuid[], since pg_snapshot)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.change (practice_id, type, resource_id, client_id, member_id, audience, shared, repeats)
    SELECT DISTINCT ON (l.type, l.id, l.shared) practice, l.type, l.id, l.client_id, nullif(member, practice),
        CASE WHEN member = practice THEN 'limited' ELSE 'member' END, l.shared, l.repeats
    FROM (
        SELECT r.type, r.id, r.client_id, r.shared, null::xid8 AS repeats FROM public.feed_records(practice, clients) r
        UNION ALL
        SELECT c.type, c.resource_id, c.client_id, c.shared, c.xid
        FROM public.change c
        WHERE c.practice_id = practice AND c.audience = 'all' AND c.client_id IS NOT NULL
            AND (gone IS NULL OR c.client_id = ANY (gone))
            AND (since IS NULL OR (c.xid >= pg_snapshot_xmin(since) AND NOT pg_visible_in_snapshot(c.xid, since)))
    ) l ORDER BY l.type, l.id, l.shared, l.repeats DESC NULLS FIRST;
END $$"""
#: `seen`: since when the member knew what is between coaches; null: from ever.
COACHES_ONLY_V2 = """
CREATE FUNCTION feed_coaches_only(practice uuid, member uuid, gained boolean, seen pg_snapshot)
RETURNS void LANGUAGE plpgsql AS $$
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
    WHERE NOT gained AND c.practice_id = practice AND NOT c.shared
        AND (seen IS NULL OR NOT pg_visible_in_snapshot(coalesce(c.repeats, c.xid), seen))
        AND CASE
            WHEN c.member_id IS NOT NULL THEN c.member_id = member
            WHEN c.audience = 'limited' THEN true
            ELSE EXISTS (SELECT FROM public.change_reader r WHERE r.practice_id = practice
                AND r.member_id IN (member, practice) AND r.client_id IN (c.client_id, practice)
                AND (r.origin <> here OR NOT pg_visible_in_snapshot(c.xid, r.since))) END;
END $$"""
