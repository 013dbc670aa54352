"""Who can be told apart by taking published numbers from one another: no combination lays bare one to three people."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.ghosting.crowd import CROWD, STRANGERS, Cell, Found, Readable, any_wait, told_apart
from app.ghosting.responsiveness import Case
from app.ghosting.vocabulary import Wait
from app.ghosting.waits import Waited
from tests.ghosting.strategies import THOROUGH

_BEGAN = datetime(2026, 3, 2, 10, tzinfo=UTC)
_OWN = "own"
_Parts = Mapping[UUID, frozenset[UUID]]


def wait(number: int, client: str, company: UUID) -> Found:
    return Found(company, UUID(int=number), Case(client, Waited(Wait.CONTACT, _BEGAN, _BEGAN.date()), date(2026, 3, 9)))


@st.composite
def practices(draw: st.DrawFn) -> tuple[list[Found], _Parts]:
    """Some groups of strangers, each with one company and the same contacts, and clients of the reader's own."""
    companies = [UUID(int=1_000 + n) for n in range(3)]
    contacts = [UUID(int=2_000 + n) for n in range(3)]
    found: list[Found] = []
    parts: dict[UUID, frozenset[UUID]] = {}
    for group in range(draw(st.integers(1, 6))):
        company = draw(st.sampled_from(companies))
        people = frozenset(draw(st.sets(st.sampled_from(contacts))))
        for n in range(draw(st.sampled_from([1, 3, 4, 5, 8]))):
            client = draw(st.sampled_from([f"{group}.{n}", f"{group}.{n}", f"0.{n}", _OWN]))
            found.append(wait(len(found), client, company))
            parts[found[-1].opportunity_id] = people
    return found, parts


def published(found: Sequence[Found], parts: _Parts) -> list[frozenset[UUID]]:
    """The opportunities behind each company's and contact's numbers that the reader gets."""
    known = frozenset({_OWN})
    sets: defaultdict[UUID, list[Found]] = defaultdict(list)
    for one in found:
        for whose in (one.company_id, *parts[one.opportunity_id]):
            sets[whose].append(one)
    people = frozenset().union(*parts.values())
    shown = []
    for whose, waits in sets.items():
        cases = [one.case for one in waits]
        cells: Sequence[Cell] = (cases,)
        if whose in people:
            cells = told_apart(found, parts, contact_id=whose, known=known)
        if Readable(cases, cells, known).allows(any_wait):
            shown.append(frozenset(one.opportunity_id for one in waits))
    return shown


@settings(THOROUGH, max_examples=200)
@given(practices())
def test_whatever_is_added_or_taken_away_is_a_crowd_or_nobody(practice: tuple[list[Found], _Parts]) -> None:
    found, parts = practice
    shown = published(found, parts)
    strangers: defaultdict[tuple[bool, ...], set[str]] = defaultdict(set)
    for one in found:
        strangers[tuple(one.opportunity_id in opportunities for opportunities in shown)].add(one.case.client)
    for where, clients in strangers.items():
        if any(where):
            assert not 0 < len(clients - {_OWN}) < STRANGERS


def test_three_may_tell_what_no_two_of_them_do() -> None:
    """A company less one contact leaves six, less the other one six too; less both it leaves a single person."""
    company, one, other = (UUID(int=1_000 + n) for n in range(3))
    found = [wait(n, str(n), company) for n in range(11)]
    parts = {UUID(int=n): frozenset({one if n < CROWD else other}) if n < 2 * CROWD else frozenset() for n in range(11)}
    assert published(found, parts) == [frozenset(UUID(int=n) for n in range(11))]
    assert len(published(found[:-1], parts)) == 3


def test_contacts_without_numbers_tell_nothing_apart() -> None:
    company, recruiter = UUID(int=1_000), UUID(int=1_001)
    found = [wait(n, str(n), company) for n in range(8)]
    each_with_their_own = {UUID(int=n): frozenset({recruiter, UUID(int=2_000 + n)}) for n in range(8)}
    assert len(published(found, each_with_their_own)) == 2
