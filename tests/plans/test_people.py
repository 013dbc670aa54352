"""What a coach would say, said by the service: every person of `people.py`, day by day, over HTTP."""

from typing import Any

import pytest

from tests.plans.people import ARTICLE, INVENTED, PEOPLE, Person
from tests.support import build
from tests.support.api import Api


def recorded(api: Api, person: Person) -> tuple[str, dict[str, str]]:
    """Record a person's search and return the id of the client and those of the opportunities by name."""
    client = build.client(api, employment_status=person.employment, hours_free_per_week=person.hours)["id"]
    known = build.contact(api)["id"]
    roles = {}
    for name, acts in person.roles.items():
        contacts = [] if name in person.without_contact else [known]
        made = build.opportunity(api, client, title=name, source=person.source, contact_ids=contacts)["id"]
        told = [{"kind": act[0], "occurred_at": act[1], **(act[2] if len(act) > 2 else {})} for act in acts]
        if told:
            api.ok(api.post(f"/v1/opportunities/{made}/interactions/batch", {"items": told}), 201)
        roles[name] = made
    for activity in person.activities:
        api.ok(api.post("/v1/development-activities", {"client_id": client, **activity}), 201)
    return client, roles


def at(document: Any, path: str) -> Any:
    """Look up a path of names, numbers and `*` (each of a list)."""
    head, _, rest = path.partition(".")
    if not head:
        return document
    if head == "*":
        return [at(item, rest) for item in document]
    return at(document[int(head)] if head.isdigit() else document[head], rest)


@pytest.mark.parametrize("name", PEOPLE)
def test_the_plan_and_the_actions_are_those_of_a_coach(api: Api, name: str) -> None:
    person = PEOPLE[name]
    client, roles = recorded(api, person)
    build.opportunity(api)  # somebody else's
    assert len(person.days) >= 2
    for day in person.days:
        when = {"as_of": day.as_of}
        told = {
            role: api.ok(api.get(f"/v1/opportunities/{roles[role]}/assessment", params=when))["next_action"]
            for role in day.actions
        }
        assert {role: action and action["kind"] for role, action in told.items()} == day.actions, day.as_of
        plan = api.ok(api.get(f"/v1/clients/{client}/plan", params=when))
        for path, expected in day.plan.items():
            found = at(plan, path)
            same = sorted(found) == sorted(expected) if path.endswith("wins.*.kind") else found == expected
            assert same, (day.as_of, path, found)


def test_they_are_the_articles_four_and_ten_more() -> None:
    assert (len(ARTICLE), len(INVENTED)) == (4, 10)
