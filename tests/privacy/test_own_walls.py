"""A client's own export holds back what is for coaches only by two walls, each of which must hold alone."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.access import visibility
from app.db.vocabulary import Visibility
from tests.privacy import canaries
from tests.privacy.canaries import Person
from tests.support import api as support
from tests.support import database as databases
from tests.support.api import Api, House
from tests.support.database import Database, Server

SECRETS = ("secret", "harsh", "open", "closed")


@pytest.fixture
def apart(server: Server, database_name: str) -> Iterator[tuple[House, Database]]:
    """An application on a database of its own, whose walls may be taken away."""
    name = f"{database_name}_export"
    databases.clone(server, name)
    try:
        with support.running(server.url(name, "crickets_app")) as house:
            yield house, Database(server.url(name))
    finally:
        databases.drop(server, name)


def without_row_level_security(database: Database) -> None:
    tables = database.fetch("select relname from pg_class where relrowsecurity")
    database.execute("; ".join(f'alter table "{t["relname"]}" disable row level security' for t in tables))


def without_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the service believe that everything may be shown to everybody."""
    honest = visibility.parameters

    def generous(session: Any) -> dict[str, Any]:
        return {**honest(session), "shown": list(Visibility)}

    monkeypatch.setattr(visibility, "parameters", generous)


def leaks(hers: Api, mara: Person) -> list[str]:
    text = hers.get(f"/v1/clients/{mara.id}/export").text
    assert f"{mara.mark}after" in text
    return [word for word in SECRETS if f"{mara.mark}{word}" in text]


def test_each_wall_holds_alone_and_with_neither_this_test_sees_the_leak(
    apart: tuple[House, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, database = apart
    api = support.new_practice(house)
    mara = canaries.settle(api)
    hers = api.as_client(mara.id)
    assert leaks(hers, mara) == []
    with monkeypatch.context() as patch:
        without_filters(patch)
        assert leaks(hers, mara) == []
    without_row_level_security(database)
    assert leaks(hers, mara) == []
    with monkeypatch.context() as patch:
        without_filters(patch)
        assert leaks(hers, mara) == list(SECRETS)
