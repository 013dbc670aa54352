"""Who may do what, as data: a pure table, deny by default (API.md section 5).

An operation declares one `Right`. A right names the scope that the credential must hold and the roles that may use it;
the same scope can stand behind several rights, since an assistant's `pipeline:write` reaches interactions only.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum

from app.db.scope import Actor


class Scope(StrEnum):
    """The scopes a credential can hold."""

    PRACTICE_WRITE = "practice:write"
    POLICY_READ = "policy:read"
    POLICY_WRITE = "policy:write"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    WEBHOOKS_MANAGE = "webhooks:manage"
    AUDIT_READ = "audit:read"
    CLIENTS_READ = "clients:read"
    CLIENTS_WRITE = "clients:write"
    PIPELINE_READ = "pipeline:read"
    PIPELINE_WRITE = "pipeline:write"
    GUIDANCE_READ = "guidance:read"
    GUIDANCE_WRITE = "guidance:write"
    KEYS_MANAGE = "keys:manage"
    IMPORTS_WRITE = "imports:write"
    PRIVACY_MANAGE = "privacy:manage"
    SYNC_READ = "sync:read"


_LEADERS = frozenset({Actor.OWNER, Actor.ADMIN})
_COACHES = _LEADERS | {Actor.COACH}
_MEMBERS = _COACHES | {Actor.ASSISTANT}
_ALL = _MEMBERS | {Actor.CLIENT}

#: Which roles a scope can be given to at all.
HOLDERS: dict[Scope, frozenset[Actor]] = {
    Scope.PRACTICE_WRITE: _LEADERS,
    Scope.POLICY_READ: _MEMBERS,
    Scope.POLICY_WRITE: _LEADERS,
    Scope.MEMBERS_READ: _MEMBERS,
    Scope.MEMBERS_WRITE: _LEADERS,
    Scope.WEBHOOKS_MANAGE: _LEADERS,
    Scope.AUDIT_READ: _LEADERS,
    Scope.CLIENTS_READ: _ALL,
    Scope.CLIENTS_WRITE: _COACHES | {Actor.CLIENT},
    Scope.PIPELINE_READ: _ALL,
    Scope.PIPELINE_WRITE: _ALL,
    Scope.GUIDANCE_READ: _ALL,
    Scope.GUIDANCE_WRITE: _ALL,
    Scope.KEYS_MANAGE: _MEMBERS,
    Scope.IMPORTS_WRITE: _COACHES,
    Scope.PRIVACY_MANAGE: _LEADERS | {Actor.CLIENT},
    Scope.SYNC_READ: _ALL,
}


@dataclass(frozen=True, slots=True)
class Need:
    """What a right asks of a caller: the scope (None: any valid credential), the role, and perhaps no API key."""

    scope: Scope | None
    roles: frozenset[Actor]
    api_keys: bool = True


#: What only an owner may do, whatever the operation.
OWNING = Need(None, frozenset({Actor.OWNER}))


def holding(scope: Scope) -> Need:
    """Return what is asked of a caller who must hold a scope, in whatever role."""
    return Need(scope, _ALL)


class Right(Enum):
    """What an operation does, in the words of API.md sections 3 and 5."""

    PUBLIC = None
    SIGNED_IN = Need(None, _ALL)
    READ_CLIENTS = Need(Scope.CLIENTS_READ, _ALL)
    CREATE_CLIENTS = Need(Scope.CLIENTS_WRITE, _COACHES)
    CHANGE_CLIENTS = Need(Scope.CLIENTS_WRITE, _COACHES | {Actor.CLIENT})
    READ_PIPELINE = Need(Scope.PIPELINE_READ, _ALL)
    WRITE_COMPANIES = Need(Scope.PIPELINE_WRITE, _COACHES)
    WRITE_OPPORTUNITIES = Need(Scope.PIPELINE_WRITE, _COACHES | {Actor.CLIENT})
    WRITE_INTERACTIONS = Need(Scope.PIPELINE_WRITE, _ALL)
    READ_GUIDANCE = Need(Scope.GUIDANCE_READ, _ALL)
    READ_CASELOAD = Need(Scope.GUIDANCE_READ, _MEMBERS)
    WRITE_GUIDANCE = Need(Scope.GUIDANCE_WRITE, _ALL)
    READ_POLICY = Need(Scope.POLICY_READ, _MEMBERS)
    WRITE_POLICY = Need(Scope.POLICY_WRITE, _LEADERS)
    WRITE_IMPORTS = Need(Scope.IMPORTS_WRITE, _COACHES)
    WRITE_PRACTICE = Need(Scope.PRACTICE_WRITE, _LEADERS)
    READ_MEMBERS = Need(Scope.MEMBERS_READ, _MEMBERS)
    WRITE_MEMBERS = Need(Scope.MEMBERS_WRITE, _LEADERS)
    # Whoever takes clients on may give them a login.
    INVITE_CLIENTS = CREATE_CLIENTS
    MANAGE_KEYS = Need(Scope.KEYS_MANAGE, _MEMBERS)
    CREATE_KEYS = Need(Scope.KEYS_MANAGE, _MEMBERS, api_keys=False)
    READ_AUDIT = Need(Scope.AUDIT_READ, _LEADERS)
    EXPORT_CLIENTS = Need(Scope.PRIVACY_MANAGE, _LEADERS | {Actor.CLIENT})
    ERASE_CLIENTS = Need(Scope.PRIVACY_MANAGE, _LEADERS)
    FOLLOW_CHANGES = Need(Scope.SYNC_READ, _ALL)


def scopes_of(role: Actor) -> frozenset[Scope]:
    """Return every scope that `role` can hold."""
    return frozenset(scope for scope, holders in HOLDERS.items() if role in holders)
