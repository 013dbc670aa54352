"""Trees leave as their models would write them, to the byte: over all that rows can hold."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from asyncpg.pgproto.pgproto import UUID as DriversUUID  # noqa: N811  # a class of its own
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from app.assessments import service as assessments
from app.assessments.schemas import AssessmentOut, AssessmentSummary
from app.db.vocabulary import OpportunityKind, OpportunitySource
from app.ghosting.calendar import Calendar
from app.ghosting.experience import Experiences
from app.ghosting.observed import Observed
from app.ghosting.vocabulary import ActionKind, GhostKind, Outcome, ReasonCode, Source, Stage, Status, Wait
from app.ghosting.waits import Waited
from app.guidance.schemas import QueueItem, QueuePage
from app.guidance.service.work import NO_COUNTS
from app.guidance.service.work import present as item
from app.kit.fields import Id, Instant, instant_text
from app.kit.schema import Out
from app.kit.shapes import ShapeError, Tree, shape_of
from app.kit.zones import zone
from app.opportunities.schemas import OpportunityOut, OpportunityPage
from app.opportunities.service.views import present

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
WORDS = ('Zoë "Q" \\ / \x7f', "Ünïcode \u2028 😀", "a\tb\nc\x01", "", "<&'>")


class Rows:
    """Rows as the driver gives them, of anything that the columns allow."""

    def __init__(self, seed: int) -> None:
        self.any = random.Random(seed)  # noqa: S311  # the same rows each time

    def id(self) -> UUID:
        found: UUID = DriversUUID(str(UUID(int=self.any.getrandbits(128), version=4)))
        return found

    def instant(self) -> datetime:
        micros = self.any.choice((0, 0, 1, 500_000, 999_999))
        return NOW + timedelta(
            days=self.any.randrange(-900, 900), seconds=self.any.randrange(86_400), microseconds=micros
        )

    def day(self) -> date:
        return NOW.date() + timedelta(days=self.any.randrange(-400, 400))

    def maybe(self, found: Any) -> Any:
        return self.any.choice((found, None))

    def one(self, kinds: Any) -> str:
        return str(self.any.choice(list(kinds)).value)

    def step(self, status: Status) -> dict[str, Any]:
        action = self.any.random() < 0.8
        wait = self.maybe(self.one(Wait))
        return {
            "starts_at": self.instant(),
            "ends_at": self.maybe(self.instant()),
            "status_since": self.maybe(self.instant()),
            "status_until": self.maybe(self.instant()),
            "was_ghosted": self.any.random() < 0.5,
            "status": status.value,
            "stage": self.one(Stage),
            "outcome": self.maybe(self.one(Outcome)),
            "wait": wait,
            "silent_since": self.instant() if wait else None,
            "silent_on": self.day() if wait else None,
            "follow_up_used": self.any.random() < 0.5,
            "opens_on": self.maybe(self.day()),
            "closes_on": self.maybe(self.day()),
            "ghosted_on": self.maybe(self.day()),
            "reply_by": self.maybe(self.day()),
            "ghost_kind": self.maybe(self.one(GhostKind)),
            "action_kind": self.one(ActionKind) if action else None,
            "action_due_on": self.maybe(self.day()) if action else None,
            "action_key": f"{self.one(ActionKind)}:{self.id()}" if action else None,
            "action_interaction_ids": [self.id() for _ in range(self.any.randrange(3))] if action else None,
            "action_alternative": self.maybe(self.one(ActionKind)) if action else None,
            "action_source": self.one(Source) if action else None,
            "reasons": [
                {
                    "code": self.one(ReasonCode),
                    "interaction_ids": [str(self.id()) for _ in range(self.any.randrange(3))],
                }
                for _ in range(self.any.randrange(4))
            ],
            "rules_version": self.any.randrange(1, 9),
        }

    def opportunity(self, status: Status) -> Any:
        money = self.any.choice((None, 0, 1, 2**53 - 1))
        return {
            **self.step(status),
            **{name: self.id() for name in ("id", "client_id", "company_id")},
            **{name: self.any.choice(WORDS) for name in ("company_name", "title")},
            **{name: self.maybe(self.any.choice(WORDS)) for name in ("url", "location", "requisition_id")},
            "kind": self.one(OpportunityKind),
            "source": self.one(OpportunitySource),
            "salary_min": money,
            "salary_max": money,
            "currency": self.maybe("EUR"),
            "contact_ids": [self.id() for _ in range(self.any.randrange(3))],
            "last_activity_at": self.maybe(self.instant()),
            "version": self.any.randrange(1, 2**31),
            "created_at": self.instant(),
            "updated_at": self.instant(),
            "stage_now": self.one(Stage),
            "outcome_now": self.maybe(self.one(Outcome)),
            "time_zone": self.any.choice(("UTC", "Europe/Berlin", "Asia/Kathmandu")),
        }

    def work(self, status: Status) -> Any:
        by_hand = self.any.random() < 0.3
        on_none = by_hand and self.any.random() < 0.5
        row = {**self.step(status), "id": None if on_none else self.id(), "status": None if on_none else status.value}
        if not by_hand and row["action_kind"] is None:
            return self.work(status)
        return {
            **row,
            "title": self.any.choice(WORDS),
            "company_name": self.any.choice(WORDS),
            "client_id": self.id(),
            "client_name": self.any.choice(WORDS),
            "today": self.day(),
            "bucket": 7 if by_hand else self.any.randrange(1, 8),
            "due": self.day().isoformat() if by_hand else self.any.choice((self.day().isoformat(), "infinity")),
            "action_id": self.id(),
            "task": self.any.choice(WORDS) if by_hand else None,
        }


def rows_of_each(times: int) -> Iterator[tuple[Rows, Status]]:
    for seed in range(times):
        for status in Status:
            yield Rows(seed * 100 + list(Status).index(status)), status


def learnt() -> Experiences:
    calendar = Calendar(zone("Europe/Berlin"), frozenset())
    began = NOW - timedelta(days=40)
    waited = Waited(Wait.APPLICATION, began, calendar.local_date(began), None, None, None, None)
    return Experiences().replaced({"a": [Observed("a", "b", calendar, waited)] * 9}, now=NOW)


def demand_same(tree: Tree, model: type[BaseModel]) -> None:
    assert list(tree) == list(model.model_fields)
    written = model.__pydantic_serializer__.to_json(model.model_validate(tree))
    assert shape_of(model).write(tree) == written


def test_opportunities_leave_as_their_model_writes_them() -> None:
    seen = learnt()
    for rows, status in rows_of_each(40):
        demand_same(present(rows.opportunity(status), as_of=rows.instant(), learnt=seen), OpportunityOut)


def test_pages_do() -> None:
    items = [present(rows.opportunity(status), as_of=NOW, learnt=learnt()) for rows, status in rows_of_each(2)]
    demand_same(shape_of(OpportunityPage).whole(next_cursor=None, items=items), OpportunityPage)
    demand_same(shape_of(OpportunityPage).whole(items=[], next_cursor="x"), OpportunityPage)


def test_verdicts_do() -> None:
    for rows, status in rows_of_each(40):
        row = rows.opportunity(status)
        tree = assessments.verdict(
            assessments.step_of(row),
            opportunity_id=rows.id(),
            as_of=rows.instant(),
            today=rows.day(),
            policy_version=row["rules_version"],
            outlook=assessments.summary(row, as_of=NOW, time_zone="UTC", learnt=learnt())["outlook"],
        )
        demand_same(tree, AssessmentOut)
        demand_same(assessments.summary(row, as_of=NOW, time_zone="UTC", learnt=learnt()), AssessmentSummary)


def test_the_queue_does() -> None:
    items = []
    for rank, (rows, status) in enumerate(rows_of_each(40), 1):
        row = rows.work(status)
        demand_same(item(row, rank=rank, choose=list), QueueItem)
        items.append(item(row, rank=rank, choose=list))
    page = shape_of(QueuePage).whole(as_of=NOW, items=items, next_cursor=None, counts={**NO_COUNTS, "waiting": 3})
    demand_same(page, QueuePage)


class Moment(Out):
    at: Instant


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9)), zone("Asia/Kathmandu")])))
def test_instants_are_written_as_everywhere(moment: datetime) -> None:
    try:
        text = instant_text(moment)
    except OverflowError:
        return
    assert shape_of(Moment).write({"at": moment}) == b'{"at":"' + text.encode() + b'"}'


class Odd(Out):
    what: bytes


class Torn(Out):
    """Two kinds of parts, in which other fields would have to be written."""

    part: Moment | AssessmentSummary


class Part(Out):
    id: Id


@pytest.mark.parametrize("model", [Odd, Torn])
def test_a_model_that_no_tree_can_follow_is_told_at_once(model: type[BaseModel]) -> None:
    with pytest.raises(ShapeError):
        shape_of(model)


def test_the_drivers_own_ids_are_ids() -> None:
    ident = Rows(1).id()
    assert shape_of(Part).write({"id": ident}) == b'{"id":"' + str(ident).encode() + b'"}'
