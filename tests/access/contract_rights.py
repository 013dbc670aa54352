"""API.md sections 4 and 5, transcribed by hand: which scope and which roles each operation asks for.

Nothing here is read from the application: the matrix compares the two.
"""

from dataclasses import dataclass

OWNER, ADMIN, COACH, ASSISTANT, CLIENT = "owner", "admin", "coach", "assistant", "client"
LEADERS = frozenset({OWNER, ADMIN})
COACHES = LEADERS | {COACH}
MEMBERS = COACHES | {ASSISTANT}
EVERYBODY = MEMBERS | {CLIENT}
COACHES_AND_CLIENT = COACHES | {CLIENT}
LEADERS_AND_CLIENT = LEADERS | {CLIENT}

#: Section 5: the roles that hold a scope at all.
HOLDERS: dict[str, frozenset[str]] = {
    "practice:write": LEADERS,
    "policy:write": LEADERS,
    "members:write": LEADERS,
    "webhooks:manage": LEADERS,
    "audit:read": LEADERS,
    "policy:read": MEMBERS,
    "members:read": MEMBERS,
    "clients:read": EVERYBODY,
    "clients:write": COACHES_AND_CLIENT,
    "pipeline:read": EVERYBODY,
    "pipeline:write": EVERYBODY,
    "guidance:read": EVERYBODY,
    "guidance:write": EVERYBODY,
    "keys:manage": MEMBERS,
    "imports:write": COACHES,
    "privacy:manage": LEADERS_AND_CLIENT,
    "sync:read": EVERYBODY,
}


def scopes_of(role: str) -> frozenset[str]:
    """Return all that a role can hold."""
    return frozenset(scope for scope, roles in HOLDERS.items() if role in roles)


@dataclass(frozen=True)
class Rule:
    """What an operation asks for; `scope` None: any credential of these roles, `roles` empty: no credential at all."""

    scope: str | None = None
    roles: frozenset[str] = frozenset()
    #: "Keys cannot create keys" (section 3, api key).
    by_key: bool = True
    #: A second scope, where what is sent asks for it.
    also: str | None = None


def expected(rule: Rule, *, role: str, scopes: frozenset[str], by_key: bool) -> str | None:
    """Return the code of the refusal of a valid credential, None when it may."""
    if not rule.roles:
        return None
    if role not in rule.roles or (by_key and not rule.by_key):
        return "forbidden-role"
    needed = {scope for scope in (rule.scope, rule.also) if scope is not None}
    return None if needed <= scopes else "insufficient-scope"


