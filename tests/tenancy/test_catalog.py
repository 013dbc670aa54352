"""The rules of tenancy, read from the catalogue of a migrated database (ARCHITECTURE.md section 6)."""

from typing import Any

import pytest

from app.db.base import metadata
from tests.support.api import Api
from tests.support.database import Database, Server, with_connection

#: A credential, or the address of one, is looked up before a tenant is known, by app_auth.
INDEXES_BEHIND_THE_AUTH_DOOR = {
    "ix_api_key_key_hash",
    "ix_invitation_token_hash",
    "ix_login_email_key",
    "ix_login_token_token_hash",
    "ix_password_reset_token_hash",
}
#: Functions that run with the rights of their owner, each with a fixed search_path; nothing else may.
SECURITY_DEFINERS: set[str] = {
    "admit_caller",
    "chain_audit_event",
    "enqueue_job",
    "practice_waits",
    "rate_count_account",
    "rate_count_caller",
    "rate_count_visitor",
    # What the change feed is written by, whoever makes the change (migration 0013).
    "tell_client_delete",
    "tell_client_insert",
    "tell_client_update",
    "tell_client_coach_delete",
    "tell_client_coach_insert",
    "tell_company_delete",
    "tell_company_insert",
    "tell_company_update",
    "tell_contact_delete",
    "tell_contact_insert",
    "tell_contact_update",
    "tell_ghosting_step_insert",
    "tell_interaction_delete",
    "tell_interaction_insert",
    "tell_interaction_update",
    "tell_member_insert",
    "tell_member_update",
    "tell_opportunity_delete",
    "tell_opportunity_insert",
    "tell_opportunity_update",
    "tell_opportunity_contact_delete",
    "tell_opportunity_contact_insert",
    "tell_practice_insert",
    "tell_practice_update",
    # Since migration 0017.
    "tell_activity_opportunity_delete",
    "tell_activity_opportunity_insert",
    "tell_development_activity_delete",
    "tell_development_activity_insert",
    "tell_development_activity_update",
    "tell_next_action_delete",
    "tell_next_action_insert",
    "tell_next_action_update",
    "tell_win_delete",
    "tell_win_insert",
    "tell_win_update",
}

TENANT_TABLES = sorted(name for name, table in metadata.tables.items() if "practice_id" in table.c)


@pytest.fixture(scope="module")
def columns_first(database: Database) -> list[dict[str, Any]]:
    return database.fetch(
        "select c.relname as name, t.relname as on_table, i.indisprimary, i.indisunique, a.attname as first "
        "from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid "
        "join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0] where t.relname = any($1)",
        TENANT_TABLES,
    )


def test_every_table_with_a_practice_is_known_here(database: Database) -> None:
    found = database.fetch(
        "select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid "
        "where a.attname = 'practice_id' and c.relkind in ('r', 'p') and a.attnotnull"
    )
    assert sorted(row["name"] for row in found) == TENANT_TABLES


def test_keys_and_indexes_lead_with_the_practice(columns_first: list[dict[str, Any]]) -> None:
    assert {row["on_table"] for row in columns_first if row["indisprimary"]} == set(TENANT_TABLES)
    strays = {row["name"] for row in columns_first if row["first"] != "practice_id"}
    assert strays == INDEXES_BEHIND_THE_AUTH_DOOR
    assert not [row for row in columns_first if row["name"] in strays and row["indisunique"]]


@pytest.mark.parametrize("table", [*TENANT_TABLES, "practice"])
def test_row_level_security_is_on_and_binds_the_owner_too(database: Database, table: str) -> None:
    row = database.fetch("select relrowsecurity, relforcerowsecurity from pg_class where relname = $1", table)[0]
    assert row == {"relrowsecurity": True, "relforcerowsecurity": True}


def test_the_planner_takes_no_practice_for_a_small_one(database: Database) -> None:
    kept = database.fetch(
        "select c.relname from pg_attribute a join pg_class c on c.oid = a.attrelid "
        "where a.attname = 'practice_id' and c.relname = any($1) and a.attstattarget is distinct from 0",
        TENANT_TABLES,
    )
    assert not kept


@pytest.mark.parametrize("table", [*TENANT_TABLES, "practice"])
def test_one_restrictive_policy_holds_the_practice_and_permissive_ones_open_it(database: Database, table: str) -> None:
    policies = database.fetch(
        "select policyname, permissive, qual, with_check, cmd from pg_policies "
        "where tablename = $1 and 'app_tenant' = any(roles)",
        table,
    )
    walls = [p for p in policies if p["permissive"] == "RESTRICTIVE" and "current_practice()" in (p["qual"] or "")]
    assert len(walls) == 1
    assert walls[0]["cmd"] == "ALL"
    assert "current_practice()" in walls[0]["with_check"]
    assert [p for p in policies if p["permissive"] == "PERMISSIVE"]


