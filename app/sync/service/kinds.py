"""The types of records that are followed; `app/main.py` lists them, since no room knows another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel

from app.access.principal import Caller
from app.db.scope import ScopedSession
from app.sync.schemas import ChangePage, Op, change_model, page_model


class Read(Protocol):
    """What a room does for this one."""

    async def __call__(self, session: ScopedSession, *, caller: Caller, ids: Sequence[UUID]) -> Mapping[UUID, Any]:
        """Return, by id, what reading each of these records answers the caller now; nothing for those not there."""
        ...


@dataclass(frozen=True)
class Kind:
    """A type of records: its name on the wire, what an answer holds, and who reads them."""

    name: str
    record: type[BaseModel]
    read: Read

    @cached_property
    def change(self) -> type[BaseModel]:
        """Return the model of a change of this type."""
        return change_model(self.name, self.record)

    def upsert(self, ident: UUID, record: Any) -> BaseModel:
        """Return the change that puts a record into a copy."""
        return self.change.model_construct(type=self.name, id=ident, op=Op.UPSERT, version=record.version, data=record)

    def remove(self, ident: UUID) -> BaseModel:
        """Return the change that takes a record out of a copy."""
        return self.change.model_construct(type=self.name, id=ident, op=Op.REMOVE, version=None, data=None)


class Kinds:
    """All types, in the order of a snapshot: what others hang on comes first."""

    def __init__(self, *kinds: Kind) -> None:
        self.of = {kind.name: kind for kind in kinds}
        self.names = tuple(self.of)
        self.page: type[ChangePage] = page_model({kind.name: kind.change for kind in kinds})

    def __getitem__(self, name: str) -> Kind:
        return self.of[name]
