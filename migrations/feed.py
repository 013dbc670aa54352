"""The change feed's functions and triggers. Append only: a released revision must mean the same for ever.

All triggers are for statements, with the rows before and after as tables: an import of thousands of rows costs a few
statements more. The functions run as the owner of the schema, whatever the caller may see; every row goes to the practice
that it came from. What several of them call is in readers.py.
"""

from collections.abc import Mapping

_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
#: A session keeps the plan of the first time: one made for an import of thousands, or for tables that nobody has analysed
#: yet, would read whole tables for a single row ever after. So records are looked up one by one, in an index: LATERAL
#: with OFFSET 0 leaves the planner no other way. What was and what is are joined by a hash, however many there are.
_PLANS = {
    "insert": "SET enable_seqscan = off",
    "update": "SET enable_seqscan = off SET enable_nestloop = off",
    "delete": "SET enable_seqscan = off",
}
#: What the bodies below stand for with a word; the longer ones first.
_WORDS = {
    "@TELL_CLIENT": "INSERT INTO public.change (practice_id, type, resource_id, client_id, audience)",
    "@TELL": "INSERT INTO public.change (practice_id, type, resource_id, client_id, shared)",
    "@SINCE": "CASE WHEN origin = public.feed_origin() THEN since END",
    # The opportunity of the row `i`, unless it is hidden.
    "@OPPORTUNITY": (
        "CROSS JOIN LATERAL (SELECT o.id, o.client_id FROM public.opportunity o WHERE o.practice_id = i.practice_id "
        "AND o.id = i.opportunity_id AND o.deleted_at IS NULL OFFSET 0) w"
    ),
    "@ITS": (
        "CROSS JOIN LATERAL (SELECT p.id, p.client_id FROM public.opportunity p WHERE p.practice_id = n.practice_id "
        "AND p.id = n.opportunity_id AND p.deleted_at IS NULL OFFSET 0) w"
    ),
    # The opportunities with the company `n`, hidden ones too.
    "@THERE": (
        "CROSS JOIN LATERAL (SELECT p.id, p.client_id, p.deleted_at FROM public.opportunity p "
        "WHERE p.practice_id = n.practice_id AND p.company_id = n.id OFFSET 0) w"
    ),
    "@BOTH": "FROM new_rows n JOIN old_rows o ON o.practice_id = n.practice_id AND o.id = n.id",
}
_RECORDED = """
    @TELL SELECT i.practice_id, 'interaction', i.id, w.client_id, i.visibility = 'shared'
    FROM @ROWS i @OPPORTUNITY;"""
_NOW_AND_THEN = """
    IF random() < 0.02 THEN
        PERFORM public.feed_forget(practice_id, now(), 500) FROM (SELECT DISTINCT practice_id FROM new_rows) p;
    END IF;"""
_LINKED = """
    @TELL_CLIENT SELECT DISTINCT i.practice_id, 'contact', i.contact_id, w.client_id, 'client'
    FROM @ROWS i @OPPORTUNITY;"""

