"""The mapped classes of baseline (b): a class for each table, and relationships between them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import DeclarativeBase, foreign, relationship

from app.db import tables
from app.ghosting.calendar import Calendar
from app.ghosting.history import history
from app.ghosting.policy import DEFAULT_POLICY
from app.ghosting.steps import Step
from app.ghosting.timeline import Interaction as Act
from app.ghosting.timeline import Timeline
from app.ghosting.vocabulary import Kind, Stage
from app.kit.regions import public_holidays
from app.kit.zones import zone


class Base(DeclarativeBase):
    """The mapped classes."""


class Client(Base):
    __table__ = tables.client


class Company(Base):
    __table__ = tables.company


class Interaction(Base):
    __table__ = tables.interaction


class Link(Base):
    __table__ = tables.opportunity_contact


def _of(table: Any, own: str, other: str) -> Any:
    """Return the condition of a relationship: the id, within the practice."""
    mine = tables.opportunity.c
    return and_(table.c.practice_id == foreign(mine.practice_id), table.c[other] == foreign(mine[own]))


def _hangs_on(table: Any) -> Any:
    mine = tables.opportunity.c
    return and_(foreign(table.c.practice_id) == mine.practice_id, foreign(table.c.opportunity_id) == mine.id)


class Opportunity(Base):
    __table__ = tables.opportunity
    client = relationship(Client, primaryjoin=lambda: _of(tables.client, "client_id", "id"), viewonly=True)
    company = relationship(Company, primaryjoin=lambda: _of(tables.company, "company_id", "id"), viewonly=True)
    interactions = relationship(
        Interaction, primaryjoin=lambda: _hangs_on(tables.interaction), viewonly=True, uselist=True
    )
    contacts = relationship(
        Link, primaryjoin=lambda: _hangs_on(tables.opportunity_contact), viewonly=True, uselist=True
    )

    @property
    def steps(self) -> Sequence[Step]:
        """All statuses of this opportunity, computed anew."""
        acts = tuple(
            Act(
                i.id,
                Kind(i.kind),
                i.occurred_at,
                i.ends_at,
                i.arranged_at,
                i.reply_by,
                Stage(i.stage) if i.stage else None,
            )
            for i in self.interactions
            if i.voided_at is None
        )
        calendar = Calendar(zone(self.client.time_zone), public_holidays(self.client.region))
        return history(Timeline(acts, has_contact=bool(self.contacts)), DEFAULT_POLICY, calendar)
