"""Who is calling."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.access import visibility
from app.access.rights import Need, Right, Scope
from app.db import scope as db
from app.db.ledger import Doer
from app.db.scope import Actor
from app.db.vocabulary import ActorType, RecorderType
from app.kit.errors import InsufficientScope, NotAllowed


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller with a valid credential: a member of a practice, or the login of one of its clients."""

    practice_id: UUID
    role: Actor
    id: UUID
    name: str
    scopes: frozenset[Scope]
    api_key_id: UUID | None = None
    login_id: UUID | None = None
    assigned_only: bool = False

    @property
    def is_client(self) -> bool:
        """Whether the caller is a job seeker, who sees only their own search."""
        return self.role is Actor.CLIENT

    @property
    def sees_coaches_only(self) -> bool:
        """Whether interactions marked `coaches` exist for this caller (API.md, interaction.visibility)."""
        return self.role in visibility.COACHES

    @property
    def recorder(self) -> RecorderType:
        """Return what `recorded_by.type` says of this caller."""
        return RecorderType.CLIENT if self.is_client else RecorderType.MEMBER

    @property
    def mark(self) -> str:
        """Return what tells this caller from every other of the practice, whatever the credential."""
        # A member's is the bare id, as it was before clients were told apart: their retries and cursors outlive that.
        return f"client {self.id}" if self.is_client else str(self.id)

    def demand(self, right: Right) -> None:
        """Raise NotAllowed or InsufficientScope unless the caller holds `right`."""
        need: Need | None = right.value
        if need is not None:
            self.meet(need)

    def meet(self, need: Need, words: str | None = None) -> None:
        """Raise NotAllowed or InsufficientScope, in these words if any are given, unless the caller meets a need."""
        if self.role not in need.roles:
            raise NotAllowed(words)
        if self.api_key_id is not None and not need.api_keys:
            raise NotAllowed("An API key cannot do this: sign in.")
        if need.scope is not None and need.scope not in self.scopes:
            raise InsufficientScope(words or f"The credential needs the scope {need.scope}.")

    def scope(self, *, read_only: bool = False) -> db.Scope:
        """Return what the database is told about this caller."""
        return db.Scope(
            role=db.Role.TENANT,
            actor=self.role,
            practice_id=self.practice_id,
            member_id=None if self.is_client else self.id,
            client_id=self.id if self.is_client else None,
            read_only=read_only,
            assigned_only=self.assigned_only,
        )

    def doer(self, request_id: UUID | None) -> Doer:
        """Return this caller as the author of a change."""
        kind = ActorType.CLIENT if self.is_client else ActorType.MEMBER
        return Doer(kind, self.id, self.api_key_id, request_id)


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal within one request, read once: who, when, and which request."""

    principal: Principal
    now: datetime
    request_id: UUID | None = None
    #: What this request asked of the caller besides the right of its operation.
    asked: set[Need] = field(default_factory=set, compare=False, repr=False)

    def demand(self, need: Need, words: str | None = None) -> None:
        """Refuse a caller who does not meet a need that only the request itself tells of.

        It is noted, for the answer to a retry is for somebody who might still do the same (docs/adr/0012).
        """
        self.principal.meet(need, words)
        self.asked.add(need)

    @property
    def doer(self) -> Doer:
        """Return the author of whatever this request changes."""
        return self.principal.doer(self.request_id)
