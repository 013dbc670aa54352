"""An application that can send mail, and a second worker of the same service."""

from collections.abc import Iterator

import pytest

from tests.support import api as support
from tests.support.api import Api, Clock, House
from tests.support.database import Server
from tests.support.postbox import Postbox, open_postbox


@pytest.fixture(scope="module")
def postbox() -> Iterator[Postbox]:
    """Where the mails of `mailing` arrive."""
    with open_postbox() as box:
        yield box


@pytest.fixture(scope="module")
def _mailing_house(server: Server, database_name: str, postbox: Postbox) -> Iterator[House]:
    url = server.url(database_name, "crickets_app")
    mail = {"smtp_url": postbox.url, "mail_from": "Crickets <crickets@example.com>", "app_url": "https://app.example/"}
    with support.running(url, **mail) as house:
        yield house


@pytest.fixture
def mailing(_mailing_house: House, clock: Clock) -> Api:
    """The API as the owner of a fresh practice, where mail is configured."""
    _mailing_house.clock.now = support.NOON
    return support.new_practice(_mailing_house, "Mailing Coaching")


@pytest.fixture(scope="module")
def second_worker(server: Server, database_name: str) -> Iterator[House]:
    """Another process of the same service, as good as."""
    with support.running(server.url(database_name, "crickets_app")) as house:
        yield house
