"""The one follow-up of a silence: a second one is recorded, and told of."""

from typing import Any
from uuid import UUID

import pytest

from app.assessments import service as assessments
from app.db.scope import Actor, Role, Scope, ScopedSession
from tests.support import build
from tests.support.api import Api

# The clock stands at Monday, 2026-03-16, noon UTC.


@pytest.fixture
def opportunity(api: Api) -> str:
    made = str(build.opportunity(api)["id"])
    build.interaction(api, made, "application", "2026-03-02T10:00:00Z")
    return made


def warned(made: Any) -> list[tuple[str, str | None, str | None]]:
    return [(w["code"], w["interaction_id"], w["occurred_at"]) for w in made.get("warnings", [])]


def test_the_first_is_recorded_without_a_word(api: Api, opportunity: str) -> None:
    made = build.interaction(api, opportunity, "follow_up", "2026-03-10T10:00:00Z")
    assert "warnings" not in made
    assert api.ok(api.get(f"/v1/interactions/{made['id']}")) == made


@pytest.mark.parametrize("kind", ["follow_up", "outreach"])
@pytest.mark.parametrize("when", ["2026-03-12T10:00:00Z", "2026-03-09T10:00:00Z"])
def test_the_second_is_recorded_with_a_warning_in_whatever_order(
    api: Api, opportunity: str, kind: str, when: str
) -> None:
    first = build.interaction(api, opportunity, "follow_up", "2026-03-10T10:00:00Z")
    second = build.interaction(api, opportunity, kind, when)
    assert warned(second) == [("follow-up-used", first["id"], "2026-03-10T10:00:00.000000Z")]
    assert second["warnings"][0]["message"]
    assert "warnings" not in api.ok(api.get(f"/v1/interactions/{second['id']}"))
    assert len(api.walk(f"/v1/opportunities/{opportunity}/interactions")) == 3


def test_another_silence_takes_another_one(api: Api, opportunity: str) -> None:
    build.interaction(api, opportunity, "follow_up", "2026-03-10T10:00:00Z")
    build.interaction(api, opportunity, "employer_message", "2026-03-11T10:00:00Z")
    assert "warnings" not in build.interaction(api, opportunity, "follow_up", "2026-03-16T10:00:00Z")


def test_a_batch_warns_for_each(api: Api, opportunity: str) -> None:
    items = [{"kind": "follow_up", "occurred_at": f"2026-03-{day}T10:00:00Z"} for day in (10, 12, 14)] + [
        {"kind": "note", "occurred_at": "2026-03-15T10:00:00Z"}
    ]
    path = f"/v1/opportunities/{opportunity}/interactions/batch"
    first, second, third, note = api.ok(api.post(path, {"items": items}), 201)["items"]
    assert [found[0][1] for found in map(warned, (first, second, third))] == [second["id"], first["id"], first["id"]]
    assert "warnings" not in note
    assert "two" not in third["warnings"][0]["message"]


@pytest.mark.parametrize(
    ("was", "change"),
    [
        (("note", "2026-03-12T10:00:00Z"), {"kind": "follow_up"}),
        (("note", "2026-03-12T10:00:00Z"), {"kind": "outreach"}),
        (("follow_up", "2026-03-01T10:00:00Z"), {"occurred_at": "2026-03-12T10:00:00Z"}),
    ],
)
def test_one_that_becomes_a_second_is_warned_about_too(
    api: Api, opportunity: str, was: tuple[str, str], change: dict[str, str]
) -> None:
    first = build.interaction(api, opportunity, "follow_up", "2026-03-10T10:00:00Z")
    made = build.interaction(api, opportunity, *was)
    path = f"/v1/interactions/{made['id']}"
    assert warned(api.ok(api.patch(path, change, version=1))) == [
        ("follow-up-used", first["id"], "2026-03-10T10:00:00.000000Z")
    ]
    # Nothing of the timeline is changed, or nothing at all: nothing is said anew.
    for more, version in (({"summary": "By mail."}, 2), (change, 3)):
        assert "warnings" not in api.ok(api.patch(path, more, version=version))
    assert "warnings" not in api.ok(api.patch(path, {"kind": "note"}, version=3))


def test_what_is_for_coaches_only_is_not_named(api: Api, opportunity: str) -> None:
    build.interaction(api, opportunity, "follow_up", "2026-03-10T10:00:00Z", visibility="coaches")
    second = build.interaction(api.as_role("assistant"), opportunity, "follow_up", "2026-03-12T10:00:00Z")
    assert warned(second) == [("follow-up-used", None, None)]


def test_when_the_last_one_went_out_can_be_asked(api: Api, opportunity: str) -> None:
    """The question that a draft of another follow-up asks."""

    def sent(actor: Actor = Actor.OWNER) -> Any:
        async def ask(session: ScopedSession) -> Any:
            at = api.house.clock.now
            return await assessments.follow_up_sent(session, opportunity_id=UUID(opportunity), at=at)

        scope = Scope(Role.TENANT, actor, UUID(api.practice_id), UUID(api.member_id))
        return api.house.within(scope, ask)

    assert sent() is None
    made = build.interaction(api, opportunity, "follow_up", "2026-03-10T10:00:00Z", visibility="coaches")
    assert (str(sent().interaction_id), sent().occurred_at.isoformat()) == (made["id"], "2026-03-10T10:00:00+00:00")
    assert sent(Actor.ASSISTANT) == assessments.SentFollowUp(None, None)
    build.interaction(api, opportunity, "employer_message", "2026-03-11T10:00:00Z")
    assert sent() is None