PUBLIC = Rule()
#: Section 4, with the columns of section 5 and the roles of section 3 (who writes which record).
_TABLE: list[tuple[Rule, str]] = [
    (PUBLIC, "GET /livez, GET /readyz, GET /openapi.json, GET /problems/{code}, GET /v1/meta"),
    (PUBLIC, "POST /v1/auth/login, POST /v1/auth/refresh, POST /v1/auth/logout, POST /v1/auth/invitations/accept"),
    (PUBLIC, "POST /v1/auth/password/forgot, POST /v1/auth/password/reset"),
    (Rule(None, EVERYBODY), "GET /v1/me, GET /v1/practice"),
    (Rule("practice:write", LEADERS), "PATCH /v1/practice"),
    (Rule("clients:read", EVERYBODY), "GET /v1/clients, GET /v1/clients/{id}"),
    (Rule("clients:write", COACHES), "POST /v1/clients, POST /v1/clients/{id}/login, DELETE /v1/clients/{id}/login"),
    (Rule("clients:write", COACHES_AND_CLIENT), "PATCH /v1/clients/{id}"),
    (Rule("privacy:manage", LEADERS_AND_CLIENT), "GET /v1/clients/{id}/export"),
    (Rule("privacy:manage", LEADERS), "DELETE /v1/clients/{id}"),
    (Rule("pipeline:read", EVERYBODY), "GET /v1/companies, GET /v1/companies/{id}, GET /v1/contacts"),
    (Rule("pipeline:read", EVERYBODY), "GET /v1/contacts/{id}, GET /v1/opportunities, GET /v1/opportunities/{id}"),
    (Rule("pipeline:read", EVERYBODY), "GET /v1/opportunities/{id}/interactions, GET /v1/interactions/{id}"),
    (
        Rule("pipeline:read", EVERYBODY),
        "GET /v1/opportunities/{id}/assessment, GET /v1/opportunities/{id}/status-history",
    ),
    (Rule("pipeline:read", EVERYBODY), "GET /v1/queue, POST /v1/simulations"),
    (Rule("pipeline:write", COACHES), "POST /v1/companies, PATCH /v1/companies/{id}, DELETE /v1/companies/{id}"),
    (Rule("pipeline:write", COACHES), "POST /v1/contacts, PATCH /v1/contacts/{id}, DELETE /v1/contacts/{id}"),
    (Rule("pipeline:write", COACHES_AND_CLIENT), "POST /v1/opportunities, PATCH /v1/opportunities/{id}"),
    (Rule("pipeline:write", COACHES_AND_CLIENT), "DELETE /v1/opportunities/{id}, POST /v1/opportunities/{id}/restore"),
    (Rule("pipeline:write", EVERYBODY), "POST /v1/opportunities/{id}/interactions"),
    (Rule("pipeline:write", EVERYBODY), "POST /v1/opportunities/{id}/interactions/batch"),
    (Rule("pipeline:write", EVERYBODY), "PATCH /v1/interactions/{id}, DELETE /v1/interactions/{id}"),
    (
        Rule("guidance:read", EVERYBODY),
        "GET /v1/next-actions, GET /v1/next-actions/{id}, GET /v1/wins, GET /v1/wins/{id}",
    ),
    (Rule("guidance:read", EVERYBODY), "GET /v1/companies/{id}/responsiveness, GET /v1/contacts/{id}/responsiveness"),
    (Rule("guidance:read", EVERYBODY), "GET /v1/development-activities, GET /v1/development-activities/{id}"),
    (Rule("guidance:read", EVERYBODY), "GET /v1/clients/{id}/plan, GET /v1/clients/{id}/summary"),
    (Rule("guidance:read", EVERYBODY), "POST /v1/opportunities/{id}/drafts"),
    (Rule("guidance:read", EVERYBODY), "GET /v1/opportunities/{id}/timeline.svg, GET /v1/clients/{id}/search.svg"),
    (Rule("guidance:read", EVERYBODY), "POST /v1/picture-links"),
    (Rule("guidance:read", EVERYBODY), "GET /v1/opportunities/{id}/assessment/explain"),
    (Rule("guidance:read", MEMBERS), "GET /v1/radar"),
    (Rule("guidance:write", EVERYBODY), "POST /v1/next-actions, PATCH /v1/next-actions/{id}"),
    (Rule("guidance:write", EVERYBODY), "DELETE /v1/next-actions/{id}, POST /v1/next-actions/{id}/accept"),
    (Rule("guidance:write", EVERYBODY), "POST /v1/next-actions/{id}/snooze, POST /v1/next-actions/{id}/dismiss"),
    # With the interaction that its example sends along; without one it needs no more than the others.
    (Rule("guidance:write", EVERYBODY, also="pipeline:write"), "POST /v1/next-actions/{id}/done"),
    (Rule("guidance:write", EVERYBODY), "POST /v1/wins, PATCH /v1/wins/{id}, DELETE /v1/wins/{id}"),
    (Rule("guidance:write", EVERYBODY), "POST /v1/development-activities, PATCH /v1/development-activities/{id}"),
    (Rule("guidance:write", EVERYBODY), "DELETE /v1/development-activities/{id}"),
    (Rule("policy:read", MEMBERS), "GET /v1/policy, GET /v1/policy/versions, GET /v1/policy/versions/{number}"),
    (Rule("policy:write", LEADERS), "PUT /v1/policy"),
    (Rule("members:read", MEMBERS), "GET /v1/members, GET /v1/members/{id}"),
    (Rule("members:write", LEADERS), "POST /v1/members, PATCH /v1/members/{id}"),
    (Rule("members:write", LEADERS), "POST /v1/members/{id}/deactivate, POST /v1/members/{id}/invite"),
    (Rule("keys:manage", MEMBERS), "GET /v1/api-keys, GET /v1/api-keys/{id}, DELETE /v1/api-keys/{id}"),
    (Rule("keys:manage", MEMBERS), "POST /v1/api-keys/{id}/rotate"),
    (Rule("keys:manage", MEMBERS, by_key=False), "POST /v1/api-keys"),
    (Rule("audit:read", LEADERS), "GET /v1/audit-events"),
    (Rule("imports:write", COACHES), "GET /v1/imports, POST /v1/imports, GET /v1/imports/{id}"),
    (Rule("imports:write", COACHES), "GET /v1/imports/{id}/rows, POST /v1/imports/{id}/commit"),
    (Rule("imports:write", COACHES), "POST /v1/imports/{id}/undo"),
    (Rule("sync:read", EVERYBODY), "GET /v1/changes"),
]
RULES: dict[str, Rule] = {name: rule for rule, names in _TABLE for name in names.split(", ")}
