"""What a token is good for, for whom, for how long, and in which database."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.access.principal import Caller, Principal
from app.access.rights import scopes_of
from app.cli import main
from app.db.scope import Actor
from app.sync.service import tokens
from tests.support import api as support
from tests.support import build
from tests.support import database as databases
from tests.support.api import Api, Clock
from tests.support.database import Database, Server
from tests.sync.device import Device, settle

Follow = Callable[[Api], Device]
DAYS = tokens.LIFE.days


def refused(api: Api, token: str) -> tuple[int, str]:
    answer = api.get("/v1/changes", params={"token": token})
    return answer.status_code, answer.json().get("code", "")


RESET, INVALID = (410, "sync-reset"), (400, "invalid-cursor")


def caller_of(api: Api) -> Caller:
    role = Actor(api.role)
    principal = Principal(uuid.UUID(api.practice_id), role, uuid.UUID(api.member_id), "", scopes_of(role))
    return Caller(principal, api.house.clock.now)


@pytest.fixture
def lasting(api: Api, database: Database) -> Api:
    """The owner, with a key that outlives the tokens of the feed."""
    database.execute("update api_key set expires_at = '2300-01-01Z' where practice_id = $1", uuid.UUID(api.practice_id))
    return api


def moved(api: Api, token: str, **where: int) -> str:
    """Return the token of another place, sealed as the service seals it."""
    signer, caller = api.house.app.state.house.signer, caller_of(api)
    place = tokens.opened(token, signer=signer, caller=caller)
    return tokens.seal(place.beyond(**{"xid": place.xid, "seq": place.seq, **where}), signer=signer, caller=caller)


@pytest.mark.parametrize("token", ["", "x", "AAAA", "*", "q3Jl-2b7cW1hYm9ydGVk", "A" * 500])
def test_what_was_never_a_token_is_refused(api: Api, token: str) -> None:
    assert refused(api, token) == INVALID


def test_the_name_that_lists_have_for_it_is_good_too(api: Api, follow: Follow) -> None:
    token = str(follow(api).token)
    assert api.ok(api.get("/v1/changes", params={"cursor": token}))["has_more"] is False
    assert api.get("/v1/changes", params={"cursor": "x"}).json()["code"] == "invalid-cursor"
    both = api.get("/v1/changes", params={"cursor": token, "token": token})
    assert (both.status_code, both.json()["errors"][0]["code"]) == (422, "exactly-one")


def test_a_token_is_for_one_caller_and_as_it_was(api: Api, stranger: Api, follow: Follow) -> None:
    token = str(follow(api).token)
    other = api.as_role("owner")
    client = api.as_client(build.client(api)["id"])
    assert [refused(who, token) for who in (stranger, other, client)] == [INVALID] * 3
    assert refused(api, token[:-1] + ("A" if token[-1] != "A" else "B")) == INVALID
    assert refused(api, str(api.get("/v1/clients", params={"limit": 1}).json()["next_cursor"])) == INVALID
    # The same person with another credential is the same caller.
    assert refused(api.signed_in(), token)[0] == 200


def test_limits_and_unknown_parameters(api: Api) -> None:
    for query in ({"limit": 0}, {"limit": 201}, {"since": "2026-01-01"}):
        assert api.get("/v1/changes", params=query).status_code == 422
    assert api.get("/v1/changes", params={"token": "A" * 4097}).status_code == 422


def test_ninety_days_without_a_word_are_too_many(lasting: Api, follow: Follow, clock: Clock) -> None:
    device = follow(lasting)
    clock.forward(days=DAYS)
    assert refused(lasting, str(device.token))[0] == 200
    clock.forward(seconds=1)
    assert refused(lasting, str(device.token)) == RESET


def test_a_device_that_keeps_looking_is_never_too_old(lasting: Api, follow: Follow, clock: Clock) -> None:
    device = follow(lasting)
    for _ in range(3):
        clock.forward(days=DAYS - 1)
        build.contact(lasting)
        device.catch_up()
    device.agrees()


def test_a_walk_that_is_never_finished_ends(lasting: Api, database: Database, clock: Clock) -> None:
    for _ in range(6):
        build.contact(lasting)
    device = Device(lasting, database, limit=1)
    for _ in range(3):
        device.page()
        clock.forward(days=DAYS // 3, seconds=1)
    # Each page made a new token, but what it stands on is as old as the first.
    assert refused(lasting, str(device.token)) == RESET


def test_a_token_from_the_future_of_the_database(api: Api, follow: Follow, database: Database) -> None:
    token = str(follow(api).token)
    ahead = int(database.value("select pg_current_xact_id()::text")) + 1_000_000
    assert refused(api, moved(api, token, xid=0))[0] == 200
    assert refused(api, moved(api, token, xid=ahead)) == RESET


@pytest.fixture
def own(server: Server, database_name: str) -> Iterator[Callable[[], str]]:
    """Return what makes copies of databases, each with the one before as its template."""
    names: list[str] = []

    def make() -> str:
        before = names[-1] if names else databases.TEMPLATE
        names.append(f"{database_name}_restored_{len(names)}")
        databases.clone(server, names[-1], before)
        return names[-1]

    yield make
    for name in names:
        databases.drop(server, name)


def test_a_copy_of_the_database_takes_no_token_of_the_original_and_tells_everything_anew(
    server: Server, own: Callable[[], str]
) -> None:
    with support.running(server.url(original := own(), "crickets_app")) as house:
        owner = support.new_practice(house)
        coach = owner.as_role("coach")
        person = build.everything(owner, "Own Example")
        device = Device(coach, Database(server.url(original)))
        device.catch_up()
    with support.running(server.url(copy := own(), "crickets_app")) as house:
        owner.house = coach.house = house
        assert refused(coach, str(device.token)) == RESET
        database = Database(server.url(copy))
        # What the reader has seen since then is in numbers of another server.
        database.execute("update change_reader set since = '9999999:9999999:'")
        again = Device(coach, database)
        again.catch_up()
        assert again.records == device.records
        owner.ok(owner.patch(f"/v1/clients/{person['clients']}", {"goals": ["Rest"]}, version=1))
        assert again.catch_up() == [("upsert", ("client", person["clients"]))]
        owner.ok(owner.patch("/v1/practice", {"coach_access": "assigned"}, version=1))
        again.catch_up()
        again.agrees()


def test_the_operator_makes_every_device_begin_again(
    server: Server,
    own: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    name = own()
    with support.running(server.url(name, "crickets_app")) as house:
        api = support.new_practice(house)
        build.client(api)
        device = Device(api, Database(server.url(name)))
        device.catch_up()
        monkeypatch.setenv("CRICKETS_DATABASE_URL", server.url(name))
        monkeypatch.setenv("CRICKETS_DATA_DIR", str(tmp_path))
        monkeypatch.delenv("CRICKETS_OWNER_DATABASE_URL", raising=False)
        assert main(["reset-sync"]) == 0
        assert "refused from now on" in capsys.readouterr().err
        assert refused(api, str(device.token)) == RESET
        again = Device(api, device.database)
        again.catch_up()
        build.client(api)
        assert len(again.catch_up()) == 1
        again.agrees()
        # As the service, it may not.
        monkeypatch.setenv("CRICKETS_DATABASE_URL", server.url(name, "crickets_app"))
        assert main(["reset-sync"]) == 1


def test_what_is_older_than_any_token_is_forgotten_a_little_at_a_time(
    api: Api, follow: Follow, database: Database
) -> None:
    for _ in range(5):
        build.contact(api)
    device, practice = follow(api), uuid.UUID(api.practice_id)

    def kept() -> int:
        return int(database.value("select count(*) from change where practice_id = $1", practice))

    everything, moment = kept(), database.value("select now()")

    def forget(days: int, at_most: int) -> int:
        then = moment + timedelta(days=days)
        database.execute("select feed_forget($1, $2, $3)", practice, then, at_most)
        return kept()

    assert forget(90, 100) == everything
    assert forget(92, 2) == everything - 2
    assert forget(92, 100) == 0
    build.contact(api)
    assert len(device.catch_up()) == 1
    device.agrees()


def test_an_interrupted_walk_goes_on_where_it_was(api: Api, database: Database) -> None:
    build.everything(api, "Own Example")
    settle(database)
    for limit in (1, 2, 3, 5):
        device = Device(api, database, limit=limit)
        while device.has_more:
            before = device.token
            first, device.token = device.page(), before
            assert device.page() == first  # the answer was lost: asked again, it is the same
        device.agrees()
        assert len(device.records) == 10
