"""Devices that follow the change feed."""

from collections.abc import Callable

import pytest

from tests.support.api import Api
from tests.support.database import Database
from tests.sync.device import Device


@pytest.fixture
def follow(database: Database) -> Callable[[Api], Device]:
    """Return what gives a caller a device that has caught up."""

    def begin(api: Api) -> Device:
        device = Device(api, database)
        device.catch_up()
        return device

    return begin