def test_foreign_keys_carry_the_practice(database: Database) -> None:
    keys = database.fetch(
        "select c.conname as name, c.confrelid::regclass::text as target, "
        "array(select a.attname::text from unnest(c.conkey) k join pg_attribute a "
        "on a.attrelid = c.conrelid and a.attnum = k) as columns "
        "from pg_constraint c join pg_class t on t.oid = c.conrelid where c.contype = 'f' and t.relname = any($1)",
        TENANT_TABLES,
    )
    assert keys
    for key in keys:
        assert "practice_id" in key["columns"], key
        assert key["target"] == "practice" or len(key["columns"]) > 1, key


def test_no_view_and_no_unlisted_definer_bypasses_the_walls(database: Database) -> None:
    owned = "join pg_namespace n on n.oid = {}.{} where n.nspname = 'public'"
    views = database.fetch(
        f"select c.relname from pg_class c {owned.format('c', 'relnamespace')} and c.relkind in ('v', 'm') "
        "and not coalesce(c.reloptions @> array['security_invoker=true'], false)"
    )
    assert not views
    definers = database.fetch(
        f"select p.proname as name, p.proconfig from pg_proc p {owned.format('p', 'pronamespace')} and p.prosecdef"
    )
    assert {row["name"] for row in definers} <= SECURITY_DEFINERS
    for row in definers:
        assert any(setting.startswith("search_path=") for setting in row["proconfig"] or []), row


def test_grants_name_verbs_and_the_audit_log_only_grows(database: Database) -> None:
    grants = database.fetch(
        "select grantee, table_name, privilege_type as verb from information_schema.role_table_grants "
        "where table_schema = 'public' "
        "and grantee in ('PUBLIC', 'app_tenant', 'app_auth', 'app_worker', 'crickets_app')"
    )
    assert not [g for g in grants if g["verb"] in {"TRUNCATE", "REFERENCES", "TRIGGER"}]
    assert not [g for g in grants if g["grantee"] in {"PUBLIC", "crickets_app"}]
    assert {g["verb"] for g in grants if g["table_name"] == "audit_event"} == {"INSERT", "SELECT"}
    assert {g["verb"] for g in grants if g["table_name"] in {"audit_link", "audit_head"}} == {"SELECT"}
    assert not [g for g in grants if g["table_name"] == "rate_window"]  # functions count, and nobody else
    tenant_tables = {g["table_name"] for g in grants if g["grantee"] == "app_worker"} & set(TENANT_TABLES)
    assert not tenant_tables


def test_the_service_login_is_poor(database: Database) -> None:
    login = database.fetch(
        "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolinherit from pg_roles "
        "where rolname = 'crickets_app'"
    )[0]
    assert not any(login.values())
    assert database.value("select count(*) from pg_class where pg_get_userbyid(relowner) = 'crickets_app'") == 0
    doors = database.fetch(
        "select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.roleid "
        "join pg_roles u on u.oid = m.member where u.rolname = 'crickets_app'"
    )
    assert {row["rolname"] for row in doors} == {"app_tenant", "app_auth", "app_worker"}


def test_without_a_scope_there_is_nothing_to_see(api: Api, server: Server, database_name: str) -> None:
    async def look(connection: Any) -> dict[str, int]:
        await connection.execute("set role app_tenant")
        return {t: await connection.fetchval(f'select count(*) from "{t}"') for t in [*TENANT_TABLES, "practice"]}

    assert api.ok(api.get("/v1/practice"))["id"] == api.practice_id  # so there is something to hide
    counts = with_connection(server.url(database_name, "crickets_app"), look)
    assert set(counts.values()) == {0}


def test_personal_columns_are_tagged() -> None:
    expected = {
        "client": {"name", "email", "goals"},
        "contact": {"name", "email", "phone", "notes", "profile_url"},
        "interaction": {"summary"},
        "next_action": {"title", "dismiss_reason"},
        "action_decision": {"dismiss_reason"},
        "win": {"title", "note"},
        "development_activity": {"title", "evidence_url", "credential", "notes"},
        "login": {"email", "email_key"},
        "member": {"name", "email"},
    }
    for table, columns in expected.items():
        tagged = {c.name for c in metadata.tables[table].c if c.info.get("personal")}
        assert columns <= tagged
