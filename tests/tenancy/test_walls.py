"""Two practices, two walls: row level security and the service's own filters, each of which must hold alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support import api as support
from tests.support import build
from tests.support.api import Api
from tests.support.database import Server
from tests.tenancy.walls import CANARY, WALLS, leaks, standing, take_down


@dataclass(frozen=True)
class World:
    """A practice with one of everything, and a stranger with a practice of their own."""

    owner: Api
    stranger: Api
    own: dict[str, str]


def world(server: Server, walls: str) -> Iterator[World]:
    with standing(server) as (house, database):
        owner, stranger = support.new_practice(house), support.new_practice(house, "Other")
        owner.made = build.everything(owner, CANARY)
        made = World(owner, stranger, build.everything(stranger, "Own Example"))
        take_down(house, database, walls)
        yield made


@pytest.fixture(scope="module", params=WALLS)
def walled(server: Server, request: pytest.FixtureRequest) -> Iterator[World]:
    yield from world(server, request.param)


@pytest.fixture
def bare(server: Server) -> Iterator[World]:
    yield from world(server, "none")


def references(world: World) -> list[str]:
    """List the bodies in which the stranger could name one of the owner's records."""
    made, mine = world.owner.made, world.own["clients"]
    opportunity = {"title": "T", "kind": "permanent", "source": "applied"}
    tries = [
        ("/v1/opportunities", {**opportunity, "client_id": made["clients"], "company_name": "X"}),
        ("/v1/opportunities", {**opportunity, "client_id": mine, "company_id": made["companies"]}),
        (
            "/v1/opportunities",
            {**opportunity, "client_id": mine, "company_name": "Y", "contact_ids": [made["contacts"]]},
        ),
        ("/v1/contacts", {"name": "N", "role": "other", "company_id": made["companies"]}),
        (
            f"/v1/opportunities/{world.own['opportunities']}/interactions",
            {"kind": "note", "occurred_at": "2026-03-01T00:00:00Z", "contact_id": made["contacts"]},
        ),
        (
            "/v1/clients",
            {"name": "N", "time_zone": "UTC", "employment_status": "student", "coach_ids": [world.owner.member_id]},
        ),
        ("/v1/imports", {"client_id": made["clients"], "content": "company,title\nA,B\n"}),
        *((path, body) for _, path, body in build.guided(made["clients"], None)),
        *((path, body) for _, path, body in build.guided(mine, made["opportunities"])),
    ]
    answers = [(path, world.stranger.post(path, body)) for path, body in tries]
    return [
        path
        for path, answer in answers
        if (answer.status_code, answer.json().get("code")) != (422, "unknown-reference")
    ]


def test_a_stranger_cannot_tell_another_practices_records_from_missing_ones(walled: World) -> None:
    owner = walled.owner
    assert len(owner.made) >= 6
    assert leaks(walled.stranger, owner.made, coach_id=owner.member_id) == []
    assert references(walled) == []
    for kind, target in owner.made.items():
        assert owner.get(f"/v1/{kind}/{target}").status_code == 200, f"{kind} was changed by a stranger"


def test_with_both_walls_away_this_test_sees_the_leak(bare: World) -> None:
    found = leaks(bare.stranger, bare.owner.made, coach_id=bare.owner.member_id)
    assert "GET /v1/clients/{id}" in found
    assert "GET /v1/clients" in found
    assert len(found) > 10