#: What follows a statement on a table: its name and event, and the body.
BODIES_V1: Mapping[tuple[str, str], str] = {
    ("practice", "insert"): """
    INSERT INTO public.change_reader (practice_id, member_id, client_id)
    SELECT id, id, id FROM new_rows WHERE coach_access = 'practice';""",
    ("practice", "update"): """
    @TELL SELECT n.id, 'practice', n.id, null, true
    FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE o.version <> n.version;
    FOR one IN
        SELECT n.id, n.coach_access = 'practice' AS opened FROM new_rows n JOIN old_rows o ON o.id = n.id
        WHERE o.coach_access <> n.coach_access
    LOOP
        IF one.opened THEN
            INSERT INTO public.change_reader (practice_id, member_id, client_id) VALUES (one.id, one.id, one.id);
            PERFORM public.feed_gained(one.id, one.id, public.feed_everybody(one.id));
        ELSE
            DELETE FROM public.change_reader WHERE practice_id = one.id AND member_id = one.id RETURNING @SINCE INTO seen;
            PERFORM public.feed_lost(one.id, one.id, public.feed_everybody(one.id), null, seen);
        END IF;
    END LOOP;""",
    ("member", "insert"): """
    @TELL SELECT practice_id, 'member', id, null, true FROM new_rows;
    INSERT INTO public.change_reader (practice_id, member_id, client_id)
    SELECT practice_id, id, practice_id FROM new_rows WHERE role IN ('owner', 'admin');""",
    # The lock: while it is being decided what a role takes or gives, the practice stays open, or closed.
    ("member", "update"): """
    @TELL SELECT n.practice_id, 'member', n.id, null, true @BOTH WHERE o.version <> n.version;
    FOR one IN
        SELECT n.practice_id AS practice, n.id, n.role IN ('owner', 'admin') AS wide,
            o.role IN ('owner', 'admin') AS was_wide, n.role <> 'assistant' AS coaches,
            o.role <> 'assistant' AS knew_coaches
        @BOTH WHERE o.role <> n.role
    LOOP
        SELECT coach_access = 'practice' INTO open FROM public.practice WHERE id = one.practice FOR SHARE;
        IF one.wide AND NOT one.was_wide THEN
            INSERT INTO public.change_reader (practice_id, member_id, client_id)
            VALUES (one.practice, one.id, one.practice);
            IF NOT open THEN
                PERFORM public.feed_gained(one.practice, one.id, public.feed_everybody(one.practice));
            END IF;
        ELSIF one.was_wide AND NOT one.wide THEN
            DELETE FROM public.change_reader
            WHERE practice_id = one.practice AND member_id = one.id AND client_id = one.practice
            RETURNING @SINCE INTO seen;
            clients := CASE WHEN open THEN '{}' ELSE public.feed_everybody(one.practice) END;
            PERFORM public.feed_lost(one.practice, one.id, clients, null, seen);
        END IF;
        IF one.coaches <> one.knew_coaches THEN
            PERFORM public.feed_coaches_only(one.practice, one.id, one.coaches);
        END IF;
    END LOOP;""",
    ("client", "insert"): """
    @TELL SELECT practice_id, 'client', id, id, true FROM new_rows;""",
    ("client", "update"): """
    @TELL SELECT n.practice_id, 'client', n.id, n.id, true @BOTH WHERE o.version <> n.version;""",
    ("client", "delete"): """
    @TELL SELECT practice_id, 'client', id, id, true FROM old_rows;""",
    ("client_coach", "insert"): """
    INSERT INTO public.change_reader (practice_id, member_id, client_id)
    SELECT practice_id, member_id, client_id FROM new_rows ON CONFLICT DO NOTHING;
    PERFORM public.feed_gained(practice_id, member_id, array_agg(client_id)) FROM new_rows GROUP BY practice_id, member_id;""",
    ("client_coach", "delete"): """
    FOR one IN
        DELETE FROM public.change_reader r USING old_rows o
        WHERE (r.practice_id, r.member_id, r.client_id) = (o.practice_id, o.member_id, o.client_id)
        RETURNING r.practice_id AS practice, r.member_id AS member, array[r.client_id] AS clients,
            CASE WHEN r.origin = public.feed_origin() THEN r.since END AS since
    LOOP
        PERFORM public.feed_lost(one.practice, one.member, one.clients, one.clients, one.since);
    END LOOP;""",
    ("company", "insert"): """
    @TELL SELECT practice_id, 'company', id, null, true FROM new_rows;""",
    ("company", "update"): """
    @TELL SELECT n.practice_id, 'company', n.id, null, true @BOTH WHERE o.version <> n.version;
    @TELL_CLIENT SELECT DISTINCT n.practice_id, 'company', n.id, w.client_id, 'client'
    @BOTH @THERE WHERE o.version <> n.version;
    @TELL SELECT n.practice_id, 'opportunity', w.id, w.client_id, true
    @BOTH @THERE
    WHERE o.name <> n.name AND w.deleted_at IS NULL;""",
    ("company", "delete"): """
    @TELL SELECT practice_id, 'company', id, null, true FROM old_rows;""",
    ("contact", "insert"): """
    @TELL SELECT practice_id, 'contact', id, null, true FROM new_rows;""",
    ("contact", "update"): """
    @TELL SELECT n.practice_id, 'contact', n.id, null, true @BOTH WHERE o.version <> n.version;
    @TELL_CLIENT SELECT DISTINCT n.practice_id, 'contact', n.id, w.client_id, 'client'
    @BOTH CROSS JOIN LATERAL (
        SELECT p.client_id FROM public.opportunity_contact l CROSS JOIN LATERAL (
            SELECT q.client_id FROM public.opportunity q
            WHERE q.practice_id = l.practice_id AND q.id = l.opportunity_id OFFSET 0) p
        WHERE l.practice_id = n.practice_id AND l.contact_id = n.id OFFSET 0) w
    WHERE o.version <> n.version;""",
    ("contact", "delete"): """
    @TELL SELECT practice_id, 'contact', id, null, true FROM old_rows;""",
    ("opportunity", "insert"): """
    @TELL SELECT practice_id, 'opportunity', id, client_id, true FROM new_rows WHERE deleted_at IS NULL;
    @TELL_CLIENT SELECT DISTINCT practice_id, 'company', company_id, client_id, 'client'
    FROM new_rows WHERE deleted_at IS NULL;""",
    # The lock: a company that is being renamed is so before its opportunity comes back, or knows of it.
    ("opportunity", "update"): """
    PERFORM @BOTH CROSS JOIN LATERAL (
        SELECT k.id FROM public.company k WHERE k.practice_id = n.practice_id AND k.id = n.company_id
            AND n.deleted_at IS NULL AND o.deleted_at IS NOT NULL FOR KEY SHARE) held;
    @TELL SELECT n.practice_id, 'opportunity', n.id, n.client_id, true @BOTH
    WHERE o.version <> n.version AND (o.deleted_at IS NULL OR n.deleted_at IS NULL);
    @TELL_CLIENT SELECT DISTINCT n.practice_id, 'company', k.id, n.client_id, 'client'
    @BOTH CROSS JOIN LATERAL (VALUES (n.company_id), (o.company_id)) k (id)
    WHERE (o.deleted_at IS NULL) <> (n.deleted_at IS NULL) OR (o.company_id <> n.company_id AND n.deleted_at IS NULL);
    IF EXISTS (SELECT @BOTH WHERE (o.deleted_at IS NULL) <> (n.deleted_at IS NULL)) THEN
        @TELL_CLIENT SELECT DISTINCT n.practice_id, 'contact', l.contact_id, n.client_id, 'client'
        @BOTH CROSS JOIN LATERAL (SELECT q.contact_id FROM public.opportunity_contact q
            WHERE q.practice_id = n.practice_id AND q.opportunity_id = n.id OFFSET 0) l
        WHERE (o.deleted_at IS NULL) <> (n.deleted_at IS NULL);
        @TELL SELECT n.practice_id, 'interaction', i.id, n.client_id, i.visibility = 'shared'
        @BOTH CROSS JOIN LATERAL (SELECT q.id, q.visibility FROM public.interaction q
            WHERE q.practice_id = n.practice_id AND q.opportunity_id = n.id OFFSET 0) i
        WHERE (o.deleted_at IS NULL) <> (n.deleted_at IS NULL);
    END IF;""",
    ("opportunity", "delete"): """
    @TELL SELECT practice_id, 'opportunity', id, client_id, true FROM old_rows WHERE deleted_at IS NULL;
    @TELL_CLIENT SELECT DISTINCT practice_id, 'company', company_id, client_id, 'client'
    FROM old_rows WHERE deleted_at IS NULL;""",
    ("opportunity_contact", "insert"): _LINKED.replace("@ROWS", "new_rows"),
    ("opportunity_contact", "delete"): _LINKED.replace("@ROWS", "old_rows"),
    ("interaction", "insert"): _RECORDED.replace("@ROWS", "new_rows") + _NOW_AND_THEN,
    ("interaction", "update"): """
    @TELL SELECT n.practice_id, 'interaction', n.id, w.client_id, 'shared' IN (o.visibility, n.visibility)
    @BOTH @ITS WHERE o.version <> n.version;
    @TELL SELECT DISTINCT n.practice_id, 'opportunity', w.id, w.client_id, true
    @BOTH @ITS WHERE o.visibility <> n.visibility;""",
    ("interaction", "delete"): _RECORDED.replace("@ROWS", "old_rows"),
    # The steps are replaced as a whole, and an opportunity has at least one: what was before need not be looked at.
    ("ghosting_step", "insert"): """
    @TELL SELECT i.practice_id, 'opportunity', w.id, w.client_id, true
    FROM (SELECT DISTINCT practice_id, opportunity_id FROM new_rows) i @OPPORTUNITY;""",
}
_DECLARED = "DECLARE\n    one record;\n    open boolean;\n    clients uuid[];\n    seen pg_snapshot;\n"
_TRANSITIONS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}


def functions_v1(bodies: Mapping[tuple[str, str], str]) -> list[str]:
    """Return the statements that make a trigger for each body and keep its function from being called otherwise."""
    made = []
    for (table, event), body in bodies.items():
        for word, meaning in _WORDS.items():
            body = body.replace(word, meaning)  # noqa: PLW2901  # the same body, spelt out
        name = f"tell_{table}_{event}()"
        made.append(
            f"CREATE FUNCTION {name} RETURNS trigger {_HEAD} {_PLANS[event]} AS $$\n{_DECLARED}BEGIN{body}\n    RETURN NULL;\nEND $$"
        )
        made.append(f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC")
        made.append(
            f"CREATE TRIGGER tell_{event} AFTER {event.upper()} ON {table} REFERENCING {_TRANSITIONS[event]} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}"
        )
    return made
