"""docs/advice.md: every piece of the article's advice has its rule and its test, and both are there."""

import ast
import importlib
import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from uuid import UUID

import pytest

from app.coaching.catalogue import CATALOGUE, DECENT_HOURS
from app.coaching.credentials import Undertaking, credentials
from app.coaching.vocabulary import AdviceBasis
from app.db.vocabulary import ActivityKind, ActivityStatus, EmploymentStatus

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (?P<advice>[^|]+) \| `(?P<rule>[^`|]+)` \| `(?P<test>[^`|]+)` \|$", re.MULTILINE)
ROWS = [match.groupdict() for match in ROW.finditer((ROOT / "docs" / "advice.md").read_text())]
TODAY = date(2026, 3, 16)
E = EmploymentStatus
BESIDE = {"volunteer", "professional_body", "learn_free", "learn_in_a_school", "publish"}
#: For whom the article, or common sense where it is silent, has each way.
OPEN_TO = {
    E.EMPLOYED: {"stretch_assignment", "job_crafting", "write_at_work"},
    E.UNDEREMPLOYED: {"stretch_assignment", "job_crafting", "write_at_work", "mentor", *BESIDE},
    E.UNEMPLOYED: {"mentor", *BESIDE},
    E.FREELANCE: {"case_study_of_a_gig", "mentor", *BESIDE},
    E.STUDENT: BESIDE,
}


@lru_cache
def parsed(file: str) -> list[ast.stmt]:
    return ast.parse((ROOT / file).read_text()).body if (ROOT / file).is_file() else []


def defined(path: str) -> bool:
    """Say whether a test of this name is there: file, class where it is in one, function."""
    file, *names = path.split("::")
    body = parsed(file)
    for name in names:
        found = [n for n in body if isinstance(n, ast.ClassDef | ast.FunctionDef) and n.name == name]
        if not found:
            return False
        body = found[0].body
    return bool(names)


def test_the_table_is_whole() -> None:
    lines = [line for line in (ROOT / "docs" / "advice.md").read_text().splitlines() if line.startswith("| ")]
    assert len(ROWS) == len(lines) - 1 > 30
    assert len({row["advice"] for row in ROWS}) == len(ROWS)


def ruled(path: str) -> bool:
    """Say whether a rule of this name is there: module, name, key where it is one of several."""
    module, _, name = path.partition(":")
    name, _, key = name.partition("[")
    rule = getattr(importlib.import_module(module), name, None)
    return rule is not None and (not key or key.removesuffix("]") in {str(known) for known in rule})


def test_the_rule_and_the_test_are_there() -> None:
    assert [row["rule"] for row in ROWS if not ruled(row["rule"])] == []
    assert [row["test"] for row in ROWS if not defined(row["test"])] == []


def test_every_entry_that_goes_back_to_the_article_is_in_the_table() -> None:
    named = {row["rule"].partition("CATALOGUE[")[2].removesuffix("]") for row in ROWS}
    assert {entry.id for entry in CATALOGUE.values() if entry.basis is AdviceBasis.ARTICLE} <= named


@pytest.mark.parametrize("status", E)
def test_the_articles_ways_are_open_to_those_it_names(status: EmploymentStatus) -> None:
    found = {entry.id for entry in CATALOGUE.values() if status in entry.for_whom and not entry.only_after}
    assert found == OPEN_TO[status]
    shown = {
        s.entry.id for s in credentials(status, 40 if status is not E.EMPLOYED else 2, [], today=TODAY).suggestions
    }
    assert shown
    assert shown <= found


def test_an_employed_person_with_time_has_the_other_ways_too() -> None:
    busy = credentials(E.EMPLOYED, DECENT_HOURS - 1, [], today=TODAY).suggestions
    roomy = credentials(E.EMPLOYED, DECENT_HOURS, [], today=TODAY).suggestions
    assert {s.entry.id for s in busy} == OPEN_TO[E.EMPLOYED]
    assert {"volunteer", "professional_body", "learn_free"} <= {s.entry.id for s in roomy}


@pytest.mark.parametrize("status", E)
@pytest.mark.parametrize("kind", [ActivityKind.SKILL, ActivityKind.COURSE, ActivityKind.CERTIFICATION])
def test_a_finished_skill_leads_to_real_work_with_it(status: EmploymentStatus, kind: ActivityKind) -> None:
    learnt = Undertaking(UUID(int=1), kind, "T", ActivityStatus.DONE, None, TODAY, 3, TODAY)
    first = credentials(status, 8, [learnt], today=TODAY).suggestions[0]
    assert (first.entry.id, first.after) == ("real_work_with_the_skill", learnt)
    shown = Undertaking(
        UUID(int=2), ActivityKind.PORTFOLIO, "P", ActivityStatus.DONE, None, date(2026, 3, 17), 3, TODAY
    )
    after = credentials(status, 8, [learnt, shown], today=date(2026, 3, 18)).suggestions[0]
    assert (after.entry.id, after.after) == ("show_the_portfolio", shown)


def test_every_entry_says_why_it_helps_and_how_it_begins() -> None:
    for entry in CATALOGUE.values():
        assert entry.for_whom
        assert all(len(words) > 20 and words.endswith(".") for words in (entry.why, entry.first_step))
        assert 0 <= entry.hours_per_week <= 40
