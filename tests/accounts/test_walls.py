"""Members, invitations and logins of one practice do not exist for another, whichever wall stands alone."""

import uuid

import pytest

from tests.support import api as support
from tests.support import doors
from tests.support.database import Server
from tests.tenancy.walls import CANARY, WALLS, leaks, standing, take_down


@pytest.mark.parametrize("walls", WALLS)
def test_a_strangers_members_are_neither_told_nor_touched(server: Server, walls: str) -> None:
    with standing(server) as (house, database):
        owner, stranger = support.new_practice(house), support.new_practice(house, "Other")
        member, made = doors.as_member(owner, name=CANARY)
        client, login = doors.as_client(owner, name=CANARY)
        take_down(house, database, walls)
        hidden = {"members": made["id"], "clients": login["client_id"]}
        assert leaks(stranger, hidden, coach_id=owner.member_id) == []
        body = {"name": "Twin", "email": made["email"], "role": "coach"}
        assert stranger.post("/v1/members", body).status_code == 201, "an address is taken in its practice only"
        assert doors.works(member)
        assert doors.works(client)


def test_with_both_walls_away_this_test_sees_the_leak(server: Server) -> None:
    with standing(server) as (house, database):
        owner, stranger = support.new_practice(house), support.new_practice(house, "Other")
        hidden = {"members": doors.invite(owner, name=CANARY)["id"]}
        take_down(house, database, "none")
        found = leaks(stranger, hidden, coach_id=str(uuid.uuid4()))
        assert {"GET /v1/members", "GET /v1/members/{id}"} <= set(found)
